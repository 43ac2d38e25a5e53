//! How words are meant: denied, asked, feared, quoted, past, relieved, or the illness itself.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot load its rules must fail"
)]

#[path = "support/packs.rs"]
mod packs;
#[path = "support/zelvoria.rs"]
mod zelvoria;

use moderation_rules::{
    Context, Family, PackSource, RuleSet, Severity, Status, Submission, Verdict,
};
use packs::pack_of;
use zelvoria::{RULES, patients, screen, zelvoria};

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

/// How the words of a text are meant, told by a rule that looks for nothing but them.
fn meant(word: &str, body: &str) -> Vec<Status> {
    let toml = pack_of(&format!("{{ phrases = [\"{word}\"] }}"), "");
    let language = RuleSet::shipped_packs()
        .into_iter()
        .find(|pack| pack.name == "language-en.toml");
    let tea = PackSource {
        name: "tea.toml",
        toml: &toml,
    };
    let rules = RuleSet::load(&[language.unwrap(), tea]).unwrap();
    let context = Context {
        products: vec![zelvoria()],
        ..Context::default()
    };
    let screening = rules.screen(&Submission { title: None, body }, &context);
    let last = screening.findings.last();
    last.map(|f| f.status.clone()).unwrap_or_default()
}

#[test]
fn each_meaning_is_read_where_the_words_stand() {
    for (status, bodies) in [
        (
            Status::Negated,
            vec![
                "I had no rash.",
                "Denies fever, chills, cough, joint pain, night sweats, itching or rash.",
                "It has not caused a rash.",
                "None of them was accompanied by rash.",
                "This one hasn't made me rash.",
                "Rash was not observed.",
                "I had expected a headache and a rash. None of that happened.",
                "The patient denies:\n- fever\n- cough\n- rash",
                "They asked about a rash: there wasn't any.",
            ],
        ),
        (
            Status::Question,
            vec!["Could it be a rash?", "Has anyone had a rash from it"],
        ),
        (
            Status::Hypothetical,
            vec![
                "I am afraid of a rash.",
                "I worried about hair loss, weight gain, a dry mouth and a rash.",
            ],
        ),
        (Status::Conditional, vec!["If you develop a rash, stop."]),
        (
            Status::Quoted,
            vec!["> my rash was bad", "The leaflet says that rash is rare."],
        ),
        (
            Status::Historical,
            vec![
                "She has a history of asthma, eczema and rash.",
                "Before starting I was tired, thirsty and had a rash.",
                "I had a rash long before I started.",
                "At baseline the patient had a rash.",
                "History of: asthma, rash.",
            ],
        ),
        (Status::FamilyMember, vec!["My mother has a rash."]),
        (
            Status::Benefit,
            vec![
                "It cleared up my rash.",
                "My rash has calmed right down.",
                "It cut my rash by half.",
                "It got rid of my cough, my wheeze and the itchy rash.",
                "My rash has all but gone.",
            ],
        ),
        (
            Status::Indication,
            vec![
                "I was prescribed it for my rash.",
                "I have a rash, that's why it was prescribed.",
                "Fever and rash in a boy who has taken no medicines.",
                "I was put on the new cream for eczema, hives and rash.",
                "For the rash is down to my thyroid.",
                "I had a rash so my doctor gave me this.",
                "Went on it when the asthma was so bad I had a rash.",
            ],
        ),
        (
            Status::Generic,
            vec![
                "Side effects may include nausea, headache and rash.",
                "Typical findings in lupus are fever and rash.",
                "A rash is common in children.",
                "Common side effects include:\n\n* nausea\n* itchy rash",
            ],
        ),
    ] {
        for body in bodies {
            let meant = meant("rash", body);
            assert!(meant.contains(&status), "{status:?}: {body} {meant:?}");
        }
    }
}

#[test]
fn a_meaning_ends_where_another_thought_begins() {
    for body in [
        "No fever, but a rash.",
        "It did not help and caused a rash.",
        "No, I had a rash.",
        "Given the absence of infection, the rash was put down to the drug.",
        "I have a rash, is that normal?",
        "I was well before I started, and now I have a rash.",
        "She has a history of asthma; a rash came on day three.",
        "I never had a rash before this drug.",
        "Before this drug I never had a rash.",
        "Without doubt the worst rash.",
        "Been on it since my heart attack and my rash is constant.",
        "Put on it for anxiety and within a week a rash.",
        "No rash until the second dose.",
        "No rash any more since I quit it.",
        "I took it for three weeks and got a rash.",
        "It helped my asthma, the rash was awful.",
        "My rash disappeared as soon as I stopped taking it.",
        "The rash eased off when I dropped to 10 mg.",
        "The rash cleared after discontinuation of the drug.",
        "Years ago I took it and got a rash.",
        "I have a rash. I did not tell anybody. None of my friends knows.",
        "Side effects may include:\n- nausea\n\nMy own story is another one, and a long one at that: a rash.",
        "The doctor denies it: a rash.",
    ] {
        assert_eq!(meant("rash", body), [], "{body}");
    }
}

