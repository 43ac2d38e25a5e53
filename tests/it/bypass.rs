//! No text gets past the gate: every operation that writes is either a text surface, and then what it takes is held,
//! screened, queued and audited, or it takes no text of a member that anybody else could see.

use std::collections::BTreeSet;

use hortus_tests::openapi::{Operation, operations};
use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS};
use hortus_tests::{Accepted, Answer, Caller, Story, stories, world};
use reqwest::Method;
use serde_json::{Value, json};

const MARK: &str = "Qwopmarker";

/// Operations that take a member's text.
const TEXT_SURFACES: [&str; 5] = [
    "describe_community",
    "reply",
    "revise_post",
    "start_thread",
    "write_profile",
];

/// Operations whose words come from an administrator who sets up the place: its name, its products with their label,
/// whom to invite, the policy with the texts that it gives reviewers (a second person approves those that readers see).
/// Members cannot call them (`access.rs`).
const SET_UP: [&str; 6] = [
    "answer_policy_proposal",
    "create_community",
    "create_invitation",
    "preview_policy",
    "propose_policy",
    "put_product",
];

/// The printed name is who somebody is, as an administrator has verified it: the invited person does not choose it.
const PRINTED_NAMES: [&str; 1] = ["accept_invitation"];

/// Operations whose words are the company's to its readers: the rules let nothing pass but what is clear.
const COMPANY_WORDS: [&str; 1] = ["retract_post"];

/// Operations whose words say to colleagues why something is read. They stand in its trail, and no member sees them.
const TO_COLLEAGUES: [&str; 1] = ["read_sealed"];

/// Operations whose words a member writes to the desk: screened, and no reader sees them (tests/it/reopening.rs).
const TO_THE_DESK: [&str; 2] = ["appeal_submission", "report_post"];

/// Operations without a word of a member that others see.
const NO_MEMBER_TEXT: [&str; 42] = [
    "accept_signing",
    "answer_referral",
    "begin_second_factor",
    "change_password",
    "claim_next_review_item",
    "claim_review_item",
    "confirm_second_factor",
    "create_certification",
    "create_export",
    "create_review_view",
    "create_session",
    "decide_in_bulk",
    "decide_review_item",
    "delete_review_view",
    "dispose_review_item",
    "dispose_safety_case",
    "end_golden_text",
    "end_member",
    "end_session",
    "end_sessions",
    "keep_golden_text",
    "make_webhook_secret",
    "precheck",
    "prolong_claim",
    "read_notices",
    "recall_referral",
    "refer_review_item",
    "renew_recovery_codes",
    "reset_second_factor",
    "restore_post",
    "return_review_item",
    "revoke_invitation",
    "skip_review_item",
    "take_over_review_item",
    "undo_judgement",
    "unskip_review_item",
    "update_member",
    "update_review_view",
    "verify_audit_log",
    "verify_signer",
    "withdraw_submission",
    "write_note",
];

async fn sends(caller: &Caller, operation: &Operation, path: &str, body: &Value) -> Answer {
    let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
    caller.send(caller.request(method, path).json(body)).await
}

/// Where the marker is seen by people who wrote nothing and decide nothing.
async fn seen_by_others(story: &Story) -> Vec<String> {
    let rows = story.rows().await;
    let paths = world::addresses(&story.visitor(), &rows, story, 20).await;
    rows.close().await;
    let mut seen = Vec::new();
    for key in ["colleague", "inspector", "patient", "neighbour"] {
        for (path, text) in world::see(&story.person(key), &paths).await {
            if text.contains(MARK) {
                seen.push(format!("{key} at {path}"));
            }
        }
    }
    seen
}

async fn every_operation_that_writes_is_known_for_what_it_takes(story: &mut Story) {
    let all = operations(&story.visitor()).await;
    let writes: BTreeSet<&str> = all
        .iter()
        .filter(|one| one.writes())
        .map(|one| one.id.as_str())
        .collect();
    let known: BTreeSet<&str> = [
        &TEXT_SURFACES[..],
        &SET_UP,
        &PRINTED_NAMES,
        &COMPANY_WORDS,
        &TO_THE_DESK,
        &TO_COLLEAGUES,
        &NO_MEMBER_TEXT,
    ]
    .concat()
    .into_iter()
    .collect();
    assert_eq!(
        writes, known,
        "say in tests/it/bypass.rs what text each operation takes"
    );
}

