//! Makes the world of the demonstration by walking through the real doors: every person accepts an invitation and
//! holds a session, every text is submitted, claimed and decided over the API. Nothing is inserted sideways.

use std::collections::{HashMap, HashSet};

use anyhow::{Context as _, bail, ensure};
use axum::Router;
use rand::RngExt as _;
use serde_json::{Value, json};

use super::authenticator::Authenticator;
use super::caller::Caller;
use super::personas::{Persona as Offered, Personas};
use super::policy;
use super::script::{Community, Membership, Outcome, Persona, Script};
use super::timeline::{Place, Step, Text, Timeline};
use crate::clock::Clock;

/// What an officer writes when a case is none of the usual kinds: the script has no words for it.
const OTHER_WORDS: &str = "figures or process, no case of an individual";

/// The world while it is made.
pub struct Maker<'a> {
    script: &'a Script,
    clock: Clock,
    router: Router,
    callers: HashMap<&'a str, Caller>,
    passwords: HashMap<&'a str, String>,
    /// The telephones of those who sign.
    authenticators: HashMap<&'a str, Authenticator>,
    /// Links of invitations that are not accepted yet, by person and community.
    links: HashMap<(&'a str, &'a str), String>,
    /// Product identifiers, by community and product.
    products: HashMap<(&'a str, &'a str), String>,
    /// (thread, post) of what was submitted, by community, thread and key.
    posts: HashMap<(&'a str, &'a str, &'a str), (String, String)>,
    /// Items of the review queue, by number of the text.
    items: HashMap<usize, String>,
    seen_items: HashSet<String>,
    /// Where the story says too little.
    gaps: Vec<String>,
}

impl<'a> Maker<'a> {
    /// Nobody is there yet.
    pub fn new(script: &'a Script, clock: Clock, router: Router) -> Self {
        Self {
            script,
            clock,
            router,
            callers: HashMap::new(),
            passwords: HashMap::new(),
            authenticators: HashMap::new(),
            links: HashMap::new(),
            products: HashMap::new(),
            posts: HashMap::new(),
            items: HashMap::new(),
            seen_items: HashSet::new(),
            gaps: Vec::new(),
        }
    }

    /// Lives through the story, beginning with the link that the first start prints, and says who can be played.
    pub async fn make(
        mut self,
        first_link: &str,
        story: &Timeline<'a>,
    ) -> anyhow::Result<Personas> {
        let administrator = self.script.server_administrator()?;
        self.accept(administrator, first_link).await?;
        for (at, step) in &story.steps {
            if *at > self.clock.now() {
                self.clock.set(*at);
            }
            match step {
                Step::Open(community) => self.open(community).await?,
                Step::Invite(persona, seat) => self.invite(persona, seat).await?,
                Step::Join(persona, seat) => self.join(persona, seat).await?,
                Step::Submit(number) => {
                    let text = text(story, *number)?;
                    let done = self.submit(*number, text).await;
                    done.with_context(|| text.label())?;
                }
                Step::Decide(number) => {
                    let text = text(story, *number)?;
                    let done = self.decide(*number, text).await;
                    done.with_context(|| text.label())?;
                }
            }
        }
        ensure!(
            self.gaps.is_empty(),
            "the rules see possible adverse events of which the story says nothing:\n{}",
            self.gaps.join("\n")
        );
        self.set_policies().await?;
        for caller in self.callers.values_mut() {
            caller.sign_out().await?;
        }
        self.offered()
    }

    fn caller(&mut self, key: &'a str) -> &mut Caller {
        let router = &self.router;
        self.callers
            .entry(key)
            .or_insert_with(|| Caller::new(router.clone()))
    }

    async fn accept(&mut self, persona: &'a Persona, link: &str) -> anyhow::Result<()> {
        let token = link.rsplit('/').next().unwrap_or_default();
        let path = format!("/api/invitations/{token}/accept");
        let password = self
            .passwords
            .entry(&persona.key)
            .or_insert_with(random_password);
        let body = json!({ "name": persona.name, "email": persona.email, "password": password });
        self.caller(&persona.key).post(&path, body).await?;
        Ok(())
    }

