//! Somebody who calls. A persona's token is signed for the moment of the call: signing in is tested where it belongs.

use super::answers::Answer;
use super::app::TestApp;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use xinfang::auth::Actor;
use xinfang::platform::db::types::Id;

/// Somebody who calls, or nobody.
#[derive(Clone)]
pub struct Persona<'a> {
    app: &'a TestApp,
    /// The user name; `anonymous` without a token.
    pub name: String,
    /// The account behind it.
    pub actor: Option<Actor>,
}

/// A call that is sent when awaited.
#[must_use = "a request is sent when it is awaited"]
pub struct Request<'a> {
    persona: Persona<'a>,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    /// Whether this persona's token goes with it.
    token: bool,
}

impl<'a> Persona<'a> {
    pub(super) fn nobody(app: &'a TestApp) -> Self {
        Self { app, name: "anonymous".to_owned(), actor: None }
    }

    pub(super) fn account(app: &'a TestApp, name: &str, actor: Actor) -> Self {
        Self { app, name: name.to_owned(), actor: Some(actor) }
    }

    /// Id of the account behind it.
    pub fn id(&self) -> Id {
        self.actor.as_ref().unwrap().id()
    }

    /// A token good for the next 15 minutes of the office's clock.
    pub fn token(&self) -> Option<String> {
        let actor = self.actor.as_ref()?;
        Some(self.app.tokens.sign(actor, self.app.unknown_id(), self.app.now()).unwrap())
    }

    /// Reads. Paths the document knows from the root are taken as they are, all others stand below `/api/v1`.
    pub fn get(&self, path: &str) -> Request<'a> {
        self.call(Method::GET, path)
    }

    /// Makes, or acts.
    pub fn post(&self, path: &str, json: Value) -> Request<'a> {
        self.call(Method::POST, path).json(&json)
    }

    /// Puts in place.
    pub fn put(&self, path: &str, json: Value) -> Request<'a> {
        self.call(Method::PUT, path).json(&json)
    }

    /// Changes parts.
    pub fn patch(&self, path: &str, json: Value) -> Request<'a> {
        self.call(Method::PATCH, path).json(&json)
    }

    /// Takes away; `.json(&json!({"reason": …}))` where a reason is due.
    pub fn delete(&self, path: &str) -> Request<'a> {
        self.call(Method::DELETE, path)
    }

    /// Any method, without a body.
    pub fn call(&self, method: Method, path: &str) -> Request<'a> {
        let known = path.starts_with("/api/") || self.app.document.knows(path);
        let path = if known { path.to_owned() } else { format!("/api/v1{path}") };
        Request { persona: self.clone(), method, path, headers: HeaderMap::new(), body: None, token: true }
    }
}

impl Request<'_> {
    /// Sets a header; one set before gives way.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().unwrap();
        self.headers.insert(name, HeaderValue::from_str(value).unwrap());
        self
    }

    /// Only if the petition still has this entity-tag.
    pub fn if_match(self, etag: &str) -> Self {
        self.header("if-match", etag)
    }

    /// The same call again gives the same answer.
    pub fn idempotency_key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// A JSON body.
    pub fn json(self, json: &Value) -> Self {
        let bytes = serde_json::to_vec(json).unwrap();
        self.raw_body(bytes, "application/json")
    }

    /// Any bytes under any content type.
    pub fn raw_body(mut self, bytes: impl Into<Vec<u8>>, content_type: &str) -> Self {
        self.body = Some(bytes.into());
        self.header("content-type", content_type)
    }

    /// Another `Authorization` than this persona's own.
    pub fn authorization(mut self, value: &str) -> Self {
        self.token = false;
        self.header("authorization", value)
    }

    async fn send(mut self) -> Answer {
        let app = self.persona.app;
        if self.token
            && let Some(token) = self.persona.token()
        {
            self = self.authorization(&format!("Bearer {token}"));
        }
        let mut request = app.client.request(self.method.clone(), app.url(&self.path)).headers(self.headers);
        if let Some(body) = self.body {
            request = request.body(body);
        }
        let response = request.send().await.unwrap_or_else(|e| panic!("{} {} as {}: {e}", self.method, self.path, self.persona.name));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let answer = Answer::new(&self.persona.name, self.method, self.path, status, headers, bytes);
        app.document.check(&answer);
        answer
    }
}

impl<'a> IntoFuture for Request<'a> {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
