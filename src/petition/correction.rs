//! Correcting what was registered: every change with its reason, old and new in the trail.

use super::acts::Act;
use super::case::Case;
use super::model::{Channel, IntakePlace, Kind, Stage};
use super::registration::{Subject, TOLERANCE, registering_unit, subject_bars};
use super::{repeats, repo, rules, service};
use crate::account;
use crate::auth::Context;
use crate::care;
use crate::category;
use crate::codes;
use crate::deadline::ClockKind;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body};
use crate::unit;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// What is to be corrected; members left out stay as they are.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
#[schema(example = json!({"title": "异地就医住院费未报销（第二次住院）", "reason": "登记时标题写错"}))]
pub struct CorrectPetition {
    /// Why; required.
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub reason: Option<String>,
    /// What it is; only while registered.
    pub kind: Option<Kind>,
    /// How it reached the office; only while registered.
    pub channel: Option<Channel>,
    /// When the office really got it; only while registered.
    pub received_at: Option<DateTime<Utc>>,
    /// Why it was registered on a later day.
    #[schema(min_length = 1, max_length = 500, pattern = "\\S")]
    pub backdating_reason: Option<String>,
    /// Code of its category.
    #[schema(min_length = 1, max_length = 64)]
    pub category: Option<String>,
    /// A line that names the matter.
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    pub title: Option<String>,
    /// What the petitioner says.
    #[schema(min_length = 1, max_length = 20000, pattern = "\\S")]
    pub statement: Option<String>,
    /// Whether the statement was read back to whoever made it; a corrected one was not, unless this says so.
    pub read_back: Option<bool>,
    /// What they want.
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    pub purpose: Option<String>,
    /// When the matter happened.
    pub occurred_at: Option<DateTime<Utc>>,
    /// Where the matter happened.
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    pub matter_place: Option<String>,
    /// Where it was taken down.
    pub intake_place: Option<IntakePlace>,
    /// Whether it is before a court.
    pub litigation_related: Option<bool>,
    /// Filed by several people together.
    pub joint: Option<bool>,
    /// People who came.
    #[schema(minimum = 1, maximum = 100000)]
    pub persons: Option<i32>,
    /// People concerned.
    #[schema(minimum = 1, maximum = 10000000)]
    pub affected: Option<i32>,
    /// Confidential; an accusation stays so.
    pub restricted: Option<bool>,
    /// The person or unit complained of.
    pub subject: Option<Subject>,
}

/// Corrects a petition.
///
/// # Errors
/// As [`service::perform`]; Invalid for fixed fields, unknown references, a subject that bars the lead unit.
pub fn correct(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<CorrectPetition>) -> Result<Answer> {
    service::perform(c, cx, id, Act::Correct, body, |c, cx, case, input| {
        check(c, cx, case, input)?;
        let old = before(case, input);
        if old.is_empty() {
            return Ok(None);
        }
        let draft = case.draft(&cx.actor, Act::Correct, "corrected");
        let stood = case.place();
        let (received_at, registered_unit) = (case.row.received_at, case.row.registered_unit);
        let open_to_all = !case.row.restricted;
        apply(c, cx, case, input)?;
        if open_to_all && case.row.restricted {
            care::changes::withheld(c, cx, id)?;
        }
        repo::update_content(c, &case.content)?;
        if case.row.lead_unit.is_none() {
            // it may accuse the desk itself only now
            let unit = registering_unit(c, case.row.registered_unit, &case.bars, case.row.kind)?;
            case.registered_by_unit(c, unit)?;
        }
        if case.row.received_at != received_at {
            repeats::service::reorder(c, cx, case)?;
            for kind in [ClockKind::TriageNotice, ClockKind::SimplifiedAcceptance] {
                case.restart_clock(c, cx, kind, case.row.received_at.0)?;
            }
        }
        let unit = case.row.registered_unit;
        case.clocks.hand_over(unit, |clock| clock.unit_id == Some(registered_unit));
        let mut new = serde_json::to_value(input).map_err(|e| Error::Internal(Box::new(e)))?;
        if let Some(members) = new.as_object_mut() {
            members.retain(|name, value| !value.is_null() && name != "reason");
        }
        let fields: Vec<&String> = old.keys().collect();
        let draft = draft
            .with("fields", &fields)
            .with("registered_unit", case.row.registered_unit)
            .with("kind", case.row.kind)
            .with("received_at", case.row.received_at);
        let draft = if case.place() == stood { draft } else { repeats::service::told(draft, &case.place(), case.row.restricted) };
        case.event(draft.sealed(json!({"reason": input.reason, "old": old, "new": new})));
        if case.row.kind == Kind::Accusation || !case.row.first_here {
            case.end_simplified(cx, None);
        }
        Ok(None)
    })
}

