//! Adds rows without reading them back: one statement for as many rows as there are.

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

/// Adds all of these rows, or does nothing when there are none.
pub async fn insert_all<M, A>(
    tx: &DatabaseTransaction,
    rows: impl IntoIterator<Item = M>,
) -> Result<(), DbErr>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    let rows: Vec<A> = rows
        .into_iter()
        .map(IntoActiveModel::into_active_model)
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    <A::Entity as EntityTrait>::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
