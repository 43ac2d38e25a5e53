//! Rows of reports and appeals. Never changed: what became of them is the decision on their item.

/// A reader's report of a released post.
pub mod member_report {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "member_report")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub community_id: Uuid,
        pub item_id: Uuid,
        pub post_id: Uuid,
        pub revision_id: Uuid,
        pub reason: String,
        pub words_revision_id: Option<Uuid>,
        pub screening_id: Option<Uuid>,
        pub reporter_id: Uuid,
        pub reported_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An author's appeal against the rejection of a text.
pub mod appeal {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "appeal")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub community_id: Uuid,
        pub item_id: Uuid,
        pub decision_id: Uuid,
        pub revision_id: Uuid,
        pub author_id: Uuid,
        pub words_revision_id: Uuid,
        pub screening_id: Uuid,
        pub appealed_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
