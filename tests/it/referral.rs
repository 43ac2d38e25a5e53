//! DECISION: questions to safety, medical, and legal and regulatory, before somebody decides.

use hortus_tests::receivers::Mailbox;
use hortus_tests::store::Rows;
use hortus_tests::story::{CLINICIANS, Claimed, HARMLESS};
use hortus_tests::{Accepted, Answer, Person, Story, eventually, stories, world};
use serde_json::{Value, json};

use crate::four_eyes::{breaks, mends};

const EYES: (&str, &str) = ("POLICY__SECOND_REVIEW", "[\"company_speaker\"]");
const HOUR: i64 = 3_600_000_000;
/// Words that stand nowhere else.
const QUESTION: &str = "Quagga question: is this in the reference safety information?";
const REPLY: &str = "Zebu answer: it is listed as common.";

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

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

/// The questions that this person could answer.
async fn to(who: &Person) -> Vec<Value> {
    let list = who.get("/api/review/referrals").await.is(200);
    let items = list["items"].as_array().unwrap().clone();
    assert_eq!(list["open_to_me"], json!(items.len()));
    items
}

async fn answers(who: &Person, question: &str) -> Answer {
    let path = format!("/api/review/referrals/{question}/answer");
    let body = json!({ "outcome": "no_objection", "words": REPLY });
    who.post(&path, &body).await
}

async fn recalls(who: &Person, question: &str) -> Answer {
    who.ask(&format!("/api/review/referrals/{question}/recall"))
        .await
}

async fn told(of: &Person, kind: &str) -> Vec<Value> {
    eventually("a notice comes", async || {
        let found = of.get("/api/notices").await.is(200);
        let all = found["items"].as_array().unwrap().iter();
        let wanted: Vec<Value> = all.filter(|one| one["kind"] == kind).cloned().collect();
        (!wanted.is_empty()).then_some(wanted)
    })
    .await
}

async fn a_text(story: &Story) -> Accepted {
    let clinician = story.clinician();
    clinician
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await
}

/// Refers the text of the clinician to these fields; gives the item and the questions.
async fn asked(story: &Story, held: &Accepted, fields: &[&str]) -> (String, Vec<String>) {
    let moderator = story.moderator();
    let claimed = moderator.claims(held).await;
    let questions: Vec<_> = fields.iter().map(|field| (*field, QUESTION)).collect();
    let made = moderator.refers(&claimed, &questions).await.is(201);
    assert_eq!(made["state"], "referred");
    let referrals = made["referrals"].as_array().unwrap();
    (claimed.item, referrals.iter().map(id).collect())
}

