//! A company on a server of its own, and what people do there, in the words of the field.

use reqwest::Method;
use serde_json::{Value, json};

use crate::people::{Answer, Caller, Person};
use crate::store::{Engine, Rows, Store};
use crate::template::{self, Cast, Newcomer};
use crate::{Node, Socket};

/// The community of verified clinicians, where most stories happen.
pub const CLINICIANS: &str = "clinicians";
/// The community of patients and carers.
pub const PATIENTS: &str = "patients";
/// The community of alliance partners.
pub const PARTNERS: &str = "partners";

/// A text in which an adverse event is possible (four criteria, one of them by the account).
pub const ADVERSE_EVENT: &str = "A 54-year-old woman in my clinic was hospitalised with a severe rash after three days on Velmora.";
/// A text in which the rules find nothing.
pub const HARMLESS: &str = "Does anybody know a good place for the journal club in spring?";

/// A text was accepted.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The submission.
    pub submission: String,
    /// The place where it will stand.
    pub post: String,
    /// Its thread; empty for profile lines and descriptions.
    pub thread: String,
}

impl Accepted {
    /// From the answer to a submission.
    #[track_caller]
    pub fn from(answer: &Answer) -> Self {
        let accepted = answer.is(202);
        let text = |name: &str| accepted[name].as_str().unwrap_or_default().to_owned();
        assert_eq!(accepted["state"], "in_review", "{answer}");
        Self {
            submission: text("submission_id"),
            post: text("post_id"),
            thread: text("thread_id"),
        }
    }

    /// The live stream of its thread.
    pub fn stream(&self) -> String {
        format!("thread:{}", self.thread)
    }
}

/// A claimed item, as its reviewer read it.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The item.
    pub item: String,
    /// The fence of the lease.
    pub fence: i64,
    /// What the item says of itself.
    pub view: Value,
}

impl Claimed {
    /// A decision on what was read.
    pub fn ruling(&self, action: &str) -> Value {
        json!({
            "fence": self.fence,
            "revision_hash": self.view["revision"]["hash"],
            "rule_set_hash": self.view["rule_set_hash"],
            "action": action,
        })
    }

    /// A decision that is no release, with its reason and words to the author.
    pub fn refusal(&self, action: &str, reason: &str, words: &str) -> Value {
        let mut ruling = self.ruling(action);
        ruling["reason_code"] = reason.into();
        ruling["words"] = words.into();
        ruling
    }
}

/// One test's world.
pub struct Story {
    /// The server.
    pub node: Node,
    /// Where its data is.
    pub store: Store,
    /// Who is in it.
    pub cast: Cast,
}

impl Story {
    /// A copy of the company on this engine; nothing where the engine is not there.
    pub async fn open(engine: Engine) -> Option<Self> {
        if !engine.is_there() {
            return None;
        }
        let (store, cast) = template::copy(engine).await;
        let node = Node::start(&store, &[]).await;
        Some(Self { node, store, cast })
    }

    /// Somebody of the company by key, as listed in the template.
    pub fn person(&self, key: &str) -> Person {
        let who = self.cast.people.get(key);
        let who = who.unwrap_or_else(|| panic!("nobody is called {key}"));
        Person::at(who, &self.node.url())
    }

    /// Everybody.
    pub fn everybody(&self) -> Vec<(String, Person)> {
        let keys = self.cast.people.keys();
        keys.map(|key| (key.clone(), self.person(key))).collect()
    }

    /// Somebody who has not signed in.
    pub fn visitor(&self) -> Caller {
        self.node.visitor()
    }

    /// A clinician who writes.
    pub fn clinician(&self) -> Person {
        self.person("clinician")
    }

    /// Another clinician, who reads.
    pub fn colleague(&self) -> Person {
        self.person("colleague")
    }

    /// The moderator of the clinicians' community.
    pub fn moderator(&self) -> Person {
        self.person("moderator")
    }

    /// The identifier of a community.
    pub fn community(&self, slug: &str) -> &str {
        &self.cast.communities[slug]
    }

