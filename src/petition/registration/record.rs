//! Recording a registration: what the database has to be asked, and the rows.

use super::bars::{bars, registering_unit};
use super::{Prepared, RegisterPetition};
use crate::audit::{self, Draft, Head, SubjectKind};
use crate::auth::Context;
use crate::category;
use crate::codes;
use crate::deadline::ClockKind;
use crate::petition::acts::Act;
use crate::petition::case::{Case, Rows};
use crate::petition::clocks::{About, Clocks, NewClock};
use crate::petition::facts::Facts;
use crate::petition::model::{Content, ExternalNumberRow, Fact, Kind, Party, PartyRole, Petition, Stage};
use crate::petition::party::{self, NewParty};
use crate::petition::priority::{self, Level, Reasons};
use crate::petition::repeats::rules::Came;
use crate::petition::repeats::{Place, service as repeats};
use crate::petition::{number, repo, rules, visits};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::ids::is_v7;
use crate::platform::web::codes as web;
use crate::retiree::Known;
use crate::unit;
use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use std::collections::HashMap;

/// A `received_at` this far ahead is a clock that is a little wrong, further is a mistake.
pub(in crate::petition) const TOLERANCE: Duration = Duration::minutes(5);

/// A device that took it down longer ago than this has lost its clock, unless somebody says why.
const LONGEST_OFFLINE: Duration = Duration::days(366);

