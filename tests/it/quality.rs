//! QUALITY: what was overturned, how far people agree, how precise the rules are.

use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS};
use hortus_tests::{Accepted, Person, Story, node, stories};
use serde_json::{Value, json};

/// The rules find a telephone number in it, and nothing else.
const NUMBER: &str = "You can reach the ward at 030 901 820, ask for the journal club.";
const RULE: &str = "PR-006";

async fn a_text(story: &Story, body: &str) -> Accepted {
    let clinician = story.clinician();
    clinician
        .starts_thread(CLINICIANS, "Journal club", body)
        .await
}

async fn figures(who: &Person) -> Value {
    let path = format!("/api/communities/{CLINICIANS}/quality");
    who.get(&path).await.is(200)
}

/// What the figures say of somebody or something, by one of its fields.
fn of<'a>(list: &'a Value, field: &str, wanted: &str) -> &'a Value {
    let at = |one: &&Value| one.pointer(field).is_some_and(|found| found == wanted);
    let found = list.as_array().unwrap().iter().find(at);
    found.unwrap_or_else(|| panic!("{wanted} is not in {list}"))
}

async fn feed(who: &Person, query: &str) -> Vec<Value> {
    let found = who.get(&format!("/api/quality/overturned{query}")).await;
    found.is(200)["items"].as_array().unwrap().clone()
}

