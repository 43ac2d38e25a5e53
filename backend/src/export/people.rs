//! The printed names behind the commitments in the records.

use std::collections::{BTreeMap, HashMap};

use sea_orm::DatabaseTransaction;
use serde_json::json;
use uuid::Uuid;

use super::ExportError;
use super::spool::{Spool, Spooled};
use crate::identity::reveal;

/// The names in a bundle.
pub struct People {
    /// `people.jsonl`.
    pub file: Spooled,
    /// How many names and erased names there are.
    pub count: u64,
    /// The name that an account had last, as far as the records in scope tell.
    names: HashMap<Uuid, String>,
}

impl People {
    /// The printed name of an account, or its identifier where the name was erased.
    pub fn name(&self, account: Uuid) -> String {
        self.names
            .get(&account)
            .cloned()
            .unwrap_or_else(|| account.to_string())
    }
}

/// Writes the names down; those that were erased without name and salt.
pub async fn write(
    on: &DatabaseTransaction,
    commitments: &BTreeMap<String, Uuid>,
) -> Result<People, ExportError> {
    let mut file = Spool::new("people.jsonl")?;
    let mut names = HashMap::new();
    let wanted: Vec<String> = commitments.keys().cloned().collect();
    let revealed = reveal(on, &wanted).await?;
    for (commitment, account) in commitments {
        let name = revealed.get(commitment);
        file.row(&json!({
            "account": account,
            "commitment": commitment,
            "name": name.map(|name| &name.name),
            "salt": name.map(|name| &name.salt),
        }))?;
        if let Some(name) = name {
            names.insert(*account, name.name.clone());
        }
    }
    Ok(People {
        file: file.end()?,
        count: commitments.len() as u64,
        names,
    })
}
