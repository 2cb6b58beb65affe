//! The supervisions (督办) of a petition: proposed by the product when a duty is broken, opened by those above, answered by a unit. Art. 40.

use super::case::Case;
use super::clocks::NewClock;
use super::clocks::fates::Fate;
pub use super::model::{Supervision, SupervisionState};
use super::parts::Part;
use super::repo::supervision as repo;
use crate::auth::{Actor, Context};
use crate::deadline::ClockKind;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::unit;
use chrono::NaiveDate;

impl Supervision {
    /// One that nobody decided on yet.
    pub fn proposed(id: Id, petition_id: Id, unit_id: Id, reason: &str, proposed_at: Time) -> Self {
        Self {
            id,
            petition_id,
            unit_id,
            reason: reason.to_owned(),
            state: SupervisionState::Proposed,
            clock_id: None,
            clock_kind: None,
            proposed_at,
            settled_at: None,
            settled_by: None,
            by_unit: None,
            words: None,
            due_on: None,
            opened_at: None,
            opened_by: None,
            answer_clock: None,
            answer: None,
            answered_at: None,
            answered_by: None,
            settled_words: None,
        }
    }
}

impl Part for Supervision {
    fn id(&self) -> Id {
        self.id
    }
}

impl Case {
    /// Those that wait for a unit's answer.
    pub fn open_supervisions(&self) -> impl Iterator<Item = &Supervision> {
        self.supervisions.iter().filter(|supervision| supervision.state == SupervisionState::Open)
    }

    /// The unit that answers for the petition: the lead, before there is one the unit that registered it.
    pub fn responsible_unit(&self) -> Id {
        self.row.lead_unit.unwrap_or(self.row.registered_unit)
    }

    /// Whether a caller works in the unit, or in the one that carries on its work.
    pub fn is_of(&self, actor: &Actor, unit: Id) -> bool {
        self.lineage.carries(actor.unit_id, unit)
    }

    /// The unit that does the work of one of its units today.
    pub fn current_unit(&self, unit: Id) -> Id {
        self.lineage.current(unit)
    }

    /// Stores a new supervision, proposed or open.
    ///
    /// # Errors
    /// Database only.
    pub fn open_supervision(&mut self, c: &mut Conn, row: Supervision) -> Result<()> {
        repo::insert(c, &row)?;
        self.lineage.extend(unit::repo::lineage(c, &[row.unit_id])?);
        self.supervisions.push(row);
        Ok(())
    }

    /// Stores how one of its supervisions stands by now.
    ///
    /// # Errors
    /// Database only.
    pub fn keep_supervision(&mut self, c: &mut Conn, row: Supervision) -> Result<()> {
        repo::update(c, &row)?;
        match self.supervisions.iter_mut().find(|known| known.id == row.id) {
            Some(known) => *known = row,
            None => self.supervisions.push(row),
        }
        Ok(())
    }

    /// Takes back what was proposed because of a clock, as long as nobody decided on it.
    ///
    /// # Errors
    /// Database only.
    pub(super) fn drop_proposal(&mut self, c: &mut Conn, clock: Id, at: Time) -> Result<()> {
        let proposed = |s: &&mut Supervision| s.clock_id == Some(clock) && s.state == SupervisionState::Proposed;
        for supervision in self.supervisions.iter_mut().filter(proposed) {
            (supervision.state, supervision.settled_at) = (SupervisionState::Dismissed, Some(at));
            repo::update(c, supervision)?;
        }
        Ok(())
    }

    /// Starts the limit of a unit's answer; none where the profile knows no such limit.
    ///
    /// # Errors
    /// Database only.
    pub fn start_answer(&mut self, c: &mut Conn, cx: &mut Context, unit: Id, until: NaiveDate) -> Result<Option<Id>> {
        let before = self.clocks.all().count();
        let new = NewClock { kind: ClockKind::SupervisionAnswer, from: cx.now(), unit, until: Some(until) };
        self.start_clock(c, cx, new)?;
        Ok(self.clocks.all().nth(before).map(|clock| clock.id))
    }

    /// Ends the limit of an answer: it was given, or nobody waits for it any more.
    pub fn end_answer(&mut self, cx: &Context, clock: Option<Id>, given: bool) {
        if let Some(id) = clock {
            self.settle_clock(cx, id, if given { Fate::Met } else { Fate::Cancelled("lifted") });
        }
    }
}
