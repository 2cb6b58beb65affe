//! SQL that sees several slices at once.

use super::matter::MatterItem;
use crate::auth::Actor;
use crate::handling::model::Opinion;
use crate::petition::repo::scope::{self, Caller, held};
use crate::petition::{ClosureReason, Stage};
use crate::platform::db::Conn;
use crate::platform::db::schema::{opinion, petition, petition_content};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use diesel::prelude::*;

/// Petitions of a matter that are shown.
const MOST: i64 = 200;

type Row = ((Id, String, Stage, Time, Time, Option<Time>, Option<ClosureReason>, String), Option<Opinion>);

/// The other petitions of a matter that somebody may see, oldest first, with when they were registered.
pub(super) fn of_matter(c: &mut Conn, actor: &Actor, matter: Id, but: Id) -> Result<Vec<(MatterItem, Time)>> {
    let caller = Caller::of(c, actor)?;
    let seen = petition::table.filter(petition::matter_id.eq(matter)).filter(petition::id.ne(but)).filter(held(scope::visible(&caller)));
    let places: Vec<i64> = seen.select(petition::n).order(petition::n).limit(MOST).load(c)?;
    let columns = (
        petition::id,
        petition::number,
        petition::stage,
        petition::received_at,
        petition::registered_at,
        petition::closed_at,
        petition::closure_reason,
        petition_content::title,
    );
    let rows: Vec<Row> = petition::table
        .inner_join(petition_content::table)
        .left_join(opinion::table.on(opinion::petition_id.eq(petition::id)))
        .filter(petition::n.eq_any(places))
        .order((petition::received_at, petition::registered_at, petition::id, opinion::id))
        .select((columns, opinion::all_columns.nullable()))
        .load(c)?;
    let mut items: Vec<(MatterItem, Time)> = Vec::new();
    for ((id, number, stage, received_at, registered_at, closed_at, closure_reason, title), answer) in rows {
        let answer = answer.map(Into::into);
        match items.last_mut() {
            // of versions the last one stands
            Some((known, _)) if known.id == id => known.answer = answer,
            _ => items.push((MatterItem { id, number, title, stage, received_at, closed_at, closure_reason, answer }, registered_at)),
        }
    }
    Ok(items)
}
