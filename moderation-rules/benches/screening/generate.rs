//! Texts, terms, patterns and rules made here, the same on every machine. No word of it is licensed or anybody's.

use std::fmt::Write;

/// A small generator of numbers; what matters is that it is the same everywhere.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end.max(1) as u64) as usize
    }

    pub fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list.get(self.below(list.len()))
            .copied()
            .unwrap_or_default()
    }
}

const SITES: [&str; 36] = [
    "gastric",
    "renal",
    "hepatic",
    "ocular",
    "nasal",
    "dermal",
    "aortic",
    "cardiac",
    "splenic",
    "lumbar",
    "cervical",
    "thoracic",
    "pelvic",
    "femoral",
    "tibial",
    "carpal",
    "plantar",
    "palmar",
    "lingual",
    "dental",
    "tracheal",
    "bronchial",
    "pleural",
    "venous",
    "arterial",
    "lymphatic",
    "adrenal",
    "thyroid",
    "pancreatic",
    "biliary",
    "colonic",
    "rectal",
    "urethral",
    "ovarian",
    "testicular",
    "injection site",
];
const KINDS: [&str; 34] = [
    "ache",
    "bleeding",
    "swelling",
    "spasm",
    "rash",
    "ulcer",
    "oedema",
    "itching",
    "numbness",
    "stiffness",
    "weakness",
    "inflammation",
    "infection",
    "fibrosis",
    "necrosis",
    "stenosis",
    "rupture",
    "fistula",
    "abscess",
    "effusion",
    "cyst",
    "polyp",
    "lesion",
    "atrophy",
    "hypertrophy",
    "haemorrhage",
    "perforation",
    "obstruction",
    "insufficiency",
    "failure",
    "discolouration",
    "tenderness",
    "burning",
    "thrombosis",
];
const MANNERS: [&str; 28] = [
    "acute",
    "chronic",
    "recurrent",
    "mild",
    "severe",
    "transient",
    "lasting",
    "nightly",
    "bilateral",
    "left-sided",
    "right-sided",
    "congenital",
    "traumatic",
    "viral",
    "bacterial",
    "allergic",
    "neonatal",
    "senile",
    "drug-related",
    "post-operative",
    "idiopathic",
    "focal",
    "diffuse",
    "progressive",
    "painless",
    "suspected",
    "exertional",
    "seasonal",
];
const HEADS: [&str; 26] = [
    "bal", "cer", "dom", "fel", "gor", "hel", "jun", "kor", "lam", "mer", "nol", "orp", "pel",
    "quin", "ras", "sol", "tam", "urv", "vel", "wex", "xal", "yor", "zam", "bri", "clo", "dra",
];
const MIDDLES: [&str; 14] = [
    "a", "e", "i", "o", "ava", "eni", "iro", "olu", "uma", "ada", "epo", "ita", "oza", "ule",
];
const TAILS: [&str; 18] = [
    "mab", "tinib", "statin", "sartan", "pril", "olol", "gliptin", "glutide", "zole", "vir",
    "cillin", "mycin", "dipine", "caine", "azepam", "parin", "platin", "cept",
];
const SENTENCES: [&str; 30] = [
    "I take my tablet with breakfast, as my nurse told me to.",
    "The first {n} weeks were fine, then I noticed a rash on both arms.",
    "My doctor says that the blood values are good, and that we will look again in {n} months.",
    "Has anyone else had trouble sleeping after {d}?",
    "We walk in the park each evening when the weather is kind.",
    "{d} was explained to me with a small film that I could watch twice.",
    "I’m glad that I found this group — it’s easier together.",
    "No headaches so far, and no nausea either.",
    "The pharmacy had to order the pack, so I waited {n} days.",
    "My sister asked whether she could come along to the session on Thursday.",
    "On the train I read the leaflet twice and made notes for the next visit.",
    "Thank you for the answer; it helped me to ask better questions.",
    "In our clinic {n} people have changed from {d} to {d} since the summer.",
    "The guideline leaves it open when to measure the level again.",
    "One of them told us of {m} {s} {k} about {n} days after the dose.",
    "We measured every {n} weeks and wrote the values into the register.",
    "Does the label say anything about {s} {k} in older people?",
    "I would not call it safe for everybody, but the benefit seems clear to me.",
    "She stopped {d} because of {k} and felt better within {n} days.",
    "A colleague showed a poster with {n} cases; the numbers are small.",
    "Please read the summary before you ask, most of it is answered there.",
    "The dose was {n} mg once a day, with food.",
    "How do you keep the two packs apart when they look so alike?",
    "Nothing in this thread is advice for one person, of course.",
    "Our meeting is on the second Tuesday, and the room is open from nine.",
    "It took a while until I trusted the device, and the alarm still startles me.",
    "The study was stopped early, so I would be careful with the result.",
    "Levels stayed under {n} µg/l in nearly all samples.",
    "My insurance wanted a letter, and it took {n} weeks until it came.",
    "With {d} there was less {k} than with {d}, but the groups were not alike.",
];
/// The same kind of talk with letters of other scripts, accents, emoji and typographic marks.
const FOREIGN: [&str; 10] = [
    "Меня зовут Анна, и я принимаю {d} уже {n} недель — всё спокойно…",
    "Ich hätte gern gewußt, ob {d} müde macht; früher schlief ich übel.",
    "Après {n} jours, j’ai noté une légère fièvre, puis plus rien du tout.",
    "服用{d}之后第{n}天有点头晕，但是很快就好了。",
    "Η γιατρός μου λέει ότι {d} είναι καλό για μένα…",
    "Thanks everyone 😊 🙏 — that’s “exactly” what I hoped to read… 💊",
    "दवा लेने के {n} दिन बाद सिर में हल्का दर्द हुआ।",
    "Mám {n} otázek: může {d} způsobit bolest břicha?",
    "𝐓𝐡𝐢𝐬 𝐢𝐬 𝐡𝐨𝐰 𝐬𝐨𝐦𝐞 𝐩𝐞𝐨𝐩𝐥𝐞 𝐰𝐫𝐢𝐭𝐞, ｌｉｋｅ　ｔｈｉｓ　ｔｏｏ.",
    "الطبيب قال إن {d} مناسب لي، بعد {n} أيام سأعود إليه.",
];

