//! Pure decisions: what the facts allow.

use super::acts::{ACTS, Act};
use super::clocks::Clocks;
use super::facts::Facts;
use super::model::{ClosureReason, Kind, Stage};
use super::repeats::Kin;
use super::supervised::{Supervision, SupervisionState};
use crate::auth::{Relation, Relations};
use crate::codes;
use crate::deadline::rules::LONGEST_DAYS;
use crate::deadline::{Clock, ClockKind, ClockState};
use crate::platform::db::types::Id;
use crate::platform::error::{Code, Fault};
use chrono::{DateTime, Datelike, NaiveDate, Utc};

/// What a decision about an act rests on, for one caller.
pub struct Standing<'a> {
    /// The petition's stage.
    pub stage: Stage,
    /// Its kind.
    pub kind: Kind,
    /// Its facts.
    pub facts: &'a Facts,
    /// Whether it is marked as one that cannot wait.
    pub urgent: bool,
    /// What the others of its matter allow; looked up while it is registered.
    pub kin: &'a Kin,
    /// Its supervisions that still matter.
    pub supervisions: &'a [Supervision],
    /// How it was closed, if it is.
    pub closure: Option<ClosureReason>,
    /// Whether it has been closed for more days than it can be reopened.
    pub long_closed: bool,
    /// Its clocks.
    pub clocks: &'a Clocks,
    /// The instant that is asked about.
    pub now: DateTime<Utc>,
    /// Who asks.
    pub caller: Id,
    /// Whether somebody takes part who may leave it to others.
    pub removable: bool,
    /// Whether a proxy or guardian files for somebody.
    pub represented: bool,
    /// How the caller stands to it.
    pub relations: Relations,
    /// Whether a unit outside the office reviews it.
    pub outside: bool,
    /// Whether the caller is barred (recused, or the subject's side).
    pub barred: bool,
    /// Whether the caller's unit is a discipline unit; asked for accusations only.
    pub discipline: bool,
}

/// Why the caller's relation forbids an act, if it does (403).
pub fn forbidden(act: Act, s: &Standing<'_>) -> Option<Code> {
    if s.barred {
        return Some(codes::RECUSED);
    }
    if act == Act::DecideExtension && s.facts.extension.as_ref().is_some_and(|asked| asked.by == s.caller) {
        return Some(codes::SAME_PERSON);
    }
    // a leader gives up what is theirs; a supervisor writes it down
    let led_by_another = s.facts.charge.is_some_and(|charge| charge.leader != s.caller) && !s.relations.has(Relation::Sv);
    if act == Act::ReleaseCharge && led_by_another {
        return Some(crate::platform::web::codes::NOT_PERMITTED);
    }
    if act == Act::Reopen && s.relations.has(Relation::Sv) && s.facts.closed_by == Some(s.caller) {
        return Some(codes::SAME_PERSON);
    }
    let permitting = act.row().who(s.stage);
    if !permitting.and(s.relations).is_empty() {
        let again = match act {
            Act::IssueOpinion | Act::CorrectOpinion => s.facts.not_again == Some(s.caller),
            // what a unit outside decided is only recorded
            Act::DecideReview => !s.outside && s.facts.handlers.contains(&s.caller),
            _ => false,
        };
        return again.then_some(codes::SAME_OFFICER);
    }
    let call_back = permitting.has(Relation::Cb);
    Some(if call_back { codes::HANDLER_CANNOT_ASK } else { crate::platform::web::codes::NOT_PERMITTED })
}

