//! Profiles as asked for and as shown.

use crate::deadline::model::{ProfileRow, ProfileVersionRow};
use crate::deadline::profile::{ProfileDocument, Rule};
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::web::etag::tag_of;
use chrono::{DateTime, NaiveDate, Utc};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A version of a profile to be published: all of its rules.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProfileVersion {
    /// The first day it is in force, later than that of the version before; it may be past or to come.
    pub valid_from: NaiveDate,
    /// The calendar its working days are those of.
    #[schema(min_length = 1, max_length = 64, example = "cn")]
    pub calendar: String,
    /// What it is taken from.
    #[schema(min_length = 1, max_length = 500, pattern = "\\S", example = "信访工作条例（2022年5月1日起施行）")]
    pub source: String,
    /// Its rules.
    #[schema(min_items = 1, max_items = 200)]
    pub rules: Vec<Rule>,
    /// Why, for the trail.
    #[schema(min_length = 1, max_length = 500, pattern = "\\S", example = "办理时限由六十日压缩为五十日")]
    pub reason: Option<String>,
}

impl NewProfileVersion {
    /// What is stored of it.
    pub(super) fn document(&self) -> ProfileDocument {
        ProfileDocument { calendar: self.calendar.clone(), source: self.source.trim().to_owned(), rules: self.rules.clone() }
    }
}

/// A version of a profile as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProfileVersionView {
    /// The profile's code, by which clocks name it.
    #[schema(example = "cn-2022")]
    pub code: String,
    /// The profile's name.
    pub name: String,
    /// Which version, from 1.
    pub version: i32,
    /// Whether a clock started today takes it.
    pub in_force: bool,
    /// The first day it is in force; it is until the next version is.
    pub valid_from: NaiveDate,
    /// The calendar its working days are those of.
    #[schema(example = "cn")]
    pub calendar: String,
    /// What it is taken from.
    pub source: String,
    /// Its rules.
    pub rules: Vec<Rule>,
    /// SHA-256 of the canonical JSON (RFC 8785) of calendar, source and rules, in hex; the event holds it too.
    pub digest: String,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// Who published it; null when it came with the product.
    pub published_by: Option<Id>,
    /// The entity-tag for If-Match.
    #[schema(example = "\"1-0a1b2c3d4e5f\"")]
    pub etag: String,
}

/// A version of a profile in a list, without its rules.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProfileSummary {
    /// The profile's code, by which clocks name it.
    #[schema(example = "cn-2022")]
    pub code: String,
    /// The profile's name.
    pub name: String,
    /// Which version, from 1.
    pub version: i32,
    /// Whether a clock started today takes it.
    pub in_force: bool,
    /// The first day it is in force; it is until the next version is.
    pub valid_from: NaiveDate,
    /// The calendar its working days are those of.
    #[schema(example = "cn")]
    pub calendar: String,
    /// What it is taken from.
    pub source: String,
    /// SHA-256 of what it says, in hex.
    pub digest: String,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// Who published it; null when it came with the product.
    pub published_by: Option<Id>,
    /// The entity-tag of the whole version.
    #[schema(example = "\"1-0a1b2c3d4e5f\"")]
    pub etag: String,
}

impl ProfileVersionView {
    /// A version as shown, with its entity-tag; `in_force` is the version a clock started today takes.
    ///
    /// # Errors
    /// Internal only.
    pub(super) fn of(row: &ProfileRow, version: &ProfileVersionRow, in_force: Option<i32>) -> Result<Self> {
        let document: ProfileDocument = serde_json::from_str(&version.document).map_err(|e| Error::Internal(Box::new(e)))?;
        let mut view = Self {
            code: row.code.clone(),
            name: row.name.clone(),
            version: version.n,
            in_force: in_force == Some(version.n),
            valid_from: version.valid_from,
            calendar: document.calendar,
            source: document.source,
            rules: document.rules,
            digest: HEXLOWER.encode(&version.digest),
            published_at: version.published_at.0,
            published_by: version.published_by,
            etag: String::new(),
        };
        view.etag = tag_of(i64::from(version.n), &view)?;
        Ok(view)
    }
}

impl From<ProfileVersionView> for ProfileSummary {
    fn from(view: ProfileVersionView) -> Self {
        Self {
            code: view.code,
            name: view.name,
            version: view.version,
            in_force: view.in_force,
            valid_from: view.valid_from,
            calendar: view.calendar,
            source: view.source,
            digest: view.digest,
            published_at: view.published_at,
            published_by: view.published_by,
            etag: view.etag,
        }
    }
}
