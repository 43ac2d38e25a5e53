//! Who wrote something, as readers see them: printed name and speaker class.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::membership;
use super::roles::SpeakerClass;
use crate::identity::printed_names;

/// The author of a text in a community.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Author {
    /// The account.
    pub account_id: Uuid,
    /// The printed name.
    pub name: String,
    /// As whom they speak in that community.
    pub speaker: SpeakerClass,
}

/// The authors behind these (community, account) pairs, also those whose membership has ended.
pub async fn authors(
    on: &impl ConnectionTrait,
    pairs: impl IntoIterator<Item = (Uuid, Uuid)>,
) -> Result<HashMap<(Uuid, Uuid), Author>, DbErr> {
    let pairs: HashSet<(Uuid, Uuid)> = pairs.into_iter().collect();
    if pairs.is_empty() {
        return Ok(HashMap::new());
    }
    let accounts: HashSet<Uuid> = pairs.iter().map(|(_, account)| *account).collect();
    let communities: HashSet<Uuid> = pairs.iter().map(|(community, _)| *community).collect();
    let names = printed_names(on, accounts.iter().copied()).await?;
    let seats = membership::Entity::find()
        .filter(membership::Column::CommunityId.is_in(communities))
        .filter(membership::Column::AccountId.is_in(accounts))
        .order_by_asc(membership::Column::Id)
        .all(on)
        .await?;
    let mut found = HashMap::new();
    for seat in seats {
        let pair = (seat.community_id, seat.account_id);
        if !pairs.contains(&pair) {
            continue;
        }
        let (Some(name), Some(speaker)) = (
            names.get(&seat.account_id),
            SpeakerClass::from_word(&seat.speaker),
        ) else {
            continue;
        };
        found.insert(
            pair,
            Author {
                account_id: seat.account_id,
                name: name.clone(),
                speaker,
            },
        );
    }
    Ok(found)
}
