//! Contents as rows.

use super::media::MediaType;
use crate::platform::db::schema::attachment_content;
use crate::platform::db::types::{Id, Time};
use diesel::prelude::*;

/// A content of files.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = attachment_content, treat_none_as_default_value = false)]
pub struct Content {
    /// Its SHA-256.
    pub sha256: Vec<u8>,
    /// The name of its object.
    pub object_id: Id,
    /// Bytes.
    pub size: i64,
    /// What it is, as found out by looking at it.
    pub media_type: MediaType,
    /// Whether there is a thumbnail of it.
    pub thumbnail: bool,
    /// When it was first stored.
    pub stored_at: Time,
}
