//! What a use case is handed: who acts, when, and what ids and keys it draws from.

use super::model::Actor;
use crate::platform::Platform;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{Draw, Moment};
use crate::platform::key::Keyring;
use crate::platform::web::IfMatch;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::sync::Arc;

/// One call of a use case. Made anew each time a write's closure runs, so that it draws the same ids again.
pub struct Context {
    /// Who acts, in what request, with which keys.
    pub origin: Origin,
    /// Ids and codes.
    pub draw: Draw,
}

impl std::ops::Deref for Context {
    type Target = Origin;

    fn deref(&self) -> &Origin {
        &self.origin
    }
}

impl Context {
    /// When this happens, UTC.
    pub fn now(&self) -> DateTime<Utc> {
        self.draw.now
    }

    /// Today in the office.
    pub fn today(&self) -> NaiveDate {
        self.day(self.draw.now)
    }

    /// The office day of an instant.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        crate::platform::clock::office_day(at, self.zone)
    }

    /// Holds the caller to the version they have seen (`If-Match`).
    ///
    /// # Errors
    /// VersionRequired without the header, Stale when what is there has another version than named; `etag` is its entity-tag.
    pub fn expect_version(&self, version: i64, etag: &str) -> Result<()> {
        if !self.if_match.is_present() {
            return Err(Error::VersionRequired);
        }
        if self.if_match.version_matches(version) { Ok(()) } else { Err(Error::Stale { current: etag.to_owned() }) }
    }

    /// Encrypts a value for one row.
    ///
    /// # Errors
    /// Internal only.
    pub fn seal(&mut self, row: Id, field: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let nonce = self.draw.nonce();
        self.keys.seal(place(row, field).as_bytes(), plain, nonce)
    }

    /// Decrypts a text of one row.
    ///
    /// # Errors
    /// Internal only.
    pub fn unseal(&self, row: Id, field: &str, sealed: &[u8]) -> Result<String> {
        let plain = self.keys.unseal(place(row, field).as_bytes(), sealed)?;
        String::from_utf8(plain).map_err(|e| Error::Internal(Box::new(e)))
    }
}

/// What an encrypted value is bound to, so that it opens in its own field of its own row alone.
pub fn place(row: Id, field: &str) -> String {
    format!("{row}/{field}")
}

/// What stays the same over all runs of one call.
#[derive(Clone)]
pub struct Origin {
    /// Who acts.
    pub actor: Arc<Actor>,
    /// The write's time and randomness.
    pub moment: Moment,
    /// The keys of the data.
    pub keys: Arc<Keyring>,
    /// The office's zone.
    pub zone: Tz,
    /// The letters numbers begin with.
    pub office_code: Arc<str>,
    /// The version the caller has seen.
    pub if_match: IfMatch,
    /// The request, for the trail.
    pub request_id: Arc<str>,
    /// The client's trace (W3C Trace Context), for the trail.
    pub traceparent: Option<Arc<str>>,
    /// The program that calls, by its own word, for the trail.
    pub client: Option<Arc<str>>,
}

impl Origin {
    /// A write that nobody with a token asked for: the product itself, somebody at the door, the command line.
    pub fn system(platform: &Platform, request_id: &str) -> Self {
        Self {
            actor: Arc::new(Actor::SYSTEM),
            moment: platform.moment(),
            keys: Arc::clone(&platform.keys),
            zone: platform.config.zone,
            office_code: Arc::from(platform.config.office_code.as_str()),
            if_match: IfMatch::Absent,
            request_id: Arc::from(request_id),
            traceparent: None,
            client: None,
        }
    }

    /// The context of one run.
    pub fn context(&self) -> Context {
        Context { origin: self.clone(), draw: self.moment.draw() }
    }

    /// The context of what is prepared before the transaction, where the one writer does not wait for it: ciphers, texts, hashes.
    pub fn aside(&self) -> Context {
        Context { origin: self.clone(), draw: self.moment.draw_aside() }
    }
}
