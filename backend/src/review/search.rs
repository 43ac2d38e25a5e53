//! Search in the texts of the queue: title, text and the author's name.
//!
//! The texts of the items wanted are read and compared here, the same way on both engines. There is no index of words:
//! it would have to be written with every text that is accepted, for a search over the few that are open. What it costs
//! stands in docs/PERFORMANCE.md.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DbErr};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use uuid::Uuid;

use super::ReviewItem;
use crate::identity::printed_names;
use crate::posts::store as posts;

/// Most words that are looked for at once.
const MOST: usize = 16;

/// The words of a search, as they are compared.
pub(super) fn words(search: &str) -> Vec<String> {
    folded(search)
        .split_whitespace()
        .take(MOST)
        .map(str::to_owned)
        .collect()
}

/// Without case, accents and ways of writing the same letter.
fn folded(text: &str) -> String {
    text.nfkd()
        .filter(|letter| !is_combining_mark(*letter))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Those of these items whose title, text or author has each of the words, in the same order.
pub(super) async fn has_words<T>(
    on: &impl ConnectionTrait,
    items: Vec<(ReviewItem, T)>,
    words: &[String],
) -> Result<Vec<(ReviewItem, T)>, DbErr> {
    let revisions: Vec<Uuid> = items.iter().map(|(item, _)| item.revision_id).collect();
    let people: HashSet<Uuid> = items.iter().map(|(item, _)| item.author_id).collect();
    let names: HashMap<Uuid, String> = printed_names(on, people)
        .await?
        .into_iter()
        .map(|(account, name)| (account, folded(&name)))
        .collect();
    let matching: HashSet<Uuid> = posts::revisions(on, &revisions)
        .await?
        .into_iter()
        .filter(|revision| {
            let name = names.get(&revision.author_id).map_or("", String::as_str);
            let title = folded(revision.title.as_deref().unwrap_or_default());
            let body = folded(&revision.body);
            words
                .iter()
                .all(|word| body.contains(word) || title.contains(word) || name.contains(word))
        })
        .map(|revision| revision.id)
        .collect();
    Ok(items
        .into_iter()
        .filter(|(item, _)| matching.contains(&item.revision_id))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_found_however_they_are_written() {
        for (text, search) in [
            ("Übelkeit nach Velmora", "übelkeit"),
            ("Übelkeit nach Velmora", "UBELKEIT"),
            ("Ｖｅｌｍｏｒａ", "velmora"),
            ("Dr Łukasz Nowak", "nowak"),
        ] {
            let text = folded(text);
            assert!(
                words(search).iter().all(|word| text.contains(word)),
                "{search}"
            );
        }
        assert_eq!(words("  two  words "), ["two", "words"]);
        assert!(words(" ").is_empty());
    }
}
