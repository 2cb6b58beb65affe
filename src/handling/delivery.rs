//! Delivery (送达), with proof. The petitioner's rights start here; an accusation ends here. Art. 30, 32, 35.

use super::model::Delivery;
use super::{repo, rules};
use crate::auth::Context;
use crate::codes;
use crate::deadline::ClockKind;
use crate::notice::{self, NewDelivery};
use crate::petition::clocks::NewClock;
use crate::petition::closing::{self, Closing};
use crate::petition::facts::StandingOpinion;
use crate::petition::{Act, Case, ClosureBasis, ClosureReason, Kind, Stage, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::web::{Answer, Body};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Delivers the standing opinion. What knows no review is closed in the same transaction.
///
/// # Errors
/// As [`service::perform`]; Invalid for a time before the opinion or ahead, a missing witness, a method that proves nothing.
pub fn deliver(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<NewDelivery>) -> Result<Answer> {
    service::perform(c, cx, id, Act::Deliver, body, |c, cx, case, input| {
        let opinion = case.row.facts.opinion.clone().ok_or_else(|| Error::internal("decided without an opinion"))?;
        let issued = DateTime::from_timestamp_micros(opinion.issued).ok_or_else(|| Error::internal("an opinion out of time"))?;
        let faults = rules::delivery_faults(input, case.row.simplified, issued, cx.now());
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let row = Delivery {
            id: cx.draw.id(),
            petition_id: id,
            opinion_id: opinion.id,
            method: input.method,
            receipt: input.receipt,
            recipient: input.recipient.clone(),
            witness: input.witness.clone(),
            delivered_at: Time::claimed(input.delivered_at.unwrap_or(cx.now())),
            recorded_at: Time(cx.now()),
            recorded_by: cx.actor.id(),
        };
        let before = case.clocks.all().count();
        windows(c, cx, case, &opinion, row.delivered_at.0)?;
        if case.clocks.all().skip(before).any(|window| window.kind.is_window() && window.due_at.0 <= cx.now()) {
            return Err(Error::fault("/delivered_at", codes::DELIVERY_TOO_OLD));
        }
        repo::insert_delivery(c, &row)?;
        if let Some(paper) = notice::repo::undelivered_answer(c, id)? {
            case.deliver_notice(c, cx, paper, input)?;
        }
        let mut draft = case.draft(&cx.actor, Act::Deliver, "delivered");
        draft.claimed_at = input.delivered_at.map(|_| row.delivered_at.0);
        case.row.facts.delivered = true;
        case.advance(Stage::Delivered);
        case.event(
            draft
                .with("delivery_id", row.id)
                .with("opinion_id", row.opinion_id)
                .with("method", row.method)
                .with("receipt", row.receipt)
                .with("delivered_at", row.delivered_at)
                .sealed(json!({"recipient": row.recipient, "witness": row.witness})),
        );
        match (case.row.kind, case.row.facts.reviews_decided) {
            (Kind::Accusation, _) => {
                let basis = Some(ClosureBasis::NoReviewRight);
                closing::close(c, cx, case, Closing { basis, ..Closing::of_itself(ClosureReason::Final) })?;
            }
            // the answer that follows a re-review is the last one (Art. 36)
            (Kind::Claim, 2..) => closing::close(c, cx, case, Closing::of_itself(ClosureReason::Terminated))?,
            _ => {}
        }
        Ok(Some(format!("deliveries/{}", row.id)))
    })
}

/// Ends the delivery's own clock; what starts with it: the petitioner's windows, and the execution of what was promised.
fn windows(c: &mut Conn, cx: &mut Context, case: &mut Case, opinion: &StandingOpinion, from: DateTime<Utc>) -> Result<()> {
    case.fulfil(c, cx, "deliver")?;
    let unit = case.row.lead_unit.unwrap_or(opinion.unit_id);
    let facts = &case.row.facts;
    let evaluated = facts.office.given && facts.unit.given;
    let (reviews, promises) = (facts.reviews_decided, opinion.promises && case.clocks.open_of(ClockKind::Execution).is_none());
    let day = cx.day(from);
    let mut start = |kind, until| case.start_clock(c, cx, NewClock { kind, from, unit, until });
    match reviews {
        0 => start(ClockKind::ReviewWindow, None)?,
        1 => start(ClockKind::RereviewWindow, None)?,
        _ => {}
    }
    if !evaluated {
        start(ClockKind::EvaluationWindow, None)?;
    }
    if promises {
        // what was to be carried out before it was even delivered is due on that day
        start(ClockKind::Execution, opinion.execution_due.map(|due| due.max(day)))?;
    }
    Ok(())
}
