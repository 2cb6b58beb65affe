//! Transactions by hand: diesel's own helper begins DEFERRED on SQLite and hides whether a rollback worked.

use crate::on_both;
use crate::platform::db::conn::Conn;
use crate::platform::error::{Error, Result};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager, TransactionManagerStatus};
use diesel::result::Error as DieselError;
use diesel::{Connection, QueryResult, RunQueryDsl, SqliteConnection};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

type Manager = <Conn as Connection>::TransactionManager;

/// How long SQLite itself waits for a lock, outside the beginning of a write.
pub(super) const BUSY_TIMEOUT: &str = "PRAGMA busy_timeout=5000;";
/// How long a write waits for another process's.
const WRITE_LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// A snapshot that all statements of a read share.
///
/// # Errors
/// What `f` returns, or the database's.
pub fn snapshot<T>(c: &mut Conn, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    match c {
        Conn::Pg(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?,
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN")?,
    }
    let outcome = guarded(c, f);
    // a broken connection is dropped by the pool; what was read is what was read
    let _ = Manager::rollback_transaction(c);
    outcome
}

/// One write transaction of its own, on a connection of one's own (commands; the server uses [`super::Db::write`]).
///
/// # Errors
/// What `f` returns, after rolling back.
pub fn write<T>(c: &mut Conn, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    begin(c)?;
    match guarded(c, f) {
        Ok(value) => commit(c).map(|()| value),
        Err(e) => {
            let _ = Manager::rollback_transaction(c);
            Err(e)
        }
    }
}

/// Begins a write transaction: IMMEDIATE on SQLite, or a read before the first write would fail under load.
pub(super) fn begin(c: &mut Conn) -> QueryResult<()> {
    match c {
        Conn::Pg(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
        Conn::Sqlite(c) => begin_immediate(c),
    }
}

/// Takes SQLite's one write lock, waiting for other processes. SQLite's own waiting sleeps ever longer between its attempts and
/// hardly ever meets the moment between two groups of a busy server.
fn begin_immediate(c: &mut SqliteConnection) -> QueryResult<()> {
    let patience = Instant::now() + WRITE_LOCK_PATIENCE;
    c.batch_execute("PRAGMA busy_timeout=0")?;
    let begun = loop {
        match AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE") {
            Err(DieselError::DatabaseError(_, info)) if info.message() == "database is locked" && Instant::now() < patience => {
                std::thread::sleep(Duration::from_millis(1));
            }
            begun => break begun,
        }
    };
    c.batch_execute(BUSY_TIMEOUT)?;
    begun
}

/// Commits; a commit that failed is never tried again, because its outcome is unknown.
pub(super) fn commit(c: &mut Conn) -> Result<()> {
    if let Err(e) = Manager::commit_transaction(c) {
        tracing::error!(error = %e, "commit failed");
        return Err(Error::Busy);
    }
    if depth(c) == Some(0) {
        return Ok(());
    }
    tracing::error!("a commit left a transaction open");
    Err(Error::Busy)
}

/// How a job ended within the transaction of its group.
pub(super) enum Ended {
    /// What it wrote stands, or is undone; the transaction around it goes on.
    Inside,
    /// It refused after it had written: only the end of the whole transaction undoes that.
    Spoilt,
    /// The transaction around it is gone (disk full, I/O error): nothing of the group is stored.
    Outside,
}

/// A way to run a job, which says whether to keep what it wrote, within the open transaction.
pub(super) type Guard = fn(&mut Conn, &mut dyn FnMut(&mut Conn) -> bool) -> Ended;

#[diesel::declare_sql_function]
extern "SQL" {
    /// Rows changed over this connection of SQLite's since it was opened.
    fn total_changes() -> diesel::sql_types::BigInt;
}

/// Runs `f` in the open transaction itself: under a savepoint SQLite copies every page that is touched.
pub(super) fn bare(c: &mut Conn, f: &mut dyn FnMut(&mut Conn) -> bool) -> Ended {
    let before = changes(c);
    let keep = f(c);
    // a savepoint of its own that it left open would take its neighbours along
    if !is_open(c) || depth(c) != Some(1) {
        return Ended::Outside;
    }
    let unchanged = |c: &mut Conn| before.is_some() && changes(c) == before;
    if keep || unchanged(c) { Ended::Inside } else { Ended::Spoilt }
}

fn changes(c: &mut Conn) -> Option<i64> {
    on_both!(c, |c| diesel::select(total_changes()).get_result(c)).ok()
}

/// Whether SQLite still has the transaction open. A statement that fails badly enough ends it, and what follows would be stored at
/// once, each statement for itself.
fn is_open(c: &mut Conn) -> bool {
    // refused inside a transaction, and without effect there
    match c.batch_execute("BEGIN") {
        Err(DieselError::DatabaseError(_, info)) => info.message() == "cannot start a transaction within a transaction",
        _ => false,
    }
}

/// Undoes the whole transaction; false when not even that worked.
pub(super) fn rollback(c: &mut Conn) -> bool {
    Manager::rollback_transaction(c).is_ok() && depth(c) == Some(0)
}

/// Runs `f` in a savepoint of its own within the open transaction.
pub(super) fn savepoint(c: &mut Conn, f: &mut dyn FnMut(&mut Conn) -> bool) -> Ended {
    if Manager::begin_transaction(c).is_err() {
        return Ended::Outside;
    }
    let keep = f(c);
    let ended = if keep { Manager::commit_transaction(c) } else { Manager::rollback_transaction(c) };
    if ended.is_ok() && depth(c) == Some(1) { Ended::Inside } else { Ended::Outside }
}

/// Runs `f`; a panic becomes an error here, inside the transaction, so that the rollback is ours.
pub(super) fn guarded<T>(c: &mut Conn, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(|| f(c))).unwrap_or_else(|panic| {
        let what = panic.downcast_ref::<&str>().map(ToString::to_string).or_else(|| panic.downcast_ref::<String>().cloned());
        Err(Error::internal(format!("panic in a database job: {}", what.unwrap_or_default())))
    })
}

/// How many transactions are open within each other; `None` when the manager lost track.
fn depth(c: &mut Conn) -> Option<u32> {
    match Manager::transaction_manager_status_mut(c) {
        TransactionManagerStatus::Valid(s) => Some(s.transaction_depth().map_or(0, u32::from)),
        TransactionManagerStatus::InError => None,
    }
}