/// R-PV-01: every text surface passes the rules before anything else can happen to its text.
async fn every_text_surface_holds_screens_queues_and_audits(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let text = format!("{MARK}. {ADVERSE_EVENT}");
    for operation in operations(&story.visitor()).await {
        if !TEXT_SURFACES.contains(&operation.id.as_str()) {
            continue;
        }
        let id = if operation.path.contains("/posts/") {
            &thread.post
        } else {
            &thread.thread
        };
        let path = operation.at(&[("slug", CLINICIANS), ("id", id)]);
        let mut body = json!({ "body": text });
        let titled = ["start_thread", "revise_post"].contains(&operation.id.as_str());
        if titled {
            body["title"] = format!("{MARK} in the title").into();
        }
        let fields: BTreeSet<&str> = operation.text_fields.iter().map(String::as_str).collect();
        let sent: BTreeSet<&str> = body
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(
            fields, sent,
            "{} has a field of text that this test does not send",
            operation.id
        );
        let author = if operation.id == "describe_community" {
            "steward"
        } else {
            "clinician"
        };
        let accepted =
            Accepted::from(&sends(&story.person(author), &operation, &path, &body).await);

        let rows = story.rows().await;
        let revision = rows.id(&accepted.submission);
        for (what, query) in [
            (
                "held",
                format!("SELECT COUNT(*) AS n FROM publication WHERE revision_id = {revision}"),
            ),
            (
                "screened",
                format!(
                    "SELECT COUNT(*) - 1 AS n FROM screening WHERE revision_id = {revision} AND verdict = 'escalate'"
                ),
            ),
            (
                "queued",
                format!(
                    "SELECT COUNT(*) - 1 AS n FROM review_item WHERE revision_id = {revision} AND state = 'waiting'"
                ),
            ),
            (
                "a case",
                format!("SELECT COUNT(*) - 1 AS n FROM safety_case WHERE revision_id = {revision}"),
            ),
            (
                "audited",
                format!(
                    "SELECT COUNT(*) - 1 AS n FROM audit_record WHERE object_id = '{}' AND action = 'revision.submitted'",
                    accepted.submission
                ),
            ),
        ] {
            assert_eq!(
                rows.count(&query).await,
                0,
                "{} is not {what}",
                operation.id
            );
        }
        rows.close().await;
        assert_eq!(
            seen_by_others(story).await,
            Vec::<String>::new(),
            "{}",
            operation.id
        );
    }
}

