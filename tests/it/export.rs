//! The inspection bundle: what an inspector takes home, and what becomes of it when a byte changes.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use hortus_tests::node::{self, Ran};
use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS, PATIENTS};
use hortus_tests::{Story, stories};
use serde_json::{Value, json};
use tempfile::TempDir;

async fn verify(bundle: &Path, further: &[&str]) -> Ran {
    let mut words = vec!["audit", "verify", bundle.to_str().unwrap()];
    words.extend(further);
    node::run(&words).await
}

struct Bundle {
    folder: TempDir,
    path: PathBuf,
    bytes: Vec<u8>,
}

impl Bundle {
    fn file(&self, name: &str) -> String {
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&self.bytes)).unwrap();
        let mut text = String::new();
        zip.by_name(name)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    fn names(&self) -> Vec<String> {
        let zip = zip::ZipArchive::new(std::io::Cursor::new(&self.bytes)).unwrap();
        zip.file_names()
            .map(|name| name.unwrap().into_owned())
            .collect()
    }

    fn lines(&self, name: &str) -> Vec<Value> {
        self.file(name)
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

fn kept(bytes: Vec<u8>) -> Bundle {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle.zip");
    std::fs::write(&path, &bytes).unwrap();
    Bundle {
        folder,
        path,
        bytes,
    }
}

async fn export(story: &Story, key: &str, body: Value) -> Bundle {
    let answer = story.person(key).post("/api/exports", &body).await;
    answer.is(200);
    assert_eq!(answer.header("content-type"), "application/zip");
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment; filename="),
        "{answer}"
    );
    kept(answer.body)
}

/// A few texts with every fate that a text can have.
async fn a_busy_week(story: &Story) {
    let clinician = story.clinician();
    let thread = story.a_released_thread().await;
    let held = clinician
        .starts_thread(CLINICIANS, "A rash", ADVERSE_EVENT)
        .await;
    story
        .moderator()
        .rejects(
            &held,
            "adverse_event_detail",
            "Thank you, the safety team has it.",
        )
        .await;
    let edit = clinician
        .edits(&thread.post, "The second revision of the journal club")
        .await;
    story.moderator().releases(&edit).await;
    let unclear = clinician
        .replies(&thread.thread, "A reply that nobody understands")
        .await;
    story
        .moderator()
        .asks_for_changes(&unclear, "unclear", "What do you mean?")
        .await;
    let taken_back = clinician
        .replies(&thread.thread, "A reply that is taken back")
        .await;
    clinician
        .ask(&format!(
            "/api/submissions/{}/withdraw",
            taken_back.submission
        ))
        .await
        .is(204);
    let waits = clinician
        .replies(&thread.thread, "A reply that still waits")
        .await;
    let claimed = story.moderator().claims(&waits).await;
    let questions = [("safety", "Is this known?"), ("medical", "Is this right?")];
    let asked = story.moderator().refers(&claimed, &questions).await.is(201);
    let path = format!(
        "/api/review/referrals/{}/answer",
        asked["referrals"][0]["id"].as_str().unwrap()
    );
    let answer = json!({ "outcome": "objection", "words": "It is not listed." });
    story
        .person("safety_officer")
        .post(&path, &answer)
        .await
        .is(200);
    story
        .person("patient")
        .starts_thread(
            PATIENTS,
            "Hello everybody",
            "Patients alone may read this sentence",
        )
        .await;
}

