//! The shape of the code: what may import what, who may write, where engines differ.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// A source file of the server: its slice, its path below `backend/src`, and its code without comments and tests.
struct Source {
    slice: String,
    path: String,
    code: String,
}

impl Source {
    fn is_routes(&self) -> bool {
        self.path.ends_with("routes.rs")
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in
        std::fs::read_dir(folder).unwrap_or_else(|cause| panic!("{}: {cause}", folder.display()))
    {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn code_of(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let before_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = before_tests
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

fn server() -> Vec<Source> {
    let src = root().join("backend/src");
    let mut found = Vec::new();
    files(&src, &mut found);
    let source = |path: PathBuf| {
        let below = path
            .strip_prefix(&src)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let parts: Vec<&str> = below.split('/').collect();
        // Unit tests reach for what they need.
        if parts
            .iter()
            .any(|part| *part == "tests" || *part == "tests.rs")
        {
            return None;
        }
        Some(Source {
            slice: parts[0].trim_end_matches(".rs").to_owned(),
            code: code_of(&path),
            path: below,
        })
    };
    let all: Vec<Source> = found.into_iter().filter_map(source).collect();
    assert!(all.len() > 50, "the sources are not where this test looks");
    all
}

/// The table in docs/ARCHITECTURE.md: slice, and what it may import. Those with everything are left out.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let words = |cell: &str| -> BTreeSet<String> {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    let mut table = BTreeMap::new();
    let rows = text
        .split("| slice | may import |")
        .nth(1)
        .expect("the table")
        .lines();
    for row in rows.skip(2).take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        if cells[1].contains("everything") {
            continue;
        }
        for slice in words(cells[0]) {
            table.insert(slice, words(cells[1]));
        }
    }
    assert!(table.len() >= 14, "{table:?}");
    table
}

/// The modules of the crate that a source names after `crate::`.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        let word = |text: &str| -> String {
            text.chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect()
        };
        if let Some(group) = after.strip_prefix('{') {
            let mut depth = 0;
            let mut begin = true;
            for (at, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => begin = true,
                    c if begin && !c.is_whitespace() => {
                        found.insert(word(&group[at..]));
                        begin = false;
                    }
                    _ => {}
                }
            }
        } else {
            found.insert(word(after));
        }
    }
    found.remove("");
    found
}

