//! The office's habits (`data/demo/habits.json`): how many come and when, who is slow, who says "not ours", what becomes of petitions.

use super::texts::{FateName, json};
use crate::petition::{Channel, Kind};
use crate::platform::error::{Error, Result};
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Names with how often each comes.
pub(super) type Shares<T = String> = Vec<(T, usize)>;

/// All of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Habits {
    /// Days the run takes.
    pub days: u64,
    pub arrivals: ArrivalHabits,
    pub waves: Vec<Wave>,
    pub rounds: Rounds,
    /// Themes of those who lie in hospital.
    pub at_a_hospital_bed: Shares,
    pub comes_again: ComesAgain,
    pub fates: Fates,
    pub one_in: OneIn,
    pub evaluated: Evaluated,
    pub agreed: Agreed,
    pub carried_out: CarriedOut,
    pub extension: ExtensionHabits,
    /// Share of the dead for whom somebody of the family goes on.
    pub goes_on: f64,
    units: BTreeMap<String, UnitHabits>,
    /// Open cases at which a unit needs twice its time.
    pub crowded_at: usize,
}

/// How many come, and by which way.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArrivalHabits {
    pub a_working_day: f64,
    pub monday_to_friday: [f64; 5],
    /// How many times as many on the first day after three or more rest days.
    pub after_a_long_holiday: f64,
    pub around_spring_festival: Lull,
    /// By telephone to whoever is on duty, or online.
    pub a_rest_day: f64,
    pub channels: Shares<Channel>,
}

/// Days in which hardly anybody comes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lull {
    /// When it is.
    pub days: Vec<NaiveDate>,
    pub before: i64,
    pub after: i64,
    pub share: f64,
}

/// Many come with the same within weeks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wave {
    /// Why, for the reader of the file.
    #[serde(rename = "why")]
    pub _why: String,
    pub themes: Shares,
    pub starts: Starts,
    pub days: i64,
    pub petitions: usize,
}

/// When a wave begins.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Starts {
    DaysBeforeTheEnd(i64),
    /// Every year, on this day of this month.
    Every(u32, u32),
}

/// Rounds of home visits, taken down on a phone without a network.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rounds {
    pub working_days_between: i64,
    pub homes: (i64, i64),
    pub themes: Shares,
}

/// How often somebody comes who was here before.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ComesAgain {
    /// One of the few who always come.
    pub regular: f64,
    /// Anybody.
    pub somebody: f64,
    /// With the matter of the last time.
    pub same_matter: f64,
    /// At the desk they see that it is the same matter.
    pub noticed_at_once: f64,
    /// Else somebody sees it later.
    pub noticed_later: f64,
    /// What repeats an open one is joined to it.
    pub joined: f64,
}

/// What becomes of petitions, by kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fates {
    claim: Shares<FateName>,
    suggestion: Shares<FateName>,
    accusation: Shares<FateName>,
}

impl Fates {
    /// Of one kind.
    pub fn of(&self, kind: Kind) -> &Shares<FateName> {
        match kind {
            Kind::Claim => &self.claim,
            Kind::Suggestion => &self.suggestion,
            Kind::Accusation => &self.accusation,
        }
    }
}

/// Rare things: how many petitions one of them has it in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OneIn {
    pub corrected: usize,
    /// Of claims that are handled in the usual time: another unit is asked.
    pub assisted: usize,
    /// Of those: its answer is not needed after all.
    pub assistance_dropped: usize,
    /// Of what is handled: the officer rings up.
    pub contacted: usize,
    /// Of claims that are handled in the usual time: there is a hearing, or somebody mediates.
    pub heard: usize,
    pub mediated: usize,
    /// Of what is handled in the usual time: the head names an officer.
    pub officer_set: usize,
    /// Of claims: somebody keeps out; a leader takes charge.
    pub recused: usize,
    pub reopened: usize,
    pub charged: usize,
    /// Of claims with a cause that others have too: they join its policy issue, and of those: they leave it.
    pub in_policy_issue: usize,
    pub not_in_policy_issue: usize,
    pub party_added: usize,
    pub notice_given: usize,
    pub notice_delivered: usize,
    /// Of claims that were not supported: contested, and of those answered again: contested once more.
    pub contested: usize,
    pub contested_again: usize,
    /// Of reviews: left lying.
    pub review_left: usize,
    pub opinion_corrected: usize,
    pub evaluation_changed: usize,
    /// Of what cannot wait: reported a day later.
    pub reported_late: usize,
    /// Of those who ask for something alone: dies before the answer.
    pub dies: usize,
    /// Of the proxies that joined later: sent away again.
    pub proxy_ended: usize,
    /// Marked as one that cannot wait only while it is handled.
    pub marked_urgent: usize,
    /// Of those: it can after all.
    pub unmarked_urgent: usize,
    /// Loses the receipt and asks for another query code.
    pub code_lost: usize,
    /// Of claims: referred to the wrong unit, or so that unit thinks.
    pub astray: usize,
    /// Of claims: the unit has to report back.
    pub assigned: usize,
    /// Of claims that are answered in the end: those above ask how it goes.
    pub supervised: usize,
    /// Of those forgotten: those above see why, and let it be.
    pub proposal_dismissed: usize,
    pub priority_set: usize,
    /// Of repeats: it turns out to be something else.
    pub unlinked: usize,
    /// Of proxies: the petitioner is asked whether they want it.
    pub own_will_confirmed: usize,
    /// Comes with a receipt to be photographed, or a letter.
    pub attached: usize,
    /// Among those that concern more than the petitioner.
    pub anonymous: usize,
    pub unreachable: usize,
    pub proxy: usize,
    pub co_petitioner: usize,
    pub wants_visit: usize,
    /// Letters that another office sent on.
    pub forwarded: usize,
    /// Calls that reach the competent unit instead of the desk.
    pub direct_call: usize,
}

/// How often people say what they think.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Evaluated {
    pub office: f64,
    pub unit: f64,
}

/// How often they agree that it is closed before their time is over; it is closed of itself otherwise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Agreed {
    pub claim: f64,
    pub suggestion: f64,
}

/// How what was promised is carried out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CarriedOut {
    pub never: f64,
    pub late: f64,
    /// Told once on the way.
    pub in_steps: f64,
}

/// What becomes of those who ask for more time.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtensionHabits {
    pub days: Shares<i32>,
    pub refused: f64,
    pub never_decided: f64,
}

/// How a unit works, in working days.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnitHabits {
    /// User names of those who act for it.
    pub officers: Vec<String>,
    pub accepts: (i64, i64),
    pub answers: (i64, i64),
    pub delivers: (i64, i64),
    /// How often it asks for more time for a claim that takes it long.
    pub asks_for_time: f64,
    /// How often it finds that a claim referred to it is not its own.
    pub says_not_ours: f64,
    /// How often people are satisfied with it where it supports them.
    pub pleases: f64,
}

impl Habits {
    /// # Errors
    /// Internal when they can't be read.
    pub fn read() -> Result<Self> {
        json(include_str!("../../data/demo/habits.json"))
    }

    /// Those of a unit.
    ///
    /// # Errors
    /// Internal for a unit without habits.
    pub fn unit(&self, code: &str) -> Result<&UnitHabits> {
        self.units.get(code).ok_or_else(|| Error::internal(format!("the sample says nothing of how {code} works")))
    }
}
