//! Contact lines as rows, as asked for and as shown.

use crate::platform::db::schema::contact_line;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use crate::platform::web::etag::tag_of;
use diesel::prelude::*;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// What a line is for.
    pub enum LineKind {
        /// The unit's own telephone, where one may ask (咨询电话).
        Office = "office",
        /// Who leads the unit (负责人).
        Leader = "leader",
        /// A hospital or clinic (医院).
        Hospital = "hospital",
        /// Repairs in the home (维修).
        Repair = "repair",
        /// Any other.
        Other = "other",
    }
}

/// A contact line.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = contact_line)]
pub struct ContactLine {
    /// Its id, never reused.
    pub id: Id,
    /// The unit whose line it is; it holds for the units below too.
    pub unit_id: Id,
    /// What it is for.
    pub kind: LineKind,
    /// Who answers.
    pub name: String,
    /// The number, as it is dialled and printed.
    pub phone: String,
    /// Where to go.
    pub address: Option<String>,
    /// What else is to be known: hours, a name to ask for.
    pub note: Option<String>,
    /// Its place among its unit's.
    pub position: i32,
    /// Whether it is printed.
    pub in_use: bool,
    /// Changes so far.
    pub version: i64,
    /// Events so far.
    pub event_n: i64,
    /// Hash of the last event.
    pub event_hash: Vec<u8>,
}

/// A contact line as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactLineView {
    /// Its id, never reused.
    pub id: Id,
    /// The unit whose line it is; it holds for the units below too.
    pub unit_id: Id,
    /// What it is for.
    pub kind: LineKind,
    /// Who answers.
    #[schema(example = "县老干部局值班室")]
    pub name: String,
    /// The number, as it is dialled and printed.
    #[schema(example = "000-0000 0101")]
    pub phone: String,
    /// Where to go.
    #[schema(example = "和平路1号1楼")]
    pub address: Option<String>,
    /// What else is to be known: hours, a name to ask for.
    #[schema(example = "工作日8:30至17:30")]
    pub note: Option<String>,
    /// Its place among its unit's.
    pub position: i32,
    /// Whether it is printed.
    pub in_use: bool,
    /// Changes so far.
    pub version: i64,
    /// The entity-tag for If-Match.
    #[schema(example = "\"1-0a1b2c3d4e5f\"")]
    pub etag: String,
}

impl ContactLine {
    /// The line as shown, with its entity-tag.
    ///
    /// # Errors
    /// Internal only.
    pub fn view(self) -> Result<ContactLineView> {
        let mut view = ContactLineView {
            id: self.id,
            unit_id: self.unit_id,
            kind: self.kind,
            name: self.name,
            phone: self.phone,
            address: self.address,
            note: self.note,
            position: self.position,
            in_use: self.in_use,
            version: self.version,
            etag: String::new(),
        };
        view.etag = tag_of(view.version, &view)?;
        Ok(view)
    }
}

/// A contact line to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContactLine {
    /// A UUIDv7 made by the client; left out, the office makes one.
    pub id: Option<Id>,
    /// The unit whose line it is; it holds for the units below too.
    pub unit_id: Id,
    /// What it is for.
    pub kind: LineKind,
    /// Who answers.
    #[schema(min_length = 1, max_length = 40, pattern = "\\S", example = "县老干部局值班室")]
    pub name: String,
    /// The number, as it is dialled and printed; an extension after `转`.
    #[schema(max_length = 32, pattern = "^[+(]?[0-9][0-9 ()-]*[0-9]( ?转 ?[0-9]+)?$", example = "000-0000 0101")]
    pub phone: String,
    /// Where to go.
    #[schema(min_length = 1, max_length = 80, pattern = "\\S", example = "和平路1号1楼")]
    pub address: Option<String>,
    /// What else is to be known: hours, a name to ask for.
    #[schema(min_length = 1, max_length = 80, pattern = "\\S", example = "工作日8:30至17:30")]
    pub note: Option<String>,
    /// Its place among its unit's; the end when left out.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub position: Option<i32>,
}

/// What changes about a contact line; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactLineChange {
    /// Another purpose.
    pub kind: Option<LineKind>,
    /// Somebody else answers.
    #[schema(min_length = 1, max_length = 40, pattern = "\\S")]
    pub name: Option<String>,
    /// Another number.
    #[schema(max_length = 32, pattern = "^[+(]?[0-9][0-9 ()-]*[0-9]( ?转 ?[0-9]+)?$")]
    pub phone: Option<String>,
    /// Another place to go; null takes it away.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 80, pattern = "\\S")]
    pub address: Option<Option<String>>,
    /// Another note; null takes it away.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 80, pattern = "\\S")]
    pub note: Option<Option<String>>,
    /// Another place among its unit's.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub position: Option<i32>,
    /// Whether it is printed.
    pub in_use: Option<bool>,
    /// Why, for the trail.
    #[schema(min_length = 1, max_length = 500, example = "总机换号")]
    pub reason: Option<String>,
}

/// Which contact lines a list holds.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ContactLineFilter {
    /// Only this unit's own.
    pub unit_id: Option<Id>,
    /// Only those that are printed (true), or were given up (false).
    pub in_use: Option<bool>,
}

/// Tells `null` from absent: the member is there.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(d: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(d).map(Some)
}
