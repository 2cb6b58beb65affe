//! Procedure profiles (the limits of a law or an office) as documents. A version is never changed; the next one takes its place.

use super::kind::{Class, ClockKind, Life};
use super::model::LimitUnit;
use super::rules::{Limit, Warning};
use crate::category::Kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// What becomes of a last day on which the office rests.
    pub enum Roll {
        /// It stays.
        None = "none",
        /// It moves on to the next working day (Civil Code Art. 203, for rights).
        Forward = "forward",
    }
}

crate::text_enum! {
    /// Who decides on more time.
    pub enum Approver {
        /// The head of the lead unit, else a supervisor above it; never who asked.
        UnitHead = "unit_head",
    }
}

/// How a limit may be extended (Art. 34).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionRule {
    /// Days at most; 0 for none.
    #[schema(minimum = 0, maximum = 3660)]
    pub max_days: u32,
    /// How often.
    #[schema(minimum = 0, maximum = 1)]
    pub times: u32,
    /// Who decides.
    pub approver: Approver,
    /// Whether the petitioner is told, with the reason.
    pub notice: bool,
}

/// What a profile says of one kind of clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What is due.
    pub clock: ClockKind,
    /// For petitions of these kinds.
    #[schema(min_items = 1, max_items = 3)]
    pub kinds: Vec<Kind>,
    /// On these routes of Art. 31 only; any when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 6)]
    pub routes: Option<Vec<i16>>,
    /// How much of `unit`; left out where a person sets the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 8784)]
    pub limit: Option<u32>,
    /// What it is counted in.
    pub unit: LimitUnit,
    /// What becomes of a last day on which the office rests.
    pub roll: Roll,
    /// What starts it.
    #[schema(max_length = 64)]
    pub start: String,
    /// The acts that fulfil it.
    #[schema(min_items = 1, max_items = 8)]
    pub stops: Vec<String>,
    /// Whose it is.
    pub class: Class,
    /// Whether it may outlive the petition.
    pub life: Life,
    /// What stops the count.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub pauses: Vec<String>,
    /// When to warn; the first is the yellow light.
    #[schema(min_items = 1, max_items = 5)]
    pub warnings: Vec<Warning>,
    /// A shorter limit for petitions that come first, in the same unit: an internal target, never later than the law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 8784)]
    pub target_high: Option<u32>,
    /// How it may be extended; not at all when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<ExtensionRule>,
    /// Where it stands written.
    #[schema(min_length = 1, max_length = 300, pattern = "\\S")]
    pub article: String,
}

impl Rule {
    /// Whether it is for petitions of that kind on that route.
    pub fn fits(&self, kind: Kind, route: Option<i16>) -> bool {
        self.kinds.contains(&kind) && self.routes.as_ref().is_none_or(|routes| route.is_none_or(|route| routes.contains(&route)))
    }

    /// Its limit, or another amount of its unit; none where a person sets the day.
    pub fn limit_of(&self, amount: Option<u32>) -> Option<Limit> {
        let amount = amount.or(self.limit)?;
        match self.unit {
            LimitUnit::Calendar => Some(Limit::Days(amount)),
            LimitUnit::Working => Some(Limit::WorkingDays(amount)),
            LimitUnit::Hour => Some(Limit::Hours(amount)),
            LimitUnit::Date => None,
        }
    }
}

/// A version of a profile as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileDocument {
    /// The calendar its working days are those of.
    #[schema(min_length = 1, max_length = 64)]
    pub calendar: String,
    /// What it is taken from.
    #[schema(min_length = 1, max_length = 500, pattern = "\\S")]
    pub source: String,
    /// Its rules.
    #[schema(min_items = 1, max_items = 200)]
    pub rules: Vec<Rule>,
}

/// A version of a profile in memory.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its code.
    pub code: String,
    /// Its version.
    pub version: i32,
    /// The first day it is in force; it is until the next version is.
    pub valid_from: chrono::NaiveDate,
    /// What it says.
    pub document: ProfileDocument,
}

impl Profile {
    /// The rule for a clock of a petition.
    pub fn rule(&self, clock: ClockKind, kind: Kind, route: Option<i16>) -> Option<&Rule> {
        self.document.rules.iter().find(|rule| rule.clock == clock && rule.fits(kind, route))
    }
}