async fn a_question_waits_on_a_clock_of_its_own_and_its_answer_gives_the_item_back_to_whoever_asked(
    story: &mut Story,
) {
    let held = a_text(story).await;
    let before = story.clinician().submission(&held).await;
    let (item, questions) = asked(story, &held, &["safety"]).await;
    let (moderator, deputy) = (story.moderator(), story.person("deputy"));
    let officer = story.person("safety_officer");

    // Nobody holds it, nobody judges it, and it is no part of what one can take.
    let claim = format!("/api/review/items/{item}/claim");
    deputy.ask(&claim).await.refused(409, "not_claimable");
    assert_eq!(
        moderator.ask("/api/review/next").await.status,
        204,
        "there is nothing to be done"
    );
    let waiting = moderator
        .get("/api/review/items?view=waiting_for_others")
        .await
        .is(200);
    let card = &waiting["items"][0];
    assert_eq!(
        (&card["id"], &card["state"], &card["claim"]),
        (&json!(item), &json!("referred"), &Value::Null)
    );
    assert_eq!(card["questions"][0]["to"], "safety");
    let shown = view(&deputy, &item).await;
    assert_eq!(offered(&shown), Vec::<&str>::new());
    let question = &shown["referrals"][0];
    assert_eq!(
        (
            &question["question"],
            &question["state"],
            &question["asked_by"]["name"]
        ),
        (&json!(QUESTION), &json!("open"), &json!("Petra Lindqvist"))
    );
    assert_ne!(question["due_at"], shown["due_at"], "it has its own clock");
    // The author is told what is true: it waits, and until when.
    let after = story.clinician().submission(&held).await;
    assert_eq!(
        (&after["state"], &after["expected_by"]),
        (&before["state"], &before["expected_by"])
    );

    let notice = told(&officer, "referred").await;
    assert_eq!(
        (&notice[0]["subject_kind"], &notice[0]["subject_id"]),
        (&json!("referral"), &json!(questions[0]))
    );
    let listed = to(&officer).await;
    assert_eq!(listed[0]["question"], QUESTION);
    assert_eq!(
        to(&story.person("medical_reviewer")).await,
        [] as [Value; 0]
    );
    let path = format!("/api/review/referrals/{}", questions[0]);
    let detail = officer.get(&path).await.is(200);
    assert_eq!(detail["revision"]["body"], HARMLESS);
    assert_eq!(offered(&detail), ["answer_referral"]);
    let refused = json!({ "outcome": "no_objection", "words": " " });
    officer
        .post(&format!("{path}/answer"), &refused)
        .await
        .refused(422, "invalid");
    let done = answers(&officer, &questions[0]).await.is(200);
    assert_eq!(
        (
            &done["state"],
            &done["end"]["outcome"],
            &done["end"]["by"]["name"]
        ),
        (
            &json!("answered"),
            &json!("no_objection"),
            &json!("Hana Sato")
        )
    );
    answers(&officer, &questions[0])
        .await
        .refused(409, "question_closed");

    // Whoever asked gets it first, although others wait longer.
    let notice = told(&moderator, "referral_answered").await;
    assert_eq!(notice[0]["subject_id"], json!(item));
    let rows = story.rows().await;
    let later = format!(
        "UPDATE review_item SET due_at = due_at + {HOUR} WHERE id = {}",
        rows.id(&item)
    );
    rows.run(&later).await.unwrap();
    rows.close().await;
    a_text(story).await;
    let next = moderator.ask("/api/review/next").await.is(200);
    assert_eq!(next["item"]["id"], json!(item));
    assert_eq!(next["item"]["questions"], json!([]));
    let other = deputy.ask("/api/review/next").await.is(200);
    assert_ne!(other["item"]["id"], json!(item));
    let claimed = moderator.claims_item(&item).await;
    let trail = &claimed.view["referrals"][0];
    assert_eq!(
        (&trail["state"], &trail["end"]["words"]),
        (&json!("answered"), &json!(REPLY))
    );
    moderator
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .is(200);
}

