//! The company is founded once for each build of the server; every story begins with a copy of it.
//!
//! Nothing is inserted sideways: the template is made by a real server through its real doors.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::people::{Identity, Person};
use crate::store::{Engine, Store, on_postgres_server, postgres_has, postgres_server};
use crate::{Caller, Node, node};

/// The password of everybody.
pub const PASSWORD: &str = "seven orchids on a quiet tram";

/// Community, in addresses; printed name; who reads there.
pub const COMMUNITIES: [(&str, &str, &str); 3] = [
    ("clinicians", "Clinicians", "professionals"),
    ("patients", "Patients", "patients"),
    ("partners", "Partners", "partners"),
];

/// Key, printed name, as whom they speak, community, and the roles there.
type Invited = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

/// Everybody but the first administrator.
const PEOPLE: [Invited; 15] = [
    (
        "clinician",
        "Dr Amara Osei",
        "professional",
        "clinicians",
        &["member"],
    ),
    (
        "colleague",
        "Dr Jonas Brandt",
        "professional",
        "clinicians",
        &["member"],
    ),
    (
        "moderator",
        "Petra Lindqvist",
        "company",
        "clinicians",
        &["moderator"],
    ),
    (
        "deputy",
        "Rui Teixeira",
        "company",
        "clinicians",
        &["moderator"],
    ),
    ("lead", "Mirja Aalto", "company", "clinicians", &["lead"]),
    (
        "safety_officer",
        "Hana Sato",
        "company",
        "clinicians",
        &["safety_officer"],
    ),
    (
        "medical_reviewer",
        "Dr Leila Haddad",
        "company",
        "clinicians",
        &["medical_reviewer"],
    ),
    (
        "mlr_approver",
        "Dr Olu Adeyemi",
        "company",
        "clinicians",
        &["mlr_approver"],
    ),
    (
        "inspector",
        "Marten de Wit",
        "agent",
        "clinicians",
        &["inspector"],
    ),
    (
        "steward",
        "Ines Carvalho",
        "company",
        "clinicians",
        &["administrator"],
    ),
    ("patient", "Ewa Nowak", "patient", "patients", &["member"]),
    ("carer", "Tom Ashby", "patient", "patients", &["member"]),
    ("partner", "Yusuf Demir", "partner", "partners", &["member"]),
    (
        "neighbour",
        "Greta Holm",
        "company",
        "patients",
        &[
            "moderator",
            "lead",
            "safety_officer",
            "medical_reviewer",
            "mlr_approver",
            "inspector",
            "administrator",
        ],
    ),
    (
        "former",
        "Paul Renaud",
        "professional",
        "partners",
        &["member"],
    ),
];

/// What was founded.
#[derive(Clone, Serialize, Deserialize)]
pub struct Cast {
    /// Everybody, by key.
    pub people: BTreeMap<String, Identity>,
    /// The identifiers of the communities, by their names in addresses.
    pub communities: BTreeMap<String, String>,
    /// The identifiers of the products, by their names.
    pub products: BTreeMap<String, String>,
}

/// A copy of the company's store, and who is in it.
pub async fn copy(engine: Engine) -> (Store, Cast) {
    let folder = folder(engine);
    std::fs::create_dir_all(&folder).expect("the folder of templates");
    let lock = File::create(folder.join("lock")).expect("the lock's file");
    // Tests run in several threads or processes: one founds, the others wait and copy.
    lock.lock().expect("the lock");
    let mark = std::fs::read_to_string(folder.join("made-for"));
    let there = engine == Engine::Sqlite || postgres_has(DATABASE).await;
    if !there || mark.ok().as_deref() != Some(&made_for(engine)) {
        found(engine, &folder).await;
    }
    let store = Store::copied(engine, &folder.join("files"), DATABASE).await;
    let cast = std::fs::read_to_string(folder.join("cast.json")).expect("the cast");
    (store, serde_json::from_str(&cast).expect("the cast"))
}

fn folder(engine: Engine) -> PathBuf {
    node::target()
        .join("test-templates")
        .join(format!("{engine:?}").to_lowercase())
}

/// The database that is copied on PostgreSQL.
const DATABASE: &str = "hortus_template";

/// What a template depends on: the binary, and where PostgreSQL is.
fn made_for(engine: Engine) -> String {
    let binary = node::binary();
    let meta = std::fs::metadata(&binary).expect("the binary");
    let changed = meta
        .modified()
        .ok()
        .and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let own = std::env::current_exe()
        .and_then(std::fs::metadata)
        .and_then(|meta| meta.modified());
    let server = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => postgres_server(),
    };
    format!(
        "{} {changed:?} {} {own:?} {server:?}",
        binary.display(),
        meta.len()
    )
}