/// Records a petition that was prepared from the same words; answers the case and its query code, which is told only here.
///
/// # Errors
/// Invalid with every fault; Conflict when its id is taken.
pub fn record(c: &mut Conn, cx: &mut Context, new: &RegisterPetition, prepared: &Prepared) -> Result<(Case, String)> {
    let received_at = new.received_at.or(new.captured_at).unwrap_or(cx.now());
    let (earlier, profiles) = check(c, cx, new, received_at)?;

    let id = prepared.id;
    let bars = bars(c, cx, id, new)?;
    let registered_unit = registering_unit(c, cx.actor.unit_id, &bars, new.kind)?;
    let is_anonymous = new.anonymous.unwrap_or(false);
    let mut parties = prepared.parties.clone();
    for party in &mut parties {
        if let Some(profile) = party.retiree_id.and_then(|id| profiles.get(&id)) {
            party::fill(cx, party, profile)?;
        }
    }
    let urgent = new.urgent.unwrap_or(false);
    let own: Vec<&Party> = parties.iter().filter(|p| p.role.is_principal()).collect();
    let known: Vec<_> = own.iter().filter_map(|p| profiles.get(&p.retiree_id?)).map(Known::circumstances).collect();
    let facts = priority::facts(cx.today(), &own, &known, new.intake_place);
    let reasons = Reasons::of(&facts, urgent);
    let level = reasons.level(None);
    let clocks = clocks(c, cx, new, prepared, registered_unit, received_at, level != Level::Normal)?;
    let (sort_due, sort_yellow) = clocks.nearest();
    let came = Came { received_at: Time::claimed(received_at), registered_at: Time(cx.now()), id };
    let coming = earlier.map(|(earlier, matter)| repeats::coming(c, earlier, matter, came)).transpose()?;
    let place = coming.as_ref().map_or(Place::alone(prepared.matter_id), |coming| coming.place);
    let n = repo::next_n(c)?;
    let row = Petition {
        id,
        n,
        number: number::number(&cx.office_code, cx.today(), new.channel, n),
        kind: new.kind,
        channel: new.channel,
        stage: Stage::Registered,
        category: new.category.clone(),
        registered_unit,
        registered_by: cx.actor.id(),
        sending_unit: registered_unit,
        lead_unit: None,
        review_unit: None,
        restricted: new.restricted.unwrap_or(false) || new.kind == Kind::Accusation,
        barred: !bars.is_empty(),
        urgent,
        simplified: new.simplified.unwrap_or(false),
        first_here: place.is_first(),
        matter_id: place.matter,
        repeat_of: place.repeat_of,
        received_at: Time::claimed(received_at),
        registered_at: Time(cx.now()),
        registered_day: cx.today(),
        closed_at: None,
        closure_reason: None,
        sort_due,
        sort_yellow,
        work_unit: Some(registered_unit),
        priority_rank: level.rank(),
        facts: Facts {
            anonymous: is_anonymous,
            principals: principals(&parties),
            reachable: parties.iter().any(party::reaches),
            has_external_numbers: !new.external_numbers.is_empty(),
            linked: place.linked,
            ..Facts::default()
        },
        version: 1,
        event_n: 1,
        event_hash: Vec::new(),
    };
    let content = Content {
        petition_id: id,
        title: new.title.clone(),
        statement: new.statement.clone(),
        purpose: new.purpose.clone(),
        matter_place: new.matter_place.clone(),
        intake_place: new.intake_place,
        occurred_at: new.occurred_at.map(Time::claimed),
        captured_at: new.captured_at.map(Time::claimed),
        backdating_reason: new.backdating_reason.clone(),
        anonymous: is_anonymous,
        joint: new.joint.unwrap_or(false),
        litigation_related: new.litigation_related.unwrap_or(false),
        wants_visit: new.wants_visit.unwrap_or(false),
        persons: new.persons.unwrap_or_else(|| present(&new.parties).max(1)),
        affected: new.affected,
        subject_name: new.subject.as_ref().map(|s| s.name.clone()),
        subject_unit_id: new.subject.as_ref().and_then(|s| s.unit_id),
        subject_staff_id: new.subject.as_ref().and_then(|s| s.staff_id),
        repeat_no: place.repeat_no,
        priority_reasons: reasons.written(),
        query_code_mac: prepared.query_code_mac.clone(),
        read_back: new.read_back,
        read_back_at: new.read_back.map(|_| new.captured_at.map_or(Time(cx.now()), Time::claimed)),
        read_back_by: new.read_back.map(|_| cx.actor.id()),
    };
    let first = parties.iter().find(|p| p.role.is_principal());
    let living = first.and_then(|p| p.retiree_id).and_then(|id| profiles.get(&id)).and_then(|known| known.circumstances().living_situation);
    let fact = Fact {
        petition_id: id,
        registered_day: cx.today(),
        received_day: cx.day(received_at),
        closed_day: None,
        closure_reason: None,
        voided: false,
        kind: new.kind,
        channel: new.channel,
        category: new.category.clone(),
        registered_unit,
        lead_unit: None,
        first_here: place.is_first(),
        litigation_related: content.litigation_related,
        joint: content.joint,
        anonymous: content.anonymous,
        persons: content.persons,
        age_band: first.and_then(|p| p.birth_date).map(|born| rules::age_band(rules::age(born, cx.today())).to_owned()),
        sex: first.and_then(|p| p.sex),
        living: living.map(|living| living.as_str().to_owned()),
    };
    let numbers: Vec<_> = new
        .external_numbers
        .iter()
        .map(|e| ExternalNumberRow { petition_id: id, issuer: e.issuer.clone(), number: e.number.clone() })
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();

    // the row is stored once, with its chain's head, and first: an id that is taken shows there, before its chain is touched
    let mut clocks = clocks;
    let mut draft = registered_event(cx, &row, &content, &parties).sealed_before(prepared.words.clone());
    if place.linked {
        draft = repeats::told(draft, &place, row.restricted);
    }
    if let Some(told) = clocks.take_told() {
        draft = draft.with("clocks", told);
    }
    let event = audit::compose(cx, SubjectKind::Petition, id, &Head::none(), draft)?;
    let head = event.head();
    let row = Petition { event_n: head.n, event_hash: head.hash, ..row };
    if new.id.is_some() {
        audit::repo::require_free(c, id)?;
    }
    if !repo::insert(c, &row, &content, &fact, &parties, &numbers, &bars)? {
        return Err(Error::conflict(web::ID_TAKEN));
    }
    event.record(c)?;
    clocks.store(c)?;
    visits::registered(c, cx, new, &row, &parties)?;
    if let Some(coming) = &coming {
        repeats::came_in(c, cx, coming)?;
    }
    let rows = Rows { row, content, parties, bars, clocks, supervisions: Vec::new() };
    Ok((Case::of(c, cx, rows)?, prepared.query_code.clone()))
}