async fn several_questions_are_all_answered_or_taken_back_before_the_item_returns(
    story: &mut Story,
) {
    let held = a_text(story).await;
    let reviewer = story.person("medical_reviewer");
    let claimed = reviewer.claims(&held).await;
    let both = [("safety", QUESTION), ("legal_regulatory", QUESTION)];
    assert_eq!(
        claimed.view["referral_fields"],
        json!(["safety", "legal_regulatory"]),
        "only where another person could answer"
    );
    reviewer
        .refers(&claimed, &[("medical", QUESTION)])
        .await
        .refused(409, "nobody_to_answer");
    let made = reviewer.refers(&claimed, &both).await.is(201);
    let questions: Vec<String> = made["referrals"]
        .as_array()
        .unwrap()
        .iter()
        .map(id)
        .collect();
    let item = &claimed.item;
    let approver = story.person("mlr_approver");
    assert_eq!(offered(&view(&approver, item).await), ["answer_referral"]);
    assert_eq!(offered(&view(&reviewer, item).await), ["recall_referral"]);
    answers(&approver, &questions[0])
        .await
        .refused(404, "not_found");
    answers(&approver, &questions[1]).await.is(200);
    assert_eq!(view(&reviewer, item).await["state"], "referred");
    recalls(&approver, &questions[0])
        .await
        .refused(404, "not_found");
    let lead = story.person("lead");
    recalls(&lead, &questions[0]).await.is(204);
    recalls(&lead, &questions[0])
        .await
        .refused(409, "question_closed");
    let shown = view(&reviewer, item).await;
    assert_eq!(shown["state"], "waiting");
    let states: Vec<&Value> = shown["referrals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["state"])
        .collect();
    assert_eq!(states, ["recalled", "answered"]);
    assert_eq!(to(&story.person("safety_officer")).await, [] as [Value; 0]);
    // It can be asked again, and the numbers go on.
    let claimed = reviewer.claims_item(item).await;
    let again = reviewer
        .refers(&claimed, &[("safety", QUESTION)])
        .await
        .is(201);
    assert_eq!(again["referrals"][2]["number"], 3);
}

async fn what_cannot_be_asked_is_refused_and_changes_nothing(story: &mut Story) {
    story.node.restart_with(&[EYES]).await;
    let steward = story.person("steward");
    let held = steward
        .starts_thread(CLINICIANS, "From the company", HARMLESS)
        .await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&held).await;
    let one = [("safety", QUESTION)];
    for questions in [
        vec![],
        vec![("safety", "  ")],
        vec![("safety", QUESTION), ("safety", QUESTION)],
        vec![("safety", "turned\u{202e}round")],
    ] {
        moderator
            .refers(&claimed, &questions)
            .await
            .refused(422, "invalid");
    }
    let deputy = story.person("deputy");
    deputy
        .refers(&claimed, &one)
        .await
        .refused(409, "lease_lost");
    let stale = Claimed {
        fence: claimed.fence + 1,
        ..claimed.clone()
    };
    moderator
        .refers(&stale, &one)
        .await
        .refused(409, "lease_lost");
    moderator
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .is(200);
    let again = moderator.claims_item(&claimed.item).await;
    moderator
        .refers(&again, &one)
        .await
        .refused(409, "judged_already");
    let back = format!("/api/review/items/{}/unclaim", claimed.item);
    moderator
        .post(&back, &json!({ "fence": again.fence }))
        .await
        .is(204);
    let rows = story.rows().await;
    assert_eq!(rows.count("SELECT COUNT(*) AS n FROM referral").await, 0);
    rows.close().await;
}

async fn a_question_ends_by_itself_when_the_author_withdraws_or_sends_a_newer_text(
    story: &mut Story,
) {
    let clinician = story.clinician();
    let officer = story.person("safety_officer");
    let withdrawn = a_text(story).await;
    let (gone, first) = asked(story, &withdrawn, &["safety"]).await;
    let revised = a_text(story).await;
    let (old, second) = asked(story, &revised, &["safety"]).await;
    assert_eq!(to(&officer).await.len(), 2);
    let path = format!("/api/submissions/{}/withdraw", withdrawn.submission);
    clinician.ask(&path).await.is(204);
    clinician
        .edits(&revised.post, "The second revision of this text")
        .await;
    assert_eq!(to(&officer).await, [] as [Value; 0]);
    for (item, question, state) in [
        (gone, &first[0], "withdrawn"),
        (old, &second[0], "superseded"),
    ] {
        answers(&officer, question)
            .await
            .refused(409, "question_closed");
        recalls(&story.moderator(), question)
            .await
            .refused(409, "question_closed");
        let shown = view(&story.moderator(), &item).await;
        assert_eq!(
            (&shown["state"], &shown["referrals"][0]["state"]),
            (&json!(state), &json!("closed"))
        );
    }
    let ended = officer
        .get("/api/review/referrals?state=ended")
        .await
        .is(200);
    assert_eq!(ended["items"].as_array().unwrap().len(), 2);
}

