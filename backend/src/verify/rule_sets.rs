//! The packs of the rule sets that screenings name, and the hash that names a rule set.

use std::collections::{BTreeMap, HashSet};

use sha2::{Digest, Sha256};
use toml::Value;

use super::Report;
use super::archive::{Archive, Entry};
use super::fault::Fault;

/// Begins the name of rules that could not be read: every text that met them was held for a person. What there was of
/// them is in the bundle, but has no hash that could be recomputed.
pub const UNREADABLE: &str = "unreadable-";

/// Checks that the packs at `rule-sets/<hash>/<place>-<name>.toml` have the hash of their folder; gives the hashes.
pub fn check(archive: &Archive<'_>, report: &mut Report) -> Result<HashSet<String>, Fault> {
    let mut sets: BTreeMap<&str, Vec<&Entry<'_>>> = BTreeMap::new();
    // The archive is sorted by name, so the packs of a set come in the order of their places.
    for entry in archive.entries() {
        let Some(path) = entry.name.strip_prefix("rule-sets/") else {
            continue;
        };
        let (hash, file) = path
            .split_once('/')
            .ok_or_else(|| entry.fault("the file lies in no rule set"))?;
        file.strip_suffix(".toml")
            .and_then(|file| file.split_once('-'))
            .filter(|(place, name)| {
                place.len() == 2
                    && place.bytes().all(|byte| byte.is_ascii_digit())
                    && !name.is_empty()
            })
            .ok_or_else(|| {
                entry.fault("a pack is called <place>-<name>.toml, with two digits for the place")
            })?;
        sets.entry(hash).or_default().push(entry);
    }
    sets.retain(|hash, _| !hash.starts_with(UNREADABLE));
    for (hash, packs) in &sets {
        let computed = hash_of(packs)?;
        if computed != *hash {
            return Err(Fault {
                file: format!("rule-sets/{hash}"),
                line: None,
                offset: packs.first().map(|pack| pack.offset),
                what: format!(
                    "the packs have the hash {computed}, which is not the one of their folder"
                ),
            });
        }
    }
    report.passed(sets.len() as u64, "rule sets have their hash");
    Ok(sets.into_keys().map(str::to_owned).collect())
}

/// SHA-256 over, for each pack in order, the length of its canonical text as 64-bit big-endian and that text. Comments
/// and layout do not count: they cannot change a verdict. Of a terminology only its own hash counts: its names belong to
/// whoever licensed them and are not in the bundle.
fn hash_of(packs: &[&Entry<'_>]) -> Result<String, Fault> {
    let mut digest = Sha256::new();
    for pack in packs {
        let text =
            std::str::from_utf8(pack.content).map_err(|_| pack.fault("the pack is not UTF-8"))?;
        let table: toml::Table = toml::from_str(text)
            .map_err(|cause| pack.fault(format!("the pack is not TOML: {}", cause.message())))?;
        if let Some(terminology) = table.get("terminology") {
            let hash = terminology.get("sha256").and_then(Value::as_str);
            let hash = hash.filter(|hash| hex::decode(hash).is_ok_and(|bytes| bytes.len() == 32));
            digest.update(hash.ok_or_else(|| pack.fault("the terminology has no `sha256`"))?);
            continue;
        }
        let canonical = canonical(&Value::Table(table));
        digest.update((canonical.len() as u64).to_be_bytes());
        digest.update(canonical);
    }
    Ok(hex::encode(digest.finalize()))
}

/// Texts and keys as `<bytes>"<text>`, tables as `{key:value,…}` by key, lists as `[value,…]`, others as TOML has them.
fn canonical(value: &Value) -> String {
    match value {
        Value::String(text) => counted(text),
        Value::Array(items) => format!(
            "[{}]",
            items
                .iter()
                .map(|item| canonical(item) + ",")
                .collect::<String>()
        ),
        Value::Table(members) => {
            let sorted: BTreeMap<_, _> = members.iter().collect();
            let members = sorted
                .into_iter()
                .map(|(key, member)| format!("{}:{},", counted(key), canonical(member)));
            format!("{{{}}}", members.collect::<String>())
        }
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {
            value.to_string()
        }
    }
}

fn counted(text: &str) -> String {
    format!("{}\"{text}", text.len())
}
