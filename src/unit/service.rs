//! Making, changing, moving and dissolving units.

use super::model::{Dissolution, Link, NewUnit, Unit, UnitChange};
use super::{repo, rules};
use crate::audit::{Draft, Head, SubjectKind, append};
use crate::auth::{Context, Permission};
use crate::codes;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Fault, Refusal, Result};
use crate::platform::ids::is_v7;
use crate::platform::web::codes::ID_TAKEN;
use serde_json::{Map, Value, json};

/// The unit a caller is about to change, at the version they have seen.
///
/// # Errors
/// NotFound, VersionRequired, Stale.
pub fn open(c: &mut Conn, cx: &Context, id: Id) -> Result<Unit> {
    repo::lock_tree(c)?;
    let unit = repo::find(c, id)?.ok_or(Error::NotFound)?;
    cx.expect_version(unit.version, &unit.clone().view()?.etag)?;
    Ok(unit)
}

/// Makes a unit.
///
/// # Errors
/// Invalid for what it names and is not there; Conflict when id or code is in use.
pub fn create(c: &mut Conn, cx: &mut Context, new: &NewUnit) -> Result<Unit> {
    repo::lock_tree(c)?;
    let mut faults = Vec::new();
    if new.id.is_some_and(|id| !is_v7(id.0)) {
        faults.push(Fault::new("/id", codes::NOT_V7));
    }
    check_existing(c, new.parent_id, "/parent_id", codes::UNKNOWN_PARENT, &mut faults)?;
    check_existing(c, new.review_unit_id, "/review_unit_id", codes::UNKNOWN_UNIT, &mut faults)?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut unit = Unit {
        id: new.id.unwrap_or_else(|| cx.draw.id()),
        code: new.code.clone(),
        name: new.name.trim().to_owned(),
        kind: new.kind,
        external: new.external,
        parent_id: new.parent_id,
        successor_id: None,
        review_unit_id: new.review_unit_id,
        valid_from: new.valid_from.unwrap_or_else(|| cx.today()),
        dissolved_on: None,
        version: 1,
        event_n: 0,
        event_hash: Vec::new(),
    };
    let draft = draft(cx, "unit_created")
        .with("code", &unit.code)
        .with("kind", unit.kind)
        .with("external", unit.external)
        .with("parent_id", unit.parent_id)
        .with("review_unit_id", unit.review_unit_id)
        .with("valid_from", unit.valid_from)
        .sealed(json!({ "name": unit.name }));
    if new.id.is_some() {
        crate::audit::repo::require_free(c, unit.id)?;
    }
    let head = append(c, cx, SubjectKind::Unit, unit.id, &Head::none(), draft)?;
    (unit.event_n, unit.event_hash) = (head.n, head.hash);
    if !repo::insert(c, &unit)? {
        return Err(if repo::find(c, unit.id)?.is_some() { Error::conflict(ID_TAKEN) } else { code_taken(&unit.code) });
    }
    let above = unit.parent_id.map(|parent| repo::above(c, parent)).transpose()?.unwrap_or_default();
    let mut links = rules::links(&above, &[(unit.id, 0)], rules::CHILD);
    links.push(Link { ancestor_id: unit.id, descendant_id: unit.id, depth: 0 });
    repo::link(c, &links)?;
    Ok(unit)
}

