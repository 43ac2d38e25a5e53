//! Every role × every operation of the API. What is not listed here is refused by this test, not by hope.

use std::collections::BTreeSet;

use hortus_tests::openapi::{Operation, operations};
use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS};
use hortus_tests::{Accepted, Answer, Caller, Story, stories, world};
use reqwest::Method;
use serde_json::{Value, json};

/// Everybody who asks, from nobody to the server's administrator. `author` wrote the texts that are asked for;
/// `neighbour` holds every role of staff in another community; `former` has an account and no community.
const CALLERS: [&str; 14] = [
    "visitor",
    "former",
    "patient",
    "neighbour",
    "author",
    "member",
    "moderator",
    "lead",
    "safety_officer",
    "medical_reviewer",
    "mlr_approver",
    "inspector",
    "administrator",
    "founder",
];

const EVERYBODY: &str = "visitor former patient neighbour author member moderator lead safety_officer medical_reviewer mlr_approver inspector administrator founder";
const SIGNED_IN: &str = "former patient neighbour author member moderator lead safety_officer medical_reviewer mlr_approver inspector administrator founder";
const READER: &str = "author member moderator lead safety_officer medical_reviewer mlr_approver inspector administrator founder";
const WRITER: &str = "author member moderator lead safety_officer medical_reviewer mlr_approver administrator founder";
const AUTHOR: &str = "author";
const DESK: &str = "moderator lead medical_reviewer mlr_approver";
const DESK_SOMEWHERE: &str = "moderator lead medical_reviewer mlr_approver neighbour";
const ADVISER: &str = "moderator lead safety_officer medical_reviewer mlr_approver";
const ADVISER_SOMEWHERE: &str =
    "moderator lead safety_officer medical_reviewer mlr_approver neighbour";
const SAFETY: &str = "safety_officer medical_reviewer";
const SAFETY_SOMEWHERE: &str = "safety_officer medical_reviewer neighbour";
const SEALED: &str = "moderator lead safety_officer inspector";
const INSPECTOR: &str = "inspector";
const INSPECTOR_SOMEWHERE: &str = "inspector neighbour";
const ADMINISTRATOR: &str = "administrator founder";
const FOUNDER: &str = "founder";
const STAFF: &str =
    "moderator lead safety_officer medical_reviewer mlr_approver inspector administrator founder";
const SUPERVISOR: &str = "lead inspector administrator founder";
const EXAMINER: &str = "lead administrator founder";
const RULE_OWNER_SOMEWHERE: &str =
    "lead safety_officer medical_reviewer mlr_approver inspector administrator founder neighbour";
const STAFF_SOMEWHERE: &str = "moderator lead safety_officer medical_reviewer mlr_approver inspector administrator founder neighbour";
const CERTIFIED: &str = "inspector neighbour founder";
const NOBODY: &str = "";

