//! Asking for long work, taking it up, saying how far it is.

use super::model::{Job, JobKind, JobState};
use super::repo;
use crate::auth::{Actor, Context, Role};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use tokio::sync::Notify;

/// How long a job is in somebody's hands after each step. Steps take milliseconds: who does not say anything for so long is gone.
const LEASE: Duration = Duration::seconds(30);
/// How long what came out is kept.
const KEPT: Duration = Duration::days(7);

static ASKED: Notify = Notify::const_new();

/// Asks for long work, in the transaction of what it follows from; call [`announce`] when that is stored.
///
/// # Errors
/// Database only.
pub fn ask(c: &mut Conn, cx: &mut Context, kind: JobKind, task: &impl Serialize, total: Option<i64>) -> Result<Job> {
    let id = cx.draw.id();
    ask_as(c, cx, id, kind, task, total)
}

/// The same under an id drawn before, by which what the job needs is stored already.
///
/// # Errors
/// Database only.
pub fn ask_as(c: &mut Conn, cx: &Context, id: Id, kind: JobKind, task: &impl Serialize, total: Option<i64>) -> Result<Job> {
    let job = Job {
        id,
        kind,
        state: JobState::Waiting,
        task: text(task)?,
        reached: None,
        done: 0,
        total,
        result: None,
        requested_by: cx.actor.id(),
        requested_at: Time(cx.now()),
        leased_until_at: Time(cx.now()),
        finished_at: None,
        expires_at: None,
    };
    repo::insert(c, &job)?;
    Ok(job)
}

/// Wakes this instance's runner: a job was asked for.
pub fn announce() {
    ASKED.notify_one();
}

/// Waits until a job is asked for in this instance.
pub async fn announced() {
    ASKED.notified().await;
}

/// Whether there is a job to take up.
///
/// # Errors
/// Database only.
pub fn any_free(c: &mut Conn, now: DateTime<Utc>) -> Result<bool> {
    Ok(repo::next(c, Time(now), Time(now + LEASE))?.is_some())
}

/// A job its asker looks at, or an administrator.
///
/// # Errors
/// NotFound.
pub fn seen(c: &mut Conn, actor: &Actor, id: Id) -> Result<Job> {
    let by = (!actor.roles.has(Role::Administrator)).then(|| actor.id());
    repo::find(c, id, by)?.ok_or(Error::NotFound)
}

/// The jobs of a kind that wait or run.
///
/// # Errors
/// Database only.
pub fn under_way(c: &mut Conn, kind: JobKind) -> Result<Vec<Job>> {
    repo::under_way(c, kind)
}

/// Takes up the oldest job that waits or was left in the middle.
///
/// # Errors
/// Again when somebody else took it first.
pub fn take(c: &mut Conn, now: DateTime<Utc>) -> Result<Option<Job>> {
    let Some(job) = repo::next(c, Time(now), Time(now + LEASE))? else { return Ok(None) };
    let taken = Job { state: JobState::Running, leased_until_at: Time(now + LEASE), ..job.clone() };
    if repo::update(c, &job, &taken)? { Ok(Some(taken)) } else { Err(Error::Again) }
}

/// Stores how far a job is, in the transaction of the step that brought it there, and keeps it in hand.
///
/// # Errors
/// Stale when somebody else has it meanwhile: then nothing of the step may stand.
pub fn reach(c: &mut Conn, job: &Job, now: DateTime<Utc>, reached: &impl Serialize, done: i64) -> Result<Job> {
    let next = Job { reached: Some(text(reached)?), done, leased_until_at: Time(now + LEASE), ..job.clone() };
    store(c, job, next)
}

/// Stores that a job is done, with what came out.
///
/// # Errors
/// As [`reach`].
pub fn finish(c: &mut Conn, job: &Job, now: DateTime<Utc>, result: &impl Serialize) -> Result<Job> {
    end(c, job, now, JobState::Done, text(result)?)
}

/// Stores that a job can't be done.
///
/// # Errors
/// As [`reach`].
pub fn fail(c: &mut Conn, job: &Job, now: DateTime<Utc>, code: &str) -> Result<Job> {
    end(c, job, now, JobState::Failed, text(&serde_json::json!({ "code": code }))?)
}

fn end(c: &mut Conn, job: &Job, now: DateTime<Utc>, state: JobState, result: String) -> Result<Job> {
    let (finished_at, expires_at) = (Some(Time(now)), Some(Time(now + KEPT)));
    store(c, job, Job { state, result: Some(result), finished_at, expires_at, ..job.clone() })
}

fn store(c: &mut Conn, job: &Job, next: Job) -> Result<Job> {
    if repo::update(c, job, &next)? { Ok(next) } else { Err(Error::Stale { current: String::new() }) }
}

fn text(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::Internal(Box::new(e)))
}
