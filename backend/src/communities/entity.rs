//! Rows of communities, memberships, invitations and products.

/// A walled community.
pub mod community {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "community")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub slug: String,
        pub name: String,
        pub audience: String,
        pub created_at: i64,
        /// The number of the policy in force; 0 for what the settings say.
        pub policy_version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A person in a community, with roles and speaker class.
pub mod membership {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "membership")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub community_id: Uuid,
        pub account_id: Uuid,
        pub roles: String,
        pub speaker: String,
        pub organisation: Option<String>,
        pub joined_at: i64,
        pub ended_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An invitation. The token itself is never stored, only its SHA-256.
pub mod invitation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "invitation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub token_hash: Vec<u8>,
        pub community_id: Option<Uuid>,
        pub email: String,
        pub name: String,
        pub roles: String,
        pub speaker: String,
        pub organisation: Option<String>,
        pub invited_by: Option<Uuid>,
        pub created_at: i64,
        pub expires_at: i64,
        pub accepted_at: Option<i64>,
        pub accepted_by: Option<Uuid>,
        pub revoked_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A product that members of a community speak about. `aliases` is a JSON array of names.
pub mod product {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "product")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub community_id: Uuid,
        pub name: String,
        pub established_name: Option<String>,
        pub status: String,
        pub indication: String,
        pub boxed_warning: Option<String>,
        pub aliases: String,
        pub min_age_years: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
