//! Finding, keeping and changing profiles.

use super::model::{Retiree, RetireeCategory, RetireeStatus, Whole};
use super::profile::{Profile, RetireeChange};
use super::repo::reach::Reach;
use super::repo::{Held, Place, Way};
use super::rules::{self, Sought};
use super::view::{self, RetireeItem, RetireeView};
use super::{doubles, looked_after, repo, sealing};
use crate::account;
use crate::audit::{self, Draft, Head, SubjectKind, append};
use crate::auth::{Context, Paging, Permission};
use crate::codes;
use crate::person::compared_identity;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Fault, Result};
use crate::platform::ids::is_v7;
use crate::platform::web::{Body, Page};
use crate::unit;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use utoipa::IntoParams;

/// Which retirees; all members narrow.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct RetireeFilter {
    /// The beginning of a name or of a given name alone, as written or by sound ("zhangjian", "jianguo"), other readings of its characters
    /// among them, initials ("zjg", "jg"), or a whole telephone or identity number; a landline's may stand without its area code.
    /// Numbers find nobody for callers who don't see numbers.
    #[param(max_length = 100, example = "zjg")]
    pub q: Option<String>,
    /// Who belongs today to this unit or one below it.
    pub unit: Option<Id>,
    /// Their Party branch, whole.
    #[param(max_length = 100)]
    pub branch: Option<String>,
    /// What they draw their rights from.
    pub category: Option<RetireeCategory>,
    /// Whether they can act for themselves.
    pub status: Option<RetireeStatus>,
    /// Whom this member of staff looks after.
    pub liaison_officer: Option<Id>,
    /// Items a page, 1 to 200, 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 1000)]
    pub cursor: Option<String>,
}

/// A page of retirees: by name's sound; with initials asked for, those first whose initials they are.
///
/// # Errors
/// Database only.
pub fn page(c: &mut Conn, cx: &Context, filter: &RetireeFilter, paging: &Paging<Place>) -> Result<Page<RetireeItem>> {
    let reach = Reach::of(c, &cx.actor, cx.today())?;
    let ways = ways(c, cx, &reach, filter.q.as_deref())?;
    let held = Held {
        unit: filter.unit,
        branch: filter.branch.as_deref().map(|branch| branch.trim().to_owned()),
        category: filter.category,
        status: filter.status,
        liaison_officer: filter.liaison_officer,
    };
    let mut found: Vec<(Place, Retiree)> = Vec::new();
    let first = paging.after.as_ref().map_or(0, |place| place.way);
    for (n, way) in ways.iter().enumerate().skip(first) {
        let after = paging.after.as_ref().filter(|place| place.way == n);
        let wanted = paging.rows() - i64::try_from(found.len()).unwrap_or(i64::MAX);
        if wanted <= 0 {
            break;
        }
        let rows = repo::along(c, &reach, way, &held, after, cx.today(), wanted)?;
        found.extend(rows.into_iter().map(|row| (way.place(n, &row), row)));
    }
    paging.page(cx, found, |(place, _)| place.clone(), |(_, row)| Ok(row.into()))
}

fn ways(c: &mut Conn, cx: &Context, reach: &Reach, q: Option<&str>) -> Result<Vec<Way>> {
    let Some(q) = q else { return Ok(vec![Way::All]) };
    Ok(match rules::sought(q) {
        None => Vec::new(),
        Some(Sought::Name(text)) => vec![Way::Folded(text.clone()), Way::Spelled(text)],
        Some(Sought::Sound(text)) => vec![Way::Initials(text.clone()), Way::Pinyin(text.clone()), Way::Spelled(text)],
        // who sees no numbers can't find out whose one is either
        Some(Sought::Number { .. }) if !reach.numbers => Vec::new(),
        Some(Sought::Number { identity, typed }) => {
            let identity = cx.keys.lookup("identity_number", &compared_identity(&identity))?;
            let (phone, elsewhere) = (sealing::phone_hash(cx, &typed)?, sealing::of_other_areas(c, cx, &typed)?);
            vec![Way::Identity(identity.clone()), Way::Phone { phone, identity, elsewhere }]
        }
    })
}

/// The profile that goes on for one the caller reaches.
///
/// # Errors
/// NotFound.
pub fn read(c: &mut Conn, cx: &Context, id: Id) -> Result<RetireeView> {
    let (reach, row) = reached(c, cx, id)?;
    shown(c, cx, &reach, row)
}

