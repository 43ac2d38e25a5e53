//! A person at the door: requests to the router of this process, with a real session.

use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::identity::SESSION_COOKIE;

const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

/// Somebody who calls the API.
pub struct Caller {
    router: Router,
    cookie: Option<String>,
}

impl Caller {
    /// Somebody who is not signed in.
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookie: None,
        }
    }

    /// Asks for something.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<Value> {
        self.call(Method::GET, path, None).await
    }

    /// Sends something.
    pub async fn post(&mut self, path: &str, body: Value) -> anyhow::Result<Value> {
        self.call(Method::POST, path, Some(body)).await
    }

    /// Puts something in its place.
    pub async fn put(&mut self, path: &str, body: Value) -> anyhow::Result<Value> {
        self.call(Method::PUT, path, Some(body)).await
    }

    /// Ends the session on this device.
    pub async fn sign_out(&mut self) -> anyhow::Result<()> {
        if self.cookie.is_some() {
            self.call(Method::DELETE, "/api/session", None).await?;
        }
        Ok(())
    }

    async fn call(
        &mut self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> anyhow::Result<Value> {
        let asked = format!("{method} {path}");
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::USER_AGENT, "hortus demo");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let mut request =
            request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))?;
        let from = SocketAddr::from(([127, 0, 0, 1], 0));
        request.extensions_mut().insert(ConnectInfo(from));

        let response = match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let status = response.status();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            if pair.starts_with(SESSION_COOKIE) {
                self.cookie = Some(pair.to_owned());
            }
        }
        let bytes = to_bytes(response.into_body(), LARGEST_ANSWER).await?;
        if !status.is_success() {
            bail!(
                "{asked} answered {status}: {}",
                String::from_utf8_lossy(&bytes)
            );
        }
        if bytes.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&bytes).with_context(|| format!("{asked} answered no JSON"))
    }
}
