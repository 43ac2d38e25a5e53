//! What the packs say, for people to read: regulatory affairs, moderators, auditors.

mod condition;
mod rule;

use std::collections::BTreeMap;

use self::condition::{Telling, few};
use super::PackSource;
use super::format::{self, LexiconFile, Pack};
use crate::error::LoadError;
use crate::finding::{Family, Severity};

/// One rule with its reasons and all its examples, as plain text; nothing where no pack has a rule of this code.
///
/// # Errors
/// [`LoadError`] where a pack cannot be read.
pub fn explain(packs: &[PackSource<'_>], code: &str) -> Result<Option<String>, LoadError> {
    let packs = read(packs)?;
    let lists = lists(&packs);
    let about = |name: &str| {
        let about = lists
            .get(name)
            .map(|l| l.about.join(" "))
            .unwrap_or_default();
        format!("the list `{name}` ({})", about.trim_end_matches('.'))
    };
    let telling = Telling {
        list: &about,
        most: usize::MAX,
        lines: usize::MAX,
    };
    for pack in &packs {
        for rule in &pack.file.rules {
            if !rule.code.get_ref().eq_ignore_ascii_case(code) {
                continue;
            }
            let header = &pack.file.pack;
            let mut text = format!("{} {}\n\n", rule.code.get_ref(), rule.title);
            for (what, words) in rule::lines(header, rule, &telling) {
                text += &format!("{what}: {words}\n\n");
            }
            text += &format!("Clause: {}\n{}\n\n", rule.clause, rule.source);
            text += &format!(
                "Pack: {} {}, from {}\n",
                header.id, header.version, header.effective
            );
            for (what, examples) in [("Finds", &rule.hits), ("Leaves alone", &rule.misses)] {
                text += &format!("\n{what}:\n");
                for example in examples {
                    text += &format!("  {}\n", example.trim_end().replace('\n', "\n  "));
                }
            }
            return Ok(Some(text));
        }
    }
    Ok(None)
}

/// All rules of all packs by family, and the word lists they use, in Markdown.
///
/// # Errors
/// [`LoadError`] where a pack cannot be read.
pub fn document(packs: &[PackSource<'_>]) -> Result<String, LoadError> {
    let packs = read(packs)?;
    let lists = lists(&packs);
    let rules: Vec<_> = packs
        .iter()
        .flat_map(|pack| pack.file.rules.iter().map(|rule| (&pack.file.pack, rule)))
        .collect();
    let mut text = INTRODUCTION.to_owned();
    text +=
        "\n| Family | Rules | critical | major | minor | remarks |\n|---|---|---|---|---|---|\n";
    for family in Family::ALL {
        let of = rules.iter().filter(|(_, rule)| rule.family == family);
        let with = |severity| {
            of.clone()
                .filter(|(_, rule)| rule.severity == severity)
                .count()
        };
        text += &format!(
            "| [{}](#{}) | {} | {} | {} | {} | {} |\n",
            title(family),
            anchor(title(family)),
            of.clone().count(),
            with(Severity::Critical),
            with(Severity::Major),
            with(Severity::Minor),
            with(Severity::Info)
        );
    }
    text += "\n| Pack | Version | Title | Markets | From |\n|---|---|---|---|---|\n";
    for pack in packs.iter().map(|pack| &pack.file.pack) {
        let markets = pack.jurisdictions.join(", ");
        text += &format!(
            "| `{}` | {} | {} | {markets} | {} |\n",
            pack.id, pack.version, pack.title, pack.effective
        );
    }
    let link = |name: &str| {
        let (title, anchor) = (name.replace('_', " "), name.replace('_', "-"));
        format!("[{title}](#list-{anchor})")
    };
    let telling = Telling {
        list: &link,
        most: SHOWN,
        lines: LINES,
    };
    for family in Family::ALL {
        text += &format!("\n## {}\n\n{}\n", title(family), about(family));
        for (pack, rule) in rules.iter().filter(|(_, rule)| rule.family == family) {
            text += &format!("\n### {} {}\n\n", rule.code.get_ref(), rule.title);
            for (what, words) in rule::lines(pack, rule, &telling) {
                text += &format!("- **{what}:** {}\n", escaped(&words));
            }
            let (clause, source) = (escaped(&rule.clause), &rule.source);
            text += &match source.starts_with("https://") {
                true => format!("- **Clause:** [{clause}](<{source}>)\n"),
                false => format!("- **Clause:** {clause}, {}\n", escaped(source)),
            };
            let one =
                |examples: &[String]| examples.first().map(|e| escaped(e)).unwrap_or_default();
            text += &format!("- **Finds:** “{}”\n", one(&rule.hits));
            text += &format!("- **Leaves alone:** “{}”\n", one(&rule.misses));
        }
    }
    text += "\n## Word lists\n\n| List | What it is for | Entries | Such as |\n|---|---|---|---|\n";
    for (name, list) in &lists {
        text += &format!(
            "| <a id=\"list-{}\"></a>{} | {} | {} | {} |\n",
            name.replace('_', "-"),
            name.replace('_', " "),
            escaped(&list.about.join(" ")),
            list.phrases.len() + list.forms,
            escaped(&few(&list.phrases, SHOWN))
        );
    }
    Ok(text)
}

/// So many phrases or lists of a condition, and so many entries of a list, are shown; the packs have them all.
const SHOWN: usize = 4;

/// So many lines of a condition are shown.
const LINES: usize = 6;

const INTRODUCTION: &str = "# The rules

<!-- Written by `hortus rules document` from the packs in moderation-rules/packs. To change it, change a pack and run
`./x gen`. -->

What the shipped packs look for, why, and what follows. Every text is read by a person before anyone else sees it; the
rules say where to look and how soon.

- A rule that is **critical** brings the text to the responsible officer at once, as does any serious adverse event.
- **Major** and **minor** findings hold the text as soon as the certainty of their family reaches 0.35. The surest rule
  counts whole, every further one takes half its certainty off the doubt that is left.
- A **remark** is shown and holds nothing.
- Where words are denied, asked, feared, quoted, past, about a relative, relieved by the treatment, or the illness that is
  treated, a rule weighs less or not at all, as it says.
- Each rule has at least ten texts of its own that it finds and ten that it leaves alone; one of each is shown here, `hortus rules explain CODE`
  shows all. How packs are written: [packs/README.md](../moderation-rules/packs/README.md).
";

fn title(family: Family) -> &'static str {
    match family {
        Family::FairBalance => "Fair balance and promotion",
        Family::AdverseEvent => "Adverse events",
        Family::OffLabel => "Off-label use",
        Family::Privacy => "Privacy",
        Family::Conduct => "Conduct and commerce",
    }
}

fn about(family: Family) -> &'static str {
    match family {
        Family::FairBalance => {
            "Promotion without balance, unproven or without measure (21 CFR 202.1, 312.7(a))."
        }
        Family::AdverseEvent => {
            "Possible adverse events, what makes them serious, and special situations (ICH E2D(R1), EU GVP Module VI). A finding is a suspicion: causality need not be shown, no product need be named."
        }
        Family::OffLabel => "Uses outside the label, and invitations to talk about them.",
        Family::Privacy => "What could identify a person.",
        Family::Conduct => "How members treat each other, and what must not be traded.",
    }
}

