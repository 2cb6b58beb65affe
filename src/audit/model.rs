//! Events, as rows and as drafts.

use crate::platform::db::schema::{event, event_order, event_pending, event_sealed};
use crate::platform::db::types::{Id, Time};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::{Map, Value};

crate::text_enum! {
    /// What an event is about; each has its chain head on its own row.
    pub enum SubjectKind {
        /// A petition.
        Petition = "petition",
        /// An account.
        Account = "account",
        /// A unit.
        Unit = "unit",
        /// A category.
        Category = "category",
        /// A contact line.
        ContactLine = "contact_line",
        /// A policy issue.
        PolicyIssue = "policy_issue",
        /// A reception day.
        ReceptionDay = "reception_day",
        /// A working calendar.
        Calendar = "calendar",
        /// A procedure profile.
        Profile = "profile",
        /// A retiree.
        Retiree = "retiree",
        /// A visit that is owed.
        VisitTask = "visit_task",
        /// A row of another register.
        LedgerEntry = "ledger_entry",
    }
}

/// The end of a subject's chain: how many events it has and the hash of the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Events so far.
    pub n: i64,
    /// Hash of the last one; 32 zero bytes before the first.
    pub hash: Vec<u8>,
}

impl Head {
    /// The head of a chain without events.
    pub fn none() -> Self {
        Self { n: 0, hash: vec![0; 32] }
    }
}

/// An event about to be recorded.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The act, in the past tense of the procedure ("registered", "referred").
    pub act: &'static str,
    /// The role the actor acted in.
    pub role: &'static str,
    /// Codes, ids, dates: what rebuilds stage, lead unit and clocks. No names, no words.
    pub data: Map<String, Value>,
    /// Names, words, numbers: what may be erased.
    pub sealed: Words,
    /// When it happened of itself, if it was found later.
    pub at: Option<DateTime<Utc>>,
    /// When it happened by the caller's word, if other than now.
    pub claimed_at: Option<DateTime<Utc>>,
    /// The party for whom staff wrote it down.
    pub on_behalf_of: Option<Id>,
    /// Whether the product itself did it, as a consequence.
    pub by_system: bool,
}

impl Draft {
    /// An event without details.
    pub fn new(act: &'static str, role: &'static str) -> Self {
        Self { act, role, data: Map::new(), sealed: Words::None, at: None, claimed_at: None, on_behalf_of: None, by_system: false }
    }

    /// An event of the product itself.
    pub fn by_system(act: &'static str) -> Self {
        Self { by_system: true, ..Self::new(act, "system") }
    }

    /// Adds a code, an id or a date.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl serde::Serialize) -> Self {
        // what an event holds are strings, numbers and ids: they always serialise
        self.data.insert(name.to_owned(), serde_json::to_value(value).unwrap_or(Value::Null));
        self
    }

    /// Adds names and words.
    #[must_use]
    pub fn sealed(mut self, content: Value) -> Self {
        self.sealed = Words::Open(content);
        self
    }

    /// Adds names and words that were sealed before; the event takes the id they were sealed for.
    #[must_use]
    pub fn sealed_before(mut self, sealed: Sealed) -> Self {
        self.sealed = Words::Sealed(sealed);
        self
    }
}

/// What of an event may be erased.
#[derive(Debug, Clone)]
pub enum Words {
    /// Nothing.
    None,
    /// Still to be sealed.
    Open(Value),
    /// Sealed before the transaction.
    Sealed(Sealed),
}

impl From<Option<Value>> for Words {
    fn from(content: Option<Value>) -> Self {
        content.map_or(Self::None, Self::Open)
    }
}

/// The sealed content of an event that is yet to come, bound to the id it will have.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// What is kept of it.
    pub row: EventSealed,
    /// What the event holds of it.
    pub hash: [u8; 32],
}

/// A recorded event.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = event, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the migration says what the columns are
pub struct Event {
    pub id: Id,
    pub subject_kind: SubjectKind,
    pub subject_id: Id,
    pub subject_n: i64,
    pub format: i16,
    pub act: String,
    pub at: Time,
    pub claimed_at: Option<Time>,
    pub actor_id: Option<Id>,
    pub actor_role: String,
    pub on_behalf_of: Option<Id>,
    pub request_id: String,
    pub client: Option<String>,
    pub body: String,
    pub sealed_hash: Option<Vec<u8>>,
    pub prev_hash: Vec<u8>,
    pub hash: Vec<u8>,
}

/// The sealed content of an event.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = event_sealed, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct EventSealed {
    pub event_id: Id,
    pub salt: Vec<u8>,
    pub content: Vec<u8>,
}

/// An event that has no position in the global order yet; its place in the queue is the database's to give.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = event_pending, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct EventPending {
    pub event_id: Id,
}

/// An event's position in the global order: 1, 2, 3 … without gaps.
#[derive(Debug, Clone, Copy, Queryable, Insertable)]
#[diesel(table_name = event_order, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct EventOrder {
    pub position: i64,
    pub event_id: Id,
}
