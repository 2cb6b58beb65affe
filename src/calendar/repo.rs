//! SQL of calendars.

use super::model::{CalendarRow, VersionRow};
use crate::audit::Head;
use crate::platform::db::Conn;
use crate::platform::db::schema::{calendar, calendar_version, timetable};
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use diesel::prelude::*;
use sha2::{Digest, Sha256};

/// Whether there is any calendar.
pub(super) fn any(c: &mut Conn) -> Result<bool> {
    Ok(calendar::table.select(calendar::code).first::<String>(c).optional()?.is_some())
}

/// A calendar by its code.
pub(super) fn find(c: &mut Conn, code: &str) -> Result<Option<CalendarRow>> {
    // not every text can be asked for
    if code.contains('\0') {
        return Ok(None);
    }
    Ok(calendar::table.filter(calendar::code.eq(code)).first(c).optional()?)
}

/// A version of a calendar.
pub(super) fn version(c: &mut Conn, calendar: Id, n: i32) -> Result<Option<VersionRow>> {
    Ok(calendar_version::table.find((calendar, n)).first(c).optional()?)
}

/// Calendars after a code, each with its newest version.
pub(super) fn page(c: &mut Conn, after: Option<&str>, rows: i64) -> Result<Vec<(CalendarRow, VersionRow)>> {
    let newest = calendar_version::calendar_id.eq(calendar::id).and(calendar_version::n.eq(calendar::newest));
    let query = calendar::table.inner_join(calendar_version::table.on(newest)).filter(calendar::code.gt(after.unwrap_or_default()));
    Ok(query.order(calendar::code).limit(rows).select((calendar::all_columns, calendar_version::all_columns)).load(c)?)
}

/// Versions of a calendar before one, newest first.
pub(super) fn versions(c: &mut Conn, calendar: Id, before: Option<i32>, rows: i64) -> Result<Vec<VersionRow>> {
    let query = calendar_version::table.filter(calendar_version::calendar_id.eq(calendar));
    let query = query.filter(calendar_version::n.lt(before.unwrap_or(i32::MAX)));
    Ok(query.order(calendar_version::n.desc()).limit(rows).load(c)?)
}

/// Stores a calendar with its first version.
pub(super) fn insert(c: &mut Conn, row: &CalendarRow, version: &VersionRow) -> Result<()> {
    diesel::insert_into(calendar::table).values(row).execute(c)?;
    insert_version(c, version)
}

/// Stores the next version of a calendar over the version it was read at, and moves its chain's head.
pub(super) fn publish(c: &mut Conn, row: &CalendarRow, version: &VersionRow, head: &Head) -> Result<()> {
    let changed = diesel::update(calendar::table.find(row.id).filter(calendar::version.eq(row.version)))
        .set((
            calendar::newest.eq(version.n),
            calendar::version.eq(row.version + 1),
            calendar::event_n.eq(head.n),
            calendar::event_hash.eq(&head.hash),
        ))
        .execute(c)?;
    if changed == 0 {
        return Err(Error::Again);
    }
    insert_version(c, version)
}

/// Stores a version, and says to every instance that there is one more.
fn insert_version(c: &mut Conn, version: &VersionRow) -> Result<()> {
    diesel::insert_into(calendar_version::table).values(version).execute(c)?;
    let digests: Vec<Vec<u8>> =
        calendar_version::table.order((calendar_version::calendar_id, calendar_version::n)).select(calendar_version::digest).load(c)?;
    let all = Sha256::digest(digests.concat()).to_vec();
    diesel::update(timetable::table).set(timetable::calendars.eq(all)).execute(c)?;
    Ok(())
}
