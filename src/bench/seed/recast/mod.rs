//! What becomes of every column of every row in a copy: by its type, or by name where the type does not say.
//!
//! Rows are taken apart without `..`: a new column does not compile until it is said here what becomes of it.

mod rows;

pub(super) use rows::numbered;

use super::copy::Copy;
use super::marks::Marks;
use crate::appeal::model::{Decision, Review, ReviewState};
use crate::assistance::model::{Assistance, AssistanceState};
use crate::contact::model::{Contact, ContactMethod};
use crate::deadline::ClockKind;
use crate::evaluation::model::{AskedBy, Evaluation, Rated, Score};
use crate::execution::model::{Execution, ExecutionStatus};
use crate::handling::extension::model::{Extension, ExtensionState};
use crate::handling::model::{Acceptance, Adoption, Delivery, Opinion, Outcome};
use crate::hearing::model::{Hearing, HearingState};
use crate::leader_case::model::{Instruction, LeaderCase};
use crate::mediation::model::{Mediation, MediationResult};
use crate::notice::{DeliveryMethod, Document, Method, Notice, NoticeKind, ReceiptProof};
use crate::petition::facts::{
    Agreement, AskedAssistance, AskedExtension, BeforeClosing, Charge, Evaluated, Facts, HeirsAnswer, HeirsAsked, Objected, OpenReferral,
    StandingOpinion,
};
use crate::petition::model::{
    Bar, Channel, Closure, ClosureBasis, ClosureReason, ExternalNumberRow, IntakePlace, Kind, Note, PartyRole, PartyStatus, Sex, Stage,
};
use crate::petition::priority::Level;
use crate::petition::supervised::{Supervision, SupervisionState};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::policy_issue::model::Belonging;
use crate::referral::model::{Mode, Objection, ObjectionDecision, Referral, ReferralState, Report};
use crate::succession::model::HeirsInquiry;
use crate::urgency::model::UrgentReport;
use chrono::NaiveDate;