pub fn medicine(chance: &mut Chance) -> String {
    let (head, middle, tail) = (chance.of(&HEADS), chance.of(&MIDDLES), chance.of(&TAILS));
    format!("{head}{middle}{tail}")
}

fn filled(pattern: &str, chance: &mut Chance) -> String {
    let mut out = String::with_capacity(pattern.len() + 32);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some(("d", more)) => {
                let name = medicine(chance);
                let mut letters = name.chars();
                out.extend(letters.next().map(|c| c.to_ascii_uppercase()));
                out.push_str(letters.as_str());
                rest = more;
            }
            Some((what, more)) => {
                match what {
                    "s" => out.push_str(chance.of(&SITES)),
                    "k" => out.push_str(chance.of(&KINDS)),
                    "m" => out.push_str(chance.of(&MANNERS)),
                    _ => {
                        // Writing to a string cannot fail.
                        let _ = write!(out, "{}", 2 + chance.below(38));
                    }
                }
                rest = more;
            }
            None => rest = after,
        }
    }
    out.push_str(rest);
    out
}

/// The kinds of posts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Plain,
    /// Three words in ten are made up, so that nothing has met them before.
    Unseen,
    NotAscii,
}

/// Posts of about so many bytes.
pub fn posts(manner: Manner, bytes: usize, count: usize) -> Vec<String> {
    let mut chance = Chance(41 + bytes as u64);
    let mut all = Vec::with_capacity(count);
    for _ in 0..count {
        let mut post = String::with_capacity(bytes + 200);
        while post.len() < bytes {
            let foreign = manner == Manner::NotAscii && chance.below(10) < 7;
            let sentence = if foreign {
                chance.of(&FOREIGN)
            } else {
                chance.of(&SENTENCES)
            };
            post.push_str(&filled(sentence, &mut chance));
            post.push(if chance.below(12) == 0 { '\n' } else { ' ' });
        }
        let end = (0..=bytes)
            .rev()
            .find(|at| post.is_char_boundary(*at))
            .unwrap_or(0);
        post.truncate(end);
        if manner == Manner::Unseen {
            let words: Vec<String> = post
                .split(' ')
                .map(|word| match chance.below(10) {
                    0..3 => unseen(&mut chance),
                    _ => word.to_owned(),
                })
                .collect();
            post = words.join(" ");
        }
        all.push(post);
    }
    all
}

