//! Receiving contents, judging them, and clearing away what came to nothing.
//!
//! An object is noted in the database before its first byte is stored and struck off the list in the transaction that encloses it: what
//! is on the list a day later belongs to nobody. No list of the store is ever needed, and no object of another database touched.

use super::media::MediaType;
use super::model::Content;
use super::repo::{self, Begun};
use super::thumbnail;
use crate::codes;
use crate::platform::Platform;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::objects::Reading;
use bytes::Bytes;
use chrono::Duration;
use futures_util::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use std::pin::pin;
use tokio::sync::Semaphore;

/// The longest file, in bytes.
pub const LIMIT: u64 = 20 * 1024 * 1024;

/// How long an object may be on its way.
const ABANDONED: Duration = Duration::days(1);

/// How long a content may be on its way: what takes longer is broken off, well before its object counts as abandoned.
const LONGEST: Duration = Duration::hours(12);

/// Contents looked at at once: each is in memory then, and a picture of it perhaps.
static JUDGED_AT_ONCE: Semaphore = Semaphore::const_new(2);

/// A content that has arrived.
#[derive(Debug, Clone, Copy)]
pub struct Received {
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// Bytes.
    pub size: u64,
    /// Its object, if it was to be stored.
    pub object: Option<Id>,
}

/// Why a content did not arrive.
#[derive(Debug)]
pub enum Interruption {
    /// It is longer than a file may be; the rest was not read.
    TooLong,
    /// Its sender broke off.
    BrokenOff,
    /// It could not be stored.
    Failed(Error),
}

impl From<Error> for Interruption {
    fn from(e: Error) -> Self {
        Self::Failed(e)
    }
}

/// Receives a content and stores it, or only hashes it where nothing will come of it.
///
/// # Errors
/// As [`Interruption`]; nothing is left of it then.
pub async fn receive<E>(
    platform: &Platform,
    stored: bool,
    content: impl Stream<Item = Result<Bytes, E>>,
) -> Result<Received, Interruption> {
    let (mut object, begun) = (None, platform.clock.now());
    let mut writing = None;
    if stored {
        let id = begin(platform).await?;
        object = Some(id);
        writing = Some(platform.objects.write(&id.to_string())?);
    }
    let (mut content, mut hash, mut size) = (pin!(content), Sha256::new(), 0u64);
    while let Some(piece) = content.next().await {
        if platform.clock.now() - begun > LONGEST {
            return Err(Interruption::BrokenOff);
        }
        let piece = piece.map_err(|_| Interruption::BrokenOff)?;
        size += piece.len() as u64;
        if size > LIMIT {
            return Err(Interruption::TooLong);
        }
        hash.update(&piece);
        if let Some(writing) = &mut writing {
            writing.add(&piece).await?;
        }
    }
    if platform.clock.now() - begun > LONGEST {
        return Err(Interruption::BrokenOff);
    }
    if let Some(writing) = writing {
        writing.finish().await?;
    }
    Ok(Received { sha256: hash.finalize().into(), size, object })
}

/// Stores a content of the product's own making.
///
/// # Errors
/// When it can't be stored.
pub async fn keep(platform: &Platform, content: &[u8]) -> Result<Content> {
    let object = begin(platform).await?;
    let mut writing = platform.objects.write(&object.to_string())?;
    writing.add(content).await?;
    writing.finish().await?;
    let received = Received { sha256: Sha256::digest(content).into(), size: content.len() as u64, object: Some(object) };
    judge(platform, received, None).await?.map_err(|fault| Error::Invalid(vec![fault]))
}

async fn begin(platform: &Platform) -> Result<Id> {
    let moment = platform.moment();
    let (object, at) = (moment.draw().id(), Time(moment.now));
    platform.db.write(move |c| repo::begin(c, object, at)).await?;
    Ok(object)
}

