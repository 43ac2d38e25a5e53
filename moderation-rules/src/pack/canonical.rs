//! The identity of a rule set: a hash over what the packs say, not over how they are laid out.

use sha2::{Digest, Sha256};
use toml::Value;

use super::format::Pack;
use crate::terminology::Terms;

/// SHA-256 over the canonical content of all packs and terminologies in order, in lower-case hexadecimal. Comments, blank lines and
/// the order of keys do not count; the order of packs, of rules and of words does.
pub(super) fn hash(packs: &[Pack], terms: &Terms) -> String {
    let mut hasher = Sha256::new();
    for pack in packs {
        let mut text = String::new();
        write(&Value::Table(pack.table.clone()), &mut text);
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text.as_bytes());
    }
    for terminology in terms.all() {
        hasher.update(terminology.hash().as_bytes());
    }
    hasher
        .finalize()
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Table(table) => {
            let mut keys: Vec<&String> = table.keys().collect();
            keys.sort_unstable();
            out.push('{');
            for key in keys {
                string(key, out);
                out.push(':');
                if let Some(value) = table.get(key) {
                    write(value, out);
                }
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                write(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::String(text) => string(text, out),
        other => out.push_str(&other.to_string()),
    }
}

/// The length goes first, so that no text can imitate the structure around it.
fn string(text: &str, out: &mut String) {
    out.push_str(&text.len().to_string());
    out.push('"');
    out.push_str(text);
}
