//! ALARMS: work that is left lying reaches people who are not there, once.

use hmac::{Hmac, KeyInit as _, Mac as _};
use hortus_tests::receivers::{Call, Hook, Mailbox};
use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS};
use hortus_tests::{Engine, Node, Person, Story, eventually, stories};
use serde_json::{Value, json};
use sha2::Sha256;

const HOUR: i64 = 3_600_000_000;

/// Looks every second; every decision is due within the hour, and that is near.
const SETTINGS: [(&str, &str); 6] = [
    ("ALARMS__LOOK_SECONDS", "1"),
    ("POLICY__DUE_SAFETY", "1 hour"),
    ("POLICY__DUE_PROMOTION", "1 hour"),
    ("POLICY__DUE_ROUTINE", "1 hour"),
    ("POLICY__NEAR_MINUTES", "61"),
    ("POLICY__UNATTENDED_MINUTES", "0"),
];

async fn watched(story: &mut Story, more: &[(&str, &str)]) {
    let all: Vec<_> = SETTINGS.into_iter().chain(more.iter().copied()).collect();
    story.node.restart_with(&all).await;
}

async fn notices(of: &Person) -> Vec<Value> {
    let found = of.get("/api/notices").await.is(200);
    found["items"].as_array().unwrap().clone()
}

/// The notices of this kind, once there are any.
async fn told(of: &Person, kind: &str) -> Vec<Value> {
    eventually("a notice comes", async || {
        let all = notices(of).await;
        let wanted: Vec<_> = all.into_iter().filter(|one| one["kind"] == kind).collect();
        (!wanted.is_empty()).then_some(wanted)
    })
    .await
}

async fn run(story: &Story, statement: &str) {
    let rows = story.rows().await;
    rows.run(statement).await.unwrap();
    rows.close().await;
}

async fn alarms(story: &Story) -> i64 {
    let rows = story.rows().await;
    let count = rows.count("SELECT COUNT(*) AS n FROM alarm").await;
    rows.close().await;
    count
}