/// Why stage or facts forbid an act whatever the body says, if they do (409).
pub fn refused(act: Act, s: &Standing<'_>) -> Option<Code> {
    if act == Act::RequestReview && act.row().stages.has(s.stage) && (s.kind != Kind::Claim || s.facts.reviews_decided > 1) {
        return Some(codes::NO_REVIEW_RIGHT);
    }
    if !act.row().legal(s.stage, s.kind) {
        return Some(codes::STAGE_FORBIDS);
    }
    let f = s.facts;
    match act {
        Act::GiveNotice if f.notice_given => Some(codes::NOTICE_GIVEN),
        Act::DeliverNotice if f.undelivered == 0 => Some(codes::NOTICE_DELIVERED),
        Act::UnlinkMatter if !f.linked => Some(codes::NOT_LINKED),
        Act::MarkUrgent if s.urgent => Some(codes::ALREADY_URGENT),
        Act::UnmarkUrgent if !s.urgent => Some(codes::NOT_URGENT),
        Act::RecordUrgentReport if s.clocks.open_of(ClockKind::UrgentReport).is_none() => Some(codes::NO_URGENT_REPORT_DUE),
        Act::RecordExecution => match s.clocks.last_of(ClockKind::Execution) {
            None => Some(codes::NOTHING_TO_EXECUTE),
            Some(execution) if !execution.is_open() => Some(codes::EXECUTION_DONE),
            Some(_) => None,
        },
        Act::OpenHearing | Act::IssueOpinion | Act::Recall | Act::DecideReview if f.hearing.is_some() => Some(codes::HEARING_OPEN),
        Act::EndHearing if f.hearing.is_none() => Some(codes::NO_HEARING_OPEN),
        // all who keep out are those complained of
        Act::LiftRecusal if f.recusals == 0 => Some(codes::SUBJECT_BAR),
        Act::ReleaseCharge if f.charge.is_none() => Some(codes::NO_LEADER_CASE),
        Act::LeavePolicyIssue if f.policy_issue.is_none() => Some(codes::NO_POLICY_ISSUE),
        Act::CancelAssistance if f.assistance.is_empty() => Some(codes::ASSISTANCE_CLOSED),
        Act::IssueOpinion if f.assistance.iter().any(|asked| asked.mandatory) => Some(codes::ASSISTANCE_MISSING),
        Act::ConfirmSupervision | Act::DismissSupervision if !any_in(s, &[SupervisionState::Proposed]) => Some(codes::NOT_PROPOSED),
        Act::AnswerSupervision if !any_in(s, &[SupervisionState::Open]) => Some(codes::NOT_OPEN),
        Act::LiftSupervision if !any_in(s, &[SupervisionState::Open, SupervisionState::Answered]) => Some(codes::NOT_OPEN),
        Act::Reopen => reopening_refused(s),
        Act::Object => objection_refused(f),
        Act::DecideObjection if !f.objection_waits() => Some(codes::NO_OBJECTION),
        Act::Recall if f.referral.is_none() => Some(codes::NOT_REFERRED),
        Act::SubmitReport => report_refused(f),
        Act::EndParty if !s.removable => Some(codes::LAST_PETITIONER),
        Act::ConfirmOwnWill if !s.represented => Some(codes::NOBODY_FILES_FOR_ANOTHER),
        Act::ReportDeath if !s.removable && f.principals == 0 => Some(codes::ALREADY_REPORTED),
        Act::AnswerHeirs if f.heirs.as_ref().is_none_or(|asked| asked.answer.is_some()) => Some(codes::NO_HEIRS_INQUIRY),
        Act::CloseDeceased if f.heirs.as_ref().is_none_or(|asked| asked.answer.is_none()) => Some(codes::HEIRS_NOT_ASKED),
        Act::Deliver | Act::CloseFinal if f.heirs.is_some() => Some(codes::HEIRS_INQUIRY_OPEN),
        Act::Accept if s.stage == Stage::Registered && s.kind == Kind::Accusation && !s.discipline => Some(codes::NOT_DISCIPLINE_UNIT),
        // only a final closing leaves the right of review (its window is a question of its own)
        Act::RequestReview if s.stage == Stage::Closed && s.closure != Some(ClosureReason::Final) => Some(codes::STAGE_FORBIDS),
        Act::RequestReview if f.heirs.is_some() => Some(codes::HEIRS_INQUIRY_OPEN),
        Act::RequestReview if f.principals == 0 || window(s.clocks, f.reviews_decided).is_none() => Some(codes::NO_REVIEW_RIGHT),
        Act::RequestExtension => extension_refused(s),
        Act::DecideExtension => decision_refused(s),
        Act::CorrectOpinion if f.opinion.as_ref().is_some_and(|answer| answer.of_review) => Some(codes::REVIEW_ANSWER),
        Act::Deliver if f.undeliverable() => Some(codes::UNDELIVERABLE),
        // nobody's word could be written down
        Act::EvaluateOffice | Act::EvaluateUnit if f.principals == 0 => Some(codes::NO_EVALUATION_WINDOW),
        Act::Withdraw if f.principals == 0 => Some(codes::NOT_WITHDRAWABLE),
        Act::EvaluateOffice => evaluation_refused(f.office.changes, s),
        Act::EvaluateUnit if closed_on_the_spot(s) => Some(codes::OBJECT_NOT_EVALUATED_HERE),
        Act::EvaluateUnit => evaluation_refused(f.unit.changes, s),
        Act::CloseOnTheSpot | Act::CloseElsewhere | Act::CloseVoided | Act::CloseLinked if f.accepted => Some(codes::ALREADY_ACCEPTED),
        Act::CloseNoLongerAccepted if s.kin.terminated.is_none() => Some(codes::MATTER_NOT_TERMINATED),
        Act::CloseLinked if !f.linked => Some(codes::NOT_LINKED),
        Act::CloseLinked if s.kin.open.is_none() => Some(codes::NO_OPEN_MATTER),
        Act::CloseMediated if f.agreement.is_none() => Some(codes::NO_AGREEMENT),
        Act::CloseFinal if s.stage == Stage::Decided && !f.undeliverable() => Some(codes::DELIVERABLE),
        Act::Withdraw if s.kind == Kind::Accusation && !matches!(s.stage, Stage::Registered | Stage::Referred) => {
            Some(codes::NOT_WITHDRAWABLE)
        }
        _ => None,
    }
}

