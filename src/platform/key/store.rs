//! The wrapped data keys in the database.

use super::{Keyring, NONCE, Purpose, Secret, TokenKey, decrypt, encrypt, file};
use crate::platform::db::schema::data_key;
use crate::platform::db::types::Time;
use crate::platform::db::{Conn, in_transaction};
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
        let rows = load(c)?;
        let kept = file::read(path)?;
        match (rows.is_empty(), kept) {
            (false, None) => Err(Error::internal(format!(
                "the database holds data but its key file {} is missing. Put it back: without it identity numbers and phones can't be read.",
                path.display()
            ))),
            (false, Some(wrapping)) => unwrap_all(&rows, &wrapping, now),
            (true, kept) => {
                let wrapping = match kept {
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
            }
        }
    })
}

/// Opens the keyring of a database that is only looked at: nothing is made.
///
/// # Errors
/// When the key file is missing or the wrong one.
pub fn open_existing(c: &mut Conn, path: &Path, now: DateTime<Utc>) -> Result<Keyring> {
    let wrapping = file::read(path)?.ok_or_else(|| Error::internal(format!("there is no key file {}", path.display())))?;
    unwrap_all(&load(c)?, &wrapping, now)
}

/// Adds a token key that signs from the next start on; the old ones verify until their tokens have expired.
///
/// # Errors
/// As [`open`].
pub fn rotate_tokens(c: &mut Conn, path: &Path, now: DateTime<Utc>) -> Result<()> {
    in_transaction(c, |c| {
        let wrapping = file::read(path)?.ok_or_else(|| Error::internal(format!("no key file {}", path.display())))?;
        unwrap_all(&load(c)?, &wrapping, now)?;
        diesel::update(data_key::table.filter(data_key::purpose.eq(Purpose::Token.as_str())).filter(data_key::retired_at.is_null()))
            .set(data_key::retired_at.eq(Some(Time(now))))
            .execute(c)?;
        add(c, Purpose::Token, &wrapping, now)
    })
}

/// Makes another key file and wraps the data keys with it; no data row is touched.
///
/// # Errors
/// As [`open`]; the old file then still fits.
pub fn rotate_wrapping(c: &mut Conn, path: &Path, now: DateTime<Utc>) -> Result<()> {
    in_transaction(c, |c| {
        let old = file::read(path)?.ok_or_else(|| Error::internal(format!("no key file {}", path.display())))?;
        let ring = unwrap_all(&load(c)?, &old, now)?;
        let fresh = Secret(Ids::Random.bytes());
        for row in load(c)? {
            let wrapped = wrap(&fresh, &row.purpose, row.key_id, ring.secret(row.key_id)?)?;
            diesel::update(data_key::table.find(row.key_id)).set(data_key::wrapped.eq(wrapped)).execute(c)?;
        }
        file::replace(path, &fresh)
    })
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
