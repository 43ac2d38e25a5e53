//! The texts of a JSONL file.

use std::path::Path;

use anyhow::{Context as _, ensure};
use serde_json::Value;

/// One text and its line.
#[derive(Debug, PartialEq, Eq)]
pub struct Text {
    /// The line, from 1.
    pub line: usize,
    /// What is posted.
    pub body: String,
}

/// The member `field` of each line; lines without anything to say are passed over.
pub fn read(file: &Path, field: &str, limit: Option<usize>) -> anyhow::Result<Vec<Text>> {
    let lines = std::fs::read_to_string(file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    let texts = parse(&lines, field)?;
    ensure!(!texts.is_empty(), "{} has no texts", file.display());
    Ok(texts
        .into_iter()
        .take(limit.unwrap_or(usize::MAX))
        .collect())
}

fn parse(lines: &str, field: &str) -> anyhow::Result<Vec<Text>> {
    let mut texts = Vec::new();
    for (line, json) in (1..).zip(lines.lines()) {
        if json.trim().is_empty() {
            continue;
        }
        let object: Value =
            serde_json::from_str(json).with_context(|| format!("line {line} is not JSON"))?;
        let body = object[field].as_str().with_context(|| {
            format!("line {line} has no text `{field}`; name it by --text-field")
        })?;
        if body.chars().any(char::is_alphanumeric) {
            texts.push(Text {
                line,
                body: body.trim().to_owned(),
            });
        }
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_gives_a_text_and_what_is_not_one_is_named() {
        let texts = parse("{\"text\":\" Hello. \"}\n\n{\"text\":\"…\"}\n", "text").unwrap();
        assert_eq!(
            texts,
            [Text {
                line: 1,
                body: "Hello.".to_owned()
            }]
        );
        let fault = parse("{\"text\":\"a\"}\n{\"words\":\"b\"}", "text").unwrap_err();
        assert!(fault.to_string().starts_with("line 2"));
    }
}
