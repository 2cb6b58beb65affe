//! Delivery (送达), with proof. The petitioner's rights start here; an accusation ends here. Art. 30, 32, 35.

use super::model::{DeliverAnswer, Delivery};
use super::{repo, rules};
use crate::auth::Context;
use crate::petition::closing::{self, Closing};
use crate::petition::{Act, ClosureBasis, ClosureReason, Kind, Stage, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::web::{Answer, Body};
use chrono::DateTime;
use serde_json::json;

/// Delivers the standing opinion. What knows no review is closed in the same transaction.
///
/// # Errors
/// As [`service::perform`]; Invalid for a time before the opinion or ahead, a missing witness, a method that proves nothing.
pub fn deliver(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<DeliverAnswer>) -> Result<Answer> {
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
        repo::insert_delivery(c, &row)?;
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
        if case.row.kind == Kind::Accusation {
            let reason = ClosureReason::Final;
            let basis = Some(ClosureBasis::NoReviewRight);
            closing::close(c, cx, case, Closing { act: None, reason, basis, route: None, note: None, on_behalf_of: None })?;
        }
        Ok(Some(format!("deliveries/{}", row.id)))
    })
}
