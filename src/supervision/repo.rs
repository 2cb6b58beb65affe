//! SQL of supervisions.

use crate::petition::supervised::Supervision;
use crate::platform::db::Conn;
use crate::platform::db::schema::supervision;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// Supervisions of a petition after one, oldest first.
///
/// # Errors
/// Database only.
pub fn of_petition(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Supervision>> {
    Ok(supervision::table
        .filter(supervision::petition_id.eq(petition))
        .filter(supervision::id.gt(after))
        .order(supervision::id)
        .limit(limit)
        .load(c)?)
}

/// One supervision of a petition.
///
/// # Errors
/// Database only.
pub fn one(c: &mut Conn, petition: Id, id: Id) -> Result<Option<Supervision>> {
    Ok(supervision::table.filter(supervision::petition_id.eq(petition)).filter(supervision::id.eq(id)).first(c).optional()?)
}
