//! Rows of threads, posts and revisions; other slices join them, and change none.

/// A thread: its identifier is that of its first post.
pub mod thread {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "thread")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub community_id: Uuid,
        pub product_id: Option<Uuid>,
        pub started_by: Uuid,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A place for text: what stands there is the released revision.
pub mod post {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "post")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub community_id: Uuid,
        pub thread_id: Option<Uuid>,
        pub parent_id: Option<Uuid>,
        pub depth: i64,
        pub surface: String,
        pub author_id: Uuid,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// One version of a text, exactly as it was submitted. Never changed.
pub mod revision {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "revision")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub post_id: Uuid,
        pub number: i64,
        pub author_id: Uuid,
        pub title: Option<String>,
        pub body: String,
        pub salt: String,
        pub hash: String,
        pub submitted_at: i64,
        pub idempotency_key: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A text that a decision made from the text of an author. Never changed.
///
/// INVARIANT: a revision with words taken out of it (`kind` is `redacted`) is sealed: see `store::readable`.
pub mod derivation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "derivation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub revision_id: Uuid,
        pub kind: String,
        pub part: i64,
        pub original_id: Uuid,
        pub item_id: Uuid,
        pub decision_id: Uuid,
        pub community_id: Uuid,
        pub screening_id: Uuid,
        pub made_by: Uuid,
        pub made_by_commitment: String,
        pub role: String,
        pub made_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
