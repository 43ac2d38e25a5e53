//! How long one screening takes: `cargo bench -p moderation-rules`. Texts are made here, of our own sentences.
//!
//! Prints the median of many runs for posts of 200 B, 1 KB and 10 KB, and the time to load the shipped packs.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark without rules has nothing to measure"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use moderation_rules::{Context, Product, RuleSet, Speaker, Submission};

const SENTENCES: [&str; 12] = [
    "I take my tablet with breakfast, as my nurse told me to.",
    "The first two weeks were fine, then I noticed a rash on both arms.",
    "My doctor says that the blood values are good.",
    "Has anyone else had trouble sleeping in the second month?",
    "We walk in the park each evening when the weather is kind.",
    "Zelvoria was explained to me with a small film.",
    "I’m glad that I found this group — it’s easier together.",
    "No headaches so far, and no nausea either.",
    "The pharmacy had to order the pack, so I waited two days.",
    "My sister asked whether she could come along to the session.",
    "On the train I read the leaflet twice and made notes.",
    "Thank you for the answer; it helped me to ask better questions.",
];

fn text(bytes: usize, offset: usize) -> String {
    let mut text = String::new();
    for sentence in SENTENCES.iter().cycle().skip(offset) {
        if text.len() + sentence.len() > bytes {
            break;
        }
        text.push_str(sentence);
        text.push(' ');
    }
    text
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn main() {
    let load = median(
        (0..9)
            .map(|_| {
                let start = Instant::now();
                black_box(RuleSet::shipped().unwrap());
                start.elapsed()
            })
            .collect(),
    );
    println!("load of the shipped packs: {load:?}");
    let rules = RuleSet::shipped().unwrap();
    for speaker in [Speaker::Patient, Speaker::Company] {
        let context = Context {
            speaker,
            products: vec![Product {
                name: "Zelvoria".to_owned(),
                established_name: Some("zelvoritinib".to_owned()),
                indication: "plaque psoriasis in adults".to_owned(),
                ..Product::default()
            }],
            ..Context::default()
        };
        for bytes in [200, 1_000, 10_000] {
            let texts: Vec<String> = (0..12).map(|offset| text(bytes, offset)).collect();
            let times = texts
                .iter()
                .cycle()
                .take(3_000)
                .map(|body| {
                    let start = Instant::now();
                    black_box(rules.screen(&Submission { title: None, body }, &context));
                    start.elapsed()
                })
                .collect();
            println!("{speaker:?}, {bytes} B: {:?}", median(times));
        }
    }
}
