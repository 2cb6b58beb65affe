//! People and units that keep out of a petition (回避).

use super::case::Case;
use super::model::Bar;
use super::repo;
use crate::codes;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Code, Result};
use crate::unit;

/// The reason of a bar that is a recusal.
pub const RECUSED: &str = "recused";

impl Case {
    /// Keeps somebody out; the mark that they are its officer goes with that. Before the event.
    ///
    /// # Errors
    /// Database only.
    pub fn recuse(&mut self, c: &mut Conn, bar: Bar) -> Result<()> {
        repo::insert_bars(c, std::slice::from_ref(&bar))?;
        if bar.account_id.is_some() && bar.account_id == self.row.facts.officer {
            self.row.facts.officer = None;
        }
        if let Some(unit) = bar.unit_id {
            self.lineage.extend(unit::repo::lineage(c, &[unit])?);
        }
        self.bars.push(bar);
        self.row.barred = true;
        self.row.facts.recusals += 1;
        Ok(())
    }

    /// Lets somebody in again. Before the event.
    ///
    /// # Errors
    /// Database only.
    pub fn lift_recusal(&mut self, c: &mut Conn, bar: Id) -> Result<()> {
        repo::delete_bar(c, bar)?;
        self.bars.retain(|kept| kept.id != bar);
        self.row.barred = !self.bars.is_empty();
        self.row.facts.recusals = self.row.facts.recusals.saturating_sub(1);
        Ok(())
    }

    /// Why a unit may not take part, if it may not: it is on the subject's side, or keeps out.
    ///
    /// # Errors
    /// Database only.
    pub fn why_barred(&self, c: &mut Conn, unit: Id) -> Result<Option<Code>> {
        if self.bars.is_empty() {
            return Ok(None);
        }
        let barred = self.bars.iter().filter_map(|bar| bar.unit_id);
        let lineage = unit::repo::lineage(c, &barred.chain([unit]).collect::<Vec<_>>())?;
        let barring = |bar: &&Bar| bar.bars_unit(&lineage, unit);
        let (accused, barred) =
            (self.bars.iter().filter(barring).any(|bar| bar.reason != RECUSED), self.bars.iter().any(|bar| barring(&bar)));
        Ok(barred.then_some(if accused { codes::UNIT_IS_ACCUSED } else { codes::UNIT_RECUSED }))
    }

    /// Whether a unit may not take part.
    ///
    /// # Errors
    /// Database only.
    pub fn bars_unit(&self, c: &mut Conn, unit: Id) -> Result<bool> {
        Ok(self.why_barred(c, unit)?.is_some())
    }

    /// Which unit at work on it (the lead, one that is asked, the reviewing one) a unit that keeps out would take along, itself or above.
    ///
    /// # Errors
    /// Database only.
    pub fn at_work_under(&self, c: &mut Conn, unit: Id) -> Result<Option<Id>> {
        let working: Vec<Id> = self.at_it().into_iter().chain(self.row.review_unit).collect();
        let lineage = unit::repo::lineage(c, &[&working[..], &[unit]].concat())?;
        Ok(working.into_iter().find(|working| lineage.holds(unit, *working) || lineage.carries(unit, *working)))
    }
}
