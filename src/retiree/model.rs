//! Rows and vocabulary of a retiree.

use crate::person::Sex;
use crate::platform::db::schema::{retiree, retiree_phone, retiree_relative, retiree_unit};
use crate::platform::db::types::Id;
use chrono::NaiveDate;
use diesel::prelude::*;

crate::text_enum! {
    /// What somebody draws their rights from.
    pub enum RetireeCategory {
        /// 离休: retired from the revolution's work before 1949.
        Lixiu = "lixiu",
        /// 退休干部
        RetiredCadre = "retired_cadre",
        /// 企业退休
        EnterpriseRetiree = "enterprise_retiree",
        /// 遗属: left behind by one of them.
        Survivor = "survivor",
    }
}

crate::text_enum! {
    /// Whether they can act for themselves.
    pub enum RetireeStatus {
        /// Lives, and acts for themselves.
        Alive = "alive",
        /// Has died.
        Deceased = "deceased",
        /// Lives, and others act for them.
        Incapacitated = "incapacitated",
    }
}

crate::text_enum! {
    /// With whom they live.
    pub enum LivingSituation {
        /// With family.
        WithFamily = "with_family",
        /// Alone (独居).
        Alone = "alone",
        /// As a couple, their children away (空巢).
        EmptyNest = "empty_nest",
        /// In a home or a hospice.
        Institution = "institution",
    }
}

crate::text_enum! {
    /// How they get about.
    pub enum Mobility {
        /// On their own feet.
        Walks = "walks",
        /// With a stick, a frame or somebody's arm.
        WithAid = "with_aid",
        /// In a wheelchair.
        Wheelchair = "wheelchair",
        /// Not out of bed.
        Bedridden = "bedridden",
    }
}

crate::text_enum! {
    /// How they would rather be reached.
    pub enum PreferredContact {
        /// By telephone.
        Phone = "phone",
        /// By letter.
        Letter = "letter",
        /// In person, at home.
        Visit = "visit",
        /// Through a relative.
        Relative = "relative",
        /// On their own phone or computer.
        Online = "online",
    }
}

crate::text_enum! {
    /// What a unit is to a retiree.
    pub enum UnitRole {
        /// 责任单位: the old employer.
        Responsible = "responsible",
        /// 管理单位: the bureau or the community.
        Managing = "managing",
        /// 职能单位: pensions, medical insurance ….
        Functional = "functional",
    }
}

/// The row of a retiree; numbers and address encrypted.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = retiree, treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the profile says what they are
pub struct Retiree {
    pub id: Id,
    pub name: String,
    pub name_folded: String,
    pub name_pinyin: String,
    pub name_initials: String,
    pub category: RetireeCategory,
    pub status: RetireeStatus,
    pub sex: Option<Sex>,
    pub birth_date: Option<NaiveDate>,
    pub identity_number: Option<Vec<u8>>,
    pub identity_hash: Option<Vec<u8>>,
    pub address: Option<Vec<u8>>,
    pub rank_band: Option<String>,
    pub residence_region: Option<String>,
    pub living_situation: Option<LivingSituation>,
    pub mobility: Option<Mobility>,
    pub hearing_impaired: bool,
    pub vision_impaired: bool,
    pub disability: bool,
    pub in_hospital: bool,
    pub preferred_contact: Option<PreferredContact>,
    pub liaison_officer: Option<Id>,
    pub party_branch: Option<String>,
    /// The profile of the same person that goes on.
    pub merged_into: Option<Id>,
    pub version: i64,
    pub event_n: i64,
    pub event_hash: Vec<u8>,
}

/// A telephone number of theirs, encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = retiree_phone, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct PhoneRow {
    pub retiree_id: Id,
    pub n: i32,
    pub number: Vec<u8>,
    pub phone_hash: Vec<u8>,
    pub label: Option<String>,
}

/// A unit of theirs, for a time.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = retiree_unit, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct UnitRow {
    pub retiree_id: Id,
    pub n: i32,
    pub role: UnitRole,
    pub unit_id: Id,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
}

/// A relative of theirs, the number encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = retiree_relative, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct RelativeRow {
    pub retiree_id: Id,
    pub n: i32,
    pub name: String,
    pub relation: String,
    pub phone: Option<Vec<u8>>,
    pub may_act: bool,
}

/// A retiree with all rows that belong to them.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The profile.
    pub row: Retiree,
    /// Telephone numbers, the one to try first in front.
    pub phones: Vec<PhoneRow>,
    /// Units, now and before.
    pub units: Vec<UnitRow>,
    /// Relatives.
    pub relatives: Vec<RelativeRow>,
}
