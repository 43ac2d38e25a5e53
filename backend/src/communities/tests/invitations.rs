//! The only way in: links, how they stand, and who comes in by them.

use futures_util::future::join_all;

use super::*;
use crate::audit::Actor;
use crate::communities::invitations::list::list;
use crate::communities::invitations::revoke::{RevokeError, revoke};
use crate::communities::invitations::state::InvitationState;
use crate::identity::SignInError;

#[tokio::test]
async fn the_first_link_makes_one_server_administrator_and_is_then_worth_nothing() {
    let place = Place::new().await;
    let lost = first_administrator_link(&place.audit, WEEK)
        .await
        .unwrap()
        .unwrap();
    let found = place.look(&lost).await.unwrap();
    assert_eq!((found.email, found.community.is_none()), (None, true));

    let unnamed = place.accept(&lost, named("Grace Founder")).await;
    assert!(matches!(unnamed, Err(AcceptError::Email(_))));
    let founder = place.founder().await;
    assert!(founder.administrator);
    assert_eq!(founder.email, "grace@example.com");

    assert!(place.look(&lost).await.is_none());
    let late = Answer {
        email: Some("mallory@example.com"),
        ..named("Mallory")
    };
    assert!(is_unknown(&place.accept(&lost, late).await));
    let none = first_administrator_link(&place.audit, WEEK).await.unwrap();
    assert!(none.is_none());
}

#[tokio::test]
async fn an_invitation_from_the_machine_makes_an_existing_account_administrator() {
    let place = Place::new().await;
    let founder = place.founder().await;
    place.community(&founder, "neuro").await.unwrap();
    let ada = place
        .member(&founder, "neuro", "ada@example.com", &[Role::Member])
        .await;
    let email = Email::parse("ada@example.com").unwrap();
    let operator = Actor::command("admin invite");
    let token = invite_administrator(&place.audit, &operator, &email, WEEK)
        .await
        .unwrap();
    let shown = place.look(&token).await.unwrap();
    assert_eq!((shown.community.is_none(), shown.has_account), (true, true));

    let opened = place.accept(&token, named("ignored")).await.unwrap();
    assert_eq!(opened.who.account_id, ada.account_id);
    let again = place.by_token(&opened.token).await.unwrap();
    assert!(opened.who.administrator && again.administrator);
    let granted = place.actions().await;
    assert!(granted.contains(&"account.administrator_granted".to_owned()));
}

#[tokio::test]
async fn an_invited_person_comes_in_once_with_the_roles_that_were_given() {
    let place = Place::new().await;
    let founder = place.founder().await;
    place.community(&founder, "neuro").await.unwrap();
    let roles = [Role::Moderator, Role::Member];
    let invited = place
        .invite(&founder, "neuro", "ada@example.com", &roles)
        .await
        .unwrap();
    assert!(link("http://localhost:8080", &invited.token).contains("/join/"));
    let shown = place.look(&invited.token).await.unwrap();
    assert_eq!(shown.community.unwrap().name, "Neurology Circle");
    assert_eq!(
        (shown.email.as_deref(), shown.has_account),
        (Some("ada@example.com"), false)
    );

    let ada = place
        .accept(&invited.token, named("Somebody Else"))
        .await
        .unwrap();
    let seats = seats_of(place.audit.db().read(), ada.who.account_id)
        .await
        .unwrap();
    let [seat] = seats.as_slice() else {
        panic!("one community")
    };
    assert_eq!(seat.roles, Roles::new(&roles).unwrap());
    assert_eq!(seat.speaker, SpeakerClass::Professional);
    assert_eq!(
        (ada.who.name.as_str(), ada.who.administrator),
        ("Ada Berg", false),
        "an invited person does not choose whom to be"
    );
    assert!(place.by_token(&ada.token).await.is_some());
    assert!(place.sign_in("ada@example.com", PASSWORD).await.is_ok());

    assert!(place.look(&invited.token).await.is_none());
    assert!(is_unknown(
        &place.accept(&invited.token, named("Ada Berg")).await
    ));
}

#[tokio::test]
async fn a_link_that_is_used_twice_at_once_lets_one_person_in() {
    let place = Place::new().await;
    let founder = place.founder().await;
    place.community(&founder, "neuro").await.unwrap();
    let invited = place
        .invite(&founder, "neuro", "ada@example.com", &[Role::Member])
        .await
        .unwrap();
    let both = (0..2).map(|_| place.accept(&invited.token, named("Ada Berg")));
    let answers = join_all(both).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(
        answers.iter().filter(|answer| is_unknown(answer)).count(),
        1
    );
    let accepted = place.actions().await;
    let accepted = accepted
        .iter()
        .filter(|action| *action == "invitation.accepted");
    assert_eq!(accepted.count(), 2, "the founder's and one more");
}

#[tokio::test]
async fn expired_and_revoked_links_answer_like_unknown_ones() {
    let place = Place::new().await;
    let founder = place.founder().await;
    place.community(&founder, "neuro").await.unwrap();
    let taken_back = place
        .invite(&founder, "neuro", "ada@example.com", &[Role::Member])
        .await
        .unwrap();
    let by = place.administrator(&founder).await;
    revoke(&place.audit, &by, "neuro", taken_back.id)
        .await
        .unwrap();
    let again = revoke(&place.audit, &by, "neuro", taken_back.id).await;
    assert!(matches!(again, Err(RevokeError::Closed)));
    let expired = place
        .invite(&founder, "neuro", "ada@example.com", &[Role::Member])
        .await
        .unwrap();
    place.later(WEEK);

    for token in [taken_back.token, expired.token, Token::presented("guess")] {
        assert!(place.look(&token).await.is_none());
        assert!(is_unknown(&place.accept(&token, named("Ada Berg")).await));
    }
    assert!(
        place.sign_in("ada@example.com", PASSWORD).await.is_err(),
        "there is no account"
    );
}

