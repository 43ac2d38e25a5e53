//! Rows of policies.

/// A version of a community's policy: proposed, in force, or past. What it says is never changed.
pub mod policy_version {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "policy_version")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub community_id: Uuid,
        pub base: i64,
        pub number: Option<i64>,
        pub state: String,
        pub content: String,
        pub content_hash: String,
        pub weakens: String,
        pub words: String,
        pub proposed_by: Uuid,
        pub proposed_at: i64,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<i64>,
        pub decision_words: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
