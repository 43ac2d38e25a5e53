//! Rows of re-screenings.

/// How far released texts were screened again after the rules changed to these.
pub mod rescreening {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "rescreening")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub rule_set_hash: String,
        pub state: String,
        pub reached_at: i64,
        pub reached_post: Option<Uuid>,
        pub looked_at: i64,
        pub items: i64,
        pub cases: i64,
        pub started_at: i64,
        pub finished_at: Option<i64>,
        pub held_by: Option<Uuid>,
        pub held_until: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
