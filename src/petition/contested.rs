//! An answer that the petitioner does not accept: the window it is contested in, the review, and handling it anew. Art. 35, 36.

use super::case::Case;
use super::clocks::fates::Ending;
use super::model::Stage;
use super::{repo, rules};
use crate::auth::{Actor, Context};
use crate::deadline::{Clock, ClockKind};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use chrono::{DateTime, Utc};

impl Case {
    /// The window in which the answer that was delivered last may be contested, run out or not; none where there is no such right, or
    /// it was used.
    pub fn contestable(&self) -> Option<&Clock> {
        rules::window(&self.clocks, self.row.facts.reviews_decided)
    }

    /// Days within which such an answer may be contested, if the profile in force sets a limit.
    ///
    /// # Errors
    /// Database only.
    pub fn window_days(&mut self, c: &mut Conn, cx: &Context, window: ClockKind) -> Result<Option<u32>> {
        let timetable = self.clocks.timetable(c)?;
        Ok(timetable.rule(window, self.row.kind, self.row.facts.route, cx.today()).and_then(|rule| rule.rule.limit))
    }

    /// Puts it under review: the right was used when it was claimed, a final closing is undone, the evaluation waits for the answer
    /// that will stand. Before the event of the act.
    ///
    /// # Errors
    /// Database only.
    pub fn contest(&mut self, c: &mut Conn, cx: &Context, review: Id, unit: Id, asked: DateTime<Utc>) -> Result<()> {
        let n = self.next_n();
        if let Some(window) = self.contestable().map(|window| window.id) {
            self.clocks.used(window, n, asked);
        }
        self.end_clocks(cx, Ending::Contested, None);
        if self.row.stage == Stage::Closed {
            self.unclose();
        }
        self.row.review_unit = Some(unit);
        self.extend_lineage(c, unit)?;
        self.row.facts.review = Some(review);
        self.advance(Stage::UnderReview);
        Ok(())
    }

    /// Has it handled anew, by somebody who did not sign the answer that was revoked. Before the event of the act.
    pub fn revoke(&mut self, cx: &Context) {
        let facts = &mut self.row.facts;
        facts.round += 1;
        facts.not_again = facts.signer;
        facts.officer = facts.officer.filter(|officer| facts.signer != Some(*officer));
        self.row.review_unit = None;
        self.end_clocks(cx, Ending::Revoked, None);
        self.advance(Stage::Handling);
    }

    /// Says that a review that waits will not be decided.
    ///
    /// # Errors
    /// Database only.
    pub(super) fn settle_review(&mut self, c: &mut Conn, at: Time) -> Result<()> {
        match self.row.facts.end_review() {
            Some(review) => repo::end_review(c, review, at),
            None => Ok(()),
        }
    }

    /// Whether a unit outside the office reviews it, for which whoever sent the petition records what it decides.
    pub fn reviewed_outside(&self) -> bool {
        self.row.review_unit.is_some_and(|unit| self.lineage.is_external(unit))
    }

    /// The unit in whose name a caller acts: where a unit outside the office reviews, what it does is only recorded.
    pub fn acting_unit(&self, actor: &Actor) -> Id {
        let outside = self.row.review_unit.filter(|_| self.row.stage == Stage::UnderReview && self.reviewed_outside());
        outside.unwrap_or(actor.unit_id)
    }

    /// Makes the caller a handler, unless they only record what a unit outside the office did.
    pub fn handled_by(&mut self, actor: &Actor) {
        let outside = self.acting_unit(actor) != actor.unit_id;
        let facts = &mut self.row.facts;
        match () {
            () if outside => {}
            () if facts.review.is_none() => facts.handled_by(actor.id()),
            () if facts.reviewers.contains(&actor.id()) => {}
            () => facts.reviewers.push(actor.id()),
        }
    }

    /// The unit where a review's paper lies: the reviewing one, or for one outside the office whoever sent the petition.
    pub(in crate::petition) fn reviews_at(&self) -> Option<Id> {
        if self.reviewed_outside() { Some(self.row.sending_unit) } else { self.row.review_unit }
    }
}
