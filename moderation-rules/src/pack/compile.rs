//! From checked packs to one matcher and typed rules.

use std::collections::BTreeMap;

use super::condition::typed;
use super::format::{LexiconFile, Pack};
use super::reach;
use crate::adverse_event::{CriterionLexicons, PRODUCT_NAMES};
use crate::balance::BalanceLexicons;
use crate::error::Fault;
use crate::language::OTHER_LANGUAGE;
use crate::matching::LexiconId;
use crate::matching::condition::Condition;
use crate::matching::hits::Rooms;
use crate::matching::leet::Leet;
use crate::matching::pattern::PatternList;
use crate::matching::scan::Matcher;
use crate::matching::status::{CUE_NAMES, Cues};
use crate::matching::stem::Stems;
use crate::matching::trie::Trie;
use crate::matching::trigger::Triggers;
use crate::rule::{Examples, Rule, RuleWords};
use crate::terminology::{self, Terminology, Terms};

/// A rule with the condition that runs it.
pub(crate) struct Ruling {
    pub rule: Rule,
    pub condition: Condition,
}

/// Packs ready to screen with.
pub(crate) struct Compiled {
    pub rulings: Vec<Ruling>,
    pub triggers: Triggers,
    pub matcher: Matcher,
    pub terms: Terms,
    pub cues: Cues,
    pub balance: BalanceLexicons,
    pub criteria: CriterionLexicons,
    /// Common words of other languages.
    pub other_language: Option<LexiconId>,
}

/// What conditions add to while they are typed.
#[derive(Default)]
pub(super) struct Build {
    names: BTreeMap<String, LexiconId>,
    /// Lexicons without a name, by their phrases, their patterns, and whether they are read in leetspeak.
    unnamed: BTreeMap<(Vec<String>, Vec<String>, bool), LexiconId>,
    /// What strikes out the hits of a lexicon.
    struck_by: BTreeMap<LexiconId, LexiconId>,
    trie: Trie,
    leet: Leet,
    stems: Stems,
    patterns: PatternList,
    lexicons: LexiconId,
}

impl Build {
    /// The lexicon of that name.
    pub(super) fn lexicon(&self, name: &str) -> Result<LexiconId, String> {
        self.names
            .get(name)
            .copied()
            .ok_or_else(|| format!("there is no lexicon `{name}`"))
    }

    /// A lexicon without a name, of words that a condition gives itself.
    pub(super) fn unnamed(
        &mut self,
        phrases: &[String],
        patterns: &[String],
        leet: bool,
    ) -> Result<LexiconId, String> {
        // The same words in two rules are looked for once.
        let words = (phrases.to_vec(), patterns.to_vec(), leet);
        if let Some(known) = self.unnamed.get(&words) {
            return Ok(*known);
        }
        let id = self.next();
        self.unnamed.insert(words, id);
        if leet {
            self.leet.lexicon(id);
        }
        for phrase in phrases {
            self.phrase(phrase, id, leet)
                .map_err(|e| format!("phrase `{phrase}`: {e}"))?;
        }
        for pattern in patterns {
            self.patterns
                .add(pattern, false, None, id, None)
                .map_err(|e| format!("pattern `{pattern}`: {e}"))?;
        }
        Ok(id)
    }

    fn phrase(&mut self, phrase: &str, id: LexiconId, leet: bool) -> Result<(), String> {
        let words = &mut self.leet;
        self.trie.add(phrase, id, &mut |word, number| {
            if leet {
                words.word(word, number);
            }
        })
    }

    fn next(&mut self) -> LexiconId {
        self.lexicons += 1;
        self.lexicons - 1
    }

    fn add(&mut self, pack: &Pack, file: &LexiconFile, faults: &mut Vec<Fault>) {
        let name = file.name.get_ref();
        // Packs that give a lexicon of the same name add to one list.
        let id = match self.names.get(name) {
            Some(known) => *known,
            None => self.next(),
        };
        self.names.insert(name.clone(), id);
        let excepted = !(file.except.is_empty() && file.except_patterns.is_empty());
        let exception = match self.struck_by.get(&id) {
            Some(known) => *known,
            None if excepted => self.next(),
            None => id,
        };
        if excepted {
            self.struck_by.insert(id, exception);
        }
        if file.leet {
            self.leet.lexicon(id);
        }
        let mut refuse = |at: usize, problem: String, mend: &str| {
            faults.push(pack.fault(Some(at), name, problem, mend));
        };
        for (phrases, id) in [(&file.phrases, id), (&file.except, exception)] {
            for phrase in phrases {
                if let Err(problem) = self.phrase(phrase.get_ref(), id, file.leet) {
                    let problem = format!("phrase `{}`: {problem}", phrase.get_ref());
                    refuse(
                        phrase.span().start,
                        problem,
                        "write it as packs/README.md shows",
                    );
                }
            }
        }
        for stem in &file.stems {
            if let Err(problem) = self.stems.add(stem.get_ref(), id) {
                let problem = format!("stem `{}`: {problem}", stem.get_ref());
                refuse(
                    stem.span().start,
                    problem,
                    "write the ending only, such as `tinib`",
                );
            }
        }
        for (patterns, id, strikes) in [
            (&file.patterns, id, None),
            (&file.except_patterns, exception, Some(id)),
        ] {
            for pattern in patterns {
                let cased = file.as_written;
                let added = self
                    .patterns
                    .add(pattern.get_ref(), cased, file.check, id, strikes);
                if let Err(problem) = added {
                    let problem = format!("pattern `{}`: {problem}", pattern.get_ref());
                    refuse(pattern.span().start, problem, "mend the regular expression");
                }
            }
        }
    }
}

