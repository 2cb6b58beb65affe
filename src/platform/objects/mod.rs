//! Objects too large for a row: sealed in chunks, kept in a local folder or in a store of S3's kind.

mod url;

pub use url::ObjectsUrl;

use crate::platform::error::{Error, Result};
use crate::platform::ids::Ids;
use crate::platform::key::{CHUNK, Chunks, HEADER, Keyring, SEALED_CHUNK};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use std::sync::{Arc, OnceLock};
use tokio::io::AsyncWriteExt;

/// Bytes sent to the store at once; what is smaller goes in one piece.
const PART: usize = 5 * 1024 * 1024;

/// Where objects are kept. Cheap to clone.
#[derive(Clone)]
pub struct Objects {
    url: ObjectsUrl,
    keys: Arc<Keyring>,
    /// Opened when first needed: most commands never do.
    store: Arc<OnceLock<Arc<dyn ObjectStore>>>,
}

impl Objects {
    /// Nothing is opened yet.
    pub fn new(url: ObjectsUrl, keys: Arc<Keyring>) -> Self {
        Self { url, keys, store: Arc::default() }
    }

    fn store(&self) -> Result<Arc<dyn ObjectStore>> {
        if let Some(store) = self.store.get() {
            return Ok(Arc::clone(store));
        }
        let opened = self.url.open().map_err(|why| {
            tracing::error!(objects = %self.url, why, "the object store can't be opened");
            Error::Busy
        })?;
        Ok(Arc::clone(self.store.get_or_init(|| opened)))
    }

    /// Begins to write an object; nothing of it is to be seen before it is finished. Dropped half-way it is gone.
    ///
    /// # Errors
    /// Busy when the store can't be used.
    pub fn write(&self, name: &str) -> Result<Writing> {
        let chunks = self.keys.seal_chunks(name, Ids::Random.bytes())?;
        let out = BufWriter::with_capacity(self.store()?, place(name), PART).with_max_concurrency(1);
        let header = Some(chunks.header());
        Ok(Writing { out, chunks, header, pending: BytesMut::with_capacity(CHUNK) })
    }

    /// Begins to read an object.
    ///
    /// # Errors
    /// Internal when it is not there, Busy when the store can't be used.
    pub async fn read(&self, name: &str) -> Result<Reading> {
        let found = self.store()?.get(&place(name)).await.map_err(failed)?;
        let mut reading = Reading { from: found.into_stream(), chunks: None, pending: BytesMut::new(), ended: false };
        reading.fill(HEADER).await?;
        if reading.pending.len() < HEADER {
            return Err(Error::internal("a sealed object is cut"));
        }
        let header = <[u8; HEADER]>::try_from(&reading.pending.split_to(HEADER)[..]).map_err(|_| Error::internal("no header"))?;
        reading.chunks = Some(self.keys.unseal_chunks(name, header)?);
        Ok(reading)
    }

    /// Removes an object, and what a write of it that was killed left; one that is not there needs no removing.
    ///
    /// # Errors
    /// Busy when the store can't be used.
    pub async fn remove(&self, name: &str) -> Result<()> {
        self.url.remove_fragments(&place(name)).await.map_err(broken)?;
        match self.store()?.delete(&place(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(e) => Err(failed(e)),
        }
    }
}

/// In folders by the last letters of the name, which are random: no folder grows long.
fn place(name: &str) -> Path {
    let at = name.char_indices().rev().nth(1).map_or(0, |(at, _)| at);
    Path::from_iter([name.get(at..).unwrap_or(name), name])
}

fn failed(e: object_store::Error) -> Error {
    match e {
        object_store::Error::NotFound { .. } => Error::Internal(Box::new(e)),
        e => {
            tracing::error!(error = %e, "the object store fails");
            Error::Busy
        }
    }
}

/// An object being written.
pub struct Writing {
    out: BufWriter,
    chunks: Chunks,
    header: Option<Vec<u8>>,
    pending: BytesMut,
}

impl Writing {
    /// Adds bytes.
    ///
    /// # Errors
    /// Busy when the store can't be used.
    pub async fn add(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            // a full chunk waits for more: it may be the last
            if self.pending.len() == CHUNK {
                self.flush(false).await?;
            }
            let (now, rest) = bytes.split_at(bytes.len().min(CHUNK - self.pending.len()));
            self.pending.extend_from_slice(now);
            bytes = rest;
        }
        Ok(())
    }

    /// Completes the object; from now on it can be read.
    ///
    /// # Errors
    /// Busy when the store can't be used.
    pub async fn finish(mut self) -> Result<()> {
        self.flush(true).await?;
        self.out.shutdown().await.map_err(broken)
    }

    async fn flush(&mut self, last: bool) -> Result<()> {
        let sealed = self.chunks.seal(&self.pending.split(), last)?;
        if let Some(header) = self.header.take() {
            self.out.put(Bytes::from(header)).await.map_err(failed)?;
        }
        self.out.put(Bytes::from(sealed)).await.map_err(failed)
    }
}

fn broken(e: std::io::Error) -> Error {
    tracing::error!(error = %e, "the object store fails");
    Error::Busy
}

/// An object being read.
pub struct Reading {
    from: BoxStream<'static, object_store::Result<Bytes>>,
    chunks: Option<Chunks>,
    pending: BytesMut,
    ended: bool,
}

impl Reading {
    /// The next bytes; none at the end.
    ///
    /// # Errors
    /// Internal when they are not what was written, Busy when the store can't be used.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        let Some(mut chunks) = self.chunks.take() else { return Ok(None) };
        self.fill(SEALED_CHUNK + 1).await?;
        let last = self.pending.len() <= SEALED_CHUNK;
        let sealed = self.pending.split_to(self.pending.len().min(SEALED_CHUNK));
        let plain = chunks.unseal(&sealed, last)?;
        self.chunks = (!last).then_some(chunks);
        Ok(Some(Bytes::from(plain)))
    }

    /// All that is left.
    ///
    /// # Errors
    /// As [`Reading::next`].
    pub async fn whole(mut self) -> Result<Vec<u8>> {
        let mut all = Vec::new();
        while let Some(bytes) = self.next().await? {
            all.extend_from_slice(&bytes);
        }
        Ok(all)
    }

    /// Reads on until so many bytes wait, or no more come.
    async fn fill(&mut self, wanted: usize) -> Result<()> {
        while self.pending.len() < wanted && !self.ended {
            match self.from.next().await {
                Some(bytes) => self.pending.extend_from_slice(&bytes.map_err(failed)?),
                None => self.ended = true,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "objects_tests.rs"]
#[allow(clippy::unwrap_used)]
mod tests;
