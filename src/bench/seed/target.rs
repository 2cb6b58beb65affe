//! The database to be filled: empty, current, nobody else's for as long as it takes.

use super::leftovers::{Leftover, Leftovers};
use super::repo::{filled_tables, in_its_words, postgres};
use crate::platform::Platform;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::{DatabaseUrl, connect};
use crate::platform::error::{Error, Result};
use crate::platform::ids::Ids;
use crate::platform::key::Keyring;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What an empty database may hold: its keys, its schema's history, the row that tells that no calendar is published.
const OF_AN_EMPTY_ONE: &[&str] = &["data_key", "__diesel_schema_migrations", "timetable"];

/// The database with its keys.
pub(super) struct Target {
    pub(super) keys: Arc<Keyring>,
    /// For SQLite: the file, held so that nobody else opens it.
    pub(super) file: Option<Held>,
}

/// A SQLite file nobody else can open, and the new file that will take its place.
pub(super) struct Held {
    path: PathBuf,
    pub(super) filling: PathBuf,
    lock: SqliteConnection,
}

#[derive(QueryableByName)]
struct Mode {
    #[diesel(sql_type = Text)]
    journal_mode: String,
}

/// Opens the target, migrates it and takes hold of it.
///
/// # Errors
/// In words, when it is not empty, is newer than this program, or somebody works with it.
pub(super) fn open(config: &Config, leftovers: &Leftovers) -> Result<Target> {
    let new = match &config.database {
        DatabaseUrl::Sqlite(path) => std::fs::metadata(path).map_or(true, |meta| meta.len() == 0),
        DatabaseUrl::Pg(_) => false,
    };
    if !new {
        let mut c = connect(&config.database, false)?;
        refuse_filled(&filled_tables(&mut c)?)?;
        if let DatabaseUrl::Pg(_) = &config.database {
            let others = postgres::others(&mut c)?;
            if others > 0 {
                return Err(Error::internal(format!(
                    "{others} other sessions are connected to {}; stop the servers that work with it first",
                    config.database
                )));
            }
        }
    }
    if let (true, DatabaseUrl::Sqlite(path)) = (new, &config.database) {
        leftovers.add(Leftover::Database(path.clone()));
        if !config.key_file.exists() {
            leftovers.add(Leftover::File(config.key_file.clone()));
        }
    }
    let platform = Platform::open(config.clone(), Clock::System(config.clock_offset), Ids::Random)?;
    let keys = Arc::clone(&platform.keys);
    platform.db.close();
    drop(platform);
    let file = match &config.database {
        DatabaseUrl::Sqlite(path) => Some(Held::take(path, leftovers)?),
        DatabaseUrl::Pg(_) => None,
    };
    Ok(Target { keys, file })
}

/// Refuses a database that holds anything.
pub(super) fn refuse_filled(filled: &[(String, i64)]) -> Result<()> {
    let held: Vec<String> =
        filled.iter().filter(|(table, _)| !OF_AN_EMPTY_ONE.contains(&table.as_str())).map(|(table, n)| format!("{n} in {table}")).collect();
    if held.is_empty() {
        return Ok(());
    }
    Err(Error::internal(format!("the database is not empty ({}); only an empty one is seeded. Nothing was changed.", held.join(", "))))
}

impl Held {
    fn take(path: &Path, leftovers: &Leftovers) -> Result<Self> {
        // a link is followed: what it points to is replaced, not the link
        let path = path.canonicalize().map_err(|e| Error::internal(format!("{}: {e}", path.display())))?;
        let busy =
            |e: &dyn std::fmt::Display| Error::internal(format!("somebody works with {}: stop the server that does ({e})", path.display()));
        let name = path.to_str().ok_or_else(|| Error::internal("the path is not UTF-8"))?;
        let mut lock = SqliteConnection::establish(name).map_err(|e| busy(&e))?;
        // only a connection that is alone leaves the write-ahead log and keeps the lock
        let alone = "PRAGMA busy_timeout=3000; PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE; COMMIT;";
        lock.batch_execute(alone).map_err(|e| busy(&e))?;
        let mode: Mode = diesel::sql_query("PRAGMA journal_mode").get_result(&mut lock)?;
        if mode.journal_mode != "delete" {
            return Err(busy(&mode.journal_mode));
        }
        let filling = beside(&path);
        // what a killed run left; nobody else writes it while we hold the lock
        Leftover::Database(filling.clone()).remove();
        leftovers.add(Leftover::Database(filling.clone()));
        let into = filling.to_str().ok_or_else(|| Error::internal("the path is not UTF-8"))?.replace('\'', "''");
        lock.batch_execute(&format!("VACUUM INTO '{into}'")).map_err(in_its_words)?;
        Ok(Self { path, filling, lock })
    }

    /// Puts the finished file in the place of the empty one, all or nothing; says how large it is.
    pub(super) fn replace(self, leftovers: &Leftovers) -> Result<u64> {
        let Self { path, filling, lock } = self;
        let swap = || -> std::io::Result<u64> {
            let file = File::open(&filling)?;
            file.sync_all()?;
            leftovers.forget_all_after(|| std::fs::rename(&filling, &path))?;
            File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
            Ok(file.metadata()?.len())
        };
        let size = swap().map_err(|e| Error::internal(format!("cannot put {} in place: {e}", filling.display())));
        drop(lock);
        size
    }
}

/// Where a new file grows.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".seeding");
    name.into()
}
