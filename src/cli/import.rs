//! `xinfang import`: a roster or a ledger from a file, tried or entered, without a server.

use super::announce;
use super::options::{Database, explained, in_words};
use crate::account::{repo as accounts, rules};
use crate::app;
use crate::auth::Actor;
use crate::auth::context::Origin;
use crate::import::course::acting;
use crate::import::model::{FaultView, ImportMode};
use crate::import::repo;
use crate::import::service::{self, LIMIT, Source, Wish};
use crate::job::model::Progress;
use crate::job::{Job, JobState, service as job};
use crate::jobs::runner;
use crate::platform::Platform;
use crate::platform::clock::office_day;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::web::Lang;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// Faults that are printed.
const PRINTED: i64 = 20;
/// How often to look how far it is.
const EVERY: Duration = Duration::from_millis(200);

/// Bring in a roster of retirees or the ledger of another register from a CSV file or an Excel workbook.
///
/// Only says what would be entered, unless --apply is given. Ends with 1 when there are faulty rows and nothing was entered.
#[derive(Debug, Args)]
pub(super) struct ImportCommand {
    #[command(subcommand)]
    act: ImportAct,
    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Subcommand)]
enum ImportAct {
    /// Retirees: known by identity number, else by name and birth date.
    Roster {
        #[command(flatten)]
        file: FileOptions,
    },
    /// Petitions of another register: open ones are registered, closed ones kept as history.
    Ledger {
        #[command(flatten)]
        file: FileOptions,
        /// Who gave the numbers in it: the register's name, always the same.
        #[arg(long, value_name = "NAME")]
        issuer: String,
    },
}

#[derive(Debug, Args)]
struct FileOptions {
    /// The file: CSV or .xlsx.
    file: PathBuf,
    /// The user name of the supervisor in whose name it is done.
    #[arg(long = "as", value_name = "USERNAME")]
    by: String,
    /// Enter the rows.
    #[arg(long)]
    apply: bool,
    /// Enter the good rows of a file that has bad ones.
    #[arg(long)]
    skip_faulty: bool,
}

/// Opens the database, reads the file and does the job to its end.
pub(super) fn run(command: ImportCommand) -> Result<ExitCode, String> {
    let (file, source) = match command.act {
        ImportAct::Roster { file } => (file, Source::Roster(None)),
        ImportAct::Ledger { file, issuer } => (file, Source::Ledger(issuer.trim().to_owned())),
    };
    let size = std::fs::metadata(&file.file).map_err(|e| format!("cannot read {}: {e}", file.file.display()))?.len();
    if size > LIMIT as u64 {
        return Err(format!("{} is larger than 64 MiB: split it", file.file.display()));
    }
    let bytes = std::fs::read(&file.file).map_err(|e| format!("cannot read {}: {e}", file.file.display()))?;
    let mode = if file.skip_faulty { ImportMode::SkipFaulty } else { ImportMode::AllOrNothing };
    let wish = Wish { source, dry_run: !file.apply, mode };
    let platform = command.database.open()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    let done = runtime.block_on(async {
        app::prepare(&platform).await.map_err(|e| in_words(&e))?;
        bring_in(&platform, &bytes, wish, &file.by).await.map_err(|e| explained(&e))
    });
    platform.db.close();
    done
}

async fn bring_in(platform: &Platform, bytes: &[u8], wish: Wish, by: &str) -> Result<ExitCode> {
    let folded = rules::fold_username(by);
    let mut origin = Origin::system(platform, "command line");
    let who = move |c: &mut _| {
        let account = accounts::by_username(c, &folded)?.ok_or(Error::fault("--as", crate::codes::UNKNOWN_STAFF))?;
        acting(c, account.id)
    };
    origin.actor = Arc::new(platform.db.read(who).await?);
    let today = office_day(platform.clock.now(), platform.config.zone);
    let actor = Arc::clone(&origin.actor);
    let (whose, source) = (origin.clone(), wish.source.clone());
    platform.db.read(move |c| service::admit(c, &whose.context(), &source)).await?;
    let reading = service::read(bytes, &wish, today, &app::shapes())?;
    let mut order = service::sealed(&mut origin.aside(), wish, reading)?;
    order.put_down(&platform.db).await?;
    let asked = platform.db.write(move |c| order.ask(c, &origin.context())).await?;
    let ended = worked_off(platform, asked, actor).await?;
    told(platform, ended).await
}

/// Works until the job has ended, here or in a server that runs on the same database.
async fn worked_off(platform: &Platform, asked: Job, actor: Arc<Actor>) -> Result<Job> {
    let bar = ProgressBar::new(u64::try_from(asked.total.unwrap_or(0)).unwrap_or(0));
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} rows, {per_sec}, {eta} left") {
        bar.set_style(style);
    }
    let id = asked.id;
    let watched = async {
        loop {
            let actor = Arc::clone(&actor);
            let job = platform.db.read(move |c| job::seen(c, &actor, id)).await?;
            if matches!(job.state, JobState::Done | JobState::Failed) {
                return Ok::<_, Error>(job);
            }
            bar.set_position(u64::try_from(job.done).unwrap_or(0));
            tokio::time::sleep(EVERY).await;
        }
    };
    let working = async {
        loop {
            match runner::run_all(platform).await {
                Ok(_) | Err(Error::Busy | Error::Again) => tokio::time::sleep(EVERY).await,
                Err(e) => return e,
            }
        }
    };
    let ended = tokio::select! {
        job = watched => job,
        e = working => Err(e),
    };
    bar.finish_and_clear();
    ended
}

/// Prints what came of it.
async fn told(platform: &Platform, job: Job) -> Result<ExitCode> {
    let id = job.id;
    let view = job.view()?;
    let Some(result) = view.result else {
        return Err(Error::internal(format!("the import failed: {}", view.failure.unwrap_or_default())));
    };
    announce(&counted(&result, &view.progress));
    for fault in faults(platform, id).await? {
        let column = fault.column.map(|column| format!(", {column}")).unwrap_or_default();
        announce(&format!("row {}{column}: {}", fault.row, fault.detail));
    }
    let of = |member: &str| result[member].as_i64().unwrap_or(0);
    if of("faults_total") > PRINTED {
        announce(&format!("and {} more faults", of("faults_total") - PRINTED));
    }
    let applied = result["applied"] == true;
    Ok(if of("faulty") > 0 && !applied { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn faults(platform: &Platform, id: Id) -> Result<Vec<FaultView>> {
    let rows = platform.db.read(move |c| repo::faults(c, id, 0, PRINTED)).await?;
    Ok(rows.into_iter().map(|row| service::view(row, Lang::En)).collect())
}

fn counted(result: &Value, progress: &Progress) -> String {
    let of = |member: &str| result[member].as_i64().unwrap_or(0);
    let mut parts = vec![format!("{} rows", progress.total.unwrap_or_else(|| of("rows")))];
    for member in ["new", "changed", "unchanged", "closed", "overdue", "faulty"] {
        if !result[member].is_null() {
            parts.push(format!("{} {member}", of(member)));
        }
    }
    let done = if result["applied"] == true { "entered" } else { "nothing entered" };
    format!("{}: {done}", parts.join(", "))
}
