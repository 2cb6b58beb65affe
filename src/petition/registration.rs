//! Registration (登记): the one way a petition is made. Intake, the batch and the demonstration call it.

use super::acts::Act;
use super::case::Case;
use super::facts::Facts;
use super::model::{Bar, Channel, Content, ExternalNumberRow, Fact, IntakePlace, Kind, PartyRole, Petition, Stage};
use super::party::{self, NewParty};
use super::{number, repo, rules};
use crate::audit::{Draft, Head};
use crate::auth::Context;
use crate::category;
use crate::codes;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::ids::is_v7;
use crate::platform::web::codes as web;
use crate::unit::{self, UnitKind};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// A `received_at` this far ahead is a clock that is a little wrong, further is a mistake.
pub(super) const TOLERANCE: Duration = Duration::minutes(5);
/// Stands for "no clock runs": keyset pages can't end on null.
const NEVER_DUE: i64 = 253_370_764_800;

/// The person or unit complained of.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// As the petitioner names them.
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    pub name: String,
    /// The unit, if it is one of the office's; it and all below it are barred.
    #[serde(default)]
    pub unit_id: Option<Id>,
    /// The member of staff, if it is one; they and, on an accusation, the people of their unit are barred.
    #[serde(default)]
    pub staff_id: Option<Id>,
}

/// A number another office gave the same petition.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalNumber {
    /// Who gave it.
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub issuer: String,
    /// The number as written there.
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub number: String,
}

/// What a desk or a phone sends to register a petition.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "channel": "visit", "kind": "claim", "category": "medical.remote", "title": "异地就医住院费未报销",
    "statement": "本人去年十月在省城女儿家突发心梗住院，共花费4.6万元，回来后多次送材料，至今没有报销。",
    "purpose": "请尽快核实并报销异地住院费用",
    "parties": [{"role": "petitioner", "name": "张建国", "sex": "male", "birth_date": "1943-05-12", "phone": "13800000001", "address": "城东区和平路12号3栋201室"}]
}))]
pub struct RegisterPetition {
    /// A UUIDv7 made by the client: sending the same again is answered as the first time.
    #[serde(default)]
    pub id: Option<Id>,
    /// How it reached the office.
    pub channel: Channel,
    /// Where it was taken down.
    #[serde(default)]
    pub intake_place: Option<IntakePlace>,
    /// What it is.
    pub kind: Kind,
    /// Code of its category.
    #[schema(min_length = 1, max_length = 64)]
    pub category: String,
    /// A line that names the matter.
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    pub title: String,
    /// What the petitioner says, verbatim; read back when oral (Art. 19).
    #[schema(min_length = 1, max_length = 20000, pattern = "\\S")]
    pub statement: String,
    /// What they want.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    pub purpose: Option<String>,
    /// When the matter happened.
    #[serde(default)]
    pub occurred_at: Option<DateTime<Utc>>,
    /// Where the matter happened.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    pub matter_place: Option<String>,
    /// Whether it is before a court.
    #[serde(default)]
    pub litigation_related: Option<bool>,
    /// When a device took it down, perhaps offline.
    #[serde(default)]
    pub captured_at: Option<DateTime<Utc>>,
    /// When the office really got it; starts the legal clocks. Defaults to `captured_at`, else to now.
    #[serde(default)]
    pub received_at: Option<DateTime<Utc>>,
    /// Why it is registered on a later day than it was received.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500, pattern = "\\S")]
    pub backdating_reason: Option<String>,
    /// The people, the petitioner first.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub parties: Vec<NewParty>,
    /// The person or unit complained of.
    #[serde(default)]
    pub subject: Option<Subject>,
    /// People who came; defaults to the petitioners and representatives, at least 1.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100000)]
    pub persons: Option<i32>,
    /// People concerned.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 10000000)]
    pub affected: Option<i32>,
    /// Cannot wait (Art. 25).
    #[serde(default)]
    pub urgent: Option<bool>,
    /// Confidential; every accusation is.
    #[serde(default)]
    pub restricted: Option<bool>,
    /// Filed without a name.
    #[serde(default)]
    pub anonymous: Option<bool>,
    /// Filed by several people together.
    #[serde(default)]
    pub joint: Option<bool>,
    /// They ask for a visit at home.
    #[serde(default)]
    pub wants_visit: Option<bool>,
    /// To be handled in the simplified procedure.
    #[serde(default)]
    pub simplified: Option<bool>,
    /// Numbers other offices gave it.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_numbers: Vec<ExternalNumber>,
}

