//! SQL of the trail.

use super::model::{Event, EventPending, EventSealed};
use crate::platform::db::Conn;
use crate::platform::db::schema::{event, event_pending, event_sealed};
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use diesel::prelude::*;

/// Records an event with its sealed content and its place in the queue of the global order.
pub(super) fn insert(c: &mut Conn, row: &Event, sealed: Option<EventSealed>, pending: EventPending) -> Result<()> {
    let stored = match c {
        // the place in the chain may have been taken by a write that came first: this one runs again and sees it
        Conn::Pg(c) => diesel::insert_into(event::table).values(row).on_conflict_do_nothing().execute(c)?,
        Conn::Sqlite(c) => diesel::insert_into(event::table).values(row).execute(c)?,
    };
    if stored == 0 {
        return Err(Error::Again);
    }
    if let Some(sealed) = sealed {
        diesel::insert_into(event_sealed::table).values(&sealed).execute(c)?;
    }
    diesel::insert_into(event_pending::table).values(&pending).execute(c)?;
    Ok(())
}

/// A page of a subject's events, oldest first, after the `after`-th.
///
/// # Errors
/// Database only.
pub fn of_subject(c: &mut Conn, subject: Id, after: i64, limit: i64) -> Result<Vec<(Event, Option<EventSealed>)>> {
    Ok(event::table
        .left_join(event_sealed::table.on(event_sealed::event_id.eq(event::id)))
        .filter(event::subject_id.eq(subject))
        .filter(event::subject_n.gt(after))
        .order(event::subject_n)
        .limit(limit)
        .select((event::all_columns, event_sealed::all_columns.nullable()))
        .load(c)?)
}

/// A page of all events in the order of (subject, n), after a place; for the verifier.
pub(super) fn after(c: &mut Conn, subject: Id, n: i64, limit: i64) -> Result<Vec<(Event, Option<EventSealed>)>> {
    Ok(event::table
        .left_join(event_sealed::table.on(event_sealed::event_id.eq(event::id)))
        .filter(event::subject_id.ge(subject))
        .filter(event::subject_id.gt(subject).or(event::subject_n.gt(n)))
        .order((event::subject_id, event::subject_n))
        .limit(limit)
        .select((event::all_columns, event_sealed::all_columns.nullable()))
        .load(c)?)
}
