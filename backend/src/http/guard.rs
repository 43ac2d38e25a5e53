//! Refuses what another website makes a member's browser send: every request that may change something, and the
//! WebSocket handshake, must come from our own origin. Browsers say where a request comes from in `Sec-Fetch-Site`
//! and `Origin`, and a website cannot forge either; programs that are no browsers send neither and hold no cookie
//! but their own.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// The origins that are our own.
#[derive(Clone)]
pub struct Origins(Arc<[String]>);

impl Origins {
    /// The origin of this address. The names of the loopback interface stand for one another.
    pub fn of(public_url: &str) -> Self {
        const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];
        let uri = public_url.parse::<Uri>().unwrap_or_default();
        let (scheme, host) = (
            uri.scheme_str().unwrap_or_default(),
            uri.host().unwrap_or_default(),
        );
        let port = uri
            .port()
            .map(|port| format!(":{port}"))
            .unwrap_or_default();
        if LOOPBACK.contains(&host) {
            let all = LOOPBACK
                .iter()
                .map(|name| format!("{scheme}://{name}{port}"));
            Self(all.collect())
        } else {
            Self(Arc::new([format!("{scheme}://{host}{port}")]))
        }
    }

    fn sent(&self, headers: &HeaderMap) -> bool {
        let site_fits = headers
            .get("sec-fetch-site")
            .is_none_or(|site| site == "same-origin" || site == "none");
        let origin_fits = headers
            .get(header::ORIGIN)
            .is_none_or(|origin| self.0.iter().any(|own| origin == own.as_str()));
        site_fits && origin_fits
    }
}

pub async fn same_origin(State(own): State<Origins>, request: Request, next: Next) -> Response {
    if only_reads(&request) || own.sent(request.headers()) {
        return next.run(request).await;
    }
    Problem::forbidden(
        "cross_site",
        "this request came from another website and was refused; open the community at its own address \
         (the setting `server.public_url`) and try again",
    )
    .into_response()
}

fn only_reads(request: &Request) -> bool {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    safe && !request.headers().contains_key(header::UPGRADE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    header::HeaderName::from_static(name),
                    header::HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn our_own_pages_and_programs_pass_and_other_websites_do_not() {
        let own = Origins::of("https://garden.example");
        let passes = |pairs| own.sent(&headers(pairs));
        assert!(passes(&[]), "a program");
        assert!(passes(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://garden.example")
        ]));
        assert!(!passes(&[("sec-fetch-site", "cross-site")]));
        assert!(!passes(&[("sec-fetch-site", "same-site")]), "a neighbour");
        assert!(!passes(&[(
            "origin",
            "https://garden.example.evil.example"
        )]));
        assert!(!passes(&[("origin", "http://garden.example")]), "no TLS");
        assert!(!passes(&[("origin", "null")]), "a sandboxed frame");
    }

    #[test]
    fn the_names_of_the_loopback_interface_are_one_origin_on_one_port() {
        let own = Origins::of("http://localhost:8080");
        assert!(own.sent(&headers(&[("origin", "http://127.0.0.1:8080")])));
        assert!(!own.sent(&headers(&[("origin", "http://127.0.0.1:8081")])));
    }
}