    async fn open(&mut self, community: &'a Community) -> anyhow::Result<()> {
        let administrator = self.script.server_administrator()?;
        let (slug, name) = (&community.slug, &community.name);
        self.caller(&administrator.key)
            .post(
                "/api/communities",
                json!({ "slug": slug, "name": name, "audience": community.audience }),
            )
            .await?;
        for product in &self.script.cast.products {
            if product.communities.contains(&community.key) {
                let id = self.clock.new_id().to_string();
                let path = format!("/api/communities/{slug}/products/{id}");
                let body = json!({
                    "name": product.name,
                    "established_name": product.established_name,
                    "status": product.status,
                    "indication": product.indication,
                    "boxed_warning": product.boxed_warning,
                    "aliases": product.aliases,
                    "min_age_years": product.min_age_years,
                });
                self.caller(&administrator.key).put(&path, body).await?;
                self.products.insert((&community.key, &product.key), id);
            }
        }
        Ok(())
    }

    /// In every community with the product that carries a boxed warning and somebody who may approve it.
    async fn set_policies(&mut self) -> anyhow::Result<()> {
        let administrator = &self.script.server_administrator()?.key;
        for community in &self.script.cast.communities {
            let (key, slug) = (community.key.as_str(), &community.slug);
            let Some(product) = self.products.get(&(key, "ormivo")).cloned() else {
                continue;
            };
            let approves = |one: &&Persona| {
                let mut seats = one.memberships.iter();
                seats.any(|seat| {
                    seat.community == key && seat.roles.iter().any(|role| role == "mlr_approver")
                })
            };
            if let Some(approver) = self.script.cast.personas.iter().find(approves) {
                let proposal = policy::propose(self.caller(administrator), slug, &product).await?;
                policy::approve(self.caller(&approver.key), slug, &proposal).await?;
            }
        }
        Ok(())
    }

    async fn invite(&mut self, persona: &'a Persona, seat: &'a Membership) -> anyhow::Result<()> {
        let administrator = self.script.server_administrator()?;
        let slug = &self.script.community(&seat.community)?.slug;
        let invitation = self
            .caller(&administrator.key)
            .post(
                &format!("/api/communities/{slug}/invitations"),
                json!({
                    "email": persona.email,
                    "name": persona.name,
                    "speaker": seat.speaker,
                    "roles": seat.roles,
                }),
            )
            .await
            .with_context(|| format!("inviting `{}` to `{}`", persona.key, seat.community))?;
        let link = word(&invitation, "/link")?;
        self.links.insert((&persona.key, &seat.community), link);
        Ok(())
    }

    async fn join(&mut self, persona: &'a Persona, seat: &'a Membership) -> anyhow::Result<()> {
        let link = self
            .links
            .remove(&(persona.key.as_str(), seat.community.as_str()))
            .with_context(|| {
                format!("`{}` was not invited to `{}`", persona.key, seat.community)
            })?;
        self.accept(persona, &link)
            .await
            .with_context(|| format!("`{}` joining `{}`", persona.key, seat.community))?;
        if seat.roles.iter().any(|role| role != "member") {
            let done = self.prepare_to_sign(persona, seat).await;
            done.with_context(|| format!("`{}` preparing to sign", persona.key))?;
        }
        Ok(())
    }

    /// Staff enrol a second factor, accept that their signature binds them, and are verified by who opened the server.
    async fn prepare_to_sign(
        &mut self,
        persona: &'a Persona,
        seat: &'a Membership,
    ) -> anyhow::Result<()> {
        let key = persona.key.as_str();
        let administrator = self.script.server_administrator()?;
        if key == administrator.key || self.authenticators.contains_key(key) {
            return Ok(());
        }
        let password = self.passwords.get(key).context("nobody by this name")?;
        let body = json!({ "password": password });
        let begun = self.caller(key).post("/api/account/factor", body).await?;
        let mut authenticator = Authenticator::new(&word(&begun, "/secret")?)?;
        let code = authenticator.code(&self.clock);
        self.authenticators.insert(key, authenticator);
        let caller = self.caller(key);
        caller
            .post("/api/account/factor/confirmation", json!({ "code": code }))
            .await?;
        let signing = caller.get("/api/account/signing").await?;
        let statement = word(&signing, "/statement/hash")?;
        caller
            .post(
                "/api/account/signing",
                json!({ "statement_hash": statement }),
            )
            .await?;
        let account = word(&caller.get("/api/session").await?, "/account/id")?;
        let slug = &self.script.community(&seat.community)?.slug;
        let path = format!("/api/communities/{slug}/signers/{account}/verification");
        let body = json!({ "evidence": "company badge and passport, seen in person" });
        self.caller(&administrator.key).post(&path, body).await?;
        Ok(())
    }

