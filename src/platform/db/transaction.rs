//! Transactions by hand: diesel's own helper begins DEFERRED on SQLite and hides whether a rollback worked.

use crate::platform::db::conn::Conn;
use crate::platform::error::{Error, Result};
use diesel::connection::{AnsiTransactionManager, TransactionManager, TransactionManagerStatus};
use diesel::{Connection, QueryResult};
use std::panic::{AssertUnwindSafe, catch_unwind};

type Manager = <Conn as Connection>::TransactionManager;

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
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
    }
}

/// Commits; a commit that failed is never tried again, because its outcome is unknown.
pub(super) fn commit(c: &mut Conn) -> Result<()> {
    if let Err(e) = Manager::commit_transaction(c) {
        tracing::error!(error = %e, "commit failed");
        return Err(Error::Busy);
    }
    if depth(c) == Some(0) { Ok(()) } else { Err(Error::Busy) }
}

/// How a job ended inside its savepoint.
pub(super) enum Ended {
    /// The savepoint is released or rolled back; the transaction around it goes on.
    Inside,
    /// The transaction around it is gone (disk full, I/O error): nothing of the group is stored.
    Outside,
}

/// Runs `f` in a savepoint of its own within the open transaction, panics included.
pub(super) fn savepoint(c: &mut Conn, f: impl FnOnce(&mut Conn) -> bool) -> Ended {
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