/// R-ER-09, R-ER-24
async fn a_bundle_verifies_without_the_server(story: &mut Story) {
    a_busy_week(story).await;
    let bundle = export(story, "inspector", json!({})).await;
    let key = story
        .person("inspector")
        .get("/api/audit/checkpoint")
        .await
        .is(200)["public_key"]
        .as_str()
        .unwrap()
        .to_owned();
    let ran = verify(&bundle.path, &["--key", &key]).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(
        ran.out
            .trim_end()
            .lines()
            .last()
            .unwrap()
            .starts_with("GOOD"),
        "{}",
        ran.out
    );
    let foreign = verify(
        &bundle.path,
        &[
            "--key",
            "localhost/audit+00000000+AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=",
        ],
    )
    .await;
    assert_eq!(foreign.code, Some(1), "{foreign:?}");
    let mistyped = verify(&bundle.path, &["--key", "audit.pubb"]).await;
    assert_eq!(mistyped.code, Some(1), "{mistyped:?}");
    assert!(
        mistyped.err.contains("`audit.pubb` is neither"),
        "{mistyped:?}"
    );
    let half = kept(bundle.bytes[..bundle.bytes.len() / 2].to_vec());
    let half = verify(&half.path, &[]).await;
    assert!(half.out.contains("probably cut off"), "{half:?}");

    for name in [
        "README.txt",
        "report.html",
        "manifest.json",
        "records.jsonl",
        "checkpoints.jsonl",
        "inclusion-proofs.jsonl",
    ] {
        assert!(bundle.names().iter().any(|one| one == name), "{name}");
    }
    assert_eq!(bundle.lines("revisions.jsonl").len(), 6);
    assert_eq!(bundle.lines("screenings.jsonl").len(), 6);
    assert_eq!(bundle.lines("decisions.jsonl").len(), 4);
    assert_eq!(bundle.lines("safety-cases.jsonl").len(), 1);
    let questions = bundle.lines("referrals.jsonl");
    assert_eq!(questions.len(), 2);
    assert_eq!(questions[0]["end"]["words"], "It is not listed.");
    assert_eq!(questions[1]["end"], Value::Null);
    assert_eq!(bundle.lines("publications.jsonl").len(), 1);
    assert!(
        bundle
            .names()
            .iter()
            .any(|name| name.starts_with("rule-sets/"))
    );
    let report = bundle.file("report.html");
    assert!(
        report.contains("Petra Lindqvist") && !report.contains("<script"),
        "a person can read it"
    );
    let everything: String = bundle
        .names()
        .iter()
        .map(|name| bundle.file(name))
        .collect();
    assert!(
        !everything.contains("Patients alone may read"),
        "another community is not in it"
    );
    assert!(bundle.folder.path().exists());
}

/// R-ER-24: one flipped byte anywhere, and the place is named.
async fn one_flipped_byte_anywhere_makes_it_fail(story: &mut Story) {
    story.a_released_thread().await;
    let bundle = export(story, "inspector", json!({})).await;
    let length = bundle.bytes.len();
    let places = (0..24).map(|n| n * (length - 1) / 23);
    for place in places {
        let mut changed = bundle.bytes.clone();
        changed[place] ^= 1 << (place % 8);
        let changed = kept(changed);
        let ran = verify(&changed.path, &[]).await;
        assert_eq!(ran.code, Some(1), "byte {place} of {length}: {ran:?}");
        assert!(
            ran.out
                .trim_end()
                .lines()
                .last()
                .unwrap()
                .starts_with("FAULT"),
            "byte {place}: {}",
            ran.out
        );
    }
    for (what, bytes) in [
        ("cut off", bundle.bytes[..length - 1].to_vec()),
        ("grown", [&bundle.bytes[..], b"x"].concat()),
        ("empty", Vec::new()),
    ] {
        let ran = verify(&kept(bytes).path, &[]).await;
        assert_eq!(ran.code, Some(1), "{what}: {ran:?}");
    }
}

async fn a_later_bundle_continues_an_earlier_checkpoint(story: &mut Story) {
    story.a_released_thread().await;
    let note = story
        .person("inspector")
        .get("/api/audit/checkpoint")
        .await
        .is(200)["note"]
        .as_str()
        .unwrap()
        .to_owned();
    story.node.restart().await;
    story.a_released_thread().await;
    let bundle = export(story, "inspector", json!({ "communities": [CLINICIANS] })).await;
    let earlier = bundle.folder.path().join("earlier.note");
    std::fs::write(&earlier, &note).unwrap();
    let ran = verify(&bundle.path, &["--checkpoint", earlier.to_str().unwrap()]).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
}

