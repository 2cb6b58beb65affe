//! Load: closed (each connection sends when it has its answer) and open (calls are due at times fixed in advance).
//!
//! A closed loop finds the rate that can be sustained, but it flatters latency: while the server stalls, nobody asks. In the open
//! loop a call's latency counts from when it was due, whenever it could be sent: what is called correcting for coordinated omission.

use super::client::{Connection, Failure};
use super::tally::Tally;
use crate::platform::error::{Error, Result};
use futures_util::future::join_all;
use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::task::unconstrained;

/// What one call, or one conversation of several, is: on a connection, the n-th of the load.
pub trait Play: AsyncFn(&mut Connection, u64) -> Result<(), Failure> {}
impl<F: AsyncFn(&mut Connection, u64) -> Result<(), Failure>> Play for F {}

/// Calls due at fixed times.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    start: Instant,
    rate: f64,
    /// How many there are.
    pub arrivals: u64,
}

impl Schedule {
    /// `rate` a second from `start`, for a while.
    pub fn new(start: Instant, rate: f64, over: Duration) -> Self {
        Self { start, rate, arrivals: (rate * over.as_secs_f64()).round().max(1.0) as u64 }
    }

    /// When the n-th is due.
    pub fn at(&self, n: u64) -> Instant {
        self.start + Duration::from_secs_f64(n as f64 / self.rate)
    }

    /// How many are due by now.
    fn due(&self, now: Instant) -> u64 {
        let passed = now.saturating_duration_since(self.start).as_secs_f64();
        ((passed * self.rate) as u64 + 1).min(self.arrivals)
    }

    /// Makes each call when it is due, one after the other; one that waits for the one before it is late, and that counts.
    ///
    /// # Errors
    /// What the call returns.
    pub fn keep(&self, mut call: impl FnMut() -> Result<()>) -> Result<Tally> {
        let mut tally = Tally::new()?;
        for n in 0..self.arrivals {
            let due = self.at(n);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            call()?;
            tally.record(Ok(()), due.elapsed());
        }
        tally.over = self.start.elapsed();
        Ok(tally)
    }
}

