//! SQL of profiles and clocks.

use super::model::{Clock, ClockState, LimitUnit, ProfileRow, ProfileVersionRow};
use super::profile::{Profile, ProfileDocument};
use super::timetable::{CalendarVersion, Digests};
use crate::calendar::{Calendar, CalendarDocument};
use crate::on_both;
use crate::platform::db::Conn;
use crate::platform::db::lock::alone;
use crate::platform::db::schema::{calendar, calendar_version, clock, profile, profile_version, timetable};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use chrono::{DateTime, NaiveDate};
use diesel::prelude::*;
use sha2::{Digest, Sha256};

/// What tells the state of all versions.
pub(super) fn digests(c: &mut Conn) -> Result<Digests> {
    Ok(on_both!(c, |c| timetable::table.find(1_i16).select((timetable::calendars, timetable::profiles)).first(c))?)
}

/// Every version of every calendar.
pub(super) fn all_calendars(c: &mut Conn) -> Result<Vec<CalendarVersion>> {
    let rows: Vec<(String, i32, String)> = calendar_version::table
        .inner_join(calendar::table)
        .select((calendar::code, calendar_version::n, calendar_version::document))
        .load(c)?;
    let read = |(code, version, text): (String, i32, String)| {
        let document: CalendarDocument = serde_json::from_str(&text).map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(CalendarVersion { code, version, calendar: Calendar::of(&document) })
    };
    rows.into_iter().map(read).collect()
}

/// Every version of every profile.
pub(super) fn all_profiles(c: &mut Conn) -> Result<Vec<Profile>> {
    let rows: Vec<(String, i32, NaiveDate, String)> = profile_version::table
        .inner_join(profile::table)
        .select((profile::code, profile_version::n, profile_version::valid_from, profile_version::document))
        .load(c)?;
    let read = |(code, version, valid_from, text): (String, i32, NaiveDate, String)| {
        let document: ProfileDocument = serde_json::from_str(&text).map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(Profile { code, version, valid_from, document })
    };
    rows.into_iter().map(read).collect()
}

/// All clocks of a subject, in the order they were started.
///
/// # Errors
/// Database only.
pub fn of_subject(c: &mut Conn, subject: Id) -> Result<Vec<Clock>> {
    Ok(on_both!(c, |c| clock::table.filter(clock::subject_id.eq(subject)).order(clock::id).load(c))?)
}

/// The place of a clock whose instant comes: by the instant, then by petition and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Coming {
    /// When its next warning or its end comes.
    pub next_at: Time,
    /// The petition.
    pub subject_id: Id,
    /// The clock.
    pub id: Id,
}

impl Coming {
    /// Before all others: nothing that is registered was received earlier than 1900.
    pub const FIRST: Self =
        Self { next_at: Time(DateTime::from_timestamp_nanos(-5_364_662_400_000_000_000)), subject_id: Id::NIL, id: Id::NIL };
}

/// The next clocks behind a place of which something came by then, oldest first.
///
/// # Errors
/// Database only.
pub fn take_come(c: &mut Conn, now: Time, after: Coming, most: i64) -> Result<Vec<Coming>> {
    let behind = clock::next_at
        .gt(after.next_at)
        .or(clock::subject_id.gt(after.subject_id))
        .or(clock::subject_id.eq(after.subject_id).and(clock::id.gt(after.id)));
    let come = clock::table
        .filter(clock::next_at.ge(after.next_at).and(clock::next_at.le(now)))
        .filter(behind)
        .filter(clock::subject_kind.eq("petition"))
        .order((clock::next_at, clock::subject_id, clock::id))
        .limit(most)
        .select((clock::next_at.assume_not_null(), clock::subject_id, clock::id));
    Ok(on_both!(c, |c| come.load(c))?)
}

/// Takes a subject in hand until the transaction ends; false when another instance has it. All its clocks come at once: were they
/// taken one by one, two instances could wait for each other.
///
/// # Errors
/// Database only.
pub fn take_in_hand(c: &mut Conn, subject: Id) -> Result<bool> {
    let (high, low) = subject.0.as_u64_pair();
    alone(c, (high ^ low).cast_signed())
}

