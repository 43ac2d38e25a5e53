//! The log from the first record to the last checkpoint, on a real database, and what tampering with it comes to.

use sea_orm::{ConnectionTrait as _, EntityTrait as _, PaginatorTrait as _};
use serde_json::json;
use tempfile::TempDir;

use super::checkpoint::LogKey;
use super::entity::{audit_checkpoint, audit_unsealed};
use super::{Actor, Audit, Event, KeyFileError, Sealer, open_key, verify_log};
use crate::clock::Clock;
use crate::db::Db;

struct Log {
    audit: Audit,
    sealer: Sealer,
    folder: TempDir,
}

impl Log {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let db = Db::connect(&Db::url_in(folder.path())).await.unwrap();
        db.migrate().await.unwrap();
        let audit = Audit::new(db, Clock::system());
        let key = open_key(
            &audit,
            &folder.path().join("audit.key"),
            "garden.example/audit",
            "",
        )
        .await
        .unwrap();
        Self {
            sealer: Sealer::new(audit.clone(), key),
            audit,
            folder,
        }
    }

    async fn record(&self, count: usize) {
        for number in 0..count {
            let event = Event::new(&Actor::server(), "test.happened", "thing", number)
                .change(json!({ "n": number }));
            self.audit.record(event).await.unwrap();
        }
    }

    /// Does what only one who may change the schema can do.
    async fn tamper(&self, statement: &str) {
        let tx = self.audit.db().upkeep().await.unwrap();
        for table in [
            "audit_record",
            "audit_leaf",
            "audit_node",
            "audit_checkpoint",
            "audit_key",
        ] {
            for verb in ["update", "delete"] {
                tx.execute_unprepared(&format!("DROP TRIGGER IF EXISTS {table}_no_{verb}"))
                    .await
                    .unwrap();
            }
        }
        let done = tx.execute_unprepared(statement).await.unwrap();
        assert!(done.rows_affected() > 0, "the attack did nothing");
        tx.commit().await.unwrap();
    }

    async fn fault(&self) -> String {
        verify_log(self.audit.db(), &self.sealer.key().public())
            .await
            .unwrap()
            .fault
            .unwrap_or_default()
    }
}

#[tokio::test]
async fn what_was_committed_before_is_sealed_when_sealing_returns() {
    let log = Log::new().await;
    log.record(5).await;
    log.sealer.seal_now().await.unwrap();
    assert_eq!(
        audit_unsealed::Entity::find()
            .count(log.audit.db().read())
            .await
            .unwrap(),
        0
    );
    log.record(2).await;
    log.sealer.seal_now().await.unwrap();
    let found = verify_log(log.audit.db(), &log.sealer.key().public())
        .await
        .unwrap();
    // The first record tells of the key.
    assert_eq!(
        (found.records, found.checkpoint_size, found.fault),
        (8, 8, None)
    );
    assert_eq!(
        audit_checkpoint::Entity::find()
            .count(log.audit.db().read())
            .await
            .unwrap(),
        2
    );
}

#[tokio::test]
async fn sealing_nothing_signs_nothing() {
    let log = Log::new().await;
    log.sealer.seal_now().await.unwrap();
    log.sealer.seal_now().await.unwrap();
    assert_eq!(
        audit_checkpoint::Entity::find()
            .count(log.audit.db().read())
            .await
            .unwrap(),
        1
    );
}

#[tokio::test]
async fn records_that_wait_for_their_place_do_not_disturb_a_verification() {
    let log = Log::new().await;
    log.sealer.seal_now().await.unwrap();
    log.record(3).await;
    let found = verify_log(log.audit.db(), &log.sealer.key().public())
        .await
        .unwrap();
    assert_eq!((found.records, found.fault), (1, None));
}

#[tokio::test]
async fn sealers_at_the_same_time_give_each_record_one_place() {
    let log = Log::new().await;
    log.record(40).await;
    let sealers: Vec<_> = (0..4)
        .map(|_| {
            let sealer = log.sealer.clone();
            tokio::spawn(async move { sealer.seal_now().await })
        })
        .collect();
    for sealer in sealers {
        sealer.await.unwrap().unwrap();
    }
    assert_eq!(log.fault().await, "");
    let found = verify_log(log.audit.db(), &log.sealer.key().public())
        .await
        .unwrap();
    assert_eq!(found.records, 41);
}

#[tokio::test]
async fn the_database_refuses_to_change_what_was_recorded() {
    let log = Log::new().await;
    log.record(1).await;
    log.sealer.seal_now().await.unwrap();
    for statement in [
        "UPDATE audit_record SET body = '{}'",
        "DELETE FROM audit_record",
        "UPDATE audit_leaf SET leaf_hash = x'00'",
        "DELETE FROM audit_node",
        "DELETE FROM audit_checkpoint",
        "DELETE FROM audit_key",
    ] {
        let tx = log.audit.db().upkeep().await.unwrap();
        assert!(
            tx.execute_unprepared(statement).await.is_err(),
            "{statement}"
        );
    }
}

