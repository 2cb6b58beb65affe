//! Contacts as rows, requests and views.

use crate::petition::parts::Part;
use crate::platform::db::schema::contact;
use crate::platform::db::types::{Id, Time};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// How somebody spoke with the petitioner.
    pub enum ContactMethod {
        /// By telephone.
        Phone = "phone",
        /// They came, or were met.
        InPerson = "in_person",
        /// At their home or bed.
        HomeVisit = "home_visit",
        /// By text message.
        Sms = "sms",
        /// Electronically.
        Electronic = "electronic",
        /// By letter.
        Post = "post",
    }
}

const fn yes() -> bool {
    true
}

/// A contact with the petitioner.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "how": "phone", "contacted_at": "2026-03-05T02:10:00Z", "text": "电话联系本人，听取诉求，说明需要补交2025年10月住院发票原件。"
}))]
pub struct RecordContact {
    /// A UUIDv7 made by the client: sending the same again is answered as the first time.
    #[serde(default)]
    pub id: Option<Id>,
    /// How.
    pub how: ContactMethod,
    /// When; now when left out.
    #[serde(default)]
    pub contacted_at: Option<DateTime<Utc>>,
    /// With whom, if somebody who takes part.
    #[serde(default)]
    pub party_id: Option<Id>,
    /// Whether they were reached: a call that nobody answers is recorded, and counts for nothing.
    #[serde(default = "yes")]
    pub reached: bool,
    /// What was said.
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub text: String,
}

/// A contact.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = contact, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Contact {
    pub id: Id,
    pub petition_id: Id,
    pub how: ContactMethod,
    pub party_id: Option<Id>,
    pub reached: bool,
    pub text: String,
    pub contacted_at: Time,
    pub counts: bool,
    pub unit_id: Id,
    pub recorded_at: Time,
    pub recorded_by: Id,
}

impl Part for Contact {
    fn id(&self) -> Id {
        self.id
    }
}

/// A contact as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactView {
    /// Its id.
    pub id: Id,
    /// How.
    pub how: ContactMethod,
    /// With whom, if somebody who takes part.
    pub party_id: Option<Id>,
    /// Whether they were reached.
    pub reached: bool,
    /// What was said.
    pub text: String,
    /// When.
    pub contacted_at: Time,
    /// Whether it is one the contact rate asks for: by the unit that handles the petition, since it came to that unit, before the first
    /// opinion.
    pub counts: bool,
    /// The unit that spoke with them.
    pub unit_id: Id,
    /// When it was recorded.
    pub recorded_at: Time,
    /// By whose account.
    pub recorded_by: Id,
}

impl From<Contact> for ContactView {
    fn from(c: Contact) -> Self {
        Self {
            id: c.id,
            how: c.how,
            party_id: c.party_id,
            reached: c.reached,
            text: c.text,
            contacted_at: c.contacted_at,
            counts: c.counts,
            unit_id: c.unit_id,
            recorded_at: c.recorded_at,
            recorded_by: c.recorded_by,
        }
    }
}
