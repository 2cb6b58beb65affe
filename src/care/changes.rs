//! What becomes of tasks when what they rest on changes: a death and its correction, a date of birth, who looks after somebody, a merge of
//! profiles and its undoing, a petition that is confidential now.

use super::model::{CancelReason, TaskState, VisitReason, VisitTask, Whom};
use super::occasions::Occasions;
use super::service::{Born, Opening, cancel, change, open, plan_ahead, present};
use super::{repo, rules};
use crate::account;
use crate::audit::Draft;
use crate::auth::Context;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use std::collections::BTreeSet;

fn take_back(c: &mut Conn, cx: &mut Context, task: &VisitTask, reason: CancelReason) -> Result<()> {
    cancel(c, cx, task, reason, Draft::by_system("visit_task_cancelled"), None).map(|_| ())
}

fn move_to(c: &mut Conn, cx: &mut Context, task: &VisitTask, next: VisitTask) -> Result<()> {
    if next == *task {
        return Ok(());
    }
    change(c, cx, task, next, Draft::by_system("visit_task_followed")).map(|_| ())
}

/// Somebody died: nothing else is owed any more, and the family is to be visited.
///
/// # Errors
/// Database only.
pub fn died(c: &mut Conn, cx: &mut Context, whom: &Whom, petition: Option<Id>) -> Result<()> {
    let occasion = match (whom.retiree, petition) {
        (Some(retiree), _) => {
            nothing_else(c, cx, retiree)?;
            "death".to_owned()
        }
        (None, petition) => petition.map_or_else(|| "death".to_owned(), |id| id.to_string()),
    };
    let opening = Opening { petition, ..Opening::following(VisitReason::Death, occasion, cx.now()) };
    open(c, cx, whom, opening).map(|_| ())
}

fn nothing_else(c: &mut Conn, cx: &mut Context, retiree: Id) -> Result<()> {
    for task in repo::open_of(c, retiree)?.iter().filter(|task| task.reason != VisitReason::Death) {
        take_back(c, cx, task, CancelReason::Deceased)?;
    }
    Ok(())
}

/// Somebody lives who was said to have died: their family is not owed a visit, and what was taken back is owed again.
///
/// # Errors
/// Database only.
pub fn lives(c: &mut Conn, cx: &mut Context, (whom, born): Born<'_>) -> Result<()> {
    let Some(retiree) = whom.retiree else { return Ok(()) };
    for task in repo::of(c, retiree)? {
        if task.reason == VisitReason::Death && task.state != TaskState::Cancelled {
            take_back(c, cx, &task, CancelReason::Mistaken)?;
        }
    }
    reopen(c, cx, whom, CancelReason::Deceased, &[])?;
    birth_date_stands(c, cx, (whom, born))
}

/// Reopens what of somebody was cancelled for a reason that holds no more, unless it has its like, there or with `others`.
fn reopen(c: &mut Conn, cx: &mut Context, whom: &Whom, reason: CancelReason, others: &[Id]) -> Result<()> {
    let Some(retiree) = whom.retiree else { return Ok(()) };
    let mut all = repo::of(c, retiree)?;
    // one of two alike that came from another profile would go back to it
    all.sort_by_key(|task| (task.merged_from.is_some(), task.id));
    for other in others {
        all.extend(repo::of(c, *other)?.into_iter().filter(|task| task.state == TaskState::Done));
    }
    let mut owed: Vec<(VisitReason, String)> = Vec::new();
    for task in all.iter().filter(|task| task.retiree_id == whom.retiree && task.cancelled_for == Some(reason)) {
        let like = |other: &VisitTask| {
            let same = other.reason == task.reason && other.occasion == task.occasion;
            // one stay in hospital is one visit
            let stay = other.reason == VisitReason::Hospital && task.reason == VisitReason::Hospital && other.state == TaskState::Open;
            other.state != TaskState::Cancelled && (same || stay)
        };
        let again = owed
            .iter()
            .any(|(reason, occasion)| *reason == task.reason && (*occasion == task.occasion || task.reason == VisitReason::Hospital));
        if again || all.iter().any(like) || !rules::is_worth_it(task, cx.now()) {
            continue;
        }
        owed.push((task.reason, task.occasion.clone()));
        let next = VisitTask {
            state: TaskState::Open,
            cancelled_for: None,
            ended_at: None,
            ended_by: None,
            name: whom.name.clone(),
            unit_id: whom.unit.or(task.unit_id),
            assignee: task.assignee.or(whom.liaison),
            ..task.clone()
        };
        let next = present(c, next)?;
        change(c, cx, task, next, Draft::by_system("visit_task_reopened"))?;
    }
    Ok(())
}

