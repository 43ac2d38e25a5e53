//! The Merkle tree of the audit log: RFC 6962 section 2.1 with SHA-256.
//!
//! A leaf is `SHA-256(0x00 || record)`, a node `SHA-256(0x01 || left || right)`. A *complete* node at level `l` and
//! index `i` covers exactly the leaves `[i·2^l, (i+1)·2^l)` and, once written, never changes; the sealer stores each
//! one when it is completed, and every root and proof of every tree size is then a matter of O(log n) stored nodes.

use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// The place of a complete node: it covers the leaves from `index << level` on, `1 << level` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub level: u8,
    pub index: u64,
}

/// A complete node, as the sealer stores it. Level 0 is the leaf hash itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    pub place: Place,
    pub hash: Hash,
}

/// A proof could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf or the older tree does not lie within the tree.
    #[error("there is no position {position} in a tree of {size} leaves")]
    OutOfRange { position: u64, size: u64 },
    /// The log's stored nodes are not complete: verify the database.
    #[error("the stored tree lacks the node at level {} index {}", .0.level, .0.index)]
    MissingNode(Place),
}

/// `SHA-256(0x00 || record)`.
#[must_use]
pub fn leaf_hash(record: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(record)
        .finalize()
        .into()
}

/// `SHA-256(0x01 || left || right)`.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The right edge of a tree: all that must be known of it to append to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// The roots of the largest complete subtrees, left to right: one for each one-bit of `size`.
    peaks: Vec<Node>,
}

impl Frontier {
    /// Where the peaks of a tree of `size` leaves are stored, left to right.
    #[must_use]
    pub fn places(size: u64) -> Vec<Place> {
        complete_places(0, size)
    }

    /// The frontier of a tree of `size` leaves, from the store.
    ///
    /// # Errors
    /// [`ProofError::MissingNode`] if `stored` does not know one of [`Frontier::places`].
    pub fn restore(size: u64, stored: impl Fn(Place) -> Option<Hash>) -> Result<Self, ProofError> {
        let peaks = Self::places(size)
            .into_iter()
            .map(|place| {
                stored(place)
                    .map(|hash| Node { place, hash })
                    .ok_or(ProofError::MissingNode(place))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { size, peaks })
    }

    /// Leaves in the tree.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf and gives the nodes which it completed, the leaf itself first.
    pub fn append(&mut self, leaf: Hash) -> Vec<Node> {
        let mut node = Node {
            place: Place {
                level: 0,
                index: self.size,
            },
            hash: leaf,
        };
        let mut completed = vec![node];
        while let Some(left) = self
            .peaks
            .pop_if(|peak| peak.place.level == node.place.level)
        {
            node = Node {
                place: Place {
                    level: node.place.level + 1,
                    index: node.place.index / 2,
                },
                hash: node_hash(&left.hash, &node.hash),
            };
            completed.push(node);
        }
        self.peaks.push(node);
        self.size += 1;
        completed
    }

    /// The root of the tree; of the empty tree the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        fold(self.peaks.iter().map(|peak| peak.hash).collect())
            .unwrap_or_else(|| Sha256::digest([]).into())
    }
}

/// What a proof is made of: ranges of leaves whose roots, in this order, are its hashes.
///
/// The places to fetch are known before any hash is, so that a store can be asked for them all in one query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofPlan {
    ranges: Vec<(u64, u64)>,
}

impl ProofPlan {
    /// `PATH(index, D[size])` of RFC 6962 section 2.1.1.
    ///
    /// # Errors
    /// [`ProofError::OutOfRange`] unless `index < size`.
    pub fn inclusion(index: u64, size: u64) -> Result<Self, ProofError> {
        if index >= size {
            return Err(ProofError::OutOfRange {
                position: index,
                size,
            });
        }
        let (mut low, mut high) = (0, size);
        let mut ranges = Vec::new();
        while high - low > 1 {
            let middle = low + split(high - low);
            if index < middle {
                ranges.push((middle, high));
                high = middle;
            } else {
                ranges.push((low, middle));
                low = middle;
            }
        }
        ranges.reverse();
        Ok(Self { ranges })
    }

    /// `PROOF(old, D[new])` of RFC 6962 section 2.1.2. It is empty where `old` is 0 or equals `new`.
    ///
    /// # Errors
    /// [`ProofError::OutOfRange`] unless `old <= new`.
    pub fn consistency(old: u64, new: u64) -> Result<Self, ProofError> {
        if old > new {
            return Err(ProofError::OutOfRange {
                position: old,
                size: new,
            });
        }
        let mut ranges = Vec::new();
        if old == 0 || old == new {
            return Ok(Self { ranges });
        }
        let (mut low, mut high) = (0, new);
        // Down to the subtree that ends where the old tree ended.
        while high != old {
            let middle = low + split(high - low);
            if old <= middle {
                ranges.push((middle, high));
                high = middle;
            } else {
                ranges.push((low, middle));
                low = middle;
            }
        }
        // If that subtree is the whole old tree, the old root is its hash and is known to the one who asks.
        if low != 0 {
            ranges.push((low, high));
        }
        ranges.reverse();
        Ok(Self { ranges })
    }

    /// The stored nodes the proof needs.
    #[must_use]
    pub fn places(&self) -> Vec<Place> {
        self.ranges
            .iter()
            .flat_map(|(low, high)| complete_places(*low, *high))
            .collect()
    }

    /// The hashes of the proof.
    ///
    /// # Errors
    /// [`ProofError::MissingNode`] if `stored` does not know one of [`ProofPlan::places`].
    pub fn hashes(&self, stored: impl Fn(Place) -> Option<Hash>) -> Result<Vec<Hash>, ProofError> {
        let mut hashes = Vec::with_capacity(self.ranges.len());
        for (low, high) in &self.ranges {
            let mut peaks = Vec::new();
            for place in complete_places(*low, *high) {
                peaks.push(stored(place).ok_or(ProofError::MissingNode(place))?);
            }
            hashes.extend(fold(peaks));
        }
        Ok(hashes)
    }
}

/// The largest power of two below `count`, which is at least 2.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// The complete nodes that together cover `[low, high)`, left to right. `low` must be the left edge of a subtree as
/// large as the range, as it is for every range in an RFC 6962 tree.
fn complete_places(low: u64, high: u64) -> Vec<Place> {
    let mut places = Vec::new();
    let mut from = low;
    while from < high {
        let level = (high - from).ilog2();
        places.push(Place {
            level: u8::try_from(level).unwrap_or(u8::MAX),
            index: from >> level,
        });
        from += 1 << level;
    }
    places
}

/// Peaks, left to right, into the root of the range they cover; none for an empty range.
fn fold(peaks: Vec<Hash>) -> Option<Hash> {
    peaks
        .into_iter()
        .rev()
        .reduce(|right, left| node_hash(&left, &right))
}

#[cfg(test)]
mod tests;
