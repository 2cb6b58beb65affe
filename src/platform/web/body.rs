//! JSON bodies. Reading fails early (400, 413, 415); shape is looked at only when the handler asks, for 403, 404 and 412 come before 422.

use super::codes;
use super::problem::Problem;
use super::shape::{Shapes, remove_members};
use super::strict_json;
use crate::platform::error::{Error, Fault};
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use futures_util::{StreamExt, future::LocalBoxFuture};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use utoipa::ToSchema;

/// The usual limit of a JSON body in bytes.
pub const JSON_LIMIT: usize = 256 * 1024;

/// Above this many bytes a body is parsed on a blocking thread: it would hold up the other requests of its worker.
const INLINE: usize = 64 * 1024;

/// App data: another limit in bytes for bodies of the usual `LIMIT`.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimit(pub usize);

/// A readable JSON body of at most `LIMIT` bytes and what its schema says about it. Clones share it.
pub struct Body<T, const LIMIT: usize = JSON_LIMIT>(Arc<Content<T>>);

struct Content<T> {
    shaped: Result<T, Flaw<T>>,
    value: Value,
    fingerprint: [u8; 32],
}

/// Why a body has no `T`; kept so that each call can have its own error.
enum Flaw<T> {
    Faults(Vec<Fault>, Option<T>),
    Defect(String),
}

impl<T, const LIMIT: usize> Clone for Body<T, LIMIT> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T, const LIMIT: usize> Body<T, LIMIT> {
    /// What a handler made itself of a body that is no JSON: the parts of it, or every fault.
    pub fn made(parts: Result<T, Vec<Fault>>, fingerprint: [u8; 32]) -> Self {
        Self(Arc::new(Content { shaped: parts.map_err(|faults| Flaw::Faults(faults, None)), value: Value::Null, fingerprint }))
    }

    /// SHA-256 over the canonical JSON (RFC 8785) of what was sent, its text in order, so that a repetition is known by its meaning.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.0.fingerprint
    }

    /// The body as its schema wants it, or `Invalid` with every fault.
    pub fn shaped(&self) -> Result<&T, Error> {
        match &self.0.shaped {
            Ok(content) => Ok(content),
            Err(Flaw::Faults(faults, _)) => Err(Error::Invalid(faults.clone())),
            Err(Flaw::Defect(what)) => Err(Error::internal(what.clone())),
        }
    }

    /// The same; of a body with faults also those that `judge` finds in what can be read of it, so that all are told at once. It is given
    /// texts and lists of any length, and what could not be read at all is left out.
    ///
    /// # Errors
    /// Invalid, or what `judge` fails with.
    pub fn shaped_or_judged(&self, judge: impl FnOnce(&T) -> Result<Vec<Fault>, Error>) -> Result<&T, Error> {
        let Err(Flaw::Faults(faults, Some(rough))) = &self.0.shaped else { return self.shaped() };
        let mut all = faults.clone();
        let is_told = |found: &Fault| faults.iter().any(|known| is_within(&found.pointer, &known.pointer));
        all.extend(judge(rough)?.into_iter().filter(|found| !is_told(found)));
        Err(Error::Invalid(all))
    }

    /// The parsed JSON, its text in order; `{}` when nothing was sent.
    pub fn value(&self) -> &Value {
        &self.0.value
    }
}

impl<T: DeserializeOwned + ToSchema, const LIMIT: usize> Body<T, LIMIT> {
    /// Reads bytes; no bytes at all are an empty object, so that what is missing gets named.
    pub fn from_bytes(bytes: &[u8], shapes: &Shapes) -> Result<Self, Problem> {
        let value = if bytes.is_empty() { Value::Object(Map::new()) } else { strict_json::parse(bytes)? };
        Ok(Self::from_value(value, shapes)?)
    }

    /// The same of a value: a part of a body that is judged as if it had been sent alone.
    ///
    /// # Errors
    /// Internal only.
    pub fn from_value(mut value: Value, shapes: &Shapes) -> Result<Self, Error> {
        let shaped = shapes.read(&mut value).map_err(|error| match error {
            Error::Invalid(faults) => {
                let rough = rough(value.clone(), &faults);
                Flaw::Faults(faults, rough)
            }
            other => Flaw::Defect(other.to_string()),
        });
        // of the text in order, as an item of a batch is: a client may send it by either way
        let canonical = serde_json_canonicalizer::to_vec(&value).map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(Self(Arc::new(Content { shaped, value, fingerprint: Sha256::digest(&canonical).into() })))
    }
}