async fn only_inspectors_export_and_only_what_they_inspect(story: &mut Story) {
    for key in [
        "clinician",
        "moderator",
        "safety_officer",
        "medical_reviewer",
        "steward",
        "founder",
    ] {
        story
            .person(key)
            .post("/api/exports", &json!({}))
            .await
            .refused(404, "not_found");
    }
    story
        .visitor()
        .post("/api/exports", &json!({}))
        .await
        .refused(401, "not_signed_in");
    let inspector = story.person("inspector");
    inspector
        .post("/api/exports", &json!({ "communities": [PATIENTS] }))
        .await
        .refused(404, "not_found");
    inspector
        .post("/api/exports", &json!({ "communities": [] }))
        .await
        .refused(422, "invalid");
    story
        .person("patient")
        .starts_thread(PATIENTS, "Hello everybody", HARMLESS)
        .await;
    let theirs = export(story, "neighbour", json!({})).await;
    let communities = theirs.lines("communities.jsonl");
    assert_eq!(communities.len(), 1);
    assert_eq!(communities[0]["slug"], PATIENTS);
}

/// R-ER-01: an export is a record, sealed before the bundle is handed over.
async fn an_export_is_recorded_in_itself(story: &mut Story) {
    story.a_released_thread().await;
    let bundle = export(story, "inspector", json!({})).await;
    let actions: Vec<_> = bundle
        .lines("records.jsonl")
        .iter()
        .map(|line| line["record"]["action"].as_str().unwrap().to_owned())
        .collect();
    assert!(
        actions.iter().any(|action| action == "audit_log.exported"),
        "{actions:?}"
    );
}

async fn the_operator_exports_everything_from_the_command_line(story: &mut Story) {
    a_busy_week(story).await;
    assert!(story.node.stop().await.success());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.zip");
    let flags = story.store.flags();
    let mut words = vec!["export", "--out", path.to_str().unwrap()];
    words.extend(flags.iter().map(String::as_str));
    let ran = node::run(&words).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(verify(&path, &[]).await.code, Some(0));
    let bundle = kept(std::fs::read(&path).unwrap());
    let manifest: Value = serde_json::from_str(&bundle.file("manifest.json")).unwrap();
    assert_eq!(manifest["scope"]["everything"], true);
    assert_eq!(bundle.lines("revisions.jsonl").len(), 7);
}

async fn a_terminology_is_named_in_the_bundle_and_its_names_stay_with_their_owner(
    story: &mut Story,
) {
    let brought = tempfile::tempdir().unwrap();
    let path = |name: &str| brought.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("pt.asc"), "90000001$Vesper pain$$90009001$$$$$$$$\n").unwrap();
    let llt = "90000011$Evening ache of vesper$90000001$$$$$$$Y$$\n90000012$Dawn colic$90000001$$$$$$$Y$$\n";
    std::fs::write(path("llt.asc"), llt).unwrap();
    std::fs::create_dir(path("terms")).unwrap();
    let imported = node::run(&[
        "rules",
        "import",
        "meddra",
        &path(""),
        "--edition",
        "99.0",
        "--licence",
        "made for this test",
        "--out",
        &path("terms/meddra.terms"),
    ])
    .await;
    assert_eq!(imported.code, Some(0), "{imported:?}");
    let folder = path("terms");
    let settings = [("RULES__TERMS_FOLDER", folder.as_str())];
    story.node.restart_with(&settings).await;
    let clinician = story.clinician();
    let body = "Every night an evening ache of vesper.";
    clinician.starts_thread(CLINICIANS, "An ache", body).await;

    let bundle = export(story, "inspector", json!({})).await;
    let names = bundle.names();
    let described: Vec<_> = names
        .iter()
        .filter(|name| name.ends_with("MedDRA.terms.toml"))
        .collect();
    assert_eq!(described.len(), 1, "{names:?}");
    assert!(bundle.file(described[0]).contains("version = \"99.0\""));
    let screenings = bundle.file("screenings.jsonl");
    assert!(screenings.contains("90000011"), "{screenings}");
    for name in &names {
        assert!(!bundle.file(name).contains("Dawn colic"), "{name}");
    }
    let verified = verify(&bundle.path, &[]).await;
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

stories![
    a_bundle_verifies_without_the_server,
    a_terminology_is_named_in_the_bundle_and_its_names_stay_with_their_owner,
    one_flipped_byte_anywhere_makes_it_fail,
    a_later_bundle_continues_an_earlier_checkpoint,
    only_inspectors_export_and_only_what_they_inspect,
    an_export_is_recorded_in_itself,
    the_operator_exports_everything_from_the_command_line,
];