#[test]
fn the_illness_on_the_label_is_what_is_treated_unless_it_became_worse() {
    assert_eq!(
        meant("psoriasis", "My psoriasis is on both arms."),
        [Status::Indication]
    );
    assert_eq!(meant("eczema", "My eczema is on both arms."), []);
    assert_eq!(meant("psoriasis", "My psoriasis became much worse."), []);
    assert_eq!(meant("psoriasis", "A flare of my psoriasis."), []);
}

#[test]
fn words_that_bring_their_own_denial_are_not_denied_again() {
    let word = "(isn't himself|himself)";
    assert_eq!(meant(word, "He was never told that he isn't himself."), []);
    assert_eq!(meant(word, "He was never himself."), [Status::Negated]);
}

#[test]
fn what_is_taken_over_from_the_post_that_is_answered_is_quoted() {
    let parent = "Since Monday I have had a red rash on both arms and legs.";
    let context = Context {
        parent_body: Some(parent.to_owned()),
        ..patients()
    };
    let quoted = |body: &str| {
        let screening = screen(body, &context);
        let rash = screening
            .findings
            .iter()
            .find(|f| f.matched.to_lowercase().contains("rash"));
        rash.map(|f| f.status.contains(&Status::Quoted))
    };
    assert_eq!(
        quoted("since monday I have had a red RASH on both arms: poor you!"),
        Some(true)
    );
    assert_eq!(quoted("I have had a red rash as well."), Some(false));
}

/// Whether a patient's text holds as a possible adverse event.
fn tells_a_reaction(title: Option<&str>, body: &str) -> bool {
    let screening = RULES.screen(&Submission { title, body }, &Context::default());
    screening.categories.contains(&Family::AdverseEvent)
}

#[test]
fn an_illness_that_is_told_before_its_treatment_is_no_reaction() {
    for body in [
        "It started when I was thirty. My hair fell out and my hands swelled. Nobody knew why. Then I was put on tablets.",
        "I coughed all night and could not climb the stairs. My wife worried. In May they put me on an inhaler. I sleep again.",
        "Reason: insomnia with night sweats\nBenefits: sleep",
        "My hands were numb and my feet like lead. Then a young doctor put me on the injection.",
        "I pass out at the sight of a needle and I vomit with every migraine. They want me to start an injection, and I haven't collected it yet.",
    ] {
        assert!(!tells_a_reaction(None, body), "{body}");
    }
}

#[test]
fn what_comes_after_the_beginning_of_the_treatment_is_told() {
    for body in [
        "In May I was put on tablets. Nobody warned me. My hair fell out and my hands swelled.",
        "My hair is falling out. I have been on these tablets since May.",
        "My hands are numb. Next week they start the second of the tablets, I am on 40 mg.",
        "They put me on an inhaler. I coughed all night and had hives.",
    ] {
        assert!(tells_a_reaction(None, body), "{body}");
    }
}

#[test]
fn a_long_text_without_any_treatment_tells_of_an_illness() {
    let story = "For nine months I have had cramps that double me over and I need the toilet six times a day. There was blood \
        twice. My joints ache and I am tired. My aunt went very quiet when I told her about it last Sunday at lunch. What I \
        would like to know is how long all of you had to wait for an answer, and whether anything let you get through the day.";
    assert!(!tells_a_reaction(None, story));
    assert!(tells_a_reaction(
        Some("Six weeks on the new tablets"),
        story
    ));
}

#[test]
fn own_complaints_asked_about_fears_that_came_and_reasons_for_stopping_are_told() {
    for body in [
        "Anyone else's hair coming out on this?",
        "Is it normal that my feet are numb since the first tablet?",
        "I was warned about the headaches and sure enough I got them.",
        "The leaflet says dry mouth, and boy do I have it.",
        "I got a rash, that's why I stopped taking it.",
        "Can it cause hair loss, because mine is coming out in clumps?",
        "I was so dizzy on it, which is why I quit.",
        "Terrible headaches on this so my doctor gave me something else.",
        "Took it for a cough and broke out in hives.",
    ] {
        assert!(tells_a_reaction(None, body), "{body}");
    }
}