#[test]
fn every_slice_imports_only_what_the_table_allows() {
    let table = table();
    let sources = server();
    let modules: BTreeSet<&str> = sources.iter().map(|source| source.slice.as_str()).collect();
    let free = ["http", "app", "cli", "demo", "main", "lib"];
    let mut wrong = Vec::new();
    for source in &sources {
        if free.contains(&source.slice.as_str()) || source.is_routes() {
            continue;
        }
        let Some(allowed) = table.get(&source.slice) else {
            wrong.push(format!("{} belongs to no slice of the table", source.path));
            continue;
        };
        for import in imports(&source.code) {
            let known = modules.contains(import.as_str());
            if known && import != source.slice && !allowed.contains(&import) {
                wrong.push(format!("{} imports {import}", source.path));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "see the table in docs/ARCHITECTURE.md:\n{}",
        wrong.join("\n")
    );
}

/// Arrows go down only: no slice reaches itself through what it may import.
#[test]
fn the_table_has_no_circle() {
    let table = table();
    fn reaches(
        table: &BTreeMap<String, BTreeSet<String>>,
        from: &str,
        to: &str,
        depth: usize,
    ) -> bool {
        assert!(depth < 30, "{from} is on a circle");
        table.get(from).is_some_and(|next| {
            next.iter()
                .any(|one| one == to || reaches(table, one, to, depth + 1))
        })
    }
    for slice in table.keys() {
        assert!(!reaches(&table, slice, slice, 0), "{slice} reaches itself");
    }
}

#[test]
fn only_routes_know_the_app_http_and_problems() {
    let free = ["http", "app", "cli", "demo", "main", "lib", "problem"];
    let mut wrong = Vec::new();
    for source in server() {
        if free.contains(&source.slice.as_str()) || source.is_routes() {
            continue;
        }
        let forbidden: Vec<_> = imports(&source.code)
            .into_iter()
            .filter(|import| ["app", "http", "problem"].contains(&import.as_str()))
            .collect();
        if !forbidden.is_empty() {
            wrong.push(format!("{} imports {forbidden:?}", source.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `Db::upkeep` is the one way to write without an audit record: for leases running on, jobs, the sealer, sign-in
/// counters, the last use of a session, what became of a delivery, that a notice was read, and how far re-screening came.
#[test]
fn only_upkeep_writes_without_a_record() {
    let allowed = [
        "audit/sealer.rs",
        "identity/sessions.rs",
        "intake/rescreening/run.rs",
        "jobs/run.rs",
        "notices/deliver.rs",
        "notices/list.rs",
        "review/claim.rs",
    ];
    let callers: BTreeSet<String> = server()
        .into_iter()
        .filter(|source| source.code.contains(".upkeep()"))
        .map(|source| source.path)
        .collect();
    let unknown: Vec<_> = callers
        .iter()
        .filter(|path| !allowed.contains(&path.as_str()))
        .collect();
    assert!(
        unknown.is_empty(),
        "{unknown:?} may not write without a record"
    );
    for source in server() {
        let begins =
            source.code.contains(".begin_with_options(") || source.code.contains("db.begin()");
        let may = ["audit", "db"].contains(&source.slice.as_str());
        assert!(
            !begins || may,
            "{} begins a transaction of its own",
            source.path
        );
    }
}

/// INVARIANT: nothing but the gate inserts a revision, and nothing but a decision publishes one.
#[test]
fn only_the_gate_stores_texts_and_only_a_decision_publishes() {
    for (call, allowed) in [
        ("posts::store::add(", &["intake/group_commit.rs"][..]),
        ("posts::store::keep(", &["intake/to_staff.rs"]),
        ("posts::store::keep_derived(", &["intake/derive.rs"]),
        // The words of a sealed text: behind a recorded reading.
        ("sealed_text(", &["posts/derived.rs", "review/sealed.rs"]),
        (".revisions_of(", &[]),
        ("posts::revisions_of(", &["export/content.rs"]),
        ("publish::publish(", &["review/settle.rs"]),
    ] {
        let mut callers: Vec<String> = server()
            .into_iter()
            .filter(|source| source.code.contains(call))
            .map(|source| source.path)
            .collect();
        callers.sort();
        assert_eq!(callers, allowed, "{call}");
    }
    let inserts: Vec<String> = server()
        .into_iter()
        .filter(|source| source.code.contains("revision::") && source.code.contains("insert"))
        .map(|source| source.path)
        .collect();
    assert!(
        inserts.iter().all(|path| path == "posts/store.rs"),
        "{inserts:?}"
    );
}

#[test]
fn engines_differ_in_one_folder() {
    let words = [
        "DbBackend",
        "SqliteTransactionMode",
        "pg_advisory",
        "PRAGMA",
        "get_database_backend",
        "PgConnection",
    ];
    let mut wrong = Vec::new();
    for source in server().into_iter().filter(|source| source.slice != "db") {
        for word in words.iter().filter(|word| source.code.contains(**word)) {
            wrong.push(format!("{} says {word}", source.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_and_migrations_import_nothing_of_ours() {
    for folder in ["moderation-rules", "migrations"] {
        let manifest = std::fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        let dependencies = manifest.split("dependencies]").skip(1).collect::<String>();
        let mut found = Vec::new();
        files(&root().join(folder).join("src"), &mut found);
        for ours in ["hortus", "moderation-rules", "hortus-migrations"] {
            assert!(
                !dependencies.lines().any(|line| line.starts_with(ours)),
                "{folder} depends on {ours}"
            );
        }
        for path in found {
            let code = code_of(&path);
            assert!(
                !code.contains("hortus::") && !code.contains("use hortus"),
                "{}",
                path.display()
            );
        }
    }
    // The rules are pure: no clock, no files, no network, no threads.
    let mut found = Vec::new();
    files(&root().join("moderation-rules/src"), &mut found);
    for path in found {
        let code = code_of(&path);
        for word in [
            "std::fs",
            "std::net",
            "std::time",
            "std::thread",
            "std::env",
            "tokio",
        ] {
            assert!(!code.contains(word), "{} uses {word}", path.display());
        }
    }
}

/// R-ER-24: the offline verifier shares no code with the server that writes bundles.
#[test]
fn the_verifier_shares_no_code_with_the_writer() {
    let mut looked = 0;
    for source in server()
        .into_iter()
        .filter(|source| source.slice == "verify")
    {
        looked += 1;
        let foreign: Vec<_> = imports(&source.code)
            .into_iter()
            .filter(|import| import != "verify")
            .collect();
        assert!(foreign.is_empty(), "{} imports {foreign:?}", source.path);
    }
    assert!(looked > 3);
}

#[test]
fn every_module_says_what_it_is() {
    let mut found = Vec::new();
    for folder in [
        "backend/src",
        "migrations/src",
        "moderation-rules/src",
        "tests/src",
        "tests/it",
    ] {
        files(&root().join(folder), &mut found);
    }
    let silent: Vec<_> = found
        .iter()
        .filter(|path| !std::fs::read_to_string(path).unwrap().starts_with("//!"))
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
}
