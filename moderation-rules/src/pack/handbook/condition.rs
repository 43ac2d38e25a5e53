//! What a rule looks for, in words.

use crate::balance::Measure;
use crate::finding::Status;
use crate::matching::condition::{Label, ProductName, Within};
use crate::matching::unit::{Kind, usual};
use crate::pack::format::{ConditionFile, QuantityFile};

/// So many phrases of a condition are shown; the pack has them all.
const SHOWN: usize = 6;

/// A condition in words; `list` says how a lexicon is named.
pub(super) fn in_words(condition: &ConditionFile, list: &dyn Fn(&str) -> String) -> String {
    if let Some(parts) = &condition.near {
        let [left, right] = parts.as_slice() else {
            return String::new();
        };
        let (left, right) = (part(left, list), part(right, list));
        let words = condition.words.unwrap_or(5);
        return if condition.ordered {
            format!("{left}, followed within {words} words by {right}")
        } else {
            format!("{left}, at most {words} words away from {right}")
        };
    }
    if let Some(parts) = &condition.any {
        let parts: Vec<String> = parts.iter().map(|p| part(p, list)).collect();
        return parts.join("; or ");
    }
    if let Some(parts) = &condition.all {
        let there = parts.iter().filter(|p| p.not.is_none());
        let there: Vec<String> = there.map(|p| part(p, list)).collect();
        let not: Vec<String> = parts
            .iter()
            .filter_map(|p| p.not.as_deref())
            .map(|p| part(p, list))
            .collect();
        let place = place(condition.within.unwrap_or_default());
        let mut words = match there.as_slice() {
            [one] => one.clone(),
            _ => format!("{}, {place}", there.join(" together with ")),
        };
        if !not.is_empty() {
            words += &format!(", but not {place} with {}", not.join(", or "));
        }
        return words;
    }
    if let Some(count) = &condition.count {
        let place = place(condition.within.unwrap_or(Within::Text));
        let (times, of) = (count.at_least, part(&count.of, list));
        return format!("at least {times} times {place}: {of}");
    }
    if let Some(measure) = condition.balance {
        return balance(measure).to_owned();
    }
    if let Some(name) = condition.product {
        return product(name).to_owned();
    }
    if condition.disguised {
        return "characters that turn the writing direction or are drawn as blanks".to_owned();
    }
    let words = match &condition.quantity {
        Some(sought) => quantity(sought),
        None => looked_up(condition, list),
    };
    words + &meant(condition)
}

/// A part of another condition, in brackets where it has parts itself.
fn part(condition: &ConditionFile, list: &dyn Fn(&str) -> String) -> String {
    let words = in_words(condition, list);
    match condition.parts().next() {
        Some(_) => format!("({words})"),
        None => words,
    }
}

fn looked_up(condition: &ConditionFile, list: &dyn Fn(&str) -> String) -> String {
    let many = condition.lexicons.iter().flatten();
    let lists: Vec<String> = condition
        .lexicon
        .iter()
        .chain(many)
        .map(|l| list(l))
        .collect();
    if !lists.is_empty() {
        return format!("words of {}", one_of(lists.iter().map(String::as_str)));
    }
    let mut words = Vec::new();
    if let Some(phrases) = condition.phrases.as_deref().filter(|p| !p.is_empty()) {
        words.push(match phrases.len().saturating_sub(SHOWN) {
            0 => few(phrases),
            1 => format!("{} and one more phrase", few(phrases)),
            more => format!("{} and {more} more phrases", few(phrases)),
        });
    }
    if let Some(patterns) = condition.patterns.as_ref().filter(|p| !p.is_empty()) {
        words.push(match patterns.len() {
            1 => "what is written in the form of a pattern".to_owned(),
            n => format!("what is written in the form of one of {n} patterns"),
        });
    }
    words.join(", or ")
}

/// The first phrases.
pub(super) fn few<T: AsRef<str>>(phrases: &[T]) -> String {
    let shown: Vec<String> = phrases
        .iter()
        .take(SHOWN)
        .map(|phrase| format!("“{}”", sample(phrase.as_ref())))
        .collect();
    shown.join(", ")
}

