//! `xinfang calendar`: publishing years of a working calendar from a file, by the same service as the API.

use super::announce;
use super::options::{Database, explained, in_words};
use crate::auth::context::Origin;
use crate::calendar::model::NewCalendarVersion;
use crate::calendar::{ics, service};
use crate::platform::Platform;
use crate::platform::error::{Error, Result};
use crate::platform::web::{Lang, Shapes, strict_json};
use clap::{Args, Subcommand};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Publish working calendars.
#[derive(Debug, Args)]
pub(super) struct CalendarCommand {
    #[command(subcommand)]
    act: CalendarAct,
    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Subcommand)]
enum CalendarAct {
    /// Publish the years of a file as the next version of a calendar: JSON as the API takes it, or iCalendar (.ics).
    Import(Import),
}

#[derive(Debug, Args)]
struct Import {
    /// The file.
    file: PathBuf,
    /// The calendar's code.
    #[arg(long, default_value = "cn", value_name = "CODE")]
    calendar: String,
    /// What the years are taken from (the notice, its number, its day), when the file does not say.
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// Why, for the trail.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Opens the database and runs the command. The event is recorded as the system's.
///
/// # Errors
/// In words.
pub(super) fn run(command: CalendarCommand) -> std::result::Result<(), String> {
    let CalendarAct::Import(import) = command.act;
    // a file that is wrong needs no database
    let new = read(&import)?;
    let platform = command.database.open()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    let done = runtime.block_on(async {
        crate::app::prepare(&platform).await.map_err(|e| in_words(&e))?;
        publish(&platform, import.calendar.clone(), new).await.map_err(|e| match e {
            Error::NotFound => format!("there is no calendar `{}`", import.calendar),
            other => explained(&other),
        })
    });
    platform.db.close();
    announce(&done?);
    Ok(())
}

async fn publish(platform: &Platform, code: String, new: NewCalendarVersion) -> Result<String> {
    let origin = Origin::system(platform, "command line");
    let years = new.years.keys().cloned().collect::<Vec<_>>().join(", ");
    let (view, is_new) = platform.db.write(move |c| service::import(c, &mut origin.context(), &code, &new)).await?;
    Ok(match is_new {
        true => format!("calendar {}: version {} is published, with {years}", view.code, view.version),
        false => format!("calendar {}: nothing new, version {} says the same of {years}", view.code, view.version),
    })
}

/// The file as what is to be published, checked for its shape.
fn read(import: &Import) -> std::result::Result<NewCalendarVersion, String> {
    let name = import.file.display();
    let size = std::fs::metadata(&import.file).map_err(|e| format!("cannot read {name}: {e}"))?.len();
    if size > service::LIMIT as u64 {
        return Err(format!("{name} is larger than a calendar can be ({} KiB)", service::LIMIT / 1024));
    }
    let bytes = std::fs::read(&import.file).map_err(|e| format!("cannot read {name}: {e}"))?;
    let mut new = parsed(&import.file, &bytes).map_err(|why| format!("{name}: {why}"))?;
    if let Some(reason) = &import.reason {
        new["reason"] = reason.as_str().into();
    }
    for year in new["years"].as_object_mut().into_iter().flat_map(|years| years.values_mut()) {
        if let (Some(source), Some(year)) = (&import.source, year.as_object_mut()) {
            year.entry("source").or_insert_with(|| source.as_str().into());
        }
    }
    Shapes::default().read(&mut new).map_err(|e| explained(&e))
}

fn parsed(path: &Path, bytes: &[u8]) -> std::result::Result<Value, String> {
    let calendar = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ics")) || bytes.starts_with(b"BEGIN:");
    if calendar {
        let text = std::str::from_utf8(bytes).map_err(|_| "it is not encoded in UTF-8".to_owned())?;
        return ics::read(text).map_err(|faults| explained(&Error::Invalid(faults)));
    }
    let value = strict_json::parse(bytes).map_err(|problem| problem.detail(Lang::En))?;
    // what is no object has no members to fill in
    if value.is_object() { Ok(value) } else { Err("it holds no JSON object".to_owned()) }
}
