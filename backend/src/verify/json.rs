//! Canonical JSON (RFC 8785, whole numbers only), read strictly: a text that is not the canonical spelling of its own
//! value is refused, so that no byte of it is free.

use serde_json::Value;

use super::archive::Entry;
use super::fault::Fault;
use super::tree::{Hash, sha256};

const LARGEST_EXACT: u64 = (1 << 53) - 1;

/// One JSON value, and where it stands.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    pub file: &'a str,
    /// Counted from 1.
    pub number: u64,
    /// Where the line begins in the ZIP.
    pub offset: u64,
    pub text: &'a str,
    pub value: Value,
}

/// The one value that a `.json` file holds, followed by a line feed.
pub fn document<'a>(entry: Entry<'a>) -> Result<Line<'a>, Fault> {
    let mut all = lines(entry);
    let only = all
        .next()
        .ok_or_else(|| entry.fault("the file is empty"))??;
    match all.next() {
        None => Ok(only),
        Some(_) => Err(Line { number: 2, ..only }.fault("there must be one line only")),
    }
}

/// The values of a `.jsonl` file, each on a line of its own.
pub fn lines<'a>(entry: Entry<'a>) -> impl Iterator<Item = Result<Line<'a>, Fault>> {
    let mut offset = entry.offset;
    entry
        .content
        .split_inclusive(|byte| *byte == b'\n')
        .enumerate()
        .map(move |(position, raw)| {
            let (number, begin) = (position as u64 + 1, offset);
            offset += raw.len() as u64;
            let fault = |within: usize, what: String| Fault {
                file: entry.name.to_owned(),
                line: Some(number),
                offset: Some(begin + within as u64),
                what,
            };
            let raw = raw
                .strip_suffix(b"\n")
                .ok_or_else(|| fault(raw.len(), "the last line does not end".to_owned()))?;
            let text = std::str::from_utf8(raw)
                .map_err(|cause| fault(cause.valid_up_to(), "this is not UTF-8".to_owned()))?;
            let value: Value = serde_json::from_str(text).map_err(|cause| {
                fault(
                    cause.column().saturating_sub(1),
                    format!("this is not JSON: {cause}"),
                )
            })?;
            let canonical = canonical(&value).map_err(|what| fault(0, what))?;
            if canonical != text {
                let same = canonical
                    .bytes()
                    .zip(text.bytes())
                    .take_while(|(a, b)| a == b)
                    .count();
                return Err(fault(
                    same,
                    "this is not the canonical spelling of its JSON".to_owned(),
                ));
            }
            Ok(Line {
                file: entry.name,
                number,
                offset: begin,
                text,
                value,
            })
        })
}

impl Line<'_> {
    /// A fault in this line.
    pub fn fault(&self, what: impl Into<String>) -> Fault {
        Fault {
            file: self.file.to_owned(),
            line: Some(self.number),
            offset: Some(self.offset),
            what: what.into(),
        }
    }

    /// Refuses a line whose object at `pointer` does not have exactly these members, which are given between blanks.
    pub fn members(&self, pointer: &str, names: &str) -> Result<(), Fault> {
        let object = self.at(pointer)?.as_object();
        let object = object.ok_or_else(|| self.fault(format!("`{pointer}` is no object")))?;
        if let Some(missing) = names.split(' ').find(|name| !object.contains_key(*name)) {
            return Err(self.fault(format!("`{pointer}/{missing}` is missing")));
        }
        match object
            .keys()
            .find(|name| !names.split(' ').any(|known| known == *name))
        {
            Some(strange) => Err(self.fault(format!("`{pointer}/{strange}` does not belong here"))),
            None => Ok(()),
        }
    }

    /// The value at a JSON pointer.
    pub fn at(&self, pointer: &str) -> Result<&Value, Fault> {
        self.value
            .pointer(pointer)
            .ok_or_else(|| self.fault(format!("`{pointer}` is missing")))
    }

    /// The text at a JSON pointer.
    pub fn text(&self, pointer: &str) -> Result<&str, Fault> {
        self.at(pointer)?
            .as_str()
            .ok_or_else(|| self.fault(format!("`{pointer}` is no text")))
    }

    /// The text at a JSON pointer, or nothing where there is `null`.
    pub fn maybe_text(&self, pointer: &str) -> Result<Option<&str>, Fault> {
        if self.at(pointer)?.is_null() {
            Ok(None)
        } else {
            self.text(pointer).map(Some)
        }
    }

    /// The whole number at a JSON pointer, not below zero.
    pub fn number(&self, pointer: &str) -> Result<u64, Fault> {
        self.at(pointer)?
            .as_u64()
            .ok_or_else(|| self.fault(format!("`{pointer}` is no whole number")))
    }

    /// The truth value at a JSON pointer.
    pub fn flag(&self, pointer: &str) -> Result<bool, Fault> {
        self.at(pointer)?
            .as_bool()
            .ok_or_else(|| self.fault(format!("`{pointer}` is neither true nor false")))
    }

    /// The whole number at a JSON pointer, or nothing where there is `null`.
    pub fn maybe_number(&self, pointer: &str) -> Result<Option<u64>, Fault> {
        if self.at(pointer)?.is_null() {
            Ok(None)
        } else {
            self.number(pointer).map(Some)
        }
    }

    /// What a record says of the words at `/words`: SHA-256 of the object's identifier, a line feed, and the words.
    pub fn words_hash(&self, object: &str) -> Result<Option<String>, Fault> {
        self.hash_of("/words", object)
    }

    /// The same of the words at another JSON pointer.
    pub fn hash_of(&self, pointer: &str, object: &str) -> Result<Option<String>, Fault> {
        let words = self.maybe_text(pointer)?;
        Ok(words.map(|words| hex::encode(sha256(format!("{object}\n{words}").as_bytes()))))
    }

    /// The SHA-256 in lower-case hex at a JSON pointer.
    pub fn hash(&self, pointer: &str) -> Result<Hash, Fault> {
        let text = self.text(pointer)?;
        hash(text).ok_or_else(|| self.fault(format!("`{pointer}` is no SHA-256 in lower-case hex")))
    }
}

/// A SHA-256 in lower-case hex.
pub fn hash(text: &str) -> Option<Hash> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    hex::decode(text).ok()?.try_into().ok()
}

/// The canonical spelling of a value, or why it has none.
pub fn canonical(value: &Value) -> Result<String, String> {
    Ok(match value {
        Value::Null | Value::Bool(_) => value.to_string(),
        Value::Number(number) => {
            let size = number
                .as_i64()
                .map(i64::unsigned_abs)
                .or_else(|| number.as_u64());
            if size.is_none_or(|size| size > LARGEST_EXACT) {
                return Err(format!(
                    "the number {number} is not a whole number of at most 2^53 - 1"
                ));
            }
            number.to_string()
        }
        Value::String(string) => quoted(string),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(canonical).collect::<Result<_, _>>()?;
            format!("[{}]", items.join(","))
        }
        Value::Object(members) => {
            let mut sorted: Vec<(Vec<u16>, String)> = Vec::with_capacity(members.len());
            for (name, member) in members {
                sorted.push((
                    name.encode_utf16().collect(),
                    format!("{}:{}", quoted(name), canonical(member)?),
                ));
            }
            sorted.sort();
            let members: Vec<_> = sorted.into_iter().map(|(_, member)| member).collect();
            format!("{{{}}}", members.join(","))
        }
    })
}

/// RFC 8785 section 3.2.2.2, which is how serde_json quotes too.
fn quoted(string: &str) -> String {
    Value::from(string).to_string()
}
