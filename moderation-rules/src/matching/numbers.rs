//! Patterns that begin with a number: one machine for all of them says which can match at a number.

use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind, PatternSet};

/// Patterns that match from the first digit on, whatever more they take before it.
pub(super) struct Numbers {
    any: Regex,
}

impl Numbers {
    /// Of the sources of the patterns, which are numbered in this order.
    pub(super) fn of(sources: &[String]) -> Result<Self, String> {
        let config = Regex::config().match_kind(MatchKind::All).utf8_empty(false);
        Regex::builder()
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .configure(config)
            .build_many(sources)
            .map(|any| Self { any })
            .map_err(|error| error.to_string())
    }

    pub(super) fn set(&self) -> PatternSet {
        PatternSet::new(self.any.pattern_len())
    }

    /// Fills the set with the patterns that match from here.
    pub(super) fn at(&self, text: &[u8], at: usize, set: &mut PatternSet) {
        set.clear();
        let input = Input::new(text).range(at..).anchored(Anchored::Yes);
        self.any.which_overlapping_matches(&input, set);
    }
}
