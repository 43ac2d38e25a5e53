//! Recovery codes: ten, shown once, each good for one sign-in without the authenticator.

use rand::RngExt as _;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::audit::Tx;
use crate::clock::Clock;
use crate::db::insert_all;
use crate::identity::entity::recovery_code;

const HOW_MANY: usize = 10;
/// Letters and digits that are not mistaken for each other when written by hand: 32 of them, 5 bits each.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567890";
/// 80 bits: too many to guess, so that a plain hash suffices.
const LETTERS: usize = 16;

/// Makes new codes; those made before prove nothing any more.
pub(super) async fn renew(tx: &Tx, clock: &Clock, account: Uuid) -> Result<Vec<String>, DbErr> {
    forget(tx, account).await?;
    let codes: Vec<String> = (0..HOW_MANY).map(|_| random_code()).collect();
    let rows: Vec<_> = codes
        .iter()
        .map(|code| recovery_code::Model {
            id: clock.new_id(),
            account_id: account,
            hash: hash(account, code),
            made_at: clock.now().micros(),
            used_at: None,
        })
        .collect();
    insert_all(tx.conn(), rows).await?;
    Ok(codes)
}

/// Takes all codes away.
pub(super) async fn forget(tx: &Tx, account: Uuid) -> Result<(), DbErr> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::AccountId.eq(account))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The unused code of this account that reads so.
pub(super) async fn unused(
    on: &impl ConnectionTrait,
    account: Uuid,
    text: &str,
) -> Result<Option<Uuid>, DbErr> {
    let row = recovery_code::Entity::find()
        .filter(recovery_code::Column::AccountId.eq(account))
        .filter(recovery_code::Column::Hash.eq(hash(account, text)))
        .filter(recovery_code::Column::UsedAt.is_null())
        .one(on)
        .await?;
    Ok(row.map(|row| row.id))
}

/// How many codes are left.
pub(super) async fn left(on: &impl ConnectionTrait, account: Uuid) -> Result<u64, DbErr> {
    recovery_code::Entity::find()
        .filter(recovery_code::Column::AccountId.eq(account))
        .filter(recovery_code::Column::UsedAt.is_null())
        .count(on)
        .await
}

fn random_code() -> String {
    let mut code = String::new();
    for (place, byte) in rand::rng()
        .random::<[u8; LETTERS]>()
        .into_iter()
        .enumerate()
    {
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        let letter = ALPHABET.get(usize::from(byte % 32)).copied();
        code.push(char::from(letter.unwrap_or(b'a')));
    }
    code
}

/// As typed: upper or lower case, with or without hyphens and blanks.
fn hash(account: Uuid, text: &str) -> Vec<u8> {
    let plain: String = text
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .collect();
    Sha256::digest(format!("{account}\n{plain}").as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_has_four_groups_and_is_the_same_however_it_is_typed() {
        let (ada, bob) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let codes: BTreeSet<String> = (0..100).map(|_| random_code()).collect();
        assert_eq!(codes.len(), 100);
        for code in codes {
            assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4; 4]);
            let typed = format!(" {} ", code.replace('-', " ").to_uppercase());
            assert_eq!(hash(ada, &code), hash(ada, &typed));
            assert_ne!(hash(ada, &code), hash(bob, &code));
        }
    }
}
