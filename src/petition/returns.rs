//! What ends a referral: accepted, closed meanwhile, or back at the sender.

use super::case::Case;
use super::clocks::NewClock;
use super::clocks::fates::Ending;
use super::model::Stage;
use super::repo;
use super::supervised::Supervision;
use crate::audit::Draft;
use crate::auth::Context;
use crate::deadline::{ClockKind, ClockState};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;

/// A petition that comes back so often is brought before those above the sender: nobody wants it (Art. 40).
const TOO_OFTEN: u32 = 3;

impl Case {
    /// Says what became of the referral it is under; an objection that waits is not kept up.
    ///
    /// # Errors
    /// Database only.
    pub fn settle_referral(&mut self, c: &mut Conn, state: &str, at: Time) -> Result<()> {
        let waits = self.row.facts.objection_waits();
        let Some(referral) = &mut self.row.facts.referral else { return Ok(()) };
        if waits {
            repo::drop_objection(c, referral.id, at)?;
            referral.objected = None;
        }
        repo::settle_referral(c, referral.id, state, at)
    }

    /// Takes it back to the sender, who has to find it an owner again: what was owed because of the referral is owed no more, the limit
    /// for the answer goes on. The event of the act comes after it.
    ///
    /// # Errors
    /// Database only.
    pub fn back_at_sender(&mut self, c: &mut Conn, cx: &mut Context, ending: Ending, state: &str) -> Result<()> {
        let at = Time(cx.now());
        self.settle_referral(c, state, at)?;
        if let Some(referral) = &self.row.facts.referral {
            repo::end_referral(c, referral.id, state, at)?;
        }
        let breached: Vec<Id> = self.clocks.open().filter(|clock| clock.breached_at.is_some()).map(|clock| clock.id).collect();
        self.end_clocks(cx, ending, None);
        let annulled = self.clocks.all().filter(|clock| clock.state == ClockState::Cancelled && breached.contains(&clock.id));
        for clock in annulled.map(|clock| clock.id).collect::<Vec<_>>() {
            self.drop_proposal(c, clock, at)?;
        }
        let sender = self.row.sending_unit;
        self.clocks.hand_over(sender, |clock| matches!(clock.kind, ClockKind::Handling | ClockKind::SuggestionReply));
        self.row.lead_unit = None;
        self.row.facts.referral = None;
        self.row.facts.officer = None;
        self.row.facts.bounces += 1;
        self.advance(Stage::Registered);
        self.start_clock(c, cx, NewClock { kind: ClockKind::Disposition, from: at.0, unit: sender, until: None })
    }

    /// Brings a petition that came back too often before those above the sender, once; after the event by which it came back.
    ///
    /// # Errors
    /// Database only.
    pub fn alert_bounces(&mut self, c: &mut Conn, cx: &mut Context) -> Result<()> {
        if self.row.facts.bounces != TOO_OFTEN {
            return Ok(());
        }
        let proposal = Supervision::proposed(cx.draw.id(), self.row.id, self.row.sending_unit, "shifting", Time(cx.now()));
        let draft = Draft::by_system("supervision_proposed").with("supervision_id", proposal.id).with("reason", "shifting");
        self.event(draft.with("bounces", self.row.facts.bounces));
        self.open_supervision(c, proposal)
    }
}