fn unseen(chance: &mut Chance) -> String {
    let letters = b"etaoinshrdlcumwfgypbvkjxqz";
    let length = 3 + chance.below(10);
    let letter = |chance: &mut Chance| {
        let at = chance.below(26).min(chance.below(26));
        letters.get(at).map_or('e', |b| char::from(*b))
    };
    (0..length).map(|_| letter(chance)).collect()
}

/// Names in the manner of a medical terminology, each once.
pub fn terms(count: usize) -> Vec<String> {
    let mut chance = Chance(7);
    let mut seen = std::collections::BTreeSet::new();
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        let (site, kind, manner) = (chance.of(&SITES), chance.of(&KINDS), chance.of(&MANNERS));
        let name = match chance.below(8) {
            0 => format!("{site} {kind}"),
            1..4 => format!("{manner} {site} {kind}"),
            4 => format!("{kind} of the {site} region with {}", chance.of(&KINDS)),
            5 => format!("{site} toxicity to {}", medicine(&mut chance)),
            6 => format!("{manner} {kind} due to {}", medicine(&mut chance)),
            _ => format!("{} increased with {manner} {kind}", medicine(&mut chance)),
        };
        if seen.insert(name.clone()) {
            all.push(name);
        }
    }
    all
}

/// Shapes that every moderated forum looks for and that have no literal: numbers, dates, addresses, names.
const SHAPES: [&str; 12] = [
    r"(?-u:\b)[a-z0-9._+-]+@[a-z0-9-]+\.[a-z]{2,8}(?-u:\b)",
    r"(?-u:\b)\d{3}[ .-]?\d{3}[ .-]?\d{4}(?-u:\b)",
    r"(?-u:\b)\d{3}-\d{2}-\d{4}(?-u:\b)",
    r"(?-u:\b)(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])[./-](?:19|20)?\d\d(?-u:\b)",
    r"(?-u:\b)\d{1,4}(?:\.\d)? ?(?:mg|ml|units?)(?-u:\b)",
    r"(?-u:\b)\d{1,3} ?(?:%|per ?cent) (?:of|fewer|less|more)(?-u:\b)",
    r"(?-u:\b)(?:i|we|she|he|they) (?:had|got|developed|felt) (?:an? |some |awful )?[a-z]{4,16}(?-u:\b)",
    r"(?-u:\b)(?:no|not|never|without) (?:any )?(?:risk|harm|side effect)s?(?-u:\b)",
    r"(?-u:\b)(?:after|since|before) (?:the )?(?:first|second|last) (?:dose|week|visit)(?-u:\b)",
    r"(?-u:\b)\d{1,2} (?:days|weeks|months) (?:after|before|on)(?-u:\b)",
    r"(?-u:\b)[a-z]{2}\d{1,2} ?\d[a-z]{2}(?-u:\b)",
    r"(?-u:\b)(?:in|at|from) (?:the )?[a-z]+(?:ville|town|ford|burgh)(?-u:\b)",
];

