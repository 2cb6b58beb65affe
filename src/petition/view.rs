//! A petition as the API shows it.

use super::case::Case;
use super::model::{Channel, ClosureBasis, ClosureReason, IntakePlace, Kind, Stage};
use super::party::{self, PartyView};
use super::priority::{Level, Reason, Reasons};
use super::registration::{ExternalNumber, Subject};
use super::repo::due;
use super::repo::rows::Listed;
use super::{repo, rules};
use crate::auth::Context;
use crate::deadline::rules::Light;
use crate::deadline::{Clock, ClockKind, ClockState};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::platform::web::Answer;
use crate::platform::web::etag::{entity_tag, tag_of};
use crate::unit::UnitRef;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// Why a petition comes before others.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Priority {
    /// How far.
    pub level: Level,
    /// The reasons.
    pub reasons: Vec<Reason>,
}

impl Priority {
    fn of(rank: i16, reasons: &str) -> Self {
        Self { level: Level::of_rank(rank), reasons: Reasons::read(reasons).iter().collect() }
    }
}

/// A limit that runs, or ran.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClockView {
    /// Its id.
    pub id: Id,
    /// What is due.
    pub kind: ClockKind,
    /// Whether it runs.
    pub state: ClockState,
    /// Why it was cancelled.
    pub cause: Option<String>,
    /// The unit that answers for it; of a petitioner's right, the one that waits.
    pub unit: Option<UnitRef>,
    /// When it began.
    pub started_at: Time,
    /// The last day.
    pub due_on: chrono::NaiveDate,
    /// The midnight that ends it, exclusive.
    pub due_at: Time,
    /// The office's own target for a petition that comes first, never later than the law.
    pub target_at: Option<Time>,
    /// When it ended.
    pub stopped_at: Option<Time>,
    /// Whether it rests on a year whose holidays are not published yet.
    pub provisional: bool,
    /// As of now, or as it was when it ended.
    pub light: Light,
}

impl ClockView {
    /// As of an instant.
    pub fn of(clock: &Clock, unit: Option<UnitRef>, now: DateTime<Utc>) -> Self {
        Self {
            id: clock.id,
            kind: clock.kind,
            state: clock.state,
            cause: clock.cause.clone(),
            unit,
            started_at: clock.started_at,
            due_on: clock.due_on,
            due_at: clock.due_at,
            target_at: clock.target_at,
            stopped_at: clock.stopped_at,
            provisional: clock.provisional,
            light: clock.light(now),
        }
    }
}

/// That a leader has taken charge of a petition.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LeaderCaseRef {
    /// The leader.
    pub leader_id: Id,
    /// The day on which they look again.
    pub next_look: chrono::NaiveDate,
}

/// A petition.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PetitionView {
    /// Its id.
    pub id: Id,
    /// Its number, in groups that can be read over the telephone.
    #[schema(example = "XF-20260302-V000123-K")]
    pub number: String,
    /// The petitioner's code for asking how it stands; told once, on registering.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_code: Option<String>,
    /// Where it stands.
    pub stage: Stage,
    /// What it is.
    pub kind: Kind,
    /// How it reached the office.
    pub channel: Channel,
    /// Where it was taken down.
    pub intake_place: Option<IntakePlace>,
    /// Code of its category.
    pub category: String,
    /// A line that names the matter.
    pub title: String,
    /// What the petitioner says, verbatim.
    pub statement: String,
    /// Whether an oral statement was read back to whoever made it (Art. 19); null where nobody said.
    pub read_back: Option<bool>,
    /// When that was.
    pub read_back_at: Option<Time>,
    /// The account that says so.
    pub read_back_by: Option<Id>,
    /// What they want.
    pub purpose: Option<String>,
    /// When the matter happened.
    pub occurred_at: Option<Time>,
    /// Where the matter happened.
    pub matter_place: Option<String>,
    /// The people.
    pub parties: Vec<PartyView>,
    /// The person or unit complained of.
    pub subject: Option<Subject>,
    /// People who came.
    pub persons: i32,
    /// People concerned.
    pub affected: Option<i32>,
    /// Cannot wait.
    pub urgent: bool,
    /// Confidential.
    pub restricted: bool,
    /// Filed without a name.
    pub anonymous: bool,
    /// Filed by several people together.
    pub joint: bool,
    /// Before a court.
    pub litigation_related: bool,
    /// They ask for a visit at home.
    pub wants_visit: bool,
    /// Handled in the simplified procedure.
    pub simplified: bool,
    /// Numbers other offices gave it.
    pub external_numbers: Vec<ExternalNumber>,
    /// The unit that registered it.
    pub registered_unit: UnitRef,
    /// The unit that handles it.
    pub lead_unit: Option<UnitRef>,
    /// How often it was handed to a unit.
    pub hand_overs: u32,
    /// How often it came back from one: objections upheld, referrals taken back.
    pub bounces: u32,
    /// Whether the lead unit says that it is not its own, and the sender has not decided.
    pub objection_pending: bool,
    /// The officer of the lead unit who is named for it; null where any of them may act.
    pub officer: Option<Id>,
    /// The leader who has taken charge, and when they look again.
    pub leader_case: Option<LeaderCaseRef>,
    /// The policy issue it belongs to.
    pub policy_issue_id: Option<Id>,
    /// Whether a hearing is open.
    pub hearing_open: bool,
    /// The round of handling: one more each time a review revokes the answer.
    pub round: i32,
    /// Reviews decided so far: 0 to 2.
    pub reviews_decided: u8,
    /// The unit that reviews it, or gave the answer that stands.
    pub review_unit: Option<UnitRef>,
    /// Whether those above wait for a unit's answer to a supervision (督办).
    pub supervised: bool,
    /// Route of Art. 31 it was accepted on.
    pub route: Option<i16>,
    /// What the first filing and its repeats share.
    pub matter_id: Id,
    /// The first petition of the matter, for a repeat.
    pub repeat_of: Option<Id>,
    /// Which repeat it is; 0 for the first petition of a matter.
    pub repeat_no: i32,
    /// Whether the matter is new to this office.
    pub first_here: bool,
    /// When a device took it down.
    pub captured_at: Option<Time>,
    /// When the office really got it.
    pub received_at: Time,
    /// Why it was registered on a later day.
    pub backdating_reason: Option<String>,
    /// When it entered the system.
    pub registered_at: Time,
    /// When it was closed.
    pub closed_at: Option<Time>,
    /// Why it is closed.
    pub closure_reason: Option<ClosureReason>,
    /// What a final closing rests on.
    pub closure_basis: Option<ClosureBasis>,
    /// Whether it comes before others, and why.
    pub priority: Priority,
    /// Its clocks, ended ones too, in the order they were started.
    pub clocks: Vec<ClockView>,
    /// What this caller may do now.
    pub allowed_actions: Vec<&'static str>,
    /// The reasons with which this caller may close now.
    pub allowed_closure_reasons: Vec<ClosureReason>,
    /// Pointers of members kept from this caller; they are null.
    pub masked: Vec<String>,
    /// Its entity-tag, for If-Match.
    pub etag: String,
}

