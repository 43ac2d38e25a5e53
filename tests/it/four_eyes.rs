//! DECISION: four eyes, the lead, the undo window, the company's approver, and the table of what is allowed.

use hortus_tests::store::Rows;
use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS};
use hortus_tests::{Accepted, Engine, Person, Story, eventually, stories, world};
use serde_json::{Value, json};

const EYES: (&str, &str) = ("POLICY__SECOND_REVIEW", "[\"company_speaker\"]");
const WINDOW: (&str, &str) = ("POLICY__UNDO_SECONDS", "300");
const SHORT_WINDOW: (&str, &str) = ("POLICY__UNDO_SECONDS", "1");

async fn a_text_of_the_company(story: &Story) -> Accepted {
    let steward = story.person("steward");
    steward
        .starts_thread(CLINICIANS, "From the company", HARMLESS)
        .await
}

async fn view(who: &Person, item: &str) -> Value {
    who.get(&format!("/api/review/items/{item}")).await.is(200)
}

/// What the server offers this person.
fn offered(view: &Value) -> Vec<&str> {
    let actions = view["actions"].as_array().unwrap();
    actions
        .iter()
        .map(|one| one["action"].as_str().unwrap())
        .collect()
}

/// Claims the item and judges it.
async fn judges(who: &Person, item: &str, action: &str) -> Value {
    let claimed = who.claims_item(item).await;
    let ruling = match action {
        "release" => claimed.ruling(action),
        _ => claimed.refusal(action, "unclear", "Which city do you mean?"),
    };
    who.decides(&claimed, &ruling).await.is(200)
}

/// The notice of this kind, once it has come.
async fn told_to(who: &Person, kind: &str) -> Value {
    eventually("a notice comes", async || {
        let all = who.get("/api/notices").await.is(200);
        let mut all = all["items"].as_array().unwrap().iter();
        all.find(|one| one["kind"] == kind).cloned()
    })
    .await
}

async fn is_seen(story: &Story, thread: &str) -> bool {
    let answer = story
        .colleague()
        .get(&format!("/api/threads/{thread}"))
        .await;
    answer.status == 200
}

