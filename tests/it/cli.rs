//! The commands of the one binary.

use hortus_tests::node::{run, run_with};
use hortus_tests::story::ADVERSE_EVENT;
use hortus_tests::{Engine, Node, Store, Story, stories};
use serde_json::Value;

#[tokio::test]
async fn every_command_explains_itself() {
    let help = run(&["--help"]).await;
    assert_eq!(help.code, Some(0));
    for command in [
        "demo", "serve", "migrate", "rules", "audit", "export", "admin", "openapi",
    ] {
        assert!(
            help.out.contains(&format!("\n  {command} ")),
            "{command} in {}",
            help.out
        );
        let own = run(&[command, "--help"]).await;
        assert_eq!(own.code, Some(0), "{own:?}");
        assert!(own.out.contains("Usage: hortus"), "{}", own.out);
    }
    let unknown = run(&["water"]).await;
    assert_eq!(unknown.code, Some(2), "{unknown:?}");
}

#[tokio::test]
async fn settings_in_force_are_printed_with_secrets_hidden() {
    let words = [
        "serve",
        "--print-settings",
        "--database",
        "postgres://garden:very-secret@db.example/hortus",
    ];
    let printed = run_with(
        &words,
        &[
            ("HORTUS_COMPANY__NAME", "Lindgren Biotech"),
            ("HORTUS_SERVER__LISTEN", "127.0.0.1:9000"),
        ],
    )
    .await;
    assert_eq!(printed.code, Some(0), "{printed:?}");
    assert!(!printed.out.contains("very-secret"), "{}", printed.out);
    assert!(
        printed.out.contains("Lindgren Biotech") && printed.out.contains("127.0.0.1:9000"),
        "{}",
        printed.out
    );
    let flag = run_with(
        &["serve", "--print-settings", "--listen", "127.0.0.1:9001"],
        &[("HORTUS_SERVER__LISTEN", "127.0.0.1:9000")],
    )
    .await;
    assert!(
        flag.out.contains("127.0.0.1:9001"),
        "flags come before the environment: {}",
        flag.out
    );
}

#[tokio::test]
async fn nonsense_is_refused_with_the_name_of_the_setting_and_the_reason() {
    for (name, value, setting) in [
        ("HORTUS_SERVER__LISTEN", "everywhere", "server.listen"),
        ("HORTUS_REVIEW__LEASE_SECONDS", "1", "review.lease_seconds"),
        ("HORTUS_LOG__FORMAT", "xml", "log.format"),
        ("HORTUS_SESSIONS__LIFETIME_HOURS", "many", "lifetime_hours"),
        ("HORTUS_SESSIONS__LIFETME_HOURS", "2", "lifetme_hours"),
        ("HORTUS_DATABASE__URL", "mysql://x", "database.url"),
    ] {
        let refused = run_with(&["serve"], &[(name, value)]).await;
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(
            refused.err.to_lowercase().contains(setting),
            "{setting} in {}",
            refused.err
        );
    }
    let missing = run(&["serve", "--config", "/nowhere/hortus.toml"]).await;
    assert_eq!(missing.code, Some(1), "{missing:?}");
}

#[tokio::test]
async fn a_demonstration_is_shown_on_this_machine_alone() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
        let folder = tempfile::tempdir().unwrap();
        let refused = run(&[
            "demo",
            "--listen",
            address,
            "--data",
            folder.path().to_str().unwrap(),
        ])
        .await;
        assert_ne!(refused.code, Some(0), "{address}: {refused:?}");
        assert!(
            refused.err.to_lowercase().contains("loopback") || refused.err.contains("127.0.0.1"),
            "{}",
            refused.err
        );
    }
}

#[tokio::test]
async fn the_schema_is_brought_up_to_date_once() {
    let store = Store::empty(Engine::Sqlite).await;
    let flags = store.flags();
    let mut words = vec!["migrate"];
    words.extend(flags.iter().map(String::as_str));
    let first = run(&words).await;
    assert_eq!(first.code, Some(0), "{first:?}");
    assert!(first.out.lines().count() > 1, "{}", first.out);
    let second = run(&words).await;
    assert!(second.out.starts_with("0 migrations"), "{}", second.out);
}