/// Registers a petition; answers the case and its query code, which is told only here.
///
/// # Errors
/// Invalid with every fault; Conflict when its id is taken.
pub fn register(c: &mut Conn, cx: &mut Context, new: &RegisterPetition) -> Result<(Case, String)> {
    let received_at = new.received_at.or(new.captured_at).unwrap_or(cx.now());
    check(c, cx, new, received_at)?;

    let id = new.id.unwrap_or_else(|| cx.draw.id());
    let bars = bars(c, cx, id, new)?;
    let registered_unit = registering_unit(c, cx.actor.unit_id, &bars, new.kind)?;
    let is_anonymous = new.anonymous.unwrap_or(false);
    let parties = (1..).zip(&new.parties).map(|(n, p)| party::row(cx, id, n, p)).collect::<Result<Vec<_>>>()?;
    let oldest = new.parties.iter().filter(|p| p.role.is_principal()).filter_map(|p| p.birth_date).min();
    let urgent = new.urgent.unwrap_or(false);
    let reasons = rules::priority_reasons(oldest, cx.today(), new.intake_place, urgent);
    let code = number::query_code(cx.draw.secret());
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
        first_here: true,
        matter_id: cx.draw.id(),
        repeat_of: None,
        received_at: Time::claimed(received_at),
        registered_at: Time(cx.now()),
        registered_day: cx.today(),
        closed_at: None,
        closure_reason: None,
        sort_due: Time(DateTime::from_timestamp(NEVER_DUE, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)),
        priority_rank: i16::from(reasons.is_empty()),
        facts: Facts {
            anonymous: is_anonymous,
            principals: principals(&parties),
            reachable: parties.iter().any(party::reaches),
            has_external_numbers: !new.external_numbers.is_empty(),
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
        repeat_no: 0,
        priority_reasons: reasons.join(","),
        query_code_mac: cx.keys.code_mac(id.0.as_bytes(), &code)?,
    };
    let first = new.parties.iter().find(|p| p.role.is_principal());
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
        first_here: true,
        litigation_related: content.litigation_related,
        joint: content.joint,
        persons: content.persons,
        age_band: first.and_then(|p| p.birth_date).map(|born| rules::age_band(rules::age(born, cx.today())).to_owned()),
        sex: first.and_then(|p| p.sex),
        living: None,
    };
    let numbers: Vec<_> = new
        .external_numbers
        .iter()
        .map(|e| ExternalNumberRow { petition_id: id, issuer: e.issuer.clone(), number: e.number.clone() })
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();

    // the row is stored once, with its chain's head, and first: an id that is taken shows there, before its chain is touched
    let draft = registered_event(cx, &row, &content, &parties, new);
    let event = crate::audit::compose(cx, crate::audit::SubjectKind::Petition, id, &Head::none(), draft)?;
    let head = event.head();
    let row = Petition { event_n: head.n, event_hash: head.hash, ..row };
    if new.id.is_some() {
        crate::audit::repo::require_free(c, id)?;
    }
    if !repo::insert(c, &row, &content, &fact, &parties, &numbers, &bars)? {
        return Err(Error::conflict(web::ID_TAKEN));
    }
    event.record(c)?;
    let actor = std::sync::Arc::clone(&cx.actor);
    Ok((Case::of(c, &actor, row, content, parties, bars)?, code))
}

fn registered_event(cx: &Context, row: &Petition, content: &Content, parties: &[super::model::Party], new: &RegisterPetition) -> Draft {
    let people: Vec<_> = parties.iter().map(|p| json!({"id": p.id, "role": p.role})).collect();
    Draft::new("registered", cx.actor.role_among(Act::Register.row().roles()))
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
        .with("parties", people)
        .sealed(json!({
            "title": new.title, "statement": new.statement, "purpose": new.purpose, "matter_place": new.matter_place,
            "subject": new.subject, "parties": new.parties.iter().map(party::sealed).collect::<Vec<_>>(),
            "external_numbers": new.external_numbers, "backdating_reason": new.backdating_reason,
        }))
}

