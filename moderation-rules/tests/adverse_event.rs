//! What is read out of a text about a possible adverse event.

#[path = "support/zelvoria.rs"]
mod zelvoria;

use moderation_rules::{
    Audience, Context, Family, Inference, Seriousness, Speaker, SpecialSituation, Verdict,
};
use zelvoria::{patients, screen};

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
fn each_way_of_being_serious_and_each_situation_stands_on_its_own_words() {
    let body =
        "I am pregnant. After the dose I went into anaphylactic shock and was taken to the ER.";
    let event = screen(body, &patients()).adverse_event.unwrap();
    let grounds: Vec<_> = event
        .grounds
        .iter()
        .map(|g| (g.rule.as_str(), g.place.words.as_str()))
        .collect();
    for ground in [
        ("AE-030", "I am pregnant"),
        ("AE-021", "anaphylactic shock"),
        ("AE-022", "taken to the ER"),
    ] {
        assert!(grounds.contains(&ground), "{ground:?} in {grounds:?}");
    }
    for ground in &event.grounds {
        assert_eq!(
            body.get(ground.place.start..ground.place.end),
            Some(ground.place.words.as_str())
        );
    }
    let told = |s: Seriousness| event.grounds.iter().any(|g| g.seriousness == Some(s));
    assert!(event.seriousness.iter().all(|s| told(*s)));
}

#[test]
fn another_medicine_in_the_text_is_the_product_where_no_own_one_is_known() {
    let event = |context: &Context| {
        let screening = screen("Ibuprofen gave me a rash.", context);
        screening.adverse_event.unwrap()
    };
    let alone = event(&Context::default());
    assert_eq!(alone.product.evidence.as_deref(), Some("Ibuprofen"));
    let unknown = Context {
        speaker: Speaker::Unknown,
        ..Context::default()
    };
    assert!(
        event(&unknown).patient.met,
        "whoever says me is a patient until it is known better"
    );
}

#[test]
fn a_text_in_a_language_that_no_pack_reads_is_held_and_says_so() {
    for body in [
        "Je suis tombée deux fois depuis que j'ai commencé, avec des vertiges très forts.",
        "Ich habe seit einer Woche keine Kraft und bin sehr müde nach der Spritze.",
        "Tengo mucho dolor desde la segunda dosis, pero estoy muy contenta porque ayuda.",
    ] {
        let screening = screen(body, &patients());
        assert!(screening.verdict >= Verdict::Hold, "{body}");
        assert!(screening.technical_reason.is_some(), "{body}");
    }
    for body in [
        "STEMI in 2019, AV block, ICD; on JAK inhibitor since May, no MI since.",
        "The à la carte menu of the clinic was fine, et cetera.",
        "We meet at the booth.",
    ] {
        assert_eq!(screen(body, &patients()).technical_reason, None, "{body}");
    }
}

#[test]
fn another_medicine_that_the_text_names_is_suspected_before_the_one_of_the_thread() {
    let event = screen(
        "Since starting lamotrigine I have a rash all over.",
        &patients(),
    )
    .adverse_event
    .unwrap();
    assert_eq!(event.product.evidence.as_deref(), Some("lamotrigine"));
    assert_eq!(event.product.inferred_from, None);
}

#[test]
fn events_that_are_serious_by_nature_are_serious_however_they_are_told() {
    let doctor = Context {
        speaker: Speaker::Professional,
        audience: Audience::Professionals,
        ..patients()
    };
    for body in [
        "My patient developed Stevens-Johnson syndrome on Zelvoria.",
        "My patient developed anaphylaxis on Zelvoria.",
        "He had agranulocytosis on Zelvoria.",
        "Baby born with a cleft palate; the mother took Zelvoria.",
        "My brother killed himself on Zelvoria.",
    ] {
        let screening = screen(body, &doctor);
        assert_eq!(screening.verdict, Verdict::Escalate, "{body}");
        assert!(
            !screening.adverse_event.unwrap().seriousness.is_empty(),
            "{body}"
        );
    }
}
