//! Writing: threads, replies, edits, profile lines, descriptions, pre-checks.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::draft::{Draft, Target};
use super::precheck::Precheck;
use super::refusal::SubmitError;
use super::submissions;
use super::submit::Accepted;
use crate::app::App;
use crate::communities::authority::Member;
use crate::http::extract::{Json, Path};
use crate::posts::Surface;
use crate::problem::{FieldError, Problem};

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(super::rescreening::routes())
        .routes(routes!(start_thread))
        .routes(routes!(reply))
        .routes(routes!(revise_post))
        .routes(routes!(write_profile))
        .routes(routes!(describe_community))
        .routes(routes!(precheck))
        .merge(submissions::routes::routes())
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        let detail = error.to_string();
        match error {
            SubmitError::NotFound => Self::not_found(),
            SubmitError::Invalid(faults) => Self::invalid(
                faults
                    .into_iter()
                    .map(|(field, message)| FieldError {
                        field: field.to_owned(),
                        message,
                    })
                    .collect(),
            ),
            SubmitError::TooDeep(_) => Self::invalid_field("parent_id", detail),
            SubmitError::TooFast(seconds) => Self::too_many("too_fast", seconds, detail),
            SubmitError::KeyReused => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_reused",
                detail,
            ),
            SubmitError::Conflict => Self::conflict("revision_conflict", detail),
            SubmitError::Busy => Self::unavailable("busy", detail),
            SubmitError::Database(cause) => cause.into(),
        }
    }
}

type Answered = Result<(StatusCode, Answer<Accepted>), Problem>;

async fn submit(
    app: &App,
    member: &Member,
    headers: &HeaderMap,
    target: Target,
    title: Option<String>,
    body: String,
) -> Answered {
    let idempotency_key = match headers.get("idempotency-key").map(|value| value.to_str()) {
        Some(Ok(key)) => Some(key.to_owned()),
        Some(Err(_)) => {
            return Err(Problem::invalid_field(
                "idempotency-key",
                "send visible ASCII characters, such as a UUID",
            ));
        }
        None => None,
    };
    let draft = Draft {
        target,
        title,
        body,
        idempotency_key,
    };
    let accepted = app.intake.submit(member, draft).await?;
    Ok((StatusCode::ACCEPTED, Answer(accepted)))
}

/// A new thread.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ThreadDraft {
    /// One line.
    title: String,
    /// The first post (Markdown).
    body: String,
    /// What it is about.
    product_id: Option<Uuid>,
}

/// A text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Text {
    /// The text (Markdown).
    body: String,
}

/// A reply.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReplyDraft {
    /// The text (Markdown).
    body: String,
    /// The post it answers; the first one where it is not given.
    parent_id: Option<Uuid>,
}

/// A further revision of one's own text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RevisionDraft {
    /// The title, for the first post of a thread; unchanged where it is not given.
    title: Option<String>,
    /// The text (Markdown).
    body: String,
}

/// Start a thread
///
/// Nobody else sees it before a person has released it. Send an `Idempotency-Key` so that sending twice stores once.
#[utoipa::path(
    post, path = "/api/communities/{slug}/threads", operation_id = "start_thread", tag = "threads",
    params(("slug" = String, Path, description = "The community's name in addresses"), ("Idempotency-Key" = Option<String>, Header, description = "Names the submission")),
    request_body = ThreadDraft,
    responses((status = 202, body = Accepted), (status = 404, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem))
)]
async fn start_thread(
    State(app): State<App>,
    member: Member,
    Path(community): Path<String>,
    headers: HeaderMap,
    Json(draft): Json<ThreadDraft>,
) -> Answered {
    let target = Target::NewThread {
        community,
        product: draft.product_id,
    };
    submit(
        &app,
        &member,
        &headers,
        target,
        Some(draft.title),
        draft.body,
    )
    .await
}

/// Reply in a thread
#[utoipa::path(
    post, path = "/api/threads/{id}/replies", operation_id = "reply", tag = "threads",
    params(("id" = Uuid, Path, description = "The thread"), ("Idempotency-Key" = Option<String>, Header, description = "Names the submission")),
    request_body = ReplyDraft,
    responses((status = 202, body = Accepted), (status = 404, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem))
)]
async fn reply(
    State(app): State<App>,
    member: Member,
    Path(thread): Path<Uuid>,
    headers: HeaderMap,
    Json(draft): Json<ReplyDraft>,
) -> Answered {
    let target = Target::Reply {
        thread,
        parent: draft.parent_id,
    };
    submit(&app, &member, &headers, target, None, draft.body).await
}

