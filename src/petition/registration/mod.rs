//! Registration (登记): the one way a petition is made. Intake, the batch and the demonstration call it.

mod bars;
mod prepared;
mod record;

pub(super) use bars::{registering_unit, subject_bars};
pub use prepared::{Prepared, prepare};
pub(super) use record::TOLERANCE;
pub use record::{faults_beside, record};

use super::case::Case;
use super::model::{Channel, IntakePlace, Kind};
use super::party::NewParty;
use crate::auth::Context;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The person or unit complained of.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// As the petitioner names them.
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    pub name: String,
    /// The unit, if it is one of the office's; it and all below it are barred.
    #[serde(default)]
    pub unit_id: Option<Id>,
    /// The member of staff, if it is one; they and, on an accusation, the people of their unit are barred.
    #[serde(default)]
    pub staff_id: Option<Id>,
}

/// A number another office gave the same petition.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalNumber {
    /// Who gave it.
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub issuer: String,
    /// The number as written there.
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub number: String,
}

/// What a desk or a phone sends to register a petition.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "channel": "visit", "kind": "claim", "category": "medical.remote", "title": "异地就医住院费未报销",
    "statement": "本人去年十月在省城女儿家突发心梗住院，共花费4.6万元，回来后多次送材料，至今没有报销。",
    "purpose": "请尽快核实并报销异地住院费用",
    "parties": [{"role": "petitioner", "name": "张建国", "sex": "male", "birth_date": "1943-05-12", "phone": "13800000001", "address": "城东区和平路12号3栋201室"}]
}))]
pub struct RegisterPetition {
    /// A UUIDv7 made by the client: sending the same again is answered as the first time.
    #[serde(default)]
    pub id: Option<Id>,
    /// How it reached the office.
    pub channel: Channel,
    /// Where it was taken down.
    #[serde(default)]
    pub intake_place: Option<IntakePlace>,
    /// What it is.
    pub kind: Kind,
    /// Code of its category.
    #[schema(min_length = 1, max_length = 64)]
    pub category: String,
    /// A line that names the matter.
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    pub title: String,
    /// What the petitioner says, verbatim; read back when oral (Art. 19).
    #[schema(min_length = 1, max_length = 20000, pattern = "\\S")]
    pub statement: String,
    /// Whether an oral statement was read back to whoever made it, and they found it right.
    #[serde(default)]
    pub read_back: Option<bool>,
    /// What they want.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    pub purpose: Option<String>,
    /// When the matter happened.
    #[serde(default)]
    pub occurred_at: Option<DateTime<Utc>>,
    /// Where the matter happened.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    pub matter_place: Option<String>,
    /// Whether it is before a court.
    #[serde(default)]
    pub litigation_related: Option<bool>,
    /// When a device took it down, perhaps offline; a year and longer ago only with a `backdating_reason`.
    #[serde(default)]
    pub captured_at: Option<DateTime<Utc>>,
    /// When the office really got it; starts the legal clocks. Defaults to `captured_at`, else to now.
    #[serde(default)]
    pub received_at: Option<DateTime<Utc>>,
    /// Why it is registered on a later day than it was received.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500, pattern = "\\S")]
    pub backdating_reason: Option<String>,
    /// The people, the petitioner first.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub parties: Vec<NewParty>,
    /// The person or unit complained of.
    #[serde(default)]
    pub subject: Option<Subject>,
    /// People who came; defaults to the petitioners and representatives, at least 1.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100000)]
    pub persons: Option<i32>,
    /// People concerned.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 10000000)]
    pub affected: Option<i32>,
    /// Cannot wait (Art. 25).
    #[serde(default)]
    pub urgent: Option<bool>,
    /// Confidential; every accusation is.
    #[serde(default)]
    pub restricted: Option<bool>,
    /// Filed without a name.
    #[serde(default)]
    pub anonymous: Option<bool>,
    /// Filed by several people together.
    #[serde(default)]
    pub joint: Option<bool>,
    /// They ask for a visit at home.
    #[serde(default)]
    pub wants_visit: Option<bool>,
    /// To be handled in the simplified procedure.
    #[serde(default)]
    pub simplified: Option<bool>,
    /// An earlier petition of the same matter, as somebody has made sure: it is registered as a repeat.
    #[serde(default)]
    pub repeat_of: Option<Id>,
    /// Numbers other offices gave it.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_numbers: Vec<ExternalNumber>,
}

/// Prepares and records a petition in one go, for callers whose transaction is open already.
///
/// # Errors
/// As [`record`].
pub fn register(c: &mut Conn, cx: &mut Context, new: &RegisterPetition) -> Result<(Case, String)> {
    let prepared = prepare(cx, new)?;
    record(c, cx, new, &prepared)
}

/// The key of a client-made id among idempotency keys.
pub fn made_id(new: &RegisterPetition) -> Option<Uuid> {
    new.id.map(|id| id.0)
}
