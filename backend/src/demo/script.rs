//! The story as it is written down in `backend/demo/*.toml`: who is there, what they write, what becomes of it.

use std::collections::HashSet;

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;

/// What was written down.
#[derive(Debug)]
pub struct Script {
    pub cast: Cast,
    pub stories: Vec<Story>,
}

/// The company with its products, communities and people.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cast {
    pub company: Company,
    #[serde(rename = "product")]
    pub products: Vec<Product>,
    #[serde(rename = "community")]
    pub communities: Vec<Community>,
    #[serde(rename = "persona")]
    pub personas: Vec<Persona>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    pub name: String,
    pub legal_name: String,
    pub safety_contact: String,
    pub medical_information_contact: String,
    pub reporting_statement: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    pub key: String,
    pub name: String,
    pub established_name: Option<String>,
    pub status: String,
    pub indication: String,
    pub boxed_warning: Option<String>,
    #[serde(default)]
    pub aliases: Vec<String>,
    pub min_age_years: Option<u32>,
    pub communities: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Community {
    pub key: String,
    pub slug: String,
    pub name: String,
    pub audience: String,
    pub description: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Persona {
    pub key: String,
    pub name: String,
    pub email: String,
    pub title: String,
    pub blurb: String,
    /// Whether the sign-in page offers this person.
    pub shown: bool,
    #[serde(default)]
    pub server_administrator: bool,
    #[serde(rename = "membership", default)]
    pub memberships: Vec<Membership>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    pub community: String,
    pub roles: Vec<String>,
    pub speaker: String,
    /// The line about oneself; it goes through review.
    pub profile: Option<String>,
    /// Why the line is no adverse event, where the rules see one in it.
    pub profile_disposition_reason: Option<String>,
}

/// What happens in one community.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    pub community: String,
    #[serde(rename = "thread")]
    pub threads: Vec<Thread>,
    #[serde(rename = "profile_edit", default)]
    pub profile_edits: Vec<ProfileEdit>,
}

/// Adds to a text what the reviewers make of it: `#[serde(flatten)]` would let misspelt names pass.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty),+ $(,)? })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub struct $name {
                $($(#[$field_doc])* pub $field: $kind,)+
                #[serde(default)]
                outcome: Outcome,
                by: Option<String>,
                reason_code: Option<String>,
                words: Option<String>,
                disposition: Option<String>,
                disposition_reason: Option<String>,
                decided_after_minutes: Option<f64>,
            }

            impl $name {
                /// What becomes of it.
                pub fn fate(&self) -> Fate {
                    Fate {
                        outcome: self.outcome,
                        by: self.by.clone(),
                        reason_code: self.reason_code.clone(),
                        words: self.words.clone(),
                        disposition: self.disposition.clone(),
                        disposition_reason: self.disposition_reason.clone(),
                        decided_after_minutes: self.decided_after_minutes,
                    }
                }
            }
        )+
    };
}

texts! {
    /// A conversation.
    Thread {
        key: String,
        author: String,
        product: Option<String>,
        days_ago: f64,
        title: String,
        body: String,
        #[serde(rename = "reply", default)]
        replies: Vec<Reply>,
        #[serde(rename = "edit", default)]
        edits: Vec<Edit>,
    }
    /// An answer.
    Reply {
        key: Option<String>,
        author: String,
        /// After the thread began.
        hours_after: f64,
        /// The reply that is answered; the first post where it is not given.
        to: Option<String>,
        body: String,
    }
    /// A further revision.
    Edit {
        /// `thread`, or the key of a reply.
        of: String,
        /// After the thread began.
        hours_after: f64,
        title: Option<String>,
        body: String,
    }
    /// A new line about oneself.
    ProfileEdit {
        persona: String,
        days_ago: f64,
        body: String,
    }
}

/// What the reviewers make of a text.
#[derive(Debug, Clone, Default)]
pub struct Fate {
    pub outcome: Outcome,
    /// Who decides; any other moderator of the community where it is not given.
    pub by: Option<String>,
    pub reason_code: Option<String>,
    /// To the author.
    pub words: Option<String>,
    /// Given when the item asks for one.
    pub disposition: Option<String>,
    pub disposition_reason: Option<String>,
    pub decided_after_minutes: Option<f64>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    #[default]
    Released,
    Held,
    Changes,
    Rejected,
}

