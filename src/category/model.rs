//! Categories as rows, as asked for, as shipped and as shown.

use crate::platform::db::schema::category;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use crate::platform::web::etag::tag_of;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// What a petition is (信访事项类别); the classes go different ways.
    pub enum Kind {
        /// A claim (申诉求决), Art. 31.
        Claim = "claim",
        /// A suggestion (建议意见), Art. 29.
        Suggestion = "suggestion",
        /// An accusation (检举控告), Art. 30: restricted, for the discipline unit.
        Accusation = "accusation",
    }
}

/// A category.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = category)]
pub struct Category {
    /// Its id, for the trail.
    pub id: Id,
    /// Its code, by which petitions name it.
    pub code: String,
    /// Its name in Chinese.
    pub name: String,
    /// Its name in English.
    pub name_en: String,
    /// The first-level category above it, by code.
    pub parent: Option<String>,
    /// The kind of unit that is competent by default.
    pub unit_kind: Option<String>,
    /// The kind its petitions usually have.
    pub petition_kind: Option<Kind>,
    /// Its place in lists.
    pub position: i32,
    /// The day from which no petition is registered under it.
    pub closed_on: Option<NaiveDate>,
    /// Changes so far.
    pub version: i64,
    /// Events so far.
    pub event_n: i64,
    /// Hash of the last event.
    pub event_hash: Vec<u8>,
}

/// A category as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CategoryView {
    /// Its code, by which petitions name it.
    #[schema(example = "medical.reimbursement")]
    pub code: String,
    /// Its name in Chinese.
    #[schema(example = "医药费报销")]
    pub name: String,
    /// Its name in English.
    #[schema(example = "Reimbursement of medical costs")]
    pub name_en: String,
    /// The first-level category above it, by code.
    #[schema(example = "medical")]
    pub parent: Option<String>,
    /// The kind of unit that is competent by default.
    #[schema(example = "medical")]
    pub unit_kind: Option<String>,
    /// The kind its petitions usually have.
    pub petition_kind: Option<Kind>,
    /// Its place in lists.
    pub position: i32,
    /// The day from which no petition is registered under it.
    pub closed_on: Option<NaiveDate>,
    /// Changes so far.
    pub version: i64,
    /// The entity-tag for If-Match.
    #[schema(example = "\"1-0a1b2c3d4e5f\"")]
    pub etag: String,
}

impl Category {
    /// Whether petitions may be registered under it on a day.
    pub fn is_open(&self, day: NaiveDate) -> bool {
        self.closed_on.is_none_or(|closed| day < closed)
    }

    /// The category as shown, with its entity-tag.
    ///
    /// # Errors
    /// Internal only.
    pub fn view(self) -> Result<CategoryView> {
        let mut view = CategoryView {
            code: self.code,
            name: self.name,
            name_en: self.name_en,
            parent: self.parent,
            unit_kind: self.unit_kind,
            petition_kind: self.petition_kind,
            position: self.position,
            closed_on: self.closed_on,
            version: self.version,
            etag: String::new(),
        };
        view.etag = tag_of(view.version, &view)?;
        Ok(view)
    }
}

/// A category to be made, by a caller or from the shipped list.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCategory {
    /// Its code, not in use; of the second level usually `parent.word`.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,29}([.][a-z][a-z0-9_]{0,29})?$", example = "community.canteen")]
    pub code: String,
    /// Its name in Chinese.
    #[schema(min_length = 1, max_length = 60, example = "社区助餐服务")]
    pub name: String,
    /// Its name in English.
    #[schema(min_length = 1, max_length = 120, example = "Meals in the community")]
    pub name_en: String,
    /// The first-level category above it; left out, it is of the first level.
    pub parent: Option<String>,
    /// The kind of unit that is competent by default.
    #[schema(
        pattern = "^(bureau|reception|cadre|pension|medical|housing|finance|community|discipline|enterprise|other)$",
        example = "community"
    )]
    pub unit_kind: Option<String>,
    /// The kind its petitions usually have.
    pub petition_kind: Option<Kind>,
    /// Its place in lists; the end when left out.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub position: Option<i32>,
}

/// What changes about a category; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryChange {
    /// Another name in Chinese.
    #[schema(min_length = 1, max_length = 60)]
    pub name: Option<String>,
    /// Another name in English.
    #[schema(min_length = 1, max_length = 120)]
    pub name_en: Option<String>,
    /// Another category above it; null makes it one of the first level.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub parent: Option<Option<String>>,
    /// Another place in lists.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub position: Option<i32>,
    /// Closes it from this day on; null opens it again.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<NaiveDate>)]
    pub closed_on: Option<Option<NaiveDate>>,
    /// Why, for the trail.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: Option<String>,
}

/// Tells `null` from absent: the member is there.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(d: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(d).map(Some)
}
