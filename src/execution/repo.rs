//! SQL of executions.

use super::model::Execution;
use crate::platform::db::Conn;
use crate::platform::db::schema::execution;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// Stores a step.
pub(super) fn insert(c: &mut Conn, row: &Execution) -> Result<()> {
    diesel::insert_into(execution::table).values(row).execute(c)?;
    Ok(())
}

/// The last step of a petition.
///
/// # Errors
/// Database only.
pub fn last(c: &mut Conn, petition: Id) -> Result<Option<Execution>> {
    Ok(execution::table.filter(execution::petition_id.eq(petition)).order(execution::id.desc()).first(c).optional()?)
}