/// Something that stands in a row.
pub(super) trait Recast: Sized {
    /// Once, in the original: marks what differs between copies.
    fn mark(&mut self, marks: &mut Marks<'_>) -> Result<()>;

    /// In each copy, of the marked original.
    fn recast(&self, copy: &mut Copy<'_>) -> Result<Self>;
}

impl Recast for Id {
    fn mark(&mut self, marks: &mut Marks<'_>) -> Result<()> {
        marks.id(self)
    }

    fn recast(&self, copy: &mut Copy<'_>) -> Result<Self> {
        Ok(copy.id(*self))
    }
}

impl Recast for Time {
    fn mark(&mut self, _: &mut Marks<'_>) -> Result<()> {
        Ok(())
    }

    fn recast(&self, copy: &mut Copy<'_>) -> Result<Self> {
        Ok(copy.time(*self))
    }
}

impl Recast for NaiveDate {
    fn mark(&mut self, _: &mut Marks<'_>) -> Result<()> {
        Ok(())
    }

    fn recast(&self, copy: &mut Copy<'_>) -> Result<Self> {
        Ok(copy.date(*self))
    }
}

impl Recast for String {
    fn mark(&mut self, marks: &mut Marks<'_>) -> Result<()> {
        *self = marks.words(self)?;
        Ok(())
    }

    fn recast(&self, copy: &mut Copy<'_>) -> Result<Self> {
        Ok(copy.filled(self))
    }
}

impl<T: Recast> Recast for Option<T> {
    fn mark(&mut self, marks: &mut Marks<'_>) -> Result<()> {
        self.as_mut().map_or(Ok(()), |value| value.mark(marks))
    }

    fn recast(&self, copy: &mut Copy<'_>) -> Result<Self> {
        self.as_ref().map(|value| value.recast(copy)).transpose()
    }
}

impl<T: Recast> Recast for Vec<T> {
    fn mark(&mut self, marks: &mut Marks<'_>) -> Result<()> {
        self.iter_mut().try_for_each(|value| value.mark(marks))
    }

    fn recast(&self, copy: &mut Copy<'_>) -> Result<Self> {
        self.iter().map(|value| value.recast(copy)).collect()
    }
}

/// What is the same in every copy.
macro_rules! same {
    ($($what:ty),+ $(,)?) => { $(
        impl Recast for $what {
            fn mark(&mut self, _: &mut Marks<'_>) -> Result<()> {
                Ok(())
            }

            fn recast(&self, _: &mut Copy<'_>) -> Result<Self> {
                Ok(*self)
            }
        }
    )+ };
}

same!(bool, i16, i32, i64, u8, u32, Kind, Channel, Stage, ClosureReason, ClosureBasis, IntakePlace, PartyRole, PartyStatus, Sex);
same!(
    ClockKind,
    ExecutionStatus,
    Mode,
    ReferralState,
    ObjectionDecision,
    Decision,
    ReviewState,
    Objected,
    AssistanceState,
    ContactMethod,
    HearingState,
    MediationResult,
    ExtensionState,
    SupervisionState,
    Outcome,
    Adoption,
    DeliveryMethod,
    ReceiptProof,
    NoticeKind,
    Method,
    HeirsAnswer,
    Rated,
    Score,
    AskedBy,
    Level
);

/// Rows of which every column is recast by its type, but for those named with an expression.
macro_rules! by_type {
    (@column $copy:ident, $column:ident) => { $column.recast($copy)? };
    (@column $copy:ident, $column:ident, $what:expr) => {{ let _ = $column; $what }};
    ($($row:ident |$copy:ident| { $($column:ident $(= $what:expr)?),+ $(,)? })+) => { $(
        impl Recast for $row {
            fn mark(&mut self, marks: &mut Marks<'_>) -> Result<()> {
                let Self { $($column),+ } = self;
                $($column.mark(marks)?;)+
                Ok(())
            }

            fn recast(&self, $copy: &mut Copy<'_>) -> Result<Self> {
                let Self { $($column),+ } = self;
                Ok(Self { $($column: by_type!(@column $copy, $column $(, $what)?)),+ })
            }
        }
    )+ };
}

by_type! {
    ExternalNumberRow |copy| { petition_id, issuer, number }
    Bar |copy| { id, petition_id, reason, unit_id, account_id, note, recused_at, recused_by }
    Note |copy| { id, petition_id, text, written_at, written_by, captured_at }
    Notice |copy| {
        id, petition_id, kind, method, text, unit_id, issued_at, issued_by, n, document, replaces, to_unit, delivery_method, delivery_proof,
        recipient, witness, delivered_at, recorded_at, recorded_by,
    }
    Document |copy| { number, addressee, english, articles, sign_off, issued_on }
    Referral |copy| { id, petition_id, mode, from_unit, unit_id, report_due, note, state, referred_at, referred_by, ended_at }
    Objection |copy| {
        referral_id, petition_id, reason, proposed_unit, late, objected_at, objected_by, decision, decision_reason, decided_at, decided_by,
    }
    Report |copy| { referral_id, petition_id, words, submitted_at, submitted_by }
    Acceptance |copy| { id, petition_id, unit_id, referral_id, route, accepted_at, accepted_by }
    Opinion |copy| {
        id, petition_id, opinion_version, round, outcome, adoption, facts, words, legal_basis, execution_due, correction_reason, unit_id,
        issued_at, issued_by,
    }
    Delivery |copy| { id, petition_id, opinion_id, method, receipt, recipient, witness, delivered_at, recorded_at, recorded_by }
    Evaluation |copy| {
        id, petition_id, object, score, reason, channel, changes, evaluated_at,
        evaluated_day = { let at = copy.time(*evaluated_at); copy.day(at) },
        recorded_by,
    }
    Closure |copy| { id, petition_id, reason, basis, closed_from, route, note, closed_at, closed_by }
    Extension |copy| { id, petition_id, clock_id, days, reason, state, requested_at, requested_by, decided_at, decided_by, note }
    Assistance |copy| {
        id, petition_id, unit_id, mandatory, question, due_on, asked_at, asked_by, state, answer, closed_at, closed_by,
    }
    Contact |copy| {
        id, petition_id, how, party_id, reached, text, contacted_at, counts, unit_id, recorded_at, recorded_by,
    }
    Hearing |copy| {
        id, petition_id, review_id, unit_id, topic, place, held_at, opened_at, opened_by, state, conclusion, ended_at, ended_by,
    }
    Instruction |copy| { id, petition_id, text, given_at, given_by }
    LeaderCase |copy| {
        id, petition_id, leader_id, next_look, note, taken_at, taken_by, result, released_at, released_by,
    }
    Belonging |copy| { petition_id, policy_issue_id }
    Mediation |copy| {
        id, petition_id, result, unit_id, mediator, agreement, note, execution_due, mediated_at, recorded_at, recorded_by,
    }
    Execution |copy| { id, petition_id, status, note, proof, unit_id, recorded_at, recorded_by }
    HeirsInquiry |copy| { id, petition_id, party_id, since, opened_at, opened_by, answer, note, answered_at, answered_by }
    HeirsAsked |copy| { id, answer }
    UrgentReport |copy| { id, petition_id, reported_to, note, unit_id, reported_at, reported_by }
    Supervision |copy| {
        id, petition_id, unit_id, reason, state, clock_id, clock_kind, proposed_at, settled_at, settled_by, by_unit, words, due_on,
        opened_at, opened_by, answer_clock, answer, answered_at, answered_by, settled_words,
    }
    Review |copy| {
        id, petition_id, level, round, opinion_id, unit_id, grounds, requested_at, on_behalf_of, recorded_at, recorded_by, state, decision,
        answer_id, words, legal_basis, decided_at, decided_by,
    }
    OpenReferral |copy| { id, assigned, objected, reported }
    AskedAssistance |copy| { id, unit_id, mandatory, clock_id }
    BeforeClosing |copy| { n, route, referral, extension, assistance, hearing, review, reviewers, handlers }
    Charge |copy| { id, leader, next_look }
    Agreement |copy| { id, execution_due }
    AskedExtension |copy| { id, clock_id, by }
    StandingOpinion |copy| { id, version, unit_id, by, issued = copy.micros(*issued), promises, execution_due, of_review }
    Evaluated |copy| { given, changes, expired }
    Facts |copy| {
        anonymous, principals, reachable, has_external_numbers, notice_given, undelivered, accepted, route, referral, hand_overs, bounces,
        not_theirs, round, reviews_decided, review, signer, not_again, extension, assistance, assisted, hearing, agreement, heirs, opinion, delivered, office, unit, linked, priority, handlers, reviewers, recusals, officer, charge, policy_issue, closed_from, closure_basis, closed_by, before,
    }
}
