//! Taking a referral back (收回): the sender finds that it went to the wrong unit.

use super::model::RecallReferral;
use super::service::under;
use crate::auth::Context;
use crate::codes;
use crate::petition::clocks::fates::Ending;
use crate::petition::{Act, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::web::{Answer, Body};
use serde_json::json;

/// Takes a referral back, also when the unit has accepted: the limit for the answer goes on, and is the sender's until somebody accepts.
///
/// # Errors
/// [`Error::NotFound`] for an unknown referral; as [`service::perform`]; Invalid without a reason.
pub fn recall(c: &mut Conn, cx: &mut Context, id: Id, referral: Id, body: &Body<RecallReferral>) -> Result<Answer> {
    under(c, cx, id, referral)?;
    service::perform(c, cx, id, Act::Recall, body, |c, cx, case, input| {
        if case.row.facts.referral.as_ref().is_none_or(|under| under.id != referral) {
            return Err(case.refusal(&cx.actor, codes::NOT_REFERRED));
        }
        let reason = input.reason.as_deref().ok_or_else(|| Error::fault("/reason", codes::REASON_REQUIRED))?;
        let draft = case.draft(&cx.actor, Act::Recall, "recalled").with("referral_id", referral);
        let lapsed = case.lapse_extension(c, Time(cx.now()))?;
        let unanswered = case.end_assistance(c, Time(cx.now()))?;
        case.back_at_sender(c, cx, Ending::Recalled, "recalled")?;
        let draft = draft.with("lapsed_extension", lapsed).with("ended_assistance", unanswered);
        case.event(draft.sealed(json!({"reason": reason})));
        // what wanders is not simple
        case.end_simplified(cx, None);
        case.alert_bounces(c, cx)?;
        Ok(None)
    })
}