fn check(c: &mut Conn, cx: &Context, new: &RegisterPetition, received_at: DateTime<Utc>) -> Result<()> {
    let (now, today) = (cx.now(), cx.today());
    let mut faults = party::faults(&new.parties, 0, today, |i| format!("/parties/{i}"));
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
    let late = cx.day(received_at) < today && new.captured_at.is_none();
    fault_if(late && new.backdating_reason.is_none(), "/backdating_reason", codes::BACKDATING_REASON_REQUIRED);
    let named = new.parties.iter().any(|p| p.role == PartyRole::Petitioner);
    fault_if(!named && !new.anonymous.unwrap_or(false), "/parties", codes::PETITIONER_REQUIRED);
    fault_if(new.persons.is_some_and(|n| n < present(&new.parties)), "/persons", codes::PERSONS_TOO_FEW);
    let principals = new.parties.iter().filter(|p| p.role.is_principal()).count();
    let ineligible = new.kind == Kind::Accusation || principals > 1 || new.urgent.unwrap_or(false);
    fault_if(new.simplified.unwrap_or(false) && ineligible, "/simplified", codes::NOT_ELIGIBLE_SIMPLIFIED);
    match category::repo::find(c, &new.category)? {
        None => fault_if(true, "/category", codes::UNKNOWN_CATEGORY),
        Some(category) => fault_if(category.closed_on.is_some_and(|day| day <= today), "/category", codes::CATEGORY_CLOSED),
    }
    if let Some(subject) = &new.subject {
        if let Some(unit_id) = subject.unit_id {
            fault_if(unit::repo::find(c, unit_id)?.is_none(), "/subject/unit_id", codes::UNKNOWN_UNIT);
        }
        if let Some(staff_id) = subject.staff_id {
            fault_if(crate::account::repo::find(c, staff_id)?.is_none(), "/subject/staff_id", codes::UNKNOWN_STAFF);
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// Petitioners and representatives: those who can have come.
fn present(parties: &[NewParty]) -> i32 {
    let came = parties.iter().filter(|p| p.role.is_present()).count();
    i32::try_from(came).unwrap_or(i32::MAX)
}

/// The subject's side: the unit complained of, the person, and on an accusation the person's unit.
pub(super) fn bars(c: &mut Conn, cx: &mut Context, id: Id, new: &RegisterPetition) -> Result<Vec<Bar>> {
    match &new.subject {
        Some(subject) => subject_bars(c, cx, id, new.kind, subject.unit_id, subject.staff_id),
        None => Ok(Vec::new()),
    }
}

fn principals(parties: &[super::model::Party]) -> u32 {
    u32::try_from(parties.iter().filter(|p| p.role.is_principal()).count()).unwrap_or(u32::MAX)
}

/// The bars that follow from a subject. On an accusation the person's unit is barred with them. Whatever is not an accusation
/// must be acted on by somebody: the office's own root is then not barred, for nobody would be left.
pub(super) fn subject_bars(c: &mut Conn, cx: &mut Context, id: Id, kind: Kind, unit: Option<Id>, staff: Option<Id>) -> Result<Vec<Bar>> {
    let accused = kind == Kind::Accusation;
    let their_unit = match staff {
        Some(staff) if accused => crate::account::repo::find(c, staff)?.map(|a| a.unit_id),
        _ => None,
    };
    let unit = match unit {
        Some(unit) if !accused && unit::repo::lineage(c, &[unit])?.is_root_inside(unit) => None,
        unit => unit,
    };
    let mut bar = |unit_id, account_id| Bar { id: cx.draw.id(), petition_id: id, reason: "subject".to_owned(), unit_id, account_id };
    Ok(unit.map(|unit| bar(Some(unit), None)).into_iter().chain(staff.map(|staff| bar(their_unit, Some(staff)))).collect())
}

/// The unit that registers. An accusation against it, or against one above it without whom nobody could refer it, goes to the
/// nearest unit above inside the office that is not accused, else to the discipline unit.
pub(super) fn registering_unit(c: &mut Conn, own: Id, bars: &[Bar], kind: Kind) -> Result<Id> {
    if kind != Kind::Accusation || bars.is_empty() {
        return Ok(own);
    }
    let barred: Vec<Id> = bars.iter().filter_map(|bar| bar.unit_id).collect();
    let lineage = unit::repo::lineage(c, &[&barred[..], &[own]].concat())?;
    let inside: Vec<Id> = lineage.line_inside(own).collect();
    let accused = |unit: &Id| barred.iter().any(|barred| lineage.carries(*unit, *barred));
    match inside.iter().rposition(accused) {
        None => Ok(own),
        Some(top) => match inside.get(top + 1) {
            Some(clear) => Ok(*clear),
            None => Ok(unit::repo::first_of_kind(c, UnitKind::Discipline)?.unwrap_or(own)),
        },
    }
}

/// The key of a client-made id among idempotency keys.
pub fn made_id(new: &RegisterPetition) -> Option<Uuid> {
    new.id.map(|id| id.0)
}
