//! SQL of supervisions.

use crate::petition::supervised::{Supervision, SupervisionState};
use crate::platform::db::Conn;
use crate::platform::db::schema::supervision;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// Those on which something can still be done, oldest first.
pub(in crate::petition) fn live(c: &mut Conn, petition: Id) -> Result<Vec<Supervision>> {
    let states = [SupervisionState::Proposed, SupervisionState::Open, SupervisionState::Answered];
    Ok(supervision::table
        .filter(supervision::petition_id.eq(petition))
        .filter(supervision::state.eq_any(states))
        .order(supervision::id)
        .load(c)?)
}

/// Stores a new one.
pub(in crate::petition) fn insert(c: &mut Conn, row: &Supervision) -> Result<()> {
    diesel::insert_into(supervision::table).values(row).execute(c)?;
    Ok(())
}

/// Stores how it stands by now.
pub(in crate::petition) fn update(c: &mut Conn, row: &Supervision) -> Result<()> {
    diesel::update(supervision::table.find(row.id)).set(row).execute(c)?;
    Ok(())
}
