//! SQL of calendars.

use super::model::{CalendarRow, VersionRow};
use crate::platform::db::Conn;
use crate::platform::db::schema::{calendar, calendar_version, timetable};
use crate::platform::error::Result;
use diesel::prelude::*;
use sha2::{Digest, Sha256};

/// Whether there is any calendar.
pub(super) fn any(c: &mut Conn) -> Result<bool> {
    Ok(calendar::table.select(calendar::code).first::<String>(c).optional()?.is_some())
}

/// Stores a calendar with its first version.
pub(super) fn insert(c: &mut Conn, row: &CalendarRow, version: &VersionRow) -> Result<()> {
    diesel::insert_into(calendar::table).values(row).execute(c)?;
    insert_version(c, version)
}

/// Stores a version, and says to every instance that there is one more.
pub(super) fn insert_version(c: &mut Conn, version: &VersionRow) -> Result<()> {
    diesel::insert_into(calendar_version::table).values(version).execute(c)?;
    let digests: Vec<Vec<u8>> =
        calendar_version::table.order((calendar_version::calendar_id, calendar_version::n)).select(calendar_version::digest).load(c)?;
    let all = Sha256::digest(digests.concat()).to_vec();
    diesel::update(timetable::table).set(timetable::calendars.eq(all)).execute(c)?;
    Ok(())
}