/// Edit or revise your own post
///
/// What readers see stays until the new revision is released.
#[utoipa::path(
    post, path = "/api/posts/{id}/revisions", operation_id = "revise_post", tag = "threads",
    params(("id" = Uuid, Path, description = "The post"), ("Idempotency-Key" = Option<String>, Header, description = "Names the submission")),
    request_body = RevisionDraft,
    responses((status = 202, body = Accepted), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem))
)]
async fn revise_post(
    State(app): State<App>,
    member: Member,
    Path(post): Path<Uuid>,
    headers: HeaderMap,
    Json(draft): Json<RevisionDraft>,
) -> Answered {
    submit(
        &app,
        &member,
        &headers,
        Target::Revision { post },
        draft.title,
        draft.body,
    )
    .await
}

/// Write your profile line in a community
#[utoipa::path(
    put, path = "/api/communities/{slug}/profile", operation_id = "write_profile", tag = "communities",
    params(("slug" = String, Path, description = "The community's name in addresses"), ("Idempotency-Key" = Option<String>, Header, description = "Names the submission")),
    request_body = Text,
    responses((status = 202, body = Accepted), (status = 404, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem))
)]
async fn write_profile(
    State(app): State<App>,
    member: Member,
    Path(community): Path<String>,
    headers: HeaderMap,
    Json(text): Json<Text>,
) -> Answered {
    submit(
        &app,
        &member,
        &headers,
        Target::ProfileLine { community },
        None,
        text.body,
    )
    .await
}

/// Describe a community
///
/// For its administrators.
#[utoipa::path(
    put, path = "/api/communities/{slug}/description", operation_id = "describe_community", tag = "communities",
    params(("slug" = String, Path, description = "The community's name in addresses"), ("Idempotency-Key" = Option<String>, Header, description = "Names the submission")),
    request_body = Text,
    responses((status = 202, body = Accepted), (status = 404, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem))
)]
async fn describe_community(
    State(app): State<App>,
    member: Member,
    Path(community): Path<String>,
    headers: HeaderMap,
    Json(text): Json<Text>,
) -> Answered {
    submit(
        &app,
        &member,
        &headers,
        Target::Description { community },
        None,
        text.body,
    )
    .await
}

/// A text that is being written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PrecheckDraft {
    /// The community's name in addresses.
    community: String,
    /// Where the text would stand.
    surface: Surface,
    /// The thread, for a reply.
    thread_id: Option<Uuid>,
    /// The post that is answered, for a reply.
    parent_id: Option<Uuid>,
    /// What a new thread is about.
    product_id: Option<Uuid>,
    /// The post that is edited, for a further revision.
    post_id: Option<Uuid>,
    /// The title, for a thread.
    title: Option<String>,
    /// The text (Markdown).
    body: String,
}

/// Ask what the rules would say
///
/// Nothing is stored, and nobody else learns of it.
#[utoipa::path(
    post, path = "/api/precheck", operation_id = "precheck", tag = "threads",
    request_body = PrecheckDraft,
    responses((status = 200, body = Precheck), (status = 404, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem))
)]
async fn precheck(
    State(app): State<App>,
    member: Member,
    Json(draft): Json<PrecheckDraft>,
) -> Result<Answer<Precheck>, Problem> {
    let community = draft.community;
    let target = match (draft.surface, draft.post_id, draft.thread_id) {
        (_, Some(post), _) => Target::Revision { post },
        (Surface::Thread, ..) => Target::NewThread {
            community,
            product: draft.product_id,
        },
        (Surface::Reply, _, Some(thread)) => Target::Reply {
            thread,
            parent: draft.parent_id,
        },
        (Surface::Reply, _, None) => {
            return Err(Problem::invalid_field(
                "thread_id",
                "name the thread that the reply belongs to",
            ));
        }
        (Surface::ProfileLine, ..) => Target::ProfileLine { community },
        (Surface::CommunityDescription, ..) => Target::Description { community },
        (Surface::Report | Surface::Appeal, ..) => {
            return Err(Problem::invalid_field(
                "surface",
                "what is said to the desk needs no check: no reader sees it",
            ));
        }
    };
    let draft = Draft {
        target,
        title: draft.title,
        body: draft.body,
        idempotency_key: None,
    };
    Ok(Answer(app.intake.precheck(&member, draft).await?))
}
