//! Phrases: what packs write, read into the word sequences it stands for.
//!
//! `feel+ sick` knows all forms of *feel*; `(a|the)` is a choice, `(my|)` one that may be left out; `_` is any one
//! word; `:face_vomiting:` is an emoji. A phrase never reaches over the end of a sentence. Apostrophes, hyphens and
//! British or American spelling need not be thought of.

use super::class::{Classes, Word};
use super::inflect;
use super::vocabulary::{Vocabulary, WordId};
use crate::text::emoji;

/// The most word sequences one phrase may stand for.
const MOST_SEQUENCES: usize = 20_000;
/// The most `_` in one phrase: each one can double the work of a match.
const MOST_GAPS: usize = 3;

/// Reads a phrase into the word sequences it stands for, or says what is wrong with it.
pub(super) fn sequences(
    phrase: &str,
    vocabulary: &mut Vocabulary,
    classes: &mut Classes,
    told: &mut dyn FnMut(&[u8], WordId),
) -> Result<Vec<Vec<Word>>, String> {
    let mut reader = Reader {
        rest: phrase,
        vocabulary,
        classes,
        told,
    };
    let all = reader.choices(0)?;
    if !reader.rest.is_empty() {
        return Err("a bracket is closed that was not opened".to_owned());
    }
    let gaps = |words: &Vec<Word>| words.iter().filter(|w| **w == Word::Any).count();
    if all.iter().any(|words| gaps(words) > MOST_GAPS) {
        return Err(format!("the phrase has more than {MOST_GAPS} open words"));
    }
    let closed = |words: &Vec<Word>| {
        matches!(words.first(), Some(Word::Exact(_) | Word::Class(_)))
            && words.last() != Some(&Word::Any)
    };
    if !all.iter().all(closed) {
        return Err("the phrase is empty, or begins or ends with an open word".to_owned());
    }
    Ok(all)
}

/// Deeper brackets than this nobody can read.
const DEEPEST: usize = 4;

struct Reader<'a> {
    rest: &'a str,
    vocabulary: &'a mut Vocabulary,
    classes: &'a mut Classes,
    /// Told of each word and its number.
    told: &'a mut dyn FnMut(&[u8], WordId),
}

impl Reader<'_> {
    /// `one | other | third`, up to a closing bracket or the end.
    fn choices(&mut self, depth: usize) -> Result<Vec<Vec<Word>>, String> {
        if depth > DEEPEST {
            return Err(format!("brackets are nested deeper than {DEEPEST}"));
        }
        let mut all = self.words(depth)?;
        while let Some(rest) = self.rest.strip_prefix('|') {
            self.rest = rest;
            all.extend(self.words(depth)?);
            within(all.len())?;
        }
        Ok(self.merged(all))
    }

    /// With the choices that are one word each as one class: they are told apart when they are looked for.
    fn merged(&mut self, all: Vec<Vec<Word>>) -> Vec<Vec<Word>> {
        let mut members: Vec<WordId> = Vec::new();
        let mut merged: Vec<Vec<Word>> = Vec::new();
        for words in all {
            match words.as_slice() {
                [Word::Exact(id)] => members.push(*id),
                [Word::Class(class)] => members.extend_from_slice(self.classes.members(*class)),
                _ => merged.push(words),
            }
        }
        merged.extend(self.classes.word(members).map(|word| vec![word]));
        merged
    }

    /// Words and brackets one after the other.
    fn words(&mut self, depth: usize) -> Result<Vec<Vec<Word>>, String> {
        let mut all: Vec<Vec<Word>> = vec![Vec::new()];
        loop {
            self.rest = self.rest.trim_start_matches([' ', '-', '/', '&']);
            let next = if let Some(rest) = self.rest.strip_prefix('(') {
                self.rest = rest;
                let inside = self.choices(depth + 1)?;
                self.rest = match self.rest.strip_prefix(')') {
                    Some(rest) => rest,
                    None => return Err("a bracket is not closed".to_owned()),
                };
                inside
            } else {
                let end = self
                    .rest
                    .find([' ', '-', '/', '&', '(', ')', '|'])
                    .unwrap_or(self.rest.len());
                if end == 0 {
                    return Ok(all);
                }
                let (word, rest) = self.rest.split_at(end);
                self.rest = rest;
                self.word(word)?
            };
            within(all.len().saturating_mul(next.len()))?;
            if let [only] = next.as_slice() {
                for head in &mut all {
                    head.extend_from_slice(only);
                }
                continue;
            }
            all = all
                .iter()
                .flat_map(|head| next.iter().map(|tail| [head.as_slice(), tail].concat()))
                .collect();
        }
    }

    /// One word: open, exact, or with all its forms.
    fn word(&mut self, word: &str) -> Result<Vec<Vec<Word>>, String> {
        if word == "_" {
            return Ok(vec![vec![Word::Any]]);
        }
        if let Some(name) = word.strip_prefix(':').and_then(|w| w.strip_suffix(':')) {
            let drawn = emoji::named(name)
                .ok_or_else(|| format!("`{word}` is no emoji that packs/README.md names"))?;
            let word = drawn.to_string();
            return Ok(vec![vec![Word::Exact(
                self.vocabulary.intern(word.as_bytes()),
            )]]);
        }
        let (stem, inflected) = match word.strip_suffix('+') {
            Some(stem) => (stem, true),
            None => (word, false),
        };
        let sound = |c: char| c.is_lowercase() || c.is_ascii_digit() || c == '\'';
        if stem.is_empty() || !stem.chars().all(sound) {
            return Err(format!(
                "`{word}` is not a word in lower case, with or without `+`"
            ));
        }
        let forms = if inflected {
            inflect::forms(stem)
        } else {
            vec![stem.to_owned()]
        };
        let mut ids: Vec<WordId> = Vec::with_capacity(forms.len());
        for form in &forms {
            let id = self.vocabulary.intern(form.as_bytes());
            (self.told)(form.as_bytes(), id);
            ids.push(id);
        }
        Ok(self
            .classes
            .word(ids)
            .map(|word| vec![word])
            .into_iter()
            .collect())
    }
}

fn within(sequences: usize) -> Result<(), String> {
    if sequences > MOST_SEQUENCES {
        return Err(format!(
            "the phrase stands for more than {MOST_SEQUENCES} word sequences"
        ));
    }
    Ok(())
}
