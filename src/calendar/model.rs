//! Calendars as documents.

use crate::platform::db::schema::{calendar, calendar_version};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::web::etag::tag_of;
use chrono::{DateTime, NaiveDate, Utc};
use data_encoding::HEXLOWER;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

crate::text_enum! {
    /// What a day is to the office.
    pub enum DayKind {
        /// 工作日
        Working = "working",
        /// 双休日
        Weekend = "weekend",
        /// 法定节假日
        PublicHoliday = "public_holiday",
        /// 调休上班日: a Saturday or Sunday that is worked.
        MakeupWorkday = "makeup_workday",
    }
}

impl DayKind {
    /// Whether the office works.
    pub const fn works(self) -> bool {
        matches!(self, Self::Working | Self::MakeupWorkday)
    }
}

/// A day that is not what its weekday says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedDay {
    /// The day.
    pub date: NaiveDate,
    /// `public_holiday` or `makeup_workday`.
    pub kind: DayKind,
    /// What it is for ("春节").
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub name: String,
}

/// A year as it was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishedYear {
    /// The notice: its number, its day, where it stands.
    #[schema(min_length = 1, max_length = 500, pattern = "\\S", example = "国办发明电〔2025〕7号, 2025-11-04")]
    pub source: String,
    /// The days that are not what their weekday says.
    #[schema(min_items = 1, max_items = 366)]
    pub days: Vec<NamedDay>,
}

/// A version of a calendar: every year that is published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarDocument {
    /// By year.
    #[schema(value_type = BTreeMap<String, PublishedYear>)]
    pub years: BTreeMap<i32, PublishedYear>,
}

/// A calendar, by its newest version.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = calendar)]
#[allow(missing_docs)] // the migration says what the columns are
pub struct CalendarRow {
    pub id: Id,
    pub code: String,
    pub name: String,
    pub newest: i32,
    pub version: i64,
    pub event_n: i64,
    pub event_hash: Vec<u8>,
}

/// A version of a calendar.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = calendar_version, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct VersionRow {
    pub calendar_id: Id,
    pub n: i32,
    pub document: String,
    pub digest: Vec<u8>,
    pub published_at: Time,
    pub published_by: Option<Id>,
}

/// Years to be published: they take the place of those of the newest version, the others stay.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCalendarVersion {
    /// By year (`"2027"`), 1990 to 2100, each of them whole.
    pub years: BTreeMap<String, PublishedYear>,
    /// Why, for the trail.
    #[schema(min_length = 1, max_length = 500, pattern = "\\S", example = "国务院办公厅公布2027年放假安排")]
    pub reason: Option<String>,
}

/// A version of a calendar as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalendarVersionView {
    /// The calendar's code, by which profiles name it.
    #[schema(example = "cn")]
    pub code: String,
    /// The calendar's name.
    pub name: String,
    /// Which version, from 1.
    pub version: i32,
    /// The years that are published; all others are plain weekends.
    #[schema(value_type = BTreeMap<String, PublishedYear>)]
    pub years: BTreeMap<i32, PublishedYear>,
    /// SHA-256 of the canonical JSON (RFC 8785) of `{"years": …}`, in hex; the event holds it too.
    pub digest: String,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// Who published it; null when it came with the product or by the command line.
    pub published_by: Option<Id>,
    /// The entity-tag for If-Match.
    #[schema(example = "\"1-0a1b2c3d4e5f\"")]
    pub etag: String,
}

/// A version of a calendar in a list, without its days.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalendarSummary {
    /// The calendar's code, by which profiles name it.
    #[schema(example = "cn")]
    pub code: String,
    /// The calendar's name.
    pub name: String,
    /// Which version, from 1.
    pub version: i32,
    /// The years that are published.
    pub years: Vec<i32>,
    /// SHA-256 of what it says, in hex.
    pub digest: String,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// Who published it; null when it came with the product or by the command line.
    pub published_by: Option<Id>,
    /// The entity-tag of the whole version.
    #[schema(example = "\"1-0a1b2c3d4e5f\"")]
    pub etag: String,
}

impl VersionRow {
    /// What it says.
    ///
    /// # Errors
    /// Internal when what is stored can't be read.
    pub fn document(&self) -> Result<CalendarDocument> {
        serde_json::from_str(&self.document).map_err(|e| Error::Internal(Box::new(e)))
    }
}

impl CalendarRow {
    /// A version of it as shown, with its entity-tag.
    ///
    /// # Errors
    /// Internal only.
    pub fn view(&self, version: &VersionRow) -> Result<CalendarVersionView> {
        let mut view = CalendarVersionView {
            code: self.code.clone(),
            name: self.name.clone(),
            version: version.n,
            years: version.document()?.years,
            digest: HEXLOWER.encode(&version.digest),
            published_at: version.published_at.0,
            published_by: version.published_by,
            etag: String::new(),
        };
        view.etag = tag_of(i64::from(version.n), &view)?;
        Ok(view)
    }
}

impl From<CalendarVersionView> for CalendarSummary {
    fn from(view: CalendarVersionView) -> Self {
        Self {
            code: view.code,
            name: view.name,
            version: view.version,
            years: view.years.into_keys().collect(),
            digest: view.digest,
            published_at: view.published_at,
            published_by: view.published_by,
            etag: view.etag,
        }
    }
}
