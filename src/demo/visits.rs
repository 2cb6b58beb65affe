//! The rounds: each day visits are planned, ends that passed are noted, and those who look after somebody go and see them; some late,
//! some never. On some visits a petition is taken down, after some the care file is written.

use super::chance::seed;
use super::habits::Habits;
use super::office::Office;
use super::texts::json as read;
use crate::auth::context::Origin;
use crate::auth::{Actor, Role};
use crate::calendar::{self, Calendar};
use crate::care::model::CancelReason;
use crate::care::repo::Over;
use crate::care::{VisitReason, VisitTask};
use crate::care_file::model::{CarePurpose, WriteCareFile};
use crate::care_file::service as care_files;
use crate::deadline::rules::midnight;
use crate::petition::Act;
use crate::petition::registration::RegisterPetition;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::ids::Ids;
use crate::platform::web::IfMatch;
use crate::visit::model::{CancelVisitTask, Need, RecordVisit, TaskStatus, VisitPlace, VisitTaskFilter};
use crate::visit::repo::{self as visits, Sight};
use crate::visit::{planning, recording, service};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// The stream from which the rounds draw their ids.
const STREAM: u8 = 8;
/// When the rounds of a day are told of.
const HOUR: i64 = 15;
/// People and tasks of one look.
const MANY: i64 = 500;
/// Petitions that are taken down on visits, all in the last days.
const PETITIONS: usize = 2;
const LATE_DAYS: u64 = 12;
/// Who sees all tasks of the sample office.
const OVERSEER: &str = "supervisor";

/// What is said of visits.
#[derive(Debug, Deserialize)]
struct Words {
    found: Vec<String>,
    needs: Vec<String>,
    family: Vec<String>,
    health: Vec<String>,
    thoughts: Vec<String>,
    petitions: Vec<TakenDown>,
}

#[derive(Debug, Deserialize)]
struct TakenDown {
    title: String,
    category: String,
    statement: String,
}

/// What becomes of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Visited on a day, or the next working day.
    Visited(NaiveDate),
    /// They don't want it.
    Declined,
    /// Forgotten.
    Never,
}

/// The rounds of one filling.
pub(super) struct Rounds<'a> {
    system: &'a Origin,
    office: &'a Office,
    words: Words,
    calendar: Calendar,
    ids: Ids,
    next: NaiveDate,
    /// From when on petitions are taken down.
    late: DateTime<Utc>,
    /// Petitions taken down.
    taken: usize,
}

impl<'a> Rounds<'a> {
    /// From the first day of the run on.
    pub fn new(system: &'a Origin, office: &'a Office, today: NaiveDate) -> Result<Self> {
        Ok(Self {
            system,
            office,
            words: read(include_str!("../../data/demo/visits.json"))?,
            calendar: Calendar::of(&calendar::service::shipped()?.1),
            ids: Ids::seeded(seed(today, STREAM)),
            next: today - Days::new(Habits::read()?.days),
            late: midnight(today - Days::new(LATE_DAYS), system.zone),
            taken: 0,
        })
    }

    /// Makes the rounds of every day up to an instant.
    pub fn until(&mut self, c: &mut Conn, until: DateTime<Utc>) -> Result<()> {
        loop {
            let day = self.next;
            let at = midnight(day, self.system.zone) + TimeDelta::hours(HOUR);
            if at > until {
                return Ok(());
            }
            self.round(c, day, at).map_err(|e| Error::internal(format!("sample visits of {day}: {e}: {e:?}")))?;
            self.next = day.succ_opt().unwrap_or(NaiveDate::MAX);
        }
    }

    fn origin(&self, at: DateTime<Utc>, by: Option<Arc<Actor>>) -> Origin {
        let actor = by.unwrap_or_else(|| Arc::clone(&self.system.actor));
        Origin { moment: self.ids.moment(at), actor, if_match: IfMatch::Any, ..self.system.clone() }
    }

