//! Rows and vocabulary of a petition.

use super::facts::Facts;
use crate::deadline::ClockKind;
pub use crate::person::Sex;
use crate::platform::db::schema::{
    closure, evaluation, external_number, note, party, petition, petition_bar, petition_content, petition_fact, supervision,
};
use crate::platform::db::types::{Id, Time};
use crate::unit::{Lineage, UnitKind};
use chrono::NaiveDate;
use diesel::prelude::*;

pub use crate::category::Kind;

crate::text_enum! {
    /// How it reached the office.
    pub enum Channel {
        /// 来访
        Visit = "visit",
        /// 来信
        Letter = "letter",
        /// 电话
        Phone = "phone",
        /// 网上
        Online = "online",
        /// 传真
        Fax = "fax",
        /// 上门
        HomeVisit = "home_visit",
    }
}

impl Channel {
    /// Its letter in a petition's number.
    pub const fn letter(self) -> char {
        match self {
            Self::Visit => 'V',
            Self::Letter => 'L',
            Self::Phone => 'P',
            Self::Online => 'O',
            Self::Fax => 'F',
            Self::HomeVisit => 'H',
        }
    }

    /// Whether the statement is spoken, and so read back to whoever made it (Art. 19).
    pub const fn is_oral(self) -> bool {
        matches!(self, Self::Visit | Self::Phone | Self::HomeVisit)
    }
}

crate::text_enum! {
    /// Where a petition stands in the procedure; `closed` is the only final stage.
    pub enum Stage {
        /// 登记
        Registered = "registered",
        /// 转送 / 交办
        Referred = "referred",
        /// 办理
        Handling = "handling",
        /// Opinion given, not yet delivered.
        Decided = "decided",
        /// 送达
        Delivered = "delivered",
        /// 复查 / 复核
        UnderReview = "under_review",
        /// 办结
        Closed = "closed",
    }
}

crate::text_enum! {
    /// Why a petition is closed.
    pub enum ClosureReason {
        /// The procedure is over.
        Final = "final",
        /// 终结: the answer after the second review.
        Terminated = "terminated",
        /// 调解
        Mediated = "mediated",
        /// The petitioner withdrew.
        Withdrawn = "withdrawn",
        /// Answered at the desk.
        AnsweredOnTheSpot = "answered_on_the_spot",
        /// Another organ is competent; the petitioner was told which.
        DirectedElsewhere = "directed_elsewhere",
        /// 不再受理: the same matter has been terminated.
        NoLongerAccepted = "no_longer_accepted",
        /// Joined to another open petition of the matter.
        Linked = "linked",
        /// Another legal procedure applies (Art. 31 (1)–(5)).
        Diverted = "diverted",
        /// The petitioner died and nobody goes on.
        DeceasedWithoutSuccessor = "deceased_without_successor",
        /// Registered by mistake; leaves every figure.
        Voided = "voided",
    }
}

crate::text_enum! {
    /// What a `final` closing rests on.
    pub enum ClosureBasis {
        /// The window for a review ran out.
        WindowLapsed = "window_lapsed",
        /// The petitioner agreed.
        PetitionerAgreed = "petitioner_agreed",
        /// This kind knows no review.
        NoReviewRight = "no_review_right",
        /// Nobody to deliver to.
        Undeliverable = "undeliverable",
        /// The review was withdrawn.
        ReviewWithdrawn = "review_withdrawn",
    }
}

crate::text_enum! {
    /// Where it was taken down.
    pub enum IntakePlace {
        /// At the reception desk.
        Desk = "desk",
        /// At the petitioner's home.
        Home = "home",
        /// At a hospital bed.
        Hospital = "hospital",
        /// At a meeting.
        Meeting = "meeting",
        /// Elsewhere.
        Other = "other",
    }
}

crate::text_enum! {
    /// How a person stands to the petition.
    pub enum PartyRole {
        /// 信访人
        Petitioner = "petitioner",
        /// A further petitioner.
        CoPetitioner = "co_petitioner",
        /// 代表; at most five (Art. 20).
        Representative = "representative",
        /// 代理人, with authority.
        Proxy = "proxy",
        /// 监护人, with authority.
        Guardian = "guardian",
    }
}

impl PartyRole {
    /// Whether the petition is their own.
    pub const fn is_principal(self) -> bool {
        matches!(self, Self::Petitioner | Self::CoPetitioner)
    }

    /// Whether they can have come themselves.
    pub const fn is_present(self) -> bool {
        self.is_principal() || matches!(self, Self::Representative)
    }

