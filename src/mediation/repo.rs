//! SQL of mediations.

use super::model::Mediation;
use crate::platform::db::Conn;
use crate::platform::db::schema::mediation;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// Stores a mediation.
pub(super) fn insert(c: &mut Conn, row: &Mediation) -> Result<()> {
    diesel::insert_into(mediation::table).values(row).execute(c)?;
    Ok(())
}

/// Mediations in a petition after one, oldest first.
///
/// # Errors
/// Database only.
pub fn of_petition(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Mediation>> {
    let of = mediation::table.filter(mediation::petition_id.eq(petition)).filter(mediation::id.gt(after));
    Ok(of.order(mediation::id).limit(limit).load(c)?)
}

/// One mediation in a petition.
///
/// # Errors
/// Database only.
pub fn one(c: &mut Conn, petition: Id, id: Id) -> Result<Option<Mediation>> {
    Ok(mediation::table.filter(mediation::petition_id.eq(petition)).filter(mediation::id.eq(id)).first(c).optional()?)
}
