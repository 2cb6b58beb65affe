//! Attachments as rows, requests and views.

use crate::attachment::{Content, MediaType};
use crate::petition::parts::Part;
use crate::platform::db::schema::attachment;
use crate::platform::db::types::{Id, Time};
use data_encoding::HEXLOWER;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

crate::text_enum! {
    /// What of a petition a file belongs to.
    pub enum About {
        /// The petition itself.
        Petition = "petition",
        /// One of its deliveries: the receipt that was signed.
        Delivery = "delivery",
        /// What was answered, without papers of the petition's people: whoever sees the petition opens it.
        Answer = "answer",
    }
}

/// What is said of a file besides its headers.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct AttachmentQuery {
    /// A UUIDv7 made by the client: sending the same again is answered as the first time.
    pub id: Option<Id>,
    /// What the file belongs to; the petition itself unless said.
    #[param(inline)]
    pub about: Option<About>,
    /// Which of them.
    pub about_id: Option<Id>,
}

/// A file to be enclosed: its content is stored and judged.
#[derive(Debug, Clone)]
pub struct NewAttachment {
    /// Its id, if the client made it.
    pub id: Option<Id>,
    /// Its name.
    pub name: String,
    /// What it belongs to.
    pub about: About,
    /// Which of them.
    pub about_id: Option<Id>,
    /// What it holds.
    pub content: Content,
}

/// An attachment.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = attachment, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Attachment {
    pub id: Id,
    pub petition_id: Id,
    pub about: About,
    pub about_id: Option<Id>,
    pub name: String,
    pub sha256: Vec<u8>,
    pub added_at: Time,
    pub added_by: Id,
}

/// An attachment with what it holds.
#[derive(Debug, Clone, Queryable)]
pub struct Enclosed {
    /// The attachment.
    pub attachment: Attachment,
    /// What it holds.
    pub content: Content,
}

impl Part for Enclosed {
    fn id(&self) -> Id {
        self.attachment.id
    }
}

/// An attachment as shown; its content is read at `…/content`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttachmentView {
    /// Its id.
    pub id: Id,
    /// Its file name.
    pub name: String,
    /// What it is, as found out by looking at it.
    pub media_type: MediaType,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of its content, 64 hexadecimal digits.
    #[schema(min_length = 64, max_length = 64)]
    pub sha256: String,
    /// What it belongs to.
    pub about: About,
    /// Which of them; none for the petition itself.
    pub about_id: Option<Id>,
    /// Whether there is a small picture of it at `…/thumbnail`.
    pub thumbnail: bool,
    /// When it was enclosed.
    pub added_at: Time,
    /// By whose account.
    pub added_by: Id,
}

impl From<Enclosed> for AttachmentView {
    fn from(Enclosed { attachment: a, content }: Enclosed) -> Self {
        Self {
            id: a.id,
            name: a.name,
            media_type: content.media_type,
            size: content.size,
            sha256: HEXLOWER.encode(&a.sha256),
            about: a.about,
            about_id: a.about_id,
            thumbnail: content.thumbnail,
            added_at: a.added_at,
            added_by: a.added_by,
        }
    }
}
