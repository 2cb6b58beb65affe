//! Retries made harmless: the answer to a write is kept, encrypted, in the write's own transaction.

use super::answer::Answer;
use super::codes;
use crate::on_both;
use crate::platform::db::Conn;
use crate::platform::db::schema::idempotency;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::ids::Draw;
use crate::platform::key::Keyring;
use chrono::Duration;
use diesel::prelude::*;
use sha2::{Digest, Sha256};

/// Phones stay offline for long.
const KEPT: Duration = Duration::days(45);

/// What makes a call the same call: the caller's keys for it and what it says.
#[derive(Clone)]
pub struct Once {
    /// Who calls.
    pub caller: Id,
    /// What the call goes by: its `Idempotency-Key`, the id the client made, or both.
    pub keys: Vec<CallKey>,
    /// Hash of the payload.
    pub fingerprint: [u8; 32],
}

/// A name under which an answer is kept.
#[derive(Debug, Clone, Copy)]
pub enum CallKey {
    /// Hash of route and `Idempotency-Key`.
    Header([u8; 32]),
    /// Hash of the id a client made for what the call makes.
    Made([u8; 32]),
}

impl CallKey {
    /// An `Idempotency-Key` on a route.
    pub fn header(route: &str, key: &str) -> Self {
        Self::Header(key_hash(route, key))
    }

    /// An id made by the client.
    pub fn made(id: &uuid::Uuid) -> Self {
        Self::Made(key_hash("made", &id.to_string()))
    }

    fn hash(&self) -> &[u8; 32] {
        match self {
            Self::Header(hash) | Self::Made(hash) => hash,
        }
    }

    /// The refusal of the same key with another payload.
    fn reused(&self) -> Error {
        match self {
            Self::Header(_) => Error::Invalid(vec![Fault::new("", codes::IDEMPOTENCY_KEY_REUSED)]),
            Self::Made(_) => Error::conflict(codes::ID_TAKEN),
        }
    }
}

fn key_hash(route: &str, key: &str) -> [u8; 32] {
    Sha256::new().chain_update(route.as_bytes()).chain_update(b"\0").chain_update(key.as_bytes()).finalize().into()
}

impl Once {
    /// Runs `f` unless this very call was answered before; only a success is kept. True when the answer is a replay.
    ///
    /// # Errors
    /// Invalid when a key comes back with another payload; what `f` returns; Again when the same call won a race.
    pub fn run(
        &self,
        c: &mut Conn,
        keys: &Keyring,
        draw: &mut Draw,
        f: impl FnOnce(&mut Conn, &mut Draw) -> Result<Answer>,
    ) -> Result<(Answer, bool)> {
        if let Some(answer) = self.any_kept(c, keys, draw)? {
            return Ok((answer, true));
        }
        let answer = match f(c, draw) {
            // what stands in the way may be this very call, sent twice at once and done meanwhile: run again and find its answer
            Err(Error::Conflict(_)) if self.any_kept(c, keys, draw)?.is_some() => return Err(Error::Again),
            outcome => outcome?,
        };
        for key in &self.keys {
            self.keep(c, keys, key, draw, &answer)?;
        }
        Ok((answer, false))
    }

    /// The answer this very call was given before.
    ///
    /// # Errors
    /// As [`Once::run`].
    pub fn any_kept(&self, c: &mut Conn, keys: &Keyring, draw: &Draw) -> Result<Option<Answer>> {
        for key in &self.keys {
            if let Some(answer) = self.kept(c, keys, key, draw)? {
                return Ok(Some(answer));
            }
        }
        Ok(None)
    }

    fn kept(&self, c: &mut Conn, keys: &Keyring, key: &CallKey, draw: &Draw) -> Result<Option<Answer>> {
        let living = idempotency::table
            .find((self.caller, &key.hash()[..]))
            .filter(idempotency::expires_at.gt(Time(draw.now)))
            .select((idempotency::fingerprint, idempotency::answer));
        let row: Option<(Vec<u8>, Vec<u8>)> = on_both!(c, |c| living.first(c)).optional()?;
        let Some((fingerprint, sealed)) = row else { return Ok(None) };
        if fingerprint != self.fingerprint {
            return Err(key.reused());
        }
        let plain = keys.unseal(key.hash(), &sealed)?;
        serde_json::from_slice(&plain).map(Some).map_err(|e| Error::Internal(Box::new(e)))
    }

    fn keep(&self, c: &mut Conn, keys: &Keyring, key: &CallKey, draw: &mut Draw, answer: &Answer) -> Result<()> {
        let plain = serde_json::to_vec(answer).map_err(|e| Error::Internal(Box::new(e)))?;
        let row = (
            idempotency::caller_id.eq(self.caller),
            idempotency::key_hash.eq(key.hash().to_vec()),
            idempotency::fingerprint.eq(self.fingerprint.to_vec()),
            idempotency::answer.eq(keys.seal(key.hash(), &plain, draw.nonce())?),
            idempotency::expires_at.eq(Time(draw.now + KEPT)),
        );
        let stored = match c {
            // the one writer has just looked: a row under this key can only be an expired one, which gives way
            Conn::Sqlite(c) => diesel::replace_into(idempotency::table).values(row).execute(c)?,
            Conn::Pg(c) => {
                let insert = diesel::insert_into(idempotency::table).values(row).on_conflict_do_nothing();
                match insert.clone().execute(c)? {
                    0 => {
                        // an expired row gives way; a living one is the same call that won a race
                        let same = idempotency::table.find((self.caller, key.hash().to_vec()));
                        diesel::delete(same.filter(idempotency::expires_at.le(Time(draw.now)))).execute(c)?;
                        insert.execute(c)?
                    }
                    stored => stored,
                }
            }
        };
        if stored == 1 { Ok(()) } else { Err(Error::Again) }
    }
}

/// Forgets answers whose time is over, at most so many; says how many.
///
/// # Errors
/// Database only.
pub fn forget(c: &mut Conn, now: Time, most: i64) -> Result<usize> {
    let over: Vec<(Id, Vec<u8>)> = idempotency::table
        .filter(idempotency::expires_at.le(now))
        .select((idempotency::caller_id, idempotency::key_hash))
        .limit(most)
        .load(c)?;
    let mut forgotten = 0;
    for key in over {
        // a key used again meanwhile lives on
        forgotten += diesel::delete(idempotency::table.find(key).filter(idempotency::expires_at.le(now))).execute(c)?;
    }
    Ok(forgotten)
}
