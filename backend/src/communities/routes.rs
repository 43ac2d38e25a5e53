//! Communities over HTTP: creating them, and keeping their members and products. Reading them is in `publication`,
//! because what they show must be released.

use axum::Json as Answered;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::authority::{Administrator, ServerAdministrator};
use super::change_member::{MemberChange, MemberError, change_member};
use super::create::{CreateError, NewCommunity, create};
use super::end_membership::end_membership;
use super::me::CommunityName;
use super::put_product::{NewProduct, PutProductError, put_product};
use super::roles::{Audience, ProductStatus, Role, Roles, SpeakerClass};
use super::slug::Slug;
use super::store::{Product, product};
use super::{invitations, me, policy, signers};
use crate::app::App;
use crate::clock::Timestamp;
use crate::http::extract::{Json, Path};
use crate::identity::{PrintedName, printed_names};
use crate::problem::{Fields, Problem};

const LONGEST_INDICATION: usize = 2000;
const LONGEST_BOXED_WARNING: usize = 4000;
const MOST_ALIASES: usize = 50;
const OLDEST_YOUNGEST: i64 = 120;

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(me::routes::routes())
        .merge(invitations::routes::routes())
        .merge(policy::routes::routes())
        .merge(signers::routes::routes())
        .routes(routes!(create_community))
        .routes(routes!(update_member, end_member))
        .routes(routes!(put_product_of))
}

/// A community to be created.
#[derive(Deserialize, ToSchema)]
struct CommunityRequest {
    /// 3 to 40 of a–z, 0–9 and hyphen.
    slug: String,
    name: String,
    audience: Audience,
}

/// The community that was created.
#[derive(Serialize, ToSchema)]
struct CreatedCommunity {
    community: CommunityName,
}

/// What to change about a member; what is not named stays.
#[derive(Deserialize, ToSchema)]
struct MemberRequest {
    /// All roles from now on, at least one.
    roles: Option<Vec<Role>>,
    speaker: Option<SpeakerClass>,
    /// The alliance partner that employs them from now on. For partners only.
    organisation: Option<String>,
}

/// A member as it is now.
#[derive(Serialize, ToSchema)]
struct ChangedMember {
    account_id: Uuid,
    name: String,
    speaker: SpeakerClass,
    organisation: Option<String>,
    roles: Roles,
    joined_at: Timestamp,
    you: bool,
}

/// What is said about a product.
#[derive(Deserialize, ToSchema)]
struct ProductRequest {
    name: String,
    established_name: Option<String>,
    status: ProductStatus,
    indication: String,
    /// There if and only if the status is `approved_boxed_warning`.
    boxed_warning: Option<String>,
    /// Other names it goes by; without a list, those that were there stay.
    aliases: Option<Vec<String>>,
    /// Youngest age on the label, in years; if it is not named, the one that was there stays.
    min_age_years: Option<i64>,
}

/// Creates a community
#[utoipa::path(post, path = "/api/communities", operation_id = "create_community", tag = "communities",
    request_body = CommunityRequest,
    responses((status = 201, body = CreatedCommunity), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`slug_taken`"), (status = 422, body = Problem)))]
async fn create_community(
    State(app): State<App>,
    by: ServerAdministrator,
    Json(request): Json<CommunityRequest>,
) -> Result<(StatusCode, Answered<CreatedCommunity>), Problem> {
    let mut fields = Fields::default();
    let slug = fields.read("slug", Slug::parse(&request.slug));
    let name = fields.read("name", PrintedName::parse(&request.name));
    let (Some(slug), Some(name)) = (slug, name) else {
        return Err(fields.refused());
    };
    let audience = request.audience;
    let new = NewCommunity {
        slug,
        name,
        audience,
    };
    let id = create(&app.audit, &by, &new).await?;
    let community = CommunityName {
        id,
        slug: new.slug.as_str().to_owned(),
        name: new.name.as_str().to_owned(),
        audience,
    };
    Ok((
        StatusCode::CREATED,
        Answered(CreatedCommunity { community }),
    ))
}

/// Changes a member's roles or speaker class
#[utoipa::path(patch, path = "/api/communities/{slug}/members/{account_id}", operation_id = "update_member",
    tag = "communities",
    params(("slug" = String, Path, description = "The community's name in addresses"),
        ("account_id" = Uuid, Path)),
    request_body = MemberRequest,
    responses((status = 200, body = ChangedMember),
        (status = 403, body = Problem, description = "`own_membership`"),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`last_administrator`"), (status = 422, body = Problem)))]
async fn update_member(
    State(app): State<App>,
    by: Administrator,
    Path((slug, account)): Path<(String, Uuid)>,
    Json(request): Json<MemberRequest>,
) -> Result<Answered<ChangedMember>, Problem> {
    let roles = match request.roles {
        Some(roles) => Some(
            Roles::new(&roles)
                .ok_or_else(|| Problem::invalid_field("roles", "name at least one role"))?,
        ),
        None => None,
    };
    let change = MemberChange {
        roles,
        speaker: request.speaker,
        organisation: given(request.organisation.as_deref())
            .map(PrintedName::parse)
            .transpose()
            .map_err(|reason| Problem::invalid_field("organisation", reason.to_string()))?,
    };
    let row = change_member(&app.audit, &app.revocations, &by, &slug, account, change).await?;
    let mut names = printed_names(app.db.read(), [account]).await?;
    Ok(Answered(ChangedMember {
        account_id: account,
        name: names.remove(&account).ok_or_else(Problem::not_found)?,
        speaker: SpeakerClass::from_word(&row.speaker).ok_or_else(Problem::not_found)?,
        organisation: row.organisation,
        roles: Roles::from_stored(&row.roles),
        joined_at: Timestamp::from_micros(row.joined_at),
        you: account == by.who.account_id,
    }))
}

/// Ends a membership
#[utoipa::path(delete, path = "/api/communities/{slug}/members/{account_id}", operation_id = "end_member",
    tag = "communities",
    params(("slug" = String, Path, description = "The community's name in addresses"),
        ("account_id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`last_administrator`")))]