    /// Whether they act for somebody else and must show by what right.
    pub const fn needs_authority(self) -> bool {
        matches!(self, Self::Proxy | Self::Guardian)
    }
}

crate::text_enum! {
    /// How somebody confirmed that it is their own will.
    pub enum ConfirmedHow {
        /// Face to face.
        InPerson = "in_person",
        /// On the telephone.
        Phone = "phone",
        /// By a video call.
        Video = "video",
        /// Visited at home or in hospital.
        Visit = "visit",
        /// In writing.
        Letter = "letter",
    }
}

crate::text_enum! {
    /// Whether a party can still act.
    pub enum PartyStatus {
        /// Takes part.
        Active = "active",
        /// No longer takes part.
        Ended = "ended",
        /// Has died.
        Deceased = "deceased",
        /// Can no longer act for themself.
        Incapacitated = "incapacitated",
    }
}

/// The row of a petition.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = petition, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the glossary of domain terms says what they are
pub struct Petition {
    pub id: Id,
    pub n: i64,
    pub number: String,
    pub kind: Kind,
    pub channel: Channel,
    pub stage: Stage,
    pub category: String,
    pub registered_unit: Id,
    pub registered_by: Id,
    /// Whose supervisors refer and take back: the registering unit, after a referral the unit that sent.
    pub sending_unit: Id,
    pub lead_unit: Option<Id>,
    pub review_unit: Option<Id>,
    pub restricted: bool,
    /// Whether `petition_bar` has rows for it.
    pub barred: bool,
    pub urgent: bool,
    pub simplified: bool,
    pub first_here: bool,
    pub matter_id: Id,
    pub repeat_of: Option<Id>,
    pub received_at: Time,
    pub registered_at: Time,
    pub registered_day: NaiveDate,
    pub closed_at: Option<Time>,
    pub closure_reason: Option<ClosureReason>,
    /// Nearest open due instant; far away while no clock runs. Never null: keyset pages end on nulls.
    pub sort_due: Time,
    /// When the first of its open clocks turns yellow.
    pub sort_yellow: Time,
    /// The unit that has to do something about it now.
    pub work_unit: Option<Id>,
    pub priority_rank: i16,
    pub facts: Facts,
    pub version: i64,
    pub event_n: i64,
    pub event_hash: Vec<u8>,
}

/// People's words, and what only the case itself shows.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = petition_content, primary_key(petition_id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Content {
    pub petition_id: Id,
    pub title: String,
    pub statement: String,
    pub purpose: Option<String>,
    pub matter_place: Option<String>,
    pub intake_place: Option<IntakePlace>,
    pub occurred_at: Option<Time>,
    pub captured_at: Option<Time>,
    pub backdating_reason: Option<String>,
    pub anonymous: bool,
    pub joint: bool,
    pub litigation_related: bool,
    pub wants_visit: bool,
    /// People who came.
    pub persons: i32,
    /// People concerned.
    pub affected: Option<i32>,
    pub subject_name: Option<String>,
    pub subject_unit_id: Option<Id>,
    pub subject_staff_id: Option<Id>,
    pub repeat_no: i32,
    /// Comma-separated reasons of the priority.
    pub priority_reasons: String,
    pub query_code_mac: Vec<u8>,
    /// Whether an oral statement was read back (Art. 19); none where nobody said.
    pub read_back: Option<bool>,
    pub read_back_at: Option<Time>,
    pub read_back_by: Option<Id>,
}

/// What statistics need of a petition, as of registration but for stage and lead.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = petition_fact, primary_key(petition_id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Fact {
    pub petition_id: Id,
    pub registered_day: NaiveDate,
    pub received_day: NaiveDate,
    pub closed_day: Option<NaiveDate>,
    pub closure_reason: Option<ClosureReason>,
    pub voided: bool,
    pub kind: Kind,
    pub channel: Channel,
    pub category: String,
    pub registered_unit: Id,
    pub lead_unit: Option<Id>,
    pub first_here: bool,
    pub litigation_related: bool,
    pub joint: bool,
    /// No notice is owed where there is nobody to tell.
    pub anonymous: bool,
    pub persons: i32,
    pub age_band: Option<String>,
    pub sex: Option<Sex>,
    pub living: Option<String>,
}