/// Compiles packs that passed validation.
pub(super) fn compile(
    packs: &[Pack],
    terminologies: Vec<Terminology>,
) -> Result<Compiled, Vec<Fault>> {
    let mut build = Build::default();
    let mut faults = Vec::new();
    for pack in packs {
        for lexicon in &pack.file.lexicons {
            build.add(pack, lexicon, &mut faults);
        }
    }
    let mut rulings = Vec::new();
    for pack in packs {
        let header = &pack.file.pack;
        for file in &pack.file.rules {
            let code = file.code.get_ref();
            let condition = match reach::of_condition(&file.when)
                .and_then(|()| typed(&file.when, &mut build, 1))
            {
                Ok(condition) => condition,
                Err(problem) => {
                    let mend = "mend its `when`; packs/README.md explains conditions";
                    faults.push(pack.fault(Some(file.code.span().start), code, problem, mend));
                    continue;
                }
            };
            rulings.push(Ruling {
                rule: Rule {
                    code: code.clone(),
                    words: RuleWords {
                        title: file.title.clone(),
                        message: file.message.clone(),
                        remedy: file.remedy.clone(),
                        clause: file.clause.clone(),
                        rationale: file.rationale.clone(),
                        owner: file.owner.clone(),
                    },
                    family: file.family,
                    severity: file.severity,
                    score: file.score.unwrap_or(file.severity.usual_score()),
                    lowered_severity: file.lowered_severity,
                    lowered_by: file.lowered_by.clone(),
                    set_aside_by: file.set_aside_by.clone(),
                    scope: file.scope.clone(),
                    evidence: file.evidence.clone(),
                    source: file.source.clone(),
                    pack: header.id.clone(),
                    pack_version: header.version.clone(),
                    jurisdictions: header.jurisdictions.clone(),
                    effective: header.effective.clone(),
                    until: header.until.clone(),
                    examples: Examples {
                        hits: file.hits.clone(),
                        misses: file.misses.clone(),
                        context: (&file.example_context).into(),
                    },
                },
                condition,
            });
        }
    }
    let mut terms = Terms::default();
    for terminology in terminologies {
        let joins = terminology.joins().map(|name| build.lexicon(name));
        match joins.transpose() {
            Ok(joins) => terminology::add(&mut build.trie, &mut terms, terminology, joins),
            Err(problem) => faults.push(Fault {
                pack: terminology.source().to_owned(),
                line: None,
                subject: terminology.joins().map(str::to_owned),
                problem,
                mend: "import the terminology again and name a lexicon of the packs".to_owned(),
            }),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut cues = Cues::default();
    for name in CUE_NAMES {
        if let Some(id) = build.names.get(*name) {
            cues.set(name, *id);
        }
    }
    let named = |name: &str| build.names.get(name).copied();
    let balance = BalanceLexicons {
        benefit: named("benefit_claim"),
        risk: named("risk_information"),
        risk_link: named("risk_link"),
        boxed_warning: named("boxed_warning"),
    };
    let criteria = CriterionLexicons {
        one_patient: named("one_patient"),
        author_as_patient: named("author_as_patient"),
        other_products: PRODUCT_NAMES.map(named),
    };
    let other_language = named(OTHER_LANGUAGE);
    let patterns = build.patterns.build().map_err(|problem| {
        vec![Fault {
            pack: "packs".to_owned(),
            line: None,
            subject: None,
            problem,
            mend: "use fewer or shorter patterns".to_owned(),
        }]
    })?;
    build.trie.finish();
    let triggers = Triggers::of(
        rulings.iter().map(|r: &Ruling| &r.condition),
        build.lexicons as usize,
    );
    Ok(Compiled {
        rulings,
        triggers,
        matcher: Matcher {
            trie: build.trie,
            leet: build.leet,
            stems: build.stems,
            patterns,
            exceptions: build
                .struck_by
                .into_iter()
                .map(|(struck, by)| (by, struck))
                .collect(),
            lexicons: build.lexicons as usize,
            rooms: Rooms::default(),
        },
        terms,
        cues,
        balance,
        criteria,
        other_language,
    })
}