impl Script {
    /// Reads the embedded story and checks that everyone and everything it names is there.
    pub fn read() -> anyhow::Result<Self> {
        let cast: Cast = toml::from_str(include_str!("../../demo/company.toml"))
            .context("backend/demo/company.toml")?;
        let story = |name: &str, text: &str| {
            toml::from_str::<Story>(text).with_context(|| format!("backend/demo/{name}.toml"))
        };
        let stories = vec![
            story("clinicians", include_str!("../../demo/clinicians.toml"))?,
            story("patients", include_str!("../../demo/patients.toml"))?,
            story("partners", include_str!("../../demo/partners.toml"))?,
        ];
        let script = Self { cast, stories };
        script.check()?;
        Ok(script)
    }

    /// The person with this key.
    pub fn persona(&self, key: &str) -> anyhow::Result<&Persona> {
        let found = self.cast.personas.iter().find(|one| one.key == key);
        found.with_context(|| format!("nobody in company.toml has the key `{key}`"))
    }

    /// The community with this key.
    pub fn community(&self, key: &str) -> anyhow::Result<&Community> {
        let found = self.cast.communities.iter().find(|one| one.key == key);
        found.with_context(|| format!("no community in company.toml has the key `{key}`"))
    }

    /// Who opens the server.
    pub fn server_administrator(&self) -> anyhow::Result<&Persona> {
        let found = self
            .cast
            .personas
            .iter()
            .find(|one| one.server_administrator);
        found.context("nobody in company.toml is the server administrator")
    }

    /// Someone who may decide on this author's texts in a thread that `starter` began: who is asked for, or any other
    /// moderator.
    pub fn decider(
        &self,
        community: &str,
        author: &str,
        starter: &str,
        by: Option<&str>,
    ) -> anyhow::Result<&Persona> {
        if let Some(by) = by.filter(|by| *by == author || *by != starter) {
            ensure!(by != author, "`{by}` cannot decide on their own text");
            return self.persona(by);
        }
        let decides = |one: &&Persona| {
            one.key != author
                && one.key != starter
                && one.memberships.iter().any(|seat| {
                    seat.community == community && seat.roles.iter().any(|role| role == "moderator")
                })
        };
        let found = self.cast.personas.iter().find(decides);
        found.with_context(|| format!("`{community}` has no second moderator for `{author}`"))
    }

    /// Who approves there, for medical, legal and regulatory affairs, what this author says of a product.
    pub fn approver(
        &self,
        community: &str,
        author: &str,
        starter: &str,
    ) -> anyhow::Result<&Persona> {
        let approves = |one: &&Persona| {
            let mut seats = one.memberships.iter();
            one.key != author
                && one.key != starter
                && seats.any(|seat| {
                    seat.community == community
                        && seat.roles.iter().any(|role| role == "mlr_approver")
                })
        };
        let found = self.cast.personas.iter().rev().find(approves);
        found.with_context(|| format!("`{community}` has no approver for `{author}`"))
    }

    fn check(&self) -> anyhow::Result<()> {
        let opener = self.server_administrator()?;
        for community in &self.cast.communities {
            let seat = opener
                .memberships
                .iter()
                .find(|seat| seat.community == community.key);
            ensure!(
                seat.is_some_and(
                    |seat| seat.roles == ["administrator"] && seat.speaker == "company"
                ),
                "`{}` opens `{}` and is therefore its administrator, for the company, and nothing else",
                opener.key,
                community.key
            );
        }
        for persona in &self.cast.personas {
            for seat in &persona.memberships {
                self.community(&seat.community)?;
            }
        }
        for product in &self.cast.products {
            for community in &product.communities {
                self.community(community)?;
            }
        }
        for story in &self.stories {
            self.community(&story.community)?;
            for thread in &story.threads {
                self.check_thread(thread)
                    .with_context(|| format!("{}, thread `{}`", story.community, thread.key))?;
            }
        }
        Ok(())
    }

    fn check_thread(&self, thread: &Thread) -> anyhow::Result<()> {
        self.persona(&thread.author)?;
        if let Some(product) = &thread.product
            && !self.cast.products.iter().any(|one| one.key == *product)
        {
            bail!("no product has the key `{product}`");
        }
        let mut keys: HashSet<&str> = HashSet::from(["thread"]);
        for reply in &thread.replies {
            self.persona(&reply.author)?;
            if let Some(key) = &reply.key {
                ensure!(keys.insert(key), "two replies have the key `{key}`");
            }
        }
        let named = thread.replies.iter().filter_map(|reply| reply.to.as_ref());
        for key in named.chain(thread.edits.iter().map(|edit| &edit.of)) {
            ensure!(keys.contains(key.as_str()), "no reply has the key `{key}`");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_story_names_only_who_and_what_is_there() {
        let script = Script::read().map(|script| script.stories.len());
        assert!(matches!(script, Ok(3)), "{script:?}");
    }
}