async fn an_answer_and_a_recall_at_once_end_a_question_once(story: &mut Story) {
    for _ in 0..4 {
        let held = a_text(story).await;
        let (item, questions) = asked(story, &held, &["safety"]).await;
        let (officer, lead) = (story.person("safety_officer"), story.person("lead"));
        let (one, other) = tokio::join!(
            answers(&officer, &questions[0]),
            recalls(&lead, &questions[0])
        );
        let mut won = vec![one, other];
        won.retain(|answer| answer.status < 300);
        assert_eq!(won.len(), 1);
        assert_eq!(view(&lead, &item).await["state"], "waiting");
    }
    let rows = story.rows().await;
    assert_eq!(
        rows.count("SELECT COUNT(*) AS n FROM referral_answer")
            .await,
        4
    );
    rows.close().await;
}

/// No internals of safety or promotion review reach the author, whatever else the author is.
async fn the_author_never_learns_of_a_question_not_even_as_a_colleague_who_could_answer(
    story: &mut Story,
) {
    let author = story.person("mlr_approver");
    let held = author
        .starts_thread(CLINICIANS, "From the company", HARMLESS)
        .await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&held).await;
    moderator
        .refers(&claimed, &[("legal_regulatory", QUESTION)])
        .await
        .refused(409, "nobody_to_answer");
    let made = moderator
        .refers(&claimed, &[("safety", QUESTION)])
        .await
        .is(201);
    let question = id(&made["referrals"][0]);
    let officer = story.person("safety_officer");
    told(&officer, "referred").await;
    let everywhere = async |key: &str| {
        let rows = story.rows().await;
        let mut paths = world::addresses(&story.visitor(), &rows, story, 20).await;
        rows.close().await;
        paths.push("/api/review/referrals?to_me=false".to_owned());
        paths.push("/api/review/referrals?to_me=false&state=ended".to_owned());
        paths.push("/api/review/referrals?state=ended".to_owned());
        world::see(&story.person(key), &paths).await
    };
    for (state, key) in [
        ("open", "mlr_approver"),
        ("open", "clinician"),
        ("answered", "mlr_approver"),
        ("answered", "neighbour"),
        ("answered", "inspector"),
    ] {
        if state == "answered" {
            let answer = answers(&officer, &question).await.status;
            assert!([200, 409].contains(&answer));
        }
        for (path, text) in everywhere(key).await {
            for words in ["Quagga", "Zebu", &question] {
                // The records of the log name the question, and none of its words.
                let log = path.starts_with("/api/audit/") && words == question;
                assert!(!text.contains(words) || log, "{key} sees {words} at {path}");
            }
        }
    }
    let shown = view(&author, &claimed.item).await;
    assert_eq!(shown["referrals"], json!([]));
    answers(&author, &question).await.refused(404, "not_found");
}

/// Blind to the first until decided: who asked is not told to whoever must judge after them.
async fn the_second_reviewer_reads_the_answer_and_not_who_asked(story: &mut Story) {
    story.node.restart_with(&[EYES]).await;
    let held = story
        .person("steward")
        .starts_thread(CLINICIANS, "From the company", HARMLESS)
        .await;
    let (item, questions) = asked(story, &held, &["safety"]).await;
    let officer = story.person("safety_officer");
    answers(&officer, &questions[0]).await.is(200);
    let moderator = story.moderator();
    let claimed = moderator.claims_item(&item).await;
    let judged = moderator
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .is(200);
    assert_eq!(judged["state"], "second_review");
    let second = story.person("deputy");
    let shown = view(&second, &item).await;
    assert_eq!(shown["referrals"][0]["end"]["words"], REPLY);
    assert_eq!(shown["referrals"][0]["asked_by"], Value::Null);
    assert!(!shown.to_string().contains("Petra Lindqvist"), "{shown}");
    // The second asks as well, and the item comes back as it was: for a second judgement.
    let claimed = second.claims_item(&item).await;
    let made = second
        .refers(&claimed, &[("medical", QUESTION)])
        .await
        .is(201);
    assert_eq!(made["referrals"][0]["asked_by"], Value::Null);
    let asked = id(&made["referrals"][1]);
    answers(&story.person("medical_reviewer"), &asked)
        .await
        .is(200);
    let claimed = second.claims_item(&item).await;
    assert_eq!(claimed.view["state"], "second_review");
    let judged = second
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .is(200);
    assert_eq!(judged["state"], "decided");
    let shown = view(&moderator, &item).await;
    assert_eq!(shown["referrals"][0]["asked_by"]["name"], "Petra Lindqvist");
}

