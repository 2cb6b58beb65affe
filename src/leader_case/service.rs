//! Instructing, taking charge and giving it up.

use super::model::{Charged, ChargedItem, Instruct, Instruction, LeaderCase, LeaderCasesPage, ReleaseCharge, TakeCharge};
use super::repo;
use crate::account;
use crate::audit::Draft;
use crate::auth::{Context, Paging, Relation, Role};
use crate::codes;
use crate::petition::facts::Charge;
use crate::petition::{Act, Case, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body, Page, codes as web};
use chrono::NaiveDate;
use serde_json::json;

/// Writes down what a leader says should be done.
///
/// # Errors
/// As [`service::perform`].
pub fn instruct(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<Instruct>) -> Result<Answer> {
    service::perform(c, cx, id, Act::Instruct, body, |c, cx, case, input| {
        let row =
            Instruction { id: cx.draw.id(), petition_id: id, text: input.text.clone(), given_at: Time(cx.now()), given_by: cx.actor.id() };
        repo::insert_instruction(c, &row)?;
        let draft = case.draft(&cx.actor, Act::Instruct, "instructed").with("instruction_id", row.id);
        case.event(draft.sealed(json!({"text": row.text})));
        Ok(Some(format!("instructions/{}", row.id)))
    })
}

/// Writes down what a leader said on a reception day; the caller stores the case.
///
/// # Errors
/// Database only.
pub fn instructed(c: &mut Conn, cx: &mut Context, case: &mut Case, leader: Id, reception_day: Id, text: &str) -> Result<Id> {
    let (id, petition_id, given_at) = (cx.draw.id(), case.row.id, Time(cx.now()));
    let row = Instruction { id, petition_id, text: text.to_owned(), given_at, given_by: leader };
    repo::insert_instruction(c, &row)?;
    let draft = Draft::new("instructed", cx.actor.role_among(Act::Register.row().roles())).with("instruction_id", row.id);
    case.event(draft.with("leader", leader).with("reception_day_id", reception_day).sealed(json!({"text": row.text})));
    Ok(row.id)
}

/// Puts a leader in charge, or says when the one in charge looks again; another leader takes over.
///
/// # Errors
/// As [`service::perform`]; Forbidden for a leader who names another; Invalid for a day that is past, or who is no leader.
pub fn take(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<TakeCharge>) -> Result<Answer> {
    service::perform(c, cx, id, Act::TakeCharge, body, |c, cx, case, input| {
        let leader = leader(c, cx, case, input)?;
        let before = case.row.facts.charge;
        let row = match before.filter(|charge| charge.leader == leader) {
            Some(charge) => {
                let standing = repo::find(c, charge.id)?.ok_or_else(|| Error::internal("a leader's case that is not there"))?;
                let row = LeaderCase { next_look: input.next_look, note: input.note.clone().or(standing.note.clone()), ..standing };
                repo::update(c, &row)?;
                row
            }
            None => {
                if let Some(charge) = before {
                    release_row(c, cx, charge, None)?;
                }
                let row = LeaderCase {
                    id: cx.draw.id(),
                    petition_id: id,
                    leader_id: leader,
                    next_look: input.next_look,
                    note: input.note.clone(),
                    taken_at: Time(cx.now()),
                    taken_by: cx.actor.id(),
                    result: None,
                    released_at: None,
                    released_by: None,
                };
                repo::insert(c, &row)?;
                row
            }
        };
        let draft = case.draft(&cx.actor, Act::TakeCharge, "charge_taken");
        case.row.facts.charge = Some(Charge { id: row.id, leader, next_look: row.next_look });
        let change = json!({"from": before.map(|charge| charge.leader), "to": leader});
        let draft = draft.with("leader_case_id", row.id).with("leader", change).with("next_look", row.next_look);
        case.event(draft.sealed(json!({"note": input.note})));
        Ok(None)
    })
}

/// Ends a leader's charge with its result.
///
/// # Errors
/// As [`service::perform`]; Forbidden for another leader; Invalid without a result.
pub fn release(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<ReleaseCharge>) -> Result<Answer> {
    service::perform(c, cx, id, Act::ReleaseCharge, body, |c, cx, case, input| {
        let charge = case.row.facts.charge.ok_or_else(|| case.refusal(&cx.actor, codes::NO_LEADER_CASE))?;
        let result = input.result.as_deref().ok_or_else(|| Error::fault("/result", codes::RESULT_REQUIRED))?;
        release_row(c, cx, charge, Some(result))?;
        let draft = case.draft(&cx.actor, Act::ReleaseCharge, "charge_released");
        case.row.facts.charge = None;
        case.event(draft.with("leader_case_id", charge.id).with("leader", charge.leader).sealed(json!({"result": result})));
        Ok(None)
    })
}

/// A page of what leaders have charge of.
///
/// # Errors
/// Database only.
pub fn page(c: &mut Conn, cx: &Context, asked: &LeaderCasesPage, paging: &Paging<(NaiveDate, Id)>) -> Result<Page<ChargedItem>> {
    let rows = repo::charged(c, &cx.actor, asked, paging.after, paging.rows())?;
    let mut titles = repo::titles(c, rows.iter().map(|row| row.petition_id).collect())?;
    let view = |row: Charged| {
        let title = titles.remove(&row.petition_id).unwrap_or_default();
        Ok(ChargedItem::of(row, title))
    };
    paging.page(cx, rows, |row| (row.next_look, row.id), view)
}

fn release_row(c: &mut Conn, cx: &Context, charge: Charge, result: Option<&str>) -> Result<()> {
    let standing = repo::find(c, charge.id)?.ok_or_else(|| Error::internal("a leader's case that is not there"))?;
    let over =
        LeaderCase { result: result.map(str::to_owned), released_at: Some(Time(cx.now())), released_by: Some(cx.actor.id()), ..standing };
    repo::update(c, &over)
}

/// Who is to be in charge: the leader who says so, or the one a supervisor names.
fn leader(c: &mut Conn, cx: &Context, case: &Case, input: &TakeCharge) -> Result<Id> {
    let relations = case.relations(&cx.actor);
    let own = cx.actor.id();
    if !relations.has(Relation::Sv) && input.leader_id.is_some_and(|leader| leader != own) {
        return Err(Error::Forbidden(web::NOT_PERMITTED));
    }
    let mut faults = Vec::new();
    if input.next_look <= cx.today() {
        faults.push(Fault::new("/next_look", codes::NEXT_LOOK_PAST));
    }
    let leader = input.leader_id.or(relations.has(Relation::Ld).then_some(own));
    let known = match leader {
        None => false,
        Some(leader) => {
            let leads = account::repo::roles(c, &[leader])?.get(&leader).is_some_and(|roles| roles.has(Role::Leader));
            let barred = case.bars.iter().any(|bar| bar.account_id == Some(leader));
            leads && !barred && account::repo::active(c, &[leader])?.contains(&leader)
        }
    };
    if !known {
        faults.push(Fault::new("/leader_id", codes::NOT_A_LEADER));
    }
    match leader {
        Some(leader) if faults.is_empty() => Ok(leader),
        _ => Err(Error::Invalid(faults)),
    }
}