/// The clocks that start with the petition's arrival.
fn clocks(
    c: &mut Conn,
    cx: &mut Context,
    new: &RegisterPetition,
    prepared: &Prepared,
    unit: Id,
    received_at: DateTime<Utc>,
    first: bool,
) -> Result<Clocks> {
    let about = About { petition: prepared.id, kind: new.kind, route: None, first, n: 1 };
    let (mut clocks, now) = (Clocks::default(), cx.now());
    let mut start = |kind, from| clocks.start(c, cx, &about, &NewClock { kind, from, unit, until: None });
    start(ClockKind::TriageNotice, received_at)?;
    if new.simplified.unwrap_or(false) {
        start(ClockKind::SimplifiedAcceptance, received_at)?;
    }
    if new.urgent.unwrap_or(false) {
        start(ClockKind::UrgentReport, now)?;
    }
    Ok(clocks)
}

fn registered_event(cx: &Context, row: &Petition, content: &Content, parties: &[Party]) -> Draft {
    let person = |p: &Party| {
        let mut said = json!({"id": p.id, "role": p.role});
        if let Some(retiree) = p.retiree_id {
            said["retiree_id"] = json!(retiree);
        }
        if let Some(how) = p.own_will_how {
            said["own_will"] = json!(how);
        }
        said
    };
    let people: Vec<_> = parties.iter().map(person).collect();
    let draft = Draft::new("registered", cx.actor.role_among(Act::Register.row().roles()))
        .with("stage", json!({"from": null, "to": row.stage}))
        .with("number", &row.number)
        .with("kind", row.kind)
        .with("channel", row.channel)
        .with("category", &row.category)
        .with("registered_unit", row.registered_unit)
        .with("received_at", row.received_at)
        .with("captured_at", content.captured_at)
        .with("matter_id", row.matter_id)
        .with("restricted", row.restricted)
        .with("urgent", row.urgent)
        .with("simplified", row.simplified)
        .with("persons", content.persons)
        .with("parties", people);
    match content.read_back {
        Some(read_back) => draft.with("read_back", read_back),
        None => draft,
    }
}

/// What a registration rests on: the petition it repeats with its matter, and the profiles its people have.
type Found = (Option<(Id, Id)>, HashMap<Id, Known>);

/// What is wrong with the people, the category, the subject and the petition repeated, of a registration other faults of which are known:
/// these can be judged whatever is wrong with the rest.
///
/// # Errors
/// Database only.
pub fn faults_beside(c: &mut Conn, cx: &Context, new: &RegisterPetition) -> Result<Vec<Fault>> {
    match check(c, cx, new, cx.now()) {
        Ok(_) => Ok(Vec::new()),
        Err(Error::Invalid(mut faults)) => {
            let apart =
                |fault: &Fault| ["/parties/", "/category", "/subject/", "/repeat_of"].iter().any(|at| fault.pointer.starts_with(at));
            faults.retain(apart);
            Ok(faults)
        }
        Err(other) => Err(other),
    }
}

