//! What an inspector sees on the server.

use super::*;

#[tokio::test]
async fn a_search_is_recorded_before_it_is_answered_and_shows_nothing_of_other_communities() {
    let (garden, mut inspector) = Garden::new().await;
    let all = inspector.get("/api/audit/records?limit=200").await;
    let all = all["items"].as_array().unwrap();
    assert!(
        all.iter().all(
            |record| record["community"].is_null() || record["community"]["slug"] == "patients"
        )
    );
    let submitted = inspector
        .get("/api/audit/records?action=revision.submitted&community=patients")
        .await;
    let first = &submitted["items"][0];
    assert_eq!(
        (&first["actor"]["name"], &first["object"]["kind"]),
        (&json!("Mia Member"), &json!("revision"))
    );
    let searches = inspector
        .get("/api/audit/records?action=audit_log.searched")
        .await;
    // This search looked before its own record was written.
    assert_eq!(searches["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        searches["items"][0]["change"]["action"],
        "revision.submitted"
    );
    let actions = inspector.get("/api/audit/actions").await;
    assert!(
        actions["items"]
            .as_array()
            .unwrap()
            .contains(&json!("decision.made"))
    );
    let (status, _) = inspector
        .ask(Method::GET, "/api/audit/records?community=partners", None)
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    garden.end().await;
}

#[tokio::test]
async fn pages_of_a_search_follow_each_other_without_gap_and_repetition() {
    let (garden, mut inspector) = Garden::new().await;
    let whole = inspector
        .get("/api/audit/records?community=patients&limit=200")
        .await;
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = inspector
            .get(&format!(
                "/api/audit/records?community=patients&limit=3{cursor}"
            ))
            .await;
        // Searches within the community are records there too, and newer than the first page.
        let items = page["items"].as_array().unwrap().iter();
        ids.extend(
            items
                .filter(|item| item["action"] != "audit_log.searched")
                .map(|item| item["id"].clone()),
        );
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let wanted: Vec<Value> = whole["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].clone())
        .collect();
    assert_eq!(ids, wanted);
    garden.end().await;
}

#[tokio::test]
async fn a_record_is_proven_to_be_in_the_signed_log() {
    let (garden, mut inspector) = Garden::new().await;
    let found = inspector
        .get("/api/audit/records?action=decision.made")
        .await;
    let id = found["items"][0]["id"].as_str().unwrap().to_owned();
    let proof = inspector
        .get(&format!("/api/audit/records/{id}/proof"))
        .await;
    let note = proof["note"].as_str().unwrap();
    assert_eq!(
        note.lines().nth(1),
        Some(proof["tree_size"].to_string().as_str())
    );
    assert_eq!(note.lines().nth(2), proof["root"].as_str());
    // The bundle holds the same leaf at the same place.
    let (_, zip) = inspector
        .ask(Method::POST, "/api/exports", Some(json!({})))
        .await;
    assert!(verify(&zip, &garden.trust()).is_good());
    assert!(holds(&zip, proof["leaf_hash"].as_str().unwrap()));
    let (status, _) = inspector
        .ask(
            Method::GET,
            &format!("/api/audit/records/{}/proof", garden.app.clock.new_id()),
            None,
        )
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    garden.end().await;
}

#[tokio::test]
async fn the_whole_log_is_verified_on_demand_and_that_is_recorded() {
    let (garden, mut inspector) = Garden::new().await;
    let found = inspector.post("/api/audit/verification", json!({})).await;
    assert_eq!(
        (&found["ok"], &found["fault"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(found["records"], found["checkpoint_size"]);
    let recorded = inspector
        .get("/api/audit/records?action=audit_log.verified")
        .await;
    assert_eq!(recorded["items"][0]["change"]["good"], true);
    garden.end().await;
}

#[tokio::test]
async fn nobody_but_an_inspector_learns_that_there_is_a_log() {
    let (garden, _) = Garden::new().await;
    let mut visitor = garden.visitor();
    for (email, expected) in [
        ("", StatusCode::UNAUTHORIZED),
        ("mo.derator@example.com", StatusCode::NOT_FOUND),
    ] {
        if !email.is_empty() {
            visitor
                .post(
                    "/api/session",
                    json!({"email": email, "password": PASSWORD}),
                )
                .await;
        }
        for (method, path) in [
            (Method::GET, "/api/audit/records"),
            (Method::GET, "/api/audit/actions"),
            (Method::GET, "/api/audit/checkpoint"),
            (Method::POST, "/api/audit/verification"),
            (Method::POST, "/api/exports"),
        ] {
            let (status, _) = visitor.ask(method, path, Some(json!({}))).await;
            assert_eq!(status, expected, "{path} to `{email}`");
        }
    }
    garden.end().await;
}
