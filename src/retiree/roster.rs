//! Many profiles from a roster: compared with who is on file, then entered as if by hand, each with its event.

use super::model::{Retiree, UnitRole, Whole};
use super::profile::{Profile, RetireeChange, UnitOfRetiree};
use super::repo::reach::Reach;
use super::repo::roster as repo;
use super::{rules, sealing, service};
use crate::audit::{self, Composed, Head, SubjectKind};
use crate::auth::{Actor, Context};
use crate::codes;
use crate::person::{Spelled, compared_phone, identity};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Fault, Result};
use chrono::NaiveDate;
use serde_json::json;
use std::collections::{BTreeSet, HashSet};

/// Telephone numbers, units and relatives a profile has at most.
const MOST: (usize, usize, usize) = (5, 20, 10);

/// What a row says of somebody; what it leaves out stays.
#[derive(Debug, Clone)]
pub struct Entry {
    /// All but units; name and category are there.
    pub change: RetireeChange,
    /// The unit of a role from now on, or none any more.
    pub units: Vec<(UnitRole, Option<Id>)>,
}

/// What becomes of a row.
pub enum Planned {
    /// A new profile.
    New(Box<(Whole, Composed)>),
    /// Another one than before: as rows, as it was, as it will be.
    Changed(Box<(Whole, Profile, Profile)>),
    /// It is all on file.
    Unchanged,
    /// It can't be entered.
    Faulty(Vec<Fault>),
}

/// Whether somebody may bring in a roster: they reach everybody, numbers too.
///
/// # Errors
/// Database only.
pub fn reaches_all(c: &mut Conn, actor: &Actor, today: NaiveDate) -> Result<bool> {
    let reach = Reach::of(c, actor, today)?;
    Ok(reach.all && reach.numbers)
}

/// Everything that is wrong with a row by itself.
pub fn faults(entry: &Entry, today: NaiveDate) -> Vec<Fault> {
    blank(entry).map_or_else(Vec::new, |profile| rules::faults(&next(profile, entry), today))
}

/// When somebody was born, as a row says it or their number does.
pub fn born(change: &RetireeChange) -> Option<NaiveDate> {
    let said = || change.identity_number.as_ref()?.as_deref().and_then(identity::read).map(|said| said.born);
    change.birth_date.flatten().or_else(said)
}

/// Compares rows with who is on file; `job` is named in the events. Changes nothing.
///
/// # Errors
/// Database or internal only.
pub fn plan(c: &mut Conn, cx: &mut Context, entries: &[Entry], job: Id) -> Result<Vec<Planned>> {
    let number = |entry: &Entry| entry.change.identity_number.clone().flatten();
    let hashes: Vec<Option<Vec<u8>>> =
        entries.iter().map(|entry| number(entry).map(|text| sealing::identity_hash(cx, &text)).transpose()).collect::<Result<_>>()?;
    let by_number = repo::by_identities(c, hashes.iter().flatten().cloned().collect())?;
    let key = |entry: &Entry| Some((born(&entry.change)?, Spelled::of(entry.change.name.as_deref()?).folded));
    let keys: Vec<Option<(NaiveDate, String)>> = entries.iter().map(key).collect();
    let by_birth = repo::by_births(c, &keys.iter().flatten().cloned().collect::<BTreeSet<_>>())?;
    let mut found: Vec<std::result::Result<Option<Retiree>, Fault>> = Vec::with_capacity(entries.len());
    for (hash, key) in hashes.iter().zip(&keys) {
        let known = hash.as_ref().and_then(|hash| by_number.get(hash));
        let alike = key.as_ref().and_then(|key| by_birth.get(key)).map_or(&[][..], Vec::as_slice);
        found.push(match (known, hash) {
            (Some(row), _) if key.as_ref().is_none_or(|(_, name)| *name == row.name_folded) => Ok(Some(row.clone())),
            (Some(_), _) => Err(Fault::new("/name", codes::NAME_ON_FILE_DIFFERS)),
            // who has another number is somebody else
            (None, Some(_)) => only(alike.iter().filter(|row| row.identity_hash.is_none())),
            (None, None) => only(alike.iter()),
        });
    }
    let rows: Vec<Retiree> = found.iter().flatten().flatten().cloned().collect();
    let wholes = repo::wholes(c, rows)?;
    let (mut planned, mut taken) = (Vec::with_capacity(entries.len()), HashSet::new());
    for (entry, found) in entries.iter().zip(found) {
        planned.push(match found {
            Err(fault) => Planned::Faulty(vec![fault]),
            // two rows of one person would write over each other
            Ok(Some(row)) if !taken.insert(row.id) => Planned::Faulty(vec![Fault::new("/name", codes::SEVERAL_ALIKE)]),
            Ok(Some(row)) => match wholes.get(&row.id) {
                Some(before) => changed(cx, before, entry)?,
                None => Planned::Unchanged,
            },
            Ok(None) => created(cx, entry, job)?,
        });
    }
    Ok(planned)
}

