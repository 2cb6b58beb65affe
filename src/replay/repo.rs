//! SQL of replays.

use super::model::{Target, Versioned};
use crate::audit::Head;
use crate::deadline::Clock;
use crate::deadline::model::LimitUnit;
use crate::petition::Kind;
use crate::petition::facts::Facts;
use crate::platform::db::Conn;
use crate::platform::db::schema::{calendar, clock, petition, profile};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use diesel::prelude::*;

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

/// A clock with what its count depends on of its petition, and what is shown of that.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Counting {
    pub clock: Clock,
    pub kind: Kind,
    pub number: String,
    pub restricted: bool,
    pub priority_rank: i16,
    pub facts: Facts,
}

/// A page of the petitions' clocks that still count, have an older version and are not due by then, in the order of petitions and ids.
pub(super) fn counting(c: &mut Conn, target: &Target, as_of: Time, after: (Id, Id), rows: i64) -> Result<Vec<Counting>> {
    let (subject, id) = after;
    let mut query = clock::table
        .inner_join(petition::table.on(petition::id.eq(clock::subject_id)))
        .filter(clock::stopped_at.is_null())
        .filter(clock::breached_at.is_null())
        .filter(clock::subject_kind.eq("petition"))
        .filter(clock::subject_id.ge(subject))
        .filter(clock::subject_id.gt(subject).or(clock::id.gt(id)))
        .filter(clock::limit_unit.ne(LimitUnit::Date))
        // what is due by now is history, whether or not it was found yet
        .filter(clock::due_at.gt(as_of))
        .order((clock::subject_id, clock::id))
        .limit(rows)
        .select((clock::all_columns, petition::kind, petition::number, petition::restricted, petition::priority_rank, petition::facts))
        .into_boxed();
    query = match target.of {
        Versioned::Calendar => query.filter(clock::calendar.eq(&target.code)).filter(clock::calendar_version.lt(target.version)),
        Versioned::Profile => query.filter(clock::profile.eq(&target.code)).filter(clock::profile_version.lt(target.version)),
    };
    Ok(query.load(c)?)
}
