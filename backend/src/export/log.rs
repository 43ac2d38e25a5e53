//! The log in the bundle: leaves, records, inclusion proofs, checkpoints.

use std::collections::{BTreeMap, HashSet};

use sea_orm::DatabaseTransaction;
use serde_json::{Value, json};
use uuid::Uuid;

use super::spool::{Spool, Spooled};
use super::{ExportError, report};
use crate::audit::merkle::{Frontier, Hash, ProofPlan};
use crate::audit::store::{Checkpoint, checkpoints, sealed_from};
use crate::identity::reveal;

/// Rows fetched at a time.
const PAGE: u64 = 2_000;

/// What came out of writing the log.
pub struct Log {
    /// The files.
    pub files: Vec<Spooled>,
    /// The records as rows of the report.
    pub rows: Spooled,
    /// Records in scope.
    pub records: u64,
    /// The newest checkpoint.
    pub checkpoint: Checkpoint,
    /// The commitments to names in the records, with the accounts they belong to.
    pub commitments: BTreeMap<String, Uuid>,
}

/// Which records are shown, beside the leaf hash of every record.
pub struct Reach {
    /// Records of these communities.
    pub communities: HashSet<Uuid>,
    /// Records of no community, if these people caused them, or the server itself.
    pub people: HashSet<Uuid>,
}

impl Reach {
    fn shows(&self, community: Option<Uuid>, record: &Value) -> bool {
        match community {
            Some(id) => self.communities.contains(&id),
            None => record
                .pointer("/actor/id")
                .and_then(Value::as_str)
                .and_then(|id| id.parse().ok())
                .is_none_or(|id| self.people.contains(&id)),
        }
    }
}

/// Writes the log down, with the records within reach; all of them where it is not given.
pub async fn write(on: &DatabaseTransaction, reach: Option<&Reach>) -> Result<Log, ExportError> {
    let mut leaves = Spool::new("leaves.txt")?;
    let mut records = Spool::new("records.jsonl")?;
    let mut rows = Spool::new("records")?;
    let mut commitments = BTreeMap::new();
    let mut tree = Levels::default();
    let mut in_scope = Vec::new();
    loop {
        let page = sealed_from(on, tree.size(), PAGE).await?;
        if page.is_empty() {
            break;
        }
        let mut shown = Vec::new();
        for sealed in page {
            let index = tree.size();
            tree.push(sealed.leaf_hash);
            leaves.text(&format!("{}\n", hex::encode(sealed.leaf_hash)))?;
            let record: Value = serde_json::from_str(&sealed.body).map_err(|_| {
                ExportError::Damaged(format!("the record of leaf {index} is no JSON"))
            })?;
            if reach.is_none_or(|reach| reach.shows(sealed.community, &record)) {
                records.row(&json!({"leaf_index": index, "record": record}))?;
                in_scope.push(index);
                shown.push((index, record));
            }
        }
        let named: Vec<String> = shown
            .iter()
            .filter_map(|(_, record)| {
                record
                    .pointer("/actor/name_commitment")?
                    .as_str()
                    .map(str::to_owned)
            })
            .collect();
        let names = reveal(on, &named).await?;
        for (index, record) in shown {
            let commitment = record
                .pointer("/actor/name_commitment")
                .and_then(Value::as_str);
            let account = record
                .pointer("/actor/id")
                .and_then(Value::as_str)
                .and_then(|id| id.parse().ok());
            if let (Some(commitment), Some(account)) = (commitment, account) {
                commitments.insert(commitment.to_owned(), account);
            }
            let name = commitment
                .and_then(|commitment| names.get(commitment))
                .map(|name| name.name.as_str());
            rows.text(&report::record_row(index, name, &record))?;
        }
    }

    let size = tree.size();
    let mut proofs = Spool::new("inclusion-proofs.jsonl")?;
    for index in &in_scope {
        let hashes = ProofPlan::inclusion(*index, size)?
            .hashes(|place| tree.at(place.level, place.index))?;
        let hashes: Vec<String> = hashes.iter().map(hex::encode).collect();
        proofs.row(&json!({"hashes": hashes, "leaf_index": index, "tree_size": size}))?;
    }

    let mut notes = Spool::new("checkpoints.jsonl")?;
    let mut last: Option<Checkpoint> = None;
    loop {
        let page = checkpoints(on, last.as_ref().map_or(0, |last| last.size), PAGE).await?;
        if page.is_empty() {
            break;
        }
        for checkpoint in page {
            notes.row(&json!({"note": checkpoint.note, "signed_at": checkpoint.signed_at, "size": checkpoint.size}))?;
            last = Some(checkpoint);
        }
    }
    let checkpoint =
        last.ok_or_else(|| ExportError::Damaged("there is no checkpoint".to_owned()))?;
    Ok(Log {
        files: vec![leaves.end()?, records.end()?, proofs.end()?, notes.end()?],
        rows: rows.end()?,
        records: in_scope.len() as u64,
        checkpoint,
        commitments,
    })
}

/// All complete nodes of the tree, by level.
#[derive(Default)]
struct Levels {
    edge: Frontier,
    levels: Vec<Vec<Hash>>,
}

impl Levels {
    fn size(&self) -> u64 {
        self.edge.size()
    }

    fn push(&mut self, leaf: Hash) {
        for (level, node) in self.edge.append(leaf).into_iter().enumerate() {
            match self.levels.get_mut(level) {
                Some(nodes) => nodes.push(node.hash),
                None => self.levels.push(vec![node.hash]),
            }
        }
    }

    fn at(&self, level: u8, index: u64) -> Option<Hash> {
        self.levels
            .get(usize::from(level))?
            .get(usize::try_from(index).ok()?)
            .copied()
    }
}
