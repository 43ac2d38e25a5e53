//! Who asks: a visitor, or a person who has signed in. The same calls for everybody; what differs is the answer.

use std::fmt;
use std::ops::Deref;

use reqwest::Method;
use reqwest::header::{COOKIE, HeaderMap, SET_COOKIE};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the server answered.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    asked: String,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The JSON of an answer with this status; any other status ends the test.
    #[track_caller]
    pub fn is(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self}");
        self.json()
    }

    /// A refusal with this status and code, told as a problem in the agreed form.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let problem = self.is(status);
        assert_eq!(problem["code"], code, "{self}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["status"], status, "{self}");
        assert!(problem["detail"].is_string(), "{self}");
        problem
    }

    /// A header's value, empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The session cookie that it sets.
    pub fn session(&self) -> Option<String> {
        let all = self.headers.get_all(SET_COOKIE).iter();
        all.filter_map(|value| value.to_str().ok())
            .find_map(|line| line.strip_prefix("__Host-session="))
            .and_then(|line| line.split(';').next())
            .map(str::to_owned)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was answered {}: ", self.asked, self.status)?;
        f.write_str(&self.text().chars().take(600).collect::<String>())
    }
}

/// Somebody who asks the server, signed in or not.
#[derive(Clone)]
pub struct Caller {
    client: reqwest::Client,
    url: String,
    cookie: Option<String>,
}

impl Caller {
    /// Asks the server at this address, with this session.
    pub fn new(url: &str, cookie: Option<&str>) -> Self {
        // The server's own client brings TLS without a choice of cryptography; built together, ours has to choose.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(crate::PATIENCE)
            .build()
            .expect("a client");
        Self {
            client,
            url: url.to_owned(),
            cookie: cookie.map(str::to_owned),
        }
    }

    /// The same connections with another session.
    pub fn with_session(&self, cookie: &str) -> Self {
        Self {
            cookie: Some(cookie.to_owned()),
            ..self.clone()
        }
    }

    /// The address of the server.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The session token.
    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// A request to be completed.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        match &self.cookie {
            Some(cookie) => request.header(COOKIE, format!("__Host-session={cookie}")),
            None => request,
        }
    }

    /// Sends a request; an error means that the server cannot be reached.
    pub async fn try_send(&self, request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
        let request = request.build()?;
        let asked = format!("{} {}", request.method(), request.url().path());
        let response = self.client.execute(request).await?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await?.to_vec(),
            asked,
        })
    }

    /// Sends a request to a server that must be there.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let answer = self.try_send(request).await;
        answer.unwrap_or_else(|cause| panic!("the server is not there: {cause:?}"))
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// `POST` with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// `POST` without a body.
    pub async fn ask(&self, path: &str) -> Answer {
        self.send(self.request(Method::POST, path)).await
    }

    /// `PUT` with a JSON body.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    /// `PATCH` with a JSON body.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::PATCH, path).json(body))
            .await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }
}

/// Who somebody is, wherever they sign in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Identity {
    /// The account.
    pub account: String,
    /// The printed name.
    pub name: String,
    /// The address to sign in with.
    pub email: String,
    /// The password.
    pub password: String,
    /// The session that began with the registration.
    pub session: String,
    /// The roles, by the community's name in addresses.
    pub roles: Vec<(String, Vec<String>)>,
}

impl Identity {
    /// Whether the person holds one of these roles in a community.
    pub fn is(&self, slug: &str, roles: &[&str]) -> bool {
        self.roles.iter().any(|(community, held)| {
            community == slug && held.iter().any(|role| roles.contains(&role.as_str()))
        })
    }
}

/// A person who has signed in.
#[derive(Clone)]
pub struct Person {
    /// Who it is.
    pub who: Identity,
    caller: Caller,
}

impl Person {
    /// This person, asking the server at this address.
    pub fn at(who: &Identity, url: &str) -> Self {
        Self {
            caller: Caller::new(url, Some(&who.session)),
            who: who.clone(),
        }
    }

    /// Signs in on a further device.
    pub async fn signs_in(&self) -> Self {
        let visitor = Caller::new(self.url(), None);
        let body = serde_json::json!({ "email": self.who.email, "password": self.who.password });
        let answer = visitor.post("/api/session", &body).await;
        answer.is(200);
        let session = answer.session().expect("a session cookie");
        Self {
            caller: self.caller.with_session(&session),
            who: Identity {
                session,
                ..self.who.clone()
            },
        }
    }
}

impl Deref for Person {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}
