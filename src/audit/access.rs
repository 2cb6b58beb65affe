//! Sign-ins and audited reads: append-only, without a chain. What nobody can be named for is counted per minute and address.

use crate::platform::db::schema::{access_failure, access_log};
use crate::platform::db::types::{Id, Time};
use crate::platform::db::{Both, Conn};
use crate::platform::error::Result;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use diesel::prelude::*;

crate::text_enum! {
    /// What was accessed.
    pub enum AccessKind {
        /// A sign-in with a password.
        SignIn = "sign_in",
        /// A session carried on with its refresh token.
        Refresh = "refresh",
        /// A session ended by its holder.
        SignOut = "sign_out",
    }
}

crate::text_enum! {
    /// How it ended.
    pub enum AccessOutcome {
        /// Let in.
        Granted = "granted",
        /// The password was wrong.
        WrongPassword = "wrong_password",
        /// The account is suspended.
        Suspended = "suspended",
        /// A refresh token came back that was used up: whoever has it may have stolen it, so its family ended.
        Reused = "reused",
    }
}

/// One entry of the access log.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = access_log)]
pub struct Access {
    /// Its id.
    pub id: Id,
    /// When.
    pub at: Time,
    /// What was accessed.
    pub kind: AccessKind,
    /// How it ended.
    pub outcome: AccessOutcome,
    /// Whose account.
    pub account_id: Option<Id>,
    /// What was read, if one thing.
    pub subject_id: Option<Id>,
    /// The peer's address.
    pub address: String,
    /// The request.
    pub request_id: String,
    /// A word more, never personal.
    pub detail: Option<String>,
}

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
