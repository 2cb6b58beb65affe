//! The wrapped data keys in the database.

use super::{Keyring, NONCE, Purpose, Secret, TokenKey, decrypt, encrypt, file};
use crate::platform::db::schema::data_key;
use crate::platform::db::types::Time;
use crate::platform::db::{Conn, alone, in_transaction};
use crate::platform::error::{Error, Result};
use crate::platform::ids::Ids;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use std::path::Path;

#[derive(Queryable, Insertable)]
#[diesel(table_name = data_key)]
struct Row {
    key_id: i32,
    purpose: String,
    wrapped: Vec<u8>,
    created_at: Time,
    retired_at: Option<Time>,
}

/// A retired token key verifies for as long as a token it signed can live.
const OVERLAP: Duration = Duration::minutes(20);

/// Opens the keyring of a database. The key file and the data keys are made when the database is empty.
///
/// # Errors
/// When there are data but no key file, or the wrong one.
pub fn open(c: &mut Conn, path: &Path, now: DateTime<Utc>) -> Result<Keyring> {
    in_transaction(c, |c| {
        alone(c)?;
        let rows = load(c)?;
        if !rows.is_empty() {
            return Ok(fitting(&rows, path, now)?.take(path)?.ring);
        }
        let wrapping = match file::read(path)? {
            Some(wrapping) => wrapping,
            None => {
                let fresh = Secret(Ids::Random.bytes());
                file::create(path, &fresh)?;
                fresh
            }
        };
        for purpose in Purpose::ALL {
            add(c, purpose, &wrapping, now)?;
        }
        unwrap_all(&load(c)?, &wrapping, now)
    })
}

/// Opens the keyring of a database that is only looked at: nothing is made.
///
/// # Errors
/// When the key file is missing or the wrong one.
pub fn open_existing(c: &mut Conn, path: &Path, now: DateTime<Utc>) -> Result<Keyring> {
    Ok(fitting(&load(c)?, path, now)?.ring)
}

/// Adds a token key that signs from the next start on; the old ones verify until their tokens have expired.
///
/// # Errors
/// As [`open`].
pub fn rotate_tokens(c: &mut Conn, path: &Path, now: DateTime<Utc>) -> Result<()> {
    in_transaction(c, |c| {
        alone(c)?;
        let Fitting { wrapping, .. } = fitting(&load(c)?, path, now)?.take(path)?;
        diesel::update(data_key::table.filter(data_key::purpose.eq(Purpose::Token.as_str())).filter(data_key::retired_at.is_null()))
            .set(data_key::retired_at.eq(Some(Time(now))))
            .execute(c)?;
        add(c, Purpose::Token, &wrapping, now)
    })
}

/// Makes another key file and wraps the data keys with it; no data row is touched.
///
/// The new file is on disk before the commit and takes the old one's place after it: however this ends, one of the two fits,
/// and [`open`] finds it.
///
/// # Errors
/// As [`open`].
pub fn rotate_wrapping(c: &mut Conn, path: &Path, now: DateTime<Utc>) -> Result<()> {
    in_transaction(c, |c| {
        alone(c)?;
        let rows = load(c)?;
        let Fitting { ring, .. } = fitting(&rows, path, now)?.take(path)?;
        let fresh = Secret(Ids::Random.bytes());
        for row in rows {
            let wrapped = wrap(&fresh, &row.purpose, row.key_id, ring.secret(row.key_id)?)?;
            diesel::update(data_key::table.find(row.key_id)).set(data_key::wrapped.eq(wrapped)).execute(c)?;
        }
        file::prepare(path, &fresh)
    })?;
    file::finish(path)
}

/// The key that opens the data keys, and what it opened.
struct Fitting {
    wrapping: Secret,
    ring: Keyring,
    /// It still waits beside the file it was to replace.
    waits: bool,
}

impl Fitting {
    /// Finishes a rotation that ended between its commit and its last step.
    fn take(self, path: &Path) -> Result<Self> {
        if self.waits {
            file::finish(path)?;
        }
        Ok(Self { waits: false, ..self })
    }
}

fn fitting(rows: &[Row], path: &Path, now: DateTime<Utc>) -> Result<Fitting> {
    let refusal = match file::read(path)? {
        Some(wrapping) => match unwrap_all(rows, &wrapping, now) {
            Ok(ring) => return Ok(Fitting { wrapping, ring, waits: false }),
            Err(e) => e,
        },
        None => Error::internal(format!(
            "the database holds data but its key file {} is missing. Put it back: without it identity numbers and phones can't be read.",
            path.display()
        )),
    };
    // what an attempt cut short left half written is no key
    let Some(wrapping) = file::read(&file::waiting(path)).ok().flatten() else { return Err(refusal) };
    unwrap_all(rows, &wrapping, now).map(|ring| Fitting { wrapping, ring, waits: true }).map_err(|_| refusal)
}

fn load(c: &mut Conn) -> Result<Vec<Row>> {
    Ok(data_key::table.order(data_key::key_id).load(c)?)
}

fn add(c: &mut Conn, purpose: Purpose, wrapping: &Secret, now: DateTime<Utc>) -> Result<()> {
    let last: Option<i32> = data_key::table.select(diesel::dsl::max(data_key::key_id)).first(c)?;
    let key_id = last.unwrap_or(0) + 1;
    let wrapped = wrap(wrapping, purpose.as_str(), key_id, &Secret(Ids::Random.bytes()))?;
    let row = Row { key_id, purpose: purpose.as_str().to_owned(), wrapped, created_at: Time(now), retired_at: None };
    diesel::insert_into(data_key::table).values(&row).execute(c)?;
    Ok(())
}

fn place(purpose: &str, key_id: i32) -> Vec<u8> {
    format!("data_key:{purpose}:{key_id}").into_bytes()
}

fn wrap(wrapping: &Secret, purpose: &str, key_id: i32, secret: &Secret) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE] = Ids::Random.bytes();
    let mut wrapped = nonce.to_vec();
    wrapped.extend(encrypt(wrapping, &nonce, &place(purpose, key_id), secret.expose())?);
    Ok(wrapped)
}

fn unwrap_all(rows: &[Row], wrapping: &Secret, now: DateTime<Utc>) -> Result<Keyring> {
    let mut ring = Keyring { keys: Default::default(), current: Default::default(), tokens: Vec::new() };
    for row in rows {
        let wrong = || Error::internal("the key file does not fit this database");
        let (nonce, cipher) = row.wrapped.split_first_chunk::<NONCE>().ok_or_else(wrong)?;
        let plain = decrypt(wrapping, nonce, &place(&row.purpose, row.key_id), cipher).map_err(|_| wrong())?;
        let secret = Secret(plain.try_into().map_err(|_| wrong())?);
        let purpose = Purpose::ALL.into_iter().find(|p| p.as_str() == row.purpose).ok_or_else(wrong)?;
        if purpose == Purpose::Token {
            if row.retired_at.is_none_or(|at| at.0 + OVERLAP > now) {
                // newest first: it signs
                ring.tokens.insert(0, TokenKey { key_id: row.key_id, seed: secret.clone() });
            }
        } else if row.retired_at.is_none() {
            ring.current.insert(purpose, row.key_id);
        }
        ring.keys.insert(row.key_id, secret);
    }
    Ok(ring)
}

#[cfg(test)]
#[path = "store_tests.rs"]
#[allow(clippy::unwrap_used)]
mod tests;