/// Who is let in by which operation. Everybody else is told that there is nothing, visitors that they must sign in.
const EXPECTED: [(&str, &str); 108] = [
    ("accept_invitation", EVERYBODY),
    ("accept_signing", SIGNED_IN),
    (
        "answer_policy_proposal",
        "mlr_approver administrator founder",
    ),
    ("answer_referral", "safety_officer"),
    ("begin_second_factor", SIGNED_IN),
    ("change_password", SIGNED_IN),
    ("claim_next_review_item", DESK_SOMEWHERE),
    ("appeal_submission", AUTHOR),
    ("claim_review_item", DESK),
    ("confirm_second_factor", SIGNED_IN),
    ("count_review_items", DESK_SOMEWHERE),
    ("create_certification", FOUNDER),
    ("create_community", FOUNDER),
    ("create_export", INSPECTOR),
    ("create_invitation", ADMINISTRATOR),
    ("create_review_view", DESK_SOMEWHERE),
    ("create_session", EVERYBODY),
    ("decide_in_bulk", DESK),
    ("decide_review_item", DESK),
    ("delete_review_view", DESK_SOMEWHERE),
    ("describe_community", ADMINISTRATOR),
    ("dispose_review_item", DESK),
    ("dispose_safety_case", SAFETY),
    ("end_golden_text", EXAMINER),
    ("end_member", ADMINISTRATOR),
    ("end_session", SIGNED_IN),
    ("end_sessions", SIGNED_IN),
    ("get_about", EVERYBODY),
    ("get_health", EVERYBODY),
    ("get_metrics", EVERYBODY),
    ("get_openapi", EVERYBODY),
    ("get_readiness", EVERYBODY),
    ("keep_golden_text", EXAMINER),
    ("list_audit_actions", INSPECTOR_SOMEWHERE),
    ("list_audit_records", INSPECTOR_SOMEWHERE),
    ("list_certifications", CERTIFIED),
    ("list_communities", SIGNED_IN),
    ("list_deliveries", ADMINISTRATOR),
    ("list_golden_texts", EXAMINER),
    ("list_invitations", ADMINISTRATOR),
    ("list_members", READER),
    ("list_notes", DESK),
    ("list_notices", SIGNED_IN),
    ("list_overturned_findings", RULE_OWNER_SOMEWHERE),
    ("list_personas", NOBODY),
    ("list_policy_versions", STAFF),
    ("list_referrals", ADVISER_SOMEWHERE),
    ("list_reports", SIGNED_IN),
    ("list_review_items", DESK_SOMEWHERE),
    ("list_review_views", DESK_SOMEWHERE),
    ("list_safety_cases", SAFETY_SOMEWHERE),
    ("list_sample_seeds", SUPERVISOR),
    ("list_sessions", SIGNED_IN),
    ("list_signers", ADMINISTRATOR),
    ("list_submissions", SIGNED_IN),
    ("list_threads", READER),
    ("make_webhook_secret", ADMINISTRATOR),
    ("open_live", SIGNED_IN),
    ("precheck", WRITER),
    ("preview_policy", ADMINISTRATOR),
    ("prolong_claim", DESK),
    ("propose_policy", ADMINISTRATOR),
    ("prove_record", INSPECTOR),
    ("put_product", ADMINISTRATOR),
    ("read_notices", SIGNED_IN),
    ("recall_referral", "moderator lead"),
    ("refer_review_item", DESK),
    ("read_sealed", SEALED),
    ("renew_recovery_codes", SIGNED_IN),
    ("reply", WRITER),
    ("reset_second_factor", ADMINISTRATOR),
    ("report_post", WRITER),
    ("restore_post", DESK),
    ("retract_post", DESK),
    ("return_review_item", DESK),
    ("revise_post", AUTHOR),
    ("revoke_invitation", ADMINISTRATOR),
    ("show_background", DESK),
    ("show_checkpoint", INSPECTOR_SOMEWHERE),
    ("show_community", READER),
    ("show_demo_code", NOBODY),
    ("show_invitation", EVERYBODY),
    ("show_policy", STAFF),
    ("show_quality", SUPERVISOR),
    ("show_referral", ADVISER),
    ("show_rescreening", FOUNDER),
    ("show_review_item", DESK),
    ("show_rule", STAFF_SOMEWHERE),
    ("show_safety_case", SAFETY),
    ("show_sealed", SEALED),
    ("show_second_factor", SIGNED_IN),
    ("show_session", SIGNED_IN),
    ("show_signature", NOBODY),
    ("show_signing", SIGNED_IN),
    ("show_submission", AUTHOR),
    ("show_thread", READER),
    ("skip_review_item", DESK),
    ("start_thread", WRITER),
    ("take_over_review_item", "lead"),
    ("undo_judgement", DESK),
    ("unskip_review_item", DESK),
    ("update_member", ADMINISTRATOR),
    ("update_review_view", DESK_SOMEWHERE),
    ("verify_audit_log", INSPECTOR_SOMEWHERE),
    ("verify_signer", ADMINISTRATOR),
    ("withdraw_submission", AUTHOR),
    ("write_note", DESK),
    ("write_profile", WRITER),
];

/// Operations whose refusal is the same for visitors: they tell nobody who is there, signed in or not.
const ALIKE_FOR_VISITORS: [&str; 1] = ["list_personas"];
/// Of which this world has none: whoever asks is told so. The chapter on signing reads real ones.
const NO_SIGNATURE: &str = "01930000-0000-7000-8000-00000000dead";

/// What the operations are asked about.
struct Things {
    thread: Accepted,
    held: Accepted,
    sealed: String,
    item: String,
    /// A question of the moderator to the safety officers.
    question: String,
    case: String,
    record: String,
    invitation: String,
    token: String,
    golden: String,
    /// The policy in force, as one that is proposed.
    policy: Value,
    /// Members whose seats may be changed and ended, one for each administrator who does it.
    seats: [String; 2],
}

