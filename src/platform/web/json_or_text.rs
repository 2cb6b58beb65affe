//! Bodies that come in JSON or, under another media type, as the text of a file.

use super::body::{Body, collect, is_kind};
use super::codes;
use super::problem::Problem;
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::marker::PhantomData;
use utoipa::ToSchema;

/// A kind of text file.
pub trait TextKind {
    /// Its media type, in small letters and without parameters.
    const MEDIA_TYPE: &'static str;
}

/// A body of at most `LIMIT` bytes: JSON, or the text of a file of kind `K`.
pub enum JsonOrText<T, K, const LIMIT: usize> {
    /// JSON.
    Json(Body<T, LIMIT>),
    /// The text of a file, in UTF-8, as it came.
    Text(String, PhantomData<K>),
}

impl<T, K, const LIMIT: usize> JsonOrText<T, K, LIMIT> {
    /// SHA-256 by which a repetition is known: of JSON its meaning, of text its bytes.
    pub fn fingerprint(&self) -> [u8; 32] {
        match self {
            Self::Json(body) => body.fingerprint(),
            Self::Text(text, _) => Sha256::digest(text.as_bytes()).into(),
        }
    }
}

impl<T, K, const LIMIT: usize> FromRequest for JsonOrText<T, K, LIMIT>
where
    T: DeserializeOwned + ToSchema + Send + Sync + 'static,
    K: TextKind + 'static,
{
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    /// Does nothing before it is polled, so that an extractor before it speaks first.
    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            if !is_kind(req.headers(), |essence| essence == K::MEDIA_TYPE) {
                return Body::from_request(&req, &mut payload).await.map(Self::Json);
            }
            let bytes = collect(req.headers(), payload, LIMIT, |_| true).await?;
            let text = String::from_utf8(bytes).map_err(|_| Problem::bad_request(codes::NOT_UTF8))?;
            Ok(Self::Text(text, PhantomData))
        })
    }
}
