//! Notices as rows and views.

use crate::platform::db::schema::notice;
use crate::platform::db::types::{Id, Time};
use chrono::{DateTime, NaiveDate, Utc};
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
        /// 信访处理意见书: the opinion on a claim or an accusation (Art. 32).
        Opinion = "opinion",
        /// 答复书: the reply to a suggestion (Art. 29).
        Reply = "reply",
        /// 复查复核申请收件: a review was asked for (Art. 35, 36).
        ReviewReceipt = "review_receipt",
        /// 复查、复核意见书: the answer of a review.
        Review = "review",
        /// 复查、复核意见书 that revokes: the matter is handled anew.
        Revocation = "revocation",
        /// 不再受理告知书: the same matter is at its end (Art. 36).
        NoLongerAccepted = "no_longer_accepted",
        /// 听证通知书: there is a hearing (Art. 31, 36).
        Hearing = "hearing",
        /// 调解协议书: what the sides agreed on (Art. 33).
        Agreement = "agreement",
        /// The procedure is over.
        Closing = "closing",
        /// 督办函: those above ask a unit to account for itself; addressed to that unit.
        Supervision = "supervision",
    }
}

impl NoticeKind {
    /// Whether it is the answer itself, whose delivery is an act of its own: the petitioner's rights start with it.
    pub const fn is_answer(self) -> bool {
        matches!(self, Self::Opinion | Self::Reply | Self::Review)
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

crate::text_enum! {
    /// How an answer or a notice was delivered (送达).
    pub enum DeliveryMethod {
        /// Handed over.
        InPerson = "in_person",
        /// By post.
        Post = "post",
        /// At a visit at home.
        HomeVisit = "home_visit",
        /// To a proxy.
        Proxy = "proxy",
        /// Electronically.
        Electronic = "electronic",
        /// By telephone; simplified procedure only.
        Phone = "phone",
        /// By text message; simplified procedure only.
        Sms = "sms",
    }
}

crate::text_enum! {
    /// The proof of a delivery.
    pub enum ReceiptProof {
        /// Signed for.
        Signed = "signed",
        /// Confirmed.
        Confirmed = "confirmed",
        /// Refused before a witness.
        Refused = "refused",
        /// Seen by a witness.
        Witnessed = "witnessed",
    }
}

/// What stands on the paper besides its words, as it was when it was issued.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, diesel::AsExpression, diesel::FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[serde(default)]
pub struct Document {
    /// Its number: that of the petition, and its place among the petition's papers.
    pub number: String,
    /// Whom it is for; none where nobody gave a name.
    pub addressee: Option<String>,
    /// The words in English, where they are the usual ones.
    pub english: Option<String>,
    /// The articles it rests on.
    pub articles: Option<String>,
    /// The unit that signs, by the name it had.
    pub sign_off: String,
    /// The office day it was issued.
    pub issued_on: Option<NaiveDate>,
}

crate::json_text!(Document);

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
    pub n: i32,
    pub document: Document,
    pub replaces: Option<Id>,
    pub delivery_method: Option<DeliveryMethod>,
    pub delivery_proof: Option<ReceiptProof>,
    pub recipient: Option<String>,
    pub witness: Option<String>,
    pub delivered_at: Option<Time>,
    pub recorded_at: Option<Time>,
    pub recorded_by: Option<Id>,
    pub to_unit: Option<Id>,
    pub issued_by: Option<Id>,
}

/// A notice as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NoticeView {
    /// Its id.
    pub id: Id,
    /// Its number: that of the petition, and its place among the petition's papers.
    #[schema(example = "XF-20260819-V000002-E/3")]
    pub number: String,
    /// What it says.
    pub kind: NoticeKind,
    /// How it was to reach the petitioner; null when nobody had to be told.
    pub method: Option<Method>,
    /// Whom it is for; null where nobody gave a name.
    pub addressee: Option<String>,
    /// Its words, as issued.
    pub text: String,
    /// The same in English, where they are the usual ones.
    pub english: Option<String>,
    /// The articles it rests on.
    pub articles: Option<String>,
    /// The unit that issued it.
    pub unit_id: Id,
    /// That unit, by the name it had.
    pub sign_off: String,
    /// When.
    pub issued_at: Time,
    /// By whose account.
    pub issued_by: Option<Id>,
    /// The notice it takes the place of.
    pub replaces: Option<Id>,
    /// The unit a letter of supervision is addressed to; null for what is addressed to the petitioner.
    pub to_unit: Option<Id>,
    /// How it arrived; null until that is recorded. An answer's delivery stands among the deliveries too.
    pub delivery: Option<NoticeDelivery>,
}

/// How a notice arrived.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NoticeDelivery {
    /// How.
    pub method: DeliveryMethod,
    /// The proof.
    pub receipt: ReceiptProof,
    /// Who took it.
    pub recipient: Option<String>,
    /// The witness.
    pub witness: Option<String>,
    /// When, by the paper.
    pub delivered_at: Time,
    /// When it was recorded.
    pub recorded_at: Time,
    /// By whose account.
    pub recorded_by: Id,
}

/// How a paper reached somebody.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"method": "in_person", "recipient": "张建国", "receipt": "signed"}))]
pub struct NewDelivery {
    /// How.
    pub method: DeliveryMethod,
    /// When, by the paper; now when left out. With an answer the petitioner's windows start here.
    #[serde(default)]
    pub delivered_at: Option<DateTime<Utc>>,
    /// Who took it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub recipient: Option<String>,
    /// The proof.
    pub receipt: ReceiptProof,
    /// Name of the witness, when refused or witnessed.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub witness: Option<String>,
}

impl Notice {
    fn delivery(&self) -> Option<NoticeDelivery> {
        Some(NoticeDelivery {
            method: self.delivery_method?,
            receipt: self.delivery_proof?,
            recipient: self.recipient.clone(),
            witness: self.witness.clone(),
            delivered_at: self.delivered_at?,
            recorded_at: self.recorded_at?,
            recorded_by: self.recorded_by?,
        })
    }
}

impl From<Notice> for NoticeView {
    fn from(n: Notice) -> Self {
        let delivery = n.delivery();
        Self {
            id: n.id,
            number: n.document.number,
            kind: n.kind,
            method: n.method,
            addressee: n.document.addressee,
            text: n.text,
            english: n.document.english,
            articles: n.document.articles,
            unit_id: n.unit_id,
            sign_off: n.document.sign_off,
            issued_at: n.issued_at,
            issued_by: n.issued_by,
            replaces: n.replaces,
            to_unit: n.to_unit,
            delivery,
        }
    }
}
