//! An answer before it becomes HTTP: it can be kept and given again word for word.

use super::etag::entity_tag;
pub use super::negotiation::{acceptable, preferred};
use super::problem::Problem;
use super::request::RequestMeta;
use crate::platform::error::Error;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LOCATION, CONTENT_TYPE, ETAG, HeaderName, LOCATION};
use actix_web::{HttpResponse, ResponseError};
use serde::{Deserialize, Serialize};

/// A successful answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The JSON text as it was first sent; `None` for no content. Kept as text, for the entity-tag speaks of these very bytes.
    pub body: Option<String>,
    /// `ETag`, quotes included.
    pub etag: Option<String>,
    /// `Location` of what was made.
    pub location: Option<String>,
    /// `Content-Location`: whose state the body is.
    pub content_location: Option<String>,
}

impl Answer {
    /// A JSON body.
    pub fn json(status: u16, body: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_string(body).map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(Self { status, body: Some(body), etag: None, location: None, content_location: None })
    }

    /// 200 with a JSON body.
    pub fn ok(body: &impl Serialize) -> Result<Self, Error> {
        Self::json(200, body)
    }

    /// 201 with the place of what was made.
    pub fn created(location: impl Into<String>, body: &impl Serialize) -> Result<Self, Error> {
        let mut answer = Self::json(201, body)?;
        answer.location = Some(location.into());
        Ok(answer)
    }

    /// 204.
    pub fn no_content() -> Self {
        Self { status: 204, body: None, etag: None, location: None, content_location: None }
    }

    /// Adds an entity-tag.
    #[must_use]
    pub fn etag(mut self, etag: impl Into<String>) -> Self {
        self.etag = Some(etag.into());
        self
    }

    /// Adds the entity-tag of this body at a version.
    #[must_use]
    pub fn version(self, version: i64) -> Self {
        let tag = entity_tag(version, self.body.as_deref().unwrap_or_default().as_bytes());
        self.etag(tag)
    }

    /// Adds whose state the body is.
    #[must_use]
    pub fn content_location(mut self, path: impl Into<String>) -> Self {
        self.content_location = Some(path.into());
        self
    }

    /// The HTTP response; a read of what the client has already is a 304. `replayed` marks a stored answer.
    pub fn into_response(self, meta: &RequestMeta, replayed: bool) -> HttpResponse {
        let Ok(status) = StatusCode::from_u16(self.status) else {
            return Problem::internal(format!("an answer with status {}", self.status)).error_response();
        };
        let unchanged = meta.reads && status == StatusCode::OK && self.etag.as_deref().is_some_and(|tag| meta.if_none_match.holds(tag));
        let mut response = HttpResponse::build(if unchanged { StatusCode::NOT_MODIFIED } else { status });
        for (name, value) in [(ETAG, self.etag), (LOCATION, self.location), (CONTENT_LOCATION, self.content_location)] {
            if let Some(value) = value {
                response.insert_header((name, value));
            }
        }
        if replayed {
            response.insert_header((HeaderName::from_static("idempotency-replayed"), "true"));
        }
        match self.body {
            Some(body) if !unchanged => response.insert_header((CONTENT_TYPE, "application/json")).body(body),
            _ => response.finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_read_of_what_is_known_is_a_304() {
        let answer = Answer::ok(&serde_json::json!({"a": 1})).unwrap().version(4);
        let tag = answer.etag.clone().unwrap();
        for (request, header, status) in [
            (TestRequest::get(), tag.clone(), 304),
            (TestRequest::get(), format!("W/{tag}"), 304),
            (TestRequest::get(), "\"4-000000000000\"".into(), 200),
            (TestRequest::post(), tag.clone(), 200),
        ] {
            let meta = RequestMeta::of(&request.insert_header(("if-none-match", header.clone())).to_http_request());
            let response = answer.clone().into_response(&meta, false);
            assert_eq!(response.status().as_u16(), status, "{header}");
            assert_eq!(response.headers().get("etag").unwrap(), tag.as_str());
        }
    }

    #[test]
    fn a_replay_says_so_and_survives_storage() {
        let answer = Answer::created("/things/1", &serde_json::json!({"id": 1})).unwrap();
        let stored: Answer = serde_json::from_str(&serde_json::to_string(&answer).unwrap()).unwrap();
        assert_eq!(stored, answer);
        let response = stored.into_response(&RequestMeta::of(&TestRequest::post().to_http_request()), true);
        assert_eq!(response.headers().get("idempotency-replayed").unwrap(), "true");
        assert_eq!(response.headers().get("location").unwrap(), "/things/1");
    }
}
