//! `xinfang serve`: the API and its pages.

use super::announce;
use super::options::{self, Database, in_words};
use crate::demo::{self, Filled};
use crate::platform::Platform;
use crate::platform::clock::Clock;
use crate::platform::config::{Config, duration};
use crate::platform::db::DatabaseUrl;
use crate::{app, jobs};
use chrono::Duration;
use clap::Args;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// Serve the API and its pages.
#[derive(Debug, Args)]
pub(super) struct ServeCommand {
    #[command(flatten)]
    database: Database,
    /// Address and port to listen on (default: 127.0.0.1:8080)
    #[arg(long, env = "XINFANG_BIND", value_name = "ADDR")]
    bind: Option<SocketAddr>,
    /// Show the product with a sample office: a fresh temporary database, or the one named, filled once when empty
    #[arg(long)]
    demo: bool,
    /// Move the clock, as an ISO 8601 duration (P15D, -PT6H): rehearsals only, with --demo or XINFANG_REHEARSAL=1
    #[arg(long, env = "XINFANG_CLOCK_OFFSET", value_name = "DURATION", allow_hyphen_values = true)]
    clock_offset: Option<String>,
    /// Sustained calls a second per caller, 0 for no limit (default: 200)
    #[arg(long, env = "XINFANG_RATE_PER_SECOND", value_name = "N")]
    rate_per_second: Option<u32>,
    /// Calls a caller may make in one burst (default: 2000)
    #[arg(long, env = "XINFANG_RATE_BURST", value_name = "N")]
    rate_burst: Option<u32>,
    /// Threads that serve requests (default: one a processor)
    #[arg(long, env = "XINFANG_WORKERS", value_name = "N")]
    workers: Option<usize>,
    /// Leave the index of the search as it is: to measure what following costs
    #[arg(long, hide = true)]
    search_stays_behind: bool,
}

pub(super) fn run(command: ServeCommand) -> Result<(), String> {
    let (mut config, _) = command.database.settings()?;
    config.bind = command.bind.unwrap_or(config.bind);
    config.rate_per_second = command.rate_per_second.unwrap_or(config.rate_per_second);
    config.rate_burst = command.rate_burst.unwrap_or(config.rate_burst);
    config.demo = command.demo;
    if let Some(text) = &command.clock_offset {
        let rehearsing = command.demo || std::env::var("XINFANG_REHEARSAL").is_ok_and(|v| v == "1");
        if !rehearsing {
            return Err("--clock-offset is for rehearsals: it needs --demo or XINFANG_REHEARSAL=1".to_owned());
        }
        config.clock_offset = duration(text)?;
        config.rehearsal = true;
    }
    // kept until the process ends, then removed with all that is in it
    let mut temporary = None;
    if command.demo {
        if !config.bind.ip().is_loopback() {
            return Err(format!("--demo listens on loopback only, not on {}: its passwords are known to all", config.bind.ip()));
        }
        if command.database.database_url.is_none() {
            let folder = tempfile::tempdir().map_err(|e| format!("no temporary folder: {e}"))?;
            config.database = DatabaseUrl::Sqlite(folder.path().join("demo.db"));
            config.key_file = folder.path().join("demo.key");
            config.objects = options::beside(&config.database);
            temporary = Some(folder);
        }
    }
    let workers = command.workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, usize::from)).max(1);
    let listener = TcpListener::bind(config.bind).map_err(|e| format!("cannot listen on {}: {e}", config.bind))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    // the server's workers need a local set around them
    let done = tokio::task::LocalSet::new().block_on(&runtime, serve(config, listener, workers, !command.search_stays_behind));
    drop(temporary);
    done
}

async fn serve(config: Config, listener: TcpListener, workers: usize, follow: bool) -> Result<(), String> {
    let (bind, is_demo) = (listener.local_addr().unwrap_or(config.bind), config.demo);
    let stop = |kind| signal(kind).map_err(|e| e.to_string());
    let (mut terminate, mut interrupt) = (stop(SignalKind::terminate())?, stop(SignalKind::interrupt())?);
    let mut stopped = Box::pin(async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    });
    let platform = options::open(config)?;
    // the sample office brings its categories: they are as old as it is
    if is_demo {
        tokio::select! {
            filled = fill(&platform) => filled?,
            () = &mut stopped => {
                platform.db.close();
                return Ok(());
            }
        }
    }
    app::prepare(&platform).await.map_err(|e| in_words(&e))?;
    let server = app::server(platform.clone(), listener, workers).map_err(|e| e.to_string())?;
    let handle = server.handle();
    let running = jobs::start(&platform, follow);
    tokio::spawn(async move {
        stopped.await;
        // requests in flight are finished; the writer's queue after them
        handle.stop(true).await;
    });
    tracing::info!(address = %bind, database = %platform.config.database, "serving");
    announce(&format!("xinfang serves http://{bind}/api/v1 — documentation at http://{bind}/docs"));
    let served = server.await.map_err(|e| e.to_string());
    drop(running);
    platform.db.close();
    served
}

/// Fills an empty demo as of the unmoved time; then what came of itself by the moved one is done, so that it has aged by the offset.
async fn fill(serving: &Platform) -> Result<(), String> {
    // nobody can have registered what has not come yet: a clock set back is back for all
    let unmoved = Clock::System(serving.config.clock_offset.min(Duration::zero()));
    let platform = &Platform { clock: unmoved, ..serving.clone() };
    let filled = demo::filled(platform).await.map_err(|e| in_words(&e))?;
    if filled == Filled::Nothing {
        demo::office(platform).await.map_err(|e| in_words(&e))?;
    }
    if filled != Filled::All {
        let shapes = Arc::new(app::shapes());
        demo::petitions(platform, &shapes).await.map_err(|e| in_words(&e))?;
    }
    jobs::sweep::sweep(serving).await.map_err(|e| in_words(&e))?;
    introduce()
}

/// Prints the accounts of the sample office.
pub(in crate::cli) fn introduce() -> Result<(), String> {
    announce(&format!("Sample office. Every account has the password {}:", demo::PASSWORD));
    for who in demo::inhabitants().map_err(|e| in_words(&e))? {
        let roles: Vec<&str> = who.roles.iter().map(|r| r.as_str()).collect();
        announce(&format!("  {:<18} {} {} ({})", who.username, who.unit, who.name, roles.join(", ")));
    }
    Ok(())
}
