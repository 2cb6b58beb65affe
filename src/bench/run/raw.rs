//! The limits: the engine alone, in this process, with the statements the product's calls come down to.

use super::load::Schedule;
use super::repo::registration::{self, Sample};
use super::server::cpu_of;
use super::tally::Tally;
use crate::platform::db::{Conn, DatabaseUrl, connect};
use crate::platform::error::{Error, Result};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::path::PathBuf;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The processor time of the thread that asks.
const THREAD: &str = "/proc/thread-self/stat";

/// A statement, or the few a call comes down to.
pub type Statement = Arc<dyn Fn(&mut Conn, u64) -> Result<()> + Send + Sync>;

/// One thread that does nothing but this.
///
/// # Errors
/// What the statement returns.
pub async fn alone(url: &DatabaseUrl, over: Duration, statement: Statement) -> Result<Tally> {
    let url = url.clone();
    in_thread(move || {
        let (mut c, mut tally) = (connect(&url, true)?, Tally::new()?);
        // the first is prepared, its pages are read
        statement(&mut c, 0)?;
        let began = Instant::now();
        for n in 1.. {
            let asked = Instant::now();
            statement(&mut c, n)?;
            tally.record(Ok(()), asked.elapsed());
            if began.elapsed() >= over {
                break;
            }
        }
        tally.over = began.elapsed();
        Ok(tally)
    })
    .await
}

/// One thread that asks this now and then, at fixed times, while the machine has other load: it meets the same waits for processor
/// and disk as the server does.
///
/// # Errors
/// What the statement returns.
pub async fn beside(url: &DatabaseUrl, rate: f64, over: Duration, statement: Statement) -> Result<Tally> {
    let url = url.clone();
    in_thread(move || {
        let (mut c, mut n) = (connect(&url, true)?, 0);
        statement(&mut c, 0)?;
        Schedule::new(Instant::now(), rate, over).keep(|| {
            n += 1;
            statement(&mut c, n)
        })
    })
    .await
}

/// What the engine does of registrations.
#[derive(Debug, Clone, Copy)]
pub struct Registrations {
    /// Registrations a second.
    pub rate: f64,
    /// Processor time of the threads for each, in µs, the engine in it included (SQLite) or not (PostgreSQL).
    pub cpu_us: Option<f64>,
}

/// Registrations a second by so many connections, a thread each, with transactions of `group`, with or without their clocks.
///
/// # Errors
/// What the database returns.
pub async fn registrations(place: &Scratch, connections: usize, group: u64, clocks: bool, over: Duration) -> Result<Registrations> {
    let sample = Sample::of_last(&mut connect(&place.url, true)?)?;
    let sample = if clocks { sample } else { sample.without_clocks() };
    let ready = Arc::new(Barrier::new(connections));
    let threads: Vec<_> = (0..connections)
        .map(|_| {
            let (url, mut sample, ready) = (place.url.clone(), sample.clone(), Arc::clone(&ready));
            in_thread(move || {
                let connected = connect(&url, false);
                // whoever could not connect must not keep the others waiting
                ready.wait();
                let (mut c, mut done) = (connected?, 0);
                let (began, cpu) = (Instant::now(), cpu_of(THREAD));
                while began.elapsed() < over {
                    registration::write(&mut c, &mut sample, group)?;
                    done += group;
                }
                let spent = cpu.zip(cpu_of(THREAD)).map(|(before, after)| after.saturating_sub(before));
                Ok((done, began.elapsed(), spent))
            })
        })
        .collect();
    let (mut done, mut lasted, mut spent) = (0, Duration::ZERO, Some(Duration::ZERO));
    for thread in threads {
        let (n, over, cpu) = thread.await?;
        (done, lasted, spent) = (done + n, lasted.max(over), spent.zip(cpu).map(|(a, b)| a + b));
    }
    let cpu_us = spent.map(|spent| spent.as_secs_f64() * 1e6 / done.max(1) as f64);
    Ok(Registrations { rate: done as f64 / lasted.as_secs_f64(), cpu_us })
}

/// A place for rows that fit nothing: a copy of a database nobody uses, gone when dropped, or a database given up.
pub struct Scratch {
    pub(super) url: DatabaseUrl,
    // one of them holds it
    _folder: Option<TempDir>,
    made_on: Option<(DatabaseUrl, String)>,
}

impl Scratch {
    /// The database itself, which is of no use afterwards: no event of those rows is chained.
    pub fn itself(url: &DatabaseUrl) -> Self {
        Self { url: url.clone(), _folder: None, made_on: None }
    }

    /// Copies the database: a SQLite file beside it, on the same disk; on PostgreSQL another database of the same server.
    ///
    /// # Errors
    /// When somebody uses it, there is no room, or one may not.
    pub async fn copy(url: &DatabaseUrl) -> Result<Self> {
        let url = url.clone();
        in_thread(move || match &url {
            DatabaseUrl::Sqlite(path) => {
                let mut log = path.clone().into_os_string();
                log.push("-wal");
                if PathBuf::from(log).exists() {
                    return Err(Error::internal("another program has the database open"));
                }
                let no_copy = |e: std::io::Error| Error::internal(format!("cannot copy the database: {e}"));
                let folder = TempDir::new_in(url.folder().unwrap_or(path)).map_err(no_copy)?;
                let copy = folder.path().join("raw.db");
                std::fs::copy(path, &copy).map_err(no_copy)?;
                Ok(Self { url: DatabaseUrl::Sqlite(copy), _folder: Some(folder), made_on: None })
            }
            DatabaseUrl::Pg(address) => {
                let Conn::Pg(mut c) = connect(&url, false)? else { return Err(Error::internal("engine changed")) };
                let no_copy = |e: diesel::result::Error| Error::internal(format!("cannot copy the database: {e}"));
                let from: String = diesel::select(diesel::dsl::sql::<Text>("current_database()")).get_result(&mut c)?;
                let name = format!("xinfang_bench_raw_{}", std::process::id());
                let quoted = from.replace('"', "\"\"");
                c.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE \"{quoted}\" STRATEGY file_copy")).map_err(no_copy)?;
                Ok(Self { url: DatabaseUrl::Pg(on_database(address, &name)), _folder: None, made_on: Some((url.clone(), name)) })
            }
        })
        .await
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some((url, name)) = &self.made_on
            && let Ok(mut c) = connect(url, false)
            && let Err(e) = c.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        {
            eprintln!("xinfang: the copy {name} is still there: {e}");
        }
    }
}

/// The URL with another database's name.
fn on_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
    let server = rest.split('/').next().unwrap_or(rest);
    // a name in the query would win over the path's
    let query: Vec<&str> = query.into_iter().flat_map(|q| q.split('&')).filter(|pair| !pair.starts_with("dbname=")).collect();
    let question = if query.is_empty() { "" } else { "?" };
    format!("{scheme}://{server}/{name}{question}{}", query.join("&"))
}

/// Runs what blocks apart from the loop that makes the load.
fn in_thread<T: Send + 'static>(f: impl FnOnce() -> Result<T> + Send + 'static) -> impl Future<Output = Result<T>> {
    let running = tokio::task::spawn_blocking(f);
    async { running.await.unwrap_or_else(|e| Err(Error::Internal(Box::new(e)))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_of_the_same_server() {
        for (url, other) in [
            ("postgres://u:p@h:5/a", "postgres://u:p@h:5/b"),
            ("postgres://u@/a?host=/tmp/x&dbname=c", "postgres://u@/b?host=/tmp/x"),
            ("postgresql://h", "postgresql://h/b"),
        ] {
            assert_eq!(on_database(url, "b"), other);
        }
    }
}
