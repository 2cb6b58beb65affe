//! Into a new SQLite file: no journal, no indexes until all rows are there.

use super::{Office, Rows};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::path::Path;

/// Nobody reads the file before it is finished, and a broken one is thrown away: nothing has to be kept from half a write.
const UNSAFE: &str = "PRAGMA busy_timeout=0; PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; \
     PRAGMA foreign_keys=OFF; PRAGMA cache_size=-65536; PRAGMA temp_store=FILE; PRAGMA threads=2;";

#[derive(QueryableByName)]
struct Object {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    sql: String,
}

/// A file being filled.
pub(in crate::bench::seed) struct Filling {
    c: SqliteConnection,
    /// Indexes and triggers, to be made again.
    objects: Vec<Object>,
}

impl Filling {
    /// Begins with an empty database of the current schema.
    pub(in crate::bench::seed) fn begin(path: &Path, office: &Office) -> Result<Self> {
        let path = path.to_str().ok_or_else(|| Error::internal("the path is not UTF-8"))?;
        let mut c = SqliteConnection::establish(path).map_err(|e| Error::internal(format!("cannot open {path}: {e}")))?;
        c.batch_execute(UNSAFE)?;
        let objects: Vec<Object> = diesel::sql_query(
            "SELECT type AS kind, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid",
        )
        .load(&mut c)?;
        for Object { kind, name, .. } in &objects {
            c.batch_execute(&format!("DROP {kind} \"{name}\""))?;
        }
        c.batch_execute("BEGIN EXCLUSIVE")?;
        let mut c = Conn::Sqlite(c);
        office.insert(&mut c)?;
        match c {
            Conn::Sqlite(c) => Ok(Self { c, objects }),
            Conn::Pg(_) => Err(Error::internal("engine changed")),
        }
    }

    /// Adds rows.
    pub(in crate::bench::seed) fn add(&mut self, rows: &Rows) -> QueryResult<()> {
        rows.insert(&mut self.c)
    }

    /// Makes indexes and triggers, and tells the planner what there is.
    pub(in crate::bench::seed) fn finish(mut self, tell: &mut dyn FnMut(&str)) -> QueryResult<()> {
        // an index is sorted in memory as far as there is a cache for it
        self.c.batch_execute("COMMIT; PRAGMA cache_size=-262144;")?;
        for Object { name, sql, .. } in &self.objects {
            tell(name);
            self.c.batch_execute(sql)?;
        }
        tell("statistics for the planner");
        self.c.batch_execute("PRAGMA analysis_limit=2000; ANALYZE;")
    }
}
