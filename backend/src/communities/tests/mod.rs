//! Communities through their public face, on a database of their own.

use std::time::Duration;

use uuid::Uuid;

use super::authority::{Administrator, ServerAdministrator, seats_of};
use super::change_member::{MemberChange, MemberError, change_member};
use super::end_membership::end_membership;
use super::invitations::look::{InvitationView, look};
use super::roles::{Audience, Role, Roles, SpeakerClass};
use super::*;
use crate::identity::tests::{PASSWORD, Place, desk};
use crate::identity::{Email, Opened, PrintedName, SignedIn, Token};

mod invitations;
mod known;
mod members;

const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

impl Place {
    async fn accept(&self, token: &Token, answer: Answer<'_>) -> Result<Opened, AcceptError> {
        accept(&self.audit, &self.door, token, &answer, &desk()).await
    }

    /// The person who set this server up.
    async fn founder(&self) -> SignedIn {
        let token = first_administrator_link(&self.audit, WEEK).await.unwrap();
        let answer = Answer {
            email: Some("grace@example.com"),
            ..named("Grace Founder")
        };
        self.accept(&token.unwrap(), answer).await.unwrap().who
    }

    async fn community(&self, by: &SignedIn, slug: &str) -> Result<Uuid, CreateError> {
        let new = NewCommunity {
            slug: Slug::parse(slug).unwrap(),
            name: PrintedName::parse("Neurology Circle").unwrap(),
            audience: Audience::Professionals,
        };
        let by = ServerAdministrator::of(by.clone()).unwrap();
        create(&self.audit, &by, &new).await
    }

    async fn administrator(&self, who: &SignedIn) -> Administrator {
        let seats = seats_of(self.audit.db().read(), who.account_id).await;
        Administrator::of(who.clone(), seats.unwrap()).unwrap()
    }

    async fn invite(
        &self,
        by: &SignedIn,
        slug: &str,
        email: &str,
        roles: &[Role],
    ) -> Result<Invited, InviteError> {
        let new = NewInvitation {
            email: Email::parse(email).unwrap(),
            name: PrintedName::parse("Ada Berg").unwrap(),
            speaker: SpeakerClass::Professional,
            organisation: None,
            roles: Roles::new(roles).unwrap(),
        };
        let by = self.administrator(by).await;
        invite(&self.audit, &by, slug, &new, WEEK).await
    }

    /// A person who was invited and accepted.
    async fn member(&self, by: &SignedIn, slug: &str, email: &str, roles: &[Role]) -> SignedIn {
        let invited = self.invite(by, slug, email, roles).await.unwrap();
        let opened = self.accept(&invited.token, named("Ada Berg")).await;
        opened.unwrap().who
    }

    async fn look(&self, token: &Token) -> Option<InvitationView> {
        let (read, now) = (self.audit.db().read(), self.audit.clock().now());
        look(read, token, now).await.unwrap()
    }

    async fn set_roles(
        &self,
        by: &SignedIn,
        account: Uuid,
        roles: &[Role],
    ) -> Result<Membership, MemberError> {
        let change = MemberChange {
            roles: Roles::new(roles),
            speaker: None,
            organisation: None,
        };
        let by = self.administrator(by).await;
        change_member(
            &self.audit,
            &self.revocations,
            &by,
            "neuro",
            account,
            change,
        )
        .await
    }

    async fn end(&self, by: &SignedIn, account: Uuid) -> Result<(), MemberError> {
        let by = self.administrator(by).await;
        end_membership(&self.audit, &self.revocations, &by, "neuro", account).await
    }
}

/// The policy of the embedded defaults.
pub(super) fn usual() -> policy::Policy {
    let settings = crate::config::Settings::read(None, &[]).unwrap();
    policy::Policy::of_settings(&settings.policy).unwrap()
}

/// An answer with the password that everybody here has.
fn named(name: &'static str) -> Answer<'static> {
    static SECRET: std::sync::LazyLock<secrecy::SecretString> =
        std::sync::LazyLock::new(|| PASSWORD.into());
    Answer {
        name,
        password: &SECRET,
        email: None,
        code: None,
    }
}

fn is_unknown<T>(answer: &Result<T, AcceptError>) -> bool {
    matches!(answer, Err(AcceptError::Unknown))
}
