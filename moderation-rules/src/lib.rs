//! The rule engine of Hortus: reads a text before anyone else may, and says what stands in its way.
//!
//! A [`RuleSet`] is loaded from rule packs, TOML files that regulatory people own. [`RuleSet::screen`] reads a
//! [`Submission`] under its [`Context`] and answers with a [`Screening`]: every finding with its place in the original
//! text, the clause it stands on and a remedy; the score of each concern; a verdict; a place in the review queue, with what
//! it is made of; where an adverse event is possible, the four criteria with their evidence; where a benefit is claimed,
//! the [`Balance`].
//!
//! ```
//! use moderation_rules::{Context, Product, RuleSet, Submission, Verdict};
//!
//! let rules = RuleSet::shipped()?;
//! let context = Context {
//!     products: vec![Product { name: "Zelvoria".into(), ..Product::default() }],
//!     thread_product: Some("Zelvoria".into()),
//!     ..Context::default()
//! };
//! let text = "Two weeks in and I have a terrible rash on both arms.";
//! let screening = rules.screen(&Submission { title: None, body: text }, &context);
//!
//! assert_eq!(screening.verdict, Verdict::Hold);
//! let event = screening.adverse_event.ok_or("a rash is a possible reaction")?;
//! assert!(event.is_valid_report());
//! assert_eq!(event.product.evidence.as_deref(), Some("Zelvoria"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How a text is read
//! 1. The engine folds it: compatibility forms, case, look-alikes, invisible characters, accents, Markdown and
//!    HTML disappear, offsets stay true to the original; then it is cut into words and sentences.
//! 2. Three passes find everything any pack looks for: a trie for phrases, a table for word endings, and for
//!    patterns one machine over their openings and one table of literals, so that only those that can match are run.
//! 3. Each rule whose scope fits asks its condition. How words are meant (denied, asked, feared, quoted, past, about a
//!    relative, relieved, the illness itself, the language of labels) is judged where they stand.
//! 4. The scores of the findings are joined into one score for each concern; these, and the weightiest finding, give the
//!    verdict and the place in the queue. Benefit and risk are weighed against each other.
//!
//! # What it promises
//! * **Pure**: no input or output, no clock, no randomness. The same text, context and packs give the same bytes.
//! * **Total**: no text makes it fail; what it cannot judge is held with a technical reason.
//! * **Linear**: time grows with the length of the text, whatever is in it.
//! * **Explained**: no finding without a clause, a message for the moderator and a remedy for the author.
#![warn(missing_docs)]

mod adverse_event;
mod balance;
mod certainty;
mod context;
mod error;
pub mod evaluation;
mod finding;
mod indication;
mod language;
mod market;
mod matching;
mod pack;
mod priority;
mod product;
mod reasons;
mod rule;
mod rule_set;
mod submission;
pub mod terminology;
mod text;
mod verdict;

pub use adverse_event::{AdverseEvent, Criterion, Ground, Seriousness, SpecialSituation};
pub use balance::{Balance, Lack};
pub use context::{Audience, Context, Product, ProductStatus, Speaker, Surface};
pub use error::{Fault, LoadError};
pub use finding::{Family, Finding, Severity, Status};
pub use pack::{PackSource, document, explain, rule_words};
pub use priority::PriorityPart;
pub use product::{Inference, ProductInPlay};
pub use rule::{Evidence, Examples, ProductNeed, Rule, RuleWords, Scope};
pub use rule_set::RuleSet;
pub use submission::{Field, Place, Submission};
pub use verdict::{Screening, Verdict};
