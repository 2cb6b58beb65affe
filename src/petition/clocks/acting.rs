//! What an act does to the clocks of its petition.

use super::fates::{Ending, Fate};
use super::{About, NewClock, Versions};
use crate::auth::Context;
use crate::deadline::{Clock, ClockKind};
use crate::petition::model::Stage;
use crate::petition::priority::Level;
use crate::petition::{Case, repo};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use chrono::{DateTime, NaiveDate, Utc};

/// Why clocks stand still as long as nobody is left whose petition it is, as profiles name it.
const BEREFT: &str = "petitioner_deceased";
/// Why they do during a hearing, as profiles name it (Art. 36).
const HEARD: &str = "hearing";

impl Case {
    /// What its clocks depend on; they stand in the event that comes next.
    pub fn about(&self) -> About {
        let n = self.next_n();
        let first = Level::of_rank(self.row.priority_rank) != Level::Normal;
        About { petition: self.row.id, kind: self.row.kind, route: self.row.facts.route, first, n }
    }

    /// Starts a clock, if the profile sets a limit; before the event of the act that starts it.
    ///
    /// # Errors
    /// Database only.
    pub fn start_clock(&mut self, c: &mut Conn, cx: &mut Context, new: NewClock) -> Result<()> {
        let about = self.about();
        self.clocks.start(c, cx, &about, &new)?;
        if self.row.facts.heirs.is_some() { self.pause_clocks(c, cx, cx.day(new.from)) } else { Ok(()) }
    }

    /// Ends the clocks an act fulfils; before its event.
    ///
    /// # Errors
    /// Database only.
    pub fn fulfil(&mut self, c: &mut Conn, cx: &Context, act: &str) -> Result<()> {
        let about = self.about();
        self.clocks.fulfil(c, &about, act, cx.now())
    }

    /// Ends one of several open clocks of a kind; before the event.
    pub(in crate::petition) fn settle_clock(&mut self, cx: &Context, id: Id, fate: Fate) {
        self.clocks.settle_one(id, fate, self.about().n, cx.now());
    }

    /// Ends the clocks that end with the petition or a part of its course; before the event.
    pub fn end_clocks(&mut self, cx: &Context, ending: Ending, at: Option<DateTime<Utc>>) {
        self.clocks.end(ending, self.about().n, at.unwrap_or(cx.now()));
    }

    /// Stands still what nobody is there for, from the day since when (Civil Code, succession of rights by analogy; day of the death
    /// included).
    ///
    /// # Errors
    /// Database only.
    pub fn pause_clocks(&mut self, c: &mut Conn, cx: &Context, from: NaiveDate) -> Result<()> {
        let about = self.about();
        self.clocks.pause(c, cx, &about, BEREFT, from)
    }

    /// Lets it go on; today is not counted.
    ///
    /// # Errors
    /// Database only.
    pub fn resume_clocks(&mut self, c: &mut Conn, cx: &Context) -> Result<()> {
        self.resume(c, cx, BEREFT, cx.today())
    }

    /// Has a hearing opened: its days are not counted where the profile says so, today is the first. Before the event.
    ///
    /// # Errors
    /// Database only.
    pub fn hearing_opens(&mut self, c: &mut Conn, cx: &Context, hearing: Id) -> Result<()> {
        self.row.facts.hearing = Some(hearing);
        let about = self.about();
        self.clocks.pause(c, cx, &about, HEARD, cx.today())
    }

    /// Has it ended, on a day that is not counted either. Before the event.
    ///
    /// # Errors
    /// Database only.
    pub fn hearing_ends(&mut self, c: &mut Conn, cx: &Context, on: NaiveDate) -> Result<()> {
        self.row.facts.hearing = None;
        self.resume(c, cx, HEARD, on)
    }

    /// Says that a hearing that is open will not be ended; gives its id.
    ///
    /// # Errors
    /// Database only.
    pub(in crate::petition) fn drop_hearing(&mut self, c: &mut Conn, at: Time) -> Result<Option<Id>> {
        let Some(hearing) = self.row.facts.hearing.take() else { return Ok(None) };
        repo::drop_hearing(c, hearing, at)?;
        Ok(Some(hearing))
    }

    fn resume(&mut self, c: &mut Conn, cx: &Context, reason: &str, on: NaiveDate) -> Result<()> {
        let about = self.about();
        for clock in self.clocks.resume(c, cx, &about, reason, on)? {
            self.drop_proposal(c, clock, Time(cx.now()))?;
        }
        Ok(())
    }

    /// Counts the open clock of a kind from another start.
    ///
    /// # Errors
    /// Database only.
    pub fn restart_clock(&mut self, c: &mut Conn, cx: &Context, kind: ClockKind, from: DateTime<Utc>) -> Result<()> {
        let about = self.about();
        for clock in self.clocks.restart(c, cx, &about, kind, from)? {
            // what was proposed because of a breach that was none is proposed no longer
            self.drop_proposal(c, clock, Time(cx.now()))?;
        }
        Ok(())
    }

    /// Gives the open clock of a kind so many days more.
    ///
    /// # Errors
    /// Database only.
    pub fn extend_clock(&mut self, c: &mut Conn, cx: &Context, kind: ClockKind, days: i32) -> Result<()> {
        let about = self.about();
        self.clocks.extend(c, cx, &about, kind, days)
    }

    /// The limit that runs and can be extended, and by how many days at most.
    pub fn extendable(&self) -> Option<(Id, u32)> {
        self.clocks.extendable(self.row.kind, self.row.facts.route).map(|(clock, rule)| (clock.id, rule.max_days))
    }

    /// Counts its running clocks anew by other versions; says whether any moved.
    ///
    /// # Errors
    /// Database, or a version that is not there.
    pub fn replay_clocks(&mut self, c: &mut Conn, cx: &Context, by: impl Fn(&Clock) -> Option<Versions>) -> Result<bool> {
        let about = self.about();
        self.clocks.replay(c, cx, &about, by)
    }

    /// The unit that has to do something about it now.
    pub(in crate::petition) fn at_work(&self) -> Option<Id> {
        match self.row.stage {
            Stage::Registered => Some(self.row.sending_unit),
            Stage::Referred | Stage::Handling => self.row.lead_unit,
            // whoever gave the answer delivers it
            Stage::Decided | Stage::UnderReview => self.reviews_at().or(self.row.lead_unit),
            Stage::Delivered | Stage::Closed => self.clocks.owing(),
        }
    }
}
