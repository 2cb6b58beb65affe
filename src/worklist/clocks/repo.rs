//! SQL of clocks across petitions: a range of `clock_state_due` or `clock_unit_due` a state, merged here.

use super::model::{ClockFilter, ClockPlace};
use crate::auth::Actor;
use crate::deadline::rules::midnight;
use crate::deadline::{Clock, ClockState};
use crate::on_both;
use crate::petition::Kind;
use crate::petition::facts::Facts;
use crate::petition::repo::scope::{self, Caller, Clocked, Condition, Scoped, held};
use crate::platform::db::Conn;
use crate::platform::db::schema::{clock, petition, unit_closure};
use crate::platform::db::types::{DbTime, DbUuid, Id, Time};
use crate::platform::error::{Error, Result};
use crate::worklist::repo::below;
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};
use std::collections::BTreeSet;

/// Units whose clocks are read each for itself; those of more lie close enough together on the way through a state.
const FEW: usize = 4;

/// What is open: a breach that was done or given up later is none of it.
const OPEN: [ClockState; 3] = [ClockState::Running, ClockState::Paused, ClockState::Breached];

/// A clock with the number of its petition.
pub type Numbered = (Clock, String);

/// Which clocks are read.
pub struct Reading<'a> {
    /// Who asks.
    pub caller: &'a Caller<'a>,
    /// What is asked of the clocks.
    pub filter: &'a ClockFilter,
    /// The page begins behind it.
    pub after: Option<ClockPlace>,
    /// Rows at most.
    pub rows: i64,
    /// The office's zone.
    pub zone: Tz,
}

/// Who answers for the clocks asked for.
enum Units {
    Few(Vec<Id>),
    Below(Id),
    All,
}

impl Reading<'_> {
    /// A page of clocks: those the caller's units answer for, for whoever reaches widely all; on petitions they may see.
    ///
    /// # Errors
    /// Database only.
    pub fn page(&self, c: &mut Conn) -> Result<Vec<Numbered>> {
        let units = self.units(c)?;
        let asked = self.filter.state.clone().unwrap_or_else(|| OPEN.to_vec());
        let mut found: Vec<Numbered> = Vec::new();
        for state in asked.into_iter().collect::<BTreeSet<_>>() {
            let in_state = || clock::state.eq(state).nullable();
            match &units {
                Units::Few(units) => {
                    for unit in units {
                        found.extend(self.range(c, Box::new(in_state().and(clock::unit_id.eq(*unit))))?);
                    }
                }
                Units::Below(top) => {
                    let below = unit_closure::table.filter(unit_closure::ancestor_id.eq(*top));
                    let theirs = clock::unit_id.eq_any(below.select(unit_closure::descendant_id.nullable()));
                    found.extend(self.range(c, Box::new(in_state().and(held(Box::new(theirs)))))?);
                }
                Units::All => found.extend(self.range(c, Box::new(in_state()))?),
            }
        }
        found.sort_unstable_by_key(|(clock, _)| (clock.due_at, clock.id));
        found.truncate(usize::try_from(self.rows).unwrap_or(usize::MAX));
        Ok(found)
    }

    fn units(&self, c: &mut Conn) -> Result<Units> {
        let own = self.caller.units();
        let Some(top) = self.filter.unit else {
            return Ok(if self.caller.is_wide() { Units::All } else { Units::Few(own.to_vec()) });
        };
        let mut units = below(c, top)?;
        if !self.caller.is_wide() {
            units.retain(|unit| own.contains(unit));
        }
        Ok(if units.len() > FEW { Units::Below(top) } else { Units::Few(units) })
    }

    fn range(&self, c: &mut Conn, range: Condition<Clocked>) -> Result<Vec<Numbered>> {
        let mut within: Condition<Clocked> = Box::new(range.and(self.behind()).and(held(Clocked::visible(self.caller))));
        if let Some(kind) = self.filter.kind {
            // `clock_state_due` has it behind its order: of a seldom kind nothing else is fetched
            within = Box::new(within.and(clock::kind.eq(kind).nullable()));
        }
        if self.filter.state.is_none() {
            within = Box::new(within.and(held(Box::new(clock::stopped_at.is_null().nullable()))));
        }
        Ok(petition::table
            .inner_join(clock::table)
            .filter(within)
            .order((clock::due_at, clock::id))
            .select((clock::all_columns, petition::number))
            .limit(self.rows)
            .load(c)?)
    }

    /// Behind the place and between the days: one bound a side. Of the place both are compared as one, or all that end at one midnight
    /// would be walked again for each page.
    fn behind(&self) -> Condition<Clocked> {
        let from: Condition<Clocked> = match (self.after, self.filter.due_from) {
            (Some(ClockPlace { due, id, .. }), _) => Box::new(
                diesel::dsl::sql::<Nullable<Bool>>("(clock.due_at, clock.id) > (")
                    .bind::<DbTime, _>(due)
                    .sql(", ")
                    .bind::<DbUuid, _>(id)
                    .sql(")"),
            ),
            (None, Some(day)) => Box::new(clock::due_at.gt(Time(midnight(day, self.zone))).nullable()),
            (None, None) => Box::new(clock::due_at.is_not_null().nullable()),
        };
        match self.filter.due_before {
            Some(day) => Box::new(from.and(clock::due_at.le(Time(midnight(day, self.zone))).nullable())),
            None => from,
        }
    }
}

/// What a clock's rule depends on: its petition's number, kind and facts, if the caller may know of it.
///
/// # Errors
/// [`Error::NotFound`] when not.
pub fn of_petition(c: &mut Conn, actor: &Actor, id: Id) -> Result<(String, Kind, Facts)> {
    let caller = Caller::of(c, actor)?;
    let seen = petition::table.filter(petition::id.eq(id)).filter(scope::visible(&caller));
    seen.select((petition::number, petition::kind, petition::facts)).first(c).optional()?.ok_or(Error::NotFound)
}

/// Clocks of a petition after one, in the order they were started.
///
/// # Errors
/// Database only.
pub fn of_one(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Clock>> {
    let behind = clock::table.filter(clock::subject_id.eq(petition)).filter(clock::id.gt(after));
    Ok(on_both!(c, |c| behind.order(clock::id).limit(limit).load(c))?)
}

/// One clock of a petition.
///
/// # Errors
/// [`Error::NotFound`].
pub fn one(c: &mut Conn, petition: Id, id: Id) -> Result<Clock> {
    on_both!(c, |c| clock::table.find((petition, id)).first(c).optional())?.ok_or(Error::NotFound)
}