    /// The live stream of a community.
    pub fn community_stream(&self, slug: &str) -> String {
        format!("community:{}", self.community(slug))
    }

    /// The identifier of a product.
    pub fn product(&self, slug: &str, name: &str) -> &str {
        &self.cast.products[&format!("{slug}/{name}")]
    }

    /// Somebody new of an alliance partner, invited into the partners' community and signed in.
    pub async fn partner_of(&self, organisation: &str, name: &str, roles: &[&str]) -> Person {
        let email = format!("{}@partner.example", name.to_lowercase().replace(' ', "."));
        let body = json!({
            "email": email, "name": name, "speaker": "partner", "organisation": organisation, "roles": roles,
        });
        let path = format!("/api/communities/{PARTNERS}/invitations");
        let invited = self.person("founder").post(&path, &body).await.is(201);
        let link = invited["link"].as_str().expect("a link");
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        let newcomer = Newcomer {
            token: link.rsplit('/').next().expect("a token").to_owned(),
            name,
            email: None,
            roles: vec![(PARTNERS.to_owned(), roles)],
        };
        template::accepts(&self.visitor(), newcomer).await
    }

    /// A connection past the server.
    pub async fn rows(&self) -> Rows {
        self.store.open().await
    }

    /// A thread that readers see: written by the clinician, released by the moderator.
    pub async fn a_released_thread(&self) -> Accepted {
        let accepted = self
            .clinician()
            .starts_thread(CLINICIANS, "Journal club", HARMLESS)
            .await;
        self.moderator().releases(&accepted).await;
        accepted
    }

    /// A further reply in a thread that readers see.
    pub async fn a_released_reply(&self, thread: &Accepted, body: &str) -> Accepted {
        let accepted = self.clinician().replies(&thread.thread, body).await;
        self.moderator().releases(&accepted).await;
        accepted
    }
}

impl Person {
    /// Starts a thread.
    pub async fn starts_thread(&self, slug: &str, title: &str, body: &str) -> Accepted {
        let path = format!("/api/communities/{slug}/threads");
        let draft = json!({ "title": title, "body": body });
        Accepted::from(&self.post(&path, &draft).await)
    }

    /// Replies to the first post of a thread.
    pub async fn replies(&self, thread: &str, body: &str) -> Accepted {
        let path = format!("/api/threads/{thread}/replies");
        Accepted::from(&self.post(&path, &json!({ "body": body })).await)
    }

    /// Submits a further revision of a post.
    pub async fn edits(&self, post: &str, body: &str) -> Accepted {
        let path = format!("/api/posts/{post}/revisions");
        Accepted::from(&self.post(&path, &json!({ "body": body })).await)
    }

    /// Writes the line under the own name.
    pub async fn writes_profile(&self, slug: &str, body: &str) -> Accepted {
        let path = format!("/api/communities/{slug}/profile");
        Accepted::from(&self.put(&path, &json!({ "body": body })).await)
    }

    /// Describes a community.
    pub async fn describes(&self, slug: &str, body: &str) -> Accepted {
        let path = format!("/api/communities/{slug}/description");
        Accepted::from(&self.put(&path, &json!({ "body": body })).await)
    }