async fn found(engine: Engine, folder: &Path) {
    let _ = std::fs::remove_file(folder.join("made-for"));
    let _ = std::fs::remove_dir_all(folder.join("files"));
    let store = Store::empty(engine).await;
    let mut node = Node::start(&store, &[]).await;
    let cast = found_company(&node).await;
    assert!(
        node.stop().await.success(),
        "the server did not stop cleanly"
    );
    let files = folder.join("files");
    std::fs::create_dir_all(&files).expect("a folder");
    for file in std::fs::read_dir(store.folder()).expect("the data folder") {
        let file = file.expect("a file");
        std::fs::copy(file.path(), files.join(file.file_name())).expect("a copy");
    }
    if let Some(made) = store.database() {
        on_postgres_server(&format!("DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")).await;
        on_postgres_server(&format!("CREATE DATABASE {DATABASE} TEMPLATE {made}")).await;
    }
    let json = serde_json::to_string_pretty(&cast).expect("JSON");
    std::fs::write(folder.join("cast.json"), json).expect("the cast");
    std::fs::write(folder.join("made-for"), made_for(engine)).expect("the mark");
}

async fn found_company(node: &Node) -> Cast {
    let mut cast = Cast {
        people: BTreeMap::new(),
        communities: BTreeMap::new(),
        products: BTreeMap::new(),
    };
    let first = Newcomer {
        token: node.administrator_link().await,
        name: "Iris Falk",
        email: Some("iris.falk@garden.example"),
        roles: Vec::new(),
    };
    let mut founder = accepts(&node.visitor(), first).await;
    for (slug, name, audience) in COMMUNITIES {
        let body = json!({ "slug": slug, "name": name, "audience": audience });
        let made = founder.post("/api/communities", &body).await.is(201);
        let id = made["community"]["id"].as_str().expect("an identifier");
        cast.communities.insert(slug.to_owned(), id.to_owned());
        founder
            .who
            .roles
            .push((slug.to_owned(), vec!["administrator".to_owned()]));
        for (product, body) in products(slug) {
            let path = format!("/api/communities/{slug}/products/{product}");
            founder.put(&path, &body).await.is(200);
            let name = body["name"].as_str().expect("a name");
            cast.products
                .insert(format!("{slug}/{name}"), product.to_owned());
        }
    }
    for (key, name, speaker, slug, roles) in PEOPLE {
        let email = format!("{key}@garden.example");
        let body = json!({ "email": email, "name": name, "speaker": speaker, "roles": roles });
        let path = format!("/api/communities/{slug}/invitations");
        let invited = founder.post(&path, &body).await.is(201);
        let link = invited["link"].as_str().expect("a link");
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        let newcomer = Newcomer {
            token: link.rsplit('/').next().expect("a token").to_owned(),
            name,
            email: None,
            roles: vec![(slug.to_owned(), roles)],
        };
        let person = accepts(&node.visitor(), newcomer).await;
        cast.people.insert(key.to_owned(), person.who);
    }
    let former = cast.people.get_mut("former").expect("the former member");
    let seat = format!("/api/communities/partners/members/{}", former.account);
    founder.delete(&seat).await.is(204);
    former.roles.clear();
    cast.people.insert("founder".to_owned(), founder.who);
    cast
}

/// Whom a link invites.
pub struct Newcomer<'a> {
    /// From the link.
    pub token: String,
    /// The printed name to register.
    pub name: &'a str,
    /// Named by the first administrator alone.
    pub email: Option<&'a str>,
    /// What the invitation gives.
    pub roles: Vec<(String, Vec<String>)>,
}

/// Accepts an invitation.
pub async fn accepts(visitor: &Caller, newcomer: Newcomer<'_>) -> Person {
    let path = format!("/api/invitations/{}/accept", newcomer.token);
    let body = json!({ "name": newcomer.name, "password": PASSWORD, "email": newcomer.email });
    let answer = visitor.post(&path, &body).await;
    let me = answer.is(200);
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    let who = Identity {
        account: text(&me["account"]["id"]),
        name: text(&me["account"]["name"]),
        email: text(&me["account"]["email"]),
        password: PASSWORD.to_owned(),
        session: answer.session().expect("a session cookie"),
        roles: newcomer.roles,
    };
    Person::at(&who, visitor.url())
}

/// The products of a community: an approved one with a boxed warning, a device, and one under investigation.
fn products(slug: &str) -> Vec<(&'static str, serde_json::Value)> {
    let all = vec![
        (
            "01930000-0000-7000-8000-000000000001",
            json!({
                "name": "Velmora", "established_name": "velmorapine", "status": "approved_boxed_warning",
                "indication": "focal-onset seizures in adults",
                "boxed_warning": "WARNING: SERIOUS DERMATOLOGIC REACTIONS",
            }),
        ),
        (
            "01930000-0000-7000-8000-000000000002",
            json!({
                "name": "Cardisense", "status": "approved_device", "indication": "heart-rhythm monitoring",
            }),
        ),
        (
            "01930000-0000-7000-8000-000000000003",
            json!({
                "name": "HX-204", "status": "investigational", "indication": "none",
            }),
        ),
    ];
    match slug {
        "clinicians" => all,
        "patients" => vec![("01930000-0000-7000-8000-000000000004", all[0].1.clone())],
        _ => Vec::new(),
    }
}
