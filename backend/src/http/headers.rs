//! Headers that tell the browser what our pages may do: nothing but what they need, and nobody may frame them.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// The one inline style of the web app: SvelteKit's announcer of page changes for screen readers.
const ANNOUNCER_STYLE: &str = "'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='";

/// The headers of every answer.
#[derive(Clone)]
pub struct SecurityHeaders(Arc<[(HeaderName, HeaderValue)]>);

impl SecurityHeaders {
    /// For a server at this address whose page has inline scripts with these hashes (`sha256-…`).
    pub fn new(public_url: &str, scripts: &[String]) -> Self {
        let hashes: String = scripts.iter().map(|hash| format!(" '{hash}'")).collect();
        let policy = format!(
            "default-src 'none'; script-src 'self'{hashes}; style-src 'self'; \
             style-src-attr 'unsafe-hashes' {ANNOUNCER_STYLE}; img-src 'self'; font-src 'self'; \
             connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        );
        let mut all = vec![
            (
                header::X_CONTENT_TYPE_OPTIONS,
                HeaderValue::from_static("nosniff"),
            ),
            (
                header::REFERRER_POLICY,
                HeaderValue::from_static("no-referrer"),
            ),
            (
                HeaderName::from_static("permissions-policy"),
                HeaderValue::from_static(
                    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
                ),
            ),
            (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
            (
                HeaderName::from_static("cross-origin-opener-policy"),
                HeaderValue::from_static("same-origin"),
            ),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                HeaderValue::from_static("same-origin"),
            ),
        ];
        if let Ok(policy) = HeaderValue::try_from(policy) {
            all.push((header::CONTENT_SECURITY_POLICY, policy));
        }
        if public_url.starts_with("https://") {
            all.push((
                header::STRICT_TRANSPORT_SECURITY,
                HeaderValue::from_static("max-age=63072000; includeSubDomains"),
            ));
        }
        Self(all.into())
    }
}

pub async fn add(State(all): State<SecurityHeaders>, request: Request, next: Next) -> Response {
    let of_api = request.uri().path().starts_with("/api");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in all.0.iter() {
        headers.insert(name.clone(), value.clone());
    }
    if of_api {
        // What one member may read, no cache may keep for another.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
