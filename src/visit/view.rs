//! Tasks and visits as a caller sees them.

use super::model::{Report, TaskStatus, Visit, VisitPlace};
use super::repo;
use crate::account;
use crate::auth::{Context, Permission};
use crate::care::model::CancelReason;
use crate::care::occasions::Occasions;
use crate::care::{TaskState, VisitReason, VisitTask};
use crate::deadline::rules::Light;
use crate::petition;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::web::etag::tag_of;
use crate::retiree::{self, Known};
use crate::unit::{self, UnitRef};
use chrono::{Days, NaiveDate};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap, HashSet};
use utoipa::ToSchema;

/// Days before its end from which a task shows yellow.
const YELLOW_DAYS: u64 = 3;

/// A member of staff who visits.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Visitor {
    /// Their account.
    pub id: Id,
    /// Their name.
    #[schema(example = "李秀梅")]
    pub name: String,
}

/// A visit that is owed, in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VisitTaskItem {
    /// Its id.
    pub id: Id,
    /// Whom it is about; null for somebody of whom no profile is kept.
    pub retiree_id: Option<Id>,
    /// Their name.
    #[schema(example = "张建国")]
    pub name: String,
    /// The telephone number to try first, while the visit is owed; null for callers who see no numbers of theirs.
    #[schema(example = "13800000001")]
    pub phone: Option<String>,
    /// Where they live; the same.
    #[schema(example = "城东区和平路12号3栋201室")]
    pub address: Option<String>,
    /// Whether they lie in hospital now; null where the caller does not reach their profile.
    pub in_hospital: Option<bool>,
    /// Why.
    pub reason: VisitReason,
    /// The same in words.
    #[schema(example = "电话要求")]
    pub occasion: String,
    /// The petition that asks for it; null where there is none, or none the caller may know of.
    pub petition_id: Option<Id>,
    /// Where it stands.
    pub state: TaskStatus,
    /// The first day on which a visit counts for it.
    pub opens_on: NaiveDate,
    /// The last one.
    pub due_on: NaiveDate,
    /// The instant it ends, exclusive.
    pub due_at: Time,
    /// Whether that rests on a year of the calendar that is not published yet.
    pub provisional: bool,
    /// Red once it is over, yellow when it ends soon; null once it has ended.
    pub light: Option<Light>,
    /// Whether the visit was made after the end.
    pub late: bool,
    /// The unit that sees to it.
    pub unit: Option<UnitRef>,
    /// Who is to make the visit; anybody of the unit when null.
    pub assignee: Option<Visitor>,
}

/// A visit that is owed, or was.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VisitTaskView {
    /// As in the list.
    #[serde(flatten)]
    pub item: VisitTaskItem,
    /// A word for whoever makes the visit.
    pub note: Option<String>,
    /// When it was opened.
    pub opened_at: Time,
    /// When its end passed without a visit on record.
    pub breached_at: Option<Time>,
    /// When it ended.
    pub ended_at: Option<Time>,
    /// Why it is no longer owed.
    pub cancelled_for: Option<CancelReason>,
    /// The visit by which it was done: the earliest.
    pub visit_id: Option<Id>,
    /// Pointers of members kept from this caller.
    pub masked: Vec<String>,
    /// Changes so far.
    pub version: i64,
    /// The entity-tag for If-Match.
    #[schema(example = "\"1-0a1b2c3d4e5f\"")]
    pub etag: String,
}

/// A petition taken down on a visit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TakenDown {
    /// The petition.
    pub id: Id,
    /// Its number.
    #[schema(example = "XF-20260303-H-000123-7")]
    pub number: String,
    /// Its query code; told only when the visit is recorded.
    #[schema(example = "7K3M9QX2TB")]
    pub query_code: Option<String>,
}

/// A visit that was made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VisitView {
    /// Its id.
    pub id: Id,
    /// The task it was made for.
    pub task_id: Id,
    /// When it was made.
    pub made_at: Time,
    /// Who made it.
    pub made_by: Visitor,
    /// Where.
    pub place: VisitPlace,
    /// What was found; null, and named in `masked`, for callers who only look on.
    pub found: Option<String>,
    /// What they need; the same.
    pub needs: Option<Vec<String>>,
    /// Petitions taken down on it that the caller may know of.
    pub petitions: Vec<TakenDown>,
    /// When a device took it down.
    pub captured_at: Option<Time>,
    /// When it came in.
    pub recorded_at: Time,
    /// Pointers of members kept from this caller.
    pub masked: Vec<String>,
}

impl TaskStatus {
    /// Of a task, on a day.
    pub fn of(task: &VisitTask, today: NaiveDate) -> Self {
        match task.state {
            TaskState::Open if today < task.opens_on => Self::Planned,
            TaskState::Open => Self::Open,
            TaskState::Done => Self::Done,
            TaskState::Cancelled => Self::Cancelled,
        }
    }
}

