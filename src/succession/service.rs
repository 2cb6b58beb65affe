//! Reporting a death or incapacity, and recording what the heirs want.

use super::model::{AnswerHeirs, Fate, HeirsInquiry, ReportFate};
use super::repo;
use crate::auth::Context;
use crate::care::{self, Whom};
use crate::codes;
use crate::deadline::ClockKind;
use crate::deadline::rules::midnight;
use crate::petition::clocks::NewClock;
use crate::petition::clocks::fates::Ending;
use crate::petition::facts::{HeirsAnswer, HeirsAsked};
use crate::petition::model::{Party, PartyStatus};
use crate::petition::{Act, Case, Stage, people, rules, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body};
use crate::retiree;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};

/// Reports that a person died or can no longer act; when nobody is left whose petition it is, the heirs are to be asked.
///
/// # Errors
/// [`Error::NotFound`] for an unknown person; Conflict for one of whom it is known; as [`service::perform`]; Invalid for a day to come.
pub fn report(c: &mut Conn, cx: &mut Context, id: Id, party: Id, body: &Body<ReportFate>) -> Result<Answer> {
    let since = |cx: &Context, value: &Value| {
        let since = value.get("since").and_then(|since| NaiveDate::deserialize(since).ok());
        since.map_or_else(Vec::new, |since| since_faults(since, cx.today()))
    };
    service::perform_beside(c, cx, id, Act::ReportDeath, body, since, |c, cx, case, input| {
        let place = people::find(case, party)?;
        let since = input.since.unwrap_or(cx.today());
        let faults = since_faults(since, cx.today());
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let (status, event) = match input.status {
            Fate::Deceased => (PartyStatus::Deceased, "death_reported"),
            Fate::Incapacitated => (PartyStatus::Incapacitated, "incapacity_reported"),
        };
        let before = case.row.facts.principals;
        let at = Time(midnight(since, cx.zone));
        let row = people::leave(c, cx, case, place, status, at, input.note.clone())?;
        let mut draft = case.draft(&cx.actor, Act::ReportDeath, event).with("party_id", row.id).with("since", since);
        if before > 0 && case.row.facts.principals == 0 {
            if case.row.stage == Stage::Closed {
                case.end_clocks(cx, Ending::Deceased, None);
            } else if case.row.facts.heirs.is_none() {
                draft = draft.with("heirs_inquiry_id", ask(c, cx, case, row.id, since)?);
            }
        }
        case.event(draft.sealed(json!({"note": input.note})));
        if input.status == Fate::Deceased && row.role.is_principal() {
            visit_family(c, cx, case, &row)?;
        }
        Ok(None)
    })
}

/// The family is visited. Not by what a confidential petition says: the list of visits would tell who complained.
fn visit_family(c: &mut Conn, cx: &mut Context, case: &Case, party: &Party) -> Result<()> {
    if case.row.restricted {
        return Ok(());
    }
    let unit = Some(case.row.lead_unit.unwrap_or(case.row.registered_unit));
    let known = party.retiree_id.map(|id| retiree::whom(c, cx.today(), id)).transpose()?.flatten();
    let whom = match known {
        Some(whom) => Whom { unit: whom.unit.or(unit), ..whom },
        // another petition of theirs may have said so before
        None => {
            let theirs = repo::of_the_same(c, case.row.matter_id, party)?;
            if care::repo::family_visited(c, &party.name, &theirs)? {
                return Ok(());
            }
            Whom { retiree: None, name: party.name.clone(), unit, liaison: None }
        }
    };
    care::changes::died(c, cx, &whom, Some(case.row.id))
}

fn since_faults(since: NaiveDate, today: NaiveDate) -> Vec<Fault> {
    let code = match () {
        () if since > today => codes::IN_FUTURE,
        () if rules::too_early(since) => codes::TOO_EARLY,
        () => return Vec::new(),
    };
    vec![Fault::new("/since", code)]
}

/// Asks the heirs: what nobody is there for stands still meanwhile.
fn ask(c: &mut Conn, cx: &mut Context, case: &mut Case, party: Id, since: NaiveDate) -> Result<Id> {
    let row = HeirsInquiry {
        id: cx.draw.id(),
        petition_id: case.row.id,
        party_id: party,
        since,
        opened_at: Time(cx.now()),
        opened_by: cx.actor.id(),
        answer: None,
        note: None,
        answered_at: None,
        answered_by: None,
    };
    repo::insert(c, &row)?;
    case.row.facts.heirs = Some(HeirsAsked { id: row.id, answer: None });
    case.pause_clocks(c, cx, since)?;
    let unit = case.row.lead_unit.unwrap_or(case.row.registered_unit);
    case.start_clock(c, cx, NewClock { kind: ClockKind::HeirsInquiry, from: row.opened_at.0, unit, until: None })?;
    Ok(row.id)
}

/// Records what the heirs want: somebody takes the place of the petitioner, and limits go on; or nobody does.
///
/// # Errors
/// As [`service::perform`]; Invalid when they go on and nobody is named, or nobody does and somebody is.
pub fn answer(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<AnswerHeirs>) -> Result<Answer> {
    service::perform(c, cx, id, Act::AnswerHeirs, body, |c, cx, case, input| {
        let asked = repo::last(c, id)?.ok_or_else(|| case.refusal(&cx.actor, codes::NO_HEIRS_INQUIRY))?;
        let goes_on = input.answer == HeirsAnswer::Continue;
        let mut joined = None;
        if let Some(party) = &input.party {
            if !goes_on {
                return Err(Error::fault("/party", codes::PARTY_NOT_EXPECTED));
            }
            joined = Some(people::join(c, cx, case, party, "/party")?.0);
        }
        if goes_on && case.principals().is_empty() {
            return Err(Error::fault("/party", codes::PARTY_REQUIRED));
        }
        let row = HeirsInquiry {
            answer: Some(input.answer),
            note: input.note.clone(),
            answered_at: Some(Time(cx.now())),
            answered_by: Some(cx.actor.id()),
            ..asked
        };
        repo::answer(c, &row)?;
        let draft = case.draft(&cx.actor, Act::AnswerHeirs, "heirs_answered");
        case.fulfil(c, cx, "answer_heirs")?;
        if goes_on {
            case.row.facts.heirs = None;
            case.resume_clocks(c, cx)?;
        } else {
            case.row.facts.heirs = Some(HeirsAsked { id: row.id, answer: row.answer });
        }
        let draft = draft.with("heirs_inquiry_id", row.id).with("answer", input.answer).with("party_id", joined);
        case.event(draft.sealed(json!({"note": row.note, "party": input.party})));
        Ok(None)
    })
}
