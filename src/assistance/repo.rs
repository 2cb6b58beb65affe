//! SQL of questions to other units.

use super::model::Assistance;
use crate::platform::db::Conn;
use crate::platform::db::schema::assistance;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// Stores a question.
pub(super) fn insert(c: &mut Conn, row: &Assistance) -> Result<()> {
    diesel::insert_into(assistance::table).values(row).execute(c)?;
    Ok(())
}

/// Stores how a question ended.
pub(super) fn close(c: &mut Conn, row: &Assistance) -> Result<()> {
    let closed = (
        assistance::state.eq(row.state),
        assistance::answer.eq(&row.answer),
        assistance::closed_at.eq(row.closed_at),
        assistance::closed_by.eq(row.closed_by),
    );
    diesel::update(assistance::table.find(row.id)).set(closed).execute(c)?;
    Ok(())
}

/// Questions in a petition after one, oldest first.
///
/// # Errors
/// Database only.
pub fn of_petition(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Assistance>> {
    let of = assistance::table.filter(assistance::petition_id.eq(petition)).filter(assistance::id.gt(after));
    Ok(of.order(assistance::id).limit(limit).load(c)?)
}

/// One question in a petition.
///
/// # Errors
/// Database only.
pub fn one(c: &mut Conn, petition: Id, id: Id) -> Result<Option<Assistance>> {
    Ok(assistance::table.filter(assistance::petition_id.eq(petition)).filter(assistance::id.eq(id)).first(c).optional()?)
}