/// A pattern and the literals of which each match has one; none for the shapes, of which one in ten patterns is.
pub fn patterns(count: usize) -> Vec<(String, Vec<String>)> {
    let mut chance = Chance(23);
    (0..count)
        .map(|index| {
            let name = medicine(&mut chance);
            let (site, kind) = (chance.of(&SITES), chance.of(&KINDS));
            let manner = chance.of(&MANNERS);
            if let Some(shape) = SHAPES.get(index / 10).filter(|_| index % 10 == 9) {
                return ((*shape).to_owned(), Vec::new());
            }
            match index % 6 {
                0 => (
                    format!(r"(?-u:\b){name}(?: \w+){{0,5}} (?:is|was|are) (?:safe|harmless|gentle)(?-u:\b)"),
                    vec![name],
                ),
                1 => (
                    format!(r"(?-u:\b)(?:{manner}|lasting|awful) (?:{site} )?{kind}s?(?-u:\b)"),
                    vec![kind.to_owned()],
                ),
                2 => (
                    format!(r"(?-u:\b){name} (?:\d{{1,4}} ?mg|tablets?|pens?)(?-u:\b)"),
                    vec![name],
                ),
                3 => (
                    format!(r"(?-u:\b)(?:chang(?:ed|ing)|switch(?:ed|ing)) (?:from|to) {name}(?-u:\b)"),
                    vec![name],
                ),
                4 => (
                    format!(r"(?-u:\b){site}(?: \w+){{0,3}} {kind}(?-u:\b)"),
                    vec![site.to_owned()],
                ),
                _ => (
                    format!(r"(?-u:\b)(?:approved|licensed|labelled) for {site} {kind}(?-u:\b)"),
                    vec!["approved for".to_owned(), "licensed for".to_owned(), "labelled for".to_owned()],
                ),
            }
        })
        .collect()
}

fn examples(kind: &str) -> String {
    let all: Vec<String> = (0..10).map(|n| format!("\"{kind} {n}\"")).collect();
    all.join(", ")
}

/// A pack of so many rules, with phrases, patterns and nearness, each with its own words.
pub fn pack(rules: usize) -> String {
    let mut chance = Chance(99);
    let mut text = String::from(
        "[pack]\nid = \"generated\"\nversion = \"1.0.0\"\ntitle = \"Generated\"\n\
         jurisdictions = [\"any\"]\nlanguages = [\"en\"]\neffective = \"2026-01-01\"\n",
    );
    let patterns = patterns(rules);
    for (index, (pattern, _)) in patterns.iter().enumerate() {
        let pattern = pattern.replace("(?-u:\\b)", "\\b");
        let (name, site, kind) = (medicine(&mut chance), chance.of(&SITES), chance.of(&KINDS));
        let manner = chance.of(&MANNERS);
        let when = match index % 3 {
            0 => format!(
                "{{ phrases = [\"{name} (for|against|in) {site} {kind}\", \"{site} {kind} (from|after|on) {name}\", \"{manner} {name}\"] }}"
            ),
            1 => format!("{{ patterns = ['{pattern}'] }}"),
            _ => format!(
                "{{ near = [{{ phrases = [\"{name}\", \"(your|this) {name}\"] }}, {{ phrases = [\"{kind}+\", \"{site} trouble\"] }}], words = 6 }}"
            ),
        };
        let _ = write!(
            text,
            "\n[[rule]]\ncode = \"CO-{index:03}\"\ntitle = \"Generated rule\"\nfamily = \"conduct\"\n\
             severity = \"minor\"\nwhen = {when}\nmessage = \"Generated.\"\nremedy = \"Generated.\"\n\
             clause = \"none\"\nsource = \"none\"\nrationale = \"Generated.\"\nowner = \"bench\"\n\
             hits = [{hits}]\nmisses = [{misses}]\n",
            hits = examples("hit"),
            misses = examples("miss"),
        );
    }
    text
}