/// Tasks as items of a list.
///
/// # Errors
/// Database only.
pub fn items(c: &mut Conn, cx: &Context, tasks: Vec<VisitTask>) -> Result<Vec<VisitTaskItem>> {
    let ids = |of: fn(&VisitTask) -> Option<Id>| tasks.iter().filter_map(of).collect::<BTreeSet<Id>>().into_iter().collect::<Vec<_>>();
    let units = unit::repo::names(c, &ids(|task| task.unit_id))?;
    let staff = account::repo::names(c, &ids(|task| task.assignee))?;
    let petitions = petition::repo::visible_among(c, &cx.actor, &ids(|task| task.petition_id))?;
    // whom nobody goes to see any more nobody need find
    let works = cx.actor.roles.meets(Permission::KeepVisits.roles());
    let to_see = if works { ids(|task| task.retiree_id.filter(|_| task.state == TaskState::Open)) } else { Vec::new() };
    let people = retiree::known(c, cx, &to_see)?;
    let about = About { units, staff, petitions, people };
    tasks.into_iter().map(|task| item(cx, task, &about)).collect()
}

/// What tasks of a page are about.
struct About {
    units: HashMap<Id, String>,
    staff: HashMap<Id, String>,
    petitions: HashSet<Id>,
    people: HashMap<Id, Known>,
}

fn item(cx: &Context, task: VisitTask, about: &About) -> Result<VisitTaskItem> {
    let About { units, staff, petitions, people } = about;
    let person = task.retiree_id.filter(|_| task.state == TaskState::Open).and_then(|id| people.get(&id));
    let yellow = task.due_at.0.checked_sub_days(Days::new(YELLOW_DAYS)).unwrap_or(task.due_at.0);
    Ok(VisitTaskItem {
        id: task.id,
        retiree_id: task.retiree_id,
        phone: person.map(|person| person.phone(cx)).transpose()?.flatten(),
        address: person.map(|person| person.address(cx)).transpose()?.flatten(),
        in_hospital: person.map(|person| person.circumstances().in_hospital),
        reason: task.reason,
        occasion: in_words(&task)?,
        petition_id: task.petition_id.filter(|id| petitions.contains(id)),
        state: TaskStatus::of(&task, cx.today()),
        opens_on: task.opens_on,
        due_on: task.due_on,
        due_at: task.due_at,
        provisional: task.provisional,
        light: (task.state == TaskState::Open).then(|| Light::at(cx.now(), yellow, task.due_at.0)),
        late: task.late,
        unit: task.unit_id.map(|id| UnitRef { id, name: units.get(&id).cloned().unwrap_or_default() }),
        assignee: task.assignee.map(|id| Visitor { id, name: staff.get(&id).cloned().unwrap_or_default() }),
        name: task.name,
    })
}

/// "春节 2026", "80岁寿辰", "电话要求".
fn in_words(task: &VisitTask) -> Result<String> {
    let occasion = Occasions::shipped()?.of(task.reason)?;
    Ok(match task.reason {
        VisitReason::SpringFestival | VisitReason::MidAutumn | VisitReason::DoubleNinth => format!("{} {}", occasion.name, task.occasion),
        VisitReason::Birthday => format!("{}岁寿辰", task.occasion),
        _ => occasion.name.clone(),
    })
}

/// A task with its words.
///
/// # Errors
/// Database or internal only.
pub fn shown(c: &mut Conn, cx: &Context, task: &VisitTask) -> Result<VisitTaskView> {
    let visit = if task.state == TaskState::Done { repo::visit_of(c, task.id)? } else { None };
    let item = items(c, cx, vec![task.clone()])?.pop().ok_or(Error::NotFound)?;
    let works = cx.actor.roles.meets(Permission::KeepVisits.roles());
    let note = task.note.as_ref().filter(|_| works).map(|note| cx.unseal(task.id, "note", note)).transpose()?;
    let masked = if task.note.is_some() && !works { vec!["/note".to_owned()] } else { Vec::new() };
    let mut view = VisitTaskView {
        item,
        note,
        opened_at: task.opened_at,
        breached_at: task.breached_at,
        ended_at: task.ended_at,
        cancelled_for: task.cancelled_for,
        visit_id: visit.map(|visit| visit.id),
        masked,
        version: task.version,
        etag: String::new(),
    };
    view.etag = tag_of(view.version, &view)?;
    Ok(view)
}

/// A visit with its words.
///
/// # Errors
/// Database or internal only.
pub fn visit(c: &mut Conn, cx: &Context, visit: &Visit) -> Result<VisitView> {
    let works = cx.actor.roles.meets(Permission::KeepVisits.roles());
    let report: Option<Report> = if works {
        let text = cx.unseal(visit.id, "report", &visit.report)?;
        Some(serde_json::from_str(&text).map_err(|e| Error::Internal(Box::new(e)))?)
    } else {
        None
    };
    let names = account::repo::names(c, &[visit.made_by])?;
    let (found, needs) = report.map(|report| (report.found, report.needs)).unzip();
    Ok(VisitView {
        id: visit.id,
        task_id: visit.task_id,
        made_at: visit.made_at,
        made_by: Visitor { id: visit.made_by, name: names.get(&visit.made_by).cloned().unwrap_or_default() },
        place: visit.place,
        found,
        needs,
        petitions: repo::taken_down(c, &cx.actor, visit.id)?
            .into_iter()
            .map(|(id, number)| TakenDown { id, number, query_code: None })
            .collect(),
        captured_at: visit.captured_at,
        recorded_at: visit.recorded_at,
        masked: if works { Vec::new() } else { vec!["/found".to_owned(), "/needs".to_owned()] },
    })
}