/// The same as its row, with how the caller reaches it: who reaches a merged profile reaches the one that goes on.
///
/// # Errors
/// NotFound.
pub fn reached(c: &mut Conn, cx: &Context, id: Id) -> Result<(Reach, Retiree)> {
    let reach = Reach::of(c, &cx.actor, cx.today())?;
    let row = repo::find(c, &reach, id)?.ok_or(Error::NotFound)?;
    Ok((reach, repo::survivor(c, row)?))
}

/// The ids of all profiles of a retiree the caller reaches, and the hash their identity number is found by.
///
/// # Errors
/// NotFound.
pub fn of_one_person(c: &mut Conn, cx: &Context, id: Id) -> Result<(Vec<Id>, Option<Vec<u8>>)> {
    let (_, row) = reached(c, cx, id)?;
    let mut ids = vec![row.id];
    ids.extend(repo::merged_into(c, row.id)?);
    Ok((ids, row.identity_hash))
}

pub(super) fn shown(c: &mut Conn, cx: &Context, reach: &Reach, row: Retiree) -> Result<RetireeView> {
    let whole = repo::whole(c, row)?;
    view::shown(c, cx, reach, &whole)
}

/// Keeps a profile of somebody.
///
/// # Errors
/// Invalid with every fault; Conflict when the id or the identity number is taken, or somebody on file resembles them.
pub fn create(c: &mut Conn, cx: &mut Context, profile: &Profile) -> Result<RetireeView> {
    let reach = Reach::of(c, &cx.actor, cx.today())?;
    let mut faults = faults(c, cx, profile)?;
    if faults.is_empty() && !holds(c, cx, &reach, profile)? {
        faults.push(Fault::new("/units", codes::OUTSIDE_OWN_UNITS));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let id = profile.id.unwrap_or_else(|| cx.draw.id());
    if profile.id.is_some() {
        audit::repo::require_free(c, id)?;
    }
    let mut whole = sealing::sealed(cx, id, profile, None)?;
    doubles::refuse(c, cx, &reach, &whole, None, profile)?;
    let draft = draft(cx, "retiree_created")
        .with("category", profile.category)
        .with("status", profile.status)
        .with("liaison_officer", profile.liaison_officer)
        .with("double_of_none", profile.double_of_none)
        .sealed(json!(profile));
    let head = append(c, cx, SubjectKind::Retiree, id, &Head::none(), draft)?;
    (whole.row.event_n, whole.row.event_hash) = (head.n, head.hash);
    repo::insert(c, &whole)?;
    let whom = looked_after::whom_of(c, cx.today(), &whole.row)?;
    looked_after::changed(c, cx, None, &whom, &whole.row)?;
    view::shown(c, cx, &reach, &whole)
}

/// Everything wrong with a profile to be kept, but for whether its keeper will reach it.
///
/// # Errors
/// Database only.
pub fn faults(c: &mut Conn, cx: &Context, profile: &Profile) -> Result<Vec<Fault>> {
    let mut faults = rules::faults(profile, cx.today());
    if profile.id.is_some_and(|id| !is_v7(id.0)) {
        faults.push(Fault::new("/id", codes::NOT_V7));
    }
    faults.extend(unknown(c, profile)?);
    Ok(faults)
}

/// Changes a profile at the version the caller has seen; a change of nothing is no event.
///
/// # Errors
/// NotFound, VersionRequired, Stale; Invalid with every fault; Conflict as [`create`], and for a profile that was merged.
pub fn change(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<RetireeChange>) -> Result<RetireeView> {
    let reach = Reach::of(c, &cx.actor, cx.today())?;
    let row = repo::find(c, &reach, id)?.ok_or(Error::NotFound)?;
    let before = repo::whole(c, row)?;
    let seen = view::shown(c, cx, &reach, &before)?;
    cx.expect_version(before.row.version, &seen.etag)?;
    let old = sealing::opened(cx, &before)?;
    let wrong = |c: &mut Conn, next: &Profile| -> Result<Vec<Fault>> {
        let mut faults = rules::faults(next, cx.today());
        faults.extend(unknown(c, next)?);
        Ok(faults)
    };
    let change = body.shaped_or_judged(|rough| wrong(c, &old.clone().with(rough)))?;
    if before.row.merged_into.is_some() {
        return Err(Error::conflict(codes::RETIREE_MERGED));
    }
    let mut next = old.clone().with(change);
    let faults = wrong(c, &next)?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let whole = sealing::sealed(cx, id, &next, Some(&before.row))?;
    doubles::refuse(c, cx, &reach, &whole, Some(&before), &next)?;
    next.double_of_none = false;
    (next.sex, next.birth_date) = (whole.row.sex, whole.row.birth_date);
    if next == old {
        return Ok(seen);
    }
    let looked_after_before = looked_after::whom_of(c, cx.today(), &before.row)?;
    record(c, cx, &whole, &old, &next)?;
    let row = repo::find_unscoped(c, id)?.ok_or(Error::NotFound)?;
    let whom = looked_after::whom_of(c, cx.today(), &row)?;
    looked_after::changed(c, cx, Some((&looked_after_before, &before.row)), &whom, &row)?;
    shown(c, cx, &reach, row)
}

fn record(c: &mut Conn, cx: &mut Context, whole: &Whole, old: &Profile, next: &Profile) -> Result<()> {
    let draft = changed(cx, old, next);
    let head = Head { n: whole.row.event_n, hash: whole.row.event_hash.clone() };
    let head = append(c, cx, SubjectKind::Retiree, whole.row.id, &head, draft)?;
    repo::replace(c, whole, &head)?;
    Ok(())
}

/// What the event of a change tells.
pub(super) fn changed(cx: &Context, old: &Profile, next: &Profile) -> Draft {
    let words = differences(old, next);
    let names: Vec<&String> = words.keys().collect();
    let mut draft = draft(cx, "retiree_changed").with("changed", names);
    if old.status != next.status {
        draft = draft.with("status", json!({"from": old.status, "to": next.status}));
    }
    draft.sealed(Value::Object(words))
}

/// Tells something of somebody beside their profile, on its chain; its version stays.
///
/// # Errors
/// [`Error::Again`] when the chain went on meanwhile.
pub fn tell(c: &mut Conn, cx: &mut Context, row: &Retiree, draft: Draft) -> Result<()> {
    let head = Head { n: row.event_n, hash: row.event_hash.clone() };
    let head = append(c, cx, SubjectKind::Retiree, row.id, &head, draft)?;
    repo::move_head(c, row, &head)
}

/// What it names and is not there.
fn unknown(c: &mut Conn, profile: &Profile) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    if let Some(officer) = profile.liaison_officer
        && account::repo::names(c, &[officer])?.is_empty()
    {
        faults.push(Fault::new("/liaison_officer", codes::UNKNOWN_STAFF));
    }
    let units: BTreeSet<Id> = profile.units.iter().map(|unit| unit.unit_id).collect();
    if !units.is_empty() {
        let names = unit::repo::names(c, &units.into_iter().collect::<Vec<_>>())?;
        for (i, _) in profile.units.iter().enumerate().filter(|(_, unit)| !names.contains_key(&unit.unit_id)) {
            faults.push(Fault::new(format!("/units/{i}/unit_id"), codes::UNKNOWN_UNIT));
        }
    }
    Ok(faults)
}

