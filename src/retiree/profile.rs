//! A profile as it is sent, and what of it changes.

use super::model::{LivingSituation, Mobility, PreferredContact, RetireeCategory, RetireeStatus, UnitRole};
use crate::person::{Sex, number};
use crate::platform::db::types::Id;
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// A telephone number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Phone {
    /// The number.
    #[serde(deserialize_with = "number::phone")]
    #[schema(
        min_length = 3,
        max_length = 30,
        pattern = "^[0-9０-９+＋()（） 　－–—-]*[0-9０-９][0-9０-９+＋()（） 　－–—-]*$",
        example = "13800000001"
    )]
    pub number: String,
    /// Whose or where it is, if that is worth saying ("女儿家").
    #[serde(default)]
    #[schema(min_length = 1, max_length = 30, pattern = "\\S")]
    pub label: Option<String>,
}

/// A unit of a retiree, for a time. Units vanish; whoever carries on their work takes over (Art. 24).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitOfRetiree {
    /// What it is to them.
    pub role: UnitRole,
    /// The unit.
    pub unit_id: Id,
    /// The first day.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// The last day; open when left out.
    #[serde(default)]
    pub to: Option<NaiveDate>,
}

/// A relative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Relative {
    /// Their name.
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub name: String,
    /// How they stand to the retiree ("女儿").
    #[schema(min_length = 1, max_length = 50, pattern = "\\S")]
    pub relation: String,
    /// A telephone number; kept encrypted.
    #[serde(default, deserialize_with = "number::optional_phone")]
    #[schema(min_length = 3, max_length = 30, pattern = "^[0-9０-９+＋()（） 　－–—-]*[0-9０-９][0-9０-９+＋()（） 　－–—-]*$")]
    pub phone: Option<String>,
    /// Whether the retiree lets them act for them.
    #[serde(default)]
    pub may_act: bool,
}

/// A retiree's profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRetiree)]
pub struct Profile {
    /// A UUIDv7 made by the client: sending the same again is answered as the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// Somebody compared it with the profiles that resemble it: it is none of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub double_of_none: bool,
    /// Their name as it is written in their papers.
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub name: String,
    /// What they draw their rights from.
    pub category: RetireeCategory,
    /// Whether they can act for themselves; `alive` when left out.
    #[serde(default = "alive")]
    pub status: RetireeStatus,
    /// Hears badly: speak up, write it down.
    #[serde(default)]
    pub hearing_impaired: bool,
    /// Sees badly: large print, read aloud.
    #[serde(default)]
    pub vision_impaired: bool,
    /// Has a disability certificate, or would get one.
    #[serde(default)]
    pub disability: bool,
    /// Lies in a hospital now.
    #[serde(default)]
    pub in_hospital: bool,
    /// Number of their identity card or passport; spaces and dashes in it are left out. Kept encrypted.
    #[serde(default, deserialize_with = "number::identity")]
    #[schema(min_length = 6, max_length = 40, pattern = "^[ 　－–—-]*([0-9A-Za-z０-９Ａ-Ｚａ-ｚ][ 　－–—-]*){6,20}$")]
    pub identity_number: Option<String>,
    /// Date of birth; taken from the identity number when left out.
    #[serde(default)]
    pub birth_date: Option<NaiveDate>,
    /// Sex; taken from the identity number when left out.
    #[serde(default)]
    pub sex: Option<Sex>,
    /// Where a letter reaches them; kept encrypted.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300, pattern = "\\S")]
    pub address: Option<String>,
    /// Band of their rank, as pensions and treatment go by it ("副处级").
    #[serde(default)]
    #[schema(min_length = 1, max_length = 50, pattern = "\\S")]
    pub rank_band: Option<String>,
    /// Where they live, which may not be where their unit is.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub residence_region: Option<String>,
    /// With whom they live.
    #[serde(default)]
    pub living_situation: Option<LivingSituation>,
    /// How they get about.
    #[serde(default)]
    pub mobility: Option<Mobility>,
    /// How they would rather be reached.
    #[serde(default)]
    pub preferred_contact: Option<PreferredContact>,
    /// The member of staff who looks after them (联络员).
    #[serde(default)]
    pub liaison_officer: Option<Id>,
    /// Their Party branch.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub party_branch: Option<String>,
    /// Telephone numbers, the one to try first in front; kept encrypted.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub phones: Vec<Phone>,
    /// Their units, now and before.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub units: Vec<UnitOfRetiree>,
    /// Relatives, and whether they may act for them.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub relatives: Vec<Relative>,
}

