//! What readers see is what is read, however it is written.

#[path = "support/zelvoria.rs"]
mod zelvoria;

use moderation_rules::{Severity, Verdict};
use zelvoria::{patients, screen};

#[test]
fn disguised_words_are_found_at_their_place_in_the_original() {
    for (body, words) in [
        ("So: n\u{200B}aus\u{00AD}ea.", "n\u{200B}aus\u{00AD}ea"),
        ("So: **nau**sea.", "nau**sea"),
        ("So: n\u{0}au\u{7F}se\u{1B}a.", "n\u{0}au\u{7F}se\u{1B}a"),
        ("So: nau\u{9D}sea.", "nau\u{9D}sea"),
        ("So: nau\u{FFFC}se\u{1D173}a.", "nau\u{FFFC}se\u{1D173}a"),
        ("So: nau&#7;sea.", "nau&#7;sea"),
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
        "Hello <!-- I had anaphylactic shock after the second dose, call 07700 900123 --> Bye.",
        "I had <i anaphylactic shock> of it",
        "<a href=\"I had anaphylactic shock\">",
        "<div>I had anaphylactic shock</div>",
        "<!--\n--> I had anaphylactic shock",
        "`I had anaphylactic shock`",
        "```text\nI had anaphylactic shock\n```",
        "| who | what |\n|---|---|\n| I had | anaphylactic shock |",
        "I had[^1]\n\n[^1]: anaphylactic shock.",
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
            "[x](https://a.example \"I had anaphylactic shock\")",
            "AE-021",
            "anaphylactic shock",
        ),
        (
            "![I had anaphylactic shock](https://a.example/p.png)",
            "AE-021",
            "anaphylactic shock",
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
fn either_spelling_of_english_finds_the_other() {
    for (british, american) in [
        (
            "I had a haemorrhage last week.",
            "I had a hemorrhage last week.",
        ),
        ("She got diarrhoea after it.", "She got diarrhea after it."),
        ("I was hospitalised for it.", "I was hospitalized for it."),
        ("My ankles have oedema now.", "My ankles have edema now."),
    ] {
        let rules =
            |body: &str| -> Vec<String> { found(body).into_iter().map(|(rule, _)| rule).collect() };
        assert!(!rules(british).is_empty(), "{british}");
        assert_eq!(rules(british), rules(american), "{british}");
    }
}

#[test]
fn a_typing_error_in_a_long_word_hides_nothing() {
    for (body, words) in [
        ("I had a terrible hedache all day.", "hedache"),
        ("He got diarhea after the second dose.", "diarhea"),
        ("She was hospitalisde on Monday.", "hospitalisde"),
        ("My whole body is a palpitatoins storm.", "palpitatoins"),
    ] {
        let found = found(body);
        assert!(
            found.iter().any(|(_, matched)| matched.contains(words)),
            "{body} {found:?}"
        );
    }
}

#[test]
fn everyday_words_are_not_taken_for_typing_errors() {
    for body in [
        "The meditation helps me to stay calm.",
        "We looked at the infraction of the rule.",
        "The number of letters decreased.",
        "I love breeding dogs.",
        "That is an addition to the list.",
        "We were camping by the lake.",
        "The cake was delicious.",
    ] {
        let found = found(body);
        assert_eq!(found, [], "{body}");
    }
}

#[test]
fn insults_in_disguise_are_insults() {
    for (body, words) in [
        ("You are an 1d10t.", "1d10t"),
        ("You are an id!ot!", "id!ot"),
        ("You 1d!0t, read the label.", "1d!0t"),
        ("you are an idiooooot", "idiooooot"),
        ("You are an i d i o t.", "i d i o t"),
        ("you are an i.d.i.o.t", "i.d.i.o.t"),
        ("Go k1ll y0urself", "k1ll y0urself"),
        ("You are a m0r0n.", "m0r0n"),
    ] {
        let found = found(body);
        let insult = found
            .iter()
            .any(|(rule, matched)| rule == "CO-001" && matched.ends_with(words));
        assert!(insult, "{body} {found:?}");
    }
}

#[test]
fn doses_names_and_sums_are_no_insults() {
    for body in [
        "I take 5 mg and 10mg, and B12 each day!",
        "Is it 1.5 or 2.5 mg? I a m not sure.",
        "Room A5, at 10:15 - see you soooon!",
        "It cost $45 + $5 = $50 @ the shop.",
        "P.S. I.V. and I.M. are 2 ways, s.c. is a 3rd.",
    ] {
        let insults: Vec<_> = found(body)
            .into_iter()
            .filter(|(rule, _)| rule.starts_with("CO-"))
            .collect();
        assert_eq!(insults, [], "{body}");
    }
}

#[test]
fn a_text_that_is_too_long_or_unfolds_too_far_is_held_with_the_reason() {
    for (body, words) in [
        ("word ".repeat(60_000), "the text has 300000 bytes"),
        ("ﷺ".repeat(80_000), "the text unfolds to"),
    ] {
        let screening = screen(&body, &patients());
        assert_eq!(screening.verdict, Verdict::Hold);
        let reason = screening.technical_reason.unwrap_or_default();
        assert!(reason.starts_with(words), "{reason}");
    }
}