#[tokio::test]
async fn who_has_an_account_proves_it_with_its_password_and_keeps_name_and_password() {
    let place = Place::new().await;
    let founder = place.founder().await;
    place.community(&founder, "neuro").await.unwrap();
    place.community(&founder, "oncology").await.unwrap();
    let ada = place
        .member(&founder, "neuro", "ada@example.com", &[Role::Member])
        .await;
    let invited = place
        .invite(&founder, "oncology", "ada@example.com", &[Role::Inspector])
        .await
        .unwrap();
    assert!(place.look(&invited.token).await.unwrap().has_account);

    let guess = "another password".into();
    let wrong = Answer {
        password: &guess,
        ..named("Mallory")
    };
    let wrong = place.accept(&invited.token, wrong).await;
    assert!(matches!(
        wrong,
        Err(AcceptError::SignIn(SignInError::WrongCredentials))
    ));

    let opened = place
        .accept(&invited.token, named("Mallory"))
        .await
        .unwrap();
    assert_eq!(
        (opened.who.account_id, opened.who.name.as_str()),
        (ada.account_id, "Ada Berg")
    );
    let seats = seats_of(place.audit.db().read(), ada.account_id)
        .await
        .unwrap();
    assert_eq!(seats.len(), 2);
}

#[tokio::test]
async fn a_weak_password_is_refused_and_the_link_stays_good() {
    let place = Place::new().await;
    let founder = place.founder().await;
    place.community(&founder, "neuro").await.unwrap();
    let invited = place
        .invite(&founder, "neuro", "ada@example.com", &[Role::Member])
        .await
        .unwrap();
    let weak = "password1234".into();
    let weak = Answer {
        password: &weak,
        ..named("Ada Berg")
    };
    assert!(matches!(
        place.accept(&invited.token, weak).await,
        Err(AcceptError::Password(_))
    ));
    assert!(
        place
            .accept(&invited.token, named("Ada Berg"))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn nobody_is_invited_twice_or_into_a_community_that_one_does_not_administer() {
    let place = Place::new().await;
    let founder = place.founder().await;
    place.community(&founder, "neuro").await.unwrap();
    let ada = place
        .member(&founder, "neuro", "ada@example.com", &[Role::Administrator])
        .await;
    let member = place
        .invite(&founder, "neuro", "ada@example.com", &[Role::Member])
        .await;
    assert!(matches!(member, Err(InviteError::AlreadyMember)));
    let first = place
        .invite(&founder, "neuro", "bob@example.com", &[Role::Member])
        .await;
    let second = place
        .invite(&ada, "neuro", "Bob@example.com", &[Role::Member])
        .await;
    assert!(first.is_ok() && matches!(second, Err(InviteError::AlreadyInvited)));

    place.community(&founder, "oncology").await.unwrap();
    let elsewhere = place
        .invite(&ada, "oncology", "eve@example.com", &[Role::Member])
        .await;
    assert!(matches!(elsewhere, Err(InviteError::NotFound)));
    let by_ada = place.administrator(&ada).await;
    let theirs = place
        .invite(&founder, "oncology", "eve@example.com", &[Role::Member])
        .await
        .unwrap();
    for slug in ["neuro", "oncology"] {
        let taken_back = revoke(&place.audit, &by_ada, slug, theirs.id).await;
        assert!(matches!(taken_back, Err(RevokeError::NotFound)), "{slug}");
    }
    assert!(place.look(&theirs.token).await.is_some());
}

#[tokio::test]
async fn administrators_see_how_every_invitation_stands() {
    let place = Place::new().await;
    let founder = place.founder().await;
    place.community(&founder, "neuro").await.unwrap();
    let by = place.administrator(&founder).await;
    let expired = place
        .invite(&founder, "neuro", "old@example.com", &[Role::Member])
        .await
        .unwrap();
    place.later(WEEK);
    place
        .member(&founder, "neuro", "ada@example.com", &[Role::Member])
        .await;
    let revoked = place
        .invite(&founder, "neuro", "bob@example.com", &[Role::Member])
        .await
        .unwrap();
    revoke(&place.audit, &by, "neuro", revoked.id)
        .await
        .unwrap();
    place
        .invite(&founder, "neuro", "eve@example.com", &[Role::Member])
        .await
        .unwrap();

    let (read, now) = (place.audit.db().read(), place.audit.clock().now());
    let seat = by.seat_at("neuro").unwrap();
    let mut states = Vec::new();
    let mut before = None;
    loop {
        let (page, next) = list(read, seat, before, 3, now).await.unwrap();
        assert!(page.iter().all(|sent| sent.invited_by == "Grace Founder"));
        states.extend(page.iter().map(|sent| sent.state));
        before = next;
        if next.is_none() {
            break;
        }
    }
    use InvitationState::{Accepted, Expired, Open, Revoked};
    assert_eq!(states, [Open, Revoked, Accepted, Expired]);
    assert_eq!(before, None);
    assert!(place.look(&expired.token).await.is_none());
}
