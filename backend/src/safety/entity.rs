//! Rows of safety cases.

/// A possible adverse event. `evidence` is what the rules found, as JSON.
pub mod safety_case {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "safety_case")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = true)]
        pub number: i64,
        pub id: Uuid,
        pub community_id: Uuid,
        pub post_id: Uuid,
        pub revision_id: Uuid,
        pub author_id: Uuid,
        pub screening_id: Uuid,
        pub day_zero: i64,
        pub evidence: String,
        pub valid_icsr: bool,
        pub serious: bool,
        pub disposition: Option<String>,
        pub reason_code: Option<String>,
        pub words: Option<String>,
        pub disposed_by: Option<Uuid>,
        pub disposed_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
