//! Keys: one key file wraps the data keys kept in the database; data keys encrypt columns, look up, sign.
//!
//! Sealed values carry the number of their key, so that keys can be added without touching rows.

mod chunks;
mod file;
mod store;

pub use chunks::{CHUNK, Chunks, HEADER, PREFIX, SEALED_CHUNK};
pub use store::{open, open_existing, rotate_tokens, rotate_wrapping};

use crate::platform::error::{Error, Result};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::fmt;

/// What a data key is for; a key serves one purpose only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Encrypts columns and kept answers.
    Data,
    /// Keyed hashes that find an identity number, a phone or a refresh token.
    Lookup,
    /// Query codes, kept as keyed hashes.
    QueryCode,
    /// Signs list cursors.
    Cursor,
    /// Signs access tokens (Ed25519 seed).
    Token,
}

impl Purpose {
    const ALL: [Self; 5] = [Self::Data, Self::Lookup, Self::QueryCode, Self::Cursor, Self::Token];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Lookup => "lookup",
            Self::QueryCode => "query_code",
            Self::Cursor => "cursor",
            Self::Token => "token",
        }
    }
}

/// 32 secret bytes; never shown.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A key for signing access tokens.
#[derive(Debug, Clone)]
pub struct TokenKey {
    /// Its number, which makes its `kid`.
    pub key_id: i32,
    /// The Ed25519 seed.
    pub seed: Secret,
}

impl Secret {
    /// The bytes, for a cipher or a signature.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The data keys of one database, unwrapped.
#[derive(Debug)]
pub struct Keyring {
    keys: BTreeMap<i32, Secret>,
    current: BTreeMap<Purpose, i32>,
    tokens: Vec<TokenKey>,
}

const NONCE: usize = 24;

impl Keyring {
    fn current(&self, purpose: Purpose) -> Result<(i32, &Secret)> {
        let id = self.current.get(&purpose).ok_or_else(|| Error::internal("a data key is missing"))?;
        Ok((*id, self.secret(*id)?))
    }

    fn secret(&self, key_id: i32) -> Result<&Secret> {
        self.keys.get(&key_id).ok_or_else(|| Error::internal(format!("data key {key_id} is missing")))
    }

    /// Encrypts (XChaCha20-Poly1305), bound to `place` so that a value can't be moved to another row.
    ///
    /// # Errors
    /// Internal only.
    pub fn seal(&self, place: &[u8], plain: &[u8], nonce: [u8; NONCE]) -> Result<Vec<u8>> {
        let (key_id, secret) = self.current(Purpose::Data)?;
        let mut sealed = key_id.to_be_bytes().to_vec();
        sealed.extend_from_slice(&nonce);
        sealed.extend(encrypt(secret, &nonce, place, plain)?);
        Ok(sealed)
    }

    /// Decrypts what [`Keyring::seal`] made for the same place.
    ///
    /// # Errors
    /// When the value, its place or its key is not the one it was sealed with.
    pub fn unseal(&self, place: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        let (key_id, rest) = sealed.split_first_chunk::<4>().ok_or_else(|| Error::internal("a sealed value is cut"))?;
        let (nonce, cipher) = rest.split_first_chunk::<NONCE>().ok_or_else(|| Error::internal("a sealed value is cut"))?;
        decrypt(self.secret(i32::from_be_bytes(*key_id))?, nonce, place, cipher)
    }

    /// A keyed hash that finds equal values without showing them.
    ///
    /// # Errors
    /// Internal only.
    pub fn lookup(&self, field: &str, value: &str) -> Result<Vec<u8>> {
        let (_, secret) = self.current(Purpose::Lookup)?;
        Ok(mac(secret, &[field.as_bytes(), b"\0", value.as_bytes()])?.finalize().into_bytes().to_vec())
    }

    /// What is kept of a query code (HMAC-SHA-256), with the number of its key.
    ///
    /// # Errors
    /// Internal only.
    pub fn code_mac(&self, place: &[u8], code: &str) -> Result<Vec<u8>> {
        let (key_id, secret) = self.current(Purpose::QueryCode)?;
        let mut kept = key_id.to_be_bytes().to_vec();
        kept.extend(mac(secret, &[place, b"\0", code.as_bytes()])?.finalize().into_bytes());
        Ok(kept)
    }

    /// Compares a code with what is kept of it, in constant time.
    pub fn code_fits(&self, place: &[u8], code: &str, kept: &[u8]) -> bool {
        let Some((key_id, tag)) = kept.split_first_chunk::<4>() else { return false };
        let Ok(secret) = self.secret(i32::from_be_bytes(*key_id)) else { return false };
        mac(secret, &[place, b"\0", code.as_bytes()]).is_ok_and(|m| m.verify_slice(tag).is_ok())
    }

    /// The key that signs list cursors.
    ///
    /// # Errors
    /// Internal only.
    pub fn cursor(&self) -> Result<&[u8; 32]> {
        Ok(self.current(Purpose::Cursor)?.1.expose())
    }

    /// The keys of access tokens: the first signs, all are published and verify.
    pub fn tokens(&self) -> &[TokenKey] {
        &self.tokens
    }
}

fn mac(secret: &Secret, parts: &[&[u8]]) -> Result<Hmac<Sha256>> {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(secret.expose()).map_err(|_| Error::internal("bad key length"))?;
    parts.iter().for_each(|part| mac.update(part));
    Ok(mac)
}

fn encrypt(secret: &Secret, nonce: &[u8; NONCE], place: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    XChaCha20Poly1305::new(&Key::from(secret.0))
        .encrypt(&XNonce::from(*nonce), Payload { msg: plain, aad: place })
        .map_err(|_| Error::internal("cannot encrypt"))
}

fn decrypt(secret: &Secret, nonce: &[u8; NONCE], place: &[u8], cipher: &[u8]) -> Result<Vec<u8>> {
    XChaCha20Poly1305::new(&Key::from(secret.0))
        .decrypt(&XNonce::from(*nonce), Payload { msg: cipher, aad: place })
        .map_err(|_| Error::internal("a sealed value does not open with its key"))
}