fn only<'a>(mut alike: impl Iterator<Item = &'a Retiree>) -> std::result::Result<Option<Retiree>, Fault> {
    match (alike.next(), alike.next()) {
        (Some(_), Some(_)) => Err(Fault::new("/name", codes::SEVERAL_ALIKE)),
        (one, _) => Ok(one.cloned()),
    }
}

fn created(cx: &mut Context, entry: &Entry, job: Id) -> Result<Planned> {
    let Some(blank) = blank(entry) else { return Ok(Planned::Faulty(vec![Fault::new("/name", codes::ROW_WITHOUT_KEY)])) };
    let profile = next(blank, entry);
    let faults = rules::faults(&profile, cx.today());
    if !faults.is_empty() {
        return Ok(Planned::Faulty(faults));
    }
    let id = cx.draw.id();
    let mut whole = sealing::sealed(cx, id, &profile, None)?;
    let draft = service::draft(cx, "retiree_created")
        .with("category", profile.category)
        .with("status", profile.status)
        .with("liaison_officer", profile.liaison_officer)
        .with("double_of_none", false)
        .with("job_id", job)
        .sealed(json!(profile));
    let event = audit::compose(cx, SubjectKind::Retiree, id, &Head::none(), draft)?;
    let head = event.head();
    (whole.row.event_n, whole.row.event_hash) = (head.n, head.hash);
    Ok(Planned::New(Box::new((whole, event))))
}

fn changed(cx: &mut Context, before: &Whole, entry: &Entry) -> Result<Planned> {
    let old = sealing::opened(cx, before)?;
    let mut next = next(old.clone(), entry);
    next.name = next.name.trim().to_owned();
    let faults = rules::faults(&next, cx.today());
    if !faults.is_empty() {
        return Ok(Planned::Faulty(faults));
    }
    let said = next.identity_number.as_deref().and_then(identity::read);
    (next.sex, next.birth_date) = (next.sex.or(said.map(|said| said.sex)), next.birth_date.or(said.map(|said| said.born)));
    if next == old {
        return Ok(Planned::Unchanged);
    }
    let whole = sealing::sealed(cx, before.row.id, &next, Some(&before.row))?;
    Ok(Planned::Changed(Box::new((whole, old, next))))
}

/// Enters what was planned; new profiles in a few statements.
///
/// # Errors
/// [`Error::Again`](crate::platform::error::Error::Again) when somebody else changed or entered one of them meanwhile.
pub fn enter(c: &mut Conn, cx: &mut Context, planned: &[Planned]) -> Result<()> {
    let new: Vec<&(Whole, Composed)> =
        planned.iter().filter_map(|plan| if let Planned::New(new) = plan { Some(&**new) } else { None }).collect();
    repo::insert_all(c, &new.iter().map(|(whole, _)| whole).collect::<Vec<_>>())?;
    for some in new.chunks(500) {
        audit::record_first(c, &some.iter().map(|(_, event)| event).collect::<Vec<_>>())?;
    }
    for plan in planned {
        if let Planned::Changed(change) = plan {
            let (whole, old, next) = &**change;
            service::record(c, cx, whole, old, next)?;
        }
    }
    Ok(())
}

fn blank(entry: &Entry) -> Option<Profile> {
    let (name, category) = (entry.change.name.as_ref()?, entry.change.category?);
    serde_json::from_value(json!({ "name": name.trim(), "category": category })).ok()
}

/// A profile with what a row says: of lists it adds to what is there, and takes the place of the unit of a role.
fn next(profile: Profile, entry: &Entry) -> Profile {
    let (phones, relatives, mut units) = (profile.phones.clone(), profile.relatives.clone(), profile.units.clone());
    let mut next = profile.with(&entry.change);
    if entry.change.phones.is_some() {
        let same = |a: &str, b: &str| compared_phone(a) == compared_phone(b);
        if next.phones.iter().all(|new| phones.iter().any(|old| same(&old.number, &new.number))) {
            next.phones = phones;
        } else {
            let new = next.phones.clone();
            next.phones.extend(phones.into_iter().filter(|old| !new.iter().any(|new| same(&old.number, &new.number))));
            next.phones.truncate(MOST.0);
        }
    }
    if let Some(said) = &entry.change.relatives {
        next.relatives = relatives;
        for new in said {
            if let Some(old) = next.relatives.iter_mut().find(|old| old.name == new.name) {
                old.relation.clone_from(&new.relation);
                old.phone = new.phone.clone().or_else(|| old.phone.take());
            } else if next.relatives.len() < MOST.2 {
                next.relatives.push(new.clone());
            }
        }
    }
    for (role, unit) in &entry.units {
        let open = |old: &UnitOfRetiree| old.role == *role && old.to.is_none();
        if unit.is_some_and(|unit| units.iter().any(|old| open(old) && old.unit_id == unit)) {
            continue;
        }
        units.retain(|old| !open(old));
        if let Some(unit_id) = *unit
            && units.len() < MOST.1
        {
            units.push(UnitOfRetiree { role: *role, unit_id, from: None, to: None });
        }
    }
    next.units = units;
    next
}
