//! Naming the officer (承办人) of the lead unit who handles a petition.

use super::model::SetOfficer;
use crate::account::{self, AccountStatus};
use crate::auth::{Context, Relation};
use crate::codes;
use crate::petition::{Act, Case, service};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Code, Error, Result};
use crate::platform::web::{Answer, Body};
use serde_json::json;

/// Names the officer; from then on the unit's others leave it to them, but for its heads and supervisors, who stand in.
///
/// # Errors
/// As [`service::perform`]; Invalid for somebody of another unit, who is recused, or whose answer was revoked.
pub fn set(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<SetOfficer>) -> Result<Answer> {
    service::perform(c, cx, id, Act::SetOfficer, body, |c, cx, case, input| {
        if let Some(staff) = input.staff_id
            && let Some(code) = refused(c, case, staff)?
        {
            return Err(Error::fault("/staff_id", code));
        }
        let draft = case.draft(&cx.actor, Act::SetOfficer, "officer_set");
        let before = std::mem::replace(&mut case.row.facts.officer, input.staff_id);
        let change = json!({"from": before, "to": input.staff_id});
        case.event(draft.with("officer", change).sealed(json!({"note": input.note})));
        Ok(None)
    })
}

fn refused(c: &mut Conn, case: &Case, staff: Id) -> Result<Option<Code>> {
    let Some(account) = account::repo::find(c, staff)?.filter(|account| account.status == AccountStatus::Active) else {
        return Ok(Some(codes::UNKNOWN_STAFF));
    };
    let handles = account::repo::roles(c, &[staff])?.get(&staff).is_some_and(|roles| roles.meets(Relation::Le.roles()));
    Ok(if !case.led_by(account.unit_id) || !handles {
        Some(codes::NOT_IN_LEAD_UNIT)
    } else if case.bars.iter().any(|bar| bar.account_id == Some(staff)) {
        Some(codes::RECUSED_OFFICER)
    } else if case.row.facts.not_again == Some(staff) {
        Some(codes::SAME_OFFICER)
    } else {
        None
    })
}