/// The anchor of a heading.
fn anchor(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}

/// Words in which no character means anything to Markdown that it does not mean here.
fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '*' | '_' | '<' | '|' | '~' => text.extend(['\\', letter]),
            _ => text.push(letter),
        }
    }
    text
}

/// A lexicon over all packs.
#[derive(Default)]
struct List<'a> {
    about: Vec<&'a str>,
    phrases: Vec<&'a str>,
    /// Stems and patterns.
    forms: usize,
}

fn lists(packs: &[Pack]) -> BTreeMap<&str, List<'_>> {
    let mut lists: BTreeMap<&str, List<'_>> = BTreeMap::new();
    for file in packs.iter().flat_map(|pack| &pack.file.lexicons) {
        let list = lists.entry(file.name.get_ref()).or_default();
        if !list.about.contains(&file.about.as_str()) {
            list.about.push(&file.about);
        }
        list.phrases.extend(phrases(file));
        list.forms += file.stems.len() + file.patterns.len();
    }
    lists
}

fn phrases(file: &LexiconFile) -> impl Iterator<Item = &str> {
    file.phrases.iter().map(|phrase| phrase.get_ref().as_str())
}

fn read(packs: &[PackSource<'_>]) -> Result<Vec<Pack>, LoadError> {
    let mut faults = Vec::new();
    let read = packs
        .iter()
        .filter_map(|pack| format::read(pack, &mut faults))
        .collect();
    match faults.is_empty() {
        true => Ok(read),
        false => Err(LoadError { faults }),
    }
}
