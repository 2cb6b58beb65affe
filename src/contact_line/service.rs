//! Making and changing contact lines.

use super::model::{ContactLine, ContactLineChange, NewContactLine};
use super::repo;
use crate::audit::{Draft, Head, SubjectKind, append};
use crate::auth::{Context, Permission};
use crate::codes;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Fault, Result};
use crate::platform::ids::is_v7;
use crate::platform::web::codes::ID_TAKEN;
use crate::unit;
use serde_json::{Map, Value, json};

/// Between two places, so that one can be put between.
const STEP: i32 = 10;

/// Lines of a unit in use at most: nobody prints more, and cards read them all.
const MOST: i64 = 40;

/// The line a caller is about to change, at the version they have seen.
///
/// # Errors
/// NotFound, VersionRequired, Stale.
pub fn open(c: &mut Conn, cx: &Context, id: Id) -> Result<ContactLine> {
    let line = repo::find(c, id)?.ok_or(Error::NotFound)?;
    cx.expect_version(line.version, &line.clone().view()?.etag)?;
    Ok(line)
}

/// Makes a line.
///
/// # Errors
/// Invalid for a unit that is not there any more, or is outside the office; Conflict when the id is in use, or the unit has lines enough.
pub fn create(c: &mut Conn, cx: &mut Context, new: &NewContactLine) -> Result<ContactLine> {
    let mut faults = Vec::new();
    if new.id.is_some_and(|id| !is_v7(id.0)) {
        faults.push(Fault::new("/id", codes::NOT_V7));
    }
    match unit::repo::find(c, new.unit_id)? {
        None => faults.push(Fault::new("/unit_id", codes::UNKNOWN_UNIT)),
        Some(unit) if unit.dissolved_on.is_some() => faults.push(Fault::new("/unit_id", codes::UNIT_DISSOLVED)),
        Some(unit) if unit.external => faults.push(Fault::new("/unit_id", codes::UNIT_EXTERNAL)),
        Some(_) => {}
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    leave_room(c, new.unit_id)?;
    let position = match new.position {
        Some(position) => position,
        None => repo::last_position(c, new.unit_id)?.unwrap_or(0).saturating_add(STEP),
    };
    let mut line = ContactLine {
        id: new.id.unwrap_or_else(|| cx.draw.id()),
        unit_id: new.unit_id,
        kind: new.kind,
        name: trimmed(&new.name),
        phone: new.phone.clone(),
        address: new.address.as_deref().map(trimmed),
        note: new.note.as_deref().map(trimmed),
        position,
        in_use: true,
        version: 1,
        event_n: 0,
        event_hash: Vec::new(),
    };
    if new.id.is_some() {
        crate::audit::repo::require_free(c, line.id)?;
    }
    let draft = draft(cx, "contact_line_created")
        .with("unit_id", line.unit_id)
        .with("kind", line.kind)
        .with("position", line.position)
        .sealed(json!({ "name": line.name, "phone": line.phone, "address": line.address, "note": line.note }));
    let head = append(c, cx, SubjectKind::ContactLine, line.id, &Head::none(), draft)?;
    (line.event_n, line.event_hash) = (head.n, head.hash);
    if repo::insert(c, &line)? { Ok(line) } else { Err(Error::conflict(ID_TAKEN)) }
}

/// Changes a line that [`open`] gave; a change of nothing is no event.
///
/// # Errors
/// Conflict when it is taken into use again and the unit has lines enough.
pub fn change(c: &mut Conn, cx: &mut Context, line: ContactLine, change: &ContactLineChange) -> Result<ContactLine> {
    let mut next = line.clone();
    next.kind = change.kind.unwrap_or(next.kind);
    next.name = change.name.as_deref().map(trimmed).unwrap_or(next.name);
    next.phone = change.phone.clone().unwrap_or(next.phone);
    next.address = change.address.as_ref().map(|address| address.as_deref().map(trimmed)).unwrap_or(next.address);
    next.note = change.note.as_ref().map(|note| note.as_deref().map(trimmed)).unwrap_or(next.note);
    next.position = change.position.unwrap_or(next.position);
    next.in_use = change.in_use.unwrap_or(next.in_use);
    if next == line {
        return Ok(line);
    }
    if next.in_use && !line.in_use {
        leave_room(c, line.unit_id)?;
    }
    let (changes, mut words) = differences(&line, &next);
    if let Some(reason) = &change.reason {
        words.insert("reason".to_owned(), json!(reason));
    }
    let mut draft = draft(cx, if line.in_use && !next.in_use { "contact_line_given_up" } else { "contact_line_changed" });
    draft.data = changes;
    draft.sealed = (!words.is_empty()).then_some(Value::Object(words)).into();
    let head = append(c, cx, SubjectKind::ContactLine, next.id, &Head { n: next.event_n, hash: next.event_hash.clone() }, draft)?;
    repo::update(c, &next, &head)
}

fn leave_room(c: &mut Conn, unit: Id) -> Result<()> {
    if repo::in_use(c, unit)? < MOST { Ok(()) } else { Err(Error::conflict(codes::TOO_MANY_LINES)) }
}

fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

fn draft(cx: &Context, act: &'static str) -> Draft {
    Draft::new(act, cx.actor.role_among(Permission::AdministerContactLines.roles()))
}

/// What changed, before and after: codes, and apart from them names, numbers and words.
fn differences(before: &ContactLine, after: &ContactLine) -> (Map<String, Value>, Map<String, Value>) {
    let changed = |pairs: Vec<(&str, Value, Value)>| {
        let differ = pairs.into_iter().filter(|(_, from, to)| from != to);
        differ.map(|(name, from, to)| (name.to_owned(), json!({ "from": from, "to": to }))).collect()
    };
    let codes = vec![
        ("kind", json!(before.kind), json!(after.kind)),
        ("position", json!(before.position), json!(after.position)),
        ("in_use", json!(before.in_use), json!(after.in_use)),
    ];
    let words = vec![
        ("name", json!(before.name), json!(after.name)),
        ("phone", json!(before.phone), json!(after.phone)),
        ("address", json!(before.address), json!(after.address)),
        ("note", json!(before.note), json!(after.note)),
    ];
    (changed(codes), changed(words))
}
