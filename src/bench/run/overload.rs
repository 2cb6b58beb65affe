//! Far more than can be done: the server turns away what it can't do, lives, and is soon its old self.

use super::client::{Connection, Failure};
use super::load;
use super::report::{Load, Row, Wanted};
use super::requests::{self, Serial};
use super::{Run, cpu_us};
use crate::platform::error::Result;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::time::{Duration, Instant};

/// How many times the rate that can be sustained.
const TIMES: f64 = 35.0;
/// More than the writer's queue holds, so that something must be turned away.
const CONNECTIONS: usize = 6000;
/// The longest overload.
const LONGEST: Duration = Duration::from_secs(60);
/// Answers in a row that make it normal again.
const IN_A_ROW: usize = 10;
/// When waiting for that ends.
const PATIENCE: Duration = Duration::from_secs(60);

impl Run<'_> {
    /// Registering at 35 times the rate that can be sustained.
    pub(super) async fn overload(&mut self) -> Result<()> {
        let (serial, writers) = (self.serial("overload"), self.writers());
        let address = self.server()?.address;
        let token = self.office.token(address, "desk").await?;
        let play = async |c: &mut Connection, _| requests::register(c, &token, &serial).await.map(|_| ());
        let sustained = self.sustained(writers, &play).await?.per_second;
        let calm = self.steady(writers, (sustained / 10.0).max(1.0), &play).await?;

        let over = self.seconds.min(LONGEST);
        // a short overload is a small one, or the queue would take longer to empty than the run lasts
        let connections = CONNECTIONS.min((1200.0 * over.as_secs_f64()) as usize).min(self.room).max(1);
        let cpu = self.server()?.cpu();
        let rate = TIMES * sustained;
        let mut tally = load::open(address, connections, rate, over, Duration::ZERO, &play).await?;
        let spent = cpu_us(cpu, self.server()?.cpu(), tally.done() + tally.failed());
        // no failures: what is turned away is meant to be, and what was under way is given up by us
        let shed = tally.failures.remove(&Failure::Status(503)).unwrap_or(0);
        let under_way = tally.failures.remove(&Failure::Slow).unwrap_or(0);
        let unsent = std::mem::take(&mut tally.unsent);
        let row = Row::load("overload", Load::of(&tally, connections, Some(rate), spent))
            .detail(format!(
                "{TIMES} × {sustained:.0}/s; {unsent} due calls found no connection of {connections}, {under_way} were under way at the end"
            ))
            .figure("turned away with 503", shed as f64, "calls", None);

        let normal = Duration::from_secs_f64(calm.p99_ms.max(1.0) * 2.0 / 1e3);
        let back = back_to_normal(address, &token, &serial, normal).await;
        let well = match &mut self.server {
            Some(server) => server.is_well().await,
            None => false,
        };
        let row = match back.filter(|_| well) {
            Some(after) => row.figure("back to normal after", after.as_secs_f64(), "s", Some(Wanted::AtMost(5.0))),
            None => {
                let how = if well { "is not back to normal after" } else { "did not survive or does not answer" };
                self.notes.push(format!("OVERLOAD: the server {how} {} s", PATIENCE.as_secs()));
                row.figure("back to normal after more than", PATIENCE.as_secs_f64(), "s", Some(Wanted::AtMost(5.0)))
            }
        };
        self.rows.push(row);
        Ok(())
    }
}

/// How long until registering is answered ten times in a row as fast as in calm times (twice its 99th percentile): until the first of
/// the ten. None when that does not happen.
async fn back_to_normal(address: std::net::SocketAddr, token: &str, serial: &Serial, normal: Duration) -> Option<Duration> {
    let ended = Instant::now();
    let mut connection = Connection::to(address);
    let (mut since, mut in_a_row) = (None, 0);
    while ended.elapsed() < PATIENCE {
        let sent = Instant::now();
        let answered = tokio::time::timeout(PATIENCE, requests::register(&mut connection, token, serial)).await;
        if matches!(answered, Ok(Ok(_))) && sent.elapsed() <= normal {
            in_a_row += 1;
            let first = *since.get_or_insert(sent.duration_since(ended));
            if in_a_row == IN_A_ROW {
                return Some(first);
            }
        } else {
            (since, in_a_row) = (None, 0);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    None
}

/// Raises the limit of open files as far as one may, and says how many connections that leaves room for.
pub(super) fn room_for_connections() -> usize {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    let current = getrlimit(Resource::Nofile).current;
    current.map_or(CONNECTIONS, |files| usize::try_from(files.saturating_sub(200)).unwrap_or(CONNECTIONS))
}
