//! A retiree as a caller sees them.

use super::model::{LivingSituation, Mobility, PreferredContact, Retiree, RetireeCategory, RetireeStatus, UnitRole, Whole};
use super::profile::{Profile, Relative};
use super::repo::reach::Reach;
use super::{repo, sealing};
use crate::account;
use crate::auth::Context;
use crate::person::Sex;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use crate::platform::web::etag::tag_of;
use crate::unit::{self, model::UnitRef};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// A member of staff by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StaffRef {
    /// Their account.
    pub id: Id,
    /// Their name.
    #[schema(example = "李秀梅")]
    pub name: String,
}

/// A telephone number as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PhoneView {
    /// The number; null where it is masked.
    pub number: Option<String>,
    /// Whose or where it is.
    pub label: Option<String>,
}

/// A unit of a retiree as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitOfRetireeView {
    /// What it is to them.
    pub role: UnitRole,
    /// The unit as it was entered; its successor, if it was dissolved, stands on the unit.
    pub unit: UnitRef,
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day; null while it lasts.
    pub to: Option<NaiveDate>,
}

/// A retiree as shown. Numbers and addresses are null, and named in `masked`, for callers who only look on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RetireeView {
    /// Its id: of the profile that goes on, whichever of the merged was asked for.
    pub id: Id,
    /// Their name.
    pub name: String,
    /// What they draw their rights from.
    pub category: RetireeCategory,
    /// Whether they can act for themselves.
    pub status: RetireeStatus,
    /// Sex.
    pub sex: Option<Sex>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Number of their identity card or passport.
    pub identity_number: Option<String>,
    /// Telephone numbers, the one to try first in front.
    pub phones: Vec<PhoneView>,
    /// Where a letter reaches them.
    pub address: Option<String>,
    /// Band of their rank.
    pub rank_band: Option<String>,
    /// Where they live.
    pub residence_region: Option<String>,
    /// With whom they live.
    pub living_situation: Option<LivingSituation>,
    /// How they get about.
    pub mobility: Option<Mobility>,
    /// Hears badly.
    pub hearing_impaired: bool,
    /// Sees badly.
    pub vision_impaired: bool,
    /// Has a disability.
    pub disability: bool,
    /// Lies in a hospital now.
    pub in_hospital: bool,
    /// How they would rather be reached.
    pub preferred_contact: Option<PreferredContact>,
    /// The member of staff who looks after them.
    pub liaison_officer: Option<StaffRef>,
    /// Their Party branch.
    pub party_branch: Option<String>,
    /// Their units, now and before.
    pub units: Vec<UnitOfRetireeView>,
    /// Relatives.
    pub relatives: Vec<Relative>,
    /// Profiles of the same person that were merged into this one.
    pub merged: Vec<Id>,
    /// Pointers of members kept from this caller.
    pub masked: Vec<String>,
    /// Changes so far.
    pub version: i64,
    /// The entity-tag for If-Match.
    #[schema(example = "\"3-0a1b2c3d4e5f\"")]
    pub etag: String,
}

/// A retiree in a list: enough to tell one Zhang Jianguo from another.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RetireeItem {
    /// Its id.
    pub id: Id,
    /// Their name.
    #[schema(example = "张建国")]
    pub name: String,
    /// What they draw their rights from.
    pub category: RetireeCategory,
    /// Whether they can act for themselves.
    pub status: RetireeStatus,
    /// Sex.
    pub sex: Option<Sex>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Their Party branch.
    pub party_branch: Option<String>,
    /// Where they live.
    pub residence_region: Option<String>,
    /// The member of staff who looks after them.
    pub liaison_officer: Option<Id>,
}

impl From<Retiree> for RetireeItem {
    fn from(row: Retiree) -> Self {
        Self {
            id: row.id,
            name: row.name,
            category: row.category,
            status: row.status,
            sex: row.sex,
            birth_date: row.birth_date,
            party_branch: row.party_branch,
            residence_region: row.residence_region,
            liaison_officer: row.liaison_officer,
        }
    }
}

/// A retiree as this reach shows them.
///
/// # Errors
/// Database or internal only.
pub(super) fn shown(c: &mut Conn, cx: &Context, reach: &Reach, whole: &Whole) -> Result<RetireeView> {
    let (row, mut profile, mut masked) = (&whole.row, sealing::opened(cx, whole)?, Vec::new());
    let mut phones: Vec<PhoneView> =
        profile.phones.drain(..).map(|phone| PhoneView { number: Some(phone.number), label: phone.label }).collect();
    if !reach.numbers {
        mask(&mut profile, &mut phones, &mut masked);
    }
    let units: Vec<Id> = profile.units.iter().map(|unit| unit.unit_id).collect();
    let names = if units.is_empty() { Default::default() } else { unit::repo::names(c, &units)? };
    let named = |id: Id| UnitRef { id, name: names.get(&id).cloned().unwrap_or_default() };
    let officer = row.liaison_officer.map(|id| account::repo::names(c, &[id])).transpose()?.unwrap_or_default();
    let mut view = RetireeView {
        id: row.id,
        name: profile.name,
        category: profile.category,
        status: profile.status,
        sex: profile.sex,
        birth_date: profile.birth_date,
        identity_number: profile.identity_number,
        phones,
        address: profile.address,
        rank_band: profile.rank_band,
        residence_region: profile.residence_region,
        living_situation: profile.living_situation,
        mobility: profile.mobility,
        hearing_impaired: profile.hearing_impaired,
        vision_impaired: profile.vision_impaired,
        disability: profile.disability,
        in_hospital: profile.in_hospital,
        preferred_contact: profile.preferred_contact,
        liaison_officer: row.liaison_officer.map(|id| StaffRef { id, name: officer.get(&id).cloned().unwrap_or_default() }),
        party_branch: profile.party_branch,
        units: profile
            .units
            .iter()
            .map(|unit| UnitOfRetireeView { role: unit.role, unit: named(unit.unit_id), from: unit.from, to: unit.to })
            .collect(),
        relatives: profile.relatives,
        merged: repo::merged_into(c, row.id)?,
        masked,
        version: row.version,
        etag: String::new(),
    };
    view.etag = tag_of(view.version, &view)?;
    Ok(view)
}

/// Takes numbers and address out, and says where they were.
fn mask(profile: &mut Profile, phones: &mut [PhoneView], masked: &mut Vec<String>) {
    let mut take = |value: &mut Option<String>, place: String| {
        if value.take().is_some() {
            masked.push(place);
        }
    };
    take(&mut profile.identity_number, "/identity_number".to_owned());
    take(&mut profile.address, "/address".to_owned());
    phones.iter_mut().enumerate().for_each(|(i, phone)| take(&mut phone.number, format!("/phones/{i}/number")));
    profile.relatives.iter_mut().enumerate().for_each(|(i, relative)| take(&mut relative.phone, format!("/relatives/{i}/phone")));
}
