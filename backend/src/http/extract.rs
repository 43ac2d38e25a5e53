//! What a handler may ask of a request: who it comes from, with what authority, and a body that was understood.

use std::net::{IpAddr, SocketAddr};

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{
    ConnectInfo, FromRequest, FromRequestParts, OptionalFromRequestParts, Request,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum_extra::extract::CookieJar;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::communities::authority::{Authority, Seat, ServerAdministrator, Standing};
use crate::communities::roles::Role;
use crate::identity::second_factor::AskedFor;
use crate::identity::{Device, SESSION_COOKIE, SignedIn, Token};
use crate::problem::Problem;

impl FromRequestParts<App> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(signed_in(parts, app).await?.0)
    }
}

/// Whether this standing is one of staff, and the session was opened without the second factor that staff needs here.
fn lacks_second_factor<S: Standing>(who: &SignedIn, app: &App) -> bool {
    app.door.second_factors.asked_for == AskedFor::Staff
        && !who.second_factor
        && !S::ROLES.contains(&Role::Member)
}

/// The person behind the session cookie, and their seats.
async fn signed_in(parts: &Parts, app: &App) -> Result<(SignedIn, Vec<Seat>), Problem> {
    let cookies = CookieJar::from_headers(&parts.headers);
    let Some(cookie) = cookies.get(SESSION_COOKIE) else {
        return Err(Problem::not_signed_in());
    };
    let token = Token::presented(cookie.value());
    let found = app.known.by_token(&token).await?;
    found.ok_or_else(Problem::not_signed_in)
}

impl FromRequestParts<App> for ServerAdministrator {
    type Rejection = Problem;

    /// To everybody else the address does not exist.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let who = <SignedIn as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let lacking = app.door.second_factors.asked_for == AskedFor::Staff && !who.second_factor;
        let administrator = Self::of(who).ok_or_else(Problem::not_found)?;
        if lacking {
            return Err(Problem::second_factor_due());
        }
        Ok(administrator)
    }
}

impl FromRequestParts<App> for Device {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let ConnectInfo(peer) = ConnectInfo::<SocketAddr>::from_request_parts(parts, app)
            .await
            .map_err(Problem::internal)?;
        let proxies = &app.settings.server.trusted_proxies;
        let agent = parts.headers.get(header::USER_AGENT);
        Ok(Self::new(
            client_address(peer.ip(), &parts.headers, proxies),
            agent.and_then(|agent| agent.to_str().ok()).unwrap_or(""),
        ))
    }
}

/// The address that a request comes from. `X-Forwarded-For` is believed only as far as trusted proxies wrote it: from
/// its end back to the first address that is no trusted proxy.
fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let mut nearest = peer.to_canonical();
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in forwarded.iter().rev() {
        if !trusted.contains(&nearest) {
            break;
        }
        let Ok(address) = hop.trim().parse::<IpAddr>() else {
            break;
        };
        nearest = address.to_canonical();
    }
    nearest
}

impl<S: Standing> FromRequestParts<App> for Authority<S> {
    type Rejection = Problem;

    /// Who lacks the standing everywhere is answered as if the address did not exist.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let (who, seats) = signed_in(parts, app).await?;
        let lacking = lacks_second_factor::<S>(&who, app);
        let authority = Self::of(who, seats).ok_or_else(Problem::not_found)?;
        if lacking {
            return Err(Problem::second_factor_due());
        }
        Ok(authority)
    }
}

impl<S: Standing> OptionalFromRequestParts<App> for Authority<S> {
    type Rejection = Problem;

    /// For what everybody who is signed in may ask, such as a list that may be empty.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Problem> {
        let (who, seats) = signed_in(parts, app).await?;
        let lacking = lacks_second_factor::<S>(&who, app);
        let authority = Self::of(who, seats);
        if lacking && authority.is_some() {
            return Err(Problem::second_factor_due());
        }
        Ok(authority)
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
        <axum::extract::Path<T> as FromRequestParts<App>>::from_request_parts(parts, app)
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

/// How many entries a page has: as many as were asked for, 1 to 200, or 50.
pub fn page_limit(asked: Option<u64>) -> Result<u64, Problem> {
    match asked {
        None => Ok(50),
        Some(limit) if (1..=200).contains(&limit) => Ok(limit),
        Some(_) => Err(Problem::invalid_field("limit", "ask for 1 to 200 entries")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn address_behind(peer: [u8; 4], forwarded: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static(forwarded));
        let trusted = [IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2])];
        client_address(IpAddr::from(peer), &headers, &trusted).to_string()
    }

    #[test]
    fn a_visitor_cannot_choose_the_address_that_limits_count() {
        let direct = address_behind([192, 0, 2, 7], "198.51.100.1");
        assert_eq!(direct, "192.0.2.7", "no proxy of ours wrote this header");
        let spoofed = address_behind([10, 0, 0, 1], "198.51.100.1, 203.0.113.9");
        assert_eq!(
            spoofed, "203.0.113.9",
            "the visitor wrote the first address"
        );
    }

    #[test]
    fn trusted_proxies_are_looked_through() {
        let two = address_behind([10, 0, 0, 1], "203.0.113.9, 10.0.0.2");
        assert_eq!(two, "203.0.113.9");
        let unreadable = address_behind([10, 0, 0, 1], "unknown");
        assert_eq!(unreadable, "10.0.0.1");
    }
}