async fn things(story: &Story) -> Things {
    let thread = story.a_released_thread().await;
    let held = story
        .clinician()
        .replies(&thread.thread, ADVERSE_EVENT)
        .await;
    let item = story.moderator().item_of(&held).await;
    let referred = story.clinician().replies(&thread.thread, HARMLESS).await;
    let claimed = story.moderator().claims(&referred).await;
    let asked = story
        .moderator()
        .refers(&claimed, &[("safety", "Is this known?")])
        .await
        .is(201);
    let cases = story
        .person("safety_officer")
        .get("/api/safety/cases")
        .await
        .is(200);
    let released = story.moderator().item_of(&thread).await;
    let golden =
        json!({ "item": released, "action": "release", "words": "Nothing is wrong with it." });
    let golden = story
        .person("lead")
        .post(&format!("/api/communities/{CLINICIANS}/golden"), &golden)
        .await
        .is(201);
    let records = story
        .person("inspector")
        .get("/api/audit/records?action=revision.submitted")
        .await
        .is(200);
    let steward = story.person("steward");
    let list = format!("/api/communities/{CLINICIANS}/invitations");
    let invite = async |name: &str| -> Value {
        let body = json!({
            "email": format!("{name}@garden.example"), "name": "New Colleague", "speaker": "professional", "roles": ["member"],
        });
        steward.post(&list, &body).await.is(201)
    };
    let token = |invited: &Value| {
        invited["link"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned()
    };
    let open = invite("open").await;
    let mut seats = Vec::new();
    for name in ["first", "second"] {
        let accept = format!("/api/invitations/{}/accept", token(&invite(name).await));
        let body = json!({ "name": "New Colleague", "password": "nine herons under the bridge" });
        let me = story.visitor().post(&accept, &body).await.is(200);
        seats.push(me["account"]["id"].as_str().unwrap().to_owned());
    }
    let policy = format!("/api/communities/{CLINICIANS}/policy");
    let policy = story.person("steward").get(&policy).await.is(200);
    // Who can answer is told by a job, and that is on record.
    let rows = story.rows().await;
    world::work_is_done(&rows).await;
    rows.close().await;
    Things {
        item,
        question: asked["referrals"][0]["id"].as_str().unwrap().to_owned(),
        golden: golden["id"].as_str().unwrap().to_owned(),
        policy: json!({ "base": 0, "policy": policy["policy"], "words": "As it is." }),
        case: cases["items"][0]["id"].as_str().unwrap().to_owned(),
        record: records["items"][0]["id"].as_str().unwrap().to_owned(),
        invitation: open["id"].as_str().unwrap().to_owned(),
        token: token(&open),
        seats: [seats.remove(0), seats.remove(0)],
        sealed: a_sealed_text(story).await,
        thread,
        held,
    }
}

/// A text out of which words were taken.
async fn a_sealed_text(story: &Story) -> String {
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&held).await;
    let mut ruling = claimed.ruling("redact_and_release");
    ruling["spans"] = json!([{ "field": "body", "start": 0, "end": 4, "reason": "personal_data" }]);
    moderator.decides(&claimed, &ruling).await.is(200);
    held.submission
}

fn caller(story: &Story, key: &str) -> Caller {
    if key == "visitor" {
        return story.visitor();
    }
    (*story.person(cast_key(key))).clone()
}