/// The window in which the answer that was delivered last may be contested, run out or not; none once it was used.
pub fn window(clocks: &Clocks, reviews_decided: u8) -> Option<&Clock> {
    let kind = match reviews_decided {
        0 => ClockKind::ReviewWindow,
        1 => ClockKind::RereviewWindow,
        _ => return None,
    };
    clocks.all().filter(|clock| clock.kind == kind).last().filter(|window| window.state != ClockState::Met)
}

fn any_in(s: &Standing<'_>, states: &[SupervisionState]) -> bool {
    s.supervisions.iter().any(|supervision| states.contains(&supervision.state))
}

/// What ended by law or by itself stays ended; what somebody closed can be taken up again for some days.
fn reopening_refused(s: &Standing<'_>) -> Option<Code> {
    match s.closure {
        Some(ClosureReason::Terminated) => Some(codes::TERMINATED),
        _ if s.facts.closed_by.is_none() => Some(codes::CLOSED_BY_SYSTEM),
        // of what was closed before reopening was there, nobody noted what ended with it
        _ => (s.long_closed || s.facts.before.is_none()).then_some(codes::REOPEN_TOO_LATE),
    }
}

/// One for each referral.
fn objection_refused(f: &Facts) -> Option<Code> {
    let objected = f.referral.as_ref()?.objected?;
    Some(if objected.refused { codes::OBJECTION_DECIDED } else { codes::OBJECTION_PENDING })
}

/// Once, by whom it was assigned to.
fn report_refused(f: &Facts) -> Option<Code> {
    match f.referral.as_ref().filter(|referral| referral.assigned) {
        None => Some(codes::NOT_ASSIGNED),
        Some(referral) if referral.reported => Some(codes::REPORT_SUBMITTED),
        Some(_) => None,
    }
}

/// The window counts until its end, also when everything was evaluated before.
fn evaluation_refused(changes: u8, s: &Standing<'_>) -> Option<Code> {
    match s.clocks.last_of(ClockKind::EvaluationWindow) {
        None => Some(codes::NO_EVALUATION_WINDOW),
        Some(window) if window.state != ClockState::Paused && window.due_at.0 <= s.now => Some(codes::EVALUATION_LAPSED),
        Some(_) if changes > 0 => Some(codes::EVALUATION_FINAL),
        Some(_) => None,
    }
}

/// Once, before the limit is over; a refused request is no extension.
fn extension_refused(s: &Standing<'_>) -> Option<Code> {
    match s.clocks.extendable(s.kind, s.facts.route) {
        None => Some(codes::NO_EXTENDABLE_CLOCK),
        Some((clock, _)) if clock.due_at.0 <= s.now => Some(codes::CLOCK_ALREADY_DUE),
        Some((clock, _)) if clock.extended_days > 0 => Some(codes::EXTENSION_USED),
        Some(_) if s.facts.extension.is_some() => Some(codes::EXTENSION_PENDING),
        Some(_) => None,
    }
}

