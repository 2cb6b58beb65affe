//! SQL of replays.

use super::model::Versioned;
use crate::audit::Head;
use crate::deadline::Clock;
use crate::on_both;
use crate::petition::Kind;
use crate::petition::facts::Facts;
use crate::platform::db::Conn;
use crate::platform::db::schema::{calendar, clock, petition, profile};
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use diesel::prelude::*;
use std::collections::HashMap;

/// A calendar or a profile: where its chain ends, and its newest version.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Subject {
    pub id: Id,
    pub newest: i32,
    pub event_n: i64,
    pub event_hash: Vec<u8>,
}

macro_rules! of_code {
    ($table:ident, $code:expr) => {
        $table::table.filter($table::code.eq($code)).select(($table::id, $table::newest, $table::event_n, $table::event_hash))
    };
}

/// A calendar or a profile by its code.
pub(super) fn subject(c: &mut Conn, of: Versioned, code: &str) -> Result<Option<Subject>> {
    // not every character can be asked for, and no code has one of those
    if !code.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(None);
    }
    let found = match of {
        Versioned::Calendar => of_code!(calendar, code).first(c).optional()?,
        Versioned::Profile => of_code!(profile, code).first(c).optional()?,
    };
    Ok(found)
}

/// Moves the end of its chain.
pub(super) fn move_head(c: &mut Conn, of: Versioned, subject: &Subject, head: &Head) -> Result<()> {
    macro_rules! moved {
        ($table:ident) => {
            diesel::update($table::table.filter($table::id.eq(subject.id)).filter($table::event_n.eq(subject.event_n)))
                .set(($table::event_n.eq(head.n), $table::event_hash.eq(&head.hash)))
                .execute(c)?
        };
    }
    let moved = match of {
        Versioned::Calendar => moved!(calendar),
        Versioned::Profile => moved!(profile),
    };
    if moved == 1 { Ok(()) } else { Err(Error::Again) }
}

/// The next clocks behind a place that still count, in the order of petitions and ids. Nothing else is asked here: a planner that expects
/// few of them would look through all clocks for each page.
pub(super) fn counting(c: &mut Conn, after: (Id, Id), rows: i64) -> Result<Vec<Clock>> {
    let (subject, id) = after;
    let counting = clock::table
        .filter(clock::stopped_at.is_null().and(clock::breached_at.is_null()))
        .filter(clock::subject_id.ge(subject))
        .filter(clock::subject_id.gt(subject).or(clock::id.gt(id)))
        .order((clock::subject_id, clock::id))
        .limit(rows);
    Ok(on_both!(c, |c| counting.load(c))?)
}

/// What the count of a petition's clocks depends on, and what is shown of it.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Counted {
    pub id: Id,
    pub kind: Kind,
    pub number: String,
    pub restricted: bool,
    pub priority_rank: i16,
    pub facts: Facts,
}

/// These petitions.
pub(super) fn petitions(c: &mut Conn, ids: Vec<Id>) -> Result<HashMap<Id, Counted>> {
    let columns = (petition::id, petition::kind, petition::number, petition::restricted, petition::priority_rank, petition::facts);
    let found: Vec<Counted> = petition::table.filter(petition::id.eq_any(ids)).select(columns).load(c)?;
    Ok(found.into_iter().map(|petition| (petition.id, petition)).collect())
}
