//! The Merkle tree of RFC 6962, from the checking side.

use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// The SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// `SHA-256(0x00 || record)`.
pub fn leaf(record: &str) -> Hash {
    Sha256::new_with_prefix([0])
        .chain_update(record)
        .finalize()
        .into()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// Takes leaves one by one and tells the root at any moment.
#[derive(Debug, Default)]
pub struct Tree {
    size: u64,
    /// The roots of the perfect subtrees, largest first, one for each one-bit of `size`.
    subtrees: Vec<Hash>,
}

impl Tree {
    /// The tree with one leaf more.
    pub fn push(&mut self, leaf: Hash) {
        let mut root = leaf;
        // As many subtrees close as the old size has one-bits at its end.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.subtrees.pop() {
                root = node(&left, &root);
            }
        }
        self.subtrees.push(root);
        self.size += 1;
    }

    /// Leaves so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root so far.
    pub fn root(&self) -> Hash {
        let mut from_the_right = self.subtrees.iter().rev();
        match from_the_right.next() {
            None => sha256(&[]),
            Some(last) => from_the_right.fold(*last, |right, left| node(left, &right)),
        }
    }
}

/// Whether `path` leads from this leaf to this root: RFC 9162 section 2.1.3.2.
pub fn is_included(leaf: Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut place, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if place % 2 == 1 || place == last {
            hash = node(sibling, &hash);
            while place % 2 == 0 && place != 0 {
                place /= 2;
                last /= 2;
            }
        } else {
            hash = node(&hash, sibling);
        }
        place /= 2;
        last /= 2;
    }
    last == 0 && hash == *root
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The inputs that every implementation of certificate transparency is tried with, and its roots.
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

    #[test]
    fn roots_are_those_of_the_known_vectors() {
        let mut tree = Tree::default();
        let mut roots = vec![hex::encode(tree.root())];
        for input in INPUTS {
            let bytes = hex::decode(input).unwrap_or_default();
            tree.push(leaf(std::str::from_utf8(&bytes).unwrap_or("not UTF-8")));
            roots.push(hex::encode(tree.root()));
        }
        assert_eq!(roots, ROOTS);
    }

    #[test]
    fn the_known_path_leads_to_the_root_and_no_other_does() {
        let path: Vec<Hash> = [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
        .iter()
        .filter_map(|text| hex::decode(text).ok()?.try_into().ok())
        .collect();
        let root: Hash = ROOTS
            .last()
            .and_then(|root| hex::decode(root).ok()?.try_into().ok())
            .unwrap_or_default();
        let sixth = leaf("@ABC");
        assert!(is_included(sixth, 5, 8, &path, &root));
        assert!(!is_included(sixth, 4, 8, &path, &root));
        assert!(!is_included(sixth, 5, 6, &path, &root));
        assert!(!is_included(leaf("@ABD"), 5, 8, &path, &root));
        assert!(!is_included(
            sixth,
            5,
            8,
            path.get(..2).unwrap_or_default(),
            &root
        ));
        assert!(!is_included(sixth, 8, 8, &path, &root));
    }
}
