//! Looking at what would move, and deciding that it does.

use super::model::{Move, Replay, ReplayView, Target, Task, UnitMoves, Versioned};
use super::repo;
use super::rules::{self, Moving, Tally};
use crate::audit::{self, Draft, Head};
use crate::auth::Context;
use crate::codes;
use crate::deadline::Timetable;
use crate::job::{self, Job, JobKind};
use crate::petition::clocks::{About, Recounted, recounted};
use crate::petition::priority::Level;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Refusal, Result};
use crate::platform::web::{Body, codes as web};
use crate::unit;
use crate::unit::model::UnitRef;
use serde_json::json;
use std::collections::HashMap;

/// Clocks of one look.
const PAGE: i64 = 500;

/// What is to be tried or applied.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What to count by.
    pub target: Target,
    /// The dry run that is applied, and why; none for a dry run.
    pub apply: Option<(String, String)>,
}

/// Reads what is asked for against the versions there are.
///
/// # Errors
/// NotFound; Invalid in shape or without hash and reason; Conflict for a version that can't be applied.
pub fn plan(c: &mut Conn, cx: &Context, of: Versioned, code: &str, body: &Body<Replay>) -> Result<Plan> {
    let subject = repo::subject(c, of, code)?.ok_or(Error::NotFound)?;
    let input = body.shaped()?;
    let version = input.version.unwrap_or(subject.newest);
    let target = Target { of, code: code.to_owned(), version };
    if version < subject.newest {
        return Err(superseded(subject.newest));
    }
    let applies = input.dry_run == Some(false);
    if applies {
        applicable(c, cx, &target)?;
    }
    if version > subject.newest {
        return Err(Error::Invalid(vec![Fault::new("/version", codes::UNKNOWN_VERSION).arg(subject.newest)]));
    }
    if !applies {
        return Ok(Plan { target, apply: None });
    }
    match (&input.hash, &input.reason) {
        (Some(hash), Some(reason)) => Ok(Plan { target, apply: Some((hash.clone(), reason.clone())) }),
        (hash, reason) => {
            let missing = [
                hash.is_none().then(|| Fault::new("/hash", web::REQUIRED)),
                reason.is_none().then(|| Fault::new("/reason", codes::REASON_REQUIRED)),
            ];
            Err(Error::Invalid(missing.into_iter().flatten().collect()))
        }
    }
}

fn superseded(newest: i32) -> Error {
    Error::Conflict(Refusal { args: vec![newest.to_string()], ..Refusal::new(codes::VERSION_SUPERSEDED) })
}

/// Refuses a version that is not in force yet.
fn applicable(c: &mut Conn, cx: &Context, target: &Target) -> Result<()> {
    let refused = |code, arg: String| Err(Error::Conflict(Refusal { args: vec![arg], ..Refusal::new(code) }));
    if target.of == Versioned::Profile {
        let timetable = Timetable::current(c)?;
        let from = timetable.profile(&target.code, target.version).map(|profile| profile.valid_from);
        if let Some(from) = from.filter(|from| *from > cx.today()) {
            return refused(codes::VERSION_NOT_IN_FORCE, from.to_string());
        }
    }
    Ok(())
}

/// What would move, while it is read page by page: a million running clocks are neither held in memory nor in one snapshot.
#[derive(Debug, Clone)]
pub struct Survey {
    target: Target,
    as_of: Time,
    after: (Id, Id),
    tally: Tally,
    /// Whether all is read.
    pub over: bool,
}

impl Survey {
    /// Before the first page.
    pub fn of(target: &Target, cx: &Context) -> Self {
        Self { target: target.clone(), as_of: Time(cx.now()), after: (Id::NIL, Id::NIL), tally: Tally::of(target), over: false }
    }

    /// Reads the next page.
    ///
    /// # Errors
    /// Database only.
    pub fn read_on(mut self, c: &mut Conn, cx: &Context) -> Result<Self> {
        let looked = look(c, cx, &self.target, self.as_of, self.after)?;
        looked.moving.iter().for_each(|moving| self.tally.add(moving));
        self.tally.stays += looked.stays;
        (self.after, self.over) = (looked.after, looked.over);
        Ok(self)
    }

    /// The hash of what would move.
    pub fn hash(&self) -> String {
        self.tally.hash()
    }

