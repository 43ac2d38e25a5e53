//! What a judgement says beyond its action: which words are taken out, where the text is cut, what it repeats. Places are
//! bytes of the text as it was written.

use std::collections::BTreeSet;
use std::ops::Range;

use moderation_rules::Field;
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::audit::canonical::to_canonical;
use crate::posts::{Action, Revision, byte_offset, markdown, utf16_offset};

/// What readers see in the place of words that were taken out.
pub const REMOVED: &str = "[removed]";
/// Most places from which words are taken out of one text.
const MOST_SPANS: usize = 100;
/// Most parts of a text.
const MOST_PARTS: usize = 5;

/// Why words are taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpanReason {
    /// They could identify a person.
    PersonalData,
    /// The words to the author say why.
    Other,
}

/// Words that are taken out of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The field they stand in.
    pub field: Field,
    /// Where they begin: over HTTP in UTF-16 code units.
    pub start: usize,
    /// Where they end: over HTTP in UTF-16 code units.
    pub end: usize,
    /// Why.
    pub reason: SpanReason,
}

/// What a judgement says beyond its action, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Particulars {
    /// Which words are taken out, in the order of the text.
    Spans(Vec<Span>),
    /// Where one part ends and the next begins, in the order of the text.
    Cuts(Vec<usize>),
    /// The post that says the same.
    DuplicateOf(Uuid),
}