/// A phrase as somebody could write it: of every choice the first, of every gap three dots.
fn sample(phrase: &str) -> String {
    let mut words = String::new();
    // For each bracket that is open: whether its first choice is over.
    let mut over: Vec<bool> = Vec::new();
    for letter in phrase.chars() {
        match letter {
            '(' => over.push(over.last().copied().unwrap_or_default()),
            ')' => {
                over.pop();
            }
            '|' => {
                if let Some(last) = over.last_mut() {
                    *last = true;
                }
            }
            '+' => {}
            _ if over.contains(&true) => {}
            '_' => words.push('…'),
            _ => words.push(letter),
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn meant(condition: &ConditionFile) -> String {
    let mut words = String::new();
    if !condition.with.is_empty() {
        words += &format!(", only where {}", meanings(&condition.with));
    }
    if !condition.without.is_empty() {
        words += &format!(", not where {}", meanings(&condition.without));
    }
    words += match condition.label {
        Some(Label::OutsideIndication) => ", where the labelled indication does not name it",
        Some(Label::BelowLabelledAge) => ", below the labelled age",
        Some(Label::AboveLabelledAge) => ", above the labelled age",
        Some(Label::OutsideDose) => ", above or below the labelled dose",
        Some(Label::OutsideRoute) => ", where the label does not have that route",
        Some(Label::NotAProduct) => ", not as part of the name of a product",
        None => "",
    };
    words
}

/// How words are meant, in words.
pub(super) fn meanings(statuses: &[Status]) -> String {
    one_of(statuses.iter().map(|status| meaning(*status)))
}

/// "a, b or c".
pub(super) fn one_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

fn meaning(status: Status) -> &'static str {
    match status {
        Status::Negated => "denied",
        Status::Question => "asked",
        Status::Hypothetical => "imagined or feared",
        Status::Conditional => "bound to a condition",
        Status::Quoted => "somebody else's words",
        Status::Historical => "past, or from before the treatment",
        Status::FamilyMember => "about a relative",
        Status::Benefit => "relieved by the treatment",
        Status::Indication => "the illness that is treated",
        Status::Generic => "the language of labels",
    }
}

fn quantity(sought: &QuantityFile) -> String {
    let what = match sought.kind {
        Kind::Dose => "a dose",
        Kind::Duration => "a length of time",
        Kind::Percent => "a percentage",
        Kind::Age => "an age",
        Kind::Weight => "a body weight",
        Kind::Temperature => "a body temperature",
        Kind::Lab => "a laboratory or vital value",
    };
    let usual = || usual(sought.kind).map(|unit| unit.base);
    let unit = sought.unit.as_deref().or_else(usual).unwrap_or_default();
    match (sought.min, sought.max) {
        (Some(min), Some(max)) => format!("{what} from {min} to {max} {unit}"),
        (Some(min), None) => format!("{what} of {min} {unit} or more"),
        (None, Some(max)) => format!("{what} of {max} {unit} or less"),
        (None, None) => what.to_owned(),
    }
}

fn place(within: Within) -> &'static str {
    match within {
        Within::Sentence => "in one sentence",
        Within::Paragraph => "in one paragraph",
        Within::Text => "in one text",
        Within::Thread => "in the text or its thread",
    }
}

fn balance(measure: Measure) -> &'static str {
    match measure {
        Measure::Absent => "a claim of benefit in a text that tells no risk",
        Measure::Linked => "a claim of benefit in a text that only links to the risk",
        Measure::Buried => {
            "a claim of benefit in a text that tells too little of the risk, or too late"
        }
    }
}

fn product(name: ProductName) -> &'static str {
    match name {
        ProductName::Any => "the name of a product",
        ProductName::Brand => "the brand name of a product",
        ProductName::BrandAlone => {
            "the brand name of a product whose established name stands nowhere in the text"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(condition: &str) -> String {
        in_words(&toml::from_str(condition).unwrap(), &|name| {
            format!("*{name}*")
        })
    }

    #[test]
    fn phrases_are_shown_as_somebody_could_write_them() {
        assert_eq!(
            sample("feel+ (very |)sick (_ |)to (my|the (whole|big)) stomach"),
            "feel very sick … to my stomach"
        );
        assert_eq!(
            words(r#"phrases = ["a", "b", "c", "d", "e", "f", "g", "h"]"#),
            "“a”, “b”, “c”, “d”, “e”, “f” and 2 more phrases"
        );
    }

    #[test]
    fn nested_conditions_are_told_in_brackets() {
        assert_eq!(
            words(
                r#"all = [
                  { near = [{ lexicon = "body" }, { lexicon = "change", without = ["negated", "question"] }], words = 4 },
                  { not = { phrases = ["on purpose"] } },
                ]"#
            ),
            "(words of *body*, at most 4 words away from words of *change*, not where denied or asked), \
             but not in one sentence with “on purpose”"
        );
        assert_eq!(
            words(r#"count = { of = { lexicons = ["a", "b"] }, at_least = 3 }"#),
            "at least 3 times in one text: words of *a* or *b*"
        );
        assert_eq!(
            words(r#"quantity = { kind = "age", max = 11 }"#),
            "an age of 11 years or less"
        );
    }
}