    fn round(&mut self, c: &mut Conn, day: NaiveDate, at: DateTime<Utc>) -> Result<()> {
        let mut system = self.origin(at, None).context();
        while planning::step(c, &mut system, day, MANY)?.is_some() {}
        while crate::care::service::breach(c, &mut system, at, Over::FIRST, MANY)?.0 > 0 {}
        if !self.calendar.works(day) {
            return Ok(());
        }
        let overseer = self.origin(at, Some(self.office.actor(OVERSEER)?)).context();
        let sight = Sight::of(c, &overseer)?;
        let open = VisitTaskFilter { state: Some(TaskStatus::Open), ..VisitTaskFilter::default() };
        for task in visits::page(c, &overseer, sight, &open, None, MANY)? {
            match fate(&task) {
                Fate::Visited(when) if when <= day => self.visit(c, &task, at)?,
                Fate::Declined => self.decline(c, &task, at)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Who goes: whoever it was given to.
    fn who(&self, task: &VisitTask) -> Result<Arc<Actor>> {
        task.assignee.and_then(|id| self.office.who(id)).map_or_else(|| self.office.actor(OVERSEER), Ok)
    }

    fn decline(&self, c: &mut Conn, task: &VisitTask, at: DateTime<Utc>) -> Result<()> {
        let mut cx = self.origin(at, Some(self.who(task)?)).context();
        let cancel = CancelVisitTask { reason: CancelReason::Declined, note: None };
        service::cancel(c, &mut cx, task.id, || Ok(&cancel)).map(|_| ())
    }

    fn visit(&mut self, c: &mut Conn, task: &VisitTask, at: DateTime<Utc>) -> Result<()> {
        let (who, chance) = (self.who(task)?, drawn(task.id));
        let mut cx = self.origin(at, Some(Arc::clone(&who))).context();
        let made_at = at - TimeDelta::minutes(i64::from(chance % 40) + 5);
        // late ones only: nobody else of the run knows of them, and their notice would be owed
        let takes = self.taken < PETITIONS && at > self.late && who.roles.meets(Act::Register.row().roles());
        let petition = if takes { self.petition(task, made_at) } else { None };
        self.taken += usize::from(petition.is_some());
        let visit = RecordVisit {
            id: None,
            made_at,
            captured_at: petition.as_ref().map(|_| made_at),
            made_by: None,
            place: if task.reason == VisitReason::Hospital { VisitPlace::Hospital } else { VisitPlace::Home },
            found: pick(&self.words.found, chance),
            needs: if chance.is_multiple_of(3) { vec![Need(pick(&self.words.needs, chance / 3))] } else { Vec::new() },
            petitions: petition.into_iter().collect(),
        };
        let prepared = recording::prepare(&mut cx, &visit)?;
        recording::record(c, &mut cx, task.id, || Ok(&visit), Some(&prepared))?;
        let theirs = task.assignee == Some(who.id()) || who.roles.has(Role::Supervisor);
        match task.retiree_id {
            Some(retiree) if theirs && chance.is_multiple_of(5) => self.care_file(c, retiree, chance, at, who),
            _ => Ok(()),
        }
    }

    fn petition(&self, task: &VisitTask, made_at: DateTime<Utc>) -> Option<RegisterPetition> {
        let words = self.words.petitions.get(self.taken % self.words.petitions.len().max(1))?;
        let party = json!({"role": "petitioner", "name": task.name, "retiree_id": task.retiree_id?});
        let petition = json!({
            "channel": "home_visit", "intake_place": "home", "kind": "claim", "category": words.category, "title": words.title,
            "statement": words.statement, "captured_at": made_at, "parties": [party]
        });
        serde_json::from_value(petition).ok()
    }

    fn care_file(&self, c: &mut Conn, retiree: Id, chance: u32, at: DateTime<Utc>, who: Arc<Actor>) -> Result<()> {
        let mut cx = self.origin(at, Some(who)).context();
        let file = WriteCareFile {
            purpose: CarePurpose::Visit,
            family: Some(pick(&self.words.family, chance)),
            health: Some(pick(&self.words.health, chance / 5)),
            thoughts: Some(pick(&self.words.thoughts, chance / 7)),
        };
        match care_files::write(c, &mut cx, retiree, || Ok(&file)) {
            // somebody else looks after them by now
            Err(Error::NotFound) => Ok(()),
            written => written.map(|_| ()),
        }
    }
}

/// What chance has in store for something: always the same.
fn drawn(id: Id) -> u32 {
    id.0.as_bytes().iter().rev().take(4).fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

fn pick(words: &[String], chance: u32) -> String {
    let place = usize::try_from(chance).unwrap_or(0) % words.len().max(1);
    words.get(place).cloned().unwrap_or_default()
}

fn fate(task: &VisitTask) -> Fate {
    let chance = drawn(task.id) / 64;
    let days = u64::try_from((task.due_on - task.opens_on).num_days()).unwrap_or(0);
    match chance % 24 {
        0 => Fate::Never,
        1 if task.petition_id.is_none() => Fate::Declined,
        2 | 3 => Fate::Visited(task.due_on + Days::new(1 + u64::from(chance % 5))),
        _ => Fate::Visited(task.opens_on + Days::new(u64::from(chance) % (days + 1) * 3 / 4)),
    }
}
