//! Who looks after somebody: what a visit that is owed to them takes from their profile, and what a change of it does to those.

use super::model::{Retiree, RetireeStatus, UnitRole, UnitRow, Whole};
use super::repo;
use crate::account;
use crate::auth::Context;
use crate::care::{self, Opening, VisitReason, Whom};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::unit;
use chrono::NaiveDate;
use std::collections::HashSet;

/// Somebody who can be visited, and when they were born.
#[derive(Debug, Clone)]
pub struct Visitable {
    /// Who, and who looks after them.
    pub whom: Whom,
    /// Their profile.
    pub id: Id,
    /// When they were born.
    pub birth_date: Option<NaiveDate>,
}

/// Whom a profile is about, or the one that goes on for it, for a visit about to be opened; none for one that is not there. They are held
/// until the transaction ends: of two who open a visit at once the second sees what the first has opened, and nobody is merged meanwhile.
///
/// # Errors
/// Database only.
pub fn whom(c: &mut Conn, today: NaiveDate, id: Id) -> Result<Option<Whom>> {
    let Some(mut row) = repo::kept(c, id)? else { return Ok(None) };
    while let Some(next) = row.merged_into {
        row = repo::kept(c, next)?.ok_or_else(|| Error::internal(format!("retiree {next} is gone")))?;
    }
    Ok(Some(whom_of(c, today, &row)?))
}

/// The same from the row.
pub(super) fn whom_of(c: &mut Conn, today: NaiveDate, row: &Retiree) -> Result<Whom> {
    let units = repo::units_of(c, &[row.id])?;
    let unit = seeing_to(&units, today);
    let lineage = unit::repo::lineage(c, unit.as_slice())?;
    Ok(Whom { retiree: Some(row.id), name: row.name.clone(), unit: unit.map(|unit| lineage.current(unit)), liaison: row.liaison_officer })
}

/// Somebody of whom a profile is kept, or the one that goes on for it, if they live.
///
/// # Errors
/// Database only.
pub fn living(c: &mut Conn, today: NaiveDate, id: Id) -> Result<Option<Visitable>> {
    let Some(row) = repo::find_unscoped(c, id)? else { return Ok(None) };
    let row = repo::survivor(c, row)?;
    if row.status == RetireeStatus::Deceased {
        return Ok(None);
    }
    Ok(Some(Visitable { whom: whom_of(c, today, &row)?, id: row.id, birth_date: row.birth_date }))
}

/// The next of those who live, by id.
///
/// # Errors
/// Database only.
pub fn next_living(c: &mut Conn, after: Id) -> Result<Option<Id>> {
    Ok(repo::living_after(c, after, 1)?.pop().map(|row| row.id))
}

/// The next of those who live, by id; each with the member of staff who is there for them.
///
/// # Errors
/// Database only.
pub fn living_after(c: &mut Conn, today: NaiveDate, after: Id, most: i64) -> Result<Vec<Visitable>> {
    let rows = repo::living_after(c, after, most)?;
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let units = repo::units_of(c, &ids)?;
    let of = |id: Id| units.iter().filter(|unit| unit.retiree_id == id).cloned().collect::<Vec<_>>();
    let seen_to: Vec<Option<Id>> = ids.iter().map(|id| seeing_to(&of(*id), today)).collect();
    let named: HashSet<Id> = seen_to.iter().copied().flatten().collect();
    let lineage = unit::repo::lineage(c, &named.into_iter().collect::<Vec<_>>())?;
    let officers: HashSet<Id> = rows.iter().filter_map(|row| row.liaison_officer).collect();
    let there = account::repo::active(c, &officers.into_iter().collect::<Vec<_>>())?;
    let visitable = |(row, unit): (Retiree, Option<Id>)| Visitable {
        whom: Whom {
            retiree: Some(row.id),
            name: row.name,
            unit: unit.map(|unit| lineage.current(unit)),
            liaison: row.liaison_officer.filter(|id| there.contains(id)),
        },
        id: row.id,
        birth_date: row.birth_date,
    };
    Ok(rows.into_iter().zip(seen_to).map(visitable).collect())
}

/// The unit of today that sees to somebody: who manages them, else the old employer, else one that pays or treats them.
fn seeing_to(units: &[UnitRow], today: NaiveDate) -> Option<Id> {
    let lasts = |unit: &&UnitRow| unit.valid_from.is_none_or(|from| from <= today) && unit.valid_to.is_none_or(|to| to >= today);
    [UnitRole::Managing, UnitRole::Responsible, UnitRole::Functional]
        .into_iter()
        .find_map(|role| units.iter().filter(lasts).find(|unit| unit.role == role))
        .map(|unit| unit.unit_id)
}

/// What a change of a profile does to visits: a stay in hospital and a death open one, others look
/// after what is open, a corrected death or date of birth has planned what it should have been.
///
/// # Errors
/// Database only.
pub(super) fn changed(c: &mut Conn, cx: &mut Context, before: Option<(&Whom, &Retiree)>, now: &Whom, row: &Retiree) -> Result<()> {
    let was = |holds: fn(&Retiree) -> bool| before.is_some_and(|(_, row)| holds(row));
    if let Some((before, _)) = before {
        care::changes::follow(c, cx, before, now)?;
    }
    let died: fn(&Retiree) -> bool = |row| row.status == RetireeStatus::Deceased;
    if died(row) {
        // who is entered as dead died before anybody was to be visited
        return if before.is_some() && !was(died) { care::changes::died(c, cx, now, None) } else { Ok(()) };
    }
    if was(died) {
        care::changes::lives(c, cx, (now, row.birth_date))?;
    } else if before.is_some_and(|(_, before)| before.birth_date != row.birth_date) {
        care::changes::birth_date_stands(c, cx, (now, row.birth_date))?;
    }
    if row.in_hospital && !was(|row| row.in_hospital) {
        let opening = Opening::following(VisitReason::Hospital, cx.now().to_rfc3339(), cx.now());
        care::open(c, cx, now, opening)?;
    }
    Ok(())
}

/// The same for many at once, each as before and as now: units are read together, and only those are looked at for whom something follows.
///
/// # Errors
/// Database only.
pub(super) fn all_changed(c: &mut Conn, cx: &mut Context, changes: &[(Option<&Whole>, &Whole)]) -> Result<()> {
    let today = cx.today();
    let follows = |(before, now): &(Option<&Whole>, &Whole)| match before {
        None => now.row.in_hospital,
        Some(was) => {
            was.units != now.units
                || was.row.name != now.row.name
                || was.row.liaison_officer != now.row.liaison_officer
                || was.row.birth_date != now.row.birth_date
                || was.row.status != now.row.status
                || was.row.in_hospital != now.row.in_hospital
        }
    };
    let changes: Vec<_> = changes.iter().filter(|change| follows(change)).collect();
    let named = changes.iter().flat_map(|(before, now)| before.iter().chain([now])).filter_map(|whole| seeing_to(&whole.units, today));
    let lineage = unit::repo::lineage(c, &named.collect::<HashSet<_>>().into_iter().collect::<Vec<_>>())?;
    let whom = |whole: &Whole| Whom {
        retiree: Some(whole.row.id),
        name: whole.row.name.clone(),
        unit: seeing_to(&whole.units, today).map(|unit| lineage.current(unit)),
        liaison: whole.row.liaison_officer,
    };
    for (before, now) in changes {
        let was = before.map(|whole| (whom(whole), &whole.row));
        changed(c, cx, was.as_ref().map(|(whom, row)| (whom, *row)), &whom(now), &now.row)?;
    }
    Ok(())
}