/// A petition in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PetitionItem {
    /// Its id.
    pub id: Id,
    /// Its number.
    #[schema(example = "XF-20260302-V000123-K")]
    pub number: String,
    /// Where it stands.
    pub stage: Stage,
    /// What it is.
    pub kind: Kind,
    /// How it reached the office.
    pub channel: Channel,
    /// Code of its category.
    pub category: String,
    /// A line that names the matter.
    pub title: String,
    /// Cannot wait.
    pub urgent: bool,
    /// Confidential.
    pub restricted: bool,
    /// Whether those above wait for a unit's answer to a supervision (督办).
    pub supervised: bool,
    /// The unit that registered it.
    pub registered_unit: UnitRef,
    /// The unit that handles it.
    pub lead_unit: Option<UnitRef>,
    /// What the first filing and its repeats share.
    pub matter_id: Id,
    /// The first petition of the matter, for a repeat.
    pub repeat_of: Option<Id>,
    /// Whether the matter is new to this office.
    pub first_here: bool,
    /// When the office really got it.
    pub received_at: Time,
    /// When it entered the system.
    pub registered_at: Time,
    /// When it was closed.
    pub closed_at: Option<Time>,
    /// Why it is closed.
    pub closure_reason: Option<ClosureReason>,
    /// Whether it comes before others, and why.
    pub priority: Priority,
    /// The nearest last day of an open clock; null while nothing is due.
    pub due_on: Option<chrono::NaiveDate>,
    /// Red once something is over, yellow when something ends soon; null while nothing is due.
    pub light: Option<Light>,
    /// Pointers of members kept from this caller.
    pub masked: Vec<String>,
    /// Its entity-tag.
    pub etag: String,
}