/// Looks at what is stored: what it is, whether it is what it was said to be, and whether it can be read at all. A photograph gets its
/// thumbnail.
///
/// # Errors
/// Busy when the store can't be used; inside, what is wrong with the content.
pub async fn judge(platform: &Platform, received: Received, stated: Option<MediaType>) -> Result<Result<Content, Fault>> {
    let Some(object_id) = received.object else { return Err(Error::internal("nothing was stored")) };
    if received.size == 0 {
        return Ok(Err(Fault::new("", codes::FILE_EMPTY)));
    }
    let permit = JUDGED_AT_ONCE.acquire().await.map_err(|e| Error::Internal(Box::new(e)))?;
    let content = platform.objects.read(&object_id.to_string()).await?.whole().await?;
    // a decoder that panics is a file that can't be decoded
    let looked = tokio::task::spawn_blocking(move || {
        let kind = MediaType::of(&content)?;
        let small = std::panic::catch_unwind(|| thumbnail::of(&content, kind)).ok().flatten();
        Ok((kind, small))
    });
    let (media_type, small) = match looked.await.unwrap_or_else(|_| Err(Fault::new("", codes::FILE_KIND_NOT_TAKEN))) {
        Ok(seen) => seen,
        Err(fault) => return Ok(Err(fault)),
    };
    drop(permit);
    if stated.is_some_and(|stated| stated != media_type) {
        return Ok(Err(Fault::new("/content-type", codes::FILE_KIND_DIFFERS).arg(media_type.as_str())));
    }
    if let Some(small) = &small {
        let mut writing = platform.objects.write(&small_name(object_id))?;
        writing.add(small).await?;
        writing.finish().await?;
    }
    let size = i64::try_from(received.size).map_err(|e| Error::Internal(Box::new(e)))?;
    let (sha256, stored_at) = (received.sha256.to_vec(), Time(platform.clock.now()));
    Ok(Ok(Content { sha256, object_id, size, media_type, thumbnail: small.is_some(), stored_at }))
}

/// The object of a thumbnail.
fn small_name(object: Id) -> String {
    format!("thumbnail-{object}")
}

/// Reads a content.
///
/// # Errors
/// Busy when the store can't be used.
pub async fn open(platform: &Platform, object: Id) -> Result<Reading> {
    platform.objects.read(&object.to_string()).await
}

/// Reads a thumbnail: with its length in bytes, for it is small.
///
/// # Errors
/// Busy when the store can't be used.
pub async fn open_thumbnail(platform: &Platform, object: Id) -> Result<(u64, Reading)> {
    let name = small_name(object);
    let length = platform.objects.read(&name).await?.whole().await?.len() as u64;
    Ok((length, platform.objects.read(&name).await?))
}

/// Clears an object away unless it was taken over. What fails here is left to the sweep.
pub async fn settle(platform: &Platform, object: Id) {
    let settled =
        async { if platform.db.read(move |c| repo::is_begun(c, object)).await? { discard(platform, object).await } else { Ok(()) } };
    if let Err(e) = settled.await {
        tracing::warn!(error = %e, object = %object, "an object is left to the sweep");
    }
}

/// Removes the bytes before it forgets them: broken off in between, it is done again.
async fn discard(platform: &Platform, object: Id) -> Result<()> {
    platform.objects.remove(&object.to_string()).await?;
    platform.objects.remove(&small_name(object)).await?;
    platform.db.write_background(move |c| repo::forget(c, object)).await?;
    Ok(())
}

/// Removes what was begun more than a day ago and came to nothing. What can't be removed does not keep the rest from it.
///
/// # Errors
/// When nothing of a batch can be removed or the database can't be used; what is left is removed the next time.
pub async fn sweep(platform: &Platform, batch: i64) -> Result<()> {
    let before = Time(platform.clock.now() - ABANDONED);
    let mut after = Begun::FIRST;
    loop {
        let old = platform.db.read(move |c| repo::begun_before(c, before, after, batch)).await?;
        let Some(last) = old.last() else { return Ok(()) };
        after = *last;
        let mut failed = Vec::new();
        for Begun { object, .. } in &old {
            if let Err(e) = discard(platform, *object).await {
                tracing::warn!(error = %e, object = %object, "an object can't be removed yet");
                failed.push(e);
            }
        }
        if failed.len() == old.len()
            && let Some(e) = failed.pop()
        {
            return Err(e);
        }
    }
}
