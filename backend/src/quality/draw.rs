//! Which decisions are drawn: told by a secret seed that was committed to beforehand, so that nobody can know when they
//! decide, and everybody can check when the seed is revealed.

use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::RngExt as _;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Bytes of a seed.
const SEED_BYTES: usize = 32;

/// What a decision is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draw {
    /// Somebody else judges the same text again.
    Sample,
    /// A text whose outcome is known comes to the desk.
    Golden,
}

impl Draw {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Sample, Self::Golden];

    /// As stored, and as it goes into the draw.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sample => "sample",
            Self::Golden => "golden",
        }
    }
}

/// A new secret seed.
pub fn new_seed() -> Vec<u8> {
    rand::rng().random::<[u8; SEED_BYTES]>().to_vec()
}

/// What is recorded of a seed before it is used: SHA-256 in hex.
pub fn commitment(seed: &[u8]) -> String {
    hex::encode(Sha256::digest(seed))
}

/// Whether the decision on this item is drawn, where so many of a hundred are: the first eight bytes of
/// HMAC-SHA256(seed, word of the draw, line feed, item) as a share of all that eight bytes can be.
pub fn is_drawn(seed: &[u8], draw: Draw, item: Uuid, share_percent: i64) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(seed) else {
        return false;
    };
    mac.update(format!("{}\n{item}", draw.word()).as_bytes());
    let digest = mac.finalize().into_bytes();
    let first = digest.first_chunk::<8>().copied().unwrap_or_default();
    let share = u128::try_from(share_percent).unwrap_or(0);
    u128::from(u64::from_be_bytes(first)) * 100 < share << 64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_met_and_the_same_seed_draws_the_same() {
        let seed = [7; SEED_BYTES];
        let items: Vec<Uuid> = (0..20_000).map(Uuid::from_u128).collect();
        let drawn = |draw, share| {
            let wanted = |item: &&Uuid| is_drawn(&seed, draw, **item, share);
            items.iter().filter(wanted).copied().collect::<Vec<_>>()
        };
        let few = drawn(Draw::Sample, 5);
        // 5 % of 20,000 and four standard deviations.
        assert!((877..1_123).contains(&few.len()), "{}", few.len());
        assert_eq!(few, drawn(Draw::Sample, 5));
        assert!(drawn(Draw::Sample, 20).starts_with(&few[..1]));
        assert_ne!(few, drawn(Draw::Golden, 5));
        assert_eq!(drawn(Draw::Sample, 0).len(), 0);
        assert_eq!(drawn(Draw::Sample, 100).len(), items.len());
    }

    /// Computed with another implementation, so that an inspector's comes to the same.
    #[test]
    fn a_draw_is_the_one_that_anybody_computes() {
        let item: Uuid = "01930000-0000-7000-8000-000000000001".parse().unwrap();
        let seed: Vec<u8> = (0..32).collect();
        assert_eq!(
            commitment(&seed),
            "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"
        );
        let lowest = (1..=100).find(|share| is_drawn(&seed, Draw::Sample, item, *share));
        assert_eq!(lowest, Some(57));
    }
}
