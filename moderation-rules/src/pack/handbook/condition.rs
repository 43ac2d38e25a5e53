//! What a rule looks for, in words.

use crate::balance::Measure;
use crate::finding::Status;
use crate::matching::condition::{Label, ProductName, Within};
use crate::matching::unit::{Kind, usual};
use crate::pack::condition::USUAL_REACH;
use crate::pack::format::{ConditionFile, QuantityFile};

/// How a condition is told.
pub(super) struct Telling<'a> {
    /// How a lexicon is named.
    pub list: &'a dyn Fn(&str) -> String,
    /// So many phrases and lexicons of one condition are named; of more only how many there are.
    pub most: usize,
    /// So many lines of an outline are shown.
    pub lines: usize,
}

/// A line of an outline: how deep it stands, and its words.
type Line = (usize, String);

impl Telling<'_> {
    /// A condition as an outline: the first line stands at depth 0, what it announces one deeper.
    pub(super) fn outline(&self, condition: &ConditionFile) -> Vec<Line> {
        let mut lines = Vec::new();
        self.tell(condition, "", 0, &mut lines);
        lines
    }

    fn tell(&self, condition: &ConditionFile, before: &str, depth: usize, lines: &mut Vec<Line>) {
        if let Some(words) = self.inline(condition) {
            lines.push((depth, format!("{before}{words}")));
            return;
        }
        let place = place(condition.within.unwrap_or_else(|| usual_place(condition)));
        let (heading, parts) = if let Some(parts) = &condition.near {
            let reach = reach(condition.words);
            let order = if condition.ordered {
                ", in this order"
            } else {
                ""
            };
            (
                format!("both, at most {reach} apart{order}:"),
                parts.iter().collect(),
            )
        } else if let Some(parts) = &condition.any {
            ("one of these:".to_owned(), parts.iter().collect())
        } else if let Some(count) = &condition.count {
            let heading = format!("at least {} times {place}:", count.at_least);
            (heading, vec![&*count.of])
        } else {
            let parts = condition.all.iter().flatten();
            let there: Vec<_> = parts.filter(|part| part.not.is_none()).collect();
            match there.as_slice() {
                [_] => (format!("{place}:"), there),
                _ => (format!("all of these, {place}:"), there),
            }
        };
        lines.push((depth, format!("{before}{heading}")));
        for part in parts {
            self.tell(part, "", depth + 1, lines);
        }
        for part in condition
            .all
            .iter()
            .flatten()
            .filter_map(|p| p.not.as_deref())
        {
            self.tell(part, "but not ", depth + 1, lines);
        }
    }

    /// A condition that can be told in one breath.
    fn inline(&self, condition: &ConditionFile) -> Option<String> {
        if let Some(parts) = &condition.near {
            let [left, right] = parts.as_slice() else {
                return None;
            };
            let (left, right) = (self.leaf(left)?, self.leaf(right)?);
            let reach = reach(condition.words);
            return Some(if condition.ordered {
                format!("{left}, followed within {reach} by {right}")
            } else {
                format!("{left}, at most {reach} away from {right}")
            });
        }
        if let Some([one]) = condition.any.as_deref() {
            return self.inline(one);
        }
        self.leaf(condition)
    }

    /// A condition without parts.
    fn leaf(&self, condition: &ConditionFile) -> Option<String> {
        if condition.parts().next().is_some() {
            return None;
        }
        if let Some(measure) = condition.balance {
            return Some(balance(measure).to_owned());
        }
        if let Some(name) = condition.product {
            return Some(product(name).to_owned());
        }
        if condition.disguised {
            return Some(
                "characters that turn the writing direction or are drawn as blanks".to_owned(),
            );
        }
        let words = match &condition.quantity {
            Some(sought) => quantity(sought),
            None => self.looked_up(condition),
        };
        Some(words + &meant(condition))
    }

    fn looked_up(&self, condition: &ConditionFile) -> String {
        let many = condition.lexicons.iter().flatten();
        let lists: Vec<&String> = condition.lexicon.iter().chain(many).collect();
        if !lists.is_empty() {
            let named: Vec<String> = lists
                .iter()
                .take(self.most)
                .map(|l| (self.list)(l))
                .collect();
            return match lists.len() - named.len() {
                0 => one_of(named.iter().map(String::as_str)),
                more => format!("{} or {more} more", named.join(", ")),
            };
        }
        let mut words = Vec::new();
        if let Some(phrases) = condition.phrases.as_deref().filter(|p| !p.is_empty()) {
            let shown = few(phrases, self.most);
            words.push(match phrases.len().saturating_sub(self.most) {
                0 => shown,
                more => format!("{shown} or {more} more"),
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
}

fn usual_place(condition: &ConditionFile) -> Within {
    match condition.count {
        Some(_) => Within::Text,
        None => Within::default(),
    }
}

fn reach(words: Option<u32>) -> String {
    match words.unwrap_or(USUAL_REACH) {
        1 => "one word".to_owned(),
        n => format!("{n} words"),
    }
}

/// The first phrases.
pub(super) fn few<T: AsRef<str>>(phrases: &[T], most: usize) -> String {
    let shown: Vec<String> = phrases
        .iter()
        .take(most)
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
            '(' => {
                over.push(over.last().copied().unwrap_or_default());
                words.push(' ');
            }
            ')' => {
                over.pop();
                words.push(' ');
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
        Status::Historical => "from the past",
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

    fn outline(condition: &str) -> String {
        let telling = Telling {
            list: &|name| format!("*{name}*"),
            most: 2,
            lines: usize::MAX,
        };
        let lines = telling.outline(&toml::from_str(condition).unwrap());
        let indented = |(depth, words): &Line| format!("{}{words}\n", "  ".repeat(*depth));
        lines.iter().map(indented).collect()
    }

    #[test]
    fn phrases_are_shown_as_somebody_could_write_them() {
        assert_eq!(
            sample("feel+ (very |)(sick|ill) (_ |)to (my|the (whole|big)) stomach"),
            "feel very sick … to my stomach"
        );
        assert_eq!(
            outline(r#"phrases = ["a", "b", "c", "d"]"#),
            "“a”, “b” or 2 more\n"
        );
        assert_eq!(outline(r#"lexicons = ["a", "b"]"#), "*a* or *b*\n");
        assert_eq!(
            outline(r#"lexicons = ["a", "b", "c"]"#),
            "*a*, *b* or 1 more\n"
        );
    }

    #[test]
    fn conditions_with_parts_are_outlines() {
        let told = outline(
            r#"all = [
              { near = [{ lexicon = "body" }, { lexicon = "change", without = ["negated", "question"] }], words = 4 },
              { any = [{ lexicon = "drug" }, { product = "any" }] },
              { not = { phrases = ["on purpose"] } },
            ]"#,
        );
        assert_eq!(
            told,
            "all of these, in one sentence:\n  \
               *body*, at most 4 words away from *change*, not where denied or asked\n  \
               one of these:\n    \
                 *drug*\n    \
                 the name of a product\n  \
               but not “on purpose”\n"
        );
        let counted = outline(r#"count = { of = { lexicons = ["a", "b"] }, at_least = 3 }"#);
        assert_eq!(counted, "at least 3 times in one text:\n  *a* or *b*\n");
        assert_eq!(
            outline(r#"quantity = { kind = "age", max = 11 }"#),
            "an age of 11 years or less\n"
        );
    }
}
