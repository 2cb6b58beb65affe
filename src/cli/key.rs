//! `xinfang key rotate`: another key for signing tokens, or another key file.

use super::options::{Database, in_words};
use crate::platform::{db, key};
use chrono::Utc;
use clap::{Args, Subcommand, ValueEnum};

/// Rotate keys.
#[derive(Debug, Args)]
pub(super) struct KeyCommand {
    #[command(subcommand)]
    act: KeyAct,
}

#[derive(Debug, Subcommand)]
enum KeyAct {
    /// Put a new key in place; what the old one signed or wrapped stays readable.
    Rotate(Rotate),
}

#[derive(Debug, Args)]
struct Rotate {
    /// Which key.
    #[arg(value_enum)]
    which: Which,
    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Which {
    /// Signs access tokens; holds from the next start of each instance on. An instance not started again refuses what the others
    /// sign with it (401, for as long as the restarts take): stop all instances, rotate, start them; or accept that some calls
    /// have to be sent again while they are restarted one after the other.
    Tokens,
    /// The key file, which wraps all data keys. Stop the instances first and give all of them the new file.
    KeyFile,
}

pub(super) fn run(command: KeyCommand) -> Result<(), String> {
    let KeyAct::Rotate(rotate) = command.act;
    let (config, _) = rotate.database.settings()?;
    let rotated = db::connect(&config.database, false).and_then(|mut c| match rotate.which {
        Which::Tokens => key::rotate_tokens(&mut c, &config.key_file, Utc::now()),
        Which::KeyFile => key::rotate_wrapping(&mut c, &config.key_file, Utc::now()),
    });
    rotated.map_err(|e| in_words(&e))
}
