//! Rows of rule sets, screenings, review items, assessments and decisions.

/// The packs of a rule set that was in force, so that any old screening can be repeated.
pub mod rule_set {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "rule_set")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: String,
        pub packs: String,
        pub first_used_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What the rules said of a revision, and in which context. Never changed.
pub mod screening {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "screening")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub revision_id: Uuid,
        pub rule_set_hash: String,
        pub verdict: String,
        pub priority: i64,
        pub context: String,
        pub result: String,
        pub technical_reason: Option<String>,
        pub screened_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A revision that waits for a decision, or had one. `families` is a list between commas.
///
/// From `risk` to `organisation` it says what the screening and the place were when it came, so that the queue can be
/// looked through without them.
pub mod review_item {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "review_item")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub revision_id: Uuid,
        pub origin: String,
        pub post_id: Uuid,
        pub community_id: Uuid,
        pub author_id: Uuid,
        pub screening_id: Uuid,
        pub rule_set_hash: String,
        pub verdict: String,
        pub priority: i64,
        pub families: String,
        pub risk: String,
        pub severity: Option<String>,
        pub product_id: Option<Uuid>,
        pub language: String,
        pub speaker: String,
        pub organisation: Option<String>,
        pub submitted_at: i64,
        pub due_at: i64,
        pub state: String,
        pub claimed_by: Option<Uuid>,
        pub claimed_until: Option<i64>,
        pub fence: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What one reviewer said of an item, or that they take back what they said. Never changed.
pub mod assessment {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "assessment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub item_id: Uuid,
        pub number: i64,
        pub revision_id: Uuid,
        pub revision_hash: String,
        pub rule_set_hash: String,
        pub action: String,
        pub reason_code: Option<String>,
        pub words: Option<String>,
        pub balance_key: Option<String>,
        pub balance_version: Option<i64>,
        pub balance_text: Option<String>,
        pub tombstone: Option<String>,
        pub particulars: Option<String>,
        pub signature_id: Option<Uuid>,
        pub assessed_by: Uuid,
        pub assessed_by_commitment: String,
        pub role: String,
        pub assessed_at: i64,
        pub settles_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A decision on one revision under one rule set. Never changed.
pub mod decision {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "decision")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub item_id: Uuid,
        pub assessment_id: Uuid,
        pub revision_id: Uuid,
        pub revision_hash: String,
        pub rule_set_hash: String,
        pub action: String,
        pub reason_code: Option<String>,
        pub words: Option<String>,
        pub decided_by: Uuid,
        pub decided_by_commitment: String,
        pub role: String,
        pub decided_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Words of a reviewer to the others on an item. `mentions` is a list between commas. Never changed.
pub mod review_note {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "review_note")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub item_id: Uuid,
        pub community_id: Uuid,
        pub written_by: Uuid,
        pub written_by_commitment: String,
        pub role: String,
        pub words: String,
        pub mentions: String,
        pub written_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An item that a reviewer passed over. It counts until it is lifted.
pub mod review_skip {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "review_skip")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub item_id: Uuid,
        pub account_id: Uuid,
        pub reason: String,
        pub words: Option<String>,
        pub skipped_at: i64,
        pub lifted_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A view of the queue that a person keeps: a name, and a query string of the desk.
pub mod saved_view {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "saved_view")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub name: String,
        pub query: String,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// That somebody read the words of a sealed text. Never changed.
pub mod sealed_reading {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sealed_reading")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub revision_id: Uuid,
        pub community_id: Uuid,
        pub words: String,
        pub read_by: Uuid,
        pub read_by_commitment: String,
        pub role: String,
        pub read_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
