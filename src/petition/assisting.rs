//! The units that are asked to assist, as a case knows them.

use super::case::Case;
use super::clocks::fates::Fate;
use super::facts::AskedAssistance;
use super::repo;
use crate::auth::Context;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::unit;

impl Case {
    /// Whether a unit leads it, or carries on the work of the one that did.
    pub fn led_by(&self, unit: Id) -> bool {
        self.row.lead_unit.is_some_and(|lead| lead == unit || self.lineage.carries(unit, lead))
    }

    /// Whether a unit is asked and has not answered yet.
    pub fn assists(&self, unit: Id) -> bool {
        self.row.facts.assistance.iter().any(|asked| self.lineage.carries(unit, asked.unit_id))
    }

    /// The lead and the units that are asked: on none of them may the subject be.
    pub(super) fn at_it(&self) -> Vec<Id> {
        self.row.lead_unit.into_iter().chain(self.row.facts.assistance.iter().map(|asked| asked.unit_id)).collect()
    }

    /// Whether a unit is asked, or answered before.
    pub(super) fn ever_assisted(&self, unit: Id) -> bool {
        self.assists(unit) || self.row.facts.assisted.iter().any(|answered| self.lineage.carries(unit, *answered))
    }

    /// Takes over that a unit is asked.
    ///
    /// # Errors
    /// Database only.
    pub fn assisted_by(&mut self, c: &mut Conn, asked: AskedAssistance) -> Result<()> {
        self.lineage.extend(unit::repo::lineage(c, &[asked.unit_id])?);
        self.row.facts.assistance.push(asked);
        Ok(())
    }

    /// Takes over how one question ended, with its own limit and no other; before the event.
    pub fn settle_assistance(&mut self, cx: &Context, asked: &AskedAssistance, fate: Fate) {
        if let Some(clock) = asked.clock_id {
            self.clocks.settle_one(clock, fate, self.next_n(), cx.now());
        }
        self.row.facts.assistance.retain(|open| open.id != asked.id);
        if fate == Fate::Met && !self.row.facts.assisted.contains(&asked.unit_id) {
            self.row.facts.assisted.push(asked.unit_id);
        }
    }

    /// Says that no open question has to be answered any more; gives their ids. Their limits end by the table of endings.
    ///
    /// # Errors
    /// Database only.
    pub fn end_assistance(&mut self, c: &mut Conn, at: Time) -> Result<Option<Vec<Id>>> {
        let open: Vec<Id> = std::mem::take(&mut self.row.facts.assistance).into_iter().map(|asked| asked.id).collect();
        if open.is_empty() {
            return Ok(None);
        }
        repo::end_assistance(c, &open, at)?;
        Ok(Some(open))
    }

    /// The units without whose answer there is no opinion, by name.
    pub(super) fn missing_answers(&self) -> String {
        let mandatory = self.row.facts.assistance.iter().filter(|asked| asked.mandatory);
        let names: Vec<String> = mandatory.map(|asked| self.lineage.shown(asked.unit_id).name).collect();
        names.join("、")
    }
}
