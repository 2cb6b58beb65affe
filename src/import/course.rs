//! The course of a job: part by part, first compared, then entered.
//!
//! Of a file that is all or nothing, nothing is entered before every row was found good. A small one then appears in one transaction,
//! a larger one part by part, for the desk must not wait for it. While a part is written, the next is looked at already.

use super::examined::{Examined, Pass, examine};
use super::model::{FaultRow, ImportMode, Outcome, Reached, Task, Told};
use super::{repo, service};
use crate::auth::context::Origin;
use crate::auth::{Actor, Context, Permission};
use crate::job::{Job, JobState, service as job};
use crate::platform::Platform;
use crate::platform::db::types::Id;
use crate::platform::db::{Conn, lock};
use crate::platform::error::{Error, Result};
use crate::platform::web::codes as web;
use crate::retiree::roster::Entering;
use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// Rows that are entered together when all or none are: about a tenth of a second of the writer.
const TOGETHER: i64 = 400;
/// The same of a ledger: a petition takes longer to enter.
const TOGETHER_OF_LEDGER: i64 = 40;
/// Parts looked at while one is written.
const AHEAD: usize = 2;
/// How often a part that was overtaken is looked at anew before that is done in the transaction that enters it.
const ATTEMPTS: usize = 3;
/// Faults told with the result.
const TOLD: i64 = 100;
/// What is locked while rows are entered: of two files at once, one sees whom the other has entered.
const ENTERING: i64 = 0x696d_706f_7274;

/// The next parts.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stretch {
    pass: Pass,
    parts: Range<i64>,
}

impl Stretch {
    fn of(task: &Task, entering: bool, part: i64) -> Self {
        let together = if task.issuer.is_some() { TOGETHER_OF_LEDGER } else { TOGETHER };
        let whole = entering && task.mode == ImportMode::AllOrNothing && task.rows <= together;
        let end = if whole { task.parts } else { task.parts.min(part + 1) };
        Self { pass: if entering { Pass::Entering } else { Pass::Comparing }, parts: part..end }
    }
}

/// Compares or enters up to so many of the next parts, each stored with how far the job is then: `job` is as it was stored last.
///
/// # Errors
/// Stale when somebody else has the job; Forbidden when who asked may no longer; else database only.
pub async fn advance(platform: &Platform, job: &mut Job, most: usize) -> Result<()> {
    let task: Arc<Task> = Arc::new(job.task()?);
    let mut ahead: VecDeque<(Stretch, JoinHandle<Result<Looked>>)> = VecDeque::new();
    for n in 0..most {
        let reached = Reached::of(job, &task)?;
        let stretch = Stretch::of(&task, reached.entering, reached.part);
        while ahead.front().is_some_and(|(next, _)| *next != stretch) {
            ahead.pop_front();
        }
        if ahead.is_empty() {
            ahead.push_back((stretch.clone(), look(platform, job, &task, stretch.clone())));
        }
        while ahead.len() <= AHEAD.min(most - n - 1)
            && let Some(next) = ahead.back().map(|(last, _)| Stretch::of(&task, reached.entering, last.parts.end))
            && next.parts.start < task.parts
        {
            ahead.push_back((next.clone(), look(platform, job, &task, next)));
        }
        let Some((_, looking)) = ahead.pop_front() else { break };
        let looked = looking.await.map_err(|e| Error::Internal(Box::new(e)))??;
        *job = store(platform, job, &task, &stretch, looked).await?;
        if job.state != JobState::Running {
            break;
        }
    }
    Ok(())
}

/// What was found, and in whose name.
struct Looked {
    origin: Origin,
    examined: Examined,
}

fn look(platform: &Platform, job: &Job, task: &Arc<Task>, stretch: Stretch) -> JoinHandle<Result<Looked>> {
    let (platform, task, id, by) = (platform.clone(), Arc::clone(task), job.id, job.requested_by);
    tokio::spawn(async move {
        let mut origin = Origin::system(&platform, &format!("job {id}"));
        let look = move |c: &mut Conn| {
            origin.actor = Arc::new(acting(c, by)?);
            let examined = examine(c, &mut origin.aside(), &task, id, stretch.pass, stretch.parts)?;
            Ok(Looked { origin, examined })
        };
        platform.db.read(look).await
    })
}

