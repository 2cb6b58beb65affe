//! What the stage table asks beyond the petition's columns: one JSON text on its row, filled by the slices that know.
//!
//! Never asked in SQL; a later act adds a member with its default and needs no migration.

use super::model::{ClosureBasis, Stage};
use super::priority::Level;
use crate::platform::db::types::Id;
use chrono::NaiveDate;
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};

/// The referral a petition is under.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenReferral {
    /// Its id.
    pub id: Id,
    /// Whether a report back is owed.
    pub assigned: bool,
    /// The unit's objection to it.
    #[serde(default)]
    pub objected: Option<Objected>,
    /// Whether it was reported on.
    #[serde(default)]
    pub reported: bool,
}

/// An objection to a referral; one for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objected {
    /// Whether its time was over: then the sender may consent, and need not answer in time.
    pub late: bool,
    /// Whether the sender refused it; upheld, there is no referral any more.
    pub refused: bool,
}

/// A request for more time that waits for a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AskedExtension {
    /// Its id.
    pub id: Id,
    /// The limit it is about.
    pub clock_id: Id,
    /// Who asked, and so does not decide.
    pub by: Id,
}

/// A question to another unit that is not answered yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AskedAssistance {
    /// Its id.
    pub id: Id,
    /// The unit that is asked.
    pub unit_id: Id,
    /// Whether there is no opinion without its answer.
    pub mandatory: bool,
    /// Its limit, where the profile has one.
    pub clock_id: Option<Id>,
}

crate::text_enum! {
    /// What the heirs, or the family of somebody who can no longer act, want.
    pub enum HeirsAnswer {
        /// Somebody goes on with it.
        Continue = "continue",
        /// There is nobody.
        Nobody = "none",
        /// Nobody wants to.
        Declined = "declined",
    }
}

/// The question to the heirs, as long as nobody is left whose petition it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeirsAsked {
    /// Its id.
    pub id: Id,
    /// That nobody goes on, once they said so.
    pub answer: Option<HeirsAnswer>,
}

/// The opinion that stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StandingOpinion {
    /// Its id.
    pub id: Id,
    /// Grows with each correction.
    pub version: i32,
    /// The unit that gave it.
    pub unit_id: Id,
    /// Who signed it.
    pub by: Id,
    /// When this version was issued, microseconds since 1970: a delivery comes after it.
    pub issued: i64,
    /// Whether it promises something that has to be carried out.
    #[serde(default)]
    pub promises: bool,
    /// The day by which it is carried out.
    #[serde(default)]
    pub execution_due: Option<NaiveDate>,
    /// Whether a review gave it.
    #[serde(default)]
    pub of_review: bool,
}

/// What the sides agreed on when somebody mediated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// The mediation.
    pub id: Id,
    /// The day by which it is carried out, if it promises something.
    pub execution_due: Option<NaiveDate>,
}

/// That a leader has taken charge (包案).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The leader's case.
    pub id: Id,
    /// The leader.
    pub leader: Id,
    /// The day on which they look again.
    pub next_look: NaiveDate,
}

/// What a closing ended, for whoever reopens it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BeforeClosing {
    /// Place in the trail of the event that closed it.
    pub n: i64,
    /// Route of Art. 31 it was accepted on.
    pub route: Option<i16>,
    /// The referral it was under.
    pub referral: Option<OpenReferral>,
    /// The request for more time that waited.
    pub extension: Option<AskedExtension>,
    /// Questions to other units that were not answered.
    pub assistance: Vec<AskedAssistance>,
    /// The hearing that was open.
    pub hearing: Option<Id>,
    /// The review that waited.
    pub review: Option<Id>,
    /// Who had to do with that review.
    pub reviewers: Vec<Id>,
    /// Accounts with a handling event.
    pub handlers: Vec<Id>,
}

/// Where an evaluation of one object stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluated {
    /// Whether it was given.
    pub given: bool,
    /// How often it was changed; once is the most.
    pub changes: u8,
    /// Whether the window closed before it was given.
    #[serde(default)]
    pub expired: bool,
}

