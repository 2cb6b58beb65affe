//! SQL of reception days.

use super::model::{Booking, BookingState, ReceptionDay};
use crate::audit::Head;
use crate::auth::Actor;
use crate::petition::repo::scope::{Caller, held, visible};
use crate::platform::db::schema::{petition, reception_booking, reception_day};
use crate::platform::db::types::Id;
use crate::platform::db::{Both, Conn};
use crate::platform::error::{Error, Result};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashSet;

/// Which days a list holds.
pub struct DaysFilter {
    /// From this day on.
    pub from: NaiveDate,
    /// Up to and with this day.
    pub to: Option<NaiveDate>,
    /// Only this leader's.
    pub leader: Option<Id>,
}

/// A reception day.
///
/// # Errors
/// Database only.
pub fn find(c: &mut Conn, id: Id) -> Result<Option<ReceptionDay>> {
    Ok(reception_day::table.find(id).first(c).optional()?)
}

/// A page of reception days, the earliest first.
pub(super) fn page(c: &mut Conn, asked: &DaysFilter, after: Option<(NaiveDate, Id)>, rows: i64) -> Result<Vec<ReceptionDay>> {
    let from = after.map_or(asked.from, |(day, _)| day.max(asked.from));
    let mut query = reception_day::table.filter(reception_day::held_on.ge(from)).into_boxed();
    if let Some(to) = asked.to {
        query = query.filter(reception_day::held_on.le(to));
    }
    if let Some(leader) = asked.leader {
        query = query.filter(reception_day::leader_id.eq(leader));
    }
    if let Some((day, id)) = after {
        query = query.filter(reception_day::held_on.gt(day).or(reception_day::held_on.eq(day).and(reception_day::id.gt(id))));
    }
    Ok(query.order((reception_day::held_on, reception_day::id)).limit(rows).load(c)?)
}

/// The days that are not cancelled, from a day on, the earliest first.
pub(super) fn to_come(c: &mut Conn, from: NaiveDate, most: i64) -> Result<Vec<ReceptionDay>> {
    let held = reception_day::table.filter(reception_day::held_on.ge(from)).filter(reception_day::cancelled_at.is_null());
    Ok(held.order((reception_day::held_on, reception_day::starts, reception_day::id)).limit(most).load(c)?)
}

/// Whether a leader holds another reception in some of these hours.
pub(super) fn sits(c: &mut Conn, day: &ReceptionDay) -> Result<bool> {
    let others = reception_day::table
        .filter(reception_day::leader_id.eq(day.leader_id).and(reception_day::held_on.eq(day.held_on)))
        .filter(reception_day::id.ne(day.id).and(reception_day::cancelled_at.is_null()))
        .filter(reception_day::starts.lt(&day.ends).and(reception_day::ends.gt(&day.starts)));
    Ok(others.select(reception_day::id).first::<Id>(c).optional()?.is_some())
}

/// Inserts a reception day; false when its id is in use.
pub(super) fn insert(c: &mut Conn, row: &ReceptionDay) -> Result<bool> {
    Ok(Both(diesel::insert_into(reception_day::table).values(row).on_conflict_do_nothing()).execute(c)? == 1)
}

/// Writes a day over the version it was read at, and moves the chain's head.
pub(super) fn update(c: &mut Conn, row: ReceptionDay, head: Head) -> Result<ReceptionDay> {
    let read_at = row.version;
    let row = ReceptionDay { version: read_at + 1, event_n: head.n, event_hash: head.hash, ..row };
    let unchanged = reception_day::table.find(row.id).filter(reception_day::version.eq(read_at));
    if diesel::update(unchanged).set(&row).execute(c)? == 0 {
        return Err(Error::Again);
    }
    Ok(row)
}

/// A booking of a day.
pub(super) fn booking(c: &mut Conn, day: Id, id: Id) -> Result<Option<Booking>> {
    let of_day = reception_booking::table.find(id).filter(reception_booking::reception_day_id.eq(day));
    Ok(of_day.first(c).optional()?)
}

/// Whether a retiree has booked a place of a day.
pub(super) fn has_booked(c: &mut Conn, day: Id, retiree: Id) -> Result<bool> {
    let booked = reception_booking::table
        .filter(reception_booking::reception_day_id.eq(day).and(reception_booking::retiree_id.eq(retiree)))
        .filter(reception_booking::state.eq(BookingState::Booked));
    Ok(booked.select(reception_booking::id).first::<Id>(c).optional()?.is_some())
}

/// A page of a day's bookings, in the order in which they were made.
pub(super) fn bookings(c: &mut Conn, day: Id, after: Option<Id>, rows: i64) -> Result<Vec<Booking>> {
    let mut query = reception_booking::table.filter(reception_booking::reception_day_id.eq(day)).into_boxed();
    if let Some(after) = after {
        query = query.filter(reception_booking::id.gt(after));
    }
    Ok(query.order(reception_booking::id).limit(rows).load(c)?)
}

/// Whether an id is some booking's.
pub(super) fn is_booking(c: &mut Conn, id: Id) -> Result<bool> {
    let taken = reception_booking::table.find(id).select(reception_booking::id);
    Ok(taken.first::<Id>(c).optional()?.is_some())
}

/// Inserts a booking; again when somebody made the same at once.
pub(super) fn book(c: &mut Conn, row: &Booking) -> Result<()> {
    let booked = Both(diesel::insert_into(reception_booking::table).values(row).on_conflict_do_nothing()).execute(c)?;
    if booked == 1 { Ok(()) } else { Err(Error::Again) }
}

/// Writes how a booking ended; its day's version guards it.
pub(super) fn end(c: &mut Conn, row: &Booking) -> Result<()> {
    diesel::update(reception_booking::table.find(row.id)).set(row).execute(c)?;
    Ok(())
}

/// Which of these petitions the caller may see.
pub(super) fn seen(c: &mut Conn, actor: &Actor, petitions: Vec<Id>) -> Result<HashSet<Id>> {
    let caller = Caller::of(c, actor)?;
    let among = petition::table.filter(petition::id.eq_any(petitions)).filter(held(visible(&caller)));
    Ok(among.select(petition::id).load(c)?.into_iter().collect())
}
