//! Adds rows without reading them back.

use sea_orm::{ActiveModelTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel};

/// Adds one row.
pub async fn insert<M, A>(tx: &DatabaseTransaction, row: M) -> Result<(), DbErr>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    <A::Entity as EntityTrait>::insert(row.into_active_model())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Most rows in one statement.
const MOST: usize = 256;

/// Adds all of these rows, or does nothing when there are none.
///
/// Rows go in statements of 1, 2, 4 and so on: few different ones, so that they are prepared once and used again.
pub async fn insert_all<M, A>(
    tx: &DatabaseTransaction,
    rows: impl IntoIterator<Item = M>,
) -> Result<(), DbErr>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    let mut rows: Vec<A> = rows
        .into_iter()
        .map(IntoActiveModel::into_active_model)
        .collect();
    while let Some(bits) = rows.len().checked_ilog2() {
        let rest = rows.split_off(MOST.min(1 << bits));
        <A::Entity as EntityTrait>::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
        rows = rest;
    }
    Ok(())
}
