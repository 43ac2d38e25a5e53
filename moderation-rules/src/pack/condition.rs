//! From the condition a pack writes to the typed one the engine runs.

use super::compile::Build;
use super::format::{ConditionFile, QuantityFile};
use crate::matching::condition::{Condition, Within};
use crate::matching::quantity::Sought;
use crate::matching::status::StatusSet;
use crate::matching::unit::{unit, usual};

/// Nested deeper than this, nobody can read it.
const DEEPEST: usize = 6;
/// `near` reaches no further than this.
const FURTHEST: u32 = 40;

/// So far `near` reaches where the pack does not say.
pub(super) const USUAL_REACH: u32 = 5;

/// Types a condition, or says what is wrong with it.
pub(super) fn typed(
    file: &ConditionFile,
    build: &mut Build,
    depth: usize,
) -> Result<Condition, String> {
    if depth > DEEPEST {
        return Err(format!("the condition is nested deeper than {DEEPEST}"));
    }
    let kinds = [
        file.lexicon.is_some() || file.lexicons.is_some(),
        file.phrases.is_some() || file.patterns.is_some(),
        file.quantity.is_some(),
        file.product.is_some(),
        file.balance.is_some(),
        file.disguised,
        file.near.is_some(),
        file.all.is_some(),
        file.any.is_some(),
        file.count.is_some(),
    ];
    if kinds.iter().filter(|k| **k).count() != 1 {
        return Err("a condition needs exactly one of `lexicon`, `lexicons`, `phrases`/`patterns`, `quantity`, \
                    `product`, `balance`, `disguised`, `near`, `all`, `any`, `count` (and `not` only within `all`)"
            .to_owned());
    }
    let words = kinds.iter().take(2).any(|k| *k);
    let shown = words || file.quantity.is_some();
    let meant = !file.with.is_empty() || !file.without.is_empty() || file.label.is_some();
    if meant && !shown {
        return Err(
            "`with`, `without` and `label` go with words and quantities, not with other conditions"
                .to_owned(),
        );
    }
    if file.near.is_none() && (file.words.is_some() || file.ordered) {
        return Err("`words` and `ordered` go with `near`".to_owned());
    }
    if file.all.is_none() && file.count.is_none() && file.within.is_some() {
        return Err("`within` goes with `all` and `count`".to_owned());
    }
    if file.not.is_some() {
        return Err("`not` stands as a part of `all`".to_owned());
    }
    if words {
        return lexicons(file, build);
    }
    if let Some(quantity) = &file.quantity {
        return Ok(Condition::Quantity {
            sought: sought(quantity)?,
            with: StatusSet::of(&file.with),
            without: StatusSet::of(&file.without),
            label: file.label,
        });
    }
    if let Some(product) = file.product {
        return Ok(Condition::Product(product));
    }
    if let Some(measure) = file.balance {
        return Ok(Condition::Balance(measure));
    }
    if file.disguised {
        return Ok(Condition::Disguised);
    }
    if let Some(parts) = &file.near {
        let [left, right] = parts.as_slice() else {
            return Err("`near` takes exactly two parts".to_owned());
        };
        let words = file.words.unwrap_or(USUAL_REACH);
        if words > FURTHEST {
            return Err(format!("`near` reaches at most {FURTHEST} words"));
        }
        return Ok(Condition::Near {
            left: Box::new(typed(left, build, depth + 1)?),
            right: Box::new(typed(right, build, depth + 1)?),
            words,
            ordered: file.ordered,
        });
    }
    if let Some(parts) = &file.any {
        if parts.is_empty() {
            return Err("`any` needs at least one part".to_owned());
        }
        let parts: Result<Vec<_>, _> = parts.iter().map(|p| typed(p, build, depth + 1)).collect();
        return parts.map(Condition::Any);
    }
    if let Some(count) = &file.count {
        if count.at_least < 2 {
            return Err("`count` counts from 2: without it a condition holds from 1".to_owned());
        }
        let within = file.within.unwrap_or(Within::Text);
        if within == Within::Thread {
            return Err(
                "`count` looks within a `sentence`, a `paragraph` or the `text`".to_owned(),
            );
        }
        return Ok(Condition::Count {
            of: Box::new(typed(&count.of, build, depth + 1)?),
            at_least: count.at_least as usize,
            within,
        });
    }
    let parts = file.all.as_deref().unwrap_or_default();
    all(parts, file.within.unwrap_or_default(), build, depth)
}

fn sought(file: &QuantityFile) -> Result<Sought, String> {
    let limited = file.min.is_some() || file.max.is_some();
    let unit = match &file.unit {
        Some(written) => {
            let known = unit(&written.to_lowercase()).filter(|unit| unit.kind == file.kind);
            Some(known.ok_or_else(|| format!("`{written}` is no unit of this kind"))?)
        }
        None if limited => {
            let usual = usual(file.kind);
            Some(usual.ok_or("limits of a `lab` value need a `unit`")?)
        }
        None => None,
    };
    let in_base = |limit: Option<f64>| limit.map(|l| unit.map_or(l, |unit| unit.in_base(l)));
    let (min, max) = (in_base(file.min), in_base(file.max));
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        return Err("`min` is above `max`: nothing can be both".to_owned());
    }
    Ok(Sought {
        kind: file.kind,
        base: unit.map(|unit| unit.base),
        min,
        max,
    })
}

fn all(
    parts: &[ConditionFile],
    within: Within,
    build: &mut Build,
    depth: usize,
) -> Result<Condition, String> {
    let (mut shown, mut none) = (Vec::new(), Vec::new());
    for part in parts {
        match &part.not {
            Some(inner) => none.push(typed(inner, build, depth + 1)?),
            None => shown.push(typed(part, build, depth + 1)?),
        }
    }
    if shown.is_empty() {
        return Err(
            "`all` needs at least one part that is not `not`: a finding must show words".to_owned(),
        );
    }
    let first = Box::new(shown.remove(0));
    Ok(Condition::All {
        first,
        rest: shown,
        none,
        within,
    })
}

fn lexicons(file: &ConditionFile, build: &mut Build) -> Result<Condition, String> {
    let mut ids = Vec::new();
    for name in file.lexicon.iter().chain(file.lexicons.iter().flatten()) {
        ids.push(build.lexicon(name)?);
    }
    if file.phrases.is_some() || file.patterns.is_some() {
        let phrases = file.phrases.as_deref().unwrap_or_default();
        let patterns = file.patterns.as_deref().unwrap_or_default();
        ids.push(build.unnamed(phrases, patterns, file.leet)?);
    }
    if ids.is_empty() {
        return Err("the list of lexicons is empty".to_owned());
    }
    Ok(Condition::Lexicons {
        lexicons: ids,
        with: StatusSet::of(&file.with),
        without: StatusSet::of(&file.without),
        label: file.label,
    })
}