async fn a_deadline_that_is_near_and_then_missed_is_told_once_each_to_whom_the_policy_names(
    story: &mut Story,
) {
    watched(story, &[]).await;
    let lead = story.person("lead");
    let mut socket = lead.goes_live().await;
    socket.follows("me", 0).await;
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let hint = socket.next_of("hint").await;
    assert_eq!(
        (&hint["stream"], &hint["kind"]),
        (&json!("me"), &json!("notice"))
    );
    let near = told(&lead, "deadline_near").await;
    let item = story.moderator().item_of(&held).await;
    assert_eq!(near[0]["subject_id"], json!(item));
    assert_eq!(
        (&near[0]["count"], &near[0]["read"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(
        told(&story.person("steward"), "deadline_near").await.len(),
        1
    );

    run(
        story,
        &format!("UPDATE review_item SET due_at = due_at - 2 * {HOUR}"),
    )
    .await;
    told(&lead, "deadline_missed").await;
    // Looks go on; nothing is raised again.
    let second = story
        .clinician()
        .starts_thread(CLINICIANS, "Another", HARMLESS)
        .await;
    eventually("the second text is told of", async || {
        (notices(&lead).await.len() == 3).then_some(())
    })
    .await;
    assert_eq!(alarms(story).await, 3);
    for outsider in ["clinician", "moderator", "safety_officer", "neighbour"] {
        assert_eq!(
            notices(&story.person(outsider)).await,
            [] as [Value; 0],
            "{outsider}"
        );
    }
    let records = story
        .person("inspector")
        .get("/api/audit/records?action=alarm.raised")
        .await
        .is(200);
    assert_eq!(records["items"].as_array().unwrap().len(), 3);

    let all = lead.get("/api/notices?limit=2").await.is(200);
    assert_eq!(all["unread"], 3);
    let up_to = json!({ "up_to": all["items"][1]["id"] });
    lead.post("/api/notices/read", &up_to).await.is(204);
    let all = lead.get("/api/notices").await.is(200);
    assert_eq!(all["unread"], 1);
    let read = all["items"].as_array().unwrap().iter();
    assert_eq!(read.filter(|one| one["read"] == true).count(), 2);
    assert_eq!(
        story.person("steward").get("/api/notices").await.is(200)["unread"],
        3
    );
    story.moderator().releases(&second).await;
}

async fn mail_goes_to_whom_the_policy_names_without_a_word_of_a_member(story: &mut Story) {
    let mailbox = Mailbox::open().await;
    let settings = mailbox.settings();
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    watched(story, &settings).await;
    let steward = story.person("steward");
    let path = format!("/api/communities/{CLINICIANS}/policy");
    let mut request = steward.get(&path).await.is(200);
    request["policy"]["alarms"]["mail_to"] = json!(["oncall@garden.example"]);
    let request =
        json!({ "base": 0, "policy": request["policy"], "words": "Somebody is always on call." });
    steward
        .post(&format!("{path}/proposals"), &request)
        .await
        .is(201);

    let held = story
        .clinician()
        .starts_thread(
            CLINICIANS,
            "Journal club",
            "Zanzibar tomorrow at nine, everybody welcome.",
        )
        .await;
    let expected: Vec<String> = ["lead", "steward", "founder"]
        .map(|key| story.person(key).who.email.clone())
        .into_iter()
        .chain(["oncall@garden.example".to_owned()])
        .collect();
    let mails = mailbox.has(expected.len()).await;
    let mut reached: Vec<String> = mails.iter().flat_map(|mail| mail.to.clone()).collect();
    reached.sort();
    let mut expected = expected;
    expected.sort();
    assert_eq!(reached, expected);
    let item = story.moderator().item_of(&held).await;
    for mail in &mails {
        assert!(
            mail.text.contains(&format!("/review/{item}")),
            "{}",
            mail.text
        );
        assert!(
            mail.text.contains("1 decision is due soon"),
            "{}",
            mail.text
        );
        for word in ["Zanzibar", "Journal", &story.clinician().who.name] {
            assert!(!mail.text.contains(word), "{}", mail.text);
        }
    }
    let sent = steward
        .get(&format!("/api/communities/{CLINICIANS}/deliveries"))
        .await
        .is(200);
    assert_eq!(sent["items"].as_array().unwrap().len(), 4);
    assert!(sent["items"][0]["delivered_at"].is_string(), "{sent}");
}

/// Whether the call was signed with this secret, as docs/API.md tells receivers to check it.
fn is_signed(call: &Call, secret: &str) -> bool {
    let text = format!("{}.{}", call.head["hortus-timestamp"], call.body);
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    let expected = format!("v1={}", hex::encode(mac.finalize().into_bytes()));
    call.head["hortus-signature"]
        .split(',')
        .any(|one| one == expected)
}

async fn a_webhook_is_called_signed_with_both_secrets_until_it_answers(story: &mut Story) {
    let hook = Hook::open(2).await;
    let origins = format!("[\"{}\"]", hook.origin());
    watched(story, &[("WEBHOOKS__ORIGINS", &origins)]).await;
    let steward = story.person("steward");
    let path = format!("/api/communities/{CLINICIANS}");
    let secret = async || {
        let made = steward.ask(&format!("{path}/webhook/secret")).await.is(201);
        made["secret"].as_str().unwrap().to_owned()
    };
    let oldest = secret().await;
    let older = secret().await;
    let newest = secret().await;
    let mut request = steward.get(&format!("{path}/policy")).await.is(200);
    request["policy"]["alarms"]["webhook"] = json!(format!("{}/hortus", hook.origin()));
    let request =
        json!({ "base": 0, "policy": request["policy"], "words": "The desk has a pager." });
    steward
        .post(&format!("{path}/policy/proposals"), &request)
        .await
        .is(201);

    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", ADVERSE_EVENT)
        .await;
    let calls = hook.has(3).await;
    assert_eq!(hook.failures_left(), 0);
    let item = story.moderator().item_of(&held).await;
    for call in &calls {
        assert!(is_signed(call, &newest) && is_signed(call, &older));
        assert!(!is_signed(call, &oldest), "only two sign");
        assert_eq!(
            call.head["hortus-delivery"],
            calls[0].head["hortus-delivery"]
        );
        assert_eq!(call.body, calls[0].body);
        let said: Value = serde_json::from_str(&call.body).unwrap();
        assert_eq!(said["kind"], "deadline_near");
        assert_eq!(said["community"]["slug"], CLINICIANS);
        assert_eq!(said["items"][0]["id"], json!(item));
        assert_eq!(said["items"][0]["risk"], "safety");
    }
    let sent = eventually("it is noted as delivered", async || {
        let sent = steward.get(&format!("{path}/deliveries")).await.is(200);
        sent["items"][0]["delivered_at"].is_string().then_some(sent)
    })
    .await;
    assert_eq!(sent["items"][0]["attempts"], 3);
    let records = steward.get(&format!("{path}/policy")).await.text();
    assert!(!records.contains(&newest), "a secret is shown once");
}

async fn r_pv_05_a_queue_that_nobody_attends_to_is_told_once_until_somebody_works(
    story: &mut Story,
) {
    watched(
        story,
        &[
            ("POLICY__NEAR_MINUTES", "0"),
            ("POLICY__UNATTENDED_MINUTES", "30"),
        ],
    )
    .await;
    let clinician = story.clinician();
    let first = clinician
        .starts_thread(CLINICIANS, "A question", ADVERSE_EVENT)
        .await;
    run(story, &format!("UPDATE review_item SET submitted_at = submitted_at - {HOUR}, due_at = due_at + 99 * {HOUR}")).await;
    let lead = story.person("lead");
    let quiet = told(&lead, "queue_unattended").await;
    assert_eq!(
        (&quiet[0]["subject_kind"], &quiet[0]["count"]),
        (&json!("community"), &json!(1))
    );
    let desk = story.moderator();
    let claimed = desk.claims(&first).await;
    desk.disposes(&claimed, "adverse_event").await.is(200);
    desk.decides(&claimed, &claimed.ruling("release"))
        .await
        .is(200);
    // Somebody has worked just now: what else waits has not been left.
    clinician
        .starts_thread(CLINICIANS, "Another", ADVERSE_EVENT)
        .await;
    run(
        story,
        &format!(
            "UPDATE review_item SET submitted_at = submitted_at - {HOUR} WHERE state = 'waiting'"
        ),
    )
    .await;
    eventually("the queue was looked at again", async || {
        let metrics = story.visitor().get("/metrics").await.text();
        metrics
            .contains("review_items_waiting{risk=\"safety\"} 1")
            .then_some(())
    })
    .await;
    assert_eq!(told(&lead, "queue_unattended").await.len(), 1);
}

async fn a_policy_that_waits_is_told_once_to_those_who_may_approve_it(story: &mut Story) {
    watched(story, &[]).await;
    let steward = story.person("steward");
    let path = format!("/api/communities/{CLINICIANS}/policy");
    let found = steward.get(&path).await.is(200);
    let mut policy = found["policy"].clone();
    policy["alarms"]["near_minutes"] = json!(0);
    let request = json!({ "base": 0, "policy": policy, "words": "Fewer alarms." });
    let made = steward
        .post(&format!("{path}/proposals"), &request)
        .await
        .is(201);
    let founder = story.person("founder");
    let notice = told(&founder, "policy_proposed").await;
    assert_eq!(notice[0]["subject_id"], made["id"]);
    told(&story.person("mlr_approver"), "policy_proposed").await;
    // A later look is over when it has seen the text.
    let text = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    told(&founder, "deadline_near").await;
    assert_eq!(told(&founder, "policy_proposed").await.len(), 1);
    for other in ["steward", "lead", "moderator"] {
        let all = notices(&story.person(other)).await;
        assert!(
            all.iter().all(|one| one["kind"] != "policy_proposed"),
            "{other}"
        );
    }
    story.moderator().releases(&text).await;
}

async fn two_nodes_raise_an_alarm_once(story: &mut Story) {
    if story.store.engine() != Engine::Postgres {
        return;
    }
    watched(story, &[]).await;
    let mut other = Node::start(&story.store, &SETTINGS).await;
    let lead = story.person("lead");
    for number in 1..=5_usize {
        story
            .clinician()
            .starts_thread(CLINICIANS, &format!("Journal club {number}"), HARMLESS)
            .await;
        eventually("it is told of", async || {
            let told: i64 = notices(&lead)
                .await
                .iter()
                .map(|one| one["count"].as_i64().unwrap())
                .sum();
            (told >= i64::try_from(number).unwrap()).then_some(())
        })
        .await;
    }
    let told: i64 = notices(&lead)
        .await
        .iter()
        .map(|one| one["count"].as_i64().unwrap())
        .sum();
    assert_eq!(told, 5);
    assert_eq!(alarms(story).await, 5);
    assert!(other.stop().await.success());
}

stories![
    a_deadline_that_is_near_and_then_missed_is_told_once_each_to_whom_the_policy_names,
    mail_goes_to_whom_the_policy_names_without_a_word_of_a_member,
    a_webhook_is_called_signed_with_both_secrets_until_it_answers,
    r_pv_05_a_queue_that_nobody_attends_to_is_told_once_until_somebody_works,
    a_policy_that_waits_is_told_once_to_those_who_may_approve_it,
    two_nodes_raise_an_alarm_once,
];
