//! SQL of extensions.

use super::model::Extension;
use crate::platform::db::Conn;
use crate::platform::db::schema::extension;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// Stores a request.
pub(super) fn insert(c: &mut Conn, row: &Extension) -> Result<()> {
    diesel::insert_into(extension::table).values(row).execute(c)?;
    Ok(())
}

/// Stores what was decided.
pub(super) fn decide(c: &mut Conn, row: &Extension) -> Result<()> {
    let decision = (
        extension::state.eq(row.state),
        extension::decided_at.eq(row.decided_at),
        extension::decided_by.eq(row.decided_by),
        extension::note.eq(&row.note),
    );
    diesel::update(extension::table.find(row.id)).set(decision).execute(c)?;
    Ok(())
}

/// Requests on a petition after one, oldest first.
///
/// # Errors
/// Database only.
pub fn of_petition(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Extension>> {
    let of = extension::table.filter(extension::petition_id.eq(petition)).filter(extension::id.gt(after));
    Ok(of.order(extension::id).limit(limit).load(c)?)
}

/// One request on a petition.
///
/// # Errors
/// Database only.
pub fn one(c: &mut Conn, petition: Id, id: Id) -> Result<Option<Extension>> {
    Ok(extension::table.filter(extension::petition_id.eq(petition)).filter(extension::id.eq(id)).first(c).optional()?)
}