#[tokio::test]
async fn rule_packs_are_listed_checked_and_tried() {
    let list = run(&["rules", "list"]).await;
    assert_eq!(list.code, Some(0), "{list:?}");
    for family in [
        "fair_balance",
        "adverse_event",
        "off_label",
        "privacy",
        "conduct",
    ] {
        assert!(list.out.contains(family), "{family}");
    }
    let said = run(&[
        "rules",
        "screen",
        "--text",
        ADVERSE_EVENT,
        "--product",
        "Velmora",
    ])
    .await;
    let said: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(said["verdict"], "escalate");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("broken.toml"), "id = \"x\"\n[[rule]\n").unwrap();
    let checked = run(&["rules", "check", folder.path().to_str().unwrap()]).await;
    assert_eq!(checked.code, Some(1), "{checked:?}");
    assert!(checked.err.contains("broken.toml"), "{}", checked.err);
}

#[tokio::test]
async fn a_port_that_is_taken_is_said_to_be_taken() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let store = Store::empty(Engine::Sqlite).await;
    let flags = store.flags();
    let address = taken.local_addr().unwrap().to_string();
    let mut words = vec!["serve", "--listen", &address];
    words.extend(flags.iter().map(String::as_str));
    let refused = run(&words).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("--listen"), "{}", refused.err);
}

async fn the_running_log_is_verified_from_the_command_line(story: &mut Story) {
    story.a_released_thread().await;
    let flags = story.store.flags();
    let mut words = vec!["audit", "verify"];
    words.extend(flags.iter().map(String::as_str));
    let good = run(&words).await;
    assert_eq!(good.code, Some(0), "{good:?}");
    assert!(
        good.out
            .trim_end()
            .lines()
            .last()
            .unwrap()
            .starts_with("GOOD"),
        "{}",
        good.out
    );
}

async fn an_administrator_is_invited_and_an_account_unlocked_from_the_machine(story: &mut Story) {
    let flags = story.store.flags();
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let unknown = run(&[&["admin", "unlock", "nobody@garden.example"], &flags[..]].concat()).await;
    assert_ne!(unknown.code, Some(0), "{unknown:?}");
    let colleague = story.colleague();
    let wrong = serde_json::json!({ "email": colleague.who.email, "password": "a wrong password" });
    for _ in 0..6 {
        story.visitor().post("/api/session", &wrong).await;
    }
    let unlocked = run(&[
        &["admin", "unlock", colleague.who.email.as_str()],
        &flags[..],
    ]
    .concat())
    .await;
    assert_eq!(unlocked.code, Some(0), "{unlocked:?}");
    colleague.signs_in().await;

    let invited = run(&[
        &["admin", "invite-administrator", "second@garden.example"],
        &flags[..],
    ]
    .concat())
    .await;
    let token: String = invited
        .out
        .split("/join/")
        .nth(1)
        .unwrap()
        .chars()
        .take_while(|c| !c.is_whitespace())
        .collect();
    let accept = format!("/api/invitations/{token}/accept");
    let body =
        serde_json::json!({ "name": "Second Founder", "password": "nine herons under the bridge" });
    assert_eq!(
        story.visitor().post(&accept, &body).await.is(200)["administrator"],
        true
    );
    story
        .visitor()
        .post(&accept, &body)
        .await
        .refused(404, "invitation_unknown");
}

stories![
    the_running_log_is_verified_from_the_command_line,
    an_administrator_is_invited_and_an_account_unlocked_from_the_machine,
];

/// An attacker with the database's own powers changes one record: the log says which.
#[tokio::test]
async fn a_record_that_was_changed_behind_the_servers_back_is_found() {
    let store = Store::empty(Engine::Sqlite).await;
    let mut node = Node::start(&store, &[]).await;
    hortus_tests::world::work_is_done(&store.open().await).await;
    assert!(node.stop().await.success());
    let rows = store.open().await;
    rows.run("DROP TRIGGER audit_record_no_update")
        .await
        .unwrap();
    rows.run("UPDATE audit_record SET body = REPLACE(body, 'server', 'nobody')")
        .await
        .unwrap();
    rows.close().await;
    let flags = store.flags();
    let mut words = vec!["audit", "verify"];
    words.extend(flags.iter().map(String::as_str));
    let bad = run(&words).await;
    assert_eq!(bad.code, Some(1), "{bad:?}");
    let last = bad.out.trim_end().lines().last().unwrap().to_owned();
    assert!(last.starts_with("FAULT") && last.contains('0'), "{last}");
}
