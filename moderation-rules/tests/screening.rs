//! What a screening promises, told through the public face of the crate.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot load its rules must fail"
)]

mod support;

use std::sync::LazyLock;

use moderation_rules::{
    Audience, Context, Family, Field, Inference, PackSource, Product, ProductStatus, RuleSet,
    Screening, Seriousness, Severity, Speaker, SpecialSituation, Status, Submission, Surface,
    Verdict,
};
use support::pack_of;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::shipped().unwrap());

fn zelvoria() -> Product {
    Product {
        name: "Zelvoria".to_owned(),
        established_name: Some("zelvoritinib".to_owned()),
        indication: "plaque psoriasis in adults".to_owned(),
        ..Product::default()
    }
}

fn patients() -> Context {
    Context {
        products: vec![zelvoria()],
        ..Context::default()
    }
}

fn screen(body: &str, context: &Context) -> Screening {
    RULES.screen(&Submission { title: None, body }, context)
}

fn rules_of(screening: &Screening) -> Vec<&str> {
    screening
        .findings
        .iter()
        .filter(|f| f.severity > Severity::Info)
        .map(|f| f.rule.as_str())
        .collect()
}

#[test]
fn a_harmless_text_is_clear() {
    let screening = screen("Thank you all for the kind welcome.", &patients());
    assert_eq!(screening.verdict, Verdict::Clear);
    assert_eq!(screening.priority, 0);
    assert!(screening.findings.is_empty());
    assert!(screening.adverse_event.is_none());
    assert!(screening.technical_reason.is_none());
}

#[test]
fn an_adverse_event_needs_no_product_in_its_sentence() {
    // R-PV-14: the product comes from the thread, and says so.
    let context = Context {
        thread_product: Some("Zelvoria".to_owned()),
        ..patients()
    };
    let event = screen("Threw up all night.", &context)
        .adverse_event
        .unwrap();
    assert!(event.is_valid_report());
    assert_eq!(event.product.inferred_from, Some(Inference::Thread));
    assert_eq!(event.product.evidence.as_deref(), Some("Zelvoria"));
    assert_eq!(event.reporter.inferred_from, Some(Inference::Account));
}

#[test]
fn a_product_in_the_text_is_evidence_with_its_place_and_raises_the_priority() {
    let named = screen("Zelvoria gave me a rash.", &patients());
    let unnamed = screen("It gave me a rash.", &patients());
    let product = named.adverse_event.as_ref().unwrap().product.clone();
    assert_eq!((product.start, product.end), (Some(0), Some(8)));
    assert_eq!(product.inferred_from, None);
    assert!(named.priority > unnamed.priority);
}

#[test]
fn the_product_is_inferred_from_the_post_answered_then_the_title_then_the_community() {
    let two = vec![
        zelvoria(),
        Product {
            name: "Mirantel".to_owned(),
            ..Product::default()
        },
    ];
    let product_of = |context: Context| {
        let event = screen("Me too, with a rash.", &context)
            .adverse_event
            .unwrap();
        (event.product.met, event.product.inferred_from)
    };
    let plain = Context {
        surface: Surface::Reply,
        products: two,
        ..Context::default()
    };
    assert_eq!(product_of(plain.clone()), (false, None));
    let titled = Context {
        thread_title: Some("First month with Mirantel".to_owned()),
        ..plain.clone()
    };
    assert_eq!(product_of(titled.clone()), (true, Some(Inference::Title)));
    let answered = Context {
        parent_body: Some("Zelvoria, day two.".to_owned()),
        ..titled
    };
    assert_eq!(product_of(answered), (true, Some(Inference::Thread)));
    assert_eq!(
        product_of(patients()),
        (true, Some(Inference::Community)),
        "a community about one product"
    );
}

#[test]
fn several_patients_are_not_one_patient() {
    // R-PV-13
    let doctor = Context {
        speaker: Speaker::Professional,
        audience: Audience::Professionals,
        ..patients()
    };
    let many = screen("Several of our patients developed a rash.", &doctor);
    let one = screen("A 54-year-old woman developed a rash.", &doctor);
    assert!(!many.adverse_event.unwrap().patient.met);
    assert!(one.adverse_event.unwrap().patient.met);
}

