//! WHERE: walls, memberships, roles, invitations and products.

use hortus_tests::story::{CLINICIANS, HARMLESS, PARTNERS, PATIENTS};
use hortus_tests::{Story, stories, world};
use serde_json::json;

async fn a_wall_stands_between_communities(story: &mut Story) {
    let thread = story.a_released_thread().await;
    for key in ["patient", "partner", "neighbour", "former"] {
        let outsider = story.person(key);
        for path in ["", "/threads", "/members", "/invitations"] {
            let path = format!("/api/communities/{CLINICIANS}{path}");
            outsider.get(&path).await.refused(404, "not_found");
        }
        outsider
            .get(&format!("/api/threads/{}", thread.thread))
            .await
            .refused(404, "not_found");
        let reply = format!("/api/threads/{}/replies", thread.thread);
        outsider
            .post(&reply, &json!({ "body": "hello over there" }))
            .await
            .refused(404, "not_found");
    }
    let listed = story
        .person("patient")
        .get("/api/communities")
        .await
        .is(200);
    assert_eq!(
        world::column(listed["items"].as_array().unwrap(), "slug"),
        [PATIENTS]
    );
    let founder = story
        .person("founder")
        .get("/api/communities")
        .await
        .is(200);
    assert_eq!(founder["items"].as_array().unwrap().len(), 3);
}

async fn a_membership_that_ends_takes_everything_with_it(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let colleague = story.colleague();
    let held = colleague
        .replies(&thread.thread, "A reply from somebody who leaves")
        .await;
    let seat = format!(
        "/api/communities/{CLINICIANS}/members/{}",
        colleague.who.account
    );
    story.person("steward").delete(&seat).await.is(204);
    colleague
        .get(&format!("/api/threads/{}", thread.thread))
        .await
        .refused(404, "not_found");
    colleague
        .get(&format!("/api/communities/{CLINICIANS}"))
        .await
        .refused(404, "not_found");
    colleague.get("/api/session").await.is(200);
    // What was submitted waits for its decision all the same.
    story.moderator().releases(&held).await;
    let posts = story.clinician().reads(&thread.thread).await["posts"].clone();
    assert_eq!(posts[1]["author"]["name"], "Dr Jonas Brandt");
}

async fn roles_are_given_and_taken_and_hold_at_once(story: &mut Story) {
    let colleague = story.colleague();
    let steward = story.person("steward");
    let seat = format!(
        "/api/communities/{CLINICIANS}/members/{}",
        colleague.who.account
    );
    colleague
        .get("/api/review/items")
        .await
        .refused(404, "not_found");
    let changed = steward
        .patch(&seat, &json!({ "roles": ["moderator", "member"] }))
        .await
        .is(200);
    assert_eq!(changed["roles"], json!(["member", "moderator"]));
    colleague.get("/api/review/items").await.is(200);
    steward
        .patch(&seat, &json!({ "roles": ["member"], "speaker": "agent" }))
        .await
        .is(200);
    colleague
        .get("/api/review/items")
        .await
        .refused(404, "not_found");
    let me = colleague.get("/api/session").await.is(200);
    assert_eq!(me["memberships"][0]["speaker"], "agent");
    steward
        .patch(&seat, &json!({ "roles": [] }))
        .await
        .refused(422, "invalid");
    steward
        .patch(&seat, &json!({ "roles": ["emperor"] }))
        .await
        .refused(422, "unreadable_body");
    let elsewhere = format!(
        "/api/communities/{CLINICIANS}/members/{}",
        story.person("patient").who.account
    );
    steward
        .patch(&elsewhere, &json!({ "roles": ["member"] }))
        .await
        .refused(404, "not_found");
}

async fn nobody_changes_their_own_seat_and_a_community_keeps_an_administrator(story: &mut Story) {
    let (steward, founder) = (story.person("steward"), story.person("founder"));
    let own = format!(
        "/api/communities/{CLINICIANS}/members/{}",
        steward.who.account
    );
    steward
        .patch(&own, &json!({ "roles": ["inspector"] }))
        .await
        .refused(403, "own_membership");
    founder.delete(&own).await.is(204);
    let last = format!(
        "/api/communities/{PARTNERS}/members/{}",
        founder.who.account
    );
    let answer = founder.delete(&last).await;
    assert!([403, 409].contains(&answer.status), "{answer}");
}

async fn only_the_server_administrator_creates_communities(story: &mut Story) {
    let body = json!({ "slug": "nurses", "name": "Nurses", "audience": "professionals" });
    for key in ["steward", "moderator", "clinician", "neighbour"] {
        story
            .person(key)
            .post("/api/communities", &body)
            .await
            .refused(404, "not_found");
    }
    let founder = story.person("founder");
    founder.post("/api/communities", &body).await.is(201);
    founder
        .post("/api/communities", &body)
        .await
        .refused(409, "slug_taken");
    for slug in ["x", "Nurses!", "../etc", ""] {
        let body = json!({ "slug": slug, "name": "Nurses", "audience": "professionals" });
        founder
            .post("/api/communities", &body)
            .await
            .refused(422, "invalid");
    }
    assert_eq!(
        founder.get("/api/communities/nurses").await.is(200)["member_count"],
        1
    );
}