async fn no_other_operation_shows_what_a_caller_typed_to_others(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let held = story
        .clinician()
        .replies(&thread.thread, ADVERSE_EVENT)
        .await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&held).await;
    let officer = story.person("safety_officer");
    let cases = officer.get("/api/safety/cases").await.is(200);
    let case = cases["items"][0]["id"].as_str().unwrap().to_owned();
    let mut all = operations(&story.visitor()).await;
    // What is said of a possible adverse event comes before the decision.
    all.sort_by_key(|operation| operation.id != "dispose_review_item");
    for operation in all {
        if !NO_MEMBER_TEXT.contains(&operation.id.as_str()) {
            continue;
        }
        let id = match operation.path.as_str() {
            path if path.contains("/review/") => &claimed.item,
            path if path.contains("/safety/") => &case,
            _ => &held.submission,
        };
        let path = operation.at(&[
            ("slug", CLINICIANS),
            ("id", id),
            ("account_id", &story.colleague().who.account),
        ]);
        let mut body = match operation.id.as_str() {
            "decide_review_item" => claimed.refusal("reject", "other", ""),
            "decide_in_bulk" => json!({
                "action": "reject", "family": null, "reason_code": "other", "items": [{
                    "item": claimed.item, "revision_hash": "", "rule_set_hash": "",
                }],
            }),
            "dispose_review_item" => {
                json!({ "fence": claimed.fence, "disposition": "not_adverse_event", "reason_code": "other" })
            }
            "dispose_safety_case" => {
                json!({ "disposition": "not_adverse_event", "reason_code": "other" })
            }
            "precheck" => json!({ "community": CLINICIANS, "surface": "thread" }),
            "update_member" | "create_export" | "create_session" => json!({}),
            "prolong_claim" | "return_review_item" => json!({ "fence": claimed.fence }),
            _ => Value::Null,
        };
        let keep = ["revision_hash", "rule_set_hash", "community", "reason_code"];
        for field in operation
            .text_fields
            .iter()
            .filter(|field| !keep.contains(&field.as_str()))
        {
            body[field] = MARK.into();
        }
        let who = match operation.id.as_str() {
            "precheck" | "withdraw_submission" | "appeal_submission" => story.clinician(),
            "end_session" | "end_sessions" => story.person("carer"),
            "end_member" | "update_member" | "revoke_invitation" => story.person("steward"),
            "create_export" | "verify_audit_log" => story.person("inspector"),
            "dispose_safety_case" => officer.clone(),
            _ => moderator.clone(),
        };
        // The order is the document's; what has been decided before is refused now, which shows nothing either.
        if operation.id == "end_member" {
            continue;
        }
        let answer = sends(&who, &operation, &path, &body).await;
        assert!(answer.status < 500, "{answer}");
        assert_eq!(
            seen_by_others(story).await,
            Vec::<String>::new(),
            "{}",
            operation.id
        );
    }
}

async fn members_cannot_call_what_sets_up_the_place(story: &mut Story) {
    for operation in operations(&story.visitor()).await {
        if !SET_UP.contains(&operation.id.as_str()) {
            continue;
        }
        let path = operation.at(&[
            ("slug", CLINICIANS),
            ("id", story.product(CLINICIANS, "Velmora")),
        ]);
        let body: Value = operation
            .text_fields
            .iter()
            .map(|field| (field.clone(), json!(MARK)))
            .collect::<serde_json::Map<_, _>>()
            .into();
        for key in [
            "clinician",
            "moderator",
            "safety_officer",
            "medical_reviewer",
            "inspector",
            "patient",
        ] {
            let answer = sends(&story.person(key), &operation, &path, &body).await;
            assert!([404, 422].contains(&answer.status), "{answer}");
            assert_ne!(
                answer.status, 422,
                "{key} got past authority at {}",
                operation.id
            );
        }
    }
}

async fn an_invited_person_has_the_verified_name_and_no_word_of_their_own(story: &mut Story) {
    let steward = story.person("steward");
    let list = format!("/api/communities/{CLINICIANS}/invitations");
    let invitation = |name: &str| json!({ "email": "new@garden.example", "name": name, "speaker": "professional", "roles": ["member"] });
    let long = "n".repeat(500);
    for name in [
        "",
        "two\nlines",
        long.as_str(),
        "\u{202e}reversed",
        "a\u{0}b",
    ] {
        steward
            .post(&list, &invitation(name))
            .await
            .refused(422, "invalid");
    }
    let invited = steward
        .post(&list, &invitation("Nadia Petrov"))
        .await
        .is(201);
    let link = invited["link"].as_str().unwrap();
    let accept = format!(
        "/api/invitations/{}/accept",
        link.rsplit('/').next().unwrap()
    );
    let body = json!({ "name": MARK, "password": "nine herons under the bridge" });
    let me = story.visitor().post(&accept, &body).await.is(200);
    assert_eq!(me["account"]["name"], "Nadia Petrov");
    assert_eq!(seen_by_others(story).await, Vec::<String>::new());
    let path = "/api/audit/records?action=invitation.accepted";
    let records = story.person("inspector").get(path).await.is(200);
    assert_eq!(records["items"][0]["actor"]["name"], "Nadia Petrov");
}

stories![
    every_operation_that_writes_is_known_for_what_it_takes,
    every_text_surface_holds_screens_queues_and_audits,
    no_other_operation_shows_what_a_caller_typed_to_others,
    members_cannot_call_what_sets_up_the_place,
    an_invited_person_has_the_verified_name_and_no_word_of_their_own,
];
