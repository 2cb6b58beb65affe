//! SQL of files on their way in.

use super::model::{FaultRow, PartRow};
use crate::account::model::{Account, AccountStatus};
use crate::on_both;
use crate::platform::db::Conn;
use crate::platform::db::schema::{account, import_fault, import_part, job, unit};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use diesel::prelude::*;

/// Rows of one statement.
const AT_ONCE: usize = 1000;

/// Stores what was read.
pub(super) fn insert_parts(c: &mut Conn, rows: &[PartRow]) -> Result<()> {
    for row in rows {
        on_both!(c, |c| diesel::insert_into(import_part::table).values(row).execute(c))?;
    }
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

/// Removes what was read; what is wrong stays.
pub(super) fn drop_parts(c: &mut Conn, job: Id) -> Result<()> {
    diesel::delete(import_part::table.filter(import_part::job_id.eq(job))).execute(c)?;
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

/// Forgets what was read and found for jobs that are forgotten; says how much.
///
/// # Errors
/// Database only.
pub fn forget(c: &mut Conn, _: Time, most: i64) -> Result<usize> {
    let known = || job::table.select(job::id);
    let faults: Vec<(Id, i64)> = import_fault::table
        .filter(import_fault::job_id.ne_all(known()))
        .select((import_fault::job_id, import_fault::n))
        .limit(most)
        .load(c)?;
    for (id, n) in &faults {
        diesel::delete(import_fault::table.find((*id, *n))).execute(c)?;
    }
    let parts: Vec<(Id, i64)> =
        import_part::table.filter(import_part::job_id.ne_all(known())).select((import_part::job_id, import_part::n)).limit(most).load(c)?;
    for (id, n) in &parts {
        diesel::delete(import_part::table.find((*id, *n))).execute(c)?;
    }
    Ok(faults.len().max(parts.len()))
}