    /// Sends a submission under an idempotency key.
    pub async fn sends_under(&self, key: &str, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path);
        self.send(request.header("idempotency-key", key).json(body))
            .await
    }

    /// What the author is told of a submission.
    pub async fn submission(&self, accepted: &Accepted) -> Value {
        let path = format!("/api/submissions/{}", accepted.submission);
        self.get(&path).await.is(200)
    }

    /// The review item of a submission, in whatever state.
    pub async fn item_of(&self, accepted: &Accepted) -> String {
        for state in ["waiting", "referred", "decided", "withdrawn", "superseded"] {
            let path = format!("/api/review/items?limit=200&state={state}");
            let list = self.get(&path).await.is(200);
            for card in list["items"].as_array().expect("items").iter().rev() {
                let id = card["id"].as_str().expect("an identifier");
                let item = self.get(&format!("/api/review/items/{id}")).await.is(200);
                if item["revision"]["id"] == accepted.submission.as_str() {
                    return id.to_owned();
                }
            }
        }
        panic!(
            "{} is in no queue of {}",
            accepted.submission, self.who.name
        )
    }

    /// Claims the item of a submission and reads it.
    pub async fn claims(&self, accepted: &Accepted) -> Claimed {
        let item = self.item_of(accepted).await;
        self.claims_item(&item).await
    }

    /// Claims an item and reads it.
    pub async fn claims_item(&self, item: &str) -> Claimed {
        let lease = self
            .ask(&format!("/api/review/items/{item}/claim"))
            .await
            .is(200);
        let view = self.get(&format!("/api/review/items/{item}")).await.is(200);
        Claimed {
            item: item.to_owned(),
            fence: lease["fence"].as_i64().expect("a fence"),
            view,
        }
    }

    /// Decides on a claimed item.
    pub async fn decides(&self, claimed: &Claimed, ruling: &Value) -> Answer {
        let path = format!("/api/review/items/{}/decision", claimed.item);
        self.post(&path, ruling).await
    }

    /// Refers a claimed item with these questions: what each is put to, and its words.
    pub async fn refers(&self, claimed: &Claimed, questions: &[(&str, &str)]) -> Answer {
        let path = format!("/api/review/items/{}/refer", claimed.item);
        let questions: Vec<Value> = questions
            .iter()
            .map(|(to, question)| json!({ "to": to, "question": question }))
            .collect();
        let body = json!({ "fence": claimed.fence, "questions": questions });
        self.post(&path, &body).await
    }

    /// Says whether a claimed item reports an adverse event.
    pub async fn disposes(&self, claimed: &Claimed, disposition: &str) -> Answer {
        let path = format!("/api/review/items/{}/disposition", claimed.item);
        let reason = (disposition == "not_adverse_event").then_some("hypothetical_or_question");
        let body =
            json!({ "fence": claimed.fence, "disposition": disposition, "reason_code": reason });
        self.post(&path, &body).await
    }

    /// Claims, says what is to be said of a possible adverse event, and releases.
    pub async fn releases(&self, accepted: &Accepted) -> Value {
        let claimed = self.ready_to_decide(accepted).await;
        let ruling = claimed.ruling("release");
        self.decides(&claimed, &ruling).await.is(200)
    }

    /// Claims, says what is to be said of a possible adverse event, and rejects.
    pub async fn rejects(&self, accepted: &Accepted, reason: &str, words: &str) -> Value {
        let claimed = self.ready_to_decide(accepted).await;
        let ruling = claimed.refusal("reject", reason, words);
        self.decides(&claimed, &ruling).await.is(200)
    }

    /// Claims and asks the author for changes.
    pub async fn asks_for_changes(&self, accepted: &Accepted, reason: &str, words: &str) -> Value {
        let claimed = self.ready_to_decide(accepted).await;
        let ruling = claimed.refusal("request_changes", reason, words);
        self.decides(&claimed, &ruling).await.is(200)
    }

    async fn ready_to_decide(&self, accepted: &Accepted) -> Claimed {
        let claimed = self.claims(accepted).await;
        if claimed.view["needs_disposition"] == true {
            self.disposes(&claimed, "adverse_event").await.is(200);
        }
        claimed
    }

    /// The thread as this person sees it.
    pub async fn reads(&self, thread: &str) -> Value {
        self.get(&format!("/api/threads/{thread}")).await.is(200)
    }

    /// The texts of a thread as this person sees them.
    pub async fn texts_in(&self, thread: &str) -> Vec<String> {
        let view = self.reads(thread).await;
        let posts = view["posts"].as_array().expect("posts");
        let html = posts.iter().map(|post| &post["body_html"]);
        html.map(|html| html.as_str().expect("HTML").to_owned())
            .collect()
    }

    /// Opens a live connection.
    pub async fn goes_live(&self) -> Socket {
        Socket::open(self).await
    }
}
