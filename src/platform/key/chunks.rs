//! Sealing what is too long for one piece: in chunks, each bound to its place, its number and whether it is the last, so that none can
//! be left out, moved or cut off unseen (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015, over XChaCha20-Poly1305).

use super::{Keyring, NONCE, Purpose, Secret, decrypt, encrypt};
use crate::platform::error::{Error, Result};

/// Plain bytes of a chunk; the last one may be shorter.
pub const CHUNK: usize = 64 * 1024;
/// What sealing adds to a chunk, in bytes.
const TAG: usize = 16;
/// A sealed chunk in bytes.
pub const SEALED_CHUNK: usize = CHUNK + TAG;
/// The part of the nonce that is drawn for each text; the number of the chunk and the mark of the last one follow.
pub const PREFIX: usize = NONCE - 5;
/// What stands before the chunks: the key's number and the nonce's beginning.
pub const HEADER: usize = 4 + PREFIX;

/// The state between two chunks of one text.
pub struct Chunks {
    secret: Secret,
    key_id: i32,
    prefix: [u8; PREFIX],
    place: Vec<u8>,
    n: u32,
}

impl Keyring {
    /// Begins to seal; `prefix` must be drawn anew for each text.
    ///
    /// # Errors
    /// Internal only.
    pub fn seal_chunks(&self, place: &str, prefix: [u8; PREFIX]) -> Result<Chunks> {
        let (key_id, secret) = self.current(Purpose::Data)?;
        Ok(Chunks { secret: secret.clone(), key_id, prefix, place: place.as_bytes().to_vec(), n: 0 })
    }

    /// Begins to unseal what has this header.
    ///
    /// # Errors
    /// When its key is not there.
    pub fn unseal_chunks(&self, place: &str, header: [u8; HEADER]) -> Result<Chunks> {
        let cut = || Error::internal("a sealed header is cut");
        let (key_id, prefix) = header.split_first_chunk::<4>().ok_or_else(cut)?;
        let key_id = i32::from_be_bytes(*key_id);
        let prefix = <[u8; PREFIX]>::try_from(prefix).map_err(|_| cut())?;
        Ok(Chunks { secret: self.secret(key_id)?.clone(), key_id, prefix, place: place.as_bytes().to_vec(), n: 0 })
    }
}

impl Chunks {
    /// What stands before the chunks.
    pub fn header(&self) -> Vec<u8> {
        [&self.key_id.to_be_bytes()[..], &self.prefix[..]].concat()
    }

    /// Seals the next chunk.
    ///
    /// # Errors
    /// Internal only.
    pub fn seal(&mut self, plain: &[u8], last: bool) -> Result<Vec<u8>> {
        let nonce = self.nonce(last)?;
        encrypt(&self.secret, &nonce, &self.place, plain)
    }

    /// Unseals the next chunk.
    ///
    /// # Errors
    /// When it is not the chunk that was sealed here.
    pub fn unseal(&mut self, sealed: &[u8], last: bool) -> Result<Vec<u8>> {
        let nonce = self.nonce(last)?;
        decrypt(&self.secret, &nonce, &self.place, sealed)
    }

    fn nonce(&mut self, last: bool) -> Result<[u8; NONCE]> {
        let mut nonce = [0; NONCE];
        let tail = self.n.to_be_bytes().into_iter().chain([u8::from(last)]);
        nonce.iter_mut().zip(self.prefix.into_iter().chain(tail)).for_each(|(to, from)| *to = from);
        self.n = self.n.checked_add(1).ok_or_else(|| Error::internal("too many chunks"))?;
        Ok(nonce)
    }
}
