//! Patterns that begin where a word does: one machine for all of them says which can match at a word.

use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::{Anchored, Input, MatchKind};
use regex_syntax::hir::Hir;

use super::opening::opening;
use super::run::Owner;

/// The machine reads so many bytes at most, so that a post of nothing but one word is read in linear time.
const FURTHEST: usize = 256;
/// Room for its states; those that people's posts lead to take a fraction of it.
const ROOM: usize = 16 << 20;

/// Collects patterns before the machine is built.
#[derive(Default)]
pub(super) struct EdgeList {
    openings: Vec<Hir>,
    owners: Vec<Owner>,
    endless: Vec<u32>,
}

impl EdgeList {
    pub(super) fn add(&mut self, hir: &Hir, owner: Owner) {
        let opening = opening(hir);
        if opening.endless {
            self.endless.push(self.owners.len() as u32);
        }
        self.openings.push(opening.hir);
        self.owners.push(owner);
    }

    pub(super) fn build(self) -> Result<Edges, String> {
        let nfa = thompson::Compiler::new()
            .configure(
                thompson::Config::new()
                    .utf8(false)
                    .which_captures(WhichCaptures::None),
            )
            .build_many_from_hir(&self.openings)
            .map_err(|error| error.to_string())?;
        let config = DFA::config()
            .match_kind(MatchKind::All)
            .cache_capacity(ROOM)
            .skip_cache_capacity_check(true);
        let machine = DFA::builder().configure(config).build_from_nfa(nfa);
        Ok(Edges {
            machine: machine.map_err(|error| error.to_string())?,
            owners: self.owners,
            endless: self.endless,
        })
    }
}

/// Patterns that begin where a word does.
pub(super) struct Edges {
    machine: DFA,
    owners: Vec<Owner>,
    /// Those whose openings have no end.
    endless: Vec<u32>,
}

/// What the machine needs to run over one text.
pub(super) struct Reader<'e, 't> {
    edges: &'e Edges,
    cache: &'t mut Cache,
    text: &'t [u8],
    /// By pattern: one more than where it was last found.
    last: &'t mut Vec<u32>,
    /// Where the machine begins behind a space, as long as its states have been cleared so many times.
    behind_space: Option<(LazyStateID, usize)>,
}

impl Edges {
    pub(super) fn cache(&self) -> Cache {
        self.machine.create_cache()
    }

    pub(super) fn reader<'e, 't>(
        &'e self,
        cache: &'t mut Cache,
        last: &'t mut Vec<u32>,
        text: &'t [u8],
    ) -> Reader<'e, 't> {
        last.clear();
        last.resize(self.owners.len(), 0);
        Reader {
            edges: self,
            cache,
            text,
            last,
            behind_space: None,
        }
    }
}

/// How the machine came to its end.
enum Walk {
    /// It read all that it needed.
    Whole,
    /// It would read on.
    Further,
    /// It could not go on.
    Broken,
}

impl<'e> Reader<'e, '_> {
    /// Reports the patterns that can match from here, each once.
    pub(super) fn at(&mut self, at: usize, mut found: impl FnMut(&'e Owner)) {
        let edges = self.edges;
        let mut report = |last: &mut Vec<u32>, index: usize| {
            let here = at as u32 + 1;
            if let Some(slot) = last.get_mut(index).filter(|slot| **slot != here)
                && let Some(owner) = edges.owners.get(index)
            {
                *slot = here;
                found(owner);
            }
        };
        // Where the machine does not tell, only a try of each can.
        match self.walk(at, &mut report) {
            Walk::Whole => {}
            Walk::Further => {
                for index in &edges.endless {
                    report(self.last, *index as usize);
                }
            }
            Walk::Broken => {
                for index in 0..edges.owners.len() {
                    report(self.last, index);
                }
            }
        }
    }

    /// Where the machine begins.
    fn start(&mut self, at: usize) -> Option<LazyStateID> {
        let spaced = at
            .checked_sub(1)
            .is_some_and(|before| self.text.get(before) == Some(&b' '));
        if let Some((state, cleared)) = self.behind_space
            && spaced
            && cleared == self.cache.clear_count()
        {
            return Some(state);
        }
        let input = Input::new(self.text).range(at..).anchored(Anchored::Yes);
        let machine = &self.edges.machine;
        let state = machine.start_state_forward(self.cache, &input).ok()?;
        if spaced {
            self.behind_space = Some((state, self.cache.clear_count()));
        }
        Some(state)
    }

    fn walk(&mut self, at: usize, report: &mut impl FnMut(&mut Vec<u32>, usize)) -> Walk {
        let Some(mut state) = self.start(at) else {
            return Walk::Broken;
        };
        let machine = &self.edges.machine;
        let bytes = self.text.get(at..).unwrap_or_default();
        for byte in bytes.iter().take(FURTHEST) {
            let Ok(next) = machine.next_state(self.cache, state, *byte) else {
                return Walk::Broken;
            };
            state = next;
            if !state.is_tagged() {
                continue;
            }
            if state.is_match() {
                for index in 0..machine.match_len(self.cache, state) {
                    let pattern = machine.match_pattern(self.cache, state, index);
                    report(self.last, pattern.as_usize());
                }
            } else if state.is_dead() {
                return Walk::Whole;
            } else if state.is_quit() {
                return Walk::Broken;
            }
        }
        if bytes.len() > FURTHEST {
            return Walk::Further;
        }
        let Ok(state) = machine.next_eoi_state(self.cache, state) else {
            return Walk::Broken;
        };
        if state.is_match() {
            for index in 0..machine.match_len(self.cache, state) {
                let pattern = machine.match_pattern(self.cache, state, index);
                report(self.last, pattern.as_usize());
            }
        }
        Walk::Whole
    }
}
