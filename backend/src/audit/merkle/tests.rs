//! Against the vectors of certificate transparency, and RFC 6962 word for word.

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
        let root = Frontier::restore(size, |place| nodes.get(&place).copied()).map(|f| f.root());
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
    let root = |size| Frontier::restore(size, |place| nodes.get(&place).copied()).map(|f| f.root());
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
