//! The measured server: this very program as a child process, as an office runs it but for the limit per caller.

use super::client::{Call, Connection, Failure};
use crate::platform::config::Config;
use crate::platform::db::DatabaseUrl;
use crate::platform::error::{Error, Result};
use rustix::process::{Pid, Signal, kill_process};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Clock ticks a second in `/proc/*/stat`, on every Linux there is.
const TICKS: f64 = 100.0;
/// How long a server may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(120);

/// Whether the search follows what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Following {
    /// As in any office.
    Yes,
    /// To see what following costs.
    No,
}

/// A running server; it ends with this value at the latest.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// From the command to the first answer that it is ready.
    pub started_in: Duration,
    child: Ended,
    // what it prints later must find a reader
    _out: BufReader<ChildStdout>,
    // holds its log
    _folder: TempDir,
}

impl Server {
    /// Starts it on a free port and waits until it is ready.
    ///
    /// # Errors
    /// In words, with what it wrote, when it does not start.
    pub async fn start(config: &Config, search: Following) -> Result<Self> {
        let broken = |e: std::io::Error| Error::internal(format!("cannot start the server to be measured: {e}"));
        let folder = tempfile::tempdir().map_err(broken)?;
        let log = folder.path().join("log");
        let began = Instant::now();
        let mut command = Command::new(std::env::current_exe().map_err(broken)?);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("XINFANG_")) {
            command.env_remove(name);
        }
        let url = match &config.database {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Pg(url) => url.clone(),
        };
        command
            .args(["serve", "--bind", "127.0.0.1:0", "--rate-per-second", "0"])
            .args((search == Following::No).then_some("--search-stays-behind"))
            // a password is nobody's business on a command line
            .env("XINFANG_DATABASE_URL", url)
            .env("XINFANG_KEY_FILE", &config.key_file)
            .env("XINFANG_OFFICE_ZONE", config.zone.name())
            .env("XINFANG_OFFICE_CODE", &config.office_code)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).map_err(broken)?);
        let mut child = Ended(command.spawn().map_err(broken)?);
        let mut out = BufReader::new(child.0.stdout.take().ok_or_else(|| Error::internal("the server has no output"))?);
        let told = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            out.read_line(&mut line).map(|_| (line, out))
        });
        let told = tokio::time::timeout(PATIENCE, told).await.map_err(|_| Error::internal("the server to be measured does not start"))?;
        let (line, out) = told.map_err(|e| Error::Internal(Box::new(e)))?.map_err(broken)?;
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).and_then(|address| address.parse().ok());
        let Some(address) = address else {
            let wrote = std::fs::read_to_string(&log).unwrap_or_default();
            return Err(Error::internal(format!("the server to be measured did not start: {}", wrote.trim())));
        };
        while get(address, "/readyz").await.is_err() {
            if began.elapsed() > PATIENCE {
                return Err(Error::internal("the server to be measured does not become ready"));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(Self { address, started_in: began.elapsed(), child, _out: out, _folder: folder })
    }

    /// Asks it to stop, as a service manager does, and waits.
    ///
    /// # Errors
    /// When it does not, or not cleanly.
    pub async fn stop(mut self) -> Result<()> {
        self.child.ask_to_stop();
        let began = Instant::now();
        loop {
            match self.child.status() {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(Error::internal(format!("the measured server ended with {status}"))),
                None if began.elapsed() > PATIENCE => return Err(Error::internal("the measured server does not stop")),
                None => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    }

    /// Whether it still runs and says that it can serve.
    pub async fn is_well(&mut self) -> bool {
        self.child.status().is_none() && get(self.address, "/readyz").await.is_ok()
    }

    /// Processor time so far; none where there is no `/proc`.
    pub fn cpu(&self) -> Option<Duration> {
        cpu_of(&format!("/proc/{}/stat", self.child.0.id()))
    }

    /// Anonymous resident memory, in MiB; none where there is no `/proc`.
    pub fn memory_mib(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.0.id())).ok()?;
        let kib: f64 = status.lines().find_map(|l| l.strip_prefix("RssAnon:"))?.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kib / 1024.0)
    }

    /// Whether the index of the search holds all petitions, and by how many seconds it is behind.
    pub async fn following(&self) -> (bool, f64) {
        let metrics = get(self.address, "/metrics").await.unwrap_or_default();
        let figure = |name: &str| metrics.lines().find_map(|l| l.strip_prefix(name)?.trim().parse::<f64>().ok());
        (figure("xinfang_search_complete ") == Some(1.0), figure("xinfang_search_lag_seconds ").unwrap_or(f64::INFINITY))
    }

    /// Jobs and commits of the writer so far; nothing where there is none.
    pub async fn groups(&self) -> Groups {
        let metrics = get(self.address, "/metrics").await.unwrap_or_default();
        let figure = |name: &str| metrics.lines().find_map(|l| l.strip_prefix(name)?.trim().parse().ok()).unwrap_or(0.0);
        Groups { jobs: figure("db_group_size_sum "), commits: figure("db_group_size_count ") }
    }
}

/// What the writer counts.
#[derive(Debug, Clone, Copy)]
pub struct Groups {
    jobs: f64,
    commits: f64,
}

impl Groups {
    /// Jobs a commit since an earlier count; 1 where nothing was counted.
    pub fn mean_since(&self, before: &Self) -> f64 {
        let commits = self.commits - before.commits;
        if commits > 0.0 { (self.jobs - before.jobs) / commits } else { 1.0 }
    }
}

/// Processor time of a process or thread, by its `stat`.
pub fn cpu_of(stat: &str) -> Option<Duration> {
    let text = std::fs::read_to_string(stat).ok()?;
    // the name, in brackets, may hold anything
    let figures: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
    let ticks = |i: usize| figures.get(i).and_then(|t| t.parse::<f64>().ok());
    Some(Duration::from_secs_f64((ticks(11)? + ticks(12)?) / TICKS))
}

async fn get(address: SocketAddr, path: &str) -> Result<String, Failure> {
    let mut connection = Connection::to(address);
    let reply = connection.send(Call { method: "GET", path, ..Call::default() }).await?.held_to(200, "")?;
    Ok(String::from_utf8_lossy(reply.body).into_owned())
}

/// A child that is ended when this is dropped: asked first, then killed.
struct Ended(Child);

impl Ended {
    fn ask_to_stop(&self) {
        // it may be gone already
        let _ = kill_process(Pid::from_child(&self.0), Signal::TERM);
    }

    fn status(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().ok().flatten()
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        let asked = Instant::now();
        if self.status().is_some() {
            return;
        }
        self.ask_to_stop();
        while self.status().is_none() && asked.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
