//! Who takes part in a petition, and who no longer does.

use super::acts::Act;
use super::case::Case;
use super::model::{Party, PartyRole, PartyStatus};
use super::party::{self, NewParty};
use super::repo;
use super::service::perform;
use crate::auth::Context;
use crate::codes;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// Ending somebody's part in a petition.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "本人收回委托，今后自行办理。"}))]
pub struct EndParty {
    /// Why.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub reason: Option<String>,
}

/// Adds a person to an open petition.
///
/// # Errors
/// As [`perform`]; Invalid for too many representatives or no authority.
pub fn add_party(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<NewParty>) -> Result<Answer> {
    perform(c, cx, id, Act::AddParty, body, |c, cx, case, input| {
        let (party, role) = join(c, cx, case, input, "")?;
        // whoever goes on after the heirs had said nobody would
        let unheard = case.row.facts.heirs.as_ref().is_some_and(|asked| asked.answer.is_none());
        if case.row.facts.heirs.is_some() && !unheard && !case.principals().is_empty() {
            case.row.facts.heirs = None;
            case.resume_clocks(c, cx)?;
        }
        let mut draft = case.draft(&cx.actor, Act::AddParty, "party_added").with("party_id", party).with("role", role);
        if let Some(own_will) = &input.own_will {
            draft = draft.with("own_will", own_will.how);
        }
        case.event(draft.sealed(json!({"party": party::sealed(input)})));
        // a second petitioner ends the simplified procedure
        if role.is_principal() {
            case.end_simplified(cx, None);
        }
        Ok(Some(format!("parties/{party}")))
    })
}

/// Takes a person into a case, with its facts; before the event. The pointers of faults begin at `at`.
///
/// # Errors
/// Invalid for too many representatives or no authority.
pub fn join(c: &mut Conn, cx: &mut Context, case: &mut Case, new: &NewParty, at: &str) -> Result<(Id, PartyRole)> {
    let representatives = case.active_parties().filter(|p| p.role == PartyRole::Representative).count();
    let alone = std::slice::from_ref(new);
    let mut faults = party::faults(cx, alone, representatives, |_| at.to_owned());
    let profiles = party::profiles(c, cx, alone, &mut faults, |_| at.to_owned())?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let n = case.parties.iter().map(|p| p.n).max().unwrap_or(0) + 1;
    let mut row = party::row(cx, case.row.id, n, new)?;
    if let Some(profile) = profiles.values().next() {
        party::fill(cx, &mut row, profile)?;
    }
    repo::insert_party(c, &row)?;
    let joined = (row.id, row.role);
    if row.role.is_principal() {
        case.row.facts.anonymous = false;
        case.content.anonymous = false;
        repo::update_content(c, &case.content)?;
    }
    case.parties.push(row);
    case.count_parties();
    case.reconsider(c, cx)?;
    Ok(joined)
}

/// Ends a person's part: a proxy whose authority is taken back, somebody who leaves the matter to the others.
///
/// # Errors
/// [`Error::NotFound`] for an unknown person; Conflict for the last whose petition it is, or one who takes no part any more;
/// as [`perform`]; Invalid without a reason.
pub fn end_party(c: &mut Conn, cx: &mut Context, id: Id, party: Id, body: &Body<EndParty>) -> Result<Answer> {
    perform(c, cx, id, Act::EndParty, body, |c, cx, case, input| {
        let place = find(case, party)?;
        let last = case.principals().iter().all(|p| p.id == party) && !case.principals().is_empty();
        if last {
            return Err(case.refusal(&cx.actor, codes::LAST_PETITIONER));
        }
        let Some(reason) = &input.reason else {
            return Err(Error::Invalid(vec![Fault::new("/reason", codes::REASON_REQUIRED)]));
        };
        let row = leave(c, cx, case, place, PartyStatus::Ended, Time(cx.now()), Some(reason.clone()))?;
        let draft = case.draft(&cx.actor, Act::EndParty, "party_ended").with("party_id", row.id).with("role", row.role);
        case.event(draft.sealed(json!({"reason": reason})));
        Ok(None)
    })
}

/// The place of a person who takes part.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] for one who does not any more.
pub fn find(case: &Case, party: Id) -> Result<usize> {
    let place = case.parties.iter().position(|p| p.id == party).ok_or(Error::NotFound)?;
    let active = case.parties.get(place).is_some_and(|p| p.status == PartyStatus::Active);
    if active { Ok(place) } else { Err(Error::conflict(codes::ALREADY_REPORTED)) }
}

/// Says what became of a person who took part, with the facts of the case; before the event.
///
/// # Errors
/// Database only.
pub fn leave(
    c: &mut Conn,
    cx: &Context,
    case: &mut Case,
    place: usize,
    status: PartyStatus,
    at: Time,
    why: Option<String>,
) -> Result<Party> {
    let row = case.parties.get_mut(place).ok_or(Error::NotFound)?;
    (row.status, row.ended_at, row.ended_reason) = (status, Some(at), why);
    let row = row.clone();
    repo::update_party(c, &row)?;
    case.count_parties();
    case.reconsider(c, cx)?;
    Ok(row)
}
