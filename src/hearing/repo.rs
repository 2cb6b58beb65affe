//! SQL of hearings.

use super::model::Hearing;
use crate::platform::db::Conn;
use crate::platform::db::schema::hearing;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// Stores a hearing.
pub(super) fn insert(c: &mut Conn, row: &Hearing) -> Result<()> {
    diesel::insert_into(hearing::table).values(row).execute(c)?;
    Ok(())
}

/// Stores how a hearing ended.
pub(super) fn end(c: &mut Conn, row: &Hearing) -> Result<()> {
    let ended = (
        hearing::state.eq(row.state),
        hearing::conclusion.eq(&row.conclusion),
        hearing::ended_at.eq(row.ended_at),
        hearing::ended_by.eq(row.ended_by),
    );
    diesel::update(hearing::table.find(row.id)).set(ended).execute(c)?;
    Ok(())
}

/// Hearings on a petition after one, oldest first.
///
/// # Errors
/// Database only.
pub fn of_petition(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Hearing>> {
    let of = hearing::table.filter(hearing::petition_id.eq(petition)).filter(hearing::id.gt(after));
    Ok(of.order(hearing::id).limit(limit).load(c)?)
}

/// One hearing on a petition.
///
/// # Errors
/// Database only.
pub fn one(c: &mut Conn, petition: Id, id: Id) -> Result<Option<Hearing>> {
    Ok(hearing::table.filter(hearing::petition_id.eq(petition)).filter(hearing::id.eq(id)).first(c).optional()?)
}
