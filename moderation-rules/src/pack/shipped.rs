//! The packs that come with the engine, in the order of their names: the order in which a folder is read and packs are
//! hashed.

use super::PackSource;

macro_rules! pack {
    ($name:literal) => {
        PackSource {
            name: $name,
            toml: include_str!(concat!("../../packs/", $name)),
        }
    };
}

/// The embedded packs.
pub(crate) const SHIPPED: &[PackSource<'static>] = &[
    pack!("adverse-event-clinical.toml"),
    pack!("adverse-event-product.toml"),
    pack!("adverse-event-story.toml"),
    pack!("adverse-event.toml"),
    pack!("claims-en.toml"),
    pack!("clinical-terms-en.toml"),
    pack!("commerce.toml"),
    pack!("conduct-respect.toml"),
    pack!("conduct-safety.toml"),
    pack!("conduct.toml"),
    pack!("devices.toml"),
    pack!("fair-balance.toml"),
    pack!("language-en.toml"),
    pack!("lay-terms-en.toml"),
    pack!("medicines-en.toml"),
    pack!("names-en.toml"),
    pack!("off-label.toml"),
    pack!("places-en.toml"),
    pack!("privacy-dates.toml"),
    pack!("privacy-names.toml"),
    pack!("privacy-numbers.toml"),
    pack!("privacy-places.toml"),
    pack!("privacy.toml"),
    pack!("promotion-eu-uk.toml"),
    pack!("seriousness.toml"),
    pack!("special-situations.toml"),
    pack!("terms-en.toml"),
];
