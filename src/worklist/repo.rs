//! SQL of worklists: a range of `petition_work` for each of a few units, of `petition_due` for whole trees.

use crate::deadline::Clock;
use crate::on_both;
use crate::petition::Stage;
use crate::petition::clocks::never;
use crate::petition::repo::due::{self, Key, Place, Span};
use crate::petition::repo::list::PetitionFilter;
use crate::petition::repo::scope::{self, Caller, Condition, held};
use crate::platform::db::Conn;
use crate::platform::db::schema::{acceptance, clock, petition, unit, unit_closure};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use chrono_tz::Tz;
use diesel::dsl::exists;
use diesel::prelude::*;
use std::collections::HashMap;

/// Units whose work is read each for itself; that of more lies close enough together on the way through all that is due.
const FEW: usize = 8;

/// Whose work is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// That of a few units.
    Units(Vec<Id>),
    /// That of a unit and of many below it.
    Below(Id),
    /// Everybody's.
    All,
}

impl Whose {
    /// That of a unit and of those below it.
    ///
    /// # Errors
    /// Database only.
    pub fn below(c: &mut Conn, unit: Id) -> Result<Self> {
        let units = below(c, unit)?;
        Ok(if units.len() <= FEW { Self::Units(units) } else { Self::Below(unit) })
    }
}

/// A unit, those below it and those they carry on.
///
/// # Errors
/// Database only.
pub fn below(c: &mut Conn, unit: Id) -> Result<Vec<Id>> {
    let below = unit_closure::table.filter(unit_closure::ancestor_id.eq(unit)).select(unit_closure::descendant_id);
    Ok(on_both!(c, |c| below.load(c))?)
}

/// Whether nothing of the office stands above a unit.
///
/// # Errors
/// Database only.
pub fn is_root(c: &mut Conn, id: Id) -> Result<bool> {
    let above = unit_closure::table
        .inner_join(unit::table.on(unit::id.eq(unit_closure::ancestor_id)))
        .filter(unit_closure::descendant_id.eq(id))
        .filter(unit_closure::depth.gt(0))
        .filter(unit::external.eq(false));
    let first: Option<Id> = on_both!(c, |c| above.select(unit::id).first(c).optional())?;
    Ok(first.is_none())
}

/// Which part of a worklist is read.
pub struct Reading<'a> {
    /// Who asks.
    pub caller: &'a Caller<'a>,
    /// Only what this account took in hand.
    pub by: Option<Id>,
    /// What is asked of the petitions.
    pub filter: PetitionFilter,
    /// The page begins behind it.
    pub after: Option<Place>,
    /// Rows at most.
    pub rows: i64,
    /// When the first page was read.
    pub as_of: Time,
    /// The office's zone.
    pub zone: Tz,
}

impl Reading<'_> {
    /// The keys of a page of work.
    ///
    /// # Errors
    /// Database only.
    pub fn keys(&self, c: &mut Conn, whose: &Whose) -> Result<Vec<Key>> {
        let mut keys = Vec::new();
        match whose {
            Whose::Units(units) => {
                for unit in units {
                    keys.extend(self.of_unit(c, *unit)?);
                }
            }
            Whose::Below(top) => self.on_the_way(c, Some(*top), &mut keys)?,
            Whose::All => self.on_the_way(c, None, &mut keys)?,
        }
        keys.sort_unstable();
        keys.truncate(usize::try_from(self.rows).unwrap_or(usize::MAX));
        Ok(keys)
    }

    /// Work of one unit, with a limit or without.
    fn of_unit(&self, c: &mut Conn, unit: Id) -> Result<Vec<Key>> {
        let theirs = petition::work_unit.eq(unit);
        match (self.after, self.filter.light) {
            (None, None) => self.range(c, Box::new(theirs)),
            (Some(place), None) if place.due >= never() => self.range(c, Box::new(theirs.and(due::rest(self.after)))),
            _ => self.range(c, Box::new(theirs.and(self.span().behind(self.after)))),
        }
    }

    /// Work of many units: on the way through all that is due, then what has no limit, which is little and lies unit by unit.
    fn on_the_way(&self, c: &mut Conn, top: Option<Id>, keys: &mut Vec<Key>) -> Result<()> {
        let below = |top| unit_closure::table.filter(unit_closure::ancestor_id.eq(top)).select(unit_closure::descendant_id);
        if self.after.is_none_or(|place| place.due < never()) {
            let theirs: Condition = match top {
                Some(top) => Box::new(petition::work_unit.eq_any(below(top).nullable())),
                None => Box::new(petition::work_unit.is_not_null().nullable()),
            };
            let span = self.span().and(Span::open());
            keys.extend(self.range(c, Box::new(span.behind(self.after).and(held(theirs))))?);
        }
        let full = i64::try_from(keys.len()).is_ok_and(|read| read >= self.rows);
        if !full && self.filter.light.is_none() {
            let units: Vec<Id> = match top {
                Some(top) => on_both!(c, |c| below(top).load(c))?,
                None => on_both!(c, |c| unit::table.select(unit::id).load(c))?,
            };
            for unit in units {
                keys.extend(self.range(c, Box::new(petition::work_unit.eq(unit).and(due::rest(self.after))))?);
            }
        }
        Ok(())
    }

    /// The due instants of the light asked for.
    fn span(&self) -> Span {
        self.filter.light.map(|light| Span::lit(light, self.as_of)).unwrap_or_default()
    }

    fn range(&self, c: &mut Conn, range: Condition) -> Result<Vec<Key>> {
        let mut query = self.filter.within(range, self.as_of, self.zone).filter(held(scope::visible(self.caller)));
        if let Some(account) = self.by {
            query = query.filter(held(taken_by(account)));
        }
        Ok(query.order(due::ORDER).select(due::KEY).limit(self.rows).load(c)?)
    }
}

/// What an account took in hand: registered, as long as nobody else has it, or accepted.
fn taken_by(account: Id) -> Condition {
    let accepted = acceptance::table.filter(acceptance::petition_id.eq(petition::id)).filter(acceptance::accepted_by.eq(account));
    let registered = petition::stage.eq(Stage::Registered).and(petition::registered_by.eq(account));
    Box::new(registered.or(exists(accepted)).nullable())
}

/// Of each petition the open clock that ends first.
///
/// # Errors
/// Database only.
pub fn nearest_clocks(c: &mut Conn, petitions: &[Id]) -> Result<HashMap<Id, Clock>> {
    let open = clock::table.filter(clock::subject_id.eq_any(petitions.to_vec())).filter(clock::stopped_at.is_null());
    let mut rows: Vec<Clock> = on_both!(c, |c| open.load(c))?;
    rows.retain(Clock::is_open);
    // the last one put in stays
    rows.sort_unstable_by_key(|clock| std::cmp::Reverse((clock.due_at, clock.id)));
    Ok(rows.into_iter().map(|clock| (clock.subject_id, clock)).collect())
}