async fn end_member(
    State(app): State<App>,
    by: Administrator,
    Path((slug, account)): Path<(String, Uuid)>,
) -> Result<StatusCode, Problem> {
    end_membership(&app.audit, &app.revocations, &by, &slug, account).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Adds a product, or replaces what is said about it
#[utoipa::path(put, path = "/api/communities/{slug}/products/{id}", operation_id = "put_product",
    tag = "communities",
    params(("slug" = String, Path, description = "The community's name in addresses"), ("id" = Uuid, Path)),
    request_body = ProductRequest,
    responses((status = 200, body = Product), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn put_product_of(
    State(app): State<App>,
    by: Administrator,
    Path((slug, id)): Path<(String, Uuid)>,
    Json(request): Json<ProductRequest>,
) -> Result<Answered<Product>, Problem> {
    let new = request.read().map_err(Fields::refused)?;
    put_product(&app.audit, &by, &slug, id, new).await?;
    let found = product(app.db.read(), id).await?;
    Ok(Answered(found.ok_or_else(Problem::not_found)?))
}

impl ProductRequest {
    /// What may be said about a product; everything that may not is told at once.
    fn read(self) -> Result<NewProduct, Fields> {
        let mut fields = Fields::default();
        let name = fields.read("name", PrintedName::parse(&self.name));
        let established_name = fields.read(
            "established_name",
            given(self.established_name.as_deref())
                .map(PrintedName::parse)
                .transpose(),
        );
        let indication = fields.read("indication", text(&self.indication, LONGEST_INDICATION));
        let warns = self.status == ProductStatus::ApprovedBoxedWarning;
        let boxed_warning = fields.read(
            "boxed_warning",
            match given(self.boxed_warning.as_deref()) {
                Some(warning) if warns => text(warning, LONGEST_BOXED_WARNING).map(Some),
                None if !warns => Ok(None),
                _ => Err("write the boxed warning if, and only if, the status is `approved_boxed_warning`".to_owned()),
            },
        );
        let aliases = fields.read(
            "aliases",
            match self.aliases {
                Some(aliases) if aliases.len() > MOST_ALIASES => {
                    Err(format!("write at most {MOST_ALIASES} other names"))
                }
                Some(aliases) => aliases
                    .iter()
                    .map(|alias| PrintedName::parse(alias).map_err(|reason| reason.to_string()))
                    .collect::<Result<Vec<_>, _>>()
                    .map(Some),
                None => Ok(None),
            },
        );
        let min_age_years = fields.read(
            "min_age_years",
            match self.min_age_years {
                Some(age) if !(0..=OLDEST_YOUNGEST).contains(&age) => {
                    Err(format!("write an age from 0 to {OLDEST_YOUNGEST} years"))
                }
                age => Ok(age),
            },
        );
        match (
            name,
            established_name,
            indication,
            boxed_warning,
            aliases,
            min_age_years,
        ) {
            (
                Some(name),
                Some(established_name),
                Some(indication),
                Some(boxed_warning),
                Some(aliases),
                Some(min_age_years),
            ) => Ok(NewProduct {
                name,
                established_name,
                status: self.status,
                indication,
                boxed_warning,
                aliases,
                min_age_years,
            }),
            _ => Err(fields),
        }
    }
}

/// An empty field says the same as a missing one.
pub(super) fn given(field: Option<&str>) -> Option<&str> {
    field.filter(|text| !text.trim().is_empty())
}

/// Text of 1 to so many characters.
fn text(given: &str, longest: usize) -> Result<String, String> {
    let given = given.trim();
    if (1..=longest).contains(&given.chars().count()) {
        Ok(given.to_owned())
    } else {
        Err(format!("write 1 to {longest} characters"))
    }
}

impl From<CreateError> for Problem {
    fn from(error: CreateError) -> Self {
        match error {
            CreateError::SlugTaken => Self::conflict("slug_taken", error.to_string()),
            CreateError::Database(cause) => cause.into(),
        }
    }
}

impl From<MemberError> for Problem {
    fn from(error: MemberError) -> Self {
        match error {
            MemberError::NotFound => Self::not_found(),
            MemberError::Own => Self::forbidden("own_membership", error.to_string()),
            MemberError::LastAdministrator => {
                Self::conflict("last_administrator", error.to_string())
            }
            MemberError::NoPartner => Self::invalid_field("organisation", error.to_string()),
            MemberError::Database(cause) => cause.into(),
        }
    }
}

impl From<PutProductError> for Problem {
    fn from(error: PutProductError) -> Self {
        match error {
            PutProductError::NotFound => Self::not_found(),
            PutProductError::Database(cause) => cause.into(),
        }
    }
}
