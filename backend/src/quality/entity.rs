//! Rows of seeds, of what was drawn with them, of texts whose outcome is known, and of what owners of rules were told.

/// A secret seed that tells which decisions are drawn, from when it was drawn until the next one is.
pub mod sample_seed {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sample_seed")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub community_id: Uuid,
        pub month: String,
        pub share_percent: i64,
        pub seed: Vec<u8>,
        pub commitment: String,
        pub drawn_at: i64,
        pub revealed_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A decision that was drawn, and the item that was opened for it. Never changed.
pub mod sample {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sample")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub community_id: Uuid,
        pub seed_id: Uuid,
        pub kind: String,
        pub decision_id: Uuid,
        pub golden_id: Option<Uuid>,
        pub revision_id: Uuid,
        pub item_id: Uuid,
        pub drawn_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A decided text whose right outcome somebody has set.
pub mod golden_text {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "golden_text")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub community_id: Uuid,
        pub item_id: Uuid,
        pub revision_id: Uuid,
        pub action: String,
        pub reason_code: Option<String>,
        pub words: String,
        pub kept_by: Uuid,
        pub kept_by_commitment: String,
        pub role: String,
        pub kept_at: i64,
        pub ended_by: Option<Uuid>,
        pub ended_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A span of time of which those who answer for rules were told. Never changed.
pub mod overturned_told {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "overturned_told")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub community_id: Uuid,
        pub told_from: i64,
        pub told_until: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
