//! The command line, a file a command. Exit codes: 0 done, 1 failed, 2 usage.

mod account;
mod audit;
mod bench;
mod calendar;
mod due;
mod import;
mod key;
mod openapi;
mod options;
mod search;
mod serve;

use clap::{Parser, Subcommand};
use std::io::Write;
use std::process::ExitCode;

/// xinfang tracks letters and visits (信访) from retirees, from intake to feedback.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and its pages.
    Serve(serve::ServeCommand),
    /// Bring a database up to date and stop.
    Migrate(options::Database),
    /// Print the OpenAPI document.
    Openapi,
    /// Make an account or reset a password.
    Account(account::AccountCommand),
    /// Publish working calendars.
    Calendar(calendar::CalendarCommand),
    /// Count from a day to the last day of a limit.
    Due(due::DueCommand),
    /// Bring in a roster or a ledger from a file.
    Import(import::ImportCommand),
    /// Rotate keys.
    Key(key::KeyCommand),
    /// Verify the trail.
    Audit(audit::AuditCommand),
    /// The index of the search.
    Search(search::SearchCommand),
    /// Rehearse on databases of samples: fill one, measure the program on it.
    Bench(bench::BenchCommand),
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    crate::platform::telemetry::start_logging();
    let done = match arguments.command {
        Command::Serve(command) => serve::run(command),
        Command::Migrate(database) => database.open().map(|platform| platform.db.close()),
        Command::Openapi => openapi::run(),
        Command::Account(command) => account::run_command(command),
        Command::Calendar(command) => calendar::run(command),
        Command::Due(command) => due::run(&command),
        Command::Import(command) => return ended(import::run(command)),
        Command::Key(command) => key::run(command),
        Command::Audit(command) => return ended(audit::run(command)),
        Command::Search(command) => search::run(&command),
        Command::Bench(command) => return ended(bench::run(&command)),
    };
    ended(done.map(|()| ExitCode::SUCCESS))
}

/// Tells what was done, on standard output. Whoever reads may have gone, where `println!` would panic: it is done all the same.
fn announce(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn ended(done: Result<ExitCode, String>) -> ExitCode {
    match done {
        Ok(code) => code,
        Err(why) => {
            eprintln!("xinfang: {why}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_that_opens_a_database_takes_its_url_at_the_end() {
        for command in [
            "serve",
            "migrate",
            "account add --username a --name b --unit c --role officer",
            "account reset-password --username a",
            "calendar import 2027.ics",
            "due 2026-02-13 5 working",
            "import roster a.csv --as b",
            "import ledger a.csv --as b --issuer c --apply --skip-faulty",
            "key rotate tokens",
            "audit verify",
            "search rebuild",
            "bench run",
            "bench seed --petitions 10",
        ] {
            let line = format!("xinfang {command} --database-url sqlite:a.db");
            let parsed = Arguments::try_parse_from(line.split(' '));
            assert!(parsed.is_ok(), "{line}: {}", parsed.err().map(|e| e.to_string()).unwrap_or_default());
        }
    }
}
