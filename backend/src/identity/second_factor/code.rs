//! What somebody typed as their second factor: compared before the transaction, used up within it.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{SecretSeal, recovery, totp};
use crate::audit::Tx;
use crate::clock::Timestamp;
use crate::identity::entity::{recovery_code, second_factor};

/// A second factor that was right when it was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) enum Factor {
    /// A code of the authenticator, of this time step.
    Step(i64),
    /// A code of the authenticator that was used already.
    Used,
    /// A recovery code.
    Recovery(Uuid),
}

impl Factor {
    /// The word that the record says.
    pub(in crate::identity) fn word(self) -> &'static str {
        match self {
            Self::Step(_) | Self::Used => "code",
            Self::Recovery(_) => "recovery_code",
        }
    }
}

/// Compares a code with the authenticator of the account, or with its recovery codes where these are taken.
pub(in crate::identity) async fn check_code(
    on: &impl ConnectionTrait,
    seal: &SecretSeal,
    account: Uuid,
    text: &str,
    recovery_too: bool,
    now: Timestamp,
) -> Result<Option<Factor>, DbErr> {
    let Some(row) = second_factor::Entity::find_by_id(account).one(on).await? else {
        return Ok(None);
    };
    let Some(sealed) = row.secret.filter(|_| row.confirmed_at.is_some()) else {
        return Ok(None);
    };
    let authenticator = totp::authenticator(seal.open(account, &sealed)?)?;
    if let Some(step) = totp::step_of(&authenticator, text, now) {
        let fresh = step > row.last_step;
        return Ok(Some(if fresh {
            Factor::Step(step)
        } else {
            Factor::Used
        }));
    }
    if !recovery_too {
        return Ok(None);
    }
    let code = recovery::unused(on, account, text).await?;
    Ok(code.map(Factor::Recovery))
}

/// Uses the code up; says whether it could still be used. Of two that come at once with one code, one succeeds.
pub(in crate::identity) async fn use_up(
    tx: &Tx,
    account: Uuid,
    factor: Factor,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let used = match factor {
        Factor::Used => return Ok(false),
        Factor::Step(step) => {
            second_factor::Entity::update_many()
                .col_expr(second_factor::Column::LastStep, Expr::value(step))
                .filter(second_factor::Column::AccountId.eq(account))
                .filter(second_factor::Column::ConfirmedAt.is_not_null())
                .filter(second_factor::Column::LastStep.lt(step))
                .exec(tx.conn())
                .await?
        }
        Factor::Recovery(id) => {
            recovery_code::Entity::update_many()
                .col_expr(
                    recovery_code::Column::UsedAt,
                    Expr::value(Some(now.micros())),
                )
                .filter(recovery_code::Column::Id.eq(id))
                .filter(recovery_code::Column::AccountId.eq(account))
                .filter(recovery_code::Column::UsedAt.is_null())
                .exec(tx.conn())
                .await?
        }
    };
    Ok(used.rows_affected == 1)
}
