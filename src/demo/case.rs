//! A petition as the run knows it: what it is about, how it is meant to go, where it stands.

use super::calendar::Calendar;
use super::texts::{Filling, Finding, Theme};
use crate::deadline::ClockKind;
use crate::handling::model::Outcome;
use crate::petition::{Act, Channel, Kind, Stage};
use crate::platform::db::types::Id;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

/// What is to become of a petition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It goes the whole way.
    Answered,
    /// Joined to an earlier one that is still open.
    Linked,
    /// Answered at the desk.
    Spot,
    /// Another organ is competent.
    Elsewhere,
    /// Another legal procedure applies, found at this stage.
    Diverted(Stage),
    /// A mistake of the desk.
    Voided,
    /// The same matter is at its end already.
    NoLongerAccepted,
    /// Taken back at this stage.
    Withdrawn(Stage),
    /// Left lying at this stage.
    Forgotten(Stage),
}

/// How a referral goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Astray {
    /// To a unit that says it is not its own, and is right.
    Returned,
    /// To a unit from which it is taken back.
    Recalled,
    /// To the right unit, which says that it is not its own.
    Kept,
}

/// What a review decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reviewed {
    Upheld,
    Changed,
    Revoked,
}

/// The people of a petition, as far as acts depend on them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parties {
    pub anonymous: bool,
    /// Whether an answer can reach somebody.
    pub reachable: bool,
    pub principals: usize,
    pub proxy: bool,
    /// Whether a proxy joined later a petitioner who can be reached without them.
    pub helped: bool,
}

/// When what is limited ends of itself; none where nothing runs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ends {
    /// The simplified procedure, unless its next step is done.
    pub simplified: Option<DateTime<Utc>>,
    /// The limit for the opinion on a claim, as the law sets it.
    pub handling: Option<DateTime<Utc>>,
    /// The time to say what one thinks of it.
    pub evaluation: Option<DateTime<Utc>>,
    /// The petition itself, once delivered.
    pub petition: Option<DateTime<Utc>>,
}

/// Whether somebody notices that a petition repeats an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noticed {
    /// Nobody, or it repeats nothing.
    Never,
    /// Whoever registers it.
    AtOnce,
    /// Somebody who reads it later.
    Later,
}

/// One petition of the run.
pub(super) struct Case<'a> {
    pub id: Id,
    pub theme: &'a Theme,
    /// Place of its matter in the theme.
    pub matter: usize,
    pub finding: &'a Finding,
    pub filling: Filling,
    pub channel: Channel,
    pub at_home: bool,
    pub parties: Parties,
    pub simplified: bool,
    /// The petition they came with before, if it was of the same matter.
    pub earlier: Option<Id>,
    pub noticed: Noticed,
    /// User name of who registered it, and the code of the unit that did.
    pub registrar: String,
    pub registered_unit: String,
    /// Its subject keeps those who registered it from acting on it.
    pub desk_barred: bool,
    pub fate: Fate,
    pub stage: Stage,
    pub ends: Ends,
    /// When the office got it.
    pub received: DateTime<Utc>,
    /// When it came into its stage, or its opinion was corrected.
    pub since: DateTime<Utc>,
    /// When the opinion that stands was issued.
    pub decided: DateTime<Utc>,
    /// User name of the officer it was accepted by.
    pub officer: Option<String>,
    /// User name of who asked for more time.
    pub asked_by: Option<String>,
    /// Whether somebody takes the place of the petitioner who died.
    pub goes_on: bool,
    /// Whether the sides come to terms, once somebody mediated.
    pub agrees: bool,
    /// Whether a leader has taken charge.
    pub charged: bool,
    /// Whether it belongs to a policy issue.
    pub in_policy_issue: bool,
    /// The closing that was made.
    pub closed_by: Option<Act>,
    /// Whether it was closed while it was handled.
    pub left_handling: bool,
    /// How its first referral goes wrong.
    pub astray: Option<Astray>,
    /// It came back from there.
    pub back: bool,
    /// The unit has to report back.
    pub assigned: bool,
    /// The unit it was referred to finds that it is not its own.
    pub not_ours: bool,
    /// How easily they are pleased, in thousandths that are the harder to please the higher.
    pub mood: i64,
    /// What the petitioner was asked.
    pub evaluated: Vec<Act>,
    /// Steps in which what was promised is still to be carried out; none when it never is.
    pub steps: Option<u8>,
    /// Reviews decided so far.
    pub reviews: u8,
    /// What the last one decided, or will decide.
    pub review: Option<Reviewed>,
    /// User name of who signed the unit's answer last.
    pub signed_by: Option<String>,
}

