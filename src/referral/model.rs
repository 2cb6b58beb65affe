//! Referrals as rows, requests and views.

use crate::petition::parts::Part;
use crate::platform::db::schema::{objection, referral, referral_report};
use crate::platform::db::types::{Id, Time};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// How a petition is handed over.
    pub enum Mode {
        /// 转送: the unit answers the petitioner.
        Refer = "refer",
        /// 交办: the unit also reports back.
        Assign = "assign",
    }
}

crate::text_enum! {
    /// What became of a referral.
    pub enum ReferralState {
        /// The unit has not answered yet.
        Open = "open",
        /// The unit accepted.
        Accepted = "accepted",
        /// The petition was closed meanwhile.
        Ended = "ended",
        /// The unit objected, and the sender agreed: it is not the unit's.
        Returned = "returned",
        /// The sender took it back.
        Recalled = "recalled",
    }
}

/// To whom a petition is handed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": "0198c0de-7b1e-7c1a-9d0c-2f6a1f3f8f10", "mode": "refer", "note": "请核实异地就医备案情况"}))]
pub struct ReferPetition {
    /// The unit.
    pub unit_id: Id,
    /// `refer`: the unit answers the petitioner. `assign`: it also reports back.
    pub mode: Mode,
    /// The last day for the report back, after today; for `assign`, and only then.
    #[serde(default)]
    pub report_due: Option<NaiveDate>,
    /// What the unit should know. Required where the unit said before that it is not its own, and was right.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    pub note: Option<String>,
}

/// A referral.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = referral, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Referral {
    pub id: Id,
    pub petition_id: Id,
    pub mode: Mode,
    pub from_unit: Id,
    pub unit_id: Id,
    pub report_due: Option<NaiveDate>,
    pub note: Option<String>,
    pub state: ReferralState,
    pub referred_at: Time,
    pub referred_by: Id,
    pub ended_at: Option<Time>,
}

/// Why a unit says that a petition is not its own.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "异地就医结算由医疗保险科负责，本科只管养老金发放。"}))]
pub struct ObjectToReferral {
    /// The reason.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    pub reason: Option<String>,
    /// The unit it thinks competent.
    #[serde(default)]
    pub proposed_unit_id: Option<Id>,
}

/// What the sender says to an objection.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"upheld": true}))]
pub struct DecideObjection {
    /// Whether it goes back to the sender; else the unit keeps it.
    pub upheld: bool,
    /// Why: required to refuse, and to uphold one that came late.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    pub reason: Option<String>,
}

/// Why a referral is taken back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "转错单位：住房补贴由住房补贴科办理。"}))]
pub struct RecallReferral {
    /// The reason.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    pub reason: Option<String>,
}

/// The closing report on an assignment.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"report": "已按规定比例报销异地住院费用一万二千元，五月二十二日当面送达意见书，信访人表示满意。"}))]
pub struct SubmitReport {
    /// What was found and done.
    #[schema(min_length = 1, max_length = 20000, pattern = "\\S")]
    pub report: String,
}

crate::text_enum! {
    /// What became of an objection.
    pub enum ObjectionDecision {
        /// It is not the unit's: it went back to the sender.
        Upheld = "upheld",
        /// The unit keeps it.
        Refused = "refused",
        /// Nobody had to decide: accepted, taken back or closed meanwhile.
        Dropped = "dropped",
    }
}

/// An objection.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = objection, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Objection {
    pub referral_id: Id,
    pub petition_id: Id,
    pub reason: String,
    pub proposed_unit: Option<Id>,
    pub late: bool,
    pub objected_at: Time,
    pub objected_by: Id,
    pub decision: Option<ObjectionDecision>,
    pub decision_reason: Option<String>,
    pub decided_at: Option<Time>,
    pub decided_by: Option<Id>,
}

/// A closing report.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = referral_report, treat_none_as_default_value = false)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Report {
    pub referral_id: Id,
    pub petition_id: Id,
    pub words: String,
    pub submitted_at: Time,
    pub submitted_by: Id,
}

/// A referral with what the unit said to it.
#[derive(Debug, Clone, Queryable)]
pub struct Answered {
    /// It.
    pub referral: Referral,
    /// That it is not its own.
    pub objection: Option<Objection>,
    /// How it ended.
    pub report: Option<Report>,
}

impl Part for Answered {
    fn id(&self) -> Id {
        self.referral.id
    }
}

/// An objection as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ObjectionView {
    /// Why the unit says that it is not its own.
    pub reason: String,
    /// The unit it thinks competent.
    pub proposed_unit_id: Option<Id>,
    /// Whether its time was over: then the sender may consent, and owes no answer.
    pub late: bool,
    /// When it was made.
    pub objected_at: Time,
    /// By whose account.
    pub objected_by: Id,
    /// What became of it; none as long as it waits.
    pub decision: Option<ObjectionDecision>,
    /// Why.
    pub decision_reason: Option<String>,
    /// When that was.
    pub decided_at: Option<Time>,
    /// By whose account; none where nobody had to.
    pub decided_by: Option<Id>,
}

impl From<Objection> for ObjectionView {
    fn from(o: Objection) -> Self {
        Self {
            reason: o.reason,
            proposed_unit_id: o.proposed_unit,
            late: o.late,
            objected_at: o.objected_at,
            objected_by: o.objected_by,
            decision: o.decision,
            decision_reason: o.decision_reason,
            decided_at: o.decided_at,
            decided_by: o.decided_by,
        }
    }
}

/// A closing report as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportView {
    /// What was found and done.
    pub report: String,
    /// When it was submitted.
    pub submitted_at: Time,
    /// By whose account.
    pub submitted_by: Id,
}

impl From<Report> for ReportView {
    fn from(r: Report) -> Self {
        Self { report: r.words, submitted_at: r.submitted_at, submitted_by: r.submitted_by }
    }
}

/// A referral as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReferralView {
    /// Its id.
    pub id: Id,
    /// How it was handed over.
    pub mode: Mode,
    /// The unit that sent it.
    pub from_unit: Id,
    /// The unit that got it.
    pub unit_id: Id,
    /// The day the report back is due.
    pub report_due: Option<NaiveDate>,
    /// What the unit was told.
    pub note: Option<String>,
    /// What became of it.
    pub state: ReferralState,
    /// When it was sent: the unit's limits start here.
    pub referred_at: Time,
    /// By whose account.
    pub referred_by: Id,
    /// When the unit accepted, or it ended otherwise.
    pub ended_at: Option<Time>,
    /// That the unit says it is not its own.
    pub objection: Option<ObjectionView>,
    /// The report back.
    pub report: Option<ReportView>,
}

impl From<Answered> for ReferralView {
    fn from(Answered { referral: r, objection, report }: Answered) -> Self {
        Self {
            objection: objection.map(ObjectionView::from),
            report: report.map(ReportView::from),
            id: r.id,
            mode: r.mode,
            from_unit: r.from_unit,
            unit_id: r.unit_id,
            report_due: r.report_due,
            note: r.note,
            state: r.state,
            referred_at: r.referred_at,
            referred_by: r.referred_by,
            ended_at: r.ended_at,
        }
    }
}
