//! Migrations: forward only, at start, under a lock.

use crate::platform::db::conn::Conn;
use crate::platform::db::transaction;
use crate::platform::error::{Error, Result};
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::collections::BTreeSet;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const PG: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number will do, so long as every instance takes the same.
const LOCK: &str = "7026104591";

/// Brings the schema up to date.
///
/// # Errors
/// When the database has migrations this binary does not know, or one fails.
pub(super) fn run(c: &mut Conn) -> Result<()> {
    match c {
        Conn::Sqlite(_) => transaction::write(c, |c| match c {
            Conn::Sqlite(c) => pending(c, SQLITE),
            Conn::Pg(_) => Err(Error::internal("engine changed")),
        }),
        Conn::Pg(c) => {
            c.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))?;
            let outcome = pending(c, PG);
            c.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
            outcome
        }
    }
}

fn pending<C, DB>(c: &mut C, source: EmbeddedMigrations) -> Result<()>
where
    C: MigrationHarness<DB>,
    DB: diesel::backend::Backend,
    EmbeddedMigrations: MigrationSource<DB>,
{
    let known: Vec<Box<dyn Migration<DB>>> = source.migrations().map_err(Error::Internal)?;
    let known: BTreeSet<String> = known.iter().map(|m| m.name().version().to_string()).collect();
    let applied = c.applied_migrations().map_err(Error::Internal)?;
    if let Some(newer) = applied.iter().map(ToString::to_string).find(|v| !known.contains(v)) {
        return Err(Error::internal(format!(
            "the database is newer than this program: it knows migration {newer}. Install a newer xinfang."
        )));
    }
    c.run_pending_migrations(source).map_err(Error::Internal)?;
    Ok(())
}
