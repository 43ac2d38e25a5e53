//! What a phrase of a pack finds beside its own letters.
#![expect(
    clippy::unwrap_used,
    reason = "a test whose pack cannot be loaded must fail"
)]

use moderation_rules::{Context, PackSource, RuleSet, Submission};

/// What a rule with this condition finds in a text.
fn found(when: &str, body: &str) -> Vec<String> {
    let examples =
        |kind: &str| -> String { (0..10).map(|n| format!("\"{kind} {n}\", ")).collect() };
    let toml = format!(
        "[pack]\nid = \"test\"\nversion = \"1.0.0\"\ntitle = \"Test\"\njurisdictions = [\"any\"]\n\
         languages = [\"en\"]\neffective = \"2026-01-01\"\n\
         [[rule]]\ncode = \"CO-001\"\ntitle = \"Test\"\nfamily = \"conduct\"\nseverity = \"major\"\n\
         when = {when}\nmessage = \"m\"\nremedy = \"r\"\nclause = \"c\"\nsource = \"s\"\nrationale = \"r\"\n\
         owner = \"o\"\nhits = [{}]\nmisses = [{}]\n",
        examples("hit"),
        examples("miss"),
    );
    let rules = RuleSet::load(&[PackSource {
        name: "test.toml",
        toml: &toml,
    }])
    .unwrap();
    let screening = rules.screen(&Submission { title: None, body }, &Context::default());
    screening.findings.into_iter().map(|f| f.matched).collect()
}

#[test]
fn an_emoji_is_a_word_by_its_name() {
    let when = "{ phrases = [\":face_vomiting:\", \"all day :face_dizzy:\", \":pill: :pill:\"] }";
    assert_eq!(found(when, "since monday🤮🤮 no more"), ["🤮", "🤮"]);
    assert_eq!(found(when, "All day 😵\u{FE0F}!"), ["All day 😵\u{FE0F}"]);
    assert_eq!(found(when, "💊💊"), ["💊💊"]);
    assert_eq!(found(when, "😵 😊 💊"), [] as [&str; 0]);
}

#[test]
fn an_emoji_parts_words_and_hides_none() {
    let when = "{ phrases = [\"very sick\"] }";
    assert_eq!(found(when, "very🙏sick"), ["very🙏sick"]);
    assert_eq!(found("{ phrases = [\"sick\"] }", "so sick🤢"), ["sick"]);
}

#[test]
fn leetspeak_is_read_where_it_is_asked_for() {
    let asked = "{ leet = true, phrases = [\"easy money\", \"scammer+\"] }";
    let plain = "{ phrases = [\"easy money\", \"scammer+\"] }";
    for body in [
        "3a5y m0ney",
        "ea$y money",
        "easy m o n e y",
        "you $c4mmers",
        "scaaaammer",
    ] {
        assert_eq!(found(asked, body).len(), 1, "{body}");
        assert_eq!(found(plain, body).len(), 0, "{body}");
    }
    for body in ["easy 5 money", "sc 4 mmer", "s c a", "easy money$"] {
        let same = found(plain, body);
        assert_eq!(found(asked, body), same, "{body}");
    }
}

#[test]
fn full_width_and_combining_forms_are_the_same_word() {
    let when = "{ phrases = [\"naive cafe\"] }";
    for body in [
        "ｎａｉｖｅ　ｃａｆｅ",
        "nai\u{308}ve cafe\u{301}",
        "naïve café",
        "n\u{332}a\u{332}i\u{332}ve cafe",
    ] {
        assert_eq!(found(when, body), [body], "{body}");
    }
}

#[test]
fn a_short_word_is_never_corrected() {
    assert_eq!(
        found("{ phrases = [\"nausea\"] }", "nausae nasea"),
        [] as [&str; 0]
    );
    assert_eq!(
        found("{ phrases = [\"headache\"] }", "a headahce"),
        ["headahce"]
    );
    assert_eq!(
        found("{ phrases = [\"headache\"] }", "a bheadache"),
        [] as [&str; 0]
    );
}

#[test]
fn an_amount_is_found_by_the_sign_of_any_currency() {
    for pattern in [r"£ ?\d+", r"[£$€] ?\d+", r"(?:£|\$|€) ?\d+"] {
        let when = format!("{{ patterns = ['{pattern}'] }}");
        for amount in ["£50", "€ 50", "$50", "¥50", "￡50", "&pound;50", "&euro;50"] {
            let body = format!("the last box for {amount}, who wants it?");
            assert_eq!(found(&when, &body), [amount], "{pattern}");
        }
        assert_eq!(found(&when, "50 boxes"), [] as [&str; 0]);
    }
}
