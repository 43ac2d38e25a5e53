//! Evidence that is rewritten past the triggers, by one who drops them and puts them back, is found.

use hortus_tests::node::{self, Ran};
use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS};
use hortus_tests::{Engine, Story, stories, world};

async fn verify(story: &Story) -> Ran {
    let flags = story.store.flags();
    let mut words = vec!["audit", "verify"];
    words.extend(flags.iter().map(String::as_str));
    node::run(&words).await
}

/// Runs a statement while the triggers of the table are off, as the owner of the database can.
async fn behind_the_triggers(story: &Story, table: &str, statement: &str) {
    let rows = story.rows().await;
    let done = match story.store.engine() {
        Engine::Postgres => {
            let triggers = async |how: &str| {
                let statement = format!("ALTER TABLE {table} {how} TRIGGER USER");
                rows.run(&statement).await.unwrap();
            };
            triggers("DISABLE").await;
            let done = rows.run(statement).await;
            triggers("ENABLE").await;
            done
        }
        Engine::Sqlite => {
            let query = format!(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'"
            );
            let triggers = rows.find(&query).await;
            for name in world::column(&triggers, "name") {
                rows.run(&format!("DROP TRIGGER {name}")).await.unwrap();
            }
            let done = rows.run(statement).await;
            for sql in world::column(&triggers, "sql") {
                rows.run(&sql).await.unwrap();
            }
            done
        }
    };
    let changed = done.unwrap_or_else(|cause| panic!("{statement}: {cause}"));
    assert!(changed > 0, "{statement} changed nothing");
    rows.close().await;
}

/// A rejected report of an adverse event, and a released thread; then the server stops.
async fn evidence(story: &mut Story) {
    story.a_released_thread().await;
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "A rash", ADVERSE_EVENT)
        .await;
    story
        .moderator()
        .rejects(&held, "off_topic", "This belongs elsewhere.")
        .await;
    assert!(story.node.stop().await.success());
    let ran = verify(story).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
}

/// R-ER-24: each column that is evidence, rewritten and put right again.
async fn rewritten_evidence_is_found_in_the_database(story: &mut Story) {
    evidence(story).await;
    let longer = |column: &str| {
        (
            format!("{column} = {column} || ' '"),
            format!("{column} = substr({column}, 1, length({column}) - 1)"),
        )
    };
    let later = |column: &str| {
        (
            format!("{column} = {column} + 1"),
            format!("{column} = {column} - 1"),
        )
    };
    let other = |column: &str| {
        let flip = format!("{column} = NOT {column}");
        (flip.clone(), flip)
    };
    let given = |column: &str| (format!("{column} = 'x'"), format!("{column} = NULL"));
    let disposition = "disposition = CASE disposition WHEN 'adverse_event' THEN 'not_adverse_event' ELSE 'adverse_event' END";
    let tampered = [
        ("safety_case", later("day_zero")),
        ("safety_case", other("valid_icsr")),
        ("safety_case", other("serious")),
        ("safety_case", longer("evidence")),
        (
            "safety_case",
            (disposition.to_owned(), disposition.to_owned()),
        ),
        ("safety_case", later("disposed_at")),
        ("safety_case", given("words")),
        ("screening", longer("context")),
        ("screening", longer("result")),
        ("screening", later("priority")),
        ("screening", later("screened_at")),
        ("screening", longer("verdict")),
        ("screening", given("technical_reason")),
        ("review_item", later("priority")),
        ("decision", longer("words")),
        ("decision", later("decided_at")),
        ("decision", longer("role")),
        ("publication", later("released_at")),
        ("publication", later("first_released_at")),
        ("revision", longer("body")),
    ];
    for (table, (change, undo)) in tampered {
        behind_the_triggers(story, table, &format!("UPDATE {table} SET {change}")).await;
        let ran = verify(story).await;
        assert_eq!(ran.code, Some(1), "{table}: {change}: {ran:?}");
        assert!(ran.out.contains("FAULT"), "{table}: {change}: {ran:?}");
        behind_the_triggers(story, table, &format!("UPDATE {table} SET {undo}")).await;
    }
    let ran = verify(story).await;
    assert_eq!(ran.code, Some(0), "all was put right: {ran:?}");
    behind_the_triggers(story, "safety_case", "DELETE FROM safety_case").await;
    let ran = verify(story).await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("safety case"), "{ran:?}");
    story.node.restart().await;
}

/// A trigger that is gone, or does nothing, is named.
async fn a_trigger_that_is_gone_or_does_nothing_is_named(story: &mut Story) {
    evidence(story).await;
    let rows = story.rows().await;
    let (cases, back) = match story.store.engine() {
        Engine::Sqlite => (
            vec![
                ("safety_case_no_delete", "DROP TRIGGER safety_case_no_delete".to_owned()),
                (
                    "decision_no_update",
                    "DROP TRIGGER decision_no_update; CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision BEGIN SELECT 1; END".to_owned(),
                ),
            ],
            rows.find("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").await,
        ),
        Engine::Postgres => (
            vec![
                ("safety_case_kept", "DROP TRIGGER safety_case_kept ON safety_case".to_owned()),
                ("decision_immutable", "ALTER TABLE decision DISABLE TRIGGER decision_immutable".to_owned()),
            ],
            rows.find("SELECT tgname AS name, pg_get_triggerdef(oid) AS sql FROM pg_trigger WHERE NOT tgisinternal").await,
        ),
    };
    for (name, statement) in cases {
        rows.run(&statement).await.unwrap();
        let ran = verify(story).await;
        assert_eq!(ran.code, Some(1), "{name}: {ran:?}");
        assert!(ran.out.contains(name), "{name}: {ran:?}");
        let whole = back.iter().find(|one| one["name"] == name).unwrap();
        let table = name.split("_no_").next().unwrap();
        let drop = match story.store.engine() {
            Engine::Sqlite => format!("DROP TRIGGER IF EXISTS {name}"),
            Engine::Postgres => {
                let table = table
                    .trim_end_matches("_kept")
                    .trim_end_matches("_immutable");
                format!("DROP TRIGGER IF EXISTS {name} ON {table}")
            }
        };
        rows.run(&drop).await.unwrap();
        rows.run(whole["sql"].as_str().unwrap()).await.unwrap();
    }
    rows.close().await;
    assert_eq!(verify(story).await.code, Some(0));
    story.node.restart().await;
}

stories![
    rewritten_evidence_is_found_in_the_database,
    a_trigger_that_is_gone_or_does_nothing_is_named,
];
