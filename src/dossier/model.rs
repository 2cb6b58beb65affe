//! What a dossier holds.

use super::matter::MatterView;
use crate::closure::model::ClosureView;
use crate::evaluation::model::EvaluationView;
use crate::handling::model::{AcceptanceView, DeliveryView, OpinionView};
use crate::notice::NoticeView;
use crate::petition::PetitionView;
use crate::petition::service::NoteView;
use crate::platform::db::types::{Id, Time};
use crate::referral::model::ReferralView;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

crate::text_enum! {
    /// What can be fetched along with a petition.
    pub enum Include {
        /// Referrals.
        Referrals = "referrals",
        /// The last acceptance.
        Acceptance = "acceptance",
        /// Notices.
        Notices = "notices",
        /// Versions of opinions.
        Opinions = "opinions",
        /// Deliveries.
        Deliveries = "deliveries",
        /// Evaluations.
        Evaluations = "evaluations",
        /// Internal notes.
        Notes = "notes",
        /// The last closing.
        Closure = "closure",
        /// The other petitions of its matter.
        Matter = "matter",
    }
}

/// What to fetch along.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Includes {
    /// Names, separated by commas; at most the first 200 of each.
    #[param(inline, style = Form, explode = false, example = json!(["referrals", "opinions"]))]
    pub include: Option<Vec<Include>>,
}

/// A petition with what was asked for along with it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Dossier {
    /// The petition.
    #[serde(flatten)]
    pub petition: PetitionView,
    /// Referrals, oldest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referrals: Option<Vec<ReferralView>>,
    /// The last acceptance; null when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<Option<AcceptanceView>>,
    /// Notices, oldest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notices: Option<Vec<NoticeView>>,
    /// Versions of opinions, oldest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opinions: Option<Vec<OpinionView>>,
    /// Deliveries, oldest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliveries: Option<Vec<DeliveryView>>,
    /// Evaluations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluations: Option<Vec<EvaluationView>>,
    /// Internal notes, oldest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<Vec<NoteView>>,
    /// The last closing; null when it was never closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closure: Option<Option<ClosureView>>,
    /// The other petitions of its matter, earlier and later ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matter: Option<MatterView>,
}

/// Who did it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActorView {
    /// The account; null for the product itself.
    pub id: Option<Id>,
    /// Their name as it is today; null for the product itself.
    #[schema(example = "王丽")]
    pub name: Option<String>,
    /// The role they acted in.
    #[schema(example = "supervisor")]
    pub role: String,
}

/// An event of the trail.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventView {
    /// Its id.
    pub id: Id,
    /// Its place in the petition's chain, from 1.
    pub n: i64,
    /// When it was recorded.
    pub at: Time,
    /// When it happened by the caller's word, if told.
    pub claimed_at: Option<Time>,
    /// Who did it.
    pub actor: ActorView,
    /// The party whose word it is.
    pub on_behalf_of: Option<Id>,
    /// What was done.
    #[schema(example = "referred")]
    pub act: String,
    /// Codes, ids, dates; `sealed` within holds names and words, and is null once erased.
    #[schema(value_type = Object)]
    pub changes: Value,
    /// Pointers of members kept from this caller; they are null.
    pub masked: Vec<String>,
    /// The exact text that was hashed (RFC 8785).
    pub body: String,
    /// Hash of the event before, hexadecimal; zeros before the first.
    pub prev_hash: String,
    /// SHA-256 of `body`, hexadecimal.
    pub hash: String,
}
