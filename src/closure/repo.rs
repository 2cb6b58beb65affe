//! SQL of closings.

use crate::petition::ClosureReason;
use crate::petition::model::Closure;
use crate::platform::db::Conn;
use crate::platform::db::schema::{closure, petition};
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// The closing of a petition that is closed.
///
/// # Errors
/// Database only.
pub fn last(c: &mut Conn, id: Id) -> Result<Option<Closure>> {
    let closed = petition::table.filter(petition::id.eq(id)).filter(petition::closed_at.is_not_null());
    let of_it = closure::table.filter(closure::petition_id.eq(id)).filter(diesel::dsl::exists(closed));
    Ok(of_it.order(closure::id.desc()).first(c).optional()?)
}

/// The withdrawal of a petition.
///
/// # Errors
/// Database only.
pub fn withdrawal(c: &mut Conn, petition: Id) -> Result<Option<Closure>> {
    let withdrawn = closure::table.filter(closure::petition_id.eq(petition)).filter(closure::reason.eq(ClosureReason::Withdrawn));
    Ok(withdrawn.order(closure::id.desc()).first(c).optional()?)
}
