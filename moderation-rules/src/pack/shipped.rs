//! The packs that come with the engine, in the order of their names: the order in which a folder is read and packs are
//! hashed.

use super::PackSource;

/// The embedded packs.
pub(crate) const SHIPPED: [PackSource<'static>; 7] = [
    PackSource {
        name: "adverse-event.toml",
        toml: include_str!("../../packs/adverse-event.toml"),
    },
    PackSource {
        name: "conduct.toml",
        toml: include_str!("../../packs/conduct.toml"),
    },
    PackSource {
        name: "fair-balance.toml",
        toml: include_str!("../../packs/fair-balance.toml"),
    },
    PackSource {
        name: "language-en.toml",
        toml: include_str!("../../packs/language-en.toml"),
    },
    PackSource {
        name: "off-label.toml",
        toml: include_str!("../../packs/off-label.toml"),
    },
    PackSource {
        name: "privacy.toml",
        toml: include_str!("../../packs/privacy.toml"),
    },
    PackSource {
        name: "terms-en.toml",
        toml: include_str!("../../packs/terms-en.toml"),
    },
];
