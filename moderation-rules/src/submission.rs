//! What a member wrote: the only text the engine reads as theirs.

use serde::{Deserialize, Serialize};

/// One text as it was submitted, before any rendering.
#[derive(Clone, Copy, Debug, Default)]
pub struct Submission<'a> {
    /// The title of a new thread; replies have none.
    pub title: Option<&'a str>,
    /// The text itself, in Markdown.
    pub body: &'a str,
}

impl Submission<'_> {
    /// The text of a field; an absent title is empty.
    pub(crate) fn field(&self, field: Field) -> &str {
        match field {
            Field::Title => self.title.unwrap_or_default(),
            Field::Body => self.body,
        }
    }
}

/// Words of a submission and where they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The field they stand in.
    pub field: Field,
    /// Byte offset of their first byte in that field; always on a character boundary.
    pub start: usize,
    /// Byte offset after their last byte in that field; always on a character boundary.
    pub end: usize,
    /// The words as they were written.
    pub words: String,
}

/// The field of a submission in which a finding lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Field {
    /// The title of the thread.
    Title,
    /// The body of the post.
    Body,
}
