//! Acceptances, opinions and deliveries as rows, requests and views.

use crate::notice::{DeliveryMethod, NewNotice, ReceiptProof};
use crate::petition::parts::Part;
use crate::platform::db::schema::{acceptance, delivery, opinion};
use crate::platform::db::types::{Id, Time};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Naming the officer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"staff_id": "01a203e1-a23b-702d-a8b5-f2e83ac232d0"}))]
pub struct SetOfficer {
    /// The officer, of the lead unit; null to leave it to any of them, and never left out by mistake.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    pub staff_id: Option<Id>,
    /// What there is to say about it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    pub note: Option<String>,
}

crate::text_enum! {
    /// What an opinion on a claim or an accusation says.
    pub enum Outcome {
        /// The claim is supported.
        Supported = "supported",
        /// Reasonable, but the law gives no ground: explained.
        Explained = "explained",
        /// Not supported.
        NotSupported = "not_supported",
        /// The accusation is substantiated.
        Substantiated = "substantiated",
        /// In part.
        PartlySubstantiated = "partly_substantiated",
        /// Not substantiated.
        Unsubstantiated = "unsubstantiated",
    }
}

crate::text_enum! {
    /// What becomes of a suggestion (Art. 29).
    pub enum Adoption {
        /// Adopted.
        Adopted = "adopted",
        /// In part.
        Partly = "partly",
        /// Not adopted.
        NotAdopted = "not_adopted",
    }
}

/// Accepting a petition.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"notice": {"method": "in_person"}}))]
pub struct AcceptPetition {
    /// Route of Art. 31, for a claim: 1 to 5 another legal procedure, 6 (the usual one) the petition procedure.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 6)]
    pub route: Option<i16>,
    /// How the petitioner is told; may be missing only where nobody can be told.
    #[serde(default)]
    pub notice: Option<NewNotice>,
    /// Into the simplified procedure.
    #[serde(default)]
    pub simplified: Option<bool>,
}

/// An acceptance.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = acceptance, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Acceptance {
    pub id: Id,
    pub petition_id: Id,
    pub unit_id: Id,
    pub referral_id: Option<Id>,
    pub route: Option<i16>,
    pub accepted_at: Time,
    pub accepted_by: Id,
}

/// An acceptance as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AcceptanceView {
    /// Its id.
    pub id: Id,
    /// The unit that accepted.
    pub unit_id: Id,
    /// The referral it answered.
    pub referral_id: Option<Id>,
    /// Route of Art. 31.
    pub route: Option<i16>,
    /// When.
    pub accepted_at: Time,
    /// By whose account.
    pub accepted_by: Id,
}

impl From<Acceptance> for AcceptanceView {
    fn from(a: Acceptance) -> Self {
        Self {
            id: a.id,
            unit_id: a.unit_id,
            referral_id: a.referral_id,
            route: a.route,
            accepted_at: a.accepted_at,
            accepted_by: a.accepted_by,
        }
    }
}

/// An opinion on a claim or accusation, or the reply to a suggestion.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "outcome": "supported", "facts": "经查，张建国同志2025年10月在省城住院属急诊，已按规定补办异地就医备案。",
    "opinion": "支持其报销请求，住院费用按规定比例予以报销。", "legal_basis": "《社会保险法》第二十八条、第二十九条"
}))]
pub struct GiveOpinion {
    /// For claims: supported, explained, not_supported; for accusations: substantiated, partly_substantiated, unsubstantiated.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// For suggestions.
    #[serde(default)]
    pub adoption: Option<Adoption>,
    /// What was found; required for claims.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 20000, pattern = "\\S")]
    pub facts: Option<String>,
    /// The opinion in words.
    #[schema(min_length = 1, max_length = 20000, pattern = "\\S")]
    pub opinion: String,
    /// What it rests on; required for claims.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub legal_basis: Option<String>,
    /// The day by which it is carried out.
    #[serde(default)]
    pub execution_due: Option<NaiveDate>,
    /// Why it is corrected; required once it is issued.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub reason: Option<String>,
}

/// A version of an opinion.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = opinion, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Opinion {
    pub id: Id,
    pub petition_id: Id,
    pub opinion_version: i32,
    pub round: i32,
    pub outcome: Option<Outcome>,
    pub adoption: Option<Adoption>,
    pub facts: Option<String>,
    pub words: String,
    pub legal_basis: Option<String>,
    pub execution_due: Option<NaiveDate>,
    pub correction_reason: Option<String>,
    pub unit_id: Id,
    pub issued_at: Time,
    pub issued_by: Id,
}

impl Part for Opinion {
    fn id(&self) -> Id {
        self.id
    }
}

/// A version of an opinion as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpinionView {
    /// Its id.
    pub id: Id,
    /// 1 as first issued, one more with each correction.
    pub version: i32,
    /// The round of handling it belongs to.
    pub round: i32,
    /// What it says, for claims and accusations.
    pub outcome: Option<Outcome>,
    /// What becomes of a suggestion.
    pub adoption: Option<Adoption>,
    /// What was found.
    pub facts: Option<String>,
    /// The opinion in words.
    pub opinion: String,
    /// What it rests on.
    pub legal_basis: Option<String>,
    /// The day by which it is carried out.
    pub execution_due: Option<NaiveDate>,
    /// Why the version before was corrected.
    pub correction_reason: Option<String>,
    /// The unit that gave it.
    pub unit_id: Id,
    /// When.
    pub issued_at: Time,
    /// Whose account signed it.
    pub issued_by: Id,
}

impl From<Opinion> for OpinionView {
    fn from(o: Opinion) -> Self {
        Self {
            id: o.id,
            version: o.opinion_version,
            round: o.round,
            outcome: o.outcome,
            adoption: o.adoption,
            facts: o.facts,
            opinion: o.words,
            legal_basis: o.legal_basis,
            execution_due: o.execution_due,
            correction_reason: o.correction_reason,
            unit_id: o.unit_id,
            issued_at: o.issued_at,
            issued_by: o.issued_by,
        }
    }
}

/// A delivery.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = delivery, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Delivery {
    pub id: Id,
    pub petition_id: Id,
    pub opinion_id: Id,
    pub method: DeliveryMethod,
    pub receipt: ReceiptProof,
    pub recipient: Option<String>,
    pub witness: Option<String>,
    pub delivered_at: Time,
    pub recorded_at: Time,
    pub recorded_by: Id,
}

impl Part for Delivery {
    fn id(&self) -> Id {
        self.id
    }
}

/// A delivery as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeliveryView {
    /// Its id.
    pub id: Id,
    /// The version of the opinion delivered.
    pub opinion_id: Id,
    /// How.
    pub method: DeliveryMethod,
    /// The proof.
    pub receipt: ReceiptProof,
    /// Who took it.
    pub recipient: Option<String>,
    /// The witness.
    pub witness: Option<String>,
    /// When, by the paper.
    pub delivered_at: Time,
    /// When it was recorded.
    pub recorded_at: Time,
    /// By whose account.
    pub recorded_by: Id,
}

impl From<Delivery> for DeliveryView {
    fn from(d: Delivery) -> Self {
        Self {
            id: d.id,
            opinion_id: d.opinion_id,
            method: d.method,
            receipt: d.receipt,
            recipient: d.recipient,
            witness: d.witness,
            delivered_at: d.delivered_at,
            recorded_at: d.recorded_at,
            recorded_by: d.recorded_by,
        }
    }
}
