//! Canonical JSON (RFC 8785): one spelling for each value, so that a hash of the text is a hash of the value.
//!
//! Records hold strings, whole numbers, booleans, null, arrays and objects. Fractions are refused: their spelling
//! is the one part of RFC 8785 that two implementations get wrong in two ways, and no record needs one.

use serde_json::Value;

/// The largest whole number that every JSON reader keeps exactly (RFC 8785 section 3.2.2.3, RFC 7493 section 2.2).
const LARGEST_EXACT: u64 = (1 << 53) - 1;

/// A value that has no canonical spelling here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCanonical {
    /// A fraction, or a whole number beyond ±(2^53 − 1): write it as a string.
    #[error("the number `{0}` has no exact canonical form; write it as a string")]
    Number(String),
}

/// The canonical text of `value`.
///
/// # Errors
/// [`NotCanonical::Number`] if a number in it is a fraction or is larger than 2^53 − 1.
pub fn to_canonical(value: &Value) -> Result<String, NotCanonical> {
    let mut text = String::new();
    write(value, &mut text)?;
    Ok(text)
}

fn write(value: &Value, out: &mut String) -> Result<(), NotCanonical> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => {
            let magnitude = number
                .as_u64()
                .or_else(|| number.as_i64().map(i64::unsigned_abs))
                .filter(|magnitude| *magnitude <= LARGEST_EXACT)
                .ok_or_else(|| NotCanonical::Number(number.to_string()))?;
            if number.as_i64().is_some_and(|n| n < 0) {
                out.push('-');
            }
            out.push_str(&magnitude.to_string());
        }
        Value::String(string) => write_string(string, out),
        Value::Array(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            // RFC 8785 section 3.2.3: by UTF-16 code units, which differs from the order of bytes above U+FFFF.
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (position, (name, member)) in sorted.into_iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write_string(name, out);
                out.push(':');
                write(member, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_string(string: &str, out: &mut String) {
    out.reserve(string.len() + 2);
    out.push('"');
    let escaped = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    let mut rest = string;
    while let Some((plain, more)) = rest
        .bytes()
        .position(escaped)
        .and_then(|at| rest.split_at_checked(at))
    {
        out.push_str(plain);
        let mut more = more.chars();
        match more.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\u{8}') => out.push_str("\\b"),
            Some('\t') => out.push_str("\\t"),
            Some('\n') => out.push_str("\\n"),
            Some('\u{c}') => out.push_str("\\f"),
            Some('\r') => out.push_str("\\r"),
            control => out.extend(control.map(|c| format!("\\u{:04x}", u32::from(c)))),
        }
        rest = more.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_are_sorted_by_utf16_code_units() {
        // The example of RFC 8785 section 3.2.3.
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis",
        });
        assert_eq!(
            to_canonical(&value).as_deref(),
            Ok(concat!(
                "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",",
                "\"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",",
                "\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"
            ))
        );
    }

    #[test]
    fn strings_escape_only_what_must_be_escaped() {
        let value = json!("\u{20ac}$\u{f}\nA'\u{42}\"\\\\\"/\u{7f}\u{2028}");
        assert_eq!(
            to_canonical(&value).as_deref(),
            Ok("\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u{7f}\u{2028}\"")
        );
    }

    #[test]
    fn literals_arrays_and_whole_numbers_have_no_spaces_and_no_plus() {
        let value = json!([null, true, false, 0, -1, 9_007_199_254_740_991_i64, [], {}]);
        assert_eq!(
            to_canonical(&value).as_deref(),
            Ok("[null,true,false,0,-1,9007199254740991,[],{}]")
        );
    }

    #[test]
    fn fractions_and_numbers_too_large_to_be_exact_are_refused() {
        for value in [
            json!(0.5),
            json!(1e3),
            json!(9_007_199_254_740_992_u64),
            json!(-9_007_199_254_740_992_i64),
        ] {
            assert!(to_canonical(&json!({ "n": value })).is_err(), "{value}");
        }
    }
}
