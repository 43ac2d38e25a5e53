//! The description of the API is the API: complete, current, and in one style.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use hortus_tests::openapi::operations;
use hortus_tests::{Engine, Node, Store, Story, node, stories};
use reqwest::Method;
use serde_json::{Value, json};

fn backend() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .join("backend")
}

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path
                .strip_prefix(backend().join("src"))
                .unwrap()
                .display()
                .to_string();
            found.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// What stands between the first `(` after each of these words and its `)`.
fn arguments<'a>(text: &'a str, call: &str) -> Vec<&'a str> {
    let inside = |after: &'a str| {
        let mut depth = 1;
        let end = after.char_indices().find(|(_, c)| {
            depth += match c {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth == 0
        });
        &after[..end.map_or(after.len(), |(at, _)| at)]
    };
    text.split(call).skip(1).map(inside).collect()
}

fn quoted(text: &str, name: &str) -> String {
    let after = text
        .split(&format!("{name} = \""))
        .nth(1)
        .unwrap_or_else(|| panic!("no {name} in {text}"));
    after.split('"').next().unwrap().to_owned()
}

/// A mounted route that is missing from the document fails here: nothing else mounts routes.
async fn every_mounted_route_is_described_and_every_described_route_is_mounted(story: &mut Story) {
    let described: BTreeSet<String> = operations(&story.visitor())
        .await
        .into_iter()
        .map(|one| one.id)
        .collect();
    let mut found = Vec::new();
    sources(&backend().join("src"), &mut found);
    let mut mounted = BTreeSet::new();
    let mut handlers = BTreeSet::new();
    found.retain(|(name, _)| !name.contains("tests"));
    for (name, text) in &found {
        for list in arguments(text, "routes!(") {
            for handler in list
                .split(',')
                .map(str::trim)
                .filter(|handler| !handler.is_empty())
            {
                mounted.insert((
                    name.clone(),
                    handler.rsplit("::").next().unwrap().to_owned(),
                ));
            }
        }
        for (attribute, after) in text.match_indices("#[utoipa::path(").map(|(at, _)| {
            let rest = &text[at..];
            (arguments(rest, "#[utoipa::path(")[0], rest)
        }) {
            let function = after.split("fn ").nth(1).unwrap();
            let function: String = function
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            handlers.insert((name.clone(), function, quoted(attribute, "operation_id")));
        }
        // Nobody goes round `routes!`: the page of the app, and the measurements at an address of their own.
        let round: usize = [
            ".route(",
            ".route_service(",
            ".nest(",
            ".nest_service(",
            ".fallback_service(",
        ]
        .iter()
        .map(|call| text.matches(call).count())
        .sum();
        let allowed = usize::from(name == "http/metrics.rs");
        assert!(
            round <= allowed,
            "{name} mounts a route past the description"
        );
        let fallbacks = text.matches(".fallback(").count();
        assert!(
            fallbacks == 0 || name == "http/mod.rs",
            "{name} answers what no route answers"
        );
    }
    let mounted_ids: BTreeSet<String> = handlers
        .iter()
        .filter(|(name, function, _)| mounted.contains(&(name.clone(), function.clone())))
        .map(|(_, _, id)| id.clone())
        .collect();
    assert_eq!(
        mounted.len(),
        mounted_ids.len(),
        "every mounted handler has its description"
    );
    assert_eq!(
        handlers.len(),
        mounted_ids.len(),
        "every described handler is mounted"
    );
    assert_eq!(mounted_ids, described);
}

async fn every_described_address_answers_as_an_interface_and_never_as_a_page(story: &mut Story) {
    let visitor = story.visitor();
    for operation in operations(&visitor).await {
        let path = operation.at(&[
            ("slug", "x"),
            ("id", "x"),
            ("account_id", "x"),
            ("token", "x"),
        ]);
        let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
        let answer = visitor.send(visitor.request(method, &path)).await;
        assert_ne!(answer.status, 405, "{answer}");
        assert!(
            !answer.header("content-type").starts_with("text/html"),
            "{answer}"
        );
        if answer.status >= 400 {
            assert_eq!(
                answer.header("content-type"),
                "application/problem+json",
                "{answer}"
            );
            assert!(answer.json()["request_id"].is_string(), "{answer}");
            assert_eq!(answer.json()["request_id"], *answer.header("x-request-id"));
        }
    }
    visitor.get("/api/nonsense").await.refused(404, "not_found");
    visitor.get("/api").await.refused(404, "not_found");
    visitor
        .delete("/api/about")
        .await
        .refused(405, "wrong_method");
    visitor
        .post("/somewhere", &json!({}))
        .await
        .refused(405, "wrong_method");
}

async fn operations_are_named_in_one_style(story: &mut Story) {
    let document = story.visitor().get("/api/openapi.json").await.is(200);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut ids = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        assert!(
            path.chars()
                .all(|c| c.is_ascii_lowercase() || "/{}_.".contains(c)),
            "{path}"
        );
        for operation in methods.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} twice");
            assert!(
                id.chars().all(|c| c.is_ascii_lowercase() || c == '_'),
                "{id}"
            );
            assert!(operation["tags"][0].is_string(), "{id} has no tag");
            assert!(operation["summary"].is_string(), "{id} has no summary");
        }
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        for field in schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(field, _)| field)
        {
            assert!(
                field
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'),
                "{name}.{field}"
            );
        }
    }
}

async fn every_answer_carries_the_headers_that_bind_the_browser(story: &mut Story) {
    for path in ["/", "/api/about", "/api/session", "/nowhere"] {
        let answer = story.visitor().get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "connect-src 'self'",
        ] {
            assert!(policy.contains(part), "{part} in {policy}");
        }
        for open in ["unsafe-inline", "unsafe-eval", "http:", "https:", "*"] {
            assert!(!policy.contains(open), "{open} in {policy}");
        }
    }
}

stories![
    every_mounted_route_is_described_and_every_described_route_is_mounted,
    every_described_address_answers_as_an_interface_and_never_as_a_page,
    operations_are_named_in_one_style,
    every_answer_carries_the_headers_that_bind_the_browser,
];

#[tokio::test]
async fn the_committed_description_is_current() {
    let printed = node::run(&["openapi"]).await;
    assert_eq!(printed.code, Some(0), "{printed:?}");
    let committed = std::fs::read_to_string(backend().join("openapi.json")).unwrap();
    assert_eq!(printed.out, committed, "run ./x gen");
    let store = Store::empty(Engine::Sqlite).await;
    let node = Node::start(&store, &[]).await;
    let served = node.visitor().get("/api/openapi.json").await.is(200);
    let committed: Value = serde_json::from_str(&committed).unwrap();
    assert_eq!(served, committed);
}
