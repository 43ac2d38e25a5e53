//! What can never hold: a rule that is never asked, or a condition that contradicts itself, protects nobody.

use super::format::{ConditionFile, Pack, RuleFile};
use crate::balance::Measure;
use crate::context::{Audience, Speaker, Surface};
use crate::finding::{Family, Status};
use crate::matching::condition::Within;
use crate::rule::{Evidence, ProductNeed, in_market};

/// What is wrong, and the mend.
pub(super) type Wrong = (String, &'static str);

/// Why a rule would never apply, or a part of it never count.
pub(super) fn of_rule(pack: &Pack, rule: &RuleFile) -> Vec<Wrong> {
    let scope = &rule.scope;
    let mut wrong = Vec::new();
    let mut refuse = |holds: bool, problem: &str, mend: &'static str| {
        if holds {
            wrong.push((problem.to_owned(), mend));
        }
    };
    refuse(
        rule.lowered_by
            .iter()
            .any(|status| rule.set_aside_by.contains(status)),
        "a meaning stands in `lowered_by` and in `set_aside_by`",
        "leave it in one of them: what is set aside cannot be lowered",
    );
    refuse(
        !scope.product_statuses.is_empty() && scope.product == ProductNeed::None,
        "`product_statuses` asks for a product, and the scope does not",
        "add `product = \"in_play\"` or `product = \"named\"` to the scope",
    );
    let unknown =
        scope.speakers.contains(&Speaker::Unknown) || scope.audiences.contains(&Audience::Unknown);
    refuse(
        unknown,
        "`unknown` is no scope: where nobody knows, every rule applies",
        "name the speakers or audiences the rule is for, or none for all",
    );
    refuse(
        twice(&scope.speakers)
            || twice(&scope.audiences)
            || twice(&scope.surfaces)
            || twice(&scope.product_statuses)
            || twice(&scope.markets),
        "the scope names something twice",
        "name it once",
    );
    let jurisdictions = &pack.file.pack.jurisdictions;
    let outside = |market: &String| !in_market(jurisdictions, Some(market));
    refuse(
        scope.markets.iter().any(outside),
        "the scope names a market that the pack is not made for",
        "name a market within the jurisdictions of the pack",
    );
    refuse(
        rule.family != Family::AdverseEvent && rule.evidence != Evidence::default(),
        "`evidence` is for adverse events only",
        "take it out, or make the rule one of adverse events",
    );
    let answers = scope.surfaces.is_empty() || scope.surfaces.contains(&Surface::Reply);
    refuse(
        !answers && reads_thread(&rule.when),
        "the condition reads the thread, and the scope has no replies",
        "add the surface `reply`, or look `within` the text",
    );
    let asked = &rule.when.with;
    refuse(
        !asked.is_empty()
            && asked
                .iter()
                .all(|status| rule.set_aside_by.contains(status)),
        "every hit the condition asks for is set aside",
        "take the meaning out of `with` or out of `set_aside_by`",
    );
    wrong
}

fn twice<T: PartialEq>(list: &[T]) -> bool {
    (1..)
        .zip(list)
        .any(|(after, item)| list.iter().skip(after).any(|other| other == item))
}

fn reads_thread(condition: &ConditionFile) -> bool {
    condition.within == Some(Within::Thread) || condition.parts().any(reads_thread)
}

/// Why a condition can never hold, itself or in its parts.
pub(super) fn of_condition(condition: &ConditionFile) -> Result<(), String> {
    let both = |status: &&Status| condition.without.contains(status);
    if let Some(status) = condition.with.iter().find(both) {
        let status = format!("{status:?}").to_lowercase();
        return Err(format!(
            "the words must be `{status}` and must not: that cannot be"
        ));
    }
    let empty = |list: &Option<Vec<String>>| list.as_ref().is_some_and(Vec::is_empty);
    if empty(&condition.phrases) || empty(&condition.patterns) || empty(&condition.lexicons) {
        return Err("a list of words is empty".to_owned());
    }
    for parts in [&condition.all, &condition.any].into_iter().flatten() {
        if twice(parts) {
            return Err("the same part stands there twice".to_owned());
        }
    }
    let parts = condition.all.as_deref().unwrap_or_default();
    let shown = || parts.iter().filter(|part| part.not.is_none());
    for denied in parts.iter().filter_map(|part| part.not.as_deref()) {
        if shown().any(|part| covers(denied, part)) {
            return Err("a part of `all` is also under `not`: that cannot be".to_owned());
        }
    }
    let asks = |measure: Measure| shown().any(|part| part.balance == Some(measure));
    if asks(Measure::Buried) && (asks(Measure::Absent) || asks(Measure::Linked)) {
        return Err("risk cannot be absent and told too late: that cannot be".to_owned());
    }
    condition.parts().try_for_each(of_condition)
}

/// Whether wherever `inner` holds, `outer` holds too, as far as their words say.
fn covers(outer: &ConditionFile, inner: &ConditionFile) -> bool {
    if outer == inner {
        return true;
    }
    let names = |condition: &ConditionFile| -> Vec<String> {
        let one = condition.lexicon.iter();
        one.chain(condition.lexicons.iter().flatten())
            .cloned()
            .collect()
    };
    let bare = outer.with.is_empty() && outer.without.is_empty() && outer.label.is_none();
    let only_names = inner.phrases.is_none() && inner.patterns.is_none();
    let (outer, inner) = (names(outer), names(inner));
    bare && only_names && !inner.is_empty() && inner.iter().all(|name| outer.contains(name))
}
