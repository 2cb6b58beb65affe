//! A care file as a row, as sent and as shown.

use crate::platform::db::schema::care_file;
use crate::platform::db::types::{Id, Time};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

crate::text_enum! {
    /// For what somebody looks into a care file, or writes in it.
    pub enum CarePurpose {
        /// A visit is prepared, or was made.
        Visit = "visit",
        /// They are ill or in hospital.
        Hospital = "hospital",
        /// Something happened to them or their family.
        Emergency = "emergency",
        /// Somebody else looks after them from now on.
        Handover = "handover",
        /// The file is gone through, as is done each quarter.
        Review = "review",
    }
}

/// A version of a care file.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = care_file, treat_none_as_default_value = false)]
pub struct CareFileRow {
    /// Whose.
    pub retiree_id: Id,
    /// Which version, from 1.
    pub n: i32,
    /// [`CareNotes`], encrypted.
    pub content: Vec<u8>,
    /// For what it was written.
    pub purpose: CarePurpose,
    /// When.
    pub written_at: Time,
    /// By whom.
    pub written_by: Id,
}

/// What is known of somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CareNotes {
    /// Their family (家庭情况).
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S", example = "老伴2024年去世，女儿在省城，每月回来一次。")]
    pub family: Option<String>,
    /// Their health (身体状况).
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S", example = "高血压，左腿做过手术，每季度去县医院复查。")]
    pub health: Option<String>,
    /// Their thoughts (思想动态).
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S", example = "关心房补落实，情绪平稳。")]
    pub thoughts: Option<String>,
}

/// A care file, written anew.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"purpose": "visit", "family": "老伴2024年去世，女儿在省城，每月回来一次。", "health": "高血压，每季度复查。"}))]
pub struct WriteCareFile {
    /// For what it is written.
    pub purpose: CarePurpose,
    /// Their family (家庭情况).
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub family: Option<String>,
    /// Their health (身体状况).
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub health: Option<String>,
    /// Their thoughts (思想动态).
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub thoughts: Option<String>,
}

/// For what a care file is read.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CareFileQuery {
    /// For what it is read; goes to the access log.
    #[param(inline)]
    pub purpose: CarePurpose,
    /// An earlier version; the newest unless said.
    #[param(minimum = 1)]
    pub version: Option<u32>,
}

/// A care file. Before the first version it is empty.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CareFileView {
    /// Whose.
    pub retiree_id: Id,
    /// Their family (家庭情况).
    pub family: Option<String>,
    /// Their health (身体状况).
    pub health: Option<String>,
    /// Their thoughts (思想动态).
    pub thoughts: Option<String>,
    /// This version; 0 before the first.
    pub version: i32,
    /// For what it was written.
    pub purpose: Option<CarePurpose>,
    /// When it was written.
    pub written_at: Option<Time>,
    /// By whom.
    pub written_by: Option<Id>,
    /// What is known from profiles that were merged into this one, the newest of each; it parts again when a merge is undone. Left out of
    /// an earlier version.
    pub merged: Vec<MergedCareFile>,
    /// The entity-tag for If-Match.
    #[schema(example = "\"2-0a1b2c3d4e5f\"")]
    pub etag: String,
}

/// A care file of a profile that was merged into another.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MergedCareFile {
    /// The profile it was written for.
    pub retiree_id: Id,
    /// Their family (家庭情况).
    pub family: Option<String>,
    /// Their health (身体状况).
    pub health: Option<String>,
    /// Their thoughts (思想动态).
    pub thoughts: Option<String>,
    /// Its version.
    pub version: i32,
    /// When it was written.
    pub written_at: Time,
    /// By whom.
    pub written_by: Id,
}

/// That a care file was written; what was written is not told again.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CareFileWritten {
    /// Whose.
    pub retiree_id: Id,
    /// The version it has now.
    pub version: i32,
    /// When it was written.
    pub written_at: Time,
    /// The entity-tag for If-Match.
    #[schema(example = "\"3-0a1b2c3d4e5f\"")]
    pub etag: String,
}
