//! A petition as the run knows it: what it is about, how it is meant to go, where it stands.

use super::texts::{Filling, Finding, Theme};
use crate::petition::{Act, Channel, Kind, Stage};
use crate::platform::db::types::Id;
use chrono::{DateTime, Utc};

/// What is to become of a petition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It goes the whole way.
    Answered,
    /// Answered at the desk.
    Spot,
    /// Another organ is competent.
    Elsewhere,
    /// Another legal procedure applies, found at this stage.
    Diverted(Stage),
    /// A mistake of the desk.
    Voided,
    /// Taken back at this stage.
    Withdrawn(Stage),
    /// Left lying at this stage.
    Forgotten(Stage),
}

/// The people of a petition, as far as acts depend on them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parties {
    pub anonymous: bool,
    /// Whether an answer can reach somebody.
    pub reachable: bool,
    pub principals: usize,
    pub proxy: bool,
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
    /// User name of who registered it, and the code of the unit that did.
    pub registrar: String,
    pub registered_unit: String,
    /// Its subject keeps those who registered it from acting on it.
    pub desk_barred: bool,
    pub fate: Fate,
    pub stage: Stage,
    /// When it came into its stage, or its opinion was corrected.
    pub since: DateTime<Utc>,
    /// User name of the officer it was accepted by.
    pub officer: Option<String>,
    /// The closing that was made.
    pub closed_by: Option<Act>,
    /// Whether it was closed while it was handled.
    pub left_handling: bool,
    /// The unit it was referred to finds that it is not its own.
    pub not_ours: bool,
    /// How easily they are pleased, in thousandths that are the harder to please the higher.
    pub mood: i64,
    /// What the petitioner was asked.
    pub evaluated: Vec<Act>,
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

    /// It is simple, or can't wait.
    pub fn hurries(&self) -> bool {
        self.simplified || self.theme.urgent
    }

    /// Nobody an answer could be delivered to.
    pub fn undeliverable(&self) -> bool {
        self.parties.anonymous || !self.parties.reachable
    }

    /// Takes over what an act does to it.
    pub fn follow(&mut self, act: Act, by: &str, at: DateTime<Utc>) {
        let stage = match act {
            Act::Refer => Stage::Referred,
            Act::Accept => Stage::Handling,
            Act::IssueOpinion => Stage::Decided,
            Act::Deliver if self.kind() == Kind::Accusation => Stage::Closed,
            Act::Deliver => Stage::Delivered,
            Act::Withdraw => Stage::Closed,
            act if act.row().reason.is_some() => Stage::Closed,
            _ => self.stage,
        };
        match act {
            // somebody who helps leaves a number
            Act::AddParty => (self.parties.proxy, self.parties.reachable) = (true, true),
            Act::Accept => self.officer = Some(by.to_owned()),
            Act::EvaluateOffice | Act::EvaluateUnit => self.evaluated.push(act),
            _ => {}
        }
        if stage == Stage::Closed && self.stage != Stage::Closed {
            self.closed_by = Some(act);
            self.left_handling = self.stage == Stage::Handling;
        }
        // a delivery comes after the opinion that stands
        if stage != self.stage || act == Act::CorrectOpinion {
            (self.stage, self.since) = (stage, at);
        }
    }
}