/// Somebody was born on this day, whatever was thought before: a birthday planned for another is not owed, and the right one is.
///
/// # Errors
/// Database only.
pub fn birth_date_stands(c: &mut Conn, cx: &mut Context, (whom, born): Born<'_>) -> Result<()> {
    let Some(retiree) = whom.retiree else { return Ok(()) };
    for task in repo::open_of(c, retiree)?.iter().filter(|task| task.reason == VisitReason::Birthday) {
        if !born.is_some_and(|born| Occasions::turns(born, &task.occasion, task.due_on)) {
            take_back(c, cx, task, CancelReason::BirthDateCorrected)?;
        }
    }
    let today = cx.today();
    plan_ahead(c, cx, &[(whom, born)], today).map(|_| ())
}

/// Somebody is looked after by others now: what is open follows. What was given to somebody by name stays with them, unless that was
/// who looked after the retiree before.
///
/// # Errors
/// Database only.
pub fn follow(c: &mut Conn, cx: &mut Context, before: &Whom, now: &Whom) -> Result<()> {
    let Some(retiree) = now.retiree.filter(|_| before != now) else { return Ok(()) };
    for task in repo::open_of(c, retiree)? {
        let theirs = before.liaison.is_some() && task.assignee == before.liaison;
        let assignee = if theirs { now.liaison } else { task.assignee };
        let unit_id = if task.unit_id == before.unit { now.unit } else { task.unit_id };
        let next = present(c, VisitTask { assignee, unit_id, name: now.name.clone(), ..task.clone() })?;
        move_to(c, cx, &task, next)?;
    }
    Ok(())
}

/// A profile goes on in another: what is owed, was done or was given up of its occasions goes with it, so that nothing is owed twice. What
/// both have was visited for the one or gives way.
///
/// # Errors
/// Database only.
pub fn merged(c: &mut Conn, cx: &mut Context, from: Id, (into, born): Born<'_>) -> Result<()> {
    let Some(id) = into.retiree else { return Ok(()) };
    let mut in_hospital = repo::open_of(c, id)?.iter().any(|task| task.reason == VisitReason::Hospital);
    let (open, ended): (Vec<_>, Vec<_>) = repo::of(c, from)?.into_iter().partition(|task| task.state == TaskState::Open);
    for task in &open {
        let stay = task.reason == VisitReason::Hospital;
        if (stay && in_hospital) || repo::settled(c, id, task.reason, &task.occasion)? {
            let task = cancel(c, cx, task, CancelReason::Merged, Draft::by_system("visit_task_cancelled"), None)?;
            go_over(c, cx, &task, (from, into))?;
        } else {
            in_hospital |= stay;
            go_over(c, cx, task, (from, into))?;
        }
    }
    for task in ended.iter().filter(|task| rules::settles(task.reason, task.cancelled_for)) {
        let done = task.state == TaskState::Done;
        let like = if done { repo::like(c, id, task)? } else { None };
        match like {
            // both were visited, each by itself
            Some(like) if like.state == TaskState::Done => continue,
            // what was visited already is not owed to the one who goes on
            Some(like) => take_back(c, cx, &like, CancelReason::Merged)?,
            None => {}
        }
        go_over(c, cx, task, (from, into))?;
    }
    birth_date_stands(c, cx, (into, born))
}

/// A task goes over with its profile. Whoever was visited keeps the name they were visited by.
fn go_over(c: &mut Conn, cx: &mut Context, task: &VisitTask, (from, into): (Id, &Whom)) -> Result<()> {
    let name = if task.state == TaskState::Open { into.name.clone() } else { task.name.clone() };
    move_to(c, cx, task, VisitTask { retiree_id: into.retiree, name, merged_from: task.merged_from.or(Some(from)), ..task.clone() })
}

