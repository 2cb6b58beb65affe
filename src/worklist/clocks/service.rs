//! Reading clocks, and saying why they end when they do.

use super::model::{ClockFilter, ClockItem, ClockPage, ClockPlace, Explanation, LimitView};
use super::repo::Reading;
use super::{repo, rules};
use crate::auth::{Context, Paging};
use crate::deadline::model::LimitUnit;
use crate::deadline::rules::ledger;
use crate::deadline::words::in_words;
use crate::deadline::{Clock, Timetable};
use crate::petition::repo::scope::Caller;
use crate::petition::view;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::platform::web::{Lang, Page};
use crate::unit;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// A page of clocks, what ends first first.
///
/// # Errors
/// Database only.
pub fn page(c: &mut Conn, cx: &Context, filter: &ClockFilter, paging: &Paging<ClockPlace>) -> Result<ClockPage> {
    let as_of = paging.after.map_or(Time(cx.now()), |place| place.as_of);
    let caller = Caller::of(c, &cx.actor)?;
    let rows = Reading { caller: &caller, filter, after: paging.after, rows: paging.rows(), zone: cx.zone }.page(c)?;
    let page = paging.page(cx, rows, |(clock, _)| ClockPlace { due: clock.due_at, id: clock.id, as_of }, Ok)?;
    Ok(ClockPage { items: shown(c, page.items, as_of.0)?, next_cursor: page.next_cursor, as_of })
}

/// A page of a petition's clocks, those that ended too, in the order they were started.
///
/// # Errors
/// NotFound.
pub fn of_petition(c: &mut Conn, cx: &Context, petition: Id, paging: &Paging<Id>) -> Result<Page<ClockItem>> {
    let (number, ..) = repo::of_petition(c, &cx.actor, petition)?;
    let rows = repo::of_one(c, petition, paging.after.unwrap_or(Id::NIL), paging.rows())?;
    let page = paging.page(cx, rows, |clock| clock.id, |clock| Ok((clock, number.clone())))?;
    Ok(Page { items: shown(c, page.items, cx.now())?, next_cursor: page.next_cursor })
}

/// One clock of a petition.
///
/// # Errors
/// NotFound.
pub fn one(c: &mut Conn, cx: &Context, petition: Id, id: Id) -> Result<ClockItem> {
    let (number, ..) = repo::of_petition(c, &cx.actor, petition)?;
    let clock = repo::one(c, petition, id)?;
    let names = unit::repo::names(c, clock.unit_id.as_slice())?;
    let unit = clock.unit_id.map(|unit| view::unit_ref(&names, unit));
    Ok(ClockItem::of(clock, number, unit, cx.now()))
}

/// Why a clock ends when it does.
///
/// # Errors
/// NotFound.
pub fn explain(c: &mut Conn, cx: &Context, petition: Id, id: Id, lang: Lang) -> Result<Explanation> {
    let (_, kind, facts) = repo::of_petition(c, &cx.actor, petition)?;
    let clock = repo::one(c, petition, id)?;
    let timetable = Timetable::current(c)?;
    let rule = timetable.rule_of(&clock, kind, facts.route)?;
    let days = in_words(&ledger(&rule.term_of(&clock), &rule.calendar.calendar, cx.zone), lang);
    Ok(Explanation {
        id: clock.id,
        kind: clock.kind,
        state: clock.state,
        article: rule.rule.article.clone(),
        provisional: clock.provisional,
        started_at: clock.started_at,
        limit: LimitView {
            amount: (clock.limit_unit != LimitUnit::Date).then_some(clock.limit_amount),
            unit: clock.limit_unit,
            extended_days: clock.extended_days,
        },
        yellow_at: clock.yellow_at,
        due_on: clock.due_on,
        due_at: clock.due_at,
        why: rules::sentence(&clock, cx.zone, lang),
        days,
        profile: clock.profile,
        profile_version: clock.profile_version,
        calendar: clock.calendar,
        calendar_version: clock.calendar_version,
    })
}

fn shown(c: &mut Conn, rows: Vec<(Clock, String)>, as_of: DateTime<Utc>) -> Result<Vec<ClockItem>> {
    let units: BTreeSet<Id> = rows.iter().filter_map(|(clock, _)| clock.unit_id).collect();
    let names = unit::repo::names(c, &units.into_iter().collect::<Vec<_>>())?;
    let item = |(clock, number): (Clock, String)| {
        let unit = clock.unit_id.map(|unit| view::unit_ref(&names, unit));
        ClockItem::of(clock, number, unit, as_of)
    };
    Ok(rows.into_iter().map(item).collect())
}
