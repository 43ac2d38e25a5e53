//! The cookie that carries the session token.
//!
//! `SameSite=Strict`: the pages themselves are public files, and their own requests are same-site, so a link from a
//! mail still opens for who is signed in, while no other site can make the browser send the token.

use std::time::Duration;

use axum_extra::extract::cookie::{Cookie, SameSite};

use super::signed_in::Token;

/// Its name. The prefix makes browsers refuse it without `Secure` and `Path=/`.
pub const SESSION_COOKIE: &str = "__Host-session";

/// Hands the token to the browser, for as long as the session may last.
pub fn session_cookie(token: &Token, lifetime: Duration) -> Cookie<'static> {
    let seconds = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
    cookie(token.reveal().to_owned(), seconds)
}

/// Makes the browser forget the token.
pub fn ended_cookie() -> Cookie<'static> {
    cookie(String::new(), 0)
}

fn cookie(value: String, seconds: i64) -> Cookie<'static> {
    Cookie::build((SESSION_COOKIE, value))
        .http_only(true)
        .secure(true)
        .same_site(SameSite::Strict)
        .path("/")
        .max_age(time::Duration::seconds(seconds))
        .build()
}
