//! Units as rows, as asked for and as shown.

use crate::platform::db::schema::{unit, unit_closure};
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use crate::platform::web::etag::tag_of;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// What a unit does; categories name the kind that is competent by default.
    pub enum UnitKind {
        /// The bureau that manages retirees (老干部局).
        Bureau = "bureau",
        /// The reception desk (接访室).
        Reception = "reception",
        /// Retired cadres' affairs (老干部工作).
        Cadre = "cadre",
        /// Pensions (养老保险).
        Pension = "pension",
        /// Medical insurance (医疗保险).
        Medical = "medical",
        /// Housing and its subsidy (住房补贴).
        Housing = "housing",
        /// Finance (财务).
        Finance = "finance",
        /// Community offices and stations (社区).
        Community = "community",
        /// Discipline inspection (纪检监察): the only one that handles accusations.
        Discipline = "discipline",
        /// The retirees' office of an enterprise (企业离退办).
        Enterprise = "enterprise",
        /// Any other.
        Other = "other",
    }
}

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = unit)]
pub struct Unit {
    /// Its id, never reused.
    pub id: Id,
    /// Its short name in the API and in files.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it does.
    pub kind: UnitKind,
    /// Whether it is outside the office.
    pub external: bool,
    /// The unit above it.
    pub parent_id: Option<Id>,
    /// The unit that took over from it.
    pub successor_id: Option<Id>,
    /// The unit that reviews its opinions where that is not the one above it.
    pub review_unit_id: Option<Id>,
    /// Its first day.
    pub valid_from: NaiveDate,
    /// Its last day.
    pub dissolved_on: Option<NaiveDate>,
    /// Changes so far.
    pub version: i64,
    /// Events so far.
    pub event_n: i64,
    /// Hash of the last event.
    pub event_hash: Vec<u8>,
}

/// A line of the closure: an ancestor, a descendant, the steps between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = unit_closure)]
pub struct Link {
    /// The unit above, or the unit itself.
    pub ancestor_id: Id,
    /// The unit below.
    pub descendant_id: Id,
    /// Steps between them.
    pub depth: i32,
}

/// A unit by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnitRef {
    /// Its id.
    pub id: Id,
    /// Its name.
    #[schema(example = "医疗保险科")]
    pub name: String,
}

/// A unit as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitView {
    /// Its id, never reused.
    pub id: Id,
    /// Its short name.
    #[schema(example = "medical")]
    pub code: String,
    /// Its name.
    #[schema(example = "医疗保险科")]
    pub name: String,
    /// What it does.
    pub kind: UnitKind,
    /// Whether it is outside the office.
    pub external: bool,
    /// The unit above it.
    pub parent_id: Option<Id>,
    /// The unit that took over from it.
    pub successor_id: Option<Id>,
    /// The unit that reviews its opinions where that is not the one above it.
    pub review_unit_id: Option<Id>,
    /// Its first day.
    pub valid_from: NaiveDate,
    /// Its last day, once it is dissolved.
    pub dissolved_on: Option<NaiveDate>,
    /// Changes so far.
    pub version: i64,
    /// The entity-tag for If-Match.
    #[schema(example = "\"3-0a1b2c3d4e5f\"")]
    pub etag: String,
}

impl Unit {
    /// The unit as shown, with its entity-tag.
    ///
    /// # Errors
    /// Internal only.
    pub fn view(self) -> Result<UnitView> {
        let mut view = UnitView {
            id: self.id,
            code: self.code,
            name: self.name,
            kind: self.kind,
            external: self.external,
            parent_id: self.parent_id,
            successor_id: self.successor_id,
            review_unit_id: self.review_unit_id,
            valid_from: self.valid_from,
            dissolved_on: self.dissolved_on,
            version: self.version,
            etag: String::new(),
        };
        view.etag = tag_of(view.version, &view)?;
        Ok(view)
    }
}

/// A unit to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUnit {
    /// A UUIDv7 made by the client; left out, the office makes one.
    pub id: Option<Id>,
    /// Its short name, not in use: small letters, digits and hyphens.
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,39}$", example = "community-east")]
    pub code: String,
    /// Its name.
    #[schema(min_length = 1, max_length = 80, example = "城东社区服务站")]
    pub name: String,
    /// What it does.
    pub kind: UnitKind,
    /// Whether it is outside the office; it then has no staff.
    #[serde(default)]
    pub external: bool,
    /// The unit above it; left out, it stands at the top.
    pub parent_id: Option<Id>,
    /// The unit that reviews its opinions where that is not the one above it.
    pub review_unit_id: Option<Id>,
    /// Its first day; today when left out.
    pub valid_from: Option<NaiveDate>,
}

/// What changes about a unit; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitChange {
    /// Another short name.
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,39}$")]
    pub code: Option<String>,
    /// Another name.
    #[schema(min_length = 1, max_length = 80)]
    pub name: Option<String>,
    /// Another kind.
    pub kind: Option<UnitKind>,
    /// Moves it, with all below it, under another unit; null puts it at the top.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Id>)]
    pub parent_id: Option<Option<Id>>,
    /// Another reviewing unit; null leaves it to the unit above.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Id>)]
    pub review_unit_id: Option<Option<Id>>,
    /// Why, for the trail.
    #[schema(min_length = 1, max_length = 500, example = "机构改革，更名")]
    pub reason: Option<String>,
}

/// The end of a unit.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dissolution {
    /// The unit that carries on its work; the units below move under it.
    pub successor_id: Id,
    /// Its last day; today when left out, never later.
    pub dissolved_on: Option<NaiveDate>,
    /// Why, for the trail.
    #[schema(min_length = 1, max_length = 500, example = "机构改革，职能并入养老保险科")]
    pub reason: String,
}

/// Which units a list holds.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UnitFilter {
    /// Only of this kind.
    pub kind: Option<UnitKind>,
    /// Only those right below this unit.
    pub parent: Option<Id>,
    /// Only those that exist today (true), or that were dissolved (false).
    pub current: Option<bool>,
}

/// Tells `null` from absent: the member is there.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(d: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(d).map(Some)
}