/// A visit is told of that was made before its task gave way to another at a merge: then the other is not owed. False when that one was
/// done, or the task was cancelled for something else and another stands for its occasion.
///
/// # Errors
/// As [`change`].
pub fn visited_after_all(c: &mut Conn, cx: &mut Context, task: &VisitTask) -> Result<bool> {
    let Some(retiree) = task.retiree_id else { return Ok(true) };
    match repo::like(c, retiree, task)? {
        None => Ok(true),
        Some(like) if like.state == TaskState::Open && task.cancelled_for == Some(CancelReason::Merged) => {
            take_back(c, cx, &like, CancelReason::Merged)?;
            Ok(true)
        }
        Some(_) => Ok(false),
    }
}

/// What stands by itself again after a merge is undone.
#[derive(Debug, Clone, Copy)]
pub struct Parted<'a> {
    /// Who does.
    pub back: Born<'a>,
    /// Whether they live.
    pub lives: bool,
    /// Their profile and all that were merged into it.
    pub profiles: &'a [Id],
    /// Who went on for them.
    pub stays: Born<'a>,
    /// Whether those live.
    pub stays_alive: bool,
    /// The profiles that are still merged into theirs.
    pub still: &'a [Id],
}

/// A merge is undone: what came with the profile goes back, and what was taken back as owed twice is owed to each.
///
/// # Errors
/// Database only.
pub fn parted(c: &mut Conn, cx: &mut Context, parted: Parted<'_>) -> Result<()> {
    let (whom, _) = parted.back;
    let Some(id) = whom.retiree else { return Ok(()) };
    for task in repo::came_from(c, parted.profiles)? {
        let merged_from = task.merged_from.filter(|first| *first != id);
        let back = VisitTask { retiree_id: Some(id), merged_from, ..task.clone() };
        let next = if task.state == TaskState::Open {
            // what the other profile's officer had by name, this one's has
            let assignee = if task.assignee == parted.stays.0.liaison { whom.liaison } else { task.assignee };
            let unit_id = whom.unit.or(task.unit_id);
            present(c, VisitTask { name: whom.name.clone(), assignee, unit_id, ..back })?
        } else {
            back
        };
        move_to(c, cx, &task, next)?;
    }
    let alone: Vec<Id> = parted.profiles.iter().copied().filter(|of| *of != id).collect();
    for (born, others, lives) in [(parted.back, &*alone, parted.lives), (parted.stays, parted.still, parted.stays_alive)] {
        reopen(c, cx, born.0, CancelReason::Merged, others)?;
        if lives {
            birth_date_stands(c, cx, born)?;
        } else if let Some(dead) = born.0.retiree {
            nothing_else(c, cx, dead)?;
        }
    }
    Ok(())
}

/// A petition is confidential now: the list of visits must not tell who complained. Whoever handles it sees that a visit is wanted. That
/// somebody died is no secret; only what said so is.
///
/// # Errors
/// Database only.
pub fn withheld(c: &mut Conn, cx: &mut Context, petition: Id) -> Result<()> {
    for task in repo::open_for(c, petition)? {
        let alone = VisitTask { petition_id: None, ..task.clone() };
        if task.reason == VisitReason::Death {
            move_to(c, cx, &task, alone)?;
        } else {
            // by a word that fits any task: one of its own would say what it hides
            let alone = change(c, cx, &task, alone, Draft::by_system("visit_task_followed"))?;
            take_back(c, cx, &alone, CancelReason::Mistaken)?;
        }
    }
    Ok(())
}

/// Whoever is suspended visits nobody: what is open of these people goes back to the unit.
///
/// # Errors
/// As [`change`].
pub fn release(c: &mut Conn, cx: &mut Context, retirees: &[Id]) -> Result<()> {
    let given = repo::given(c, retirees)?;
    let officers: BTreeSet<Id> = given.iter().filter_map(|task| task.assignee).collect();
    let there = account::repo::active(c, &officers.into_iter().collect::<Vec<_>>())?;
    for task in given.iter().filter(|task| task.assignee.is_some_and(|id| !there.contains(&id))) {
        move_to(c, cx, task, VisitTask { assignee: None, ..task.clone() })?;
    }
    Ok(())
}
