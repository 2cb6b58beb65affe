//! Putting a worklist together.

use super::model::{Scope, WorklistFilter, WorklistItem, WorklistPage};
use super::repo::{self, Reading, Whose};
use crate::auth::{Context, Paging, Role};
use crate::petition::repo::due::Place;
use crate::petition::repo::rows;
use crate::petition::repo::scope::Caller;
use crate::petition::view::{self, ClockView};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::unit;
use std::collections::BTreeSet;

/// A page of what the caller, or their unit, has to do something about.
///
/// # Errors
/// Database only.
pub fn page(c: &mut Conn, cx: &Context, filter: &WorklistFilter, paging: &Paging<Place>) -> Result<WorklistPage> {
    let as_of = paging.after.map_or(Time(cx.now()), |place| place.as_of);
    let caller = Caller::of(c, &cx.actor)?;
    let whose = whose(c, cx, &caller, filter)?;
    let mine = filter.scope == Some(Scope::Mine);
    let reading = Reading {
        caller: &caller,
        by: mine.then(|| cx.actor.id()),
        filter: filter.of_petitions(),
        after: paging.after,
        rows: paging.rows(),
        as_of,
        zone: cx.zone,
    };
    let keys = reading.keys(c, &whose)?;
    let page = paging.page(cx, keys, |key| Place::of(key, as_of), Ok)?;

    let petitions = rows::at(c, &page.items.iter().map(|(.., n)| *n).collect::<Vec<_>>())?;
    let mut clocks = repo::nearest_clocks(c, &petitions.iter().map(|p| p.id).collect::<Vec<_>>())?;
    let of_clocks = clocks.values().filter_map(|clock| clock.unit_id);
    let units: BTreeSet<Id> = petitions.iter().flat_map(|p| p.units().chain(p.work_unit)).chain(of_clocks).collect();
    let names = unit::repo::names(c, &units.into_iter().collect::<Vec<_>>())?;
    let named = |id| view::unit_ref(&names, id);
    let items = petitions.into_iter().map(|p| WorklistItem {
        work_unit: p.work_unit.map(named),
        due: clocks.remove(&p.id).map(|clock| ClockView::of(&clock, clock.unit_id.map(named), as_of.0)),
        petition: view::item(cx, p, &names, as_of.0),
    });
    Ok(WorklistPage { items: items.collect(), next_cursor: page.next_cursor, as_of })
}

fn whose(c: &mut Conn, cx: &Context, caller: &Caller<'_>, filter: &WorklistFilter) -> Result<Whose> {
    if filter.scope == Some(Scope::Mine) || !caller.is_wide() {
        let mut units = caller.units().to_vec();
        if let Some(unit) = filter.unit {
            let below = repo::below(c, unit)?;
            units.retain(|unit| below.contains(unit));
        }
        return Ok(Whose::Units(units));
    }
    let own = cx.actor.unit_id;
    match filter.unit {
        Some(unit) => Whose::below(c, unit),
        None if cx.actor.roles.has(Role::Leader) || repo::is_root(c, own)? => Ok(Whose::All),
        None => Whose::below(c, own),
    }
}