/// Stores what was found, and how far the job is then. What was overtaken is looked at anew, at last where nobody can overtake it.
async fn store(platform: &Platform, job: &Job, task: &Arc<Task>, stretch: &Stretch, looked: Looked) -> Result<Job> {
    let mut looked = looked;
    for _ in 0..ATTEMPTS {
        let (before, of, at) = (job.clone(), Arc::clone(task), stretch.clone());
        let write = move |c: &mut Conn| written(c, &mut looked.origin.context(), &before, &of, &at, &looked.examined);
        if let Some(next) = platform.db.write_background(write).await? {
            return Ok(next);
        }
        looked = look(platform, job, task, stretch.clone()).await.map_err(|e| Error::Internal(Box::new(e)))??;
    }
    let (before, of, at, by) = (job.clone(), Arc::clone(task), stretch.clone(), job.requested_by);
    let origin = Origin::system(platform, &format!("job {}", job.id));
    let at_once = move |c: &mut Conn| {
        let mut origin = origin.clone();
        origin.actor = Arc::new(acting(c, by)?);
        in_turn(c, &at)?;
        let examined = examine(c, &mut origin.aside(), &of, before.id, at.pass, at.parts.clone())?;
        written(c, &mut origin.context(), &before, &of, &at, &examined)?.ok_or(Error::Again)
    };
    platform.db.write_background(at_once).await
}

/// Waits for its turn to enter rows; comparing needs none.
fn in_turn(c: &mut Conn, stretch: &Stretch) -> Result<()> {
    if stretch.pass == Pass::Entering { lock::in_turn(c, ENTERING) } else { Ok(()) }
}

/// Stores what was found in one transaction; none when it was overtaken: then nothing is written.
fn written(c: &mut Conn, cx: &mut Context, job: &Job, task: &Task, stretch: &Stretch, examined: &Examined) -> Result<Option<Job>> {
    let reached = Reached::of(job, task)?;
    let mut next = Reached { part: stretch.parts.end, ..reached };
    examined.count(&mut next);
    let last = stretch.parts.end >= task.parts;
    let all = task.mode == ImportMode::AllOrNothing;
    if stretch.pass == Pass::Comparing {
        if examined.claim(c, job.id)? == Entering::Overtaken {
            return Ok(None);
        }
        list_faults(c, job.id, task, examined, &mut next)?;
        let done = if task.dry_run { progress(&next, task) } else { 0 };
        let held = job::reach(c, job, cx.now(), &next, done)?;
        if !last {
            return Ok(Some(held));
        }
        if task.dry_run || (all && next.faulty > 0) {
            return finish(c, &held, cx, task, &next, false).map(Some);
        }
        return job::reach(c, &held, cx.now(), &next.entering(task), 0).map(Some);
    }
    let refused = all && last && stretch.parts.start == 0 && next.faulty > 0;
    if !refused {
        in_turn(c, stretch)?;
        if examined.enter(c, cx)? == Entering::Overtaken {
            return Ok(None);
        }
    }
    list_faults(c, job.id, task, examined, &mut next)?;
    let held = job::reach(c, job, cx.now(), &next, progress(&next, task))?;
    if last { finish(c, &held, cx, task, &next, !refused).map(Some) } else { Ok(Some(held)) }
}

/// Lists what is wrong now; what was listed when the rows were compared and is good by now is taken off.
fn list_faults(c: &mut Conn, job: Id, task: &Task, examined: &Examined, reached: &mut Reached) -> Result<()> {
    let faulty: BTreeSet<i64> = examined.faults.iter().map(|(line, _)| i64::from(*line)).collect();
    let mut known = BTreeSet::new();
    if reached.entering && (reached.listed > task.faulty.1.min(service::LISTED) || !faulty.is_empty()) {
        let lines: Vec<i64> = examined.lines.iter().map(|line| i64::from(*line)).collect();
        known = repo::lines_with_faults(c, job, lines)?;
        let good: Vec<i64> = known.difference(&faulty).copied().collect();
        repo::take_off(c, job, good)?;
    }
    reached.faults += i64::try_from(examined.faults.len()).unwrap_or(i64::MAX);
    let new = examined.faults.iter().filter(|(line, _)| !known.contains(&i64::from(*line)));
    let mut rows: Vec<FaultRow> = Vec::new();
    for (line, fault) in new {
        if reached.listed < service::LISTED {
            reached.listed += 1;
            let column = task.column(&fault.pointer);
            rows.push(service::row(job, reached.listed, *line, column, fault.code, &fault.args));
        }
    }
    repo::insert_faults(c, &rows)
}

fn progress(reached: &Reached, task: &Task) -> i64 {
    reached.part.saturating_mul(service::rows_of_part(task.issuer.is_some())).min(task.rows)
}

fn finish(c: &mut Conn, held: &Job, cx: &Context, task: &Task, reached: &Reached, applied: bool) -> Result<Job> {
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
    let denied = || Error::Forbidden(web::NOT_PERMITTED);
    let account = repo::in_use(c, id)?.ok_or_else(denied)?;
    let roles = crate::account::repo::roles(c, &[id])?.remove(&id).unwrap_or_default();
    let actor = Actor::staff(id, account.unit_id, roles);
    actor.require(Permission::ImportRecords.roles())?;
    Ok(actor)
}
