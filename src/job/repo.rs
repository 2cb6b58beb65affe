//! SQL of jobs.

use super::model::{Job, JobKind, JobState};
use crate::platform::db::Conn;
use crate::platform::db::schema::job;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use diesel::prelude::*;

/// Stores a job that was asked for.
pub(super) fn insert(c: &mut Conn, row: &Job) -> Result<()> {
    diesel::insert_into(job::table).values(row).execute(c)?;
    Ok(())
}

/// A job; only if that account asked for it, where one is named.
pub(super) fn find(c: &mut Conn, id: Id, by: Option<Id>) -> Result<Option<Job>> {
    let mut query = job::table.filter(job::id.eq(id)).into_boxed();
    if let Some(by) = by {
        query = query.filter(job::requested_by.eq(by));
    }
    Ok(query.first(c).optional()?)
}

/// A page of jobs, newest first; only those that account asked for, where one is named.
pub(super) fn page(c: &mut Conn, by: Option<Id>, before: Option<Id>, rows: i64) -> Result<Vec<Job>> {
    let mut query = job::table.order(job::id.desc()).limit(rows).into_boxed();
    if let Some(by) = by {
        query = query.filter(job::requested_by.eq(by));
    }
    if let Some(before) = before {
        query = query.filter(job::id.lt(before));
    }
    Ok(query.load(c)?)
}

/// The oldest job that nobody has begun, else one whose lease is over: it ended before `now`, or lies beyond `longest`, where only a
/// clock that was set back can have put it.
pub(super) fn next(c: &mut Conn, now: Time, longest: Time) -> Result<Option<Job>> {
    let in_state = |state: JobState| job::table.filter(job::state.eq(state)).order(job::id);
    if let Some(waiting) = in_state(JobState::Waiting).first(c).optional()? {
        return Ok(Some(waiting));
    }
    let left = job::leased_until_at.le(now).or(job::leased_until_at.gt(longest));
    Ok(in_state(JobState::Running).filter(left).first(c).optional()?)
}

/// The jobs of a kind that are not ended.
pub(super) fn under_way(c: &mut Conn, kind: JobKind) -> Result<Vec<Job>> {
    let open = job::table.filter(job::state.eq_any([JobState::Waiting, JobState::Running])).filter(job::kind.eq(kind));
    Ok(open.order(job::id).load(c)?)
}

/// Writes how a job stands over how it was read; false when somebody else has it meanwhile.
pub(super) fn update(c: &mut Conn, before: &Job, after: &Job) -> Result<bool> {
    let unchanged = job::table.find(before.id).filter(job::state.eq(before.state)).filter(job::leased_until_at.eq(before.leased_until_at));
    let set = (
        job::state.eq(after.state),
        job::reached.eq(after.reached.as_deref()),
        job::done.eq(after.done),
        job::result.eq(after.result.as_deref()),
        job::leased_until_at.eq(after.leased_until_at),
        job::finished_at.eq(after.finished_at),
        job::expires_at.eq(after.expires_at),
    );
    Ok(diesel::update(unchanged).set(set).execute(c)? == 1)
}

/// Forgets jobs whose time is over, at most so many; says how many.
///
/// # Errors
/// Database only.
pub fn forget(c: &mut Conn, now: Time, most: i64) -> Result<usize> {
    let ended = job::state.eq_any([JobState::Done, JobState::Failed]);
    let over: Vec<Id> = job::table.filter(ended).filter(job::expires_at.le(now)).select(job::id).limit(most).load(c)?;
    Ok(diesel::delete(job::table.filter(job::id.eq_any(over))).execute(c)?)
}
