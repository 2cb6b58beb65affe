//! SQLite's one writer: a thread that runs what is waiting as one group and answers after the commit.
//!
//! One commit per request is a flush per request; grouped, 64 requests share one, and nothing is acknowledged before it is on disk.

use crate::platform::db::conn::Conn;
use crate::platform::db::pool::connect;
use crate::platform::db::transaction::{self, Ended, Guard};
use crate::platform::db::url::DatabaseUrl;
use crate::platform::db::{Lane, WAITING};
use crate::platform::error::{Error, Result};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// Jobs in one commit.
const GROUP: usize = 64;

/// The queue's front and the thread behind it.
pub(super) struct Writer {
    queue: Arc<Queue>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Queue {
    lanes: Mutex<Lanes>,
    arrived: Condvar,
}

#[derive(Default)]
struct Lanes {
    desk: VecDeque<Box<dyn Job>>,
    background: VecDeque<Box<dyn Job>>,
    closed: bool,
}

impl Lanes {
    fn of(&mut self, lane: Lane) -> &mut VecDeque<Box<dyn Job>> {
        match lane {
            Lane::Desk => &mut self.desk,
            Lane::Background => &mut self.background,
        }
    }
}

/// Jobs of one commit, each with the lane it came from.
type Group = VecDeque<(Lane, Box<dyn Job>)>;

/// A closure with the place its answer goes.
trait Job: Send {
    /// Runs inside the group's transaction, perhaps once more; says whether to keep what it wrote.
    fn run(&mut self, c: &mut Conn) -> bool;
    /// Tells the caller: the job's own outcome if its group was kept, else busy.
    fn answer(self: Box<Self>, kept: bool);
}

struct Task<T, F> {
    f: Arc<F>,
    outcome: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Job for Task<T, F>
where
    T: Send + 'static,
    F: Fn(&mut Conn) -> Result<T> + Send + Sync + 'static,
{
    fn run(&mut self, c: &mut Conn) -> bool {
        let outcome = transaction::guarded(c, |c| (self.f)(c));
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn answer(self: Box<Self>, kept: bool) {
        // a refusal too was judged on what its group had written
        let outcome = self.outcome.filter(|_| kept).unwrap_or(Err(Error::Busy));
        // the caller may have hung up
        let _ = self.reply.send(outcome);
    }
}

impl Writer {
    pub(super) fn start(url: DatabaseUrl, first: Conn) -> Result<Self> {
        let queue = Arc::new(Queue::default());
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn({
                let queue = Arc::clone(&queue);
                move || work(&queue, &url, first)
            })
            .map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(Self { queue, thread: Mutex::new(Some(thread)) })
    }

    pub(super) async fn run<T, F>(&self, lane: Lane, f: Arc<F>) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T> + Send + Sync + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.queue.push(lane, Box::new(Task { f, outcome: None, reply }))?;
        answer.await.unwrap_or(Err(Error::Busy))
    }

    pub(super) fn close(&self) {
        self.queue.lock().closed = true;
        self.queue.arrived.notify_all();
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = thread.join();
        }
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, lane: Lane, job: Box<dyn Job>) -> Result<()> {
        let mut lanes = self.lock();
        if lanes.closed {
            return Err(Error::Busy);
        }
        let waiting = lanes.of(lane);
        if waiting.len() >= WAITING {
            return Err(Error::Busy);
        }
        waiting.push_back(job);
        self.arrived.notify_one();
        Ok(())
    }

    /// Waits for work and takes a group of it; `None` once closed and empty.
    fn group(&self) -> Option<Group> {
        let mut lanes = self.lock();
        loop {
            if !lanes.desk.is_empty() || !lanes.background.is_empty() {
                let from_desk = lanes.desk.len().min(GROUP);
                let mut group: Group = lanes.desk.drain(..from_desk).map(|job| (Lane::Desk, job)).collect();
                group.extend(lanes.background.pop_front().map(|job| (Lane::Background, job)));
                return Some(group);
            }
            if lanes.closed {
                return None;
            }
            lanes = self.arrived.wait(lanes).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Puts jobs that were not started back at the head of their lanes, in their order.
    fn put_back(&self, unstarted: Group) {
        let mut lanes = self.lock();
        for (lane, job) in unstarted.into_iter().rev() {
            lanes.of(lane).push_front(job);
        }
    }
}

fn work(queue: &Queue, url: &DatabaseUrl, first: Conn) {
    let mut connection = Some(first);
    while let Some(mut group) = queue.group() {
        let Some(c) = connection.as_mut() else {
            connection = reconnect(url);
            if connection.is_some() {
                queue.put_back(group);
            } else {
                group.into_iter().for_each(|(_, job)| job.answer(false));
            }
            continue;
        };
        let mut started = Group::with_capacity(group.len());
        let kept = run_group(c, &mut group, &mut started);
        metrics::histogram!("db_group_size").record(started.len() as f64);
        if !kept {
            // its state is unknown; a new one begins clean
            connection = None;
        }
        queue.put_back(group);
        started.into_iter().for_each(|(_, job)| job.answer(kept));
    }
}

/// Runs the group in one transaction; what was taken from `group` stands in `started`. False when nothing was kept.
///
/// When a job refuses after it has written, all begin again, each in a savepoint of its own.
fn run_group(c: &mut Conn, group: &mut Group, started: &mut Group) -> bool {
    for guard in [transaction::bare as Guard, transaction::savepoint] {
        match run_jobs(c, group, started, guard) {
            Ended::Inside => return transaction::commit(c).is_ok(),
            Ended::Spoilt if transaction::rollback(c) => started.drain(..).rev().for_each(|job| group.push_front(job)),
            Ended::Spoilt | Ended::Outside => return false,
        }
    }
    false
}

fn run_jobs(c: &mut Conn, group: &mut Group, started: &mut Group, guard: Guard) -> Ended {
    if let Err(e) = transaction::begin(c) {
        tracing::error!(error = %e, "cannot begin a write");
        started.append(group);
        return Ended::Outside;
    }
    while let Some((lane, mut job)) = group.pop_front() {
        let ended = guard(c, &mut |c| job.run(c));
        started.push_back((lane, job));
        match ended {
            Ended::Inside => {}
            Ended::Spoilt => return Ended::Spoilt,
            Ended::Outside => {
                tracing::error!("the transaction of a group ended under it");
                return Ended::Outside;
            }
        }
    }
    Ended::Inside
}

fn reconnect(url: &DatabaseUrl) -> Option<Conn> {
    connect(url, false)
        .inspect_err(|e| {
            tracing::error!(error = %e, "no connection to write with");
            // a full or absent disk does not come back within microseconds
            std::thread::sleep(Duration::from_millis(50));
        })
        .ok()
}

#[cfg(test)]
#[path = "writer_tests.rs"]
#[allow(clippy::unwrap_used)]
mod tests;
