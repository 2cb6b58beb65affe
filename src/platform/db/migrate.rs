//! Migrations: forward only, at start, under a lock.

use crate::platform::db::conn::Conn;
use crate::platform::db::transaction;
use crate::platform::error::{Error, Result};
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
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

/// Lets those who prepare a database (its keys, what it ships with) wait for each other until this transaction ends.
///
/// # Errors
/// Database only.
pub fn alone(c: &mut Conn) -> Result<()> {
    match c {
        Conn::Pg(c) => c.batch_execute(&format!("SELECT pg_advisory_xact_lock({LOCK})"))?,
        // a write transaction has the whole file
        Conn::Sqlite(_) => {}
    }
    Ok(())
}

diesel::table! {
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

/// Refuses a database whose schema is not this program's; changes nothing.
///
/// # Errors
/// In words, when there is no schema of ours, or an older or a newer one.
pub(super) fn check(c: &mut Conn) -> Result<()> {
    use __diesel_schema_migrations as done;
    let applied: Vec<String> = done::table
        .select(done::version)
        .load(c)
        .map_err(|e| Error::internal(format!("this is not a database of xinfang, or it can't be read: {e}")))?;
    let known = match c {
        Conn::Sqlite(_) => known::<diesel::sqlite::Sqlite>(&SQLITE)?,
        Conn::Pg(_) => known::<diesel::pg::Pg>(&PG)?,
    };
    refuse_newer(&known, &applied)?;
    match known.iter().find(|v| !applied.contains(v)) {
        Some(missing) => Err(Error::internal(format!(
            "the database is older than this program: it lacks migration {missing}. Bring it up to date first."
        ))),
        None => Ok(()),
    }
}

fn known<DB: diesel::backend::Backend>(source: &EmbeddedMigrations) -> Result<BTreeSet<String>>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let known: Vec<Box<dyn Migration<DB>>> = source.migrations().map_err(Error::Internal)?;
    Ok(known.iter().map(|m| m.name().version().to_string()).collect())
}

fn refuse_newer(known: &BTreeSet<String>, applied: &[String]) -> Result<()> {
    match applied.iter().find(|v| !known.contains(*v)) {
        Some(newer) => {
            Err(Error::internal(format!("the database is newer than this program: it knows migration {newer}. Install a newer xinfang.")))
        }
        None => Ok(()),
    }
}

fn pending<C, DB>(c: &mut C, source: EmbeddedMigrations) -> Result<()>
where
    C: MigrationHarness<DB>,
    DB: diesel::backend::Backend,
    EmbeddedMigrations: MigrationSource<DB>,
{
    let applied: Vec<String> = c.applied_migrations().map_err(Error::Internal)?.iter().map(ToString::to_string).collect();
    refuse_newer(&known::<DB>(&source)?, &applied)?;
    c.run_pending_migrations(source).map_err(Error::Internal)?;
    Ok(())
}