/// Changes a unit that [`open`] gave; a change of nothing is no event.
///
/// # Errors
/// Invalid for what it names and is not there, or a move below itself; Conflict when the code is in use, or a dissolved unit
/// is to move: it stands with its successor.
pub fn change(c: &mut Conn, cx: &mut Context, unit: Unit, change: &UnitChange) -> Result<Unit> {
    let mut next = unit.clone();
    next.code = change.code.clone().unwrap_or(next.code);
    next.name = change.name.as_deref().map(|n| n.trim().to_owned()).unwrap_or(next.name);
    next.kind = change.kind.unwrap_or(next.kind);
    next.parent_id = change.parent_id.unwrap_or(next.parent_id);
    next.review_unit_id = change.review_unit_id.unwrap_or(next.review_unit_id);
    if next == unit {
        return Ok(unit);
    }
    if next.parent_id != unit.parent_id && unit.dissolved_on.is_some() {
        return Err(Error::conflict(codes::UNIT_ALREADY_DISSOLVED));
    }
    if next.code != unit.code && repo::code_taken(c, &next.code, unit.id)? {
        return Err(code_taken(&next.code));
    }
    let mut faults = Vec::new();
    if next.review_unit_id != unit.review_unit_id {
        check_existing(c, next.review_unit_id, "/review_unit_id", codes::UNKNOWN_UNIT, &mut faults)?;
    }
    if next.parent_id != unit.parent_id {
        check_existing(c, next.parent_id, "/parent_id", codes::UNKNOWN_PARENT, &mut faults)?;
        if faults.is_empty() {
            relocate(c, unit.id, next.parent_id, rules::CHILD)?;
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let act = if next.parent_id == unit.parent_id { "unit_changed" } else { "unit_moved" };
    let (changes, words) = differences(&unit, &next, change.reason.as_deref());
    let mut draft = draft(cx, act);
    draft.data = changes;
    draft.sealed = (!words.is_empty()).then_some(Value::Object(words)).into();
    record(c, cx, &next, draft)
}

/// Dissolves a unit that [`open`] gave; the units below it move under the successor, each with an event of its own,
/// and its petitions are the successor's without being touched.
///
/// # Errors
/// Conflict when it is dissolved already; Invalid for an unknown or dissolved successor, one that leads back, a day to come.
pub fn dissolve(c: &mut Conn, cx: &mut Context, unit: Unit, asked: &Dissolution) -> Result<Unit> {
    if unit.dissolved_on.is_some() {
        return Err(Error::conflict(codes::UNIT_ALREADY_DISSOLVED));
    }
    let day = asked.dissolved_on.unwrap_or_else(|| cx.today());
    let mut faults = Vec::new();
    if day > cx.today() {
        faults.push(Fault::new("/dissolved_on", codes::IN_FUTURE));
    } else if day < unit.valid_from {
        faults.push(Fault::new("/dissolved_on", codes::BEFORE_VALID_FROM));
    }
    if asked.reason.trim().is_empty() {
        faults.push(Fault::new("/reason", codes::REASON_REQUIRED));
    }
    match repo::find(c, asked.successor_id)? {
        None => faults.push(Fault::new("/successor_id", codes::UNKNOWN_SUCCESSOR)),
        Some(successor) if rules::makes_loop(unit.id, &repo::line(c, successor.id)?) => {
            faults.push(Fault::new("/successor_id", codes::SUCCESSOR_LOOP));
        }
        Some(successor) if successor.dissolved_on.is_some() => faults.push(Fault::new("/successor_id", codes::UNIT_DISSOLVED)),
        Some(_) => {}
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let above_successor: Vec<Id> = repo::above(c, asked.successor_id)?.into_iter().map(|(id, _)| id).collect();
    let (mut staying, mut moving): (Vec<Unit>, Vec<Unit>) = (Vec::new(), Vec::new());
    for child in repo::children(c, unit.id)? {
        // what holds the successor leaves first, or the others would go below the unit that ends
        if above_successor.contains(&child.id) { staying.push(child) } else { moving.push(child) }
    }
    for child in staying.into_iter().chain(moving) {
        let parent_id = rules::new_parent(child.id, unit.parent_id, asked.successor_id, &above_successor);
        relocate(c, child.id, parent_id, rules::CHILD)?;
        let draft = Draft::by_system("unit_moved").with("parent_id", parent_id).with("because_dissolved", unit.id);
        record(c, cx, &Unit { parent_id, ..child }, draft)?;
    }
    relocate(c, unit.id, Some(asked.successor_id), rules::CARRIED)?;
    let draft = draft(cx, "unit_dissolved")
        .with("successor_id", asked.successor_id)
        .with("dissolved_on", day)
        .sealed(json!({ "reason": asked.reason.trim() }));
    record(c, cx, &Unit { successor_id: Some(asked.successor_id), dissolved_on: Some(day), ..unit }, draft)
}

/// Hangs a unit and all below it under another, so many steps below it: its parent, or the successor it ends in.
fn relocate(c: &mut Conn, id: Id, under: Option<Id>, steps: i32) -> Result<()> {
    let above = under.map(|under| repo::above(c, under)).transpose()?.unwrap_or_default();
    let above_ids: Vec<Id> = above.iter().map(|(id, _)| *id).collect();
    if rules::makes_cycle(id, &above_ids) {
        return Err(Error::fault("/parent_id", codes::UNIT_CYCLE));
    }
    let old: Vec<Id> = repo::above(c, id)?.into_iter().map(|(ancestor, _)| ancestor).filter(|ancestor| *ancestor != id).collect();
    let below = repo::below(c, id)?;
    repo::unlink(c, &old, &below.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
    repo::link(c, &rules::links(&above, &below, steps))
}

fn record(c: &mut Conn, cx: &mut Context, next: &Unit, draft: Draft) -> Result<Unit> {
    let head = Head { n: next.event_n, hash: next.event_hash.clone() };
    let head = append(c, cx, SubjectKind::Unit, next.id, &head, draft)?;
    repo::update(c, next, &head)
}

fn draft(cx: &Context, act: &'static str) -> Draft {
    Draft::new(act, cx.actor.role_among(Permission::AdministerUnits.roles()))
}

fn code_taken(code: &str) -> Error {
    Error::Conflict(Refusal { args: vec![code.to_owned()], ..Refusal::new(codes::CODE_TAKEN) })
}

/// A unit named must be there and not dissolved.
fn check_existing(
    c: &mut Conn,
    id: Option<Id>,
    pointer: &str,
    unknown: crate::platform::error::Code,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    match repo::find(c, id)? {
        None => faults.push(Fault::new(pointer, unknown)),
        Some(unit) if unit.dissolved_on.is_some() => faults.push(Fault::new(pointer, codes::UNIT_DISSOLVED)),
        Some(_) => {}
    }
    Ok(())
}

/// What changed, before and after: codes and ids, and apart from them names and words.
fn differences(before: &Unit, after: &Unit, reason: Option<&str>) -> (Map<String, Value>, Map<String, Value>) {
    let mut changes = Map::new();
    let mut note = |name: &str, from: Value, to: Value| {
        if from != to {
            changes.insert(name.to_owned(), json!({ "from": from, "to": to }));
        }
    };
    note("code", json!(before.code), json!(after.code));
    note("kind", json!(before.kind), json!(after.kind));
    note("parent_id", json!(before.parent_id), json!(after.parent_id));
    note("review_unit_id", json!(before.review_unit_id), json!(after.review_unit_id));
    let mut words = Map::new();
    if before.name != after.name {
        words.insert("name".to_owned(), json!({ "from": before.name, "to": after.name }));
    }
    if let Some(reason) = reason {
        words.insert("reason".to_owned(), json!(reason));
    }
    (changes, words)
}
