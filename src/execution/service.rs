//! Recording how far the execution of an opinion is.

use super::model::{Execution, ExecutionStatus, RecordExecution};
use super::repo;
use crate::auth::Context;
use crate::codes;
use crate::petition::{Act, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::web::{Answer, Body};
use serde_json::json;

/// Records a step; the last one, with its proof, ends the duty.
///
/// # Errors
/// As [`service::perform`]; Invalid for a proof that is missing.
pub fn record(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<RecordExecution>) -> Result<Answer> {
    service::perform(c, cx, id, Act::RecordExecution, body, |c, cx, case, input| {
        let done = input.status == ExecutionStatus::Done;
        if done && input.proof.is_none() {
            return Err(Error::fault("/proof", codes::PROOF_REQUIRED));
        }
        let row = Execution {
            id: cx.draw.id(),
            petition_id: id,
            status: input.status,
            note: input.note.clone(),
            proof: input.proof.clone(),
            unit_id: cx.actor.unit_id,
            recorded_at: Time(cx.now()),
            recorded_by: cx.actor.id(),
        };
        repo::insert(c, &row)?;
        let draft = case.draft(&cx.actor, Act::RecordExecution, if done { "execution_done" } else { "execution_recorded" });
        if done {
            case.fulfil(c, cx, "record_execution")?;
        }
        case.event(draft.with("execution_id", row.id).with("status", row.status).sealed(json!({"note": row.note, "proof": row.proof})));
        Ok(None)
    })
}
