//! What is asked and shown of repeats.

use crate::person::number;
use crate::petition::Kind;
use crate::petition::model::{PartyRole, Sex};
use crate::petition::view::PetitionItem;
use crate::platform::db::types::Id;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// What speaks for an earlier petition.
    pub enum Likeness {
        /// The same identity number.
        SameIdentity = "same_identity",
        /// The same retiree's profile.
        SameRetiree = "same_retiree",
        /// The same telephone number.
        SamePhone = "same_phone",
        /// The same name and year of birth.
        SameNameAndBirth = "same_name_and_birth",
        /// The same name, at the same unit.
        SameNameAndUnit = "same_name_and_unit",
        /// The person signed it beside the petitioner, or acted for them.
        CoSigner = "co_signer",
        /// The words are alike.
        SimilarText = "similar_text",
        /// The same category.
        SameCategory = "same_category",
        /// Of one matter with another that is listed.
        SameMatter = "same_matter",
    }
}

/// A petition that is about to be registered, as far as it is known; a draft's people can be sent as they are.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({
    "parties": [{"role": "petitioner", "name": "张建国", "birth_date": "1943-05-12", "phone": "13800000001"}],
    "category": "medical.remote", "title": "异地就医住院费未报销"
}))]
pub struct FindCandidates {
    /// What it is; an accusation and anything else are never one matter.
    pub kind: Option<Kind>,
    /// The people.
    #[schema(max_items = 50)]
    pub parties: Vec<CandidateParty>,
    /// A line that names the matter.
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    pub title: Option<String>,
    /// What the petitioner says.
    #[schema(min_length = 1, max_length = 20000, pattern = "\\S")]
    pub statement: Option<String>,
    /// Code of its category.
    #[schema(min_length = 1, max_length = 64)]
    pub category: Option<String>,
}

/// A person, as far as they are known.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CandidateParty {
    /// How they stand to the petition; not compared.
    pub role: Option<PartyRole>,
    /// Their name.
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub name: Option<String>,
    /// The retiree's profile.
    pub retiree_id: Option<Id>,
    /// Number of their identity card or passport.
    #[serde(deserialize_with = "number::identity")]
    #[schema(min_length = 6, max_length = 40, pattern = "^[ 　－–—-]*([0-9A-Za-z０-９Ａ-Ｚａ-ｚ][ 　－–—-]*){6,20}$")]
    pub identity_number: Option<String>,
    /// Sex; not compared.
    pub sex: Option<Sex>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// A telephone number.
    #[serde(deserialize_with = "number::optional_phone")]
    #[schema(min_length = 3, max_length = 30, pattern = "^[0-9０-９+＋()（） 　－–—-]*[0-9０-９][0-9０-９+＋()（） 　－–—-]*$")]
    pub phone: Option<String>,
    /// Where a letter reaches them; not compared.
    #[schema(min_length = 1, max_length = 300, pattern = "\\S")]
    pub address: Option<String>,
    /// How a filer stands to the petitioner; not compared.
    #[schema(min_length = 1, max_length = 50, pattern = "\\S")]
    pub relation: Option<String>,
    /// By what right a proxy or guardian acts; not compared.
    #[schema(min_length = 1, max_length = 300, pattern = "\\S")]
    pub authority: Option<String>,
    /// The last day of that right; not compared.
    pub authority_expires_on: Option<NaiveDate>,
}

/// Earlier petitions that may be of the same matter.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Candidates {
    /// The likeliest first, at most 20.
    pub items: Vec<Candidate>,
}

/// An earlier petition and what speaks for it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Candidate {
    /// The petition.
    pub petition: PetitionItem,
    /// 0 to 100. From 60 on it is probably the same person with the same matter; below, the same person at best.
    #[schema(minimum = 0, maximum = 100, example = 85)]
    pub score: u8,
    /// What speaks for it.
    pub reasons: Vec<CandidateReason>,
}

/// Something that speaks for an earlier petition.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CandidateReason {
    /// What.
    pub code: Likeness,
    /// In words, in the language asked for.
    #[schema(example = "身份证号相同")]
    pub text: &'static str,
}

/// Joining the matter of another petition.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"petition_id": "0198c0de-7b1e-7c1a-9d0c-2f6a1f3f8f10", "reason": "同一人再次反映同一笔住院费"}))]
pub struct LinkMatter {
    /// Any petition of that matter.
    pub petition_id: Id,
    /// Somebody made sure although the two name no person in common.
    #[serde(default)]
    pub confirmed: Option<bool>,
    /// Why.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub reason: Option<String>,
}

/// Leaving a matter.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "核对后不是同一件事"}))]
pub struct UnlinkMatter {
    /// Why; required.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub reason: Option<String>,
}
