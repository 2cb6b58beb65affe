//! Calendars as documents.

use crate::platform::db::schema::{calendar, calendar_version};
use crate::platform::db::types::{Id, Time};
use chrono::NaiveDate;
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
    #[schema(min_length = 1, max_length = 500, pattern = "\\S")]
    pub source: String,
    /// The days that are not what their weekday says, in order.
    #[schema(max_items = 366)]
    pub days: Vec<NamedDay>,
}

/// A version of a calendar: every year that is published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarDocument {
    /// By year.
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