/// So many connections, each making one call after the other.
///
/// # Errors
/// Internal only; what calls fail of is counted.
pub async fn closed(address: SocketAddr, connections: usize, over: Duration, play: impl Play) -> Result<Tally> {
    let mut connections = opened(address, connections).await?;
    let (tally, next) = (RefCell::new(Tally::new()?), Cell::new(0));
    let began = Instant::now();
    let each = connections.iter_mut().map(async |connection| {
        while began.elapsed() < over {
            let n = next.replace(next.get() + 1);
            let sent = Instant::now();
            let outcome = play(connection, n).await;
            let broken = outcome == Err(Failure::Broken);
            tally.borrow_mut().record(outcome, sent.elapsed());
            if broken {
                // a server that is gone is not asked a million times
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    });
    unconstrained(join_all(each)).await;
    let mut tally = tally.into_inner();
    tally.over = began.elapsed();
    Ok(tally)
}

/// Calls at a fixed rate over so many connections. What is not answered `grace` after the last was due is given up.
///
/// # Errors
/// Internal only; what calls fail of is counted.
pub async fn open(address: SocketAddr, connections: usize, rate: f64, over: Duration, grace: Duration, play: impl Play) -> Result<Tally> {
    let mut connections = opened(address, connections).await?;
    let schedule = Schedule::new(Instant::now() + Duration::from_millis(1), rate, over);
    let due = Closing(Arc::new(Semaphore::new(0)));
    let ticker = Arc::clone(&due.0);
    std::thread::Builder::new()
        .name("ticker".to_owned())
        .spawn(move || tick(&ticker, schedule))
        .map_err(|e| Error::Internal(Box::new(e)))?;
    let (tally, next) = (RefCell::new(Tally::new()?), Cell::new(0));
    let each = connections.iter_mut().map(async |connection| {
        while let Ok(permit) = due.0.acquire().await {
            permit.forget();
            let n = next.replace(next.get() + 1);
            if n + 1 == schedule.arrivals {
                due.0.close();
            }
            let outcome = play(connection, n).await;
            tally.borrow_mut().record(outcome, schedule.at(n).elapsed());
        }
    });
    let last = tokio::time::Instant::from_std(schedule.at(schedule.arrivals) + grace);
    let _ = tokio::time::timeout_at(last, unconstrained(join_all(each))).await;
    let mut tally = tally.into_inner();
    tally.over = schedule.start.elapsed();
    tally.unsent = schedule.arrivals - next.get();
    tally.fail(Failure::Slow, next.get() - tally.done() - tally.failed());
    Ok(tally)
}

/// A thread of its own, for the runtime's timer knows whole milliseconds only.
fn tick(due: &Semaphore, schedule: Schedule) {
    let mut told = 0;
    while told < schedule.arrivals && !due.is_closed() {
        std::thread::sleep(schedule.at(told).saturating_duration_since(Instant::now()));
        let now_due = schedule.due(Instant::now());
        due.add_permits(usize::try_from(now_due - told).unwrap_or(0));
        told = now_due;
    }
}

/// Stops the ticker however the load ends.
struct Closing(Arc<Semaphore>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Connections opened beforehand; the rest when they are needed, or the server would tire of thousands that say nothing.
const BEFOREHAND: usize = 500;

/// Connections, connected: that is no part of what is measured. All at once, or on a busy machine each would wait its turn.
async fn opened(address: SocketAddr, connections: usize) -> Result<Vec<Connection>> {
    let mut all: Vec<_> = (0..connections).map(|_| Connection::to(address)).collect();
    let opened = join_all(all.iter_mut().take(BEFOREHAND).map(Connection::open)).await;
    match opened.iter().all(Result::is_ok) {
        true => Ok(all),
        false => Err(Error::internal(format!("cannot open {connections} connections to {address}"))),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::bench::run::client::Call;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    #[test]
    fn calls_are_due_at_fixed_times() {
        let start = Instant::now();
        let schedule = Schedule::new(start, 200.0, Duration::from_secs(1));
        assert_eq!(schedule.arrivals, 200);
        assert_eq!(schedule.at(50) - start, Duration::from_millis(250));
        let due = |ms| schedule.due(start + Duration::from_millis(ms));
        assert_eq!((due(0), due(4), due(5), due(251), due(5000)), (1, 1, 2, 51, 200));
    }

    #[test]
    fn a_statement_that_stalls_makes_those_behind_it_late() {
        let mut calls = 0;
        let schedule = Schedule::new(Instant::now(), 1000.0, Duration::from_millis(200));
        let tally = schedule.keep(|| {
            calls += 1;
            std::thread::sleep(Duration::from_millis(if calls == 1 { 100 } else { 0 }));
            Ok(())
        });
        // about a hundred were due meanwhile; a quarter of all waited 50 ms or more
        assert!(tally.unwrap().quantile_ms(0.8) >= 45.0);
    }

    /// Answers 200 at once, but the tenth call only after a stall.
    fn stalling(stall: Duration) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let (mut seen, mut n) = ([0; 1024], 0);
            while stream.read(&mut seen).is_ok_and(|read| read > 0) {
                n += 1;
                std::thread::sleep(if n == 10 { stall } else { Duration::ZERO });
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").unwrap();
            }
        });
        address
    }

    async fn ask(connection: &mut Connection, _: u64) -> Result<(), Failure> {
        connection.send(Call { method: "GET", path: "/", ..Call::default() }).await?.held_to(200, "ok").map(|_| ())
    }

    #[tokio::test]
    async fn a_stall_counts_for_every_call_that_was_due_in_it() {
        let (stall, over) = (Duration::from_millis(300), Duration::from_millis(1000));
        let seen = open(stalling(stall), 1, 200.0, over, Duration::from_secs(5), ask).await.unwrap();
        assert_eq!((seen.done(), seen.failed(), seen.unsent), (200, 0, 0));
        // 60 of 200 were due in the stall; those of its first half waited 150 ms and more
        assert!(seen.quantile_ms(0.86) >= 140.0, "{}", seen.quantile_ms(0.86));
        // a closed loop meets the stall once
        let seen = closed(stalling(stall), 1, over, ask).await.unwrap();
        assert!(seen.done() > 50 && seen.quantile_ms(0.9) < 100.0, "{} {}", seen.done(), seen.quantile_ms(0.9));
    }

    #[tokio::test]
    async fn what_is_given_up_is_counted() {
        let address = stalling(Duration::from_secs(2));
        let seen = open(address, 1, 100.0, Duration::from_millis(300), Duration::ZERO, ask).await.unwrap();
        assert_eq!(seen.done() + seen.failed() + seen.unsent, 30);
        assert_eq!(seen.failures.get(&Failure::Slow), Some(&1));
        assert!(seen.unsent >= 10);
    }
}
