//! What the API answers when it cannot do what was asked: `application/problem+json` (RFC 9457) with a stable `code`.
//!
//! `detail` says what happened and what to do. A 5xx says nothing of the inside: that is logged once, here.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

tokio::task_local! {
    /// The number of the request that is being answered.
    pub static REQUEST_ID: String;
}

/// One field that was refused.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldError {
    /// The name of the field in the request.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// The body of every error answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    /// The words of the HTTP status.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// Stable name of the error, for programs.
    code: &'static str,
    /// What happened and what to do, for people.
    detail: String,
    /// The number of the request, to be named when asking for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// The fields that were refused, if fields were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// Seconds to wait before trying again, if waiting helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    /// Whose doing it is, if it is somebody's.
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<Box<About>>,
}

/// Who stands against a request, and with what.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(as = ProblemAbout)]
pub struct About {
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Somebody>,
    /// What they did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// When they did it (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Until when it stands so (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The item to look at instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<Uuid>,
}

/// A person by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ProblemPerson)]
pub struct Somebody {
    /// The account.
    pub id: Uuid,
    /// The printed name.
    pub name: String,
}

impl Problem {
    /// A problem with this status, code and sentence.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            code,
            detail: detail.into(),
            request_id: REQUEST_ID.try_with(Clone::clone).ok(),
            errors: Vec::new(),
            retry_after: None,
            about: None,
        }
    }

    /// The same, and whose doing it is.
    #[must_use]
    pub fn about(mut self, about: About) -> Self {
        self.about = Some(Box::new(about));
        self
    }

    /// What one may not see and what does not exist answer alike.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "there is nothing here, or nothing that you may see",
        )
    }

    /// No valid session came with the request.
    pub fn not_signed_in() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "not_signed_in",
            "sign in first, then try again",
        )
    }

    /// Fields of the request were refused.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = errors
            .iter()
            .map(|e| format!("`{}`: {}", e.field, e.message))
            .collect::<Vec<_>>()
            .join("; ");
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail);
        problem.errors = errors;
        problem
    }

    /// One field of the request was refused.
    pub fn invalid_field(field: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError {
            field: field.to_owned(),
            message: message.into(),
        }])
    }

    /// The policy of the community has no reason with this code.
    pub fn unknown_reason(known: &[String]) -> Self {
        let known = known.join(", ");
        let detail = format!("the policy of this community has no such reason; it has {known}");
        let mut problem = Self::invalid_field("reason_code", detail);
        problem.code = "reason_unknown";
        problem
    }

    /// It clashes with how things stand now.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// Known, but not allowed.
    pub fn forbidden(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, detail)
    }

    /// Roles of staff take a session in which the second factor was proven.
    pub fn second_factor_due() -> Self {
        Self::forbidden(
            "second_factor_due",
            "your role takes a second factor: enrol one on your account page, or sign in with it",
        )
    }

    /// Too much in too short a time.
    pub fn too_many(code: &'static str, seconds: u64, detail: impl Into<String>) -> Self {
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, code, detail);
        problem.retry_after = Some(seconds.max(1));
        problem
    }

    /// Something broke inside. The cause is logged; the answer does not tell it.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(cause = %cause, "a request failed inside");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something went wrong on our side and nothing was changed; please try again, and name the request id if it stays",
        )
    }

    /// Cannot serve just now.
    pub fn unavailable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail)
    }
}

/// Collects what is wrong with the fields of a request, so that all of it is told at once.
#[derive(Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// The value of the field, or a note of why it was refused.
    pub fn read<T, E: std::fmt::Display>(&mut self, field: &str, read: Result<T, E>) -> Option<T> {
        read.map_err(|reason| {
            self.0.push(FieldError {
                field: field.to_owned(),
                message: reason.to_string(),
            });
        })
        .ok()
    }

    /// What was refused.
    pub fn refused(self) -> Problem {
        Problem::invalid(self.0)
    }
}

impl From<sea_orm::DbErr> for Problem {
    fn from(cause: sea_orm::DbErr) -> Self {
        Self::internal(cause)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let wait = self.retry_after;
        let mut response = (status, axum::Json(self)).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = wait {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
