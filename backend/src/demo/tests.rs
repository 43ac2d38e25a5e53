//! The demonstration is made as `hortus demo` makes it, and looked at as a visitor does.

use serde_json::json;

use super::caller::Caller;
use super::*;

fn settings(folder: &Path) -> Settings {
    let folder = folder.display().to_string();
    Settings::read(None, &[("data.folder", folder)]).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_is_told_once_and_a_visitor_can_play_everybody_in_it() {
    let place = tempfile::tempdir().unwrap();
    let (app, work) = open(settings(place.path()), place.path()).await.unwrap();
    let mut visitor = Caller::new(http::router(app.clone()));
    let offered = visitor.get("/api/demo/personas").await.unwrap();
    let personas = offered["items"].as_array().unwrap();
    assert!(personas.len() >= 6, "{offered}");

    for persona in personas {
        let mut player = Caller::new(http::router(app.clone()));
        let words = json!({ "email": persona["email"], "password": persona["password"] });
        let me = player.post("/api/session", words).await.unwrap();
        assert_eq!(me["account"]["name"], persona["name"]);
        if persona["roles"]
            .as_array()
            .unwrap()
            .contains(&json!("moderator"))
        {
            let queue = player.get("/api/review/items").await.unwrap();
            let waiting = queue["counts"]["waiting"].as_u64().unwrap();
            assert!((20..=40).contains(&waiting), "{waiting} items wait");
            let seen = player.get("/api/communities").await.unwrap();
            let threads = seen["items"].as_array().unwrap().iter();
            let threads: u64 = threads.filter_map(|one| one["thread_count"].as_u64()).sum();
            assert!(threads >= 35, "{threads} threads");
        }
    }
    work.end().await;
    app.db.clone().close().await.unwrap();

    let (again, work) = open(settings(place.path()), place.path()).await.unwrap();
    let mut visitor = Caller::new(http::router(again));
    assert_eq!(
        visitor.get("/api/demo/personas").await.unwrap(),
        offered,
        "it is kept"
    );
    work.end().await;
}