/// Whether somebody who does not reach all will reach this profile: nobody makes what they then can't see.
fn holds(c: &mut Conn, cx: &Context, reach: &Reach, profile: &Profile) -> Result<bool> {
    if reach.all || profile.liaison_officer == Some(cx.actor.id()) {
        return Ok(true);
    }
    let today = cx.today();
    let lasting = profile.units.iter().filter(|unit| unit.from.is_none_or(|from| from <= today) && unit.to.is_none_or(|to| to >= today));
    let units: Vec<Id> = lasting.map(|unit| unit.unit_id).collect();
    let lineage = unit::repo::lineage(c, &units)?;
    Ok(units.iter().any(|unit| lineage.holds(cx.actor.unit_id, *unit)))
}

pub(super) fn draft(cx: &Context, act: &'static str) -> Draft {
    Draft::new(act, cx.actor.role_among(Permission::KeepRetirees.roles()))
}

/// What changed, as words: all of it is personal.
fn differences(old: &Profile, next: &Profile) -> Map<String, Value> {
    let (Value::Object(old), Value::Object(next)) = (json!(old), json!(next)) else { return Map::new() };
    let changed = next.into_iter().filter(|(name, to)| old.get(name) != Some(to));
    changed.map(|(name, to)| (name.clone(), json!({"from": old.get(&name), "to": to}))).collect()
}
