//! SQL of closings.

use crate::petition::ClosureReason;
use crate::petition::model::Closure;
use crate::platform::db::Conn;
use crate::platform::db::schema::closure;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// The last closing of a petition.
///
/// # Errors
/// Database only.
pub fn last(c: &mut Conn, petition: Id) -> Result<Option<Closure>> {
    Ok(closure::table.filter(closure::petition_id.eq(petition)).order(closure::id.desc()).first(c).optional()?)
}

/// The withdrawal of a petition.
///
/// # Errors
/// Database only.
pub fn withdrawal(c: &mut Conn, petition: Id) -> Result<Option<Closure>> {
    let withdrawn = closure::table.filter(closure::petition_id.eq(petition)).filter(closure::reason.eq(ClosureReason::Withdrawn));
    Ok(withdrawn.order(closure::id.desc()).first(c).optional()?)
}