/// A limit that is over can't be extended any more.
fn decision_refused(s: &Standing<'_>) -> Option<Code> {
    let asked = s.facts.extension.as_ref();
    match asked.and_then(|asked| s.clocks.open().find(|clock| clock.id == asked.clock_id)) {
        None => Some(codes::EXTENSION_DECIDED),
        Some(clock) if clock.due_at.0 <= s.now => Some(codes::CLOCK_ALREADY_DUE),
        Some(_) => None,
    }
}

fn closed_on_the_spot(s: &Standing<'_>) -> bool {
    s.closure == Some(ClosureReason::AnsweredOnTheSpot)
}

/// The acts a caller may do now, named as in `allowed_actions`, each once.
pub fn allowed(s: &Standing<'_>) -> Vec<&'static str> {
    let mut names = Vec::new();
    for act in permitted(s) {
        if !names.contains(&act.row().name) {
            names.push(act.row().name);
        }
    }
    names
}

/// The reasons with which the caller may close now.
pub fn closure_reasons(s: &Standing<'_>) -> Vec<ClosureReason> {
    permitted(s).filter_map(|act| act.row().reason).collect()
}

fn permitted(s: &Standing<'_>) -> impl Iterator<Item = Act> {
    let acts = ACTS.iter().filter(|row| row.built && row.act != Act::Register).map(|row| row.act);
    acts.filter(move |act| forbidden(*act, s).is_none() && refused(*act, s).is_none())
}

/// Whether two petitions can't be of one matter: an accusation is known to others than anything else.
pub fn different_kinds(one: Kind, other: Kind) -> bool {
    (one == Kind::Accusation) != (other == Kind::Accusation)
}

/// What is wrong with the day by which something promised is carried out.
pub fn execution_due_fault(due: Option<NaiveDate>, today: NaiveDate) -> Option<Fault> {
    let days = (due? - today).num_days();
    let code = match days {
        ..0 => codes::EXECUTION_DUE_PAST,
        days if days > i64::from(LONGEST_DAYS) => codes::EXECUTION_DUE_FAR,
        _ => return None,
    };
    Some(Fault::new("/execution_due", code))
}

/// Nothing that concerns a living person's pension is older; an earlier date is a slip of the pen.
pub fn too_early(day: NaiveDate) -> bool {
    day.year() < 1900
}

/// Whole years.
pub fn age(born: NaiveDate, today: NaiveDate) -> i32 {
    let birthday_to_come = (today.month(), today.day()) < (born.month(), born.day());
    today.year() - born.year() - i32::from(birthday_to_come)
}

/// The band of an age in statistics.
pub fn age_band(age: i32) -> &'static str {
    match age {
        ..60 => "under_60",
        60..70 => "60_69",
        70..80 => "70_79",
        80..90 => "80_89",
        _ => "90_and_over",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_birthday_on_29_february_counts_from_1_march() {
        let born = NaiveDate::from_ymd_opt(1944, 2, 29).unwrap();
        assert_eq!(age(born, NaiveDate::from_ymd_opt(2026, 2, 28).unwrap()), 81);
        assert_eq!(age(born, NaiveDate::from_ymd_opt(2026, 3, 1).unwrap()), 82);
    }

    #[test]
    fn an_act_that_is_allowed_is_neither_forbidden_nor_refused() {
        let (facts, kin) = (Facts { reachable: true, ..Facts::default() }, Kin::default());
        for stage in Stage::ALL {
            for kind in Kind::ALL {
                for relation in Relation::ALL {
                    let s = Standing {
                        stage: *stage,
                        kind: *kind,
                        facts: &facts,
                        urgent: false,
                        kin: &kin,
                        supervisions: &[],
                        closure: None,
                        long_closed: false,
                        clocks: &Clocks::default(),
                        now: DateTime::UNIX_EPOCH,
                        caller: Id::NIL,
                        removable: false,
                        represented: false,
                        relations: Relations::of(&[relation]),
                        outside: false,
                        barred: false,
                        discipline: false,
                    };
                    for act in permitted(&s) {
                        assert!(act.row().legal(*stage, *kind) && act.row().who(*stage).has(relation), "{act:?}");
                    }
                    let barred = Standing { barred: true, ..s };
                    assert!(allowed(&barred).is_empty());
                }
            }
        }
    }
}
