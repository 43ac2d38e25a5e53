//! Feeds a server that runs already, as members of it.

use anyhow::{Context as _, ensure};
use hortus_tests::Caller;
use serde_json::{Value, json};

use crate::feed::{self, Place};
use crate::tally::Queue;
use crate::texts::Text;

/// Who posts and who counts, as named on the command line.
pub struct Named<'a> {
    /// Who posts.
    pub members: &'a [String],
    /// Who counts.
    pub reviewer: Option<&'a str>,
    /// Where.
    pub community: Option<&'a str>,
}

/// Feeds it and prints what became of the texts.
pub async fn feed(
    url: &str,
    named: &Named<'_>,
    texts: &[Text],
    threads: bool,
    at_once: usize,
) -> anyhow::Result<()> {
    let visitor = Caller::new(url.trim_end_matches('/'), None);
    let mut members = Vec::new();
    for name in named.members {
        members.push(signed_in(&visitor, name).await?);
    }
    let first = members.first().context("nobody posts")?;
    let community = match named.community {
        Some(slug) => slug.to_owned(),
        None => {
            let me = first.get("/api/session").await.is(200);
            let slug = &me["memberships"][0]["community"]["slug"];
            slug.as_str()
                .context("the first member is in no community")?
                .to_owned()
        }
    };
    let place = if threads {
        Place::Community(community)
    } else {
        let path = format!("/api/communities/{community}/threads?limit=1");
        let list = first.get(&path).await.is(200);
        let id = list["items"][0]["id"].as_str();
        Place::Thread(
            id.context("no thread is released there; use --threads")?
                .to_owned(),
        )
    };
    let reviewer = match named.reviewer {
        Some(name) => Some(signed_in(&visitor, name).await?),
        None => None,
    };
    let before = match &reviewer {
        Some(reviewer) => Some(Queue::now(reviewer).await),
        None => None,
    };
    let fed = feed::feed(texts, members, place, at_once).await;
    print!("{}", fed.report());
    match before.zip(reviewer) {
        Some((before, reviewer)) => println!("{}", before.added(&reviewer).await),
        None => println!("verdicts are counted where --reviewer names one"),
    }
    ensure!(fed.refused.is_empty(), "some texts were refused");
    Ok(())
}

/// Signs in with `email:password`, or as somebody whom a demonstration lets one play.
async fn signed_in(visitor: &Caller, name: &str) -> anyhow::Result<Caller> {
    let (email, password) = match name.split_once(':') {
        Some((email, password)) => (email, password.to_owned()),
        None => (name, password_in_demo(visitor, name).await?),
    };
    let body = json!({ "email": email, "password": password });
    let answer = visitor.post("/api/session", &body).await;
    ensure!(answer.status == 200, "{email} cannot sign in: {answer}");
    let session = answer.session().context("no session came")?;
    Ok(visitor.with_session(&session))
}

async fn password_in_demo(visitor: &Caller, email: &str) -> anyhow::Result<String> {
    let personas = visitor.get("/api/demo/personas").await;
    ensure!(
        personas.status == 200,
        "this server is no demonstration; name {email} with the password, as email:password"
    );
    let personas: Value = personas.json();
    let found = personas["items"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|persona| persona["email"] == email);
    let password = found.and_then(|persona| persona["password"].as_str());
    Ok(password
        .with_context(|| format!("{email} is nobody that this demonstration lets one play"))?
        .to_owned())
}