impl Case<'_> {
    /// What it is.
    pub fn kind(&self) -> Kind {
        self.theme.kind
    }

    /// Whether the unit that handles it takes it on without a referral.
    pub fn direct(&self) -> bool {
        self.registered_unit == self.theme.unit || (self.theme.unit == "bureau" && self.kind() != Kind::Accusation)
    }

    /// Code of the unit it is referred to next, or was referred to.
    pub fn sent_to(&self) -> &str {
        match (self.astray, self.theme.unit.as_str()) {
            (Some(Astray::Returned | Astray::Recalled), unit) if !self.back => {
                if unit == "pension" {
                    "medical"
                } else {
                    "pension"
                }
            }
            (_, unit) => unit,
        }
    }

    /// Code of the unit that is asked where another one has to help: one that does not lead it, and whose officer it is not about.
    pub fn asked_unit(&self) -> &'static str {
        let complained_of =
            self.theme.subject.as_ref().and_then(|subject| subject.staff.as_deref()).is_some_and(|who| who.starts_with("finance"));
        if complained_of || self.theme.unit == "finance" { "pension" } else { "finance" }
    }

    /// It is simple, or can't wait.
    pub fn hurries(&self) -> bool {
        self.simplified || self.theme.urgent
    }

    /// Whether what was promised is carried out.
    pub fn carried_out(&self) -> bool {
        self.steps == Some(0)
    }

    /// Whether that can be done to it then: nothing for which its time is over by then.
    pub fn has_time(&self, act: Act, then: DateTime<Utc>) -> bool {
        let end = match act {
            Act::RequestExtension => self.ends.handling,
            Act::DecideExtension => self.ends.handling.filter(|_| self.asked_by.is_some()).or(Some(self.since)),
            Act::EvaluateOffice | Act::EvaluateUnit => self.ends.evaluation,
            Act::CloseFinal | Act::RequestReview => self.ends.petition,
            _ => None,
        };
        end.is_none_or(|end| then < end)
    }

    /// Whether it is handled anew.
    pub fn is_redone(&self) -> bool {
        self.review == Some(Reviewed::Revoked) && self.reviews > 0
    }

    /// Whether the procedure of its matter is at its end.
    pub fn is_terminated(&self) -> bool {
        self.stage == Stage::Closed && self.closed_by == Some(Act::Deliver) && self.reviews > 1
    }

    /// Nobody an answer could be delivered to.
    pub fn undeliverable(&self) -> bool {
        self.parties.anonymous || !self.parties.reachable
    }

    /// Takes over what an act does to it, and when that lets something end of itself.
    pub fn follow(&mut self, act: Act, by: &str, at: DateTime<Utc>, body: &Map<String, Value>, calendar: &Calendar) {
        match act {
            // somebody who helps leaves a number
            Act::AddParty => {
                self.parties.helped = self.parties.reachable;
                (self.parties.proxy, self.parties.reachable) = (true, true);
            }
            Act::EndParty => (self.parties.proxy, self.parties.helped) = (false, false),
            Act::ReportDeath => (self.parties.principals, self.parties.reachable) = (0, false),
            Act::AnswerHeirs if self.goes_on => (self.parties.principals, self.parties.reachable) = (1, true),
            Act::Accept => self.officer = Some(by.to_owned()),
            Act::Assign => self.assigned = true,
            Act::TakeCharge => self.charged = true,
            // what ends it next may be no act
            Act::Reopen => self.closed_by = None,
            Act::JoinPolicyIssue => self.in_policy_issue = true,
            Act::EvaluateOffice | Act::EvaluateUnit => self.evaluated.push(act),
            Act::RequestExtension => self.asked_by = Some(by.to_owned()),
            Act::RecordExecution => self.steps = self.steps.map(|steps| steps.saturating_sub(1)),
            Act::IssueOpinion | Act::CorrectOpinion => {
                self.decided = at;
                self.signed_by = Some(by.to_owned());
            }
            Act::DecideReview => {
                self.reviews += 1;
                self.decided = at;
            }
            _ => {}
        }
        let stage = match act {
            Act::Refer | Act::Assign => Stage::Referred,
            Act::DecideObjection if self.astray == Some(Astray::Kept) => Stage::Referred,
            Act::DecideObjection | Act::Recall | Act::Reopen => Stage::Registered,
            Act::Accept => Stage::Handling,
            Act::IssueOpinion => Stage::Decided,
            Act::Deliver if self.kind() == Kind::Accusation || self.reviews > 1 => Stage::Closed,
            Act::RequestReview => Stage::UnderReview,
            Act::DecideReview if self.is_redone() => Stage::Handling,
            Act::DecideReview => Stage::Decided,
            Act::Deliver => Stage::Delivered,
            Act::Withdraw => Stage::Closed,
            act if act.row().reason.is_some() => Stage::Closed,
            // nothing more is waited for
            _ if self.stage == Stage::Delivered && self.kind() == Kind::Suggestion && self.has_evaluated_all() => Stage::Closed,
            _ => self.stage,
        };
        self.limit(act, at, body, calendar);
        self.back |= stage == Stage::Registered && self.stage == Stage::Referred;
        if stage == Stage::Closed && self.stage != Stage::Closed {
            self.closed_by = Some(act);
            self.left_handling = self.stage == Stage::Handling;
        }
        // a delivery comes after the opinion that stands
        if stage != self.stage || act == Act::CorrectOpinion {
            (self.stage, self.since) = (stage, at);
        }
    }

    /// It is closed because nobody wanted more of it in time.
    pub fn lapse(&mut self, at: DateTime<Utc>) {
        (self.stage, self.since) = (Stage::Closed, at);
    }

    fn has_evaluated_all(&self) -> bool {
        [Act::EvaluateOffice, Act::EvaluateUnit].iter().all(|act| self.evaluated.contains(act))
    }

    fn limit(&mut self, act: Act, at: DateTime<Utc>, body: &Map<String, Value>, calendar: &Calendar) {
        let kind = self.kind();
        let end = |clock, from| calendar.end_of(clock, kind, from);
        match act {
            Act::Register => self.ends.simplified = end(ClockKind::SimplifiedAcceptance, self.received),
            Act::Accept => {
                self.simplified &= self.ends.simplified.is_some_and(|end| at < end);
                self.ends.simplified = end(ClockKind::SimplifiedAnswer, at);
                self.ends.handling = end(ClockKind::Handling, at);
            }
            Act::IssueOpinion => {
                let refused = self.finding.outcome == Some(Outcome::NotSupported);
                self.simplified &= !refused && self.ends.simplified.is_some_and(|end| at < end);
            }
            Act::Deliver => {
                let claimed = body.get("delivered_at").and_then(|at| DateTime::deserialize(at).ok());
                let from = claimed.unwrap_or(at);
                self.ends.evaluation = end(ClockKind::EvaluationWindow, from);
                let window = if self.reviews == 0 { ClockKind::ReviewWindow } else { ClockKind::RereviewWindow };
                self.ends.petition = end(window, from).or(self.ends.evaluation);
            }
            Act::CloseOnTheSpot => self.ends.evaluation = end(ClockKind::EvaluationWindow, at),
            _ => {}
        }
    }
}
