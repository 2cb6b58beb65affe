//! The opinion (信访处理意见书) or reply: issued once, corrected as long as it is not delivered. Art. 29, 30, 32.

use super::model::{GiveOpinion, Opinion, Outcome};
use super::{repo, rules};
use crate::auth::Context;
use crate::codes;
use crate::deadline::ClockKind;
use crate::notice::{self, Notice, NoticeKind, Told, texts};
use crate::petition::clocks::NewClock;
use crate::petition::clocks::fates::Ending;
use crate::petition::facts::StandingOpinion;
use crate::petition::{Act, Case, Kind, Stage, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body};
use serde_json::json;

/// Issues the opinion, or corrects the one not yet delivered: the stage decides which.
///
/// # Errors
/// As [`service::perform`]; Invalid where it lacks what its kind needs.
pub fn give(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<GiveOpinion>) -> Result<Answer> {
    let acts = [Act::IssueOpinion, Act::CorrectOpinion];
    let choose = |case: &Case, _: &GiveOpinion| Ok(if case.row.stage == Stage::Decided { Act::CorrectOpinion } else { Act::IssueOpinion });
    service::perform_chosen(c, cx, id, &acts, body, choose, |c, cx, case, input| {
        let standing = case.row.facts.opinion.clone().filter(|_| case.row.stage == Stage::Decided);
        let correcting = standing.is_some();
        let mut faults = rules::opinion_faults(case.row.kind, input, cx.today());
        if correcting && input.reason.is_none() {
            faults.push(Fault::new("/reason", codes::REASON_REQUIRED));
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let row = Opinion {
            id: cx.draw.id(),
            petition_id: id,
            opinion_version: standing.as_ref().map_or(0, |s| s.version) + 1,
            round: case.row.facts.round,
            outcome: input.outcome,
            adoption: input.adoption,
            facts: input.facts.clone(),
            words: input.opinion.clone(),
            legal_basis: input.legal_basis.clone(),
            execution_due: input.execution_due,
            correction_reason: input.reason.clone().filter(|_| correcting),
            unit_id: cx.actor.unit_id,
            issued_at: Time(cx.now()),
            issued_by: cx.actor.id(),
        };
        repo::insert_opinion(c, &row)?;
        let act = if correcting { Act::CorrectOpinion } else { Act::IssueOpinion };
        let draft = case.draft(&cx.actor, act, if correcting { "opinion_corrected" } else { "opinion_issued" });
        case.row.facts.opinion = Some(StandingOpinion {
            id: row.id,
            version: row.opinion_version,
            unit_id: row.unit_id,
            by: row.issued_by,
            issued: row.issued_at.0.timestamp_micros(),
            promises: rules::promises(input),
            execution_due: row.execution_due,
            of_review: false,
        });
        case.row.facts.signer = Some(row.issued_by);
        case.row.facts.handled_by(row.issued_by);
        let notice = paper(c, cx, case, &row)?;
        case.advance(Stage::Decided);
        let (mut lapsed, mut unanswered) = (None, None);
        if !correcting {
            case.fulfil(c, cx, "issue_opinion")?;
            lapsed = case.lapse_extension(c, row.issued_at)?;
            unanswered = case.end_assistance(c, row.issued_at)?;
            case.end_clocks(cx, Ending::OpinionIssued, None);
            let (unit, from) = (case.row.lead_unit.unwrap_or(row.unit_id), row.issued_at.0);
            case.start_clock(c, cx, NewClock { kind: ClockKind::Delivery, from, unit, until: None })?;
        }
        case.event(
            draft
                .with("opinion_id", row.id)
                .with("version", row.opinion_version)
                .with("round", row.round)
                .with("outcome", row.outcome)
                .with("adoption", row.adoption)
                .with("execution_due", row.execution_due)
                .with("lapsed_extension", lapsed)
                .with("notice_id", notice.id)
                .with("ended_assistance", unanswered)
                .sealed(json!(input)),
        );
        // what is refused is answered in the normal procedure, on paper
        if input.outcome == Some(Outcome::NotSupported) {
            case.end_simplified(cx, None);
        }
        Ok((!correcting).then(|| "opinion".to_owned()))
    })
}

/// The opinion on paper (信访处理意见书), or the reply to a suggestion; a corrected one takes the place of the one before.
fn paper(c: &mut Conn, cx: &mut Context, case: &mut Case, row: &Opinion) -> Result<Notice> {
    let kind = case.row.kind;
    let then = match (kind, case.row.facts.reviews_decided) {
        (Kind::Claim, 0) => texts::Then::Review(case.window_days(c, cx, ClockKind::ReviewWindow)?),
        (Kind::Claim, 1) => texts::Then::Rereview(case.window_days(c, cx, ClockKind::RereviewWindow)?),
        (Kind::Claim, _) => texts::Then::Terminated,
        _ => texts::Then::Nothing,
    };
    let words = texts::answer(&texts::Answer {
        facts: row.facts.as_deref(),
        opinion: &row.words,
        legal_basis: row.legal_basis.as_deref(),
        execution_due: row.execution_due,
        then,
    });
    let corrects = row.correction_reason.is_some();
    let before = if corrects { notice::repo::undelivered_answer(c, row.petition_id)? } else { None };
    let replaces = before.map(|before| before.id);
    let kind = if kind == Kind::Suggestion { NoticeKind::Reply } else { NoticeKind::Opinion };
    case.issue_notice(c, cx, kind, row.unit_id, Told { words: Some(words), replaces, ..Told::default() })
}