    async fn submit(&mut self, number: usize, text: &Text<'a>) -> anyhow::Result<()> {
        let (slug, key) = (&text.community.slug, text.community.key.as_str());
        let body = text.body;
        let caller = text.author;
        let accepted = match &text.place {
            Place::Thread { product, .. } => {
                let product = product
                    .map(|product| {
                        let id = self.products.get(&(key, product)).cloned();
                        id.with_context(|| format!("`{product}` is not a product of `{key}`"))
                    })
                    .transpose()?;
                let path = format!("/api/communities/{slug}/threads");
                let body = json!({ "title": text.title, "body": body, "product_id": product });
                self.caller(caller).post(&path, body).await?
            }
            Place::Reply { thread, to, .. } => {
                let (thread_id, first) = self.post(key, thread, "thread")?;
                let parent = match to {
                    Some(to) => self.post(key, thread, to)?.1,
                    None => first,
                };
                let path = format!("/api/threads/{thread_id}/replies");
                let body = json!({ "body": body, "parent_id": parent });
                self.caller(caller).post(&path, body).await?
            }
            Place::Edit { thread, of } => {
                let (_, post) = self.post(key, thread, of)?;
                let path = format!("/api/posts/{post}/revisions");
                let body = json!({ "title": text.title, "body": body });
                self.caller(caller).post(&path, body).await?
            }
            Place::Profile => {
                let path = format!("/api/communities/{slug}/profile");
                self.caller(caller)
                    .put(&path, json!({ "body": body }))
                    .await?
            }
            Place::Description => {
                let path = format!("/api/communities/{slug}/description");
                self.caller(caller)
                    .put(&path, json!({ "body": body }))
                    .await?
            }
        };
        let (thread, own) = match &text.place {
            Place::Thread { key, .. } => (*key, "thread"),
            Place::Reply {
                thread,
                key: Some(own),
                ..
            } => (*thread, *own),
            _ => return self.find_item(number, text).await,
        };
        let ids = (word(&accepted, "/thread_id")?, word(&accepted, "/post_id")?);
        self.posts.insert((key, thread, own), ids);
        self.find_item(number, text).await
    }

    fn post(&self, community: &str, thread: &str, own: &str) -> anyhow::Result<(String, String)> {
        let found = self.posts.get(&(community, thread, own)).cloned();
        found.with_context(|| format!("`{own}` was not written before it is spoken of"))
    }

    /// What has newly come into the queue is what was just submitted.
    async fn find_item(&mut self, number: usize, text: &Text<'a>) -> anyhow::Result<()> {
        let decider = self.script.decider(
            &text.community.key,
            text.author,
            text.starter,
            text.fate.by.as_deref(),
        )?;
        let path = format!(
            "/api/review/items?community={}&limit=200",
            text.community.slug
        );
        let queue = self.caller(&decider.key).get(&path).await?;
        let items = queue
            .pointer("/items")
            .and_then(Value::as_array)
            .context("the queue has no items")?;
        let mut new = Vec::new();
        for item in items {
            let id = word(item, "/id")?;
            if self.seen_items.insert(id.clone()) {
                new.push(id);
            }
        }
        match new.as_slice() {
            [item] => {
                self.items.insert(number, item.clone());
                Ok(())
            }
            _ => bail!("{} new items came into the queue instead of one", new.len()),
        }
    }

    async fn decide(&mut self, number: usize, text: &Text<'a>) -> anyhow::Result<()> {
        let by = text.fate.by.as_deref();
        let decider = self
            .script
            .decider(&text.community.key, text.author, text.starter, by)?;
        let state = self.judge(number, text, decider).await?;
        if state == "second_review" {
            // The company speaks of a product: its approver must agree (R-FB-02).
            let approver = self
                .script
                .approver(&text.community.key, text.author, text.starter)?;
            self.judge(number, text, approver).await?;
        }
        Ok(())
    }

    /// Judges a text as the story says; says how its item stands then.
    async fn judge(
        &mut self,
        number: usize,
        text: &Text<'a>,
        decider: &'a Persona,
    ) -> anyhow::Result<String> {
        let fate = &text.fate;
        let item = self.items.get(&number).context("it was not submitted")?;
        let at = format!("/api/review/items/{item}");
        let caller = self.caller(&decider.key);
        let claimed = caller.post(&format!("{at}/claim"), json!({})).await?;
        let fence = claimed.pointer("/fence").cloned().unwrap_or_default();
        let mut shown = caller.get(&at).await?;
        if shown.pointer("/needs_disposition") == Some(&Value::Bool(true)) {
            let body = self.disposition(&fence, text, &shown);
            let caller = self.caller(&decider.key);
            caller.post(&format!("{at}/disposition"), body).await?;
            shown = caller.get(&at).await?;
        }
        let action = match fate.outcome {
            Outcome::Released => "release",
            Outcome::Changes => "request_changes",
            Outcome::Rejected => "reject",
            Outcome::Held => bail!("it is to be held, not decided"),
        };
        let body = json!({
            "fence": fence,
            "revision_hash": word(&shown, "/revision/hash")?,
            "rule_set_hash": word(&shown, "/rule_set_hash")?,
            "action": action,
            "reason_code": fate.reason_code,
            "words": fate.words,
            "signature": self.signature(&decider.key, &shown, action)?,
        });
        let judged = self
            .caller(&decider.key)
            .post(&format!("{at}/decision"), body)
            .await?;
        word(&judged, "/state")
    }

