//! The job: part by part, first compared, then entered.
//!
//! Of a file that is all or nothing, nothing is entered before every row was found good; a roster of ordinary size then appears in one
//! transaction, a larger one part by part, for the desk must not wait for it.

use super::model::{FaultRow, ImportMode, Outcome, Reached, Staged, Task, Told};
use super::{ledger, repo, service};
use crate::auth::context::Origin;
use crate::auth::{Actor, Permission};
use crate::codes;
use crate::job::{Job, service as job};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Fault, Result};
use crate::retiree::RetireeChange;
use crate::retiree::model::UnitRole;
use crate::retiree::roster::{self, Entry, Planned};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Parts of a roster that are entered together when all or none are: the rows of a county's roster.
const TOGETHER: i64 = 25;
/// The same of a ledger: a petition takes longer to enter.
const TOGETHER_OF_LEDGER: i64 = 5;
/// Faults told with the result.
const TOLD: i64 = 100;

/// Compares or enters the next part.
///
/// # Errors
/// Stale when somebody else has the job; Forbidden when who asked may no longer; else database only.
pub async fn step(platform: &Platform, job: &Job) -> Result<Job> {
    let task: Task = job.task()?;
    let reached: Reached = job.reached()?.unwrap_or(Reached { faulty: task.faulty.0, faults: task.faulty.1, ..Reached::default() });
    let mut origin = Origin::system(platform, &format!("job {}", job.id));
    let by = job.requested_by;
    origin.actor = Arc::new(platform.db.read(move |c| acting(c, by)).await?);
    let together = if task.issuer.is_some() { TOGETHER_OF_LEDGER } else { TOGETHER };
    let whole = task.mode == ImportMode::AllOrNothing && task.parts <= together;
    let parts = if reached.entering && whole { 0..task.parts } else { reached.part..task.parts.min(reached.part + 1) };
    let (reading, of, at) = (origin.clone(), task.clone(), parts.clone());
    let id = job.id;
    let looked = platform.db.read(move |c| look(c, &reading, &of, id, at)).await?;
    let (job, last) = (job.clone(), parts.end >= task.parts);
    let write = move |c: &mut Conn| {
        let mut cx = origin.context();
        let now = cx.now();
        let mut next = Reached { part: parts.end, ..reached };
        let faults: Vec<FaultRow> = looked.faults(job.id, &task, reached.faults);
        if !reached.entering {
            looked.count(&mut next);
            next.faults += i64::try_from(faults.len()).unwrap_or(0);
            repo::insert_faults(c, &faults)?;
            let held = job::reach(c, &job, now, &next, if task.dry_run { progress(&next, &task) } else { 0 })?;
            if !last {
                return Ok(held);
            }
            if task.dry_run || (task.mode == ImportMode::AllOrNothing && next.faulty > 0) {
                return finish(c, &held, &cx, &task, &next, false);
            }
            let next = Reached { entering: true, part: 0, ..next };
            return job::reach(c, &held, now, &next, 0);
        }
        looked.enter(c, &mut cx)?;
        let held = job::reach(c, &job, now, &next, progress(&next, &task))?;
        if last { finish(c, &held, &cx, &task, &next, true) } else { Ok(held) }
    };
    platform.db.write_background(write).await
}

fn progress(reached: &Reached, task: &Task) -> i64 {
    let part = i64::try_from(service::PART).unwrap_or(i64::MAX);
    reached.part.saturating_mul(part).min(task.rows)
}

