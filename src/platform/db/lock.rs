//! Work that only one of several instances may do at a time.

use super::Conn;
use crate::platform::error::Result;
use diesel::prelude::*;

#[diesel::declare_sql_function]
extern "SQL" {
    /// Takes a lock of PostgreSQL's until the transaction ends; false when somebody else has it.
    fn pg_try_advisory_xact_lock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Bool;
}

/// Takes a lock until the transaction ends; false when another instance has it. SQLite has one writer and needs none.
///
/// # Errors
/// Database only.
pub fn alone(c: &mut Conn, lock: i64) -> Result<bool> {
    let Conn::Pg(c) = c else { return Ok(true) };
    Ok(diesel::select(pg_try_advisory_xact_lock(lock)).get_result(c)?)
}

/// Waits for a lock and holds it until the transaction ends. SQLite has one writer and needs none.
///
/// # Errors
/// Database only.
pub fn in_turn(c: &mut Conn, lock: i64) -> Result<()> {
    let Conn::Pg(c) = c else { return Ok(()) };
    diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<diesel::sql_types::BigInt, _>(lock).execute(c)?;
    Ok(())
}