    /// What this person types to sign the action, where the server says that it is signed.
    fn signature(&mut self, key: &str, shown: &Value, action: &str) -> anyhow::Result<Value> {
        let actions = shown.pointer("/actions").and_then(Value::as_array);
        let offered = actions.and_then(|all| {
            all.iter()
                .find(|one| one.get("action") == Some(&action.into()))
        });
        let Some(meaning) = offered.and_then(|one| one.get("meaning")?.as_str()) else {
            return Ok(Value::Null);
        };
        let authenticator = self.authenticators.get_mut(key);
        let code = authenticator.context("they cannot sign")?.code(&self.clock);
        let password = self.passwords.get(key).context("nobody by this name")?;
        Ok(json!({ "meaning": meaning, "password": password, "code": code }))
    }

    /// What the story says of a possible adverse event. Where it says nothing, that is noted, and the story goes on
    /// so that all such places are found at once.
    fn disposition(&mut self, fence: &Value, text: &Text<'_>, shown: &Value) -> Value {
        let (disposition, reason) = match (&text.fate.disposition, &text.fate.disposition_reason) {
            (Some(disposition), reason) => (disposition.as_str(), reason.as_deref()),
            (None, Some(reason)) => ("not_adverse_event", Some(reason.as_str())),
            (None, None) => {
                let gap = format!("{}: {}", text.label(), seen_in(shown));
                self.gaps.push(gap);
                ("not_adverse_event", Some("no_event"))
            }
        };
        json!({
            "fence": fence,
            "disposition": disposition,
            "reason_code": reason,
            "words": (reason == Some("other")).then_some(OTHER_WORDS),
        })
    }

    fn offered(&self) -> anyhow::Result<Personas> {
        let mut items = Vec::new();
        for persona in &self.script.cast.personas {
            let (Some(seat), true) = (persona.memberships.first(), persona.shown) else {
                continue;
            };
            let password = self.passwords.get(persona.key.as_str());
            items.push(Offered {
                name: persona.name.clone(),
                email: persona.email.clone(),
                password: password.context("a persona never joined")?.clone(),
                title: persona.title.clone(),
                blurb: persona.blurb.clone(),
                community: self.script.community(&seat.community)?.name.clone(),
                roles: seat.roles.clone(),
            });
        }
        ensure!(!items.is_empty(), "no persona is shown");
        Ok(Personas { items })
    }
}

fn text<'s, 'a>(story: &'s Timeline<'a>, number: usize) -> anyhow::Result<&'s Text<'a>> {
    story
        .texts
        .get(number)
        .context("the story has no such text")
}

/// The words that made the rules ask for a disposition.
fn seen_in(item: &Value) -> String {
    let findings = item.pointer("/findings").and_then(Value::as_array);
    let of_safety = findings
        .into_iter()
        .flatten()
        .filter(|finding| finding.pointer("/family") == Some(&json!("adverse_event")));
    let seen = of_safety.filter_map(|finding| {
        let (rule, matched) = (finding.get("rule")?, finding.get("matched")?);
        Some(format!("{} {matched}", rule.as_str()?))
    });
    seen.collect::<Vec<_>>().join(", ")
}

fn word(answer: &Value, pointer: &str) -> anyhow::Result<String> {
    let found = answer.pointer(pointer).and_then(Value::as_str);
    found
        .map(str::to_owned)
        .with_context(|| format!("an answer has no `{pointer}`: {answer}"))
}

/// Four groups of five letters and digits that cannot be mistaken for one another.
fn random_password() -> String {
    const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut rng = rand::rng();
    let mut group = || -> String {
        (0..5)
            .filter_map(|_| LETTERS.get(rng.random_range(0..LETTERS.len())))
            .map(|letter| char::from(*letter))
            .collect()
    };
    [group(), group(), group(), group()].join("-")
}