/// What is wrong with particulars: the field of the request, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{1}")]
pub struct Misfit(pub &'static str, pub String);

impl Misfit {
    /// The judgement says nothing of what it needs.
    pub(super) fn missing(action: Action) -> Self {
        let (field, what) = match action {
            Action::RedactAndRelease => ("spans", "say which words are taken out"),
            Action::Split => ("cuts", "say where the text is cut"),
            _ => ("duplicate_of", "name the post that says the same"),
        };
        Self(field, what.to_owned())
    }
}

fn misfit<T>(field: &'static str, what: &str) -> Result<T, Misfit> {
    Err(Misfit(field, what.to_owned()))
}

/// The text of this field.
fn text_of(field: Field, revision: &Revision) -> &str {
    match field {
        Field::Title => revision.title.as_deref().unwrap_or_default(),
        Field::Body => &revision.body,
    }
}

/// Spans as browsers count them, from bytes of this text.
pub fn counted(spans: &[Span], revision: &Revision) -> Vec<Span> {
    let counted = |span: &Span| {
        let text = text_of(span.field, revision);
        Span {
            start: utf16_offset(text, span.start),
            end: utf16_offset(text, span.end),
            ..*span
        }
    };
    spans.iter().map(counted).collect()
}

/// Where the removed words of this text stood, in the text that is left: as browsers count them.
pub fn marks(spans: &[Span], left: &Revision) -> Vec<Span> {
    let mut marks = Vec::with_capacity(spans.len());
    for field in [Field::Title, Field::Body] {
        let text = text_of(field, left);
        let (mut removed, mut added) = (0, 0);
        for span in spans.iter().filter(|span| span.field == field) {
            let start = span.start + added - removed;
            removed += span.end - span.start;
            added += REMOVED.len();
            marks.push(Span {
                start: utf16_offset(text, start),
                end: utf16_offset(text, start + REMOVED.len()),
                ..*span
            });
        }
    }
    marks
}

impl Particulars {
    /// Which words are taken out of this text, in places as browsers count them.
    ///
    /// # Errors
    /// What is wrong with the places.
    pub fn spans(asked: &[Span], revision: &Revision) -> Result<Self, Misfit> {
        let mut spans = Vec::with_capacity(asked.len());
        for span in asked {
            let text = text_of(span.field, revision);
            let (start, end) = (byte_offset(text, span.start), byte_offset(text, span.end));
            let (Some(start), Some(end)) = (start, end) else {
                return misfit(
                    "spans",
                    "a place lies outside of the text or within a letter",
                );
            };
            spans.push(Span {
                start,
                end,
                ..*span
            });
        }
        spans.sort_by_key(|span| (span.field == Field::Body, span.start));
        let spans = Self::Spans(spans);
        spans.redacted(revision)?;
        Ok(spans)
    }

    /// Where this text is cut, in places as browsers count them.
    ///
    /// # Errors
    /// What is wrong with the places.
    pub fn cuts(asked: &[usize], revision: &Revision) -> Result<Self, Misfit> {
        let cuts: Option<BTreeSet<usize>> = asked
            .iter()
            .map(|at| byte_offset(&revision.body, *at))
            .collect();
        let Some(cuts) = cuts else {
            return misfit(
                "cuts",
                "a place lies outside of the text or within a letter",
            );
        };
        if cuts.len() != asked.len() {
            return misfit("cuts", "name each place once");
        }
        let cuts = Self::Cuts(cuts.into_iter().collect());
        cuts.parts(revision)?;
        Ok(cuts)
    }

    /// Title and body without the words that are taken out.
    ///
    /// # Errors
    /// What is wrong with the places.
    pub fn redacted(&self, revision: &Revision) -> Result<(Option<String>, String), Misfit> {
        let Self::Spans(spans) = self else {
            return Err(Misfit::missing(Action::RedactAndRelease));
        };
        if spans.is_empty() || spans.len() > MOST_SPANS {
            return misfit(
                "spans",
                "name 1 to 100 places from which words are taken out",
            );
        }
        let without = |field: Field, mark: &str| -> Result<String, Misfit> {
            let text = text_of(field, revision);
            let (mut left, mut at) = (String::new(), 0);
            for span in spans.iter().filter(|span| span.field == field) {
                let kept = text.get(at..span.start);
                let gone = text.get(span.start..span.end);
                let (Some(kept), Some(_)) = (kept, gone.filter(|gone| !gone.trim().is_empty()))
                else {
                    return misfit(
                        "spans",
                        "name places that hold words of the text, and do not overlap",
                    );
                };
                left.push_str(kept);
                left.push_str(mark);
                at = span.end;
            }
            left.push_str(text.get(at..).unwrap_or_default());
            Ok(left)
        };
        if !markdown::shows_words(&without(Field::Body, " ")?) {
            return misfit(
                "spans",
                "nothing would be left to read; reject the text instead",
            );
        }
        let title = match revision.title {
            Some(_) => Some(without(Field::Title, REMOVED)?),
            None if spans.iter().any(|span| span.field == Field::Title) => {
                return misfit("spans", "this text has no title");
            }
            None => None,
        };
        Ok((title, without(Field::Body, REMOVED)?))
    }

    /// The parts of the text, one after the other, without the blanks around them.
    ///
    /// # Errors
    /// What is wrong with the places.
    pub fn parts(&self, revision: &Revision) -> Result<Vec<String>, Misfit> {
        let Self::Cuts(cuts) = self else {
            return Err(Misfit::missing(Action::Split));
        };
        if cuts.is_empty() || cuts.len() >= MOST_PARTS {
            return misfit("cuts", "cut the text at 1 to 4 places");
        }
        let ends = cuts.iter().copied().chain([revision.body.len()]);
        let mut begin = 0;
        let mut parts = Vec::with_capacity(cuts.len() + 1);
        for end in ends {
            let part = revision.body.get(Range { start: begin, end });
            let part = part
                .map(str::trim)
                .filter(|part| markdown::shows_words(part));
            let Some(part) = part else {
                return misfit("cuts", "every part must hold words of the text");
            };
            parts.push(part.to_owned());
            begin = end;
        }
        Ok(parts)
    }

    /// Whether it belongs to this judgement.
    pub const fn is_of(&self, action: Action) -> bool {
        matches!(
            (self, action),
            (Self::Spans(_), Action::RedactAndRelease)
                | (Self::Cuts(_), Action::Split)
                | (Self::DuplicateOf(_), Action::Duplicate)
        )
    }

    /// Whether only words to the author say why.
    pub fn needs_words(&self) -> bool {
        match self {
            Self::Spans(spans) => spans.iter().any(|span| span.reason == SpanReason::Other),
            Self::Cuts(_) | Self::DuplicateOf(_) => false,
        }
    }

    /// As it is kept.
    ///
    /// # Errors
    /// The database's, where it has no canonical spelling.
    pub fn stored(&self) -> Result<String, DbErr> {
        serde_json::to_value(self)
            .map_err(|cause| DbErr::Custom(cause.to_string()))
            .and_then(|value| {
                to_canonical(&value).map_err(|cause| DbErr::Custom(cause.to_string()))
            })
    }

    /// From what is kept.
    pub fn from_stored(stored: Option<&str>) -> Option<Self> {
        serde_json::from_str(stored?).ok()
    }

    /// Whether both do the same with the text, for whatever reason.
    pub fn does_the_same(&self, other: &Self) -> bool {
        let places = |spans: &[Span]| -> Vec<(Field, usize, usize)> {
            spans
                .iter()
                .map(|span| (span.field, span.start, span.end))
                .collect()
        };
        match (self, other) {
            (Self::Spans(these), Self::Spans(those)) => places(these) == places(those),
            _ => self == other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(title: Option<&str>, body: &str) -> Revision {
        Revision {
            id: Uuid::nil(),
            post_id: Uuid::nil(),
            number: 1,
            author_id: Uuid::nil(),
            title: title.map(str::to_owned),
            body: body.to_owned(),
            salt: String::new(),
            hash: String::new(),
            submitted_at: 0,
            idempotency_key: None,
        }
    }

    fn span(field: Field, start: usize, end: usize) -> Span {
        Span {
            field,
            start,
            end,
            reason: SpanReason::PersonalData,
        }
    }

    #[test]
    fn words_are_taken_out_where_browsers_say_and_the_marks_are_found_again() {
        let original = text(Some("About Ann"), "😀 Ann and Bob say hello.");
        let asked = [
            span(Field::Body, 11, 14),
            span(Field::Title, 6, 9),
            span(Field::Body, 3, 6),
        ];
        let spans = Particulars::spans(&asked, &original).unwrap();
        let (title, body) = spans.redacted(&original).unwrap();
        assert_eq!(title.as_deref(), Some("About [removed]"));
        assert_eq!(body, "😀 [removed] and [removed] say hello.");
        let left = text(title.as_deref(), &body);
        let Particulars::Spans(kept) = &spans else {
            panic!("{spans:?}")
        };
        for mark in marks(kept, &left) {
            let of = text_of(mark.field, &left);
            let (start, end) = (byte_offset(of, mark.start), byte_offset(of, mark.end));
            assert_eq!(of.get(start.unwrap()..end.unwrap()), Some(REMOVED));
        }
        let mut again = counted(kept, &original);
        again.sort_by_key(|span| (span.field == Field::Title, span.start));
        assert_eq!(again[0], asked[2]);
        let stored = spans.stored().unwrap();
        assert_eq!(Particulars::from_stored(Some(&stored)), Some(spans));
    }

    #[test]
    fn places_that_fit_no_words_are_refused() {
        let original = text(None, "😀 Ann and Bob.");
        for asked in [
            vec![],
            vec![span(Field::Body, 1, 3)],
            vec![span(Field::Body, 3, 99)],
            vec![span(Field::Body, 6, 3)],
            vec![span(Field::Body, 2, 3)],
            vec![span(Field::Body, 3, 6), span(Field::Body, 5, 8)],
            vec![span(Field::Title, 0, 1)],
            vec![span(Field::Body, 3, 14)],
        ] {
            assert!(Particulars::spans(&asked, &original).is_err(), "{asked:?}");
        }
    }

    #[test]
    fn parts_are_contiguous_and_all_of_the_words() {
        let original = text(None, "One.\n\nTwo.\n\nThree.");
        let cuts = Particulars::cuts(&[12, 4], &original).unwrap();
        assert_eq!(cuts.parts(&original).unwrap(), ["One.", "Two.", "Three."]);
        for asked in [
            vec![],
            vec![4, 4],
            vec![99],
            vec![5, 6],
            vec![0],
            vec![18],
            vec![1, 2, 3, 4, 5],
        ] {
            assert!(Particulars::cuts(&asked, &original).is_err(), "{asked:?}");
        }
    }

    #[test]
    fn the_same_places_do_the_same_whatever_the_reason() {
        let one = Particulars::Spans(vec![span(Field::Body, 1, 2)]);
        let other = Particulars::Spans(vec![Span {
            reason: SpanReason::Other,
            ..span(Field::Body, 1, 2)
        }]);
        assert!(one.does_the_same(&other) && one != other);
        assert!(!one.does_the_same(&Particulars::Spans(vec![span(Field::Body, 1, 3)])));
    }
}
