//! SQL of files on their way in.

use super::model::{Claim, FaultRow, PartRow};
use crate::account::model::{Account, AccountStatus};
use crate::job::JobState;
use crate::on_both;
use crate::platform::db::Conn;
use crate::platform::db::schema::{account, import_claim, import_fault, import_part, job, unit};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use chrono::Duration;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Rows of one statement.
const AT_ONCE: usize = 1000;
/// Parts removed at once: the desk waits behind it.
pub(super) const PARTS: i64 = 10;
/// Rows of whom a file speaks, beside one part of it.
const CLAIMS: i64 = 100;
/// How long a file may take from its first part to its job.
const PATIENCE: Duration = Duration::hours(1);

/// The first job behind another of which there are rows.
macro_rules! next_job {
    ($c:expr, $table:ident, $after:expr) => {
        $table::table.filter($table::job_id.gt($after)).order($table::job_id).select($table::job_id).first::<Id>($c).optional()?
    };
}

/// Stores what was read.
pub(super) fn insert_parts(c: &mut Conn, rows: &[PartRow]) -> Result<()> {
    on_both!(c, |c| diesel::insert_into(import_part::table).values(rows).execute(c))?;
    Ok(())
}

/// Stores what is wrong.
pub(super) fn insert_faults(c: &mut Conn, rows: &[FaultRow]) -> Result<()> {
    for some in rows.chunks(AT_ONCE) {
        on_both!(c, |c| diesel::insert_into(import_fault::table).values(some).execute(c))?;
    }
    Ok(())
}

/// A part; it is there until the job ends.
pub(super) fn held(c: &mut Conn, job: Id, n: i64) -> Result<PartRow> {
    let part = on_both!(c, |c| import_part::table.find((job, n)).first(c)).optional()?;
    part.ok_or_else(|| Error::internal("a part of an import is gone"))
}

/// Removes what was read, at most so many parts, and at last whom it spoke of; what is wrong stays. Says how much there was.
pub(super) fn drop_parts(c: &mut Conn, job: Id, most: i64) -> Result<usize> {
    let first: Option<i64> =
        import_part::table.filter(import_part::job_id.eq(job)).order(import_part::n).select(import_part::n).first(c).optional()?;
    if let Some(first) = first {
        let some = import_part::table.filter(import_part::job_id.eq(job)).filter(import_part::n.lt(first + most));
        return Ok(diesel::delete(some).execute(c)?);
    }
    let some = import_claim::table.filter(import_claim::job_id.eq(job)).order(import_claim::retiree_id).select(import_claim::retiree_id);
    let Some(last) = some.limit(most * CLAIMS).load::<Id>(c)?.pop() else { return Ok(0) };
    let some = import_claim::table.filter(import_claim::job_id.eq(job)).filter(import_claim::retiree_id.le(last));
    Ok(diesel::delete(some).execute(c)?)
}

/// The lines of rows that speak of some people, by whom they speak of.
pub(super) fn claims(c: &mut Conn, job: Id, of: Vec<Id>) -> Result<HashMap<Id, i64>> {
    if of.is_empty() {
        return Ok(HashMap::new());
    }
    let theirs = import_claim::table.filter(import_claim::job_id.eq(job)).filter(import_claim::retiree_id.eq_any(of));
    Ok(theirs.select((import_claim::retiree_id, import_claim::line)).load::<(Id, i64)>(c)?.into_iter().collect())
}

/// Stores whom rows speak of.
pub(super) fn insert_claims(c: &mut Conn, rows: &[Claim]) -> Result<()> {
    on_both!(c, |c| diesel::insert_into(import_claim::table).values(rows).execute(c))?;
    Ok(())
}

/// Those of some lines for which a fault is listed.
pub(super) fn lines_with_faults(c: &mut Conn, job: Id, lines: Vec<i64>) -> Result<BTreeSet<i64>> {
    let of = import_fault::table.filter(import_fault::job_id.eq(job)).filter(import_fault::line.eq_any(lines));
    Ok(of.select(import_fault::line).load::<i64>(c)?.into_iter().collect())
}

