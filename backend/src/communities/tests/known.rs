//! Who is remembered, and how soon a change is seen.

use super::*;
use crate::audit::Audit;
use crate::identity::sign_out;

/// The roles in the first seat of who presents this token; none if nobody is signed in with it.
async fn roles(known: &Known, token: &Token) -> Option<String> {
    let (_, seats) = known.by_token(token).await.unwrap()?;
    let first = seats.first().map(|seat| seat.roles.stored());
    Some(first.unwrap_or_default())
}

async fn ada(place: &Place, founder: &SignedIn) -> Opened {
    let email = "ada@example.com";
    let invited = place.invite(founder, "neuro", email, &[Role::Moderator]);
    let token = invited.await.unwrap().token;
    place.accept(&token, named("Ada Berg")).await.unwrap()
}

#[tokio::test]
async fn what_is_changed_here_is_seen_by_the_next_request() {
    let place = Place::new().await;
    let founder = place.founder().await;
    place.community(&founder, "neuro").await.unwrap();
    let ada = ada(&place, &founder).await;
    // A clock that stands: nothing is forgotten because time has passed.
    place.later(Duration::ZERO);
    let known = Known::new(place.audit.clone(), place.door.sessions.idle, usual());
    assert_eq!(
        roles(&known, &ada.token).await,
        Some("moderator".to_owned())
    );

    let account = ada.who.account_id;
    let changed = place.set_roles(&founder, account, &[Role::Member]).await;
    assert!(changed.is_ok());
    assert_eq!(roles(&known, &ada.token).await, Some("member".to_owned()));

    place.end(&founder, account).await.unwrap();
    assert_eq!(roles(&known, &ada.token).await, Some(String::new()));

    sign_out(&place.audit, &place.revocations, &ada.who)
        .await
        .unwrap();
    assert_eq!(roles(&known, &ada.token).await, None);
}

#[tokio::test]
async fn what_another_process_changes_is_seen_within_a_second() {
    let place = Place::new().await;
    let founder = place.founder().await;
    place.community(&founder, "neuro").await.unwrap();
    let ada = ada(&place, &founder).await;
    let elsewhere = Audit::new(place.audit.db().clone(), place.audit.clock().clone());
    let known = Known::new(elsewhere, place.door.sessions.idle, usual());
    place.later(Duration::ZERO);
    assert_eq!(
        roles(&known, &ada.token).await,
        Some("moderator".to_owned())
    );

    place.end(&founder, ada.who.account_id).await.unwrap();
    let remembered = roles(&known, &ada.token).await;
    assert_eq!(remembered, Some("moderator".to_owned()), "for a moment");
    place.later(Duration::from_secs(1));
    assert_eq!(roles(&known, &ada.token).await, Some(String::new()));
}