/// A request that succeeds, or is refused for what it says, if its caller is let in.
async fn asks(
    caller: &Caller,
    key: &str,
    operation: &Operation,
    things: &Things,
    story: &Story,
) -> Answer {
    let view = json!({ "name": format!("{key} {}", operation.id), "query": "" });
    let kept = if operation.path.contains("/views/{id}") {
        let made = caller.post("/api/review/views", &view).await;
        made.json()["id"].as_str().map(str::to_owned)
    } else {
        None
    };
    let id = match operation.path.as_str() {
        _ if kept.is_some() => kept.as_deref().unwrap(),
        path if path.starts_with("/api/threads/") => &*things.thread.thread,
        path if path.starts_with("/api/posts/") => &*things.thread.post,
        path if path.starts_with("/api/submissions/") => &*things.held.submission,
        path if path.starts_with("/api/review/referrals/") => &*things.question,
        path if path.starts_with("/api/review/sealed/") => &*things.sealed,
        path if path.starts_with("/api/review/") => &*things.item,
        path if path.starts_with("/api/safety/") => &*things.case,
        path if path.starts_with("/api/audit/") => &*things.record,
        path if path.contains("/proposals/{id}") => &*things.item,
        path if path.contains("/golden/{id}") => &*things.golden,
        path if path.contains("/invitations/{id}") => &*things.invitation,
        path if path.starts_with("/api/signatures/") => NO_SIGNATURE,
        path if path.contains("/products/{id}") => story.product(CLINICIANS, "Cardisense"),
        _ => "",
    };
    let seat = &*things.seats[usize::from(key == "founder")];
    let path = operation.at(&[
        ("slug", CLINICIANS),
        ("id", id),
        ("account_id", seat),
        ("token", &things.token),
        ("code", "FB-012"),
    ]);
    assert!(
        !path.contains('{') && !path.contains("//"),
        "{} needs something in {path}",
        operation.id
    );
    let body = match operation.id.as_str() {
        "start_thread" => json!({ "title": "Journal club", "body": HARMLESS }),
        "reply" | "write_profile" | "describe_community" => json!({ "body": HARMLESS }),
        "revise_post" => json!({ "body": "The second revision of this text" }),
        "precheck" => {
            json!({ "community": CLINICIANS, "surface": "thread", "title": "Journal club", "body": HARMLESS })
        }
        "create_session" => {
            json!({ "email": story.person("carer").who.email, "password": story.person("carer").who.password })
        }
        // A password that is refused: the link is not used up.
        "accept_invitation" => json!({ "name": "New Colleague", "password": "short" }),
        "create_community" => {
            json!({ "slug": "nurses", "name": "Nurses", "audience": "professionals" })
        }
        "create_invitation" => {
            json!({ "email": "another@garden.example", "name": "Another", "speaker": "professional", "roles": ["member"] })
        }
        "update_member" => json!({ "roles": ["member"] }),
        "put_product" => {
            json!({ "name": "Cardisense", "status": "approved_device", "indication": "heart-rhythm monitoring" })
        }
        // What is in force already.
        "preview_policy" | "propose_policy" => things.policy.clone(),
        // Without the reason that it needs.
        "answer_policy_proposal" => json!({ "answer": "refuse" }),
        "read_notices" => json!({ "up_to": things.item }),
        "prolong_claim" | "return_review_item" => json!({ "fence": 999 }),
        "dispose_review_item" => json!({ "fence": 999, "disposition": "adverse_event" }),
        "dispose_safety_case" => json!({ "disposition": "adverse_event" }),
        "decide_review_item" => {
            json!({ "fence": 999, "revision_hash": "", "rule_set_hash": "", "action": "release" })
        }
        "decide_in_bulk" => {
            json!({ "action": "keep", "items": [{ "item": things.item, "revision_hash": "", "rule_set_hash": "" }] })
        }
        // Words that are refused: the thread stays as it is for whoever asks next.
        "retract_post" => json!({ "reason_code": "privacy", "words": "", "tombstone": "" }),
        "restore_post" => json!({ "reason_code": "other", "words": "" }),
        "write_note" => json!({ "words": "Is this ours?" }),
        // Of a text that is not decided.
        "keep_golden_text" => {
            json!({ "item": things.item, "action": "release", "words": "It is fine." })
        }
        // What would be wrong, or is missing: nobody is locked out, and nothing is enrolled.
        "begin_second_factor" | "renew_recovery_codes" | "change_password" => json!({}),
        "confirm_second_factor" => json!({ "code": "000000" }),
        "accept_signing" => json!({ "statement_hash": "another" }),
        "verify_signer" => json!({ "evidence": "passport seen" }),
        "create_certification" => {
            json!({ "sent_on": "2026-01-30", "recipient": "FDA", "reference": "DMS 4711" })
        }
        "read_sealed" => json!({ "words": "Routine inspection." }),
        "report_post" => json!({ "reason": "privacy" }),
        "appeal_submission" => json!({ "words": "Please look again." }),
        "create_export" => json!({ "communities": [CLINICIANS] }),
        "create_review_view" | "update_review_view" => {
            json!({ "name": format!("{key} {}, renamed", operation.id), "query": "risk=safety" })
        }
        "skip_review_item" => json!({ "reason": "not_my_field" }),
        "refer_review_item" => {
            json!({ "fence": 999, "questions": [{ "to": "safety", "question": "Is this known?" }] })
        }
        "answer_referral" => json!({ "outcome": "no_objection", "words": "It is." }),
        "take_over_review_item" => json!({ "reason": "deadline" }),
        _ => Value::Null,
    };
    let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
    let request = caller.request(method, &path);
    caller
        .send(if body.is_null() {
            request
        } else {
            request.json(&body)
        })
        .await
}

