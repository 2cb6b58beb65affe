//! Reopening: what a closing ended is taken up again, with the limits that ran; windows that are over by now stay so.

use super::case::Case;
use super::clocks::NewClock;
use super::facts::BeforeClosing;
use super::model::Stage;
use super::repo::reopened as repo;
use super::supervised::Supervision;
use crate::auth::Context;
use crate::deadline::ClockKind;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};

/// Days after its closing in which a petition can be reopened; the day of the closing is not counted.
pub const REOPEN_DAYS: i64 = 30;

impl Case {
    /// What a closing that comes now will end.
    pub(super) fn before_closing(&self) -> BeforeClosing {
        let f = &self.row.facts;
        BeforeClosing {
            n: self.next_n(),
            route: f.route,
            referral: f.referral.clone(),
            extension: f.extension.clone(),
            assistance: f.assistance.clone(),
            hearing: f.hearing,
            review: f.review,
            reviewers: f.reviewers.clone(),
            handlers: f.handlers.clone(),
        }
    }

    /// Takes it up again where it was closed: the limits that the closing ended go on as if it had never been. Before the event.
    ///
    /// # Errors
    /// Database, or internal for what nobody closed.
    pub fn reopen(&mut self, c: &mut Conn, cx: &mut Context) -> Result<()> {
        let (Some(stage), Some(before)) = (self.row.facts.closed_from, self.row.facts.before.take()) else {
            return Err(Error::internal("reopened without a closing"));
        };
        repo::take_up(c, &before)?;
        let about = self.about();
        let restored = self.clocks.restore(c, cx, &about, before.n)?;
        let renewed = |clock| restored.iter().find(|(old, _)| *old == clock).map_or(clock, |(_, new)| *new);
        let of_restored = |s: &&Supervision| [s.clock_id, s.answer_clock].iter().flatten().any(|clock| renewed(*clock) != *clock);
        for s in self.supervisions.iter().filter(of_restored).cloned().collect::<Vec<_>>() {
            let clocks = (s.clock_id.map(renewed), s.answer_clock.map(renewed));
            self.keep_supervision(c, Supervision { clock_id: clocks.0, answer_clock: clocks.1, ..s })?;
        }
        let f = &mut self.row.facts;
        f.route = before.route;
        f.referral = before.referral;
        f.extension = before.extension;
        if let Some(asked) = &mut f.extension {
            asked.clock_id = renewed(asked.clock_id);
        }
        f.assistance = before.assistance;
        f.assistance.iter_mut().for_each(|asked| asked.clock_id = asked.clock_id.map(renewed));
        f.hearing = before.hearing;
        f.review = before.review;
        f.reviewers = before.reviewers;
        f.handlers = before.handlers;
        self.unclose();
        self.advance(stage);
        let owned = [ClockKind::TriageNotice, ClockKind::Disposition].iter().any(|kind| self.clocks.open_of(*kind).is_some());
        if stage == Stage::Registered && !owned {
            let (unit, from) = (self.row.sending_unit, cx.now());
            self.start_clock(c, cx, NewClock { kind: ClockKind::Disposition, from, unit, until: None })?;
        }
        Ok(())
    }

    /// Whether it is simplified with none of its limits left: those of days gone by are not restored.
    pub fn simplified_is_over(&self) -> bool {
        let kinds = [ClockKind::SimplifiedAcceptance, ClockKind::SimplifiedAnswer];
        self.row.simplified && !kinds.iter().any(|kind| self.clocks.open_of(*kind).is_some())
    }
}
