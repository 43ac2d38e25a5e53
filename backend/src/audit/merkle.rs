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
mod tests {
    use super::*;
    use std::collections::HashMap;

    /// The eight inputs that every implementation of certificate transparency is tried with.
    const INPUTS: [&str; 8] = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    const ROOTS: [&str; 9] = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    fn leaves() -> Vec<Hash> {
        INPUTS
            .iter()
            .map(|input| leaf_hash(&hex::decode(input).unwrap_or_default()))
            .collect()
    }

    fn stored(count: u64) -> HashMap<Place, Hash> {
        let mut frontier = Frontier::default();
        (0..count)
            .flat_map(|n| frontier.append(leaf_hash(&n.to_be_bytes())))
            .map(|node| (node.place, node.hash))
            .collect()
    }

    /// `MTH(D[n])` word for word from RFC 6962 section 2.1.
    fn root_by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => *one,
            many => {
                let (left, right) = many.split_at(many.len().next_power_of_two() / 2);
                node_hash(&root_by_definition(left), &root_by_definition(right))
            }
        }
    }

    #[test]
    fn roots_are_those_of_the_known_vectors() {
        let mut frontier = Frontier::default();
        let mut roots = vec![hex::encode(frontier.root())];
        for leaf in leaves() {
            frontier.append(leaf);
            roots.push(hex::encode(frontier.root()));
        }
        assert_eq!(roots, ROOTS);
    }

    #[test]
    fn proofs_are_those_of_the_known_vectors() {
        let mut frontier = Frontier::default();
        let nodes: HashMap<Place, Hash> = leaves()
            .into_iter()
            .flat_map(|leaf| frontier.append(leaf))
            .map(|node| (node.place, node.hash))
            .collect();
        let hashes = |plan: Result<ProofPlan, ProofError>| -> Vec<String> {
            plan.and_then(|plan| plan.hashes(|place| nodes.get(&place).copied()))
                .map(|hashes| hashes.iter().map(hex::encode).collect())
                .unwrap_or_default()
        };
        assert_eq!(
            hashes(ProofPlan::inclusion(0, 8)),
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ]
        );
        assert_eq!(
            hashes(ProofPlan::inclusion(5, 8)),
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
        assert_eq!(
            hashes(ProofPlan::consistency(6, 8)),
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
        assert_eq!(
            hashes(ProofPlan::consistency(1, 8)),
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ]
        );
    }

    #[test]
    fn a_restored_frontier_goes_on_as_if_it_had_never_stopped() {
        let leaves: Vec<Hash> = (0..70_u64).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        let nodes = stored(70);
        for size in 0..70 {
            let mut frontier =
                Frontier::restore(size, |place| nodes.get(&place).copied()).unwrap_or_default();
            assert_eq!(frontier.size(), size);
            let seen = leaves
                .get(..=usize::try_from(size).unwrap_or_default())
                .unwrap_or_default();
            frontier.append(seen.last().copied().unwrap_or_default());
            assert_eq!(frontier.root(), root_by_definition(seen), "size {size}");
        }
    }

    #[test]
    fn every_inclusion_proof_leads_from_the_leaf_to_the_root() {
        let nodes = stored(40);
        for size in 1..=40_u64 {
            let root =
                Frontier::restore(size, |place| nodes.get(&place).copied()).map(|f| f.root());
            for index in 0..size {
                let plan = ProofPlan::inclusion(index, size);
                let hashes = plan
                    .and_then(|plan| plan.hashes(|place| nodes.get(&place).copied()))
                    .unwrap_or_default();
                // RFC 9162 section 2.1.3.2.
                let (mut fnode, mut snode, mut hash) =
                    (index, size - 1, leaf_hash(&index.to_be_bytes()));
                for sibling in &hashes {
                    if fnode % 2 == 1 || fnode == snode {
                        hash = node_hash(sibling, &hash);
                        while fnode % 2 == 0 && fnode != 0 {
                            fnode /= 2;
                            snode /= 2;
                        }
                    } else {
                        hash = node_hash(&hash, sibling);
                    }
                    fnode /= 2;
                    snode /= 2;
                }
                assert_eq!(
                    (snode, Ok(hash)),
                    (0, root.clone()),
                    "leaf {index} of {size}"
                );
            }
        }
    }

    #[test]
    fn every_consistency_proof_leads_from_the_old_root_to_the_new_one() {
        let nodes = stored(40);
        let root =
            |size| Frontier::restore(size, |place| nodes.get(&place).copied()).map(|f| f.root());
        for new in 2..=40_u64 {
            for old in 1..new {
                let plan = ProofPlan::consistency(old, new);
                let mut hashes = plan
                    .and_then(|plan| plan.hashes(|place| nodes.get(&place).copied()))
                    .unwrap_or_default();
                // RFC 9162 section 2.1.4.2.
                if old.is_power_of_two() {
                    hashes.splice(0..0, root(old));
                }
                let (mut fnode, mut snode) = (old - 1, new - 1);
                while fnode % 2 == 1 {
                    fnode /= 2;
                    snode /= 2;
                }
                let mut rest = hashes.into_iter();
                let first = rest.next().unwrap_or_default();
                let (mut old_root, mut new_root) = (first, first);
                for hash in rest {
                    if fnode % 2 == 1 || fnode == snode {
                        old_root = node_hash(&hash, &old_root);
                        new_root = node_hash(&hash, &new_root);
                        while fnode % 2 == 0 && fnode != 0 {
                            fnode /= 2;
                            snode /= 2;
                        }
                    } else {
                        new_root = node_hash(&new_root, &hash);
                    }
                    fnode /= 2;
                    snode /= 2;
                }
                assert_eq!(
                    (snode, Ok(old_root), Ok(new_root)),
                    (0, root(old), root(new)),
                    "{old} to {new}"
                );
            }
        }
    }

    #[test]
    fn a_position_outside_the_tree_and_a_missing_node_are_refused() {
        assert_eq!(
            ProofPlan::inclusion(8, 8),
            Err(ProofError::OutOfRange {
                position: 8,
                size: 8
            })
        );
        assert_eq!(
            ProofPlan::consistency(9, 8),
            Err(ProofError::OutOfRange {
                position: 9,
                size: 8
            })
        );
        let missing = ProofPlan::inclusion(0, 2).and_then(|plan| plan.hashes(|_| None));
        assert_eq!(
            missing,
            Err(ProofError::MissingNode(Place { level: 0, index: 1 }))
        );
    }
}