#[test]
fn what_is_denied_is_told_as_a_reason_and_is_no_finding() {
    // R-PV-15: read lower, never lost.
    let screening = screen("I have had no rash and no nausea.", &patients());
    assert_eq!(screening.verdict, Verdict::Clear);
    assert!(screening.adverse_event.is_none());
    assert!(
        screening.reasons.iter().any(|r| r.contains("denied")),
        "{:?}",
        screening.reasons
    );
}

#[test]
fn a_denial_ends_at_a_but() {
    let screening = screen("No nausea, but I have a terrible rash.", &patients());
    let event = screening.adverse_event.unwrap();
    assert!(event.reaction.evidence.unwrap().contains("rash"));
}

#[test]
fn a_question_is_shown_lower_and_opens_no_case() {
    let screening = screen("Does it cause nausea?", &patients());
    let finding = screening.findings.first().unwrap();
    assert_eq!(finding.severity, Severity::Info);
    assert!(finding.status.contains(&Status::Question));
    assert!(screening.adverse_event.is_none());
}

#[test]
fn a_serious_event_is_escalated_with_its_criterion() {
    // R-PV-20
    let screening = screen(
        "I went into anaphylactic shock and was taken to the ER.",
        &patients(),
    );
    assert_eq!(screening.verdict, Verdict::Escalate);
    let event = screening.adverse_event.unwrap();
    assert_eq!(
        event.seriousness,
        [Seriousness::LifeThreatening, Seriousness::Hospitalisation]
    );
    assert!(screening.priority >= 850);
}

#[test]
fn a_special_situation_needs_no_reaction() {
    // R-PV-22
    let event = screen("I am pregnant and took it until May.", &patients())
        .adverse_event
        .unwrap();
    assert!(!event.reaction.met);
    assert_eq!(event.special_situations, [SpecialSituation::Pregnancy]);
}

#[test]
fn the_same_words_weigh_by_who_says_them() {
    // R-FB-01
    let claim = "Zelvoria (zelvoritinib) is completely safe and relieves pain.";
    let by = |speaker| {
        let context = Context {
            speaker,
            ..patients()
        };
        let screening = screen(claim, &context);
        rules_of(&screening)
            .into_iter()
            .filter(|code| code.starts_with("FB-"))
            .count()
    };
    assert!(by(Speaker::Company) > by(Speaker::Professional));
    assert!(by(Speaker::Professional) > 0);
    assert_eq!(by(Speaker::Patient), 0, "honest experience is no promotion");
}

#[test]
fn risk_in_the_body_balances_a_benefit_in_the_title() {
    // R-FB-25: net impression over title and body.
    let context = Context {
        speaker: Speaker::Company,
        ..patients()
    };
    let with = |body| {
        let submission = Submission {
            title: Some("Zelvoria (zelvoritinib) reduces attacks"),
            body,
        };
        let screening = RULES.screen(&submission, &context);
        let finding = screening.findings.iter().find(|f| f.rule == "FB-010");
        finding.map(|f| f.field)
    };
    assert_eq!(with("Read on."), Some(Field::Title));
    assert_eq!(
        with("The most common side effects are nausea and headache."),
        None
    );
}

#[test]
fn an_investigational_product_may_not_be_called_safe() {
    let context = Context {
        speaker: Speaker::Company,
        products: vec![Product {
            name: "HX-204".to_owned(),
            status: ProductStatus::Investigational,
            ..Product::default()
        }],
        ..Context::default()
    };
    let screening = screen("Investigational HX-204 has been well tolerated.", &context);
    assert_eq!(screening.verdict, Verdict::Escalate);
    assert!(rules_of(&screening).contains(&"FB-019"));
}

