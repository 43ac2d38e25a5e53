//! Classes of words: the choices of a phrase that are one word each, and the forms of a word.
//!
//! A phrase of three choices of ten words stands for a thousand sequences, but for three classes.

use std::collections::HashMap;

use super::vocabulary::WordId;

/// The number of a class.
pub(super) type ClassId = u32;

/// One word of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Exact(WordId),
    /// Any word of a class.
    Class(ClassId),
    Any,
}

/// All classes of all phrases, each once.
#[derive(Default)]
pub(super) struct Classes {
    /// In the order of their numbers.
    members: Vec<Box<[WordId]>>,
    known: HashMap<Box<[WordId]>, ClassId>,
    /// By word: where its classes begin in `of_words`; one more than there are words.
    begins: Vec<u32>,
    of_words: Vec<ClassId>,
}

impl Classes {
    /// What stands for any of these words; nothing for none.
    pub(super) fn word(&mut self, mut members: Vec<WordId>) -> Option<Word> {
        // Two spellings of one form are one word.
        members.sort_unstable();
        members.dedup();
        match members.as_slice() {
            [] => None,
            [id] => Some(Word::Exact(*id)),
            _ => {
                let fresh = self.members.len() as ClassId;
                let members = members.into_boxed_slice();
                let class = *self.known.entry(members.clone()).or_insert(fresh);
                if class == fresh {
                    self.members.push(members);
                }
                Some(Word::Class(class))
            }
        }
    }

    /// The words of a class, in the order of their numbers.
    pub(super) fn members(&self, class: ClassId) -> &[WordId] {
        self.members.get(class as usize).map_or(&[], |m| m)
    }

    pub(super) fn has(&self, class: ClassId, word: WordId) -> bool {
        self.members(class).binary_search(&word).is_ok()
    }

    /// The classes of a word.
    pub(super) fn of(&self, word: WordId) -> &[ClassId] {
        let (Some(begin), Some(end)) = (
            self.begins.get(word as usize),
            self.begins.get(word as usize + 1),
        ) else {
            return &[];
        };
        let range = *begin as usize..*end as usize;
        self.of_words.get(range).unwrap_or_default()
    }

    /// To be called once, when all phrases are in.
    pub(super) fn finish(&mut self, words: usize) {
        self.known = HashMap::new();
        let classes = (0..).zip(&self.members);
        let mut pairs: Vec<(WordId, ClassId)> = classes
            .flat_map(|(class, members)| members.iter().map(move |word| (*word, class)))
            .collect();
        pairs.sort_unstable();
        self.begins = vec![0; words + 1];
        for (word, _) in &pairs {
            if let Some(next) = self.begins.get_mut(*word as usize + 1) {
                *next += 1;
            }
        }
        let mut sum = 0;
        for begin in &mut self.begins {
            sum += *begin;
            *begin = sum;
        }
        self.of_words = pairs.into_iter().map(|(_, class)| class).collect();
    }
}