fn finish(c: &mut Conn, held: &Job, cx: &crate::auth::Context, task: &Task, reached: &Reached, applied: bool) -> Result<Job> {
    repo::drop_parts(c, held.id)?;
    let told = |row: FaultRow| Told { row: row.line, column: row.column_name, code: row.code };
    let outcome = Outcome {
        applied,
        rows: task.rows,
        new: reached.new,
        changed: reached.changed,
        unchanged: reached.unchanged,
        closed: task.issuer.as_ref().map(|_| reached.closed),
        overdue: task.issuer.as_ref().map(|_| reached.overdue),
        faulty: reached.faulty,
        doubles: task.doubles,
        unknown_columns: task.unknown_columns.clone(),
        faults_total: reached.faults,
        faults: repo::faults(c, held.id, 0, TOLD)?.into_iter().map(told).collect(),
    };
    let held = job::reach(c, held, cx.now(), reached, task.rows)?;
    job::finish(c, &held, cx.now(), &outcome)
}

/// Who asks, as they are now.
///
/// # Errors
/// Forbidden when they may not bring in files.
pub fn acting(c: &mut Conn, id: Id) -> Result<Actor> {
    let denied = || Error::Forbidden(crate::platform::web::codes::NOT_PERMITTED);
    let account = repo::in_use(c, id)?.ok_or_else(denied)?;
    let roles = crate::account::repo::roles(c, &[id])?.remove(&id).unwrap_or_default();
    let actor = Actor { account_id: Some(id), unit_id: account.unit_id, roles };
    actor.require(Permission::ImportRecords.roles())?;
    Ok(actor)
}

/// What becomes of the rows of some parts.
struct Looked {
    lines: Vec<u32>,
    planned: Plans,
}

/// By what the file is.
enum Plans {
    Roster(Vec<Planned>),
    Ledger(Vec<ledger::Planned>),
}

impl Looked {
    fn count(&self, reached: &mut Reached) {
        match &self.planned {
            Plans::Roster(plans) => plans.iter().for_each(|plan| {
                *(match plan {
                    Planned::New(_) => &mut reached.new,
                    Planned::Changed(_) => &mut reached.changed,
                    Planned::Unchanged => &mut reached.unchanged,
                    Planned::Faulty(_) => &mut reached.faulty,
                }) += 1;
            }),
            Plans::Ledger(plans) => plans.iter().for_each(|plan| plan.count(reached)),
        }
    }

    fn enter(&self, c: &mut Conn, cx: &mut crate::auth::Context) -> Result<()> {
        match &self.planned {
            Plans::Roster(plans) => roster::enter(c, cx, plans),
            Plans::Ledger(plans) => ledger::enter(c, cx, plans),
        }
    }

    /// What is wrong with the n-th row.
    fn faults_of(&self, n: usize) -> &[Fault] {
        match &self.planned {
            Plans::Roster(plans) => match plans.get(n) {
                Some(Planned::Faulty(faults)) => faults,
                _ => &[],
            },
            Plans::Ledger(plans) => match plans.get(n) {
                Some(ledger::Planned::Faulty(faults)) => faults,
                _ => &[],
            },
        }
    }

    fn faults(&self, job: Id, task: &Task, before: i64) -> Vec<FaultRow> {
        let faulty = self.lines.iter().enumerate().map(|(n, line)| self.faults_of(n).iter().map(move |fault| (*line, fault)));
        let row = |(n, (line, fault)): (i64, (u32, &Fault))| {
            let column = task.called(fault.pointer.trim_start_matches('/').split('/').next().unwrap_or_default());
            service::row(job, n, line, column, fault.code, &fault.args)
        };
        (before + 1..).zip(faulty.flatten()).map(row).collect()
    }
}

