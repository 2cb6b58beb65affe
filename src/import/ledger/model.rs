//! A row of a ledger as read, as stored and as shown.

use crate::petition::model::{Channel, Kind};
use crate::platform::db::schema::ledger_entry;
use crate::platform::db::types::{Id, Time};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A row as it was read; what needs the database is found out later.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    /// Its line.
    pub line: u32,
    /// Its number in the other register.
    pub number: String,
    /// The office day it was received there.
    pub received_on: NaiveDate,
    /// Whether it is closed there.
    pub closed: bool,
    /// The office day it was closed there, if that is told.
    pub closed_on: Option<NaiveDate>,
    /// What it is, if the row tells.
    pub kind: Option<Kind>,
    /// Its category by code or name, if the row tells.
    pub category: Option<String>,
    /// What a registration is told, but for kind, category and time.
    pub petition: Value,
    /// What else the row tells.
    pub told: Told,
}

/// What a ledger tells beside what a registration asks for; kept as it stands there.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Told {
    /// The day it was registered there.
    pub registered_on: Option<NaiveDate>,
    /// The last day it was to be handled by.
    pub due_on: Option<NaiveDate>,
    /// The procedure, in that register's words.
    pub procedure: Option<String>,
    /// What came of it.
    pub outcome: Option<String>,
    /// The number of an earlier one.
    pub repeats: Option<String>,
    /// What it is about, in that register's words or codes.
    pub category: Option<String>,
    /// What was wanted, in that register's words or codes.
    pub purpose: Option<String>,
}

/// What of a row is encrypted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Content {
    /// What a registration is told.
    pub petition: Value,
    /// What else the row tells.
    pub told: Told,
}

/// A row as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = ledger_entry, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct LedgerEntry {
    pub id: Id,
    pub issuer: String,
    pub number: String,
    pub petition_id: Option<Id>,
    pub kind: Kind,
    pub channel: Channel,
    pub category: String,
    pub received_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub identity_hash: Option<Vec<u8>>,
    pub content: Vec<u8>,
    pub digest: Vec<u8>,
    pub entered_by: Id,
    pub entered_at: Time,
    pub event_n: i64,
    pub event_hash: Vec<u8>,
}

/// A petition that was settled in another register, as history.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LedgerEntryView {
    /// Its id.
    pub id: Id,
    /// Who gave the number.
    #[schema(example = "样例县信访局")]
    pub issuer: String,
    /// Its number there.
    #[schema(example = "99010020240012")]
    pub number: String,
    /// What it is.
    pub kind: Kind,
    /// How it reached that office.
    pub channel: Channel,
    /// Code of its category.
    #[schema(example = "medical.reimbursement")]
    pub category: String,
    /// The day that office got it.
    pub received_on: NaiveDate,
    /// The day it was closed there; null where the ledger does not tell.
    pub closed_on: Option<NaiveDate>,
    /// A line that names the matter.
    pub title: String,
    /// What came of it, in that register's words.
    pub outcome: Option<String>,
}
