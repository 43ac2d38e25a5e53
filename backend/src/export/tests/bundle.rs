//! What an inspector takes home.

use super::*;

#[tokio::test]
async fn the_bundle_an_inspector_takes_home_is_good_and_holds_its_own_export() {
    let (garden, mut inspector) = Garden::new().await;
    let (status, zip) = inspector
        .ask(Method::POST, "/api/exports", Some(json!({})))
        .await;
    assert_eq!(status, StatusCode::OK);
    let report = verify(&zip, &garden.trust());
    assert_eq!(report.fault, None);
    // The text and its edit; the first text alone was shown.
    assert_eq!(count(&report, "revisions have their hash"), 2);
    assert_eq!(count(&report, "decisions name the text"), 1);
    assert_eq!(count(&report, "publications are what was released last"), 1);
    assert!(count(&report, "safety cases are all there") >= 1);
    assert!(holds(&zip, "audit_log.exported") && holds(&zip, "I had a rash on my arm"));
    garden.end().await;
}

#[tokio::test]
async fn of_a_community_that_is_not_inspected_there_are_hashes_only() {
    let (garden, mut inspector) = Garden::new().await;
    let (_, zip) = inspector
        .ask(
            Method::POST,
            "/api/exports",
            Some(json!({"communities": ["patients"]})),
        )
        .await;
    assert!(count(&verify(&zip, &garden.trust()), "outside the scope") > 0);
    assert!(!holds(&zip, SECRET_OF_PARTNERS));
    let (status, _) = inspector
        .ask(
            Method::POST,
            "/api/exports",
            Some(json!({"communities": ["partners"]})),
        )
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    garden.end().await;
}

#[tokio::test]
async fn the_operator_takes_the_whole_log_with_every_record() {
    let (garden, _) = Garden::new().await;
    let actor = Actor::command("export");
    let mut bundle = export(
        &garden.app.audit,
        &garden.app.sealer,
        &actor,
        &Scope::Everything,
        None,
    )
    .await
    .unwrap();
    let mut zip = Vec::new();
    std::io::Read::read_to_end(&mut bundle.zip, &mut zip).unwrap();
    let report = verify(&zip, &garden.trust());
    assert_eq!(
        (report.fault.clone(), count(&report, "outside the scope")),
        (None, 0)
    );
    assert!(holds(&zip, SECRET_OF_PARTNERS));
    garden.end().await;
}

#[tokio::test]
async fn a_bundle_continues_the_checkpoint_of_an_earlier_visit() {
    let (garden, mut inspector) = Garden::new().await;
    let kept = inspector.get("/api/audit/checkpoint").await;
    let (_, zip) = inspector
        .ask(Method::POST, "/api/exports", Some(json!({})))
        .await;
    let trust = Trust {
        key: kept["public_key"].as_str().map(str::to_owned),
        checkpoint: kept["note"].as_str().map(str::to_owned),
    };
    let report = verify(&zip, &trust);
    assert_eq!(
        (
            report.fault.clone(),
            count(&report, "checkpoint that you kept")
        ),
        (None, 1)
    );
    garden.end().await;
}

#[tokio::test]
async fn any_byte_of_a_real_bundle_that_is_changed_is_named() {
    let (garden, mut inspector) = Garden::new().await;
    let (_, zip) = inspector
        .ask(Method::POST, "/api/exports", Some(json!({})))
        .await;
    // A prime step meets every file and every kind of header in some run of the loop.
    for position in (0..zip.len()).step_by(6_131) {
        let mut changed = zip.clone();
        changed[position] ^= 0x04;
        let fault = verify(&changed, &garden.trust()).fault;
        let offset = fault.as_ref().and_then(|fault| fault.offset);
        assert!(fault.is_some(), "byte {position} can be changed unseen");
        // Where two places contradict each other, both are named.
        let what = fault.as_ref().map_or("", |fault| fault.what.as_str());
        let other = what.rsplit_once("; or byte ").and_then(|(_, rest)| {
            let (byte, _) = rest.split_once(' ')?;
            byte.parse::<u64>().ok()
        });
        let near = |place: u64| place.abs_diff(position as u64) <= 64;
        assert!(
            offset.is_some_and(near) || other.is_some_and(near),
            "byte {position}: {fault:?}"
        );
    }
    garden.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_is_one_state_while_members_keep_writing() {
    let (garden, mut inspector) = Garden::new().await;
    let stop = CancellationToken::new();
    let mut writers = Vec::new();
    for _ in 0..3 {
        let mut member = garden.visitor();
        let credentials = json!({"email": "mia.member@example.com", "password": PASSWORD});
        member.post("/api/session", credentials).await;
        let stop = stop.clone();
        writers.push(tokio::spawn(async move {
            let mut written = 0;
            while !stop.is_cancelled() {
                let text =
                    json!({"title": "Again", "body": format!("I had a rash on day {written}.")});
                member.post("/api/communities/patients/threads", text).await;
                written += 1;
            }
            written
        }));
    }
    let mut faults = Vec::new();
    for _ in 0..5 {
        let (status, zip) = inspector
            .ask(Method::POST, "/api/exports", Some(json!({})))
            .await;
        assert_eq!(status, StatusCode::OK);
        faults.extend(verify(&zip, &garden.trust()).fault);
    }
    stop.cancel();
    for writer in writers {
        assert!(writer.await.unwrap() > 0);
    }
    assert_eq!(faults, []);
    garden.end().await;
}