/// When the next warning or end comes, or came.
///
/// # Errors
/// Database only.
pub fn next_instant(c: &mut Conn) -> Result<Option<Time>> {
    let next = clock::table.filter(clock::next_at.is_not_null()).order(clock::next_at).select(clock::next_at.assume_not_null());
    Ok(on_both!(c, |c| next.first(c)).optional()?)
}

/// Stores a clock that was started.
///
/// # Errors
/// Database only.
pub fn insert(c: &mut Conn, row: &Clock) -> Result<()> {
    on_both!(c, |c| diesel::insert_into(clock::table).values(row).execute(c))?;
    Ok(())
}

/// The columns that change when a clock ends or a warning is given; its count has others.
#[derive(AsChangeset)]
#[diesel(table_name = clock, treat_none_as_null = true)]
struct Standing<'a> {
    state: ClockState,
    cause: Option<&'a str>,
    warned: i16,
    next_at: Option<Time>,
    breached_at: Option<Time>,
    stopped_at: Option<Time>,
    stopped_n: Option<i64>,
}

/// The columns that change when a clock is counted anew or changes hands.
#[derive(AsChangeset)]
#[diesel(table_name = clock, treat_none_as_null = true)]
struct Count<'a> {
    unit_id: Option<Id>,
    profile: &'a str,
    profile_version: i32,
    calendar_version: i32,
    provisional: bool,
    limit_amount: i32,
    limit_unit: LimitUnit,
    extended_days: i32,
    pauses: &'a super::model::Pauses,
    started_at: Time,
    yellow_at: Time,
    due_on: NaiveDate,
    due_at: Time,
    target_at: Option<Time>,
}

/// Stores what changed of a clock; `counted` when its count or its unit did.
///
/// # Errors
/// Database only.
pub fn update(c: &mut Conn, row: &Clock, counted: bool) -> Result<()> {
    let standing = Standing {
        state: row.state,
        cause: row.cause.as_deref(),
        warned: row.warned,
        next_at: row.next_at,
        breached_at: row.breached_at,
        stopped_at: row.stopped_at,
        stopped_n: row.stopped_n,
    };
    let this = clock::table.find((row.subject_id, row.id));
    if !counted {
        on_both!(c, |c| diesel::update(this).set(&standing).execute(c))?;
        return Ok(());
    }
    let count = Count {
        unit_id: row.unit_id,
        profile: &row.profile,
        profile_version: row.profile_version,
        calendar_version: row.calendar_version,
        provisional: row.provisional,
        limit_amount: row.limit_amount,
        limit_unit: row.limit_unit,
        extended_days: row.extended_days,
        pauses: &row.pauses,
        started_at: row.started_at,
        yellow_at: row.yellow_at,
        due_on: row.due_on,
        due_at: row.due_at,
        target_at: row.target_at,
    };
    on_both!(c, |c| diesel::update(this).set((&standing, &count)).execute(c))?;
    Ok(())
}

/// Whether there is any profile.
pub(super) fn any_profile(c: &mut Conn) -> Result<bool> {
    Ok(profile::table.select(profile::code).first::<String>(c).optional()?.is_some())
}

/// Stores a profile with its first version.
pub(super) fn insert_profile(c: &mut Conn, row: &ProfileRow, version: &ProfileVersionRow) -> Result<()> {
    diesel::insert_into(profile::table).values(row).execute(c)?;
    insert_profile_version(c, version)
}

/// Stores a version, and says to every instance that there is one more.
pub(super) fn insert_profile_version(c: &mut Conn, version: &ProfileVersionRow) -> Result<()> {
    diesel::insert_into(profile_version::table).values(version).execute(c)?;
    let digests: Vec<Vec<u8>> =
        profile_version::table.order((profile_version::profile_id, profile_version::n)).select(profile_version::digest).load(c)?;
    diesel::update(timetable::table).set(timetable::profiles.eq(Sha256::digest(digests.concat()).to_vec())).execute(c)?;
    Ok(())
}
