//! SQL of recusals.

use crate::petition::model::Bar;
use crate::petition::recused::RECUSED;
use crate::platform::db::Conn;
use crate::platform::db::schema::petition_bar;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// Recusals in a petition after one, oldest first.
///
/// # Errors
/// Database only.
pub fn of_petition(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Bar>> {
    let of = petition_bar::table.filter(petition_bar::petition_id.eq(petition)).filter(petition_bar::reason.eq(RECUSED));
    Ok(of.filter(petition_bar::id.gt(after)).order(petition_bar::id).limit(limit).load(c)?)
}

/// One recusal in a petition.
///
/// # Errors
/// Database only.
pub fn one(c: &mut Conn, petition: Id, id: Id) -> Result<Option<Bar>> {
    let of = petition_bar::table.filter(petition_bar::petition_id.eq(petition)).filter(petition_bar::reason.eq(RECUSED));
    Ok(of.filter(petition_bar::id.eq(id)).first(c).optional()?)
}
