//! The identity of a rule set: a hash over what the packs say, not over how they are laid out.

use sha2::{Digest, Sha256};
use toml::Value;
use toml::de::{DeTable, DeValue};

use super::format::Pack;
use crate::terminology::Terms;

/// SHA-256 over the canonical content of all packs and terminologies in order, in lower-case hexadecimal. Comments, blank lines and
/// the order of keys do not count; the order of packs, of rules and of words does.
pub(super) fn hash(packs: &[Pack], terms: &Terms) -> String {
    let mut hasher = Sha256::new();
    for pack in packs {
        hasher.update((pack.canonical.len() as u64).to_be_bytes());
        hasher.update(pack.canonical.as_bytes());
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

/// What a pack says, with its keys in order and without its layout.
pub(super) fn text(table: &DeTable<'_>) -> String {
    let mut out = String::new();
    write_table(table, &mut out);
    out
}

fn write_table(table: &DeTable<'_>, out: &mut String) {
    let mut entries: Vec<(&str, &DeValue<'_>)> = table
        .iter()
        .map(|(key, value)| (key.get_ref().as_ref(), value.get_ref()))
        .collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    out.push('{');
    for (key, value) in entries {
        string(key, out);
        out.push(':');
        write(value, out);
        out.push(',');
    }
    out.push('}');
}

fn write(value: &DeValue<'_>, out: &mut String) {
    match value {
        DeValue::Table(table) => write_table(table, out),
        DeValue::Array(items) => {
            out.push('[');
            for item in items.iter() {
                write(item.get_ref(), out);
                out.push(',');
            }
            out.push(']');
        }
        DeValue::String(text) => string(text, out),
        DeValue::Integer(written) => match i64::from_str_radix(written.as_str(), written.radix()) {
            Ok(number) => out.push_str(&Value::Integer(number).to_string()),
            Err(_) => string(written.as_str(), out),
        },
        DeValue::Float(written) => match written.as_str().parse() {
            Ok(number) => out.push_str(&Value::Float(number).to_string()),
            Err(_) => string(written.as_str(), out),
        },
        DeValue::Boolean(holds) => out.push_str(&Value::Boolean(*holds).to_string()),
        DeValue::Datetime(time) => out.push_str(&Value::Datetime(*time).to_string()),
    }
}

/// The length goes first, so that no text can imitate the structure around it.
fn string(text: &str, out: &mut String) {
    out.push_str(&text.len().to_string());
    out.push('"');
    out.push_str(text);
}