/// The case as its caller sees it.
///
/// # Errors
/// Database or internal only.
pub fn shown(c: &mut Conn, cx: &Context, case: &Case) -> Result<PetitionView> {
    let (p, w) = (&case.row, &case.content);
    let with_numbers = case.shows_numbers(&cx.actor);
    let standing = case.standing(&cx.actor);
    let mut masked = Vec::new();
    let mut parties = Vec::new();
    for (i, party) in case.parties.iter().enumerate() {
        parties.push(party::shown(cx, party, with_numbers)?);
        if !with_numbers {
            masked.extend(party::masked(party, &format!("/parties/{i}")));
        }
    }
    let numbers = if p.facts.has_external_numbers { repo::external_numbers(c, p.id)? } else { Vec::new() };
    let mut view = PetitionView {
        id: p.id,
        number: p.number.clone(),
        query_code: None,
        stage: p.stage,
        kind: p.kind,
        channel: p.channel,
        intake_place: w.intake_place,
        category: p.category.clone(),
        title: w.title.clone(),
        statement: w.statement.clone(),
        read_back: w.read_back,
        read_back_at: w.read_back_at,
        read_back_by: w.read_back_by,
        purpose: w.purpose.clone(),
        occurred_at: w.occurred_at,
        matter_place: w.matter_place.clone(),
        parties,
        subject: w.subject_name.as_ref().map(|name| Subject {
            name: name.clone(),
            unit_id: w.subject_unit_id,
            staff_id: w.subject_staff_id,
        }),
        persons: w.persons,
        affected: w.affected,
        urgent: p.urgent,
        restricted: p.restricted,
        anonymous: w.anonymous,
        joint: w.joint,
        litigation_related: w.litigation_related,
        wants_visit: w.wants_visit,
        simplified: p.simplified,
        external_numbers: numbers.into_iter().map(|e| ExternalNumber { issuer: e.issuer, number: e.number }).collect(),
        registered_unit: case.lineage.shown(p.registered_unit),
        lead_unit: p.lead_unit.map(|id| case.lineage.shown(id)),
        hand_overs: p.facts.hand_overs,
        bounces: p.facts.bounces,
        objection_pending: p.facts.objection_waits(),
        officer: p.facts.officer,
        leader_case: p.facts.charge.map(|charge| LeaderCaseRef { leader_id: charge.leader, next_look: charge.next_look }),
        policy_issue_id: p.facts.policy_issue,
        hearing_open: p.facts.hearing.is_some(),
        round: p.facts.round,
        reviews_decided: p.facts.reviews_decided,
        review_unit: p.review_unit.map(|id| case.lineage.shown(id)),
        supervised: case.open_supervisions().next().is_some(),
        route: p.facts.route,
        matter_id: p.matter_id,
        repeat_of: first_seen(c, cx, case)?,
        repeat_no: w.repeat_no,
        first_here: p.first_here,
        captured_at: w.captured_at,
        received_at: p.received_at,
        backdating_reason: w.backdating_reason.clone(),
        registered_at: p.registered_at,
        closed_at: p.closed_at,
        closure_reason: p.closure_reason,
        closure_basis: p.facts.closure_basis,
        priority: Priority::of(p.priority_rank, &w.priority_reasons),
        clocks: case.clocks.all().map(|clock| ClockView::of(clock, clock.unit_id.map(|id| case.lineage.shown(id)), cx.now())).collect(),
        allowed_actions: rules::allowed(&standing),
        allowed_closure_reasons: rules::closure_reasons(&standing),
        masked,
        etag: String::new(),
    };
    view.etag = tag_of(p.version, &view)?;
    Ok(view)
}

/// The answer to an act or a read: the petition's state, with its place and tag.
///
/// # Errors
/// As [`shown`].
pub fn answer(c: &mut Conn, cx: &Context, case: &Case, status: u16) -> Result<Answer> {
    answer_of(&shown(c, cx, case)?, status)
}

/// The answer with this state.
///
/// # Errors
/// Internal only.
pub fn answer_of(view: &PetitionView, status: u16) -> Result<Answer> {
    Ok(Answer::json(status, view)?.etag(view.etag.clone()).content_location(place(view.id)))
}

/// The first petition of its matter, as far as the caller may know of it: of confidential ones somebody else may be barred.
fn first_seen(c: &mut Conn, cx: &Context, case: &Case) -> Result<Option<Id>> {
    match case.row.repeat_of {
        Some(first) if case.row.restricted && repo::find(c, &cx.actor, first)?.is_none() => Ok(None),
        first => Ok(first),
    }
}

/// Where a petition is found.
pub fn place(id: Id) -> String {
    format!("/api/v1/petitions/{id}")
}

/// A row in a list; its light as of an instant.
pub fn item(cx: &Context, p: Listed, names: &HashMap<Id, String>, as_of: DateTime<Utc>) -> PetitionItem {
    let mut item = PetitionItem {
        id: p.id,
        number: p.number,
        stage: p.stage,
        kind: p.kind,
        channel: p.channel,
        category: p.category,
        title: p.title,
        urgent: p.urgent,
        restricted: p.restricted,
        supervised: p.supervised,
        registered_unit: unit_ref(names, p.registered_unit),
        lead_unit: p.lead_unit.map(|id| unit_ref(names, id)),
        matter_id: p.matter_id,
        // who reads a confidential one may not know of the first: the petition itself says so or not
        repeat_of: p.repeat_of.filter(|_| !p.restricted),
        first_here: p.first_here,
        received_at: p.received_at,
        registered_at: p.registered_at,
        closed_at: p.closed_at,
        closure_reason: p.closure_reason,
        priority: Priority::of(p.priority_rank, &p.priority_reasons),
        due_on: due::last_day(p.sort_due, cx.zone),
        light: due::light(p.sort_due, p.sort_yellow, as_of),
        masked: Vec::new(),
        etag: String::new(),
    };
    // a list item has no body of its own to hash that would equal the whole petition's: its view part is its own
    let body = serde_json::to_vec(&item).unwrap_or_default();
    item.etag = entity_tag(p.version, &body);
    item
}

/// A unit by its name.
pub fn unit_ref(names: &HashMap<Id, String>, id: Id) -> UnitRef {
    UnitRef { id, name: names.get(&id).cloned().unwrap_or_default() }
}
