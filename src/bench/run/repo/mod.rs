//! SQL of the measuring: facts about the database, and the statements that set the limits, without the product around them.

pub mod finding;
pub mod reading;
pub mod registration;
pub mod roster;

use crate::on_both;
use crate::petition::Stage;
use crate::platform::db::Conn;
use crate::platform::db::schema::{clock, petition, unit};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::collections::BTreeMap;

/// How many petitions there are.
pub fn petitions(c: &mut Conn) -> Result<i64> {
    Ok(petition::table.count().get_result(c)?)
}

/// Ids of petitions spread over all there are, each open to every reader of the office; about `wanted`, fewer when there are.
pub fn spread_ids(c: &mut Conn, wanted: i64) -> Result<Vec<Id>> {
    let last: i64 = petition::table.select(diesel::dsl::max(petition::n)).first::<Option<i64>>(c)?.unwrap_or(0);
    // a step that is no multiple of anything: what recurs in the data every ten or hundred rows must not recur here
    let step = (last / wanted.max(1)).max(1) | 1;
    let mut ids = Vec::new();
    let all: Vec<i64> = (1..=last).step_by(usize::try_from(step).unwrap_or(1)).collect();
    for some in all.chunks(500) {
        let open = petition::table.filter(petition::n.eq_any(some)).filter(petition::restricted.eq(false));
        ids.extend(open.select(petition::id).load::<Id>(c)?);
    }
    Ok(ids)
}

/// The id of a unit by its code.
pub fn unit_by_code(c: &mut Conn, code: &str) -> Result<Option<Id>> {
    Ok(unit::table.filter(unit::code.eq(code)).select(unit::id).first(c).optional()?)
}

/// How many petitions stand at a stage.
pub fn at_stage(c: &mut Conn, stage: Stage) -> Result<i64> {
    Ok(petition::table.filter(petition::stage.eq(stage)).count().get_result(c)?)
}

/// How much work a unit has at hand.
pub fn at_hand(c: &mut Conn, unit: Id) -> Result<i64> {
    Ok(petition::table.filter(petition::work_unit.eq(unit)).count().get_result(c)?)
}

/// How many clocks run, and the instant by which something comes of so many of them; none when there are fewer.
pub fn come_by(c: &mut Conn, wanted: i64) -> Result<(i64, Option<Time>)> {
    let running = clock::table.filter(clock::next_at.is_not_null());
    let instant = running.order(clock::next_at).offset(wanted - 1).select(clock::next_at.assume_not_null()).first(c).optional()?;
    Ok((running.count().get_result(c)?, instant))
}

/// Bytes of the database on its disk.
pub fn bytes(c: &mut Conn) -> Result<i64> {
    Ok(match c {
        Conn::Sqlite(c) => {
            diesel::select(sql::<BigInt>("(SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)"))
                .get_result(c)?
        }
        Conn::Pg(c) => diesel::select(sql::<BigInt>("pg_database_size(current_database())")).get_result(c)?,
    })
}

/// Of the options SQLite was compiled with, those this program sets (`.cargo/config.toml`).
const COMPILED_WITH: &str = "(SELECT coalesce(group_concat(compile_options, ' '), '') FROM pragma_compile_options \
     WHERE compile_options IN ('ENABLE_QPSG', 'THREADSAFE=1', 'THREADSAFE=2', 'DEFAULT_MEMSTATUS=0', 'ENABLE_MEMORY_MANAGEMENT'))";

/// The engine's version and what of its settings decides how fast and how durable it is.
pub fn engine(c: &mut Conn) -> Result<(String, BTreeMap<String, String>)> {
    let (version, settings): (&str, &[(&str, &str)]) = match c {
        Conn::Sqlite(_) => (
            "'SQLite ' || sqlite_version()",
            &[
                ("journal_mode", "(SELECT journal_mode FROM pragma_journal_mode)"),
                ("synchronous", "(SELECT CASE synchronous WHEN 2 THEN 'full' ELSE CAST(synchronous AS TEXT) END FROM pragma_synchronous)"),
                ("page_size", "(SELECT CAST(page_size AS TEXT) FROM pragma_page_size)"),
                ("compiled_with", COMPILED_WITH),
            ],
        ),
        Conn::Pg(_) => (
            "'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1)",
            &[
                ("fsync", "current_setting('fsync')"),
                ("synchronous_commit", "current_setting('synchronous_commit')"),
                ("full_page_writes", "current_setting('full_page_writes')"),
                ("shared_buffers", "current_setting('shared_buffers')"),
                ("max_wal_size", "current_setting('max_wal_size')"),
            ],
        ),
    };
    let mut ask = |expression: &str| -> QueryResult<String> { on_both!(c, |c| diesel::select(sql::<Text>(expression)).get_result(c)) };
    let version = ask(version)?;
    let settings = settings.iter().map(|(name, expression)| Ok(((*name).to_owned(), ask(expression)?))).collect::<QueryResult<_>>()?;
    Ok((version, settings))
}
