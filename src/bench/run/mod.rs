//! `xinfang bench run`: a fixed list of work on a filled database, each figure beside the limit taken in the same run.
//!
//! The server is a child process, the load comes from this one over loopback, on the same processors. Reads come before writes, for
//! those add petitions.

mod client;
mod finding;
mod growth;
mod importing;
mod load;
mod machine;
mod office;
mod overload;
mod raw;
mod reading;
mod repo;
mod report;
mod requests;
mod server;
mod sweeping;
mod tally;
mod writing;

pub use growth::{Growth, growth, table as growth_table};
pub use report::Report;

use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::{Conn, DatabaseUrl, inspect};
use crate::platform::error::{Error, Result};
use crate::platform::key;
use clap::ValueEnum;
use load::Play;
use machine::Machine;
use office::Office;
use report::{Load, Row};
use server::{Following, Server};
use std::time::Duration;

/// What can be measured, in the order it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Work {
    /// Start, memory at rest, bytes a petition
    Cost,
    /// The framework's empty handler
    Empty,
    /// One petition by its id
    ReadOne,
    /// Pages of 50, by caller, filter and depth
    List,
    /// What is due next, of a unit and of the whole tree
    Worklist,
    /// The summary, by filter
    Statistics,
    /// Words among the petitions, once the index holds all
    Search,
    /// Who has come before, which retiree it is
    People,
    /// Registering, against the engine writing the same rows
    Register,
    /// Register, refer, accept, give the opinion, list
    Lifecycle,
    /// 35 times what can be sustained
    Overload,
    /// Registering while the search follows, and how soon what was registered is found
    Following,
    /// What comes of itself: warnings, breaches and lapses of 1,000 clocks among all that run
    Sweep,
    /// A roster of 20,000 new people, against the engine writing the same rows
    Import,
}

impl Work {
    fn reads(self) -> bool {
        matches!(self, Self::ReadOne | Self::List | Self::Worklist | Self::Statistics | Self::Search | Self::People)
    }
}

/// Connections of a load that reads.
const READERS: usize = 32;

/// A run under way.
struct Run<'a> {
    config: &'a Config,
    /// How long each load lasts.
    seconds: Duration,
    server: Option<Server>,
    office: Office,
    rows: Vec<Row>,
    notes: Vec<String>,
    /// Connections there is room for.
    room: usize,
    /// Registrations a commit, once registering was measured.
    group: Option<f64>,
}

/// Measures work on a database of the sample office and its petitions; `told` hears what is being done. The raw limit of registering
/// is taken last, on a copy; `spoil` says that the database itself will do, which is of no use afterwards.
///
/// # Errors
/// In words, when there is nothing to measure or the server fails.
pub async fn run(config: &Config, seconds: Duration, works: &[Work], spoil: bool, told: impl Fn(&str)) -> Result<Report> {
    let began_at = Clock::System(chrono::Duration::zero()).now();
    let mut c = inspect(&config.database)?;
    // the server would make another one for an empty database only; better to hear of it now, in words
    key::open_existing(&mut c, &config.key_file, began_at)?;
    let office = Office::of(&mut c)?;
    let (petitions, (engine, settings)) = (repo::petitions(&mut c)?, repo::engine(&mut c)?);
    drop(c);
    let machine = Machine::here(config.database.folder());
    // the server inherits the limit
    let room = overload::room_for_connections();
    told("starting the server");
    let server = Some(Server::start(config, Following::Yes).await?);
    let mut run = Run { config, seconds, server, office, rows: Vec::new(), notes: Vec::new(), room, group: None };
    let mut works = works.to_vec();
    works.sort_unstable();
    works.dedup();
    let last_read = works.iter().rposition(|work| work.reads());
    for (at, work) in works.iter().enumerate() {
        let name = work.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        told(&format!("measuring {name}"));
        match work {
            Work::Cost => run.cost().await?,
            Work::Empty => run.empty().await?,
            Work::ReadOne => run.read_one().await?,
            Work::List => run.lists().await?,
            Work::Worklist => run.worklists().await?,
            Work::Statistics => run.statistics().await?,
            Work::Search => run.searches().await?,
            Work::People => run.people().await?,
            Work::Register => run.register().await?,
            Work::Lifecycle => run.lifecycle().await?,
            Work::Overload => run.overload().await?,
            Work::Following => run.following().await?,
            // on a copy, once the server is stopped
            Work::Sweep | Work::Import => {}
        }
        if Some(at) == last_read && works.contains(&Work::Cost) {
            run.rest().await?;
        }
    }
    if let Some(server) = run.server.take() {
        server.stop().await?;
    }
    let added = repo::petitions(&mut inspect(&config.database)?)? - petitions;
    if works.contains(&Work::Sweep) {
        told("sweeping");
        run.sweeps(spoil).await;
    }
    if works.contains(&Work::Import) {
        told("bringing in a roster");
        run.imports(spoil).await;
    }
    if let Some(group) = run.group {
        told("taking the raw limit of registering");
        run.raw_registrations(group, spoil).await;
    }
    Ok(Report {
        format: 1,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        debug: cfg!(debug_assertions),
        began_at,
        engine,
        settings,
        petitions,
        added,
        seconds: seconds.as_secs_f64(),
        machine,
        rows: run.rows,
        notes: run.notes,
    })
}