fn check(c: &mut Conn, cx: &Context, case: &Case, input: &CorrectPetition) -> Result<()> {
    let mut faults = Vec::new();
    let mut fault_if = |wrong: bool, pointer: &str, code| {
        if wrong {
            faults.push(Fault::new(pointer, code));
        }
    };
    fault_if(input.reason.is_none(), "/reason", codes::REASON_REQUIRED);
    let fixed = case.row.stage != Stage::Registered;
    fault_if(fixed && input.kind.is_some_and(|k| k != case.row.kind), "/kind", codes::FIELD_FIXED);
    let parts = case.row.facts.linked && input.kind.is_some_and(|kind| rules::different_kinds(kind, case.row.kind));
    fault_if(parts && !fixed, "/kind", codes::DIFFERENT_KIND);
    fault_if(fixed && input.channel.is_some_and(|ch| ch != case.row.channel), "/channel", codes::FIELD_FIXED);
    fault_if(fixed && input.received_at.is_some_and(|at| at != case.row.received_at.0), "/received_at", codes::FIELD_FIXED);
    let received = input.received_at;
    fault_if(received.is_some_and(|at| at > case.row.registered_at.0), "/received_at", codes::RECEIVED_IN_FUTURE);
    let earlier = received.is_some_and(|at| cx.day(at) < case.row.registered_day);
    let explained = input.backdating_reason.is_some() || case.content.backdating_reason.is_some() || case.content.captured_at.is_some();
    fault_if(earlier && !explained, "/backdating_reason", codes::BACKDATING_REASON_REQUIRED);
    fault_if(input.occurred_at.is_some_and(|at| at > cx.now() + TOLERANCE), "/occurred_at", codes::IN_FUTURE);
    let early = |at: Option<DateTime<Utc>>| at.is_some_and(|at| rules::too_early(cx.day(at)));
    fault_if(early(received), "/received_at", codes::TOO_EARLY);
    fault_if(early(input.occurred_at), "/occurred_at", codes::TOO_EARLY);
    let oral = input.channel.unwrap_or(case.row.channel).is_oral();
    fault_if(input.read_back.is_some() && !oral, "/read_back", codes::NOT_ORAL);
    let came = case.active_parties().filter(|p| p.role.is_present()).count();
    fault_if(input.persons.is_some_and(|n| usize::try_from(n).unwrap_or(0) < came), "/persons", codes::PERSONS_TOO_FEW);
    let open = input.restricted == Some(false) && input.kind.unwrap_or(case.row.kind) == Kind::Accusation;
    fault_if(open, "/restricted", codes::FIELD_FIXED);
    if let Some(code) = &input.category {
        match category::repo::find(c, code)? {
            None => fault_if(true, "/category", codes::UNKNOWN_CATEGORY),
            Some(found) => {
                fault_if(
                    found.closed_on.is_some_and(|day| day <= cx.today()) && *code != case.row.category,
                    "/category",
                    codes::CATEGORY_CLOSED,
                );
            }
        }
    }
    if let Some(subject) = &input.subject {
        if let Some(unit_id) = subject.unit_id {
            fault_if(unit::repo::find(c, unit_id)?.is_none(), "/subject/unit_id", codes::UNKNOWN_UNIT);
            let units = case.at_it();
            let lineage = unit::repo::lineage(c, &[&units[..], &[unit_id]].concat())?;
            let takes_part = |unit: &Id| lineage.holds(unit_id, *unit) || lineage.current(unit_id) == lineage.current(*unit);
            fault_if(units.iter().any(takes_part), "/subject/unit_id", codes::UNIT_IS_ACCUSED);
        }
        if let Some(staff_id) = subject.staff_id {
            let found = account::repo::find(c, staff_id)?;
            fault_if(found.is_none(), "/subject/staff_id", codes::UNKNOWN_STAFF);
            let accused = input.kind.unwrap_or(case.row.kind) == Kind::Accusation;
            let takes_part = match found.filter(|_| accused) {
                Some(a) => {
                    let units = case.at_it();
                    let lineage = unit::repo::lineage(c, &[&units[..], &[a.unit_id]].concat())?;
                    units.iter().any(|unit| lineage.current(a.unit_id) == lineage.current(*unit))
                }
                None => false,
            };
            fault_if(takes_part, "/subject/staff_id", codes::UNIT_IS_ACCUSED);
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// What the members to be corrected say now.
fn before(case: &Case, input: &CorrectPetition) -> Map<String, Value> {
    let (p, w) = (&case.row, &case.content);
    let subject = w.subject_name.as_ref().map(|name| json!({"name": name, "unit_id": w.subject_unit_id, "staff_id": w.subject_staff_id}));
    let all = [
        ("kind", input.kind.is_some(), json!(p.kind)),
        ("channel", input.channel.is_some(), json!(p.channel)),
        ("received_at", input.received_at.is_some(), json!(p.received_at)),
        ("backdating_reason", input.backdating_reason.is_some(), json!(w.backdating_reason)),
        ("category", input.category.is_some(), json!(p.category)),
        ("title", input.title.is_some(), json!(w.title)),
        ("statement", input.statement.is_some(), json!(w.statement)),
        ("read_back", input.read_back.is_some(), json!(w.read_back)),
        ("purpose", input.purpose.is_some(), json!(w.purpose)),
        ("occurred_at", input.occurred_at.is_some(), json!(w.occurred_at)),
        ("matter_place", input.matter_place.is_some(), json!(w.matter_place)),
        ("intake_place", input.intake_place.is_some(), json!(w.intake_place)),
        ("litigation_related", input.litigation_related.is_some(), json!(w.litigation_related)),
        ("joint", input.joint.is_some(), json!(w.joint)),
        ("persons", input.persons.is_some(), json!(w.persons)),
        ("affected", input.affected.is_some(), json!(w.affected)),
        ("restricted", input.restricted.is_some(), json!(p.restricted)),
        ("subject", input.subject.is_some(), json!(subject)),
    ];
    all.into_iter().filter(|(_, named, _)| *named).map(|(name, _, old)| (name.to_owned(), old)).collect()
}

fn apply(c: &mut Conn, cx: &mut Context, case: &mut Case, input: &CorrectPetition) -> Result<()> {
    fn set<T: Clone>(place: &mut T, value: &Option<T>) {
        if let Some(value) = value {
            place.clone_from(value);
        }
    }
    fn put<T: Clone>(place: &mut Option<T>, value: &Option<T>) {
        if value.is_some() {
            place.clone_from(value);
        }
    }
    let (p, w) = (&mut case.row, &mut case.content);
    set(&mut p.kind, &input.kind);
    set(&mut p.channel, &input.channel);
    set(&mut p.received_at, &input.received_at.map(Time::claimed));
    set(&mut p.category, &input.category);
    set(&mut p.restricted, &input.restricted);
    p.restricted |= p.kind == Kind::Accusation;
    put(&mut w.backdating_reason, &input.backdating_reason);
    set(&mut w.title, &input.title);
    // what was read back were other words
    let otherwise = input.statement.as_ref().is_some_and(|statement| *statement != w.statement);
    set(&mut w.statement, &input.statement);
    if input.read_back.is_some() || otherwise || !p.channel.is_oral() {
        w.read_back = input.read_back;
        w.read_back_at = input.read_back.map(|_| Time(cx.now()));
        w.read_back_by = input.read_back.map(|_| cx.actor.id());
    }
    put(&mut w.purpose, &input.purpose);
    put(&mut w.occurred_at, &input.occurred_at.map(Time::claimed));
    put(&mut w.matter_place, &input.matter_place);
    put(&mut w.intake_place, &input.intake_place);
    set(&mut w.litigation_related, &input.litigation_related);
    set(&mut w.joint, &input.joint);
    set(&mut w.persons, &input.persons);
    put(&mut w.affected, &input.affected);
    if let Some(subject) = &input.subject {
        w.subject_name = Some(subject.name.clone());
        w.subject_unit_id = subject.unit_id;
        w.subject_staff_id = subject.staff_id;
    }
    if input.intake_place.is_some() {
        case.reconsider(c, cx)?;
    }
    if input.subject.is_some() || input.kind.is_some() {
        let fresh = subject_bars(c, cx, case.row.id, case.row.kind, case.content.subject_unit_id, case.content.subject_staff_id)?;
        repo::replace_bars(c, case.row.id, "subject", &fresh)?;
        case.bars.retain(|bar| bar.reason != "subject");
        let barred: Vec<Id> = fresh.iter().filter_map(|bar| bar.unit_id).collect();
        case.lineage.extend(unit::repo::lineage(c, &barred)?);
        case.bars.extend(fresh);
        case.row.barred = !case.bars.is_empty();
    }
    Ok(())
}
