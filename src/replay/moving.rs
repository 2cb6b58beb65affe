//! The job: petition by petition, a few in each step, each with its event.

use super::model::{Reached, Target, Task, Versioned};
use super::{rules, service};
use crate::audit::Draft;
use crate::auth::Context;
use crate::auth::context::Origin;
use crate::deadline::{Clock, Timetable};
use crate::job::{Job, service as job};
use crate::petition::Case;
use crate::petition::clocks::due;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use serde_json::json;

/// Petitions of one step: the desk waits behind it.
const BATCH: usize = 20;
/// Pages looked through before the job says that it is still in hand.
const PAGES: usize = 50;

/// Moves the next petitions, or finds that there are none left.
///
/// # Errors
/// Stale when somebody else has the job; else database only.
pub async fn step(platform: &Platform, job: &Job) -> Result<Job> {
    let task: Task = job.task()?;
    let reached: Reached = job.reached()?.unwrap_or(Reached::START);
    let origin = Origin::system(platform, &format!("job {}", job.id));
    let looked = look_on(platform, &origin, &task.target, reached.after).await?;
    let mut petitions: Vec<Id> = Vec::new();
    let (mut after, mut over) = (looked.after, looked.over);
    for clock in looked.moving.iter().map(|moving| &moving.from) {
        if petitions.last() == Some(&clock.subject_id) {
            continue;
        }
        if petitions.len() == BATCH {
            // the rest of the page is the next step's
            over = false;
            after = petitions.last().map_or(after, |last| (*last, Id::LAST));
            break;
        }
        petitions.push(clock.subject_id);
    }
    let job = job.clone();
    let write = move |c: &mut Conn| {
        let mut cx = origin.context();
        let mut reached = Reached { after, ..reached };
        for petition in &petitions {
            let clocks = recount(c, &mut cx, *petition, &task)?;
            reached.petitions += i64::from(clocks > 0);
            reached.clocks += clocks;
        }
        let now = cx.now();
        let job = job::reach(c, &job, now, &reached, reached.petitions)?;
        if !over {
            return Ok(job);
        }
        job::finish(c, &job, now, &json!({ "petitions": reached.petitions, "clocks": reached.clocks }))
    };
    platform.db.write_background(write).await
}

/// Looks behind a place, where the writer does not wait for it, until something would move.
async fn look_on(platform: &Platform, origin: &Origin, target: &Target, mut after: (Id, Id)) -> Result<service::Looked> {
    let mut pages = 0;
    loop {
        let (target, origin) = (target.clone(), origin.clone());
        let look = move |c: &mut Conn| {
            let cx = origin.context();
            service::look(c, &cx, &target, Time(cx.now()), after)
        };
        let looked = platform.db.read(look).await?;
        (pages, after) = (pages + 1, looked.after);
        if looked.over || pages == PAGES || !looked.moving.is_empty() {
            return Ok(looked);
        }
    }
}

/// Counts the clocks of a petition anew; says how many moved.
fn recount(c: &mut Conn, cx: &mut Context, petition: Id, task: &Task) -> Result<i64> {
    let Some(mut case) = Case::load_unscoped(c, cx, petition)? else { return Ok(0) };
    let open = case.row.closed_at;
    // what was due before this stays what it was
    due::catch_up(c, cx, &mut case)?;
    let (timetable, before) = (Timetable::current(c)?, case.clocks.all().cloned().collect::<Vec<Clock>>());
    if case.replay_clocks(c, cx, |clock| rules::versions(&task.target, clock, &timetable))? {
        case.event(told(&task.target).with("decided_by", task.decided_by));
    }
    let moved = case.clocks.all().zip(&before).filter(|(now, before)| now != before).count();
    let closed = case.row.closed_at != open;
    case.store(c, cx, closed)?;
    if closed {
        case.store_fact(c, cx)?;
    }
    Ok(i64::try_from(moved).unwrap_or(i64::MAX))
}

fn told(target: &Target) -> Draft {
    let draft = Draft::by_system("clock_moved");
    match target.of {
        Versioned::Calendar => draft.with("calendar", &target.code).with("calendar_version", target.version),
        Versioned::Profile => draft.with("profile", &target.code).with("profile_version", target.version),
    }
}
