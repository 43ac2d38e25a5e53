//! Small packs for tests.

/// Ten different texts for the examples of a rule that is not about them.
pub fn ten(kind: &str) -> String {
    let texts: Vec<String> = (0..10).map(|n| format!("\"{kind} {n}\"")).collect();
    format!("[{}]", texts.join(", "))
}

/// A pack of one rule, `CO-900`, with this condition and these further keys of the rule.
pub fn pack_of(when: &str, more: &str) -> String {
    format!(
        r#"[pack]
id = "tea"
version = "1.0.0"
title = "Tea"
jurisdictions = ["any"]
languages = ["en"]
effective = "2026-01-01"

[[rule]]
code = "CO-900"
title = "Tea"
family = "conduct"
severity = "minor"
when = {when}
message = "m"
remedy = "r"
clause = "c"
source = "s"
rationale = "r"
owner = "o"
hits = {hits}
misses = {misses}
{more}
"#,
        hits = ten("hit"),
        misses = ten("miss"),
    )
}
