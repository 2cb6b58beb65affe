//! What is asked for, what would move, and what the job is told.

use crate::audit::SubjectKind;
use crate::auth::Permission;
use crate::deadline::ClockKind;
use crate::platform::db::types::{Id, Time};
use crate::unit::model::UnitRef;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// What has a new version.
    pub enum Versioned {
        /// A working calendar.
        Calendar = "calendar",
        /// A procedure profile.
        Profile = "profile",
    }
}

impl Versioned {
    /// In whose chain the decision stands.
    pub const fn subject(self) -> SubjectKind {
        match self {
            Self::Calendar => SubjectKind::Calendar,
            Self::Profile => SubjectKind::Profile,
        }
    }

    /// Who may apply one.
    pub const fn permission(self) -> Permission {
        match self {
            Self::Calendar => Permission::AdministerCalendars,
            Self::Profile => Permission::AdministerProfiles,
        }
    }
}

/// The version that running clocks are to be counted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Of a calendar, or of a profile.
    pub of: Versioned,
    /// Its code.
    pub code: String,
    /// Its version.
    pub version: i32,
}

/// A version to try on the running clocks, or to apply to them.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// Which version; the newest when left out.
    #[schema(minimum = 1)]
    pub version: Option<i32>,
    /// Whether to say only what would move; so when left out.
    pub dry_run: Option<bool>,
    /// The hash of the dry run that is applied.
    #[schema(min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    pub hash: Option<String>,
    /// Why it is applied, for the trail.
    #[schema(min_length = 1, max_length = 500, pattern = "\\S")]
    pub reason: Option<String>,
}

/// A day before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FromTo {
    /// Before.
    pub from: NaiveDate,
    /// After.
    pub to: NaiveDate,
}

/// A clock that would move. What the petition is about is not the administrator's to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Move {
    /// The petition.
    pub petition_id: Id,
    /// Its number.
    #[schema(example = "XF20260302F00018K")]
    pub number: String,
    /// The clock.
    pub clock_id: Id,
    /// What is due.
    pub kind: ClockKind,
    /// The unit that answers for it.
    pub unit: Option<UnitRef>,
    /// Its last day.
    pub due_on: FromTo,
}

/// How many clocks of a unit would move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnitMoves {
    /// The unit that answers for them.
    #[serde(flatten)]
    pub unit: UnitRef,
    /// Clocks.
    pub clocks: i64,
}

/// What would move.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReplayView {
    /// The calendar, where it is one that has a new version.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "cn")]
    pub calendar: Option<String>,
    /// The profile, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "cn-2022")]
    pub profile: Option<String>,
    /// The version that was tried.
    pub version: i32,
    /// Clocks that would end at another time.
    pub clocks: i64,
    /// Clocks that would end when they do, but no longer provisionally.
    pub confirmed: i64,
    /// Clocks of which nothing but a warning or the internal target would move.
    pub warnings: i64,
    /// Petitions with any of these.
    pub petitions: i64,
    /// By the unit that answers for them, most first.
    pub units: Vec<UnitMoves>,
    /// The first 100 that would end at another time, in the order of their petitions.
    pub moves: Vec<Move>,
    /// Those of restricted petitions: counted above, never listed, nor by unit.
    pub unlisted: i64,
    /// Clocks that keep their last day because they would be over already, or a petitioner's right would be shorter.
    pub stays: i64,
    /// What is applied by this hash is exactly this.
    #[schema(example = "9f2c1a7be0d34c5f8a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b")]
    pub hash: String,
    /// As of when.
    pub as_of: Time,
}

/// What the job is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Task {
    /// What to count by.
    #[serde(flatten)]
    pub target: Target,
    /// The event in which it was decided.
    pub decided_by: Id,
}

/// How far the job is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Reached {
    /// The last clock looked at: its petition, its id.
    pub after: (Id, Id),
    /// Petitions moved.
    pub petitions: i64,
    /// Clocks moved.
    pub clocks: i64,
}

impl Reached {
    /// Nothing is looked at yet.
    pub const START: Self = Self { after: (Id::NIL, Id::NIL), petitions: 0, clocks: 0 };
}