fn look(c: &mut Conn, origin: &Origin, task: &Task, job: Id, parts: std::ops::Range<i64>) -> Result<Looked> {
    let mut cx = origin.aside();
    if !roster::reaches_all(c, &cx.actor, cx.today())? {
        return Err(Error::Forbidden(crate::platform::web::codes::NOT_PERMITTED));
    }
    if let Some(issuer) = &task.issuer {
        let (mut lines, mut plans) = (Vec::new(), Vec::new());
        for n in parts {
            let rows: Vec<ledger::Row> = service::opened(&cx, task, &repo::held(c, job, n)?)?;
            lines.extend(rows.iter().map(|row| row.line));
            plans.extend(ledger::plan(c, &mut cx, issuer, &rows, job)?);
        }
        return Ok(Looked { lines, planned: Plans::Ledger(plans) });
    }
    let (mut lines, mut planned) = (Vec::new(), Vec::new());
    for n in parts {
        let rows: Vec<Staged> = service::opened(&cx, task, &repo::held(c, job, n)?)?;
        let named = Named::of(c, &rows)?;
        let (mut entries, mut places) = (Vec::new(), Vec::new());
        for row in &rows {
            lines.push(row.line);
            match named.entry(row, task.unit_id)? {
                Ok(entry) => {
                    entries.push(entry);
                    places.push(planned.len());
                    planned.push(Planned::Unchanged);
                }
                Err(faults) => planned.push(Planned::Faulty(faults)),
            }
        }
        for (at, plan) in places.into_iter().zip(roster::plan(c, &mut cx, &entries, job)?) {
            if let Some(place) = planned.get_mut(at) {
                *place = plan;
            }
        }
    }
    Ok(Looked { lines, planned: Plans::Roster(planned) })
}

/// Units and staff by what they are called in the rows.
struct Named {
    units: HashMap<String, Vec<Id>>,
    staff: HashMap<String, Vec<Id>>,
}

impl Named {
    fn of(c: &mut Conn, rows: &[Staged]) -> Result<Self> {
        let units: BTreeSet<String> = rows.iter().flat_map(|row| row.units.iter().filter_map(|(_, unit)| unit.clone())).collect();
        let staff: BTreeSet<String> = rows.iter().filter_map(|row| row.liaison.clone()).collect();
        let by_name = |rows: Vec<(Id, String, String)>| {
            let mut found: HashMap<String, Vec<Id>> = HashMap::new();
            for (id, name, _) in &rows {
                // a code or user name is one thing's alone
                found.insert(name.clone(), vec![*id]);
            }
            let codes: BTreeSet<String> = found.keys().cloned().collect();
            for (id, _, name) in rows {
                if !codes.contains(&name) {
                    found.entry(name).or_default().push(id);
                }
            }
            found
        };
        let units = if units.is_empty() { Vec::new() } else { repo::units(c, &units.into_iter().collect::<Vec<_>>())? };
        let staff = if staff.is_empty() { Vec::new() } else { repo::staff(c, &staff.into_iter().collect::<Vec<_>>())? };
        Ok(Self { units: by_name(units), staff: by_name(staff) })
    }

    fn entry(&self, row: &Staged, fallback: Option<Id>) -> Result<std::result::Result<Entry, Vec<Fault>>> {
        let mut change: RetireeChange = serde_json::from_value(row.change.clone()).map_err(|e| Error::Internal(Box::new(e)))?;
        let (mut faults, mut units) = (Vec::new(), Vec::new());
        for (role, called) in &row.units {
            let column = format!("/{}_unit", role.as_str());
            let found = called.as_ref().map(|called| self.units.get(called).map_or(&[][..], Vec::as_slice));
            match found {
                None => units.push((*role, None)),
                Some([one]) => units.push((*role, Some(*one))),
                Some([]) => faults.push(Fault::new(column, codes::UNIT_NOT_FOUND)),
                Some(_) => faults.push(Fault::new(column, codes::UNIT_AMBIGUOUS)),
            }
        }
        if let Some(unit) = fallback
            && !row.units.iter().any(|(role, _)| *role == UnitRole::Responsible)
        {
            units.push((UnitRole::Responsible, Some(unit)));
        }
        match row.liaison.as_ref().map(|called| self.staff.get(called).map_or(&[][..], Vec::as_slice)) {
            None => {}
            Some([one]) => change.liaison_officer = Some(Some(*one)),
            Some(_) => faults.push(Fault::new("/liaison_officer", codes::LIAISON_NOT_FOUND)),
        }
        Ok(if faults.is_empty() { Ok(Entry { change, units }) } else { Err(faults) })
    }
}