/// R-ER-02: told once, whatever died in between; and the mail has no word of what was asked.
async fn a_question_is_told_by_mail_although_the_server_was_killed(story: &mut Story) {
    let mailbox = Mailbox::open().await;
    let settings = mailbox.settings();
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    story.node.restart_with(&settings).await;
    let held = a_text(story).await;
    let (_, questions) = asked(story, &held, &["safety"]).await;
    story.node.kill().await;
    story.node.restart().await;
    let rows = story.rows().await;
    world::work_is_done(&rows).await;
    rows.close().await;
    let officer = story.person("safety_officer");
    assert_eq!(told(&officer, "referred").await.len(), 1);
    let mails = mailbox.has(1).await;
    assert_eq!(mails[0].to, std::slice::from_ref(&officer.who.email));
    let text = &mails[0].text;
    assert!(
        text.contains(&format!("/referrals/{}", questions[0])),
        "{text}"
    );
    for word in ["Quagga", "Petra", "Journal", "Osei"] {
        assert!(!text.contains(word), "{text}");
    }
}

async fn an_answer_that_is_near_its_deadline_and_then_late_is_told_to_whom_was_asked_and_the_desk(
    story: &mut Story,
) {
    let settings = [
        ("ALARMS__LOOK_SECONDS", "1"),
        ("POLICY__DUE_REFERRAL", "1 hour"),
        ("POLICY__NEAR_MINUTES", "61"),
        ("POLICY__UNATTENDED_MINUTES", "0"),
        ("POLICY__DUE_ROUTINE", "99 hours"),
    ];
    story.node.restart_with(&settings).await;
    let held = a_text(story).await;
    let (_, questions) = asked(story, &held, &["safety"]).await;
    let (officer, lead) = (story.person("safety_officer"), story.person("lead"));
    for who in [&officer, &lead] {
        let near = told(who, "answer_near").await;
        assert_eq!(
            (&near[0]["subject_kind"], &near[0]["subject_id"]),
            (&json!("referral"), &json!(questions[0]))
        );
    }
    // Questions are never changed, so one that was asked two hours ago stands beside it.
    let rows = story.rows().await;
    let earlier = format!("UPDATE referral SET due_at = due_at - 2 * {HOUR}");
    assert!(rows.run(&earlier).await.is_err(), "questions are evidence");
    let copied = rows.id("01930000-0000-7000-8000-00000000beef");
    let earlier = format!(
        "INSERT INTO referral (id, item_id, community_id, revision_id, number, field, question, asked_by, asked_by_commitment, role, asked_at, due_at) \
         SELECT {copied}, item_id, community_id, revision_id, 2, field, question, asked_by, asked_by_commitment, role, \
         asked_at - 2 * {HOUR}, due_at - 2 * {HOUR} FROM referral"
    );
    rows.run(&earlier).await.unwrap();
    rows.close().await;
    told(&officer, "answer_missed").await;
    told(&lead, "answer_missed").await;
    let medical = story.person("medical_reviewer");
    let others = medical.get("/api/notices").await.is(200);
    assert_eq!(others["items"], json!([]), "nobody else was asked");
    eventually("the gauge says so", async || {
        let metrics = story.visitor().get("/metrics").await.text();
        metrics.contains("review_answers_overdue 1").then_some(())
    })
    .await;
}