impl Run<'_> {
    fn server(&self) -> Result<&Server> {
        self.server.as_ref().ok_or_else(|| Error::internal("the measured server is gone"))
    }

    fn connect(&self) -> Result<Conn> {
        inspect(&self.config.database)
    }

    fn is_sqlite(&self) -> bool {
        matches!(self.config.database, DatabaseUrl::Sqlite(_))
    }

    /// Connections of a load that writes: twice the writer's group, or four times the pool.
    fn writers(&self) -> usize {
        if self.is_sqlite() { 128 } else { 32 }
    }

    /// A closed loop, after a shorter one that warms up.
    async fn sustained(&self, connections: usize, play: impl Play) -> Result<Load> {
        let server = self.server()?;
        load::closed(server.address, connections, (self.seconds / 4).min(Duration::from_secs(1)), &play).await?;
        let before = server.cpu();
        let tally = load::closed(server.address, connections, self.seconds, &play).await?;
        Ok(Load::of(&tally, connections, None, cpu_us(before, server.cpu(), tally.done() + tally.failed())))
    }

    /// An open loop.
    async fn steady(&self, connections: usize, rate: f64, play: impl Play) -> Result<Load> {
        let server = self.server()?;
        let before = server.cpu();
        let grace = Duration::from_secs(10);
        let tally = load::open(server.address, connections, rate, self.seconds, grace, &play).await?;
        Ok(Load::of(&tally, connections, Some(rate), cpu_us(before, server.cpu(), tally.done() + tally.failed())))
    }

    /// What it costs that the program is there.
    async fn cost(&mut self) -> Result<()> {
        let most = report::Wanted::AtMost;
        let server = self.server()?;
        let start = Row::told("start").figure("until it is ready", server.started_in.as_secs_f64() * 1e3, "ms", Some(most(300.0)));
        tokio::time::sleep(self.seconds.min(Duration::from_secs(1))).await;
        let memory = self.server()?.memory_mib();
        self.rows.push(start);
        match memory {
            Some(mib) => {
                self.rows.push(Row::told("memory at rest").detail("just started").figure("anonymous", mib, "MiB", Some(most(80.0))));
            }
            None => self.notes.push("memory and processor time are not told: there is no /proc".to_owned()),
        }
        let mut c = self.connect()?;
        let (bytes, petitions) = (repo::bytes(&mut c)? as f64, repo::petitions(&mut c)? as f64);
        self.rows.push(Row::told("size").figure("a petition", bytes / petitions, "bytes", None).figure("all", bytes / 1e6, "MB", None));
        Ok(())
    }
}

fn cpu_us(before: Option<Duration>, after: Option<Duration>, calls: u64) -> Option<f64> {
    let (before, after) = before.zip(after)?;
    (calls > 0).then(|| after.saturating_sub(before).as_secs_f64() * 1e6 / calls as f64)
}
