//! The demonstration: an invented company whose three weeks went through the real doors.

use hortus_tests::{Caller, Engine, Node, Store, world};
use reqwest::Method;
use serde_json::{Value, json};

async fn signed_in(node: &Node, persona: &Value) -> (Caller, Value) {
    let body = json!({ "email": persona["email"], "password": persona["password"] });
    let answer = node.visitor().post("/api/session", &body).await;
    let me = answer.is(200);
    (node.visitor().with_session(&answer.session().unwrap()), me)
}

fn with<'a>(personas: &'a [Value], role: &str) -> &'a Value {
    let held = |one: &&Value| one["roles"].as_array().unwrap().contains(&role.into());
    personas
        .iter()
        .find(held)
        .unwrap_or_else(|| panic!("nobody to play is {role}"))
}

#[tokio::test]
async fn the_demonstration_is_a_world_that_went_through_the_real_doors() {
    let store = Store::empty(Engine::Sqlite).await;
    let mut node = Node::demonstrate(&store).await;
    let visitor = node.visitor();
    assert_eq!(visitor.get("/api/about").await.is(200)["demo"], true);
    let personas = visitor.get("/api/demo/personas").await.is(200);
    let personas = personas["items"].as_array().unwrap();
    for role in [
        "member",
        "moderator",
        "lead",
        "safety_officer",
        "medical_reviewer",
        "mlr_approver",
        "inspector",
        "administrator",
    ] {
        let (caller, me) = signed_in(&node, with(personas, role)).await;
        assert!(!me["memberships"].as_array().unwrap().is_empty(), "{me}");
        caller.get("/api/communities").await.is(200);
    }
    let foreign = visitor
        .request(Method::GET, "/api/demo/personas")
        .header("host", "evil.example");
    visitor.send(foreign).await.refused(404, "not_found");

    let rows = store.open().await;
    world::work_is_done(&rows).await;
    world::streams_have_no_gaps(&rows).await;
    world::every_text_went_through_the_gate(&rows).await;
    for (what, at_least, query) in [
        ("communities", 3, "SELECT COUNT(*) AS n FROM community"),
        ("people", 12, "SELECT COUNT(*) AS n FROM account"),
        (
            "products",
            3,
            "SELECT COUNT(DISTINCT name) AS n FROM product",
        ),
        (
            "released threads",
            35,
            "SELECT COUNT(*) AS n FROM publication WHERE thread_id = post_id",
        ),
        (
            "released posts",
            150,
            "SELECT COUNT(*) AS n FROM publication WHERE thread_id IS NOT NULL",
        ),
        (
            "held items",
            20,
            "SELECT COUNT(*) AS n FROM review_item WHERE state = 'waiting'",
        ),
        (
            "changes asked for",
            1,
            "SELECT COUNT(*) AS n FROM decision WHERE action = 'request_changes'",
        ),
        (
            "rejections",
            1,
            "SELECT COUNT(*) AS n FROM decision WHERE action = 'reject'",
        ),
        ("safety cases", 3, "SELECT COUNT(*) AS n FROM safety_case"),
    ] {
        let there = rows.count(query).await;
        assert!(there >= at_least, "{there} {what}");
    }
    rows.close().await;
    let (inspector, _) = signed_in(&node, with(personas, "inspector")).await;
    let found = inspector.ask("/api/audit/verification").await.is(200);
    assert_eq!(found["ok"], true, "{found}");
    assert!(node.stop().await.success());

    // The next start shows the same world.
    let again = Node::demonstrate(&store).await;
    let shown = again.visitor().get("/api/demo/personas").await.is(200);
    assert_eq!(shown["items"].as_array().unwrap(), personas);
}
