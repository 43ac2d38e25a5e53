//! The web app inside the binary: every address that is neither the API nor a file of the app answers its one page.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

use super::limits;
use crate::problem::Problem;

#[derive(RustEmbed)]
#[folder = "$SITE_DIR"]
#[allow_missing = true]
struct Files;

const PAGE: &str = "index.html";
/// Files whose names change with their content.
const HASHED: &str = "_app/immutable/";
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Hortus</title>\
    <h1>The web app is not built</h1><p>The API answers. Build the web app with <code>npm ci</code> and \
    <code>npm run build</code> in <code>frontend/</code>, then load this page again.</p></html>";

/// Answers what no route of the API answers.
pub async fn answer(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::not_found().into_response();
    }
    if !matches!(method, Method::GET | Method::HEAD) {
        return limits::wrong_method().await.into_response();
    }
    match Files::get(path) {
        Some(file) if path.starts_with(HASHED) => {
            whole(path, file, "public, max-age=31536000, immutable")
        }
        Some(file) => if_changed(path, file, &headers),
        None if path.starts_with("_app/") => Problem::not_found().into_response(),
        None => match Files::get(PAGE) {
            Some(page) => if_changed(PAGE, page, &headers),
            None => (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response(),
        },
    }
}

/// The hashes of the page's inline scripts (`sha256-…`), which change with every build of the web app.
pub fn inline_scripts() -> Vec<String> {
    let page = Files::get(PAGE).map(|file| file.data).unwrap_or_default();
    hashes_in(&String::from_utf8_lossy(&page))
}

fn hashes_in(page: &str) -> Vec<String> {
    page.split("<script")
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .filter(|(attributes, _)| !attributes.contains("src="))
        .filter_map(|(_, rest)| rest.split_once("</script>"))
        .map(|(script, _)| format!("sha256-{}", BASE64.encode(Sha256::digest(script))))
        .collect()
}

/// A file that the browser may keep but must ask about each time.
fn if_changed(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", hex::encode(file.metadata.sha256_hash()));
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|tags| {
            tags.split(',')
                .any(|one| one.trim().trim_start_matches("W/") == tag)
        });
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        whole(path, file, "no-cache")
    };
    if let Ok(tag) = HeaderValue::try_from(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

fn whole(path: &str, file: EmbeddedFile, cache: &'static str) -> Response {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = match kind.type_() {
        mime_guess::mime::TEXT => format!("{kind}; charset=utf-8"),
        _ => kind.to_string(),
    };
    (
        [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, cache.to_owned()),
        ],
        Body::from(file.data.into_owned()),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_hashed_and_linked_ones_are_not() {
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        let page =
            "<head><script src=\"/theme.js\"></script><script nonce>alert(1)</script></head>";
        assert_eq!(
            hashes_in(page),
            ["sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI="]
        );
    }
}