/// Every fault at once.
fn check(c: &mut Conn, cx: &Context, new: &RegisterPetition, received_at: DateTime<Utc>) -> Result<Found> {
    let (now, today) = (cx.now(), cx.today());
    let mut faults = party::faults(cx, &new.parties, 0, |i| format!("/parties/{i}"));
    let profiles = party::profiles(c, cx, &new.parties, &mut faults, |i| format!("/parties/{i}"))?;
    let mut fault_if = |wrong: bool, pointer: &str, code| {
        if wrong {
            faults.push(Fault::new(pointer, code));
        }
    };
    fault_if(new.id.is_some_and(|id| !is_v7(id.0)), "/id", codes::NOT_V7);
    let ahead = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at > now + TOLERANCE);
    fault_if(ahead(new.received_at), "/received_at", codes::RECEIVED_IN_FUTURE);
    fault_if(ahead(new.captured_at), "/captured_at", codes::IN_FUTURE);
    fault_if(ahead(new.occurred_at), "/occurred_at", codes::IN_FUTURE);
    let early = |at: Option<DateTime<Utc>>| at.is_some_and(|at| rules::too_early(cx.day(at)));
    fault_if(early(new.received_at), "/received_at", codes::TOO_EARLY);
    fault_if(early(new.captured_at), "/captured_at", codes::TOO_EARLY);
    fault_if(early(new.occurred_at), "/occurred_at", codes::TOO_EARLY);
    let long_ago = new.captured_at.filter(|at| *at < now - LONGEST_OFFLINE && !early(Some(*at)));
    let behind = long_ago.is_some() && new.backdating_reason.is_none();
    fault_if(behind, "/captured_at", codes::DEVICE_CLOCK_BEHIND);
    fault_if(new.read_back.is_some() && !new.channel.is_oral(), "/read_back", codes::NOT_ORAL);
    let late = cx.day(received_at) < today && new.captured_at.is_none();
    fault_if(late && new.backdating_reason.is_none(), "/backdating_reason", codes::BACKDATING_REASON_REQUIRED);
    let named = new.parties.iter().any(|p| p.role == PartyRole::Petitioner);
    fault_if(!named && !new.anonymous.unwrap_or(false), "/parties", codes::PETITIONER_REQUIRED);
    fault_if(new.persons.is_some_and(|n| n < present(&new.parties)), "/persons", codes::PERSONS_TOO_FEW);
    let principals = new.parties.iter().filter(|p| p.role.is_principal()).count();
    let ineligible = new.kind == Kind::Accusation || principals > 1 || new.urgent.unwrap_or(false) || new.repeat_of.is_some();
    fault_if(new.simplified.unwrap_or(false) && ineligible, "/simplified", codes::NOT_ELIGIBLE_SIMPLIFIED);
    match category::repo::find(c, &new.category)? {
        None => fault_if(true, "/category", codes::UNKNOWN_CATEGORY),
        Some(category) => fault_if(category.closed_on.is_some_and(|day| day <= today), "/category", codes::CATEGORY_CLOSED),
    }
    let earlier = new.repeat_of.map(|id| repo::find(c, &cx.actor, id)).transpose()?.map(|found| found.map(|(row, _)| row));
    match &earlier {
        Some(None) => fault_if(true, "/repeat_of", codes::UNKNOWN_PETITION),
        Some(Some(row)) => fault_if(rules::different_kinds(row.kind, new.kind), "/repeat_of", codes::DIFFERENT_KIND),
        None => {}
    }
    if let Some(subject) = &new.subject {
        if let Some(unit_id) = subject.unit_id {
            fault_if(unit::repo::find(c, unit_id)?.is_none(), "/subject/unit_id", codes::UNKNOWN_UNIT);
        }
        if let Some(staff_id) = subject.staff_id {
            fault_if(crate::account::repo::find(c, staff_id)?.is_none(), "/subject/staff_id", codes::UNKNOWN_STAFF);
        }
    }
    if faults.is_empty() { Ok((earlier.flatten().map(|row| (row.id, row.matter_id)), profiles)) } else { Err(Error::Invalid(faults)) }
}

/// Petitioners and representatives: those who can have come.
fn present(parties: &[NewParty]) -> i32 {
    let came = parties.iter().filter(|p| p.role.is_present()).count();
    i32::try_from(came).unwrap_or(i32::MAX)
}

fn principals(parties: &[Party]) -> u32 {
    u32::try_from(parties.iter().filter(|p| p.role.is_principal()).count()).unwrap_or(u32::MAX)
}
