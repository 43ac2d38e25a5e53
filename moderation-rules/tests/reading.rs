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
