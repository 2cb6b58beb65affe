//! SQL of the order.

use super::super::model::{EventOrder, SubjectKind};
use crate::on_both;
use crate::platform::db::Conn;
use crate::platform::db::lock::alone;
use crate::platform::db::schema::{event, event_order, event_pending};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use diesel::prelude::*;

/// The sequencer's lock on PostgreSQL: whichever instance has it gives positions.
const LOCK: i64 = 0x7869_6e66_616e_6701;

/// An event in its order, as far as a follower needs it to know what to look at.
#[derive(Debug, Clone, Queryable)]
pub struct Ordered {
    /// From 1, without gaps.
    pub position: i64,
    /// What kind of thing it happened to.
    pub subject_kind: SubjectKind,
    /// The thing.
    pub subject_id: Id,
    /// What happened.
    pub act: String,
    /// When it happened.
    pub at: Time,
}

/// Gives the next waiting events their positions, at most `most`; says how many. None while another instance does it.
///
/// # Errors
/// Database only.
pub fn sequence(c: &mut Conn, most: i64) -> Result<usize> {
    if !alone(c, LOCK)? {
        return Ok(0);
    }
    // the order of coming: on one subject the row's lock makes it the order of its chain
    let waiting = event_pending::table.order(event_pending::place).limit(most);
    let waiting: Vec<(i64, Id)> = on_both!(c, |c| waiting.load(c))?;
    let head = head(c)?;
    let rows: Vec<EventOrder> =
        waiting.iter().zip(head + 1..).map(|((_, event_id), position)| EventOrder { position, event_id: *event_id }).collect();
    // those that came to be seen meanwhile may have lower places: only what was read is taken out
    let places: Vec<i64> = waiting.into_iter().map(|(place, _)| place).collect();
    on_both!(c, |c| {
        diesel::insert_into(event_order::table).values(&rows).execute(c)?;
        diesel::delete(event_pending::table.filter(event_pending::place.eq_any(&places))).execute(c)
    })?;
    Ok(rows.len())
}

/// The last position given; 0 before the first.
///
/// # Errors
/// Database only.
pub fn head(c: &mut Conn) -> Result<i64> {
    let last = event_order::table.select(diesel::dsl::max(event_order::position));
    Ok(on_both!(c, |c| last.first::<Option<i64>>(c))?.unwrap_or(0))
}

/// When the event happened that has waited longest for its position.
///
/// # Errors
/// Database only.
pub fn oldest_waiting(c: &mut Conn) -> Result<Option<Time>> {
    let first = event_pending::table
        .inner_join(event::table.on(event::id.eq(event_pending::event_id)))
        .order(event_pending::place)
        .select(event::at);
    Ok(on_both!(c, |c| first.first(c)).optional()?)
}

/// The events after a position, in their order, at most `most`.
///
/// # Errors
/// Database only.
pub fn after(c: &mut Conn, position: i64, most: i64) -> Result<Vec<Ordered>> {
    let next = event_order::table
        .inner_join(event::table.on(event::id.eq(event_order::event_id)))
        .filter(event_order::position.gt(position))
        .order(event_order::position)
        .limit(most)
        .select((event_order::position, event::subject_kind, event::subject_id, event::act, event::at));
    Ok(on_both!(c, |c| next.load(c))?)
}