const fn alive() -> RetireeStatus {
    RetireeStatus::Alive
}

/// What changes about a retiree; what is left out stays, null takes away. Lists are sent whole.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetireeChange {
    /// Somebody compared it with the profiles that resemble it: it is none of them.
    #[serde(default)]
    pub double_of_none: bool,
    /// Their name as it is written in their papers.
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub name: Option<String>,
    /// What they draw their rights from.
    pub category: Option<RetireeCategory>,
    /// Whether they can act for themselves.
    pub status: Option<RetireeStatus>,
    /// Hears badly: speak up, write it down.
    pub hearing_impaired: Option<bool>,
    /// Sees badly: large print, read aloud.
    pub vision_impaired: Option<bool>,
    /// Has a disability certificate, or would get one.
    pub disability: Option<bool>,
    /// Lies in a hospital now.
    pub in_hospital: Option<bool>,
    /// Number of their identity card or passport; spaces and dashes in it are left out. Kept encrypted.
    #[serde(default, deserialize_with = "present_identity")]
    #[schema(value_type = Option<String>, min_length = 6, max_length = 40, pattern = "^[ 　－–—-]*([0-9A-Za-z０-９Ａ-Ｚａ-ｚ][ 　－–—-]*){6,20}$")]
    pub identity_number: Option<Option<String>>,
    /// Date of birth.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<NaiveDate>)]
    pub birth_date: Option<Option<NaiveDate>>,
    /// Sex.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Sex>)]
    pub sex: Option<Option<Sex>>,
    /// Where a letter reaches them; kept encrypted.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 300, pattern = "\\S")]
    pub address: Option<Option<String>>,
    /// Band of their rank, as pensions and treatment go by it ("副处级").
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 50, pattern = "\\S")]
    pub rank_band: Option<Option<String>>,
    /// Where they live, which may not be where their unit is.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100, pattern = "\\S")]
    pub residence_region: Option<Option<String>>,
    /// With whom they live.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<LivingSituation>)]
    pub living_situation: Option<Option<LivingSituation>>,
    /// How they get about.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Mobility>)]
    pub mobility: Option<Option<Mobility>>,
    /// How they would rather be reached.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<PreferredContact>)]
    pub preferred_contact: Option<Option<PreferredContact>>,
    /// The member of staff who looks after them (联络员).
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Id>)]
    pub liaison_officer: Option<Option<Id>>,
    /// Their Party branch.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100, pattern = "\\S")]
    pub party_branch: Option<Option<String>>,
    /// Telephone numbers, the one to try first in front; kept encrypted.
    #[schema(max_items = 5)]
    pub phones: Option<Vec<Phone>>,
    /// Their units, now and before.
    #[schema(max_items = 20)]
    pub units: Option<Vec<UnitOfRetiree>>,
    /// Relatives, and whether they may act for them.
    #[schema(max_items = 10)]
    pub relatives: Option<Vec<Relative>>,
}

impl Profile {
    /// The profile with a change made to it.
    #[must_use]
    pub fn with(mut self, change: &RetireeChange) -> Self {
        macro_rules! take {
            ($($member:ident),+ $(,)?) => { $(
                if let Some(value) = &change.$member {
                    self.$member.clone_from(value);
                }
            )+ };
        }
        take!(
            name,
            category,
            status,
            hearing_impaired,
            vision_impaired,
            disability,
            in_hospital,
            identity_number,
            birth_date,
            sex,
            address,
            rank_band,
            residence_region,
            living_situation,
            mobility,
            preferred_contact,
            liaison_officer,
            party_branch,
            phones,
            units,
            relatives
        );
        self.double_of_none = change.double_of_none;
        self
    }
}

/// Tells `null` from absent: the member is there.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(d: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(d).map(Some)
}

/// The same of an identity number, as it is kept.
fn present_identity<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Option<String>>, D::Error> {
    number::identity(d).map(Some)
}
