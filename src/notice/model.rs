//! Notices as rows and views.

use crate::platform::db::schema::notice;
use crate::platform::db::types::{Id, Time};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// What a notice says.
    pub enum NoticeKind {
        /// 告知书: it has arrived and what follows.
        Receipt = "receipt",
        /// 受理告知书
        Acceptance = "acceptance",
        /// 转送告知
        Transfer = "transfer",
        /// Another organ is competent.
        Direction = "direction",
        /// Another legal procedure applies.
        Diversion = "diversion",
        /// 延期告知书: it takes longer, until when and why.
        Extension = "extension",
        /// The answer given on the spot.
        Answer = "answer",
        /// The petition was withdrawn.
        Withdrawal = "withdrawal",
        /// The procedure is over.
        Closing = "closing",
        /// 督办函: those above ask a unit to account for itself; addressed to that unit.
        Supervision = "supervision",
    }
}

crate::text_enum! {
    /// How a notice reaches the petitioner.
    pub enum Method {
        /// Handed over.
        InPerson = "in_person",
        /// By post.
        Post = "post",
        /// By telephone.
        Phone = "phone",
        /// By text message.
        Sms = "sms",
        /// Electronically.
        Electronic = "electronic",
    }
}

/// How the petitioner is told, and in what words if not the usual ones.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"method": "in_person"}))]
pub struct NewNotice {
    /// How it reaches them.
    pub method: Method,
    /// The words; the usual ones when left out.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub text: Option<String>,
}

/// A notice.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = notice, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Notice {
    pub id: Id,
    pub petition_id: Id,
    pub kind: NoticeKind,
    pub method: Option<Method>,
    pub text: String,
    pub unit_id: Id,
    pub issued_at: Time,
    pub issued_by: Id,
    pub to_unit: Option<Id>,
}

/// A notice as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NoticeView {
    /// Its id.
    pub id: Id,
    /// What it says.
    pub kind: NoticeKind,
    /// How it reached the petitioner; null when nobody had to be told.
    pub method: Option<Method>,
    /// Its words, as issued.
    pub text: String,
    /// The unit that issued it.
    pub unit_id: Id,
    /// When.
    pub issued_at: Time,
    /// By whose account.
    pub issued_by: Id,
    /// The unit a letter of supervision is addressed to; null for what is addressed to the petitioner.
    pub to_unit: Option<Id>,
}

impl From<Notice> for NoticeView {
    fn from(n: Notice) -> Self {
        Self {
            id: n.id,
            kind: n.kind,
            method: n.method,
            text: n.text,
            unit_id: n.unit_id,
            issued_at: n.issued_at,
            issued_by: n.issued_by,
            to_unit: n.to_unit,
        }
    }
}
