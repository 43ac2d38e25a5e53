//! Findings as people see them, with places as browsers count them.

use moderation_rules::{Family, Field, Finding, Severity, Status};
use serde::Serialize;
use utoipa::ToSchema;

use super::kept_words::SetWords;
use crate::posts::utf16_offset;

/// A finding as a reviewer sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Finding)]
pub struct FindingView {
    /// The stable code of the rule.
    pub rule: String,
    /// The name of the rule.
    pub title: String,
    /// The kind of concern.
    pub family: Family,
    /// How much it weighs.
    pub severity: Severity,
    /// How sure it makes of the concern, 0 to 1.
    pub score: f64,
    /// The field the words stand in.
    pub field: Field,
    /// Where they begin, in UTF-16 code units.
    pub start: usize,
    /// Where they end, in UTF-16 code units.
    pub end: usize,
    /// The words.
    pub matched: String,
    /// How they are meant where they stand.
    pub status: Vec<Status>,
    /// What the moderator should know.
    pub message: String,
    /// What the author can do.
    pub remedy: String,
    /// The clause the rule stands on.
    pub clause: String,
    /// Why the rule exists.
    pub rationale: String,
}

/// A finding as the author sees it: what to do, and nothing of the safety process.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorFinding {
    /// The stable code of the rule.
    pub rule: String,
    /// The name of the rule.
    pub title: String,
    /// The kind of concern.
    pub family: Family,
    /// How much it weighs.
    pub severity: Severity,
    /// The field the words stand in.
    pub field: Field,
    /// Where they begin, in UTF-16 code units.
    pub start: usize,
    /// Where they end, in UTF-16 code units.
    pub end: usize,
    /// The words.
    pub matched: String,
    /// What to do.
    pub remedy: String,
    /// The clause the rule stands on.
    pub clause: String,
}

fn place(finding: &Finding, title: Option<&str>, body: &str) -> (usize, usize) {
    let text = match finding.field {
        Field::Title => title.unwrap_or(""),
        Field::Body => body,
    };
    (
        utf16_offset(text, finding.start),
        utf16_offset(text, finding.end),
    )
}

/// The findings for a reviewer.
pub fn finding_views(
    findings: Vec<Finding>,
    words: &SetWords,
    title: Option<&str>,
    body: &str,
) -> Vec<FindingView> {
    let view = |finding: Finding| {
        let (start, end) = place(&finding, title, body);
        let words = words.of(&finding.rule);
        FindingView {
            start,
            end,
            rule: finding.rule,
            title: words.title,
            family: finding.family,
            severity: finding.severity,
            score: finding.score,
            field: finding.field,
            matched: finding.matched,
            status: finding.status,
            message: words.message,
            remedy: words.remedy,
            clause: words.clause,
            rationale: words.rationale,
        }
    };
    findings.into_iter().map(view).collect()
}

/// The findings for the author.
pub fn author_findings(
    findings: Vec<Finding>,
    words: &SetWords,
    title: Option<&str>,
    body: &str,
) -> Vec<AuthorFinding> {
    let view = |finding: Finding| {
        let (start, end) = place(&finding, title, body);
        let words = words.of(&finding.rule);
        AuthorFinding {
            start,
            end,
            rule: finding.rule,
            title: words.title,
            family: finding.family,
            severity: finding.severity,
            field: finding.field,
            matched: finding.matched,
            remedy: words.remedy,
            clause: words.clause,
        }
    };
    findings.into_iter().map(view).collect()
}