#[test]
fn disguised_words_are_found_at_their_place_in_the_original() {
    for (body, words) in [
        ("So: n\u{200B}aus\u{00AD}ea.", "n\u{200B}aus\u{00AD}ea"),
        ("So: **nau**sea.", "nau**sea"),
        ("So: nаusеа.", "nаusеа"),
        ("So: naúsea\u{301}!", "naúsea\u{301}"),
        ("So: ｎａｕｓｅａ.", "ｎａｕｓｅａ"),
        ("So: na&#117;sea.", "na&#117;sea"),
        ("So: 𝐧𝐚𝐮𝐬𝐞𝐚.", "𝐧𝐚𝐮𝐬𝐞𝐚"),
    ] {
        let screening = screen(body, &patients());
        let finding = screening.findings.first();
        assert_eq!(finding.map(|f| f.matched.as_str()), Some(words), "{body}");
    }
}

/// The weighty rules of a text and the words they stand on.
fn found(body: &str) -> Vec<(String, String)> {
    let screening = screen(body, &patients());
    let weighty = screening.findings.into_iter();
    weighty
        .filter(|f| f.severity > Severity::Info)
        .map(|f| (f.rule, f.matched))
        .collect()
}

#[test]
fn tags_and_comments_are_read_because_readers_see_them() {
    for body in [
        "Hello <!-- My father died after the second dose, call 07700 900123 --> Bye.",
        "My father <i died> of it",
        "<a href=\"My father died\">",
        "<div>My father died</div>",
        "<!--\n--> My father died",
        "`My father died`",
        "```text\nMy father died\n```",
        "| who | what |\n|---|---|\n| My father | died |",
        "My father[^1]\n\n[^1]: died of it.",
    ] {
        assert_eq!(
            screen(body, &patients()).verdict,
            Verdict::Escalate,
            "{body}"
        );
    }
    let hello = found("Hello <!-- call 07700 900123 --> Bye.");
    assert!(hello.iter().any(|(rule, _)| rule == "PR-006"), "{hello:?}");
}

#[test]
fn targets_titles_and_descriptions_are_read_and_found_in_their_place() {
    for (body, rule, words) in [
        (
            "[write me](mailto:anna@mail.example)",
            "PR-007",
            "anna@mail.example",
        ),
        (
            "[me](mailto:anna%40mail.example) ok",
            "PR-007",
            "anna%40mail.example",
        ),
        ("[ring](tel:+447700900123)", "PR-006", "+447700900123"),
        ("[x](<tel:07700 900123>)", "PR-006", "07700 900123"),
        (
            "[x](https://a.example \"My father died\")",
            "AE-020",
            "died",
        ),
        (
            "![My father died](https://a.example/p.png)",
            "AE-020",
            "died",
        ),
        (
            "[x][1]\n\n[1]: mailto:anna@mail.example",
            "PR-007",
            "anna@mail.example",
        ),
        (
            "anna&commat;mail&period;example",
            "PR-007",
            "anna&commat;mail&period;example",
        ),
    ] {
        let found = found(body);
        let hit = found
            .iter()
            .any(|(code, on)| code == rule && on.contains(words));
        assert!(hit, "{body}: {found:?}");
    }
}

#[test]
fn what_readers_do_not_see_does_not_change_what_they_see() {
    let plain = found("My father died after it.");
    for body in [
        "[](https://you-said.example) My father died after it.",
        "![you said](x) My father died after it.",
        "My father died after it.[](x?)",
        "My father died after it. https://a.example/?id=3",
        "My father died after it.[](x \"? a\")",
        "[a]: https://you-said.example\nmy father died after it.",
        "``` you said\nmy father died after it.\n```",
        "| My father died after it. | did not happen |",
    ] {
        let found = found(body);
        for (rule, _) in &plain {
            assert!(
                found.iter().any(|(code, _)| code == rule),
                "{body}: {found:?}"
            );
        }
    }
}

