//! SQL of the index. On PostgreSQL it stands in the database, on SQLite in a file of its own: the connection is the one it stands in.
//!
//! FTS5 is given terms already cut, spelled as hexadecimal digits, so that nothing of what people type can be its syntax.

use super::super::model::Document;
use crate::on_both;
use crate::platform::db::{Conn, DatabaseUrl, connect};
use crate::platform::error::{Error, Result};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text};
use std::path::{Path, PathBuf};

/// Row numbers fall with time: newest first is FTS5's own order.
const TOP: i64 = 1 << 40;

const TABLES: &str = "PRAGMA synchronous=NORMAL; \
    CREATE VIRTUAL TABLE IF NOT EXISTS search_document USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii'); \
    CREATE TABLE IF NOT EXISTS search_state (id INTEGER NOT NULL PRIMARY KEY, position INTEGER NOT NULL, below INTEGER) STRICT;";

/// How far the index is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct State {
    /// The last event it has seen.
    #[diesel(sql_type = BigInt)]
    pub position: i64,
    /// Below which petition it is still being built; none once it holds all.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub below: Option<i64>,
}

/// The file beside a SQLite database; none on PostgreSQL.
pub fn beside(url: &DatabaseUrl) -> Option<PathBuf> {
    match url {
        DatabaseUrl::Sqlite(path) => Some(path.with_extension("search.db")),
        DatabaseUrl::Pg(_) => None,
    }
}

/// Opens the file to read it.
///
/// # Errors
/// When there is none yet, or it can't be read.
pub fn open(path: &Path) -> Result<Conn> {
    match path.is_file() {
        true => connect(&DatabaseUrl::Sqlite(path.to_owned()), true),
        false => Err(Error::internal("there is no index yet")),
    }
}

/// Opens the file to write it; what is damaged is thrown away, for it can be built again.
///
/// # Errors
/// When it can't be made.
pub fn open_or_make(path: &Path) -> Result<Conn> {
    let opened = |path: &Path| -> Result<Conn> {
        let mut c = connect(&DatabaseUrl::Sqlite(path.to_owned()), false)?;
        on_both!(&mut c, |c| c.batch_execute(TABLES))?;
        state(&mut c)?;
        Ok(c)
    };
    opened(path).or_else(|why| {
        tracing::warn!(error = %why, "the index of the search is damaged: it is built anew");
        throw_away(path);
        opened(path)
    })
}

/// Removes the file.
pub fn throw_away(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        // what is not there need not be removed; what can't be will be found damaged again
        let _ = std::fs::remove_file(name);
    }
}

/// How far it is; none when it was never begun.
///
/// # Errors
/// Database only.
pub fn state(c: &mut Conn) -> Result<Option<State>> {
    let query = diesel::sql_query("SELECT position, below FROM search_state WHERE id = 1");
    Ok(on_both!(c, |c| query.get_result(c)).optional()?)
}

/// Writes documents and how far it is with them.
///
/// # Errors
/// Database only.
pub fn store(c: &mut Conn, documents: &[Document], state: State) -> Result<()> {
    const STATE: &str = "INSERT INTO search_state (id, position, below) VALUES (1, $1, $2) \
        ON CONFLICT (id) DO UPDATE SET position = excluded.position, below = excluded.below";
    for document in documents {
        match c {
            Conn::Pg(c) => diesel::sql_query(
                "INSERT INTO search_document (n, terms) VALUES ($1, $2) ON CONFLICT (n) DO UPDATE SET terms = excluded.terms",
            )
            .bind::<BigInt, _>(document.n)
            .bind::<Array<Text>, _>(&document.terms)
            .execute(c)?,
            Conn::Sqlite(c) => diesel::sql_query("INSERT OR REPLACE INTO search_document (rowid, terms) VALUES (?, ?)")
                .bind::<BigInt, _>(TOP - document.n)
                .bind::<Text, _>(document.terms.iter().map(|term| spelled(term)).collect::<Vec<_>>().join(" "))
                .execute(c)?,
        };
    }
    let query = diesel::sql_query(STATE).bind::<BigInt, _>(state.position).bind::<Nullable<BigInt>, _>(state.below);
    on_both!(c, |c| query.execute(c))?;
    Ok(())
}

/// Begins anew with nothing.
///
/// # Errors
/// Database only.
pub fn clear(c: &mut Conn) -> Result<()> {
    match c {
        Conn::Pg(c) => c.batch_execute("TRUNCATE search_document; DELETE FROM search_state")?,
        Conn::Sqlite(c) => c.batch_execute("DROP TABLE search_document; DELETE FROM search_state")?,
    }
    if let Conn::Sqlite(c) = c {
        c.batch_execute(TABLES.split_once("; ").map_or("", |(_, tables)| tables))?;
    }
    Ok(())
}

/// The next petitions below a place that have all the terms and one of the reach, newest first. An empty reach is everybody's.
///
/// # Errors
/// Database only.
pub fn candidates(c: &mut Conn, terms: &[String], reach: &[String], below: i64, most: i64) -> Result<Vec<i64>> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    let found: Vec<Found> = match c {
        Conn::Pg(c) => {
            let reached = if reach.is_empty() { "cardinality($4) = 0" } else { "terms && $4" };
            diesel::sql_query(format!("SELECT n FROM search_document WHERE terms @> $1 AND n < $2 AND {reached} ORDER BY n DESC LIMIT $3"))
                .bind::<Array<Text>, _>(terms)
                .bind::<BigInt, _>(below)
                .bind::<BigInt, _>(most)
                .bind::<Array<Text>, _>(reach)
                .load(c)?
        }
        Conn::Sqlite(c) => {
            let joined = |terms: &[String], by: &str| terms.iter().map(|term| spelled(term)).collect::<Vec<_>>().join(by);
            let mut asked = joined(terms, " AND ");
            if !reach.is_empty() {
                asked = format!("{asked} AND ({})", joined(reach, " OR "));
            }
            diesel::sql_query(format!(
                "SELECT {TOP} - rowid AS n FROM search_document WHERE search_document MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?"
            ))
            .bind::<Text, _>(asked)
            .bind::<BigInt, _>(TOP - below)
            .bind::<BigInt, _>(most)
            .load(c)?
        }
    };
    Ok(found.into_iter().map(|found| found.n).collect())
}

fn spelled(term: &str) -> String {
    data_encoding::HEXLOWER.encode(term.as_bytes())
}
