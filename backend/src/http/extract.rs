//! What a handler may ask of a request: who it comes from, with what authority, and a body that was understood.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::communities::authority::{Authority, Standing, seats_of};
use crate::identity::{SignedIn, Token};
use crate::problem::Problem;

/// The cookie that carries the session token. The prefix makes browsers refuse it without `Secure` and `Path=/`.
pub const SESSION_COOKIE: &str = "__Host-session";

impl FromRequestParts<App> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let cookies = CookieJar::from_headers(&parts.headers);
        let Some(cookie) = cookies.get(SESSION_COOKIE) else {
            return Err(Problem::not_signed_in());
        };
        let token = Token::presented(cookie.value());
        Self::by_token(app.db.read(), &token, app.clock.now())
            .await?
            .ok_or_else(Problem::not_signed_in)
    }
}

impl<S: Standing> FromRequestParts<App> for Authority<S> {
    type Rejection = Problem;

    /// Who lacks the standing everywhere is answered as if the address did not exist.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let who = SignedIn::from_request_parts(parts, app).await?;
        let seats = seats_of(app.db.read(), who.account_id).await?;
        Self::of(who, seats).ok_or_else(Problem::not_found)
    }
}

/// A JSON body; what cannot be read is refused with the place and the reason.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        match axum::Json::<T>::from_request(request, app).await {
            Ok(axum::Json(body)) => Ok(Self(body)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_json",
                "send the body as JSON with the header `content-type: application/json`",
            )),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Problem::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "too_large",
                    "the request is too large; shorten the text",
                ))
            }
            Err(rejection) => Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "unreadable_body",
                rejection.body_text(),
            )),
        }
    }
}

/// Parts of the path. A part that is malformed names nothing, so it is not found.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        axum::extract::Path::<T>::from_request_parts(parts, app)
            .await
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|_: PathRejection| Problem::not_found())
    }
}

/// The query string; a value that cannot be read is named.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        axum::extract::Query::<T>::from_request_parts(parts, app)
            .await
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|rejection: QueryRejection| {
                Problem::new(
                    StatusCode::BAD_REQUEST,
                    "unreadable_query",
                    rejection.body_text(),
                )
            })
    }
}