/// Takes the faults of some lines off the list.
pub(super) fn take_off(c: &mut Conn, job: Id, lines: Vec<i64>) -> Result<()> {
    if !lines.is_empty() {
        let of = import_fault::table.filter(import_fault::job_id.eq(job)).filter(import_fault::line.eq_any(lines));
        diesel::delete(of).execute(c)?;
    }
    Ok(())
}

/// Faults behind the `after`-th.
///
/// # Errors
/// Database only.
pub fn faults(c: &mut Conn, job: Id, after: i64, rows: i64) -> Result<Vec<FaultRow>> {
    let behind = import_fault::table.filter(import_fault::job_id.eq(job)).filter(import_fault::n.gt(after));
    Ok(behind.order(import_fault::n).limit(rows).load(c)?)
}

/// The units in being that have one of these codes or names.
pub(super) fn units(c: &mut Conn, called: &[String]) -> Result<Vec<(Id, String, String)>> {
    let of = unit::code.eq_any(called.to_vec()).or(unit::name.eq_any(called.to_vec()));
    Ok(unit::table.filter(of).filter(unit::dissolved_on.is_null()).select((unit::id, unit::code, unit::name)).load(c)?)
}

/// The accounts in use that have one of these user names or names.
pub(super) fn staff(c: &mut Conn, called: &[String]) -> Result<Vec<(Id, String, String)>> {
    let of = account::username.eq_any(called.to_vec()).or(account::name.eq_any(called.to_vec()));
    let active = account::table.filter(of).filter(account::status.eq(AccountStatus::Active));
    Ok(active.select((account::id, account::username, account::name)).load(c)?)
}

/// An account that is still in use.
pub(super) fn in_use(c: &mut Conn, id: Id) -> Result<Option<Account>> {
    Ok(crate::account::repo::find(c, id)?.filter(|account| account.status == AccountStatus::Active))
}

/// Forgets what was read for jobs that have ended, and what was found for jobs that are forgotten; says `most` while there
/// may be more. What has no job yet is left for an hour: its file is being stored.
///
/// # Errors
/// Database only.
pub fn forget(c: &mut Conn, now: Time, most: i64) -> Result<usize> {
    let more = |removed: usize| Ok(if removed == 0 { 0 } else { usize::try_from(most).unwrap_or(usize::MAX) });
    let young = Id(Uuid::from_u128(u128::try_from((now.0 - PATIENCE).timestamp_millis()).unwrap_or(0) << 80));
    // from job to job by the index: there are few, and each may have many rows
    let mut after = Id::NIL;
    while let Some(id) = next_job!(c, import_part, after) {
        after = id;
        let over = match state(c, id)? {
            None => id < young,
            Some(state) => matches!(state, JobState::Done | JobState::Failed),
        };
        if over {
            return more(drop_parts(c, id, PARTS)?);
        }
    }
    let mut after = Id::NIL;
    while let Some(id) = next_job!(c, import_claim, after) {
        after = id;
        if matches!(state(c, id)?, None | Some(JobState::Done | JobState::Failed)) {
            return more(drop_parts(c, id, PARTS)?);
        }
    }
    let mut after = Id::NIL;
    while let Some(id) = next_job!(c, import_fault, after) {
        after = id;
        if id < young && state(c, id)?.is_none() {
            let of = import_fault::table.filter(import_fault::job_id.eq(id));
            let first: i64 = of.order(import_fault::n).select(import_fault::n).first(c)?;
            return more(diesel::delete(of.filter(import_fault::n.lt(first + most))).execute(c)?);
        }
    }
    Ok(0)
}

/// Where the job stands, if there is one.
fn state(c: &mut Conn, id: Id) -> Result<Option<JobState>> {
    Ok(job::table.find(id).select(job::state).first(c).optional()?)
}
