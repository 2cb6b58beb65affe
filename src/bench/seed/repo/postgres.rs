//! Into PostgreSQL by COPY: one transaction, indexes and constraints dropped before and made again after.

use super::{Office, Rows, TABLES, filled_tables};
use crate::bench::seed::leftovers::Leftovers;
use crate::platform::db::{Conn, DatabaseUrl, alone, connect};
use crate::platform::error::{Error, Result};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

/// Indexes are made in memory; a row that is not committed need not be on disk.
const SETTINGS: &str = "SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '5s';";

#[derive(QueryableByName)]
struct Object {
    #[diesel(sql_type = Text)]
    drop: String,
    #[diesel(sql_type = Text)]
    make: String,
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Backend {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

#[derive(QueryableByName)]
struct Others {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// A database being filled; nothing of it stays when this is dropped before [`Filling::finish`].
pub(in crate::bench::seed) struct Filling {
    c: PgConnection,
    /// Keys, indexes, foreign keys, in the order in which they are made again.
    objects: Vec<Object>,
}

/// Sessions of others in this database.
pub(in crate::bench::seed) fn others(c: &mut Conn) -> Result<i64> {
    let others: Others = diesel::sql_query(
        "SELECT count(*) AS n FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
    )
    .get_result(c)?;
    Ok(others.n)
}

/// Ends a session of ours from outside: what it did is undone at once, not when the server notices that nobody listens.
pub(in crate::bench::seed) fn terminate(url: &DatabaseUrl, pid: i32) -> Result<()> {
    connect(url, false)?.batch_execute(&format!("SELECT pg_terminate_backend({pid})")).map_err(Into::into)
}

impl Filling {
    /// Begins in an empty database of the current schema; `pid` is told the session.
    pub(in crate::bench::seed) fn begin(url: &DatabaseUrl, office: &Office, pid: impl FnOnce(i32)) -> Result<Self> {
        let mut c = connect(url, false)?;
        let backend: Backend = diesel::sql_query("SELECT pg_backend_pid() AS pid").get_result(&mut c)?;
        pid(backend.pid);
        c.batch_execute("BEGIN")?;
        // a server that starts now waits until this is over
        alone(&mut c)?;
        c.batch_execute(SETTINGS)?;
        let held = format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", TABLES.join(", "));
        c.batch_execute(&held).map_err(|e| Error::internal(format!("somebody works in the database: {e}")))?;
        crate::bench::seed::target::refuse_filled(&filled_tables(&mut c)?)?;
        let names = TABLES.iter().map(|t| format!("'{t}'::regclass")).collect::<Vec<_>>().join(", ");
        // keys first, foreign keys last
        let objects: Vec<Object> = diesel::sql_query(format!(
            "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop, \
                    format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make, \
                    conname::text AS name, CASE contype WHEN 'f' THEN 3 ELSE 1 END AS turn \
             FROM pg_constraint WHERE contype IN ('p', 'u', 'f') AND (conrelid IN ({names}) OR confrelid IN ({names})) \
             UNION ALL \
             SELECT format('DROP INDEX %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid), i.indexrelid::regclass::text, 2 \
             FROM pg_index i WHERE i.indrelid IN ({names}) AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid \
                 AND k.contype IN ('p', 'u')) \
             ORDER BY turn, name"
        ))
        .load(&mut c)?;
        for object in objects.iter().rev() {
            c.batch_execute(&object.drop)?;
        }
        office.insert(&mut c)?;
        match c {
            Conn::Pg(c) => Ok(Self { c, objects }),
            Conn::Sqlite(_) => Err(Error::internal("engine changed")),
        }
    }

    /// Adds rows.
    pub(in crate::bench::seed) fn add(&mut self, rows: &Rows) -> QueryResult<()> {
        rows.copy_in(&mut self.c)
    }

    /// Makes keys and indexes, continues the numbers after `last`, and commits.
    pub(in crate::bench::seed) fn finish(mut self, last: i64, leftovers: &Leftovers, tell: &mut dyn FnMut(&str)) -> QueryResult<()> {
        for object in &self.objects {
            tell(&object.name);
            self.c.batch_execute(&object.make)?;
        }
        self.c.batch_execute(&format!("SELECT setval('petition_n', {last})"))?;
        tell("the commit");
        leftovers.forget_all_after(|| self.c.batch_execute("COMMIT"))?;
        // outside a transaction: without it the first readers would do this work
        tell("statistics for the planner");
        self.c.batch_execute("VACUUM ANALYZE")
    }
}
