//! SQL of evaluations.

use super::model::{Evaluation, Rated};
use crate::platform::db::Conn;
use crate::platform::db::schema::evaluation;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// Stores an evaluation.
pub(super) fn insert(c: &mut Conn, row: &Evaluation) -> Result<()> {
    diesel::insert_into(evaluation::table).values(row).execute(c)?;
    Ok(())
}

/// Stores a change.
pub(super) fn update(c: &mut Conn, row: &Evaluation) -> Result<()> {
    diesel::update(evaluation::table.find(row.id)).set(row).execute(c)?;
    Ok(())
}

/// The evaluation of one object.
///
/// # Errors
/// Database only.
pub fn of_object(c: &mut Conn, petition: Id, object: Rated) -> Result<Option<Evaluation>> {
    Ok(evaluation::table.filter(evaluation::petition_id.eq(petition)).filter(evaluation::object.eq(object)).first(c).optional()?)
}

/// Evaluations of a petition after one.
///
/// # Errors
/// Database only.
pub fn of_petition(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Evaluation>> {
    Ok(evaluation::table
        .filter(evaluation::petition_id.eq(petition))
        .filter(evaluation::id.gt(after))
        .order(evaluation::id)
        .limit(limit)
        .load(c)?)
}