/// Facts of a petition for the stage table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
#[serde(default)]
pub struct Facts {
    /// Filed without a name.
    pub anonymous: bool,
    /// People whose own petition it is and who still take part.
    pub principals: u32,
    /// Whether some party can be reached (address or phone), so that an answer can be delivered.
    pub reachable: bool,
    /// Other offices gave it numbers too.
    pub has_external_numbers: bool,
    /// A notice that it has arrived was given.
    pub notice_given: bool,
    /// Notices whose delivery is not recorded, but for the answer itself.
    pub undelivered: u32,
    /// It was accepted once, whatever followed.
    pub accepted: bool,
    /// Route of Art. 31 it was accepted on.
    pub route: Option<i16>,
    /// The referral it is under.
    pub referral: Option<OpenReferral>,
    /// Referrals and assignments so far.
    pub hand_overs: u32,
    /// How often it came back: objections upheld, referrals taken back.
    pub bounces: u32,
    /// Units whose objection was upheld.
    pub not_theirs: Vec<Id>,
    /// Rounds of handling, grown by every revocation.
    pub round: i32,
    /// Reviews decided so far, 0 to 2.
    pub reviews_decided: u8,
    /// The review that waits for a decision.
    pub review: Option<Id>,
    /// Who signed the unit's own opinion last.
    pub signer: Option<Id>,
    /// Whose opinion was revoked: it is given anew by somebody else.
    pub not_again: Option<Id>,
    /// The request for more time that waits for a decision.
    pub extension: Option<AskedExtension>,
    /// Questions to other units that are not answered yet.
    pub assistance: Vec<AskedAssistance>,
    /// Units that answered one.
    pub assisted: Vec<Id>,
    /// The hearing that is open.
    pub hearing: Option<Id>,
    /// What the last mediation came to; none where it failed.
    pub agreement: Option<Agreement>,
    /// The question to the heirs; none as long as somebody is there whose petition it is.
    pub heirs: Option<HeirsAsked>,
    /// The opinion that stands.
    pub opinion: Option<StandingOpinion>,
    /// An answer was delivered at least once.
    pub delivered: bool,
    /// Evaluation of the office.
    pub office: Evaluated,
    /// Evaluation of the responsible unit.
    pub unit: Evaluated,
    /// Its matter has other petitions.
    pub linked: bool,
    /// The priority somebody set by hand.
    pub priority: Option<Level>,
    /// Accounts with a handling event.
    pub handlers: Vec<Id>,
    /// Those of the review that waits: what they do for it does not keep them from deciding it.
    pub reviewers: Vec<Id>,
    /// How many people and units keep out by a recusal.
    pub recusals: u32,
    /// The officer of the lead unit who is named for it; none where any of them may act.
    pub officer: Option<Id>,
    /// That a leader has taken charge.
    pub charge: Option<Charge>,
    /// The policy issue it belongs to.
    pub policy_issue: Option<Id>,
    /// The stage it was closed from.
    pub closed_from: Option<Stage>,
    /// What a final closing rests on.
    pub closure_basis: Option<ClosureBasis>,
    /// Who closed it; none for the system.
    pub closed_by: Option<Id>,
    /// What its closing ended.
    pub before: Option<BeforeClosing>,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            anonymous: false,
            principals: 0,
            reachable: false,
            has_external_numbers: false,
            notice_given: false,
            undelivered: 0,
            accepted: false,
            route: None,
            referral: None,
            hand_overs: 0,
            bounces: 0,
            not_theirs: Vec::new(),
            round: 1,
            reviews_decided: 0,
            review: None,
            signer: None,
            not_again: None,
            extension: None,
            assistance: Vec::new(),
            assisted: Vec::new(),
            hearing: None,
            agreement: None,
            heirs: None,
            opinion: None,
            delivered: false,
            office: Evaluated::default(),
            unit: Evaluated::default(),
            linked: false,
            priority: None,
            handlers: Vec::new(),
            reviewers: Vec::new(),
            recusals: 0,
            officer: None,
            charge: None,
            policy_issue: None,
            closed_from: None,
            closure_basis: None,
            closed_by: None,
            before: None,
        }
    }
}

impl Facts {
    /// Marks somebody as a handler of the petition.
    pub fn handled_by(&mut self, account: Id) {
        if !self.handlers.contains(&account) {
            self.handlers.push(account);
        }
    }

    /// Ends the review that waits; who took part in it has handled the petition from now on.
    pub fn end_review(&mut self) -> Option<Id> {
        for account in std::mem::take(&mut self.reviewers) {
            self.handled_by(account);
        }
        self.review.take()
    }

    /// Whether an objection waits for the sender's decision.
    pub fn objection_waits(&self) -> bool {
        self.referral.as_ref().and_then(|referral| referral.objected).is_some_and(|objected| !objected.refused)
    }

    /// Nobody an answer could be delivered to.
    pub fn undeliverable(&self) -> bool {
        self.anonymous || !self.reachable
    }
}

crate::json_text!(Facts);