/// R-ER-08: a two-person rule where it is set; the second knows nothing of the first until it is decided.
async fn two_agree_and_the_second_learns_nothing_of_the_first(story: &mut Story) {
    story.node.restart_with(&[EYES]).await;
    let held = a_text_of_the_company(story).await;
    let (first, second) = (story.moderator(), story.person("deputy"));
    let item = first.item_of(&held).await;
    let told = judges(&first, &item, "release").await;
    assert_eq!(
        (&told["state"], &told["decision"]),
        (&json!("second_review"), &json!(null))
    );
    assert!(!is_seen(story, &held.thread).await);
    let author = story.person("steward").submission(&held).await;
    assert_eq!(
        author["state"], "in_review",
        "the author learns nothing yet"
    );

    let shown = view(&second, &item).await;
    assert_eq!(shown["assessments"], json!([]));
    assert!(!shown.to_string().contains("Petra Lindqvist"), "{shown}");
    assert_eq!(offered(&view(&first, &item).await), Vec::<&str>::new());
    let claimed = first.claims_item(&item).await;
    first
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .refused(409, "judged_already");
    let back = format!("/api/review/items/{item}/unclaim");
    first
        .post(&back, &json!({ "fence": claimed.fence }))
        .await
        .is(204);

    let told = judges(&second, &item, "release").await;
    assert_eq!(told["state"], "decided");
    assert!(is_seen(story, &held.thread).await);
    let shown = view(&first, &item).await;
    let names: Vec<&Value> = shown["assessments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["by"]["name"])
        .collect();
    assert_eq!(names, ["Petra Lindqvist", "Rui Teixeira"]);
}

async fn a_lead_settles_what_two_disagree_on(story: &mut Story) {
    story.node.restart_with(&[EYES]).await;
    let held = a_text_of_the_company(story).await;
    let item = story.moderator().item_of(&held).await;
    judges(&story.moderator(), &item, "release").await;
    let told = judges(&story.person("deputy"), &item, "reject").await;
    assert_eq!(told["state"], "lead_review");
    let notice = told_to(&story.person("lead"), "disagreement").await;
    assert_eq!(
        (&notice["subject_kind"], &notice["subject_id"]),
        (&json!("review_item"), &json!(item))
    );
    for other in ["moderator", "deputy", "steward", "mlr_approver"] {
        let all = story.person(other).get("/api/notices").await.is(200);
        assert_eq!(all["items"], json!([]), "{other}");
    }
    let third = story.person("medical_reviewer");
    assert!(!offered(&view(&third, &item).await).contains(&"release"));
    let claimed = third.claims_item(&item).await;
    third
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .refused(403, "role_needed");
    let back = format!("/api/review/items/{item}/unclaim");
    third
        .post(&back, &json!({ "fence": claimed.fence }))
        .await
        .is(204);
    let lead = story.person("lead");
    let shown = view(&lead, &item).await;
    assert_eq!(
        shown["assessments"].as_array().unwrap().len(),
        2,
        "who settles it reads both"
    );
    let told = judges(&lead, &item, "reject").await;
    assert_eq!(
        (&told["state"], &told["decision"]["decided_by"]["role"]),
        (&json!("decided"), &json!("lead"))
    );
    let author = story.person("steward").submission(&held).await;
    assert_eq!(author["state"], "rejected");
}

/// R-FB-02: free text of the company with a brand name is not approved by the moderator's role alone.
async fn what_the_company_says_of_a_product_needs_its_approver(story: &mut Story) {
    let steward = story.person("steward");
    let held = steward
        .starts_thread(
            CLINICIANS,
            "Velmora",
            "The label of Velmora was updated on Monday.",
        )
        .await;
    let moderator = story.moderator();
    let item = moderator.item_of(&held).await;
    let told = judges(&moderator, &item, "release").await;
    assert_eq!(told["state"], "second_review");
    let deputy = story.person("deputy");
    let offer = view(&deputy, &item).await;
    assert_eq!(
        offered(&offer),
        ["request_changes", "split", "duplicate", "reject", "refer"]
    );
    let claimed = deputy.claims_item(&item).await;
    deputy
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .refused(403, "role_needed");
    let back = format!("/api/review/items/{item}/unclaim");
    deputy
        .post(&back, &json!({ "fence": claimed.fence }))
        .await
        .is(204);
    assert!(!is_seen(story, &held.thread).await);
    let approver = story.person("mlr_approver");
    let offer = view(&approver, &item).await;
    let release = &offer["actions"].as_array().unwrap()[0];
    assert_eq!(
        (&release["action"], &release["needs"], &release["meaning"]),
        (
            &json!("release"),
            &json!(["signature"]),
            &json!("approved_mlr")
        )
    );
    let claimed = approver.claims_item(&item).await;
    let mut ruling = claimed.ruling("release");
    approver
        .decides(&claimed, &ruling)
        .await
        .refused(401, "signature_needed");
    let signer = approver
        .may_sign(&story.person("steward"), CLINICIANS)
        .await;
    ruling["signature"] = signer.both("approved_for_publication");
    approver
        .decides(&claimed, &ruling)
        .await
        .refused(409, "meaning_changed");
    ruling["signature"] = signer.both("approved_mlr");
    let told = approver.decides(&claimed, &ruling).await.is(200);
    assert_eq!(
        (
            &told["state"],
            &told["assessment"]["role"],
            &told["assessment"]["signed"]
        ),
        (&json!("decided"), &json!("mlr_approver"), &json!(true))
    );
    assert!(is_seen(story, &held.thread).await);
}

async fn a_judgement_is_taken_back_while_its_window_runs(story: &mut Story) {
    story.node.restart_with(&[WINDOW]).await;
    let clinician = story.clinician();
    let held = clinician
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let (moderator, deputy) = (story.moderator(), story.person("deputy"));
    let item = moderator.item_of(&held).await;
    let told = judges(&moderator, &item, "release").await;
    assert_eq!(told["state"], "settling");
    assert!(told["undo_until"].is_string(), "{told}");
    assert!(!is_seen(story, &held.thread).await);
    assert_eq!(offered(&view(&moderator, &item).await), ["undo"]);
    let undo = format!("/api/review/items/{item}/undo");
    deputy.ask(&undo).await.refused(403, "not_yours");
    let claim = format!("/api/review/items/{item}/claim");
    let refusal = deputy.ask(&claim).await;
    assert_eq!(refusal.status, 409, "{refusal}");
    assert_eq!(moderator.ask(&undo).await.is(200)["state"], "waiting");
    moderator.ask(&undo).await.refused(409, "not_in_this_state");
    let shown = view(&moderator, &item).await;
    let told: Vec<_> = shown["assessments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["action"].as_str().unwrap(), one["undone"] == true))
        .collect();
    assert_eq!(told, [("release", true), ("undo", false)]);
    // Another person judges it, and the author takes it back before that takes effect.
    judges(&deputy, &item, "reject").await;
    let path = format!("/api/submissions/{}/withdraw", held.submission);
    clinician.ask(&path).await.is(204);
    assert_eq!(clinician.submission(&held).await["state"], "withdrawn");
    deputy.ask(&undo).await.refused(409, "not_in_this_state");
    // The windows end: of what was undone, and of what was withdrawn.
    let rows = story.rows().await;
    rows.run("UPDATE job SET run_at = 1 WHERE kind = 'review.settle'")
        .await
        .unwrap();
    world::work_is_done(&rows).await;
    assert_eq!(rows.count("SELECT COUNT(*) AS n FROM decision").await, 0);
    rows.close().await;
    assert_eq!(clinician.submission(&held).await["state"], "withdrawn");
}

/// R-ER-02: the decision is made when the window has passed, whatever died meanwhile.
async fn a_judgement_takes_effect_after_its_window_although_the_server_was_killed(
    story: &mut Story,
) {
    story.node.restart_with(&[SHORT_WINDOW]).await;
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let moderator = story.moderator();
    let item = moderator.item_of(&held).await;
    let told = judges(&moderator, &item, "release").await;
    assert_eq!(told["state"], "settling");
    story.node.kill().await;
    story.node.restart().await;
    eventually("the release takes effect", async || {
        is_seen(story, &held.thread).await.then_some(())
    })
    .await;
    let moderator = story.moderator();
    let shown = view(&moderator, &item).await;
    assert_eq!(
        (&shown["state"], &shown["decision"]["decided_by"]["name"]),
        (&json!("decided"), &json!("Petra Lindqvist"))
    );
    let undo = format!("/api/review/items/{item}/undo");
    moderator.ask(&undo).await.refused(409, "already_decided");
}

/// The table of allowed moves is on the server: what it offers it accepts, and what it does not offer it refuses.
async fn what_is_not_offered_is_refused(story: &mut Story) {
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "A rash", ADVERSE_EVENT)
        .await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&held).await;
    assert_eq!(
        offered(&claimed.view),
        ["dispose", "refer"],
        "R-PV-30: no judgement before the disposition"
    );
    for action in [
        "release",
        "release_with_balance",
        "request_changes",
        "reject",
    ] {
        let mut ruling = claimed.refusal(action, "unclear", "Which city?");
        ruling["balance_key"] = "none".into();
        moderator
            .decides(&claimed, &ruling)
            .await
            .refused(409, "disposition_needed");
    }
    moderator.disposes(&claimed, "adverse_event").await.is(200);
    let shown = view(&moderator, &claimed.item).await;
    let needs: Vec<_> = shown["actions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["action"].clone(), one["needs"].clone()))
        .collect();
    assert_eq!(
        needs,
        [
            (json!("dispose"), json!(["disposition"])),
            (json!("release"), json!([])),
            (json!("release_with_balance"), json!(["balance_text"])),
            (json!("redact_and_release"), json!(["spans"])),
            (json!("request_changes"), json!(["reason", "words"])),
            (json!("split"), json!(["cuts"])),
            (json!("duplicate"), json!(["duplicate_of"])),
            (json!("reject"), json!(["reason", "words"])),
            (json!("refer"), json!(["question"])),
        ]
    );
    let mut ruling = claimed.ruling("release_with_balance");
    ruling["balance_key"] = "none".into();
    moderator
        .decides(&claimed, &ruling)
        .await
        .refused(422, "invalid");
}

/// What a decision touches, and how.
const STATEMENTS: [(&str, &str); 9] = [
    ("assessment", "INSERT"),
    ("review_item", "UPDATE"),
    ("job", "INSERT"),
    ("decision", "INSERT"),
    ("stream", "INSERT"),
    ("stream_event", "INSERT"),
    ("publication", "INSERT"),
    ("audit_record", "INSERT"),
    ("audit_unsealed", "INSERT"),
];

/// Makes the next statement of this kind on this table fail, as a full disk or a lost connection does.
pub async fn breaks(rows: &Rows, engine: Engine, table: &str, verb: &str) {
    let statements = match engine {
        Engine::Sqlite => vec![format!(
            "CREATE TRIGGER breaks BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'it broke'); END"
        )],
        Engine::Postgres => vec![
            "CREATE OR REPLACE FUNCTION breaks() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'it broke'; END $$ LANGUAGE plpgsql".to_owned(),
            format!("CREATE TRIGGER breaks BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION breaks()"),
        ],
    };
    for statement in statements {
        rows.run(&statement).await.unwrap();
    }
}

pub async fn mends(rows: &Rows, engine: Engine, table: &str) {
    let statement = match engine {
        Engine::Sqlite => "DROP TRIGGER breaks".to_owned(),
        Engine::Postgres => format!("DROP TRIGGER breaks ON {table}"),
    };
    rows.run(&statement).await.unwrap();
}

/// R-ER-02: a decision that fails between any two of its statements leaves nothing behind, and is made afterwards.
async fn a_decision_that_breaks_off_at_any_statement_has_changed_nothing(story: &mut Story) {
    let engine = story.store.engine();
    for (table, verb) in STATEMENTS {
        let held = story
            .clinician()
            .starts_thread(CLINICIANS, "Journal club", HARMLESS)
            .await;
        let moderator = story.moderator();
        let claimed = moderator.claims(&held).await;
        let rows = story.rows().await;
        world::work_is_done(&rows).await;
        let mut before = Vec::new();
        let tables = [
            "assessment",
            "decision",
            "publication",
            "stream_event",
            "job",
            "audit_record",
        ];
        for table in tables {
            before.push(
                rows.count(&format!("SELECT COUNT(*) AS n FROM {table}"))
                    .await,
            );
        }
        breaks(&rows, engine, table, verb).await;
        let answer = moderator
            .decides(&claimed, &claimed.ruling("release"))
            .await;
        mends(&rows, engine, table).await;
        assert_eq!(answer.status, 500, "{table}: {answer}");
        let mut after = Vec::new();
        for table in tables {
            after.push(
                rows.count(&format!("SELECT COUNT(*) AS n FROM {table}"))
                    .await,
            );
        }
        rows.close().await;
        assert_eq!(before, after, "{tables:?} when {verb} on {table} failed");
        let shown = view(&moderator, &claimed.item).await;
        assert_eq!(
            (&shown["state"], &shown["assessments"]),
            (&json!("waiting"), &json!([]))
        );
        assert!(!is_seen(story, &held.thread).await);
        let told = moderator
            .decides(&claimed, &claimed.ruling("release"))
            .await;
        assert_eq!(told.is(200)["state"], "decided", "and then it is made");
        assert!(is_seen(story, &held.thread).await);
    }
}

/// R-FB-05: benefit and risk are balanced by a text of the company, apart from the author's words; its template and
/// version are on record.
async fn a_release_with_the_companys_text_shows_it_as_the_companys(story: &mut Story) {
    let steward = story.person("steward");
    let path = format!("/api/communities/{CLINICIANS}/policy");
    let shown = steward.get(&path).await.is(200);
    let mut policy = shown["policy"].clone();
    policy["balance_texts"] = json!([{
        "key": "velmora-eu", "product": null, "market": "EU", "language": "en",
        "text": "Velmora can cause serious rash. See the label.",
    }]);
    let proposal =
        json!({ "base": shown["number"], "policy": policy, "words": "The text of the label." });
    let told = steward
        .post(&format!("{path}/proposals"), &proposal)
        .await
        .is(201);
    // The company's words to readers are approved by a second person.
    let approve = format!("{path}/proposals/{}/answer", told["id"].as_str().unwrap());
    let founder = story.person("founder");
    let told = founder
        .post(&approve, &json!({ "answer": "approve" }))
        .await
        .is(200);
    assert_eq!(told["state"], "in_force", "{told}");

    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&held).await;
    assert_eq!(claimed.view["balance_texts"][0]["key"], "velmora-eu");
    let mut ruling = claimed.ruling("release_with_balance");
    ruling["balance_key"] = "velmora-eu".into();
    let told = moderator.decides(&claimed, &ruling).await.is(200);
    assert_eq!(
        told["assessment"]["balance_text"],
        "Velmora can cause serious rash. See the label."
    );
    let seen = story.colleague().reads(&held.thread).await;
    let post = &seen["posts"][0];
    let appended = post["appended"]["body_html"].as_str().unwrap();
    assert!(appended.contains("serious rash"), "{post}");
    assert!(!post["body_html"].as_str().unwrap().contains("serious rash"));
    let rows = story.rows().await;
    let kept = rows
        .find("SELECT balance_key, balance_version FROM assessment")
        .await;
    rows.close().await;
    assert_eq!(
        kept,
        [json!({ "balance_key": "velmora-eu", "balance_version": 1 })]
    );
    // A newer revision that is released as it stands has no such text any more.
    let edit = story
        .clinician()
        .edits(&held.post, "Second thoughts.")
        .await;
    moderator.releases(&edit).await;
    let seen = story.colleague().reads(&held.thread).await;
    assert_eq!(seen["posts"][0]["appended"], json!(null));
}

stories![
    two_agree_and_the_second_learns_nothing_of_the_first,
    a_lead_settles_what_two_disagree_on,
    what_the_company_says_of_a_product_needs_its_approver,
    a_judgement_is_taken_back_while_its_window_runs,
    a_judgement_takes_effect_after_its_window_although_the_server_was_killed,
    what_is_not_offered_is_refused,
    a_decision_that_breaks_off_at_any_statement_has_changed_nothing,
    a_release_with_the_companys_text_shows_it_as_the_companys,
];