/// What a question and an answer touch, and how.
const ASKING: [(&str, &str); 5] = [
    ("referral", "INSERT"),
    ("review_item", "UPDATE"),
    ("job", "INSERT"),
    ("audit_record", "INSERT"),
    ("audit_unsealed", "INSERT"),
];
const ANSWERING: [(&str, &str); 6] = [
    ("referral_answer", "INSERT"),
    ("notice", "INSERT"),
    ("review_item", "UPDATE"),
    ("job", "INSERT"),
    ("audit_record", "INSERT"),
    ("audit_unsealed", "INSERT"),
];

/// How many rows there are of all that a question and an answer touch.
async fn touched(rows: &Rows) -> Vec<i64> {
    let mut all = Vec::new();
    for table in [
        "referral",
        "referral_answer",
        "notice",
        "job",
        "audit_record",
    ] {
        let query = format!("SELECT COUNT(*) AS n FROM {table}");
        all.push(rows.count(&query).await);
    }
    all
}

/// R-ER-02: what fails between any two of its statements leaves nothing behind, and is done afterwards.
async fn a_question_or_an_answer_that_breaks_off_at_any_statement_has_changed_nothing(
    story: &mut Story,
) {
    let engine = story.store.engine();
    let (moderator, officer) = (story.moderator(), story.person("safety_officer"));
    for (table, verb) in ASKING {
        let held = a_text(story).await;
        let claimed = moderator.claims(&held).await;
        let rows = story.rows().await;
        world::work_is_done(&rows).await;
        let before = touched(&rows).await;
        breaks(&rows, engine, table, verb).await;
        let questions = [("safety", QUESTION), ("medical", QUESTION)];
        let answer = moderator.refers(&claimed, &questions).await;
        mends(&rows, engine, table).await;
        assert_eq!(answer.status, 500, "{table}: {answer}");
        assert_eq!(
            touched(&rows).await,
            before,
            "when {verb} on {table} failed"
        );
        rows.close().await;
        assert_eq!(view(&moderator, &claimed.item).await["state"], "waiting");
        moderator.refers(&claimed, &questions).await.is(201);
    }
    for (table, verb) in ANSWERING {
        let held = a_text(story).await;
        let (item, questions) = asked(story, &held, &["safety"]).await;
        let rows = story.rows().await;
        world::work_is_done(&rows).await;
        let before = touched(&rows).await;
        breaks(&rows, engine, table, verb).await;
        let answer = answers(&officer, &questions[0]).await;
        mends(&rows, engine, table).await;
        assert_eq!(answer.status, 500, "{table}: {answer}");
        assert_eq!(
            touched(&rows).await,
            before,
            "when {verb} on {table} failed"
        );
        rows.close().await;
        assert_eq!(view(&moderator, &item).await["state"], "referred");
        answers(&officer, &questions[0]).await.is(200);
        assert_eq!(view(&moderator, &item).await["state"], "waiting");
    }
}

stories![
    a_question_or_an_answer_that_breaks_off_at_any_statement_has_changed_nothing,
    a_question_waits_on_a_clock_of_its_own_and_its_answer_gives_the_item_back_to_whoever_asked,
    several_questions_are_all_answered_or_taken_back_before_the_item_returns,
    what_cannot_be_asked_is_refused_and_changes_nothing,
    a_question_ends_by_itself_when_the_author_withdraws_or_sends_a_newer_text,
    an_answer_and_a_recall_at_once_end_a_question_once,
    the_author_never_learns_of_a_question_not_even_as_a_colleague_who_could_answer,
    the_second_reviewer_reads_the_answer_and_not_who_asked,
    a_question_is_told_by_mail_although_the_server_was_killed,
    an_answer_that_is_near_its_deadline_and_then_late_is_told_to_whom_was_asked_and_the_desk,
];
