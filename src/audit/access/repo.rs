//! SQL of the access log.

use super::model::Access;
use crate::platform::db::schema::{access_failure, access_log};
use crate::platform::db::types::Time;
use crate::platform::db::{Both, Conn};
use crate::platform::error::Result;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use diesel::prelude::*;

/// Appends an entry.
///
/// # Errors
/// Database only.
pub fn record(c: &mut Conn, access: &Access) -> Result<()> {
    diesel::insert_into(access_log::table).values(access).execute(c)?;
    Ok(())
}

/// Counts a failure of nobody known, in the minute of `at`.
///
/// # Errors
/// Database only.
pub fn count_failure(c: &mut Conn, at: DateTime<Utc>, address: &str) -> Result<()> {
    let minute = at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at);
    let row = (access_failure::minute.eq(Time(minute)), access_failure::address.eq(address.to_owned()), access_failure::failures.eq(1_i64));
    let counted = diesel::insert_into(access_failure::table)
        .values(row)
        .on_conflict((access_failure::minute, access_failure::address))
        .do_update()
        .set(access_failure::failures.eq(access_failure::failures + 1_i64));
    Both(counted).execute(c)?;
    Ok(())
}