#[tokio::test]
async fn whatever_is_changed_past_the_database_is_found_and_its_place_is_named() {
    for (attack, expected) in [
        (
            "UPDATE audit_record SET body = replace(body, '\"n\":3', '\"n\":4')",
            "the record of leaf 4 is not the one that was sealed",
        ),
        (
            "UPDATE audit_record SET action = 'nothing' WHERE object_id = '2'",
            "leaf 3 do not say what was sealed",
        ),
        (
            "UPDATE audit_record SET at = at + 1 WHERE object_id = '2'",
            "leaf 3 do not say what was sealed",
        ),
        (
            "UPDATE audit_record SET actor_id = id WHERE object_id = '2'",
            "leaf 3 do not say what was sealed",
        ),
        (
            "UPDATE audit_record SET community_id = id WHERE object_id = '2'",
            "leaf 3 do not say what was sealed",
        ),
        (
            "DELETE FROM audit_record WHERE object_id = '2'",
            "of leaf 3 is missing",
        ),
        (
            "DELETE FROM audit_leaf WHERE leaf_index = 3",
            "the leaf 3 is missing",
        ),
        (
            "DELETE FROM audit_leaf WHERE leaf_index = 6",
            "the leaf 6 is missing",
        ),
        (
            "UPDATE audit_leaf SET leaf_hash = randomblob(32) WHERE leaf_index = 2",
            "the record of leaf 2 is not the one",
        ),
        (
            "DELETE FROM audit_checkpoint WHERE size = 7",
            "leaf 6 is covered by no checkpoint",
        ),
        (
            "UPDATE audit_node SET hash = randomblob(32)",
            "do not lead to the root of the last checkpoint",
        ),
        (
            "UPDATE audit_checkpoint SET root = randomblob(32) WHERE size = 7",
            "its columns are not what was signed",
        ),
        (
            "UPDATE audit_checkpoint SET note = replace(note, 'garden', 'gorden')",
            "is signed in the name of",
        ),
        (
            "INSERT INTO audit_record SELECT randomblob(16), at, community_id, actor_id, action, object_kind, object_id, body FROM audit_record LIMIT 1",
            "was put in past the log",
        ),
    ] {
        let log = Log::new().await;
        log.sealer.seal_now().await.unwrap();
        log.record(6).await;
        log.sealer.seal_now().await.unwrap();
        assert_eq!(log.fault().await, "");
        log.tamper(attack).await;
        let found = log.fault().await;
        assert!(found.contains(expected), "{attack}: {found:?}");
    }
}

#[tokio::test]
async fn a_log_that_was_hashed_anew_without_the_key_does_not_have_the_signed_root() {
    let log = Log::new().await;
    log.record(6).await;
    log.sealer.seal_now().await.unwrap();
    let forged: [u8; 32] = super::merkle::leaf_hash(b"{}");
    log.tamper("UPDATE audit_record SET body = '{}' WHERE object_id = '2'")
        .await;
    log.tamper(&format!(
        "UPDATE audit_leaf SET leaf_hash = x'{}' WHERE leaf_index = 3",
        hex::encode(forged)
    ))
    .await;
    assert!(log.fault().await.contains("cannot be read"));

    let another = LogKey::new("garden.example/audit", &[1; 32]).unwrap();
    let found = verify_log(log.audit.db(), &another.public()).await.unwrap();
    assert!(found.fault.is_some());
}

#[tokio::test]
async fn nothing_more_is_sealed_onto_a_tree_that_was_tampered_with() {
    let log = Log::new().await;
    log.record(6).await;
    log.sealer.seal_now().await.unwrap();
    log.tamper("UPDATE audit_node SET hash = randomblob(32)")
        .await;
    log.record(1).await;
    assert!(log.sealer.seal_now().await.is_err());
    assert_eq!(
        audit_unsealed::Entity::find()
            .count(log.audit.db().read())
            .await
            .unwrap(),
        1
    );
}

#[tokio::test]
async fn the_key_is_made_once_and_a_lost_or_exchanged_one_stops_the_start() {
    let log = Log::new().await;
    let file = log.folder.path().join("audit.key");
    let again = open_key(&log.audit, &file, "garden.example/audit", "")
        .await
        .unwrap();
    assert_eq!(again.public(), log.sealer.key().public());
    let renamed = open_key(&log.audit, &file, "elsewhere.example/audit", "").await;
    assert!(matches!(renamed, Err(KeyFileError::AnotherKey { .. })));
    std::fs::remove_file(&file).unwrap();
    let lost = open_key(&log.audit, &file, "garden.example/audit", "").await;
    assert!(matches!(lost, Err(KeyFileError::Missing(_))));
    std::fs::write(
        &file,
        LogKey::new("garden.example/audit", &[1; 32])
            .unwrap()
            .secret(),
    )
    .unwrap();
    let exchanged = open_key(&log.audit, &file, "garden.example/audit", "").await;
    assert!(matches!(exchanged, Err(KeyFileError::AnotherKey { .. })));
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_but_the_owner_can_read_the_key() {
    use std::os::unix::fs::PermissionsExt as _;
    let log = Log::new().await;
    let mode = std::fs::metadata(log.folder.path().join("audit.key"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}
