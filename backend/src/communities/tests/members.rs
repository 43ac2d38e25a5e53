//! Communities, their members and products, and what the record tells of them.

use super::*;
use crate::communities::roles::ProductStatus;
use crate::identity::Revoked;

#[tokio::test]
async fn an_address_name_belongs_to_one_community() {
    let place = Place::new().await;
    let founder = place.founder().await;
    place.community(&founder, "neuro").await.unwrap();
    let again = place.community(&founder, "neuro").await;
    assert!(matches!(again, Err(CreateError::SlugTaken)));
    let ada = place
        .member(&founder, "neuro", "ada@example.com", &[Role::Administrator])
        .await;
    assert!(
        ServerAdministrator::of(ada).is_none(),
        "only the server's administrators create"
    );
}

#[tokio::test]
async fn a_change_of_roles_is_recorded_and_open_sockets_hear_it() {
    let place = Place::new().await;
    let founder = place.founder().await;
    let community = place.community(&founder, "neuro").await.unwrap();
    let ada = place
        .member(&founder, "neuro", "ada@example.com", &[Role::Moderator])
        .await;
    let account = ada.account_id;
    let mut heard = place.revocations.listen();

    let same = place.set_roles(&founder, account, &[Role::Moderator]).await;
    assert!(same.is_ok() && heard.try_recv().is_err(), "nothing changed");
    let changed = place
        .set_roles(&founder, account, &[Role::Member])
        .await
        .unwrap();
    assert_eq!(changed.roles, "member");
    assert_eq!(
        heard.try_recv(),
        Ok(Revoked::Membership { account, community })
    );
    let (action, object, body) = place.records().await.pop().unwrap();
    assert_eq!(
        (action.as_str(), object),
        ("membership.changed", changed.id.to_string())
    );
    assert!(body.contains(r#""roles":{"new":"member","old":"moderator"}"#));

    place.end(&founder, account).await.unwrap();
    assert_eq!(
        heard.try_recv(),
        Ok(Revoked::Membership { account, community })
    );
    assert!(
        seats_of(place.audit.db().read(), account)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(matches!(
        place.end(&founder, account).await,
        Err(MemberError::NotFound)
    ));
    let back = place
        .invite(&founder, "neuro", "ada@example.com", &[Role::Member])
        .await;
    assert!(back.is_ok(), "who left may be invited again");
}

#[tokio::test]
async fn nobody_changes_their_own_rights_and_the_last_administrator_stays() {
    let place = Place::new().await;
    let founder = place.founder().await;
    place.community(&founder, "neuro").await.unwrap();
    let own = place
        .set_roles(&founder, founder.account_id, &[Role::Moderator])
        .await;
    assert!(matches!(own, Err(MemberError::Own)));
    let last = place.end(&founder, founder.account_id).await;
    assert!(matches!(last, Err(MemberError::LastAdministrator)));

    let ada = place
        .member(&founder, "neuro", "ada@example.com", &[Role::Administrator])
        .await;
    let before = place.administrator(&ada).await;
    place.end(&founder, founder.account_id).await.unwrap();
    let only = place.end(&ada, ada.account_id).await;
    assert!(matches!(only, Err(MemberError::LastAdministrator)));

    // Somebody whose authority was read a moment before it ended demotes the only one that is left.
    let demoted = change_member(
        &place.audit,
        &place.revocations,
        &Administrator::of(founder, before.seats().to_vec()).unwrap(),
        "neuro",
        ada.account_id,
        MemberChange {
            roles: Roles::new(&[Role::Member]),
            speaker: None,
            organisation: None,
        },
    )
    .await;
    assert!(matches!(demoted, Err(MemberError::LastAdministrator)));
}

#[tokio::test]
async fn a_product_is_kept_by_the_administrators_of_its_community_alone() {
    let place = Place::new().await;
    let founder = place.founder().await;
    place.community(&founder, "neuro").await.unwrap();
    place.community(&founder, "oncology").await.unwrap();
    let by = place.administrator(&founder).await;
    let id = place.audit.clock().new_id();
    let about = |indication: &str, aliases: Option<&str>| NewProduct {
        name: PrintedName::parse("Velorin").unwrap(),
        established_name: None,
        status: ProductStatus::Approved,
        indication: indication.to_owned(),
        boxed_warning: None,
        aliases: aliases.map(|alias| vec![PrintedName::parse(alias).unwrap()]),
        min_age_years: None,
    };
    put_product(
        &place.audit,
        &by,
        "neuro",
        id,
        about("focal seizures", Some("VLR-1")),
    )
    .await
    .unwrap();
    let records = place.records().await.len();
    put_product(
        &place.audit,
        &by,
        "neuro",
        id,
        about("focal seizures", None),
    )
    .await
    .unwrap();
    assert_eq!(
        place.records().await.len(),
        records,
        "nothing changed, nothing is recorded"
    );

    put_product(
        &place.audit,
        &by,
        "neuro",
        id,
        about("generalised seizures", None),
    )
    .await
    .unwrap();
    let seat = by.seat_at("neuro").unwrap();
    let kept = products(place.audit.db().read(), seat.community_id)
        .await
        .unwrap();
    let [kept] = kept.as_slice() else {
        panic!("one product")
    };
    assert_eq!(kept.indication, "generalised seizures");
    assert_eq!(kept.aliases, ["VLR-1"], "aliases that are not named stay");
    let (action, _, body) = place.records().await.pop().unwrap();
    assert!(action == "product.changed" && !body.contains("seizures"));

    let elsewhere = put_product(&place.audit, &by, "oncology", id, about("anything", None)).await;
    assert!(matches!(elsewhere, Err(PutProductError::NotFound)));
}

#[tokio::test]
async fn no_record_holds_a_name_an_address_or_a_token() {
    let place = Place::new().await;
    let founder = place.founder().await;
    place.community(&founder, "neuro").await.unwrap();
    let invited = place
        .invite(&founder, "neuro", "ada@example.com", &[Role::Member])
        .await
        .unwrap();
    let ada = place
        .accept(&invited.token, named("Ada Berg"))
        .await
        .unwrap();
    place
        .set_roles(&founder, ada.who.account_id, &[Role::Moderator])
        .await
        .unwrap();
    place.end(&founder, ada.who.account_id).await.unwrap();

    let records = place.records().await;
    assert!(records.len() >= 12, "every step left its record");
    let secrets = [invited.token.reveal(), ada.token.reveal()];
    for (action, _, body) in records {
        for word in ["Berg", "Grace", "example.com", "Neurology Circle"] {
            assert!(!body.contains(word), "{action} tells {word}");
        }
        assert!(
            secrets.iter().all(|secret| !body.contains(secret)),
            "{action}"
        );
    }
}
