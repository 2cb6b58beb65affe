//! Pure: a profile with what a row of a roster says of it. What a row leaves out stays; units are kept over time.

use crate::codes;
use crate::person::same_phone;
use crate::platform::db::types::Id;
use crate::platform::error::Fault;
use crate::platform::web::codes as web;
use crate::retiree::model::{RetireeStatus, UnitRole};
use crate::retiree::profile::{Phone, Profile, Relative, RetireeChange, UnitOfRetiree};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Telephone numbers a profile has at most.
const PHONES: usize = 5;
/// Units a profile has at most, now and before.
const UNITS: usize = 20;
/// Relatives a profile has at most.
const RELATIVES: usize = 10;

/// A list that a row empties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Emptied {
    /// All telephone numbers.
    Phones,
    /// All telephone numbers but the one to try first.
    OtherPhones,
    /// All relatives.
    Relatives,
    /// The telephone number of the relative the row names.
    RelativePhone,
}

/// What a row says of somebody; what it leaves out stays.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// All but units; name and category are there. Telephone numbers and relatives are added to those on file.
    pub change: RetireeChange,
    /// The unit of a role from now on, or none any more.
    pub units: Vec<(UnitRole, Option<Id>)>,
    /// The unit responsible for whoever has none: it takes nobody from another.
    pub responsible_for_new: Option<Id>,
    /// Lists that are emptied before anything is added.
    pub emptied: Vec<Emptied>,
}

impl Entry {
    fn empties(&self, list: Emptied) -> bool {
        self.emptied.contains(&list)
    }
}

/// The profile with what a row says, from a day on; else every cell, named by its column, that can't be had.
pub fn with_said(profile: &Profile, entry: &Entry, today: NaiveDate) -> Result<Profile, Vec<Fault>> {
    let mut faults = Vec::new();
    let said = entry.change.status;
    if profile.status == RetireeStatus::Deceased && said.is_some_and(|status| status != RetireeStatus::Deceased) {
        faults.push(Fault::new("/status", codes::ROSTER_SAYS_ALIVE));
    }
    let lists = (
        phones(&profile.phones, entry, &mut faults),
        units(&profile.units, entry, today, &mut faults),
        relatives(&profile.relatives, entry, &mut faults),
    );
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut next = profile.clone().with(&entry.change);
    next.name = next.name.trim().to_owned();
    (next.phones, next.units, next.relatives) = lists;
    Ok(next)
}

/// What the row says stands in front, unless all of it is there already.
fn phones(on_file: &[Phone], entry: &Entry, faults: &mut Vec<Fault>) -> Vec<Phone> {
    let said = entry.change.phones.as_deref().unwrap_or_default();
    let same = |a: &Phone, b: &Phone| same_phone(&a.number, &b.number);
    let stay = match () {
        () if entry.empties(Emptied::Phones) || (entry.empties(Emptied::OtherPhones) && !said.is_empty()) => &[],
        () if entry.empties(Emptied::OtherPhones) => on_file.get(..1).unwrap_or_default(),
        () => on_file,
    };
    if said.iter().all(|new| stay.iter().any(|old| same(old, new))) {
        return stay.to_vec();
    }
    let labelled = |new: &Phone| on_file.iter().find(|old| same(old, new)).unwrap_or(new).clone();
    let mut next: Vec<Phone> = said.iter().map(labelled).collect();
    next.extend(stay.iter().filter(|old| !said.iter().any(|new| same(old, new))).cloned());
    if next.len() > PHONES {
        faults.push(Fault::new("/phone", web::TOO_MANY).arg(PHONES));
    }
    next
}

fn relatives(on_file: &[Relative], entry: &Entry, faults: &mut Vec<Fault>) -> Vec<Relative> {
    let mut next = if entry.empties(Emptied::Relatives) { Vec::new() } else { on_file.to_vec() };
    for new in entry.change.relatives.iter().flatten() {
        let Some(old) = next.iter_mut().find(|old| old.name == new.name) else {
            next.push(new.clone());
            continue;
        };
        old.relation.clone_from(&new.relation);
        if new.phone.is_some() || entry.empties(Emptied::RelativePhone) {
            old.phone.clone_from(&new.phone);
        }
    }
    if next.len() > RELATIVES.max(on_file.len()) {
        faults.push(Fault::new("/relative_name", web::TOO_MANY).arg(RELATIVES));
    }
    next
}

/// A move ends the unit of before with the day before, and begins the new one; what was stays on file. Of several units in one role the
/// row does not say which it moves from: it is one more.
fn units(on_file: &[UnitOfRetiree], entry: &Entry, today: NaiveDate, faults: &mut Vec<Fault>) -> Vec<UnitOfRetiree> {
    let mut next = on_file.to_vec();
    let begun = |unit: &UnitOfRetiree| unit.from.is_none_or(|from| from <= today);
    let lasts = |unit: &UnitOfRetiree| unit.to.is_none_or(|to| to >= today);
    for (role, unit) in &entry.units {
        if unit.is_some_and(|unit| next.iter().any(|old| old.role == *role && old.unit_id == unit && lasts(old))) {
            continue;
        }
        let current = next.iter().filter(|old| old.role == *role && begun(old) && lasts(old)).count();
        if current == 1 || unit.is_none() {
            // what began today was a mistake of today
            next.retain(|old| !(old.role == *role && lasts(old) && old.from == Some(today)));
            for old in next.iter_mut().filter(|old| old.role == *role && begun(old) && lasts(old)) {
                old.to = today.pred_opt();
            }
        }
        if let Some(unit) = *unit {
            added(&mut next, *role, unit, today, faults);
        }
    }
    if let Some(unit) = entry.responsible_for_new
        && !entry.units.iter().any(|(role, _)| *role == UnitRole::Responsible)
        && !next.iter().any(|old| old.role == UnitRole::Responsible && lasts(old))
    {
        added(&mut next, UnitRole::Responsible, unit, today, faults);
    }
    next
}

/// A unit from today on; of whom none was known before, nobody knows since when.
fn added(units: &mut Vec<UnitOfRetiree>, role: UnitRole, unit_id: Id, today: NaiveDate, faults: &mut Vec<Fault>) {
    if units.len() >= UNITS {
        faults.push(Fault::new(format!("/{}_unit", role.as_str()), web::TOO_MANY).arg(UNITS));
        return;
    }
    let from = units.iter().any(|old| old.role == role).then_some(today);
    units.push(UnitOfRetiree { role, unit_id, from, to: None });
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
#[path = "said_tests.rs"]
mod tests;
