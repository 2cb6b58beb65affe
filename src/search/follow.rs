//! Keeping the index: built from the newest petition downward, then led on by the order of events. Each step can be cut short.

use super::model::Document;
use super::repo::index::{self, State};
use super::repo::{documents_below, documents_of};
use crate::audit::SubjectKind;
use crate::audit::order;
use crate::platform::Platform;
use crate::platform::db::lock::alone;
use crate::platform::db::types::{Id, Time};
use crate::platform::db::{Conn, in_transaction};
use crate::platform::error::{Error, Result};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The follower's lock on PostgreSQL.
const LOCK: i64 = 0x7869_6e66_616e_6702;
/// Petitions or events of one transaction.
const BATCH: i64 = 200;

/// What a step did.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Documents written.
    pub documents: usize,
    /// When the first event of the step happened.
    pub since: Option<Time>,
    /// How far the index is now.
    pub state: State,
    /// Whether there was anything to do.
    pub moved: bool,
}

struct Batch {
    documents: Vec<Document>,
    step: Step,
    /// The index is of another database, or of a later state of this one: it begins anew.
    anew: bool,
}

/// The next step.
///
/// # Errors
/// When the machine is busy; the next step begins where this one did.
pub async fn step(platform: &Platform) -> Result<Option<Step>> {
    match index::beside(&platform.config.database) {
        None => within(platform).await,
        Some(path) => beside(platform, path).await.map(Some),
    }
}

/// Throws the index away: the next step begins to build it.
///
/// # Errors
/// Database only.
pub async fn forget(platform: &Platform) -> Result<()> {
    match index::beside(&platform.config.database) {
        None => platform.db.write_background(index::clear).await,
        Some(path) => waiting(move || in_transaction(&mut index::open_or_make(&path)?, index::clear)).await,
    }
}

async fn within(platform: &Platform) -> Result<Option<Step>> {
    // mostly nothing is new: looking takes no transaction that writes
    let idle = platform.db.read(|c| {
        let (state, head) = (index::state(c)?, order::head(c)?);
        Ok(state.filter(|state| state.below.is_none() && state.position == head))
    });
    if let Some(state) = idle.await? {
        return Ok(Some(Step { documents: 0, since: None, state, moved: false }));
    }
    let next = |c: &mut Conn| {
        if !alone(c, LOCK)? {
            return Ok(None);
        }
        let state = index::state(c)?;
        let batch = gathered(c, state)?;
        stored(c, &batch)?;
        Ok(Some(batch.step))
    };
    platform.db.write_background(next).await
}

async fn beside(platform: &Platform, path: PathBuf) -> Result<Step> {
    let file = path.clone();
    let state = waiting(move || index::state(&mut index::open_or_make(&file)?)).await?;
    let batch = platform.db.read(move |c| gathered(c, state)).await?;
    if !batch.step.moved {
        return Ok(batch.step);
    }
    let step = batch.step;
    let file = path.clone();
    let kept = waiting(move || in_transaction(&mut index::open_or_make(&file)?, |c| stored(c, &batch))).await;
    if let Err(why @ Error::Internal(_)) = kept {
        tracing::warn!(error = %why, "the index of the search can't be written: it is built anew");
        index::throw_away(&path);
        return Err(why);
    }
    kept.map(|()| step)
}

async fn waiting<T: Send + 'static>(f: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(f).await.unwrap_or_else(|e| Err(Error::Internal(Box::new(e))))
}

fn stored(c: &mut Conn, batch: &Batch) -> Result<()> {
    if batch.anew {
        index::clear(c)?;
    }
    index::store(c, &batch.documents, batch.step.state)
}

/// What comes next, from where the index stands.
fn gathered(c: &mut Conn, state: Option<State>) -> Result<Batch> {
    let head = order::head(c)?;
    let anew = state.is_some_and(|state| state.position > head);
    let state = state.filter(|_| !anew).unwrap_or(State { position: head, below: Some(i64::MAX) });
    if let Some(below) = state.below {
        let documents = documents_below(c, below, BATCH)?;
        let state = State { below: documents.last().map(|d| d.n), ..state };
        let step = Step { documents: documents.len(), since: None, state, moved: true };
        return Ok(Batch { documents, step, anew });
    }
    let events = order::after(c, state.position, BATCH)?;
    let petitions: BTreeSet<Id> = events.iter().filter(|e| e.subject_kind == SubjectKind::Petition).map(|event| event.subject_id).collect();
    let documents = documents_of(c, &petitions.into_iter().collect::<Vec<_>>())?;
    let state = State { position: events.last().map_or(state.position, |event| event.position), ..state };
    let step = Step { documents: documents.len(), since: events.first().map(|e| e.at), state, moved: !events.is_empty() };
    Ok(Batch { documents, step, anew: false })
}