/// What can be read of a value with faults: all of it, or what is left without the places of the faults.
fn rough<T: DeserializeOwned>(mut value: Value, faults: &[Fault]) -> Option<T> {
    // the database takes no such text, not even to compare
    if faults.iter().any(|fault| fault.code == codes::CONTROL_CHARACTER) {
        return None;
    }
    if let Ok(read) = T::deserialize(&value) {
        return Some(read);
    }
    remove_members(&mut value, faults.iter().map(|fault| fault.pointer.clone()).collect());
    T::deserialize(&value).ok()
}

/// Whether a pointer is another one, or points to something inside it.
fn is_within(pointer: &str, outer: &str) -> bool {
    pointer.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl<T: DeserializeOwned + ToSchema + Send + Sync + 'static, const LIMIT: usize> FromRequest for Body<T, LIMIT> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    /// Does nothing before it is polled, so that an extractor before it speaks first.
    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let limit = match req.app_data::<BodyLimit>() {
                Some(BodyLimit(usual)) if LIMIT == JSON_LIMIT => *usual,
                _ => LIMIT,
            };
            let shapes =
                req.app_data::<web::Data<Shapes>>().ok_or_else(|| Problem::internal("Shapes missing from the app's data"))?.clone();
            let bytes = collect(req.headers(), payload, limit, is_json).await?;
            if !bytes.is_empty() && !is_json(req.headers()) {
                return Err(Problem::unsupported_media_type());
            }
            if bytes.len() <= INLINE {
                return Self::from_bytes(&bytes, &shapes);
            }
            web::block(move || Self::from_bytes(&bytes, &shapes)).await.map_err(Problem::internal)?
        })
    }
}

/// A body of bytes, a table in a file, at most `LIMIT` long.
pub struct Bytes<const LIMIT: usize>(pub Vec<u8>);

impl<const LIMIT: usize> FromRequest for Bytes<LIMIT> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    /// Does nothing before it is polled, so that an extractor before it speaks first.
    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move { Ok(Self(collect(req.headers(), payload, LIMIT, is_file).await?)) })
    }
}

/// A table in a file as browsers and command lines send it, not compressed; what it really is shows when it is read.
fn is_file(headers: &HeaderMap) -> bool {
    const KINDS: [&str; 4] =
        ["text/csv", "text/plain", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/octet-stream"];
    let plain = headers.get("content-encoding").is_none_or(|v| v == "identity");
    let Some(text) = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).map(str::to_ascii_lowercase) else { return false };
    plain && KINDS.contains(&text.split(';').next().unwrap_or_default().trim())
}

/// Reads the payload, but not what announces itself as too large or of another kind.
pub(super) async fn collect(
    headers: &HeaderMap,
    mut payload: Payload,
    limit: usize,
    takes: impl Fn(&HeaderMap) -> bool,
) -> Result<Vec<u8>, Problem> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(Problem::too_large(limit as u64));
    }
    if headers.contains_key(CONTENT_TYPE) && announced != Some(0) && !takes(headers) {
        return Err(Problem::unsupported_media_type());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::bad_request(codes::INTERRUPTED))?;
        if bytes.len() + chunk.len() > limit {
            return Err(Problem::too_large(limit as u64));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// `application/json` or a type built on it (RFC 6839, 3.1), in UTF-8 and not compressed.
fn is_json(headers: &HeaderMap) -> bool {
    is_kind(headers, |essence| essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")))
}

/// Whether the body is said to be of a kind, in UTF-8 and not compressed.
pub(super) fn is_kind(headers: &HeaderMap, fits: impl Fn(&str) -> bool) -> bool {
    if headers.get("content-encoding").is_some_and(|v| v != "identity") {
        return false;
    }
    let Some(text) = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).map(str::to_ascii_lowercase) else { return false };
    let mut parts = text.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let utf8 = parts.filter_map(|p| p.strip_prefix("charset=")).all(|charset| charset.trim_matches('"') == "utf-8");
    fits(essence) && utf8
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn media_types() {
        for (text, ok) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/merge-patch+json", true),
            ("application/json;charset=\"utf-8\"", true),
            ("application/json; charset=gbk", false),
            ("text/json", false),
            ("application/x-www-form-urlencoded", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(text));
            assert_eq!(is_json(&headers), ok, "{text}");
        }
    }
}
