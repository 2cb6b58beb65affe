//! Lists page by page: keyset cursors nobody can forge or carry to another list.

use super::codes;
use super::problem::Problem;
use crate::platform::error::Fault;
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use utoipa::ToSchema;

/// Items of a page unless `limit` says otherwise.
pub const LIMIT_DEFAULT: u32 = 50;
/// The least `limit`.
pub const LIMIT_MIN: u32 = 1;
/// The greatest `limit`.
pub const LIMIT_MAX: u32 = 200;

/// One page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Give this as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A list that fits on one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}

/// The number of items to read: the default when absent, 400 outside 1–200.
pub fn limit(asked: Option<u32>) -> Result<u32, Problem> {
    match asked {
        None => Ok(LIMIT_DEFAULT),
        Some(n) if n < LIMIT_MIN => Err(Problem::unreadable(vec![Fault::new("/limit", codes::TOO_SMALL).arg(LIMIT_MIN)])),
        Some(n) if n > LIMIT_MAX => Err(Problem::unreadable(vec![Fault::new("/limit", codes::TOO_LARGE).arg(LIMIT_MAX)])),
        Some(n) => Ok(n),
    }
}

/// Cursors: where the next page begins, sealed against forgery.
#[derive(Debug, Clone, Copy)]
pub struct Cursor;

/// Bytes of the seal: 128 bits, for a cursor guards no secret and each guess is a request.
const SEAL: usize = 16;

impl Cursor {
    /// Seals a payload for its context: who asks, and with which filter.
    pub fn encode(key: &[u8; 32], context: &[u8], payload: &impl Serialize) -> String {
        // A payload that is no JSON would be a defect; its cursor opens nowhere.
        let mut bytes = serde_json::to_vec(payload).unwrap_or_default();
        let seal = mac(key, context, &bytes).finalize().into_bytes();
        bytes.extend_from_slice(&seal[..SEAL]);
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// Opens a cursor; forged, damaged or made for another context is a 400.
    pub fn decode<P: DeserializeOwned>(key: &[u8; 32], context: &[u8], text: &str) -> Result<P, Problem> {
        let forged = || Problem::bad_request(codes::FORGED_CURSOR).faults(vec![Fault::new("/cursor", codes::FORGED_CURSOR)]);
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| forged())?;
        let (payload, seal) = bytes.len().checked_sub(SEAL).map(|at| bytes.split_at(at)).ok_or_else(forged)?;
        mac(key, context, payload).verify_truncated_left(seal).map_err(|_| forged())?;
        serde_json::from_slice(payload).map_err(|_| forged())
    }
}

/// The length goes first, or a byte could move from the context to the payload.
fn mac(key: &[u8; 32], context: &[u8], payload: &[u8]) -> Hmac<Sha256> {
    // HMAC fills a shorter key with zeros up to the block (RFC 2104); doing it here, no length can be wrong.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(&(context.len() as u64).to_be_bytes());
    mac.update(context);
    mac.update(payload);
    mac
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn cursors_open_where_they_were_made_and_nowhere_else() {
        let (key, other) = ([1; 32], [2; 32]);
        let cursor = Cursor::encode(&key, b"caller|filter", &(7, "name"));
        let opened: (i32, String) = Cursor::decode(&key, b"caller|filter", &cursor).unwrap();
        assert_eq!(opened, (7, "name".to_owned()));
        let flipped = format!("{}{}", if cursor.starts_with('A') { 'B' } else { 'A' }, &cursor[1..]);
        for (key, context, text) in [
            (&other, &b"caller|filter"[..], cursor.as_str()),
            (&key, b"caller|other", &cursor),
            (&key, b"caller|filter", &flipped),
            (&key, b"caller|filter", &cursor[..cursor.len() - 1]),
            (&key, b"caller|filter", ""),
            (&key, b"caller|filter", "not base64!"),
        ] {
            let problem = Cursor::decode::<(i32, String)>(key, context, text).unwrap_err();
            assert_eq!((problem.status().as_u16(), problem.code()), (400, codes::FORGED_CURSOR), "{text}");
        }
    }

    #[test]
    fn limits() {
        for (asked, given) in [(None, Some(50)), (Some(1), Some(1)), (Some(200), Some(200)), (Some(0), None), (Some(201), None)] {
            assert_eq!(limit(asked).ok(), given, "{asked:?}");
        }
    }
}