async fn an_address_is_invited_once_and_a_member_not_at_all(story: &mut Story) {
    let steward = story.person("steward");
    let path = format!("/api/communities/{CLINICIANS}/invitations");
    let body = json!({ "email": "new@garden.example", "name": "New Colleague", "speaker": "professional", "roles": ["member"] });
    steward.post(&path, &body).await.is(201);
    steward
        .post(&path, &body)
        .await
        .refused(409, "already_invited");
    let member = json!({ "email": story.colleague().who.email, "name": "Jonas", "speaker": "professional", "roles": ["member"] });
    steward
        .post(&path, &member)
        .await
        .refused(409, "already_member");
    let faulty =
        json!({ "email": "no address", "name": "", "speaker": "professional", "roles": [] });
    let problem = steward.post(&path, &faulty).await.refused(422, "invalid");
    assert_eq!(
        world::column(problem["errors"].as_array().unwrap(), "field"),
        ["email", "name", "roles"]
    );
}

async fn a_product_belongs_to_its_community(story: &mut Story) {
    let id = story.product(CLINICIANS, "Velmora");
    let body = json!({ "name": "Velmora", "status": "approved", "indication": "seizures" });
    story
        .person("neighbour")
        .put(&format!("/api/communities/{PATIENTS}/products/{id}"), &body)
        .await
        .refused(404, "not_found");
    let own = format!("/api/communities/{CLINICIANS}/products/{id}");
    let silent =
        json!({ "name": "Velmora", "status": "approved_boxed_warning", "indication": "seizures" });
    story
        .person("steward")
        .put(&own, &silent)
        .await
        .refused(422, "invalid");
    story.person("steward").put(&own, &body).await.is(200);
    let shown = story
        .colleague()
        .get(&format!("/api/communities/{CLINICIANS}"))
        .await
        .is(200);
    let product = shown["products"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["id"] == id)
        .unwrap()
        .clone();
    assert_eq!(product["status"], "approved");
}

async fn a_profile_line_and_a_description_are_shown_once_released(story: &mut Story) {
    let line = story
        .clinician()
        .writes_profile(CLINICIANS, "Neurologist who likes orchids")
        .await;
    let words = story
        .person("steward")
        .describes(CLINICIANS, "A place to talk among clinicians")
        .await;
    let members = format!("/api/communities/{CLINICIANS}/members");
    let community = format!("/api/communities/{CLINICIANS}");
    let colleague = story.colleague();
    assert!(!colleague.get(&members).await.text().contains("orchids"));
    assert_eq!(
        colleague.get(&community).await.is(200)["description_html"],
        json!(null)
    );
    assert_eq!(
        story.person("steward").get(&community).await.is(200)["description_pending"],
        true
    );
    assert_ne!(
        colleague.get(&community).await.is(200)["description_pending"],
        true
    );
    story.moderator().releases(&line).await;
    story.moderator().releases(&words).await;
    assert!(colleague.get(&members).await.text().contains("orchids"));
    let shown = colleague.get(&community).await.is(200);
    assert!(
        shown["description_html"]
            .as_str()
            .unwrap()
            .contains("among clinicians")
    );
    for key in ["clinician", "moderator", "inspector"] {
        let body = json!({ "body": "My own description" });
        story
            .person(key)
            .put(&format!("{community}/description"), &body)
            .await
            .refused(404, "not_found");
    }
}

async fn an_inspector_reads_and_does_not_write(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let inspector = story.person("inspector");
    inspector.reads(&thread.thread).await;
    let draft = json!({ "title": "Journal club", "body": HARMLESS });
    inspector
        .post(&format!("/api/communities/{CLINICIANS}/threads"), &draft)
        .await
        .refused(404, "not_found");
    let reply = json!({ "body": "I only look" });
    inspector
        .post(&format!("/api/threads/{}/replies", thread.thread), &reply)
        .await
        .refused(404, "not_found");
    inspector
        .put(&format!("/api/communities/{CLINICIANS}/profile"), &reply)
        .await
        .refused(404, "not_found");
}

async fn pages_follow_one_another_without_loss(story: &mut Story) {
    let mut all = Vec::new();
    for n in 0..5 {
        let thread = story
            .clinician()
            .starts_thread(CLINICIANS, &format!("Thread {n}"), HARMLESS)
            .await;
        story.moderator().releases(&thread).await;
        all.push(thread.thread);
    }
    all.reverse();
    for (path, expected) in [("threads", Some(&all)), ("members", None)] {
        let whole = story
            .colleague()
            .get(&format!("/api/communities/{CLINICIANS}/{path}?limit=200"))
            .await
            .is(200);
        let name = if path == "threads" {
            "id"
        } else {
            "account_id"
        };
        let whole = world::column(whole["items"].as_array().unwrap(), name);
        if let Some(expected) = expected {
            assert_eq!(&whole, expected, "latest activity first");
        }
        let mut paged = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = story
                .colleague()
                .get(&format!(
                    "/api/communities/{CLINICIANS}/{path}?limit=2{cursor}"
                ))
                .await
                .is(200);
            paged.extend(world::column(page["items"].as_array().unwrap(), name));
            let Some(next) = page["next"].as_str() else {
                break;
            };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(paged, whole);
        story
            .colleague()
            .get(&format!(
                "/api/communities/{CLINICIANS}/{path}?cursor=nonsense"
            ))
            .await
            .refused(422, "invalid");
    }
}

stories![
    a_wall_stands_between_communities,
    a_membership_that_ends_takes_everything_with_it,
    roles_are_given_and_taken_and_hold_at_once,
    nobody_changes_their_own_seat_and_a_community_keeps_an_administrator,
    only_the_server_administrator_creates_communities,
    an_address_is_invited_once_and_a_member_not_at_all,
    a_product_belongs_to_its_community,
    a_profile_line_and_a_description_are_shown_once_released,
    an_inspector_reads_and_does_not_write,
    pages_follow_one_another_without_loss,
];
