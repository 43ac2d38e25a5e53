//! Patterns that begin with a capital: one machine for all of them says which can match at a capitalised word.

use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind, PatternSet};

/// The machine reads so many bytes at most, so that a post of nothing but capitals is read in linear time.
const FURTHEST: usize = 256;
/// Room for its states; names and places need a fraction of it.
const ROOM: usize = 4 << 20;

/// Patterns that match from the capital of a word on.
pub(super) struct Capitals {
    machine: DFA,
}

impl Capitals {
    /// Of the sources of the patterns, which are numbered in this order.
    pub(super) fn of(sources: &[String]) -> Result<Self, String> {
        let config = DFA::config()
            .match_kind(MatchKind::All)
            .cache_capacity(ROOM)
            .skip_cache_capacity_check(true);
        DFA::builder()
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .configure(config)
            .build_many(sources)
            .map(|machine| Self { machine })
            .map_err(|error| error.to_string())
    }

    pub(super) fn cache(&self) -> Cache {
        self.machine.create_cache()
    }

    pub(super) fn set(&self) -> PatternSet {
        PatternSet::new(self.machine.pattern_len())
    }

    /// Fills the set with the patterns that match from here; false where only a try of each can tell.
    pub(super) fn at(
        &self,
        cache: &mut Cache,
        text: &[u8],
        at: usize,
        set: &mut PatternSet,
    ) -> bool {
        set.clear();
        let input = Input::new(text).range(at..).anchored(Anchored::Yes);
        let Ok(mut state) = self.machine.start_state_forward(cache, &input) else {
            return false;
        };
        let bytes = text.get(at..).unwrap_or_default();
        for byte in bytes.iter().take(FURTHEST) {
            let Ok(next) = self.machine.next_state(cache, state, *byte) else {
                return false;
            };
            state = next;
            if state.is_match() {
                for index in 0..self.machine.match_len(cache, state) {
                    set.insert(self.machine.match_pattern(cache, state, index));
                }
            } else if state.is_dead() {
                return true;
            } else if state.is_quit() {
                return false;
            }
        }
        let Ok(state) = self.machine.next_eoi_state(cache, state) else {
            return false;
        };
        if state.is_match() {
            for index in 0..self.machine.match_len(cache, state) {
                set.insert(self.machine.match_pattern(cache, state, index));
            }
        }
        bytes.len() <= FURTHEST
    }
}