async fn records(story: &Story) -> i64 {
    let rows = story.rows().await;
    let count = rows.count("SELECT COUNT(*) AS n FROM audit_record").await;
    rows.close().await;
    count
}

/// Those that end something are asked last, and the one that ends everybody's sessions at the very end.
fn how_final(operation: &Operation) -> usize {
    let finals = [
        "withdraw_submission",
        "revoke_invitation",
        "end_member",
        "end_session",
        "end_sessions",
    ];
    finals
        .iter()
        .position(|one| *one == operation.id)
        .map_or(0, |place| place + 1)
}

/// The key in the cast of somebody who asks.
fn cast_key(key: &str) -> &str {
    match key {
        "author" => "clinician",
        "member" => "colleague",
        "administrator" => "steward",
        same => same,
    }
}

async fn every_operation_lets_in_exactly_whom_it_should(story: &mut Story) {
    let things = things(story).await;
    let mut all = operations(&story.visitor()).await;
    let documented: BTreeSet<&str> = all.iter().map(|operation| operation.id.as_str()).collect();
    let expected: BTreeSet<&str> = EXPECTED.iter().map(|(id, _)| *id).collect();
    assert_eq!(
        documented, expected,
        "say in tests/it/access.rs who may use each operation"
    );
    all.sort_by_key(how_final);
    let allowed = |id: &str, key: &str| {
        let who = EXPECTED
            .iter()
            .find(|(expected, _)| *expected == id)
            .unwrap()
            .1;
        who.split_whitespace().any(|one| one == key)
    };

    let before = records(story).await;
    let mut wrong = Vec::new();
    for operation in &all {
        for key in CALLERS.iter().filter(|key| !allowed(&operation.id, key)) {
            let answer = asks(&caller(story, key), key, operation, &things, story).await;
            let alike = ALIKE_FOR_VISITORS.contains(&operation.id.as_str());
            let refusal = if *key == "visitor" && !alike {
                (401, "not_signed_in")
            } else {
                (404, "not_found")
            };
            if (
                answer.status,
                answer.json()["code"].as_str().unwrap_or_default(),
            ) != refusal
            {
                wrong.push(format!("{key} is not refused: {answer}"));
            }
        }
    }
    assert_eq!(
        records(story).await,
        before,
        "what is refused leaves nothing behind"
    );
    for operation in &all {
        for key in CALLERS.iter().filter(|key| allowed(&operation.id, key)) {
            let who = if operation.id == "end_session" {
                // On a further device: the first one is needed for what comes after.
                (*story.person(cast_key(key)).signs_in().await).clone()
            } else {
                caller(story, key)
            };
            let answer = asks(&who, key, operation, &things, story).await;
            if [401, 403, 404, 405].contains(&answer.status) || answer.status >= 500 {
                wrong.push(format!("{key} is refused: {answer}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Everybody has been signed out; the end of the story needs its people.
    let rows = story.rows().await;
    rows.run("UPDATE session SET ended_at = NULL")
        .await
        .unwrap();
    rows.close().await;
}

async fn an_identifier_that_was_made_up_is_answered_like_one_that_is_hidden(story: &mut Story) {
    let made_up = "01930000-0000-7000-8000-00000000dead";
    for operation in operations(&story.visitor()).await {
        if !operation.path.contains("{id}") || operation.writes() {
            continue;
        }
        for id in [made_up, "nonsense", "%00", "'--"] {
            let path = operation.at(&[("id", id), ("slug", CLINICIANS)]);
            for key in ["member", "moderator", "medical_reviewer", "inspector"] {
                let answer = caller(story, key).get(&path).await;
                assert!([400, 404].contains(&answer.status), "{answer}");
            }
        }
    }
}

stories![
    every_operation_lets_in_exactly_whom_it_should,
    an_identifier_that_was_made_up_is_answered_like_one_that_is_hidden,
];