/// A person of a petition; numbers and address encrypted.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = party, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Party {
    pub id: Id,
    pub petition_id: Id,
    pub n: i32,
    pub role: PartyRole,
    pub name: String,
    pub name_folded: String,
    pub name_pinyin: String,
    pub name_initials: String,
    pub retiree_id: Option<Id>,
    pub sex: Option<Sex>,
    pub birth_date: Option<NaiveDate>,
    pub identity_number: Option<Vec<u8>>,
    pub identity_hash: Option<Vec<u8>>,
    pub phone: Option<Vec<u8>>,
    pub phone_hash: Option<Vec<u8>>,
    pub address: Option<Vec<u8>>,
    pub relation: Option<String>,
    pub authority: Option<String>,
    pub authority_expires_on: Option<NaiveDate>,
    pub status: PartyStatus,
    pub ended_at: Option<Time>,
    pub ended_reason: Option<String>,
    pub own_will_confirmed_at: Option<Time>,
    pub own_will_how: Option<ConfirmedHow>,
    pub own_will_by: Option<Id>,
    pub own_will_note: Option<String>,
}

/// A number another office gave the same petition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Queryable, Insertable)]
#[diesel(table_name = external_number, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct ExternalNumberRow {
    pub petition_id: Id,
    pub issuer: String,
    pub number: String,
}

/// Somebody who may not act on it, and on a restricted one may not know of it.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = petition_bar, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Bar {
    pub id: Id,
    pub petition_id: Id,
    /// `subject` or `recused`.
    pub reason: String,
    /// Alone: the unit and all below it. With an account: that person's own unit and no other.
    pub unit_id: Option<Id>,
    pub account_id: Option<Id>,
    pub note: Option<String>,
    pub recused_at: Option<Time>,
    pub recused_by: Option<Id>,
}

/// A closing.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = closure, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Closure {
    pub id: Id,
    pub petition_id: Id,
    pub reason: ClosureReason,
    pub basis: Option<ClosureBasis>,
    pub closed_from: Stage,
    pub route: Option<i16>,
    pub note: Option<String>,
    pub closed_at: Time,
    pub closed_by: Option<Id>,
}

/// An evaluation that was never given: its object, when the window closed.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = evaluation, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Expiry {
    pub id: Id,
    pub petition_id: Id,
    pub object: String,
    pub changes: i32,
    pub evaluated_at: Time,
    pub evaluated_day: NaiveDate,
}

crate::text_enum! {
    /// Where a supervision stands.
    pub enum SupervisionState {
        /// Those above have not decided on it.
        Proposed = "proposed",
        /// The unit owes an answer.
        Open = "open",
        /// The unit answered; those above have not lifted it.
        Answered = "answered",
        /// It is over.
        Lifted = "lifted",
        /// Those above saw no need of it, or the breach turned out to be none.
        Dismissed = "dismissed",
    }
}

/// A supervision.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = supervision, treat_none_as_default_value = false, treat_none_as_null = true)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Supervision {
    pub id: Id,
    pub petition_id: Id,
    pub unit_id: Id,
    pub reason: String,
    pub state: SupervisionState,
    pub clock_id: Option<Id>,
    pub clock_kind: Option<ClockKind>,
    pub proposed_at: Time,
    pub settled_at: Option<Time>,
    pub settled_by: Option<Id>,
    pub by_unit: Option<Id>,
    pub words: Option<String>,
    pub due_on: Option<NaiveDate>,
    pub opened_at: Option<Time>,
    pub opened_by: Option<Id>,
    /// The clock of its answer; none where the profile knows no such limit.
    pub answer_clock: Option<Id>,
    pub answer: Option<String>,
    pub answered_at: Option<Time>,
    pub answered_by: Option<Id>,
    pub settled_words: Option<String>,
}

impl Bar {
    /// Whether it bars the people of a unit; `lineage` knows that unit and the barred ones.
    ///
    /// The unit that carries on a dissolved one is barred as that was: it took over the people and the deeds complained of.
    /// What stands above or below the successor is not: a unit merged into the bureau would bar the whole office.
    pub fn bars_unit(&self, lineage: &Lineage, unit: Id) -> bool {
        match (self.unit_id, self.account_id) {
            // the discipline unit answers to the commission that sent it, not to those above: only an accusation of itself bars it
            (Some(barred), None) if lineage.kind(unit) == Some(UnitKind::Discipline) => lineage.carries(unit, barred),
            (Some(barred), None) => lineage.holds(barred, unit) || lineage.carries(unit, barred),
            (Some(theirs), Some(_)) => lineage.carries(unit, theirs),
            (None, _) => false,
        }
    }
}

/// An internal note.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = note, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Note {
    pub id: Id,
    pub petition_id: Id,
    pub text: String,
    pub written_at: Time,
    pub written_by: Id,
    pub captured_at: Option<Time>,
}

impl super::parts::Part for Note {
    fn id(&self) -> Id {
        self.id
    }
}