#[test]
fn a_text_whose_direction_is_turned_is_never_clear() {
    for body in [
        "\u{202E}",
        "Hello \u{202E}deid rehtaf yM\u{202C}",
        "ok \u{2067}fine",
        "&#8238;ok",
    ] {
        assert_ne!(
            screen(body, &patients()).verdict,
            Verdict::Clear,
            "{body:?}"
        );
    }
}

#[test]
fn a_question_about_nobody_gives_no_patient_and_hearsay_no_event() {
    let doctor = Context {
        speaker: Speaker::Professional,
        audience: Audience::Professionals,
        ..patients()
    };
    let asked = screen(
        "Could a patient get worse? We saw a rash after Zelvoria.",
        &doctor,
    );
    assert!(!asked.adverse_event.unwrap().patient.met);
    let told = "A patient on Zelvoria asked me about rash. What do you tell them?";
    assert!(screen(told, &doctor).adverse_event.is_none());
    let hers = "My patient asked me about her rash.";
    assert!(screen(hers, &doctor).adverse_event.is_some());
    let idle = "They're talking about Zelvoria for himself. He hasn't started anything.";
    let event = screen(idle, &patients()).adverse_event;
    assert!(event.is_none(), "{event:?}");
}

#[test]
fn a_full_case_is_named_as_found_by_rules_and_left_to_a_person() {
    let reasons = screen("Zelvoria gave me a rash.", &patients()).reasons;
    let first = reasons.first().unwrap();
    assert!(
        first.contains("all four criteria") && first.contains("a person decides"),
        "{first}"
    );
}

#[test]
fn a_patient_can_tell_sexual_side_effects_without_giving_offence() {
    let screening = screen(
        "I cannot reach orgasm any more and sex hurts like hell.",
        &patients(),
    );
    assert!(
        screening
            .findings
            .iter()
            .all(|f| f.family != Family::Conduct)
    );
    assert!(screening.adverse_event.is_some());
}

#[test]
fn a_rule_is_silent_outside_the_market_of_its_pack() {
    let toml = pack_of("{ phrases = [\"marmalade\"] }", "").replace("\"any\"", "\"GB\"");
    let name = "uk.toml";
    let rules = RuleSet::load(&[PackSource { name, toml: &toml }]).unwrap();
    let in_market = |market: Option<&str>| {
        let context = Context {
            market: market.map(str::to_owned),
            ..Context::default()
        };
        let body = "Marmalade!";
        rules
            .screen(&Submission { title: None, body }, &context)
            .findings
            .len()
    };
    assert_eq!(in_market(Some("GB")), 1);
    assert_eq!(in_market(Some("US")), 0);
    assert_eq!(
        in_market(None),
        1,
        "an unknown market is held to every rule"
    );
}

#[test]
fn a_text_too_long_for_rules_is_held_for_a_person() {
    let body = "a".repeat(300 << 10);
    let screening = screen(&body, &patients());
    assert_eq!(screening.verdict, Verdict::Hold);
    assert!(screening.technical_reason.is_some());
}

#[test]
fn ten_times_the_text_takes_about_ten_times_the_work() {
    // Counted in findings, not in seconds: hits, cues and exceptions side by side, over and over.
    let unit = "no rash but a terrible rash, tired of this, a rage against Zelvoria from Boston, not only rash ";
    let count = |times: usize| screen(&unit.repeat(times), &patients()).findings.len();
    let few = count(20);
    assert!(few > 20);
    assert!(count(2_000).abs_diff(few * 100) < few * 10);
}

#[test]
fn the_same_text_context_and_packs_give_the_same_bytes() {
    let again = RuleSet::shipped().unwrap();
    assert_eq!(again.hash(), RULES.hash());
    let body = "Dr. Helen Marsh gave me Zelvoria; I had a rash, hives and 3 bad nights.";
    let submission = Submission {
        title: Some("My month"),
        body,
    };
    let first = serde_json::to_string(&RULES.screen(&submission, &patients())).unwrap();
    let second = serde_json::to_string(&again.screen(&submission, &patients())).unwrap();
    assert_eq!(first, second);
    let back: Screening = serde_json::from_str(&first).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), first);
}