    /// What would move, as shown.
    ///
    /// # Errors
    /// Database only.
    pub fn view(&self, c: &mut Conn) -> Result<ReplayView> {
        let tally = &self.tally;
        let listed = tally.moves.iter().filter_map(|shown| shown.clock.unit_id);
        let names = unit::repo::names(c, &tally.units.keys().copied().chain(listed).collect::<Vec<_>>())?;
        let unit = |id: Id| UnitRef { id, name: names.get(&id).cloned().unwrap_or_default() };
        let mut units: Vec<_> = tally.units.iter().map(|(id, clocks)| UnitMoves { unit: unit(*id), clocks: *clocks }).collect();
        units.sort_by_key(|moves| (-moves.clocks, moves.unit.id));
        let moves = tally.moves.iter().map(|shown| Move {
            petition_id: shown.clock.subject_id,
            number: shown.number.clone(),
            clock_id: shown.clock.id,
            kind: shown.clock.kind,
            unit: shown.clock.unit_id.map(unit),
            due_on: shown.due_on,
        });
        let of = |of: Versioned| (self.target.of == of).then(|| self.target.code.clone());
        Ok(ReplayView {
            calendar: of(Versioned::Calendar),
            profile: of(Versioned::Profile),
            version: self.target.version,
            clocks: tally.clocks,
            confirmed: tally.confirmed,
            warnings: tally.warnings,
            petitions: tally.petitions,
            units,
            moves: moves.collect(),
            unlisted: tally.unlisted,
            stays: tally.stays,
            hash: self.hash(),
            as_of: self.as_of,
        })
    }
}

/// A page of what still counts.
pub(super) struct Looked {
    /// The clocks of which anything would move.
    pub moving: Vec<Moving>,
    /// Those that keep their last day, whatever the version says.
    pub stays: i64,
    /// Where the next page begins.
    pub after: (Id, Id),
    /// Whether this was the last.
    pub over: bool,
}

/// Looks at the clocks behind a place: which of those that are counted by an older version, and not due by then, would move.
pub(super) fn look(c: &mut Conn, cx: &Context, target: &Target, as_of: Time, after: (Id, Id)) -> Result<Looked> {
    let timetable = Timetable::current(c)?;
    let clocks = repo::counting(c, after, PAGE)?;
    let over = i64::try_from(clocks.len()).is_ok_and(|read| read < PAGE);
    let after = clocks.last().map_or(after, |clock| (clock.subject_id, clock.id));
    // what is due by now is history, whether or not it was found yet
    let counts = clocks.into_iter().filter(|clock| clock.due_at > as_of && clock.subject_kind == "petition");
    let older: Vec<_> = counts.filter_map(|clock| Some((rules::versions(target, &clock, &timetable)?, clock))).collect();
    let mut ids: Vec<Id> = older.iter().map(|(_, clock)| clock.subject_id).collect();
    ids.dedup();
    let petitions = if ids.is_empty() { HashMap::new() } else { repo::petitions(c, ids)? };
    let (mut moving, mut stays) = (Vec::new(), 0);
    for (by, from) in older {
        let Some(petition) = petitions.get(&from.subject_id) else { continue };
        let about = About {
            petition: petition.id,
            kind: petition.kind,
            route: petition.facts.route,
            first: Level::of_rank(petition.priority_rank) != Level::Normal,
            n: 0,
        };
        match recounted(&from, &timetable, by, &about, cx)? {
            Recounted::Same => {}
            Recounted::Stays => stays += 1,
            Recounted::Moved(to) => {
                moving.push(Moving { number: petition.number.clone(), restricted: petition.restricted, from, to: *to });
            }
        }
    }
    Ok(Looked { moving, stays, after, over })
}

/// Decides that what the dry run said is done: one event of the calendar or profile, and a job that does it.
///
/// # Errors
/// Conflict when the dry run no longer holds, or a newer version came meanwhile.
pub fn decide(c: &mut Conn, cx: &mut Context, survey: &Survey, hash: &str, reason: &str) -> Result<Job> {
    let (target, tally) = (&survey.target, &survey.tally);
    let subject = repo::subject(c, target.of, &target.code)?.ok_or(Error::NotFound)?;
    if target.version < subject.newest {
        return Err(superseded(subject.newest));
    }
    applicable(c, cx, target)?;
    if survey.hash() != hash {
        return Err(Error::conflict(codes::DRY_RUN_STALE));
    }
    // the first has not moved all it said yet: the same dry run would hold a second time
    let same = |job: &Job| job.task::<Task>().is_ok_and(|task| task.target.of == target.of && task.target.code == target.code);
    if job::service::under_way(c, JobKind::Replay)?.iter().any(same) {
        return Err(Error::conflict(codes::REPLAY_UNDER_WAY));
    }
    let (act, code) = match target.of {
        Versioned::Calendar => ("calendar_replayed", "calendar"),
        Versioned::Profile => ("profile_replayed", "profile"),
    };
    let draft = Draft::new(act, cx.actor.role_among(target.of.permission().roles()))
        .with(code, &target.code)
        .with(&format!("{code}_version"), target.version)
        .with("hash", hash)
        .with("clocks", tally.clocks)
        .with("confirmed", tally.confirmed)
        .with("warnings", tally.warnings)
        .with("petitions", tally.petitions)
        .sealed(json!({ "reason": reason }));
    let head = Head { n: subject.event_n, hash: subject.event_hash.clone() };
    let event = audit::compose(cx, target.of.subject(), subject.id, &head, draft)?;
    let task = Task { target: target.clone(), decided_by: event.id() };
    repo::move_head(c, target.of, &subject, &event.head())?;
    event.record(c)?;
    job::service::ask(c, cx, JobKind::Replay, &task, Some(tally.petitions))
}