async fn appeals(story: &Story, text: &Accepted) -> String {
    let path = format!("/api/submissions/{}/appeal", text.submission);
    let words = json!({ "words": "Please look again." });
    story.clinician().post(&path, &words).await.is(201);
    let lead = story.person("lead");
    let list = lead.get("/api/review/items?limit=200").await.is(200);
    of(&list["items"], "/origin", "appeal")["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn a_finding_is_confirmed_or_overturned_by_what_people_decide(story: &mut Story) {
    let moderator = story.moderator();
    let kept = a_text(story, NUMBER).await;
    moderator
        .rejects(&kept, "privacy", "Please take the number out.")
        .await;
    let elsewhere = a_text(story, NUMBER).await;
    moderator
        .rejects(&elsewhere, "off_topic", "Please write elsewhere.")
        .await;
    let shown = a_text(story, NUMBER).await;
    moderator.releases(&shown).await;
    moderator.releases(&a_text(story, HARMLESS).await).await;

    let told = figures(&story.person("lead")).await;
    assert_eq!(told["decided"], 4);
    let rule = of(&told["rules"], "/rule", RULE);
    assert_eq!(
        (&rule["texts"], &rule["undecided"], &rule["owner"]),
        (&json!(3), &json!(1), &json!("privacy office"))
    );
    let precision = &rule["precision"];
    assert_eq!(
        (&precision["count"], &precision["of"], &precision["enough"]),
        (&json!(1), &json!(2), &json!(false))
    );
    assert!(precision["low"].as_f64().unwrap() < 0.1 && precision["high"].as_f64().unwrap() > 0.9);
    let rule = moderator.get(&format!("/api/rules/{RULE}")).await.is(200);
    assert_eq!(rule["precision"]["precision"]["share"], 0.5);
    assert!(rule["rationale"].is_string() && rule["owner_role"] == "administrator");
    moderator
        .get("/api/rules/XX-999")
        .await
        .refused(404, "not_found");
    let neighbour = story.person("neighbour");
    let elsewhere = neighbour.get(&format!("/api/rules/{RULE}")).await.is(200);
    assert_eq!(elsewhere["precision"]["texts"], 0);

    let flags = story.store.flags();
    let mut words = vec!["rules", "explain", RULE];
    words.extend(flags.iter().map(String::as_str));
    let explained = node::run(&words).await;
    assert_eq!(explained.code, Some(0), "{}", explained.err);
    let line = "Precision: 50 % (1 of 2 findings were confirmed";
    assert!(explained.out.contains(line), "{}", explained.out);
    assert!(explained.out.contains("too few to rely on"));
    let without = node::run(&["rules", "explain", RULE]).await;
    assert!(!without.out.contains("Precision:"), "{}", without.out);
}

async fn an_appeal_that_is_granted_overturns_its_reviewer_and_the_rule(story: &mut Story) {
    let moderator = story.moderator();
    let text = a_text(story, NUMBER).await;
    moderator
        .rejects(&text, "privacy", "Please take the number out.")
        .await;
    let lead = story.person("lead");
    assert_eq!(feed(&lead, "").await, [] as [Value; 0]);
    let item = appeals(story, &text).await;
    let claimed = lead.claims_item(&item).await;
    let mut ruling = claimed.ruling("overturn");
    ruling["words"] = "It is the number of a ward.".into();
    lead.decides(&claimed, &ruling).await.is(200);

    let told = figures(&story.person("inspector")).await;
    let name = &moderator.who.name;
    let reviewer = of(&told["reviewers"], "/person/name", name);
    assert_eq!(
        (&reviewer["decided"], &reviewer["overturned"]["count"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(reviewer["by_kind"][0]["kind"], "appeal");
    let rule = of(&told["rules"], "/rule", RULE);
    assert_eq!(
        (&rule["precision"]["count"], &rule["overturned"]["count"]),
        (&json!(0), &json!(1))
    );
    let overturned = feed(&story.person("steward"), "?mine=true").await;
    assert_eq!(overturned.len(), 1);
    assert_eq!(
        (&overturned[0]["rule"], &overturned[0]["action"]),
        (&json!(RULE), &json!("overturn"))
    );
    assert!(
        overturned[0]["matched"]
            .as_str()
            .unwrap()
            .contains("901 820")
    );
    let of_others = feed(&story.person("safety_officer"), "?mine=true").await;
    assert_eq!(
        of_others,
        [] as [Value; 0],
        "the privacy office is not theirs"
    );
    assert_eq!(feed(&story.person("neighbour"), "").await.len(), 0);
}

/// R-PV-30: the words of a text that no reader sees are told to nobody with its finding.
async fn an_overturned_finding_tells_its_words_only_where_readers_see_them(story: &mut Story) {
    let text = a_text(story, ADVERSE_EVENT).await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&text).await;
    moderator
        .disposes(&claimed, "not_adverse_event")
        .await
        .is(200);
    let ruling = claimed.refusal("reject", "off_topic", "Please write elsewhere.");
    moderator.decides(&claimed, &ruling).await.is(200);
    let officer = story.person("safety_officer");
    let overturned = feed(&officer, "?mine=true").await;
    assert!(!overturned.is_empty());
    for one in &overturned {
        assert_eq!(
            (&one["matched"], &one["not_adverse_event"], &one["item"]),
            (&Value::Null, &json!(true), &json!(claimed.item))
        );
    }
}

async fn two_who_judge_blind_are_compared(story: &mut Story) {
    let eyes = ("POLICY__SECOND_REVIEW", "[\"company_speaker\"]");
    story.node.restart_with(&[eyes]).await;
    let steward = story.person("steward");
    let people = [story.moderator(), story.person("deputy")];
    for (first, second) in [
        ("release", "release"),
        ("reject", "reject"),
        ("release", "reject"),
    ] {
        let text = steward
            .starts_thread(CLINICIANS, "From the company", HARMLESS)
            .await;
        let item = people[0].item_of(&text).await;
        for (who, action) in people.iter().zip([first, second]) {
            let claimed = who.claims_item(&item).await;
            let ruling = match action {
                "release" => claimed.ruling(action),
                _ => claimed.refusal(action, "unclear", "Which city do you mean?"),
            };
            who.decides(&claimed, &ruling).await.is(200);
        }
        if first != second {
            let lead = story.person("lead");
            let claimed = lead.claims_item(&item).await;
            lead.decides(&claimed, &claimed.ruling("release"))
                .await
                .is(200);
        }
    }
    let told = figures(&steward).await;
    let agreement = &told["agreement"];
    assert_eq!(
        (
            &agreement["pairs"],
            &agreement["agreed"],
            &agreement["enough"]
        ),
        (&json!(3), &json!(2), &json!(false))
    );
    assert!(
        (agreement["kappa"].as_f64().unwrap() - 0.4).abs() < 1e-9,
        "{agreement}"
    );
    assert_eq!(told["pairs"].as_array().unwrap().len(), 1);
    let second = of(&told["reviewers"], "/person/name", &people[1].who.name);
    assert_eq!(
        (&second["overturned"]["count"], &second["overturned"]["of"]),
        (&json!(1), &json!(1)),
        "the lead decided otherwise"
    );
    let first = of(&told["reviewers"], "/person/name", &people[0].who.name);
    assert_eq!(
        (&first["overturned"]["count"], &first["overturned"]["of"]),
        (&json!(0), &json!(3))
    );
    let span = "from=2031-01-01T00:00:00Z&until=2031-02-01T00:00:00Z";
    let path = format!("/api/communities/{CLINICIANS}/quality");
    let later = steward.get(&format!("{path}?{span}")).await.is(200);
    assert_eq!(
        (&later["decided"], &later["agreement"]["kappa"]),
        (&json!(0), &Value::Null)
    );
    for wrong in ["from=2031-01-01T00:00:00Z", "from=2001-01-01T00:00:00Z"] {
        let path = format!("{path}?{wrong}");
        steward.get(&path).await.refused(422, "invalid");
    }
}

stories![
    a_finding_is_confirmed_or_overturned_by_what_people_decide,
    an_appeal_that_is_granted_overturns_its_reviewer_and_the_rule,
    an_overturned_finding_tells_its_words_only_where_readers_see_them,
    two_who_judge_blind_are_compared,
];
