//! What stands above a reply: the title of its thread and the post that is answered.

use std::cell::{OnceCell, RefCell};

use super::condition::{Condition, Reading};
use super::hits::Hits;
use super::scan::Matcher;
use super::status::Cues;
use crate::balance::{BalanceLexicons, Weighing};
use crate::context::Context;
use crate::product::Mentions;
use crate::submission::Submission;
use crate::text::Text;

/// The words above a reply, read only when a rule first asks for them.
pub(crate) struct Thread<'a> {
    pub matcher: &'a Matcher,
    pub context: &'a Context,
    pub balance: BalanceLexicons,
    pub read: OnceCell<Above<'a>>,
}

/// The words above, ready for conditions.
pub(crate) struct Above<'a> {
    text: Text,
    hits: Hits<'a>,
    mentions: Mentions<'a>,
    balance: Weighing,
}

impl<'a> Thread<'a> {
    /// The post that is answered.
    pub(crate) fn answered(&self) -> Option<&'a str> {
        self.context.parent_body.as_deref()
    }

    /// Whether a condition holds somewhere in the title of the thread or the post that is answered.
    pub(crate) fn says(&self, condition: &Condition, cues: &Cues) -> bool {
        if self.context.thread_title.is_none() && self.context.parent_body.is_none() {
            return false;
        }
        let above = self.read.get_or_init(|| self.above(cues));
        let reading = Reading {
            text: &above.text,
            hits: &above.hits,
            cues,
            mentions: &above.mentions,
            balance: &above.balance,
            thread: None,
            story: OnceCell::new(),
            paragraphs: OnceCell::new(),
            quantities: OnceCell::new(),
            copied: OnceCell::new(),
            statuses: RefCell::default(),
        };
        !reading.places(condition, u64::MAX).is_empty()
    }

    fn above(&self, cues: &Cues) -> Above<'a> {
        let text = Text::read(&Submission {
            title: self.context.thread_title.as_deref(),
            body: self.context.parent_body.as_deref().unwrap_or_default(),
        });
        let hits = self.matcher.scan(&text);
        Above {
            mentions: Mentions::read(&text, self.context),
            balance: Weighing::of(&text, &hits, cues, self.balance),
            text,
            hits,
        }
    }
}
