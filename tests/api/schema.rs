//! The tables are those of `schema/`, by position, on whichever engine runs; what is written down is never changed.

use super::harness::{Database, TestApp};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use std::collections::BTreeMap;
use xinfang::on_both;
use xinfang::platform::db::{Conn, Db};

/// Diesel's own, and the index of the search, which on SQLite stands in a file of its own.
const FOREIGN: &[&str] = &["__diesel_schema_migrations", "search_document", "search_state"];

#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

type Tables = BTreeMap<String, Vec<Column>>;

/// What `schema/` says, in the words of the engine.
fn expected(postgres: bool) -> Tables {
    let text = concat!(
        include_str!("../../src/platform/db/schema/files.rs"),
        include_str!("../../src/platform/db/schema/care.rs"),
        include_str!("../../src/platform/db/schema/imports.rs"),
        include_str!("../../src/platform/db/schema/offices.rs"),
        include_str!("../../src/platform/db/schema/people.rs"),
        include_str!("../../src/platform/db/schema/petitions.rs"),
        include_str!("../../src/platform/db/schema/procedures.rs"),
        include_str!("../../src/platform/db/schema/trails.rs"),
    );
    let mut tables = Tables::new();
    let mut table: Option<String> = None;
    for line in text.lines().map(str::trim) {
        let columns = table.as_ref().and_then(|table| tables.get_mut(table));
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            tables.insert(name.to_owned(), Vec::new());
            table = Some(name.to_owned());
        } else if line == "}" {
            table = None;
        } else if let (Some(columns), Some((name, kind))) = (columns, line.trim_end_matches(',').split_once(" -> ")) {
            let inner = kind.strip_prefix("Nullable<").and_then(|k| k.strip_suffix('>'));
            let kind = native(inner.unwrap_or(kind), postgres).to_owned();
            columns.push(Column { name: name.to_owned(), kind, nullable: inner.is_some() });
        }
    }
    tables
}

fn native(kind: &str, postgres: bool) -> &'static str {
    let (sqlite, pg) = match kind {
        "Text" => ("TEXT", "text"),
        "Binary" => ("BLOB", "bytea"),
        "Bool" => ("INTEGER", "boolean"),
        "SmallInt" => ("INTEGER", "smallint"),
        "Integer" => ("INTEGER", "integer"),
        "BigInt" => ("INTEGER", "bigint"),
        "Double" => ("REAL", "double precision"),
        "Date" => ("TEXT", "date"),
        "DbUuid" => ("BLOB", "uuid"),
        "DbTime" => ("INTEGER", "timestamp with time zone"),
        other => panic!("schema/ uses `{other}`: say here what it is on each engine"),
    };
    if postgres { pg } else { sqlite }
}

/// What the database itself says.
fn live(c: &mut Conn) -> Tables {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        table_name: String,
        #[diesel(embed)]
        column: Column,
    }
    const SQLITE: &str = "SELECT m.name AS table_name, i.name AS name, i.type AS kind, (i.\"notnull\" = 0) AS nullable \
         FROM sqlite_master m, pragma_table_info(m.name) i WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, i.cid";
    const POSTGRES: &str = "SELECT table_name::text, column_name::text AS name, data_type::text AS kind, (is_nullable = 'YES') AS nullable \
         FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position";
    let rows: Vec<Row> = match c {
        Conn::Sqlite(c) => diesel::sql_query(SQLITE).load(c),
        Conn::Pg(c) => diesel::sql_query(POSTGRES).load(c),
    }
    .unwrap();
    let mut tables = Tables::new();
    for row in rows.into_iter().filter(|row| !FOREIGN.contains(&row.table_name.as_str())) {
        tables.entry(row.table_name).or_default().push(row.column);
    }
    tables
}

#[test]
fn a_fresh_database_has_the_columns_of_schema_rs_in_their_order() {
    let database = Database::empty();
    Db::open(&database.url).unwrap().close();
    let mut c = database.connect();
    let expected = expected(matches!(c, Conn::Pg(_)));
    let live = live(&mut c);
    assert!(expected.len() > 10, "schema/ was not read");
    assert_eq!(expected.keys().collect::<Vec<_>>(), live.keys().collect::<Vec<_>>(), "left: schema/, right: the migrations");
    for (table, columns) in &expected {
        assert_eq!(columns, &live[table], "{table}: left: schema/, right: the migrations");
        assert!(columns.len() <= 32, "{table} has {} columns; diesel takes 32", columns.len());
    }
}

#[test]
fn migrating_twice_changes_nothing() {
    let database = Database::empty();
    Db::open(&database.url).unwrap().close();
    let before = live(&mut database.connect());
    Db::open(&database.url).unwrap().close();
    assert_eq!(before, live(&mut database.connect()));
}

#[test]
fn a_database_newer_than_the_program_is_refused() {
    let database = Database::empty();
    Db::open(&database.url).unwrap().close();
    let mut c = database.connect();
    on_both!(&mut c, |c| c.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101')").unwrap());
    let refused = Db::open(&database.url).err().expect("a newer database").to_string();
    assert!(refused.contains("newer"), "{refused}");
}

#[tokio::test]
async fn what_is_written_down_is_never_changed() {
    let app = TestApp::start().await;
    let mut c = app.connect();
    let c = &mut c;
    let entry = "INSERT INTO access_log (id, at, kind, outcome, address, request_id) VALUES";
    let (entry, truncate) = match c {
        Conn::Sqlite(_) => (format!("{entry} (x'0195553e7b0070008000000000000001', 1, 'sign_in', 'granted', '', '')"), false),
        Conn::Pg(_) => (format!("{entry} ('0195553e-7b00-7000-8000-000000000001', now(), 'sign_in', 'granted', '', '')"), true),
    };
    on_both!(c, |c| c.batch_execute(&entry).unwrap());
    for (table, column) in [("event", "act"), ("access_log", "outcome")] {
        let (rows, before) = content(c, table, column);
        assert!(rows > 0, "{table} is empty: nothing could be refused");
        let mut forgeries = vec![format!("UPDATE {table} SET {column} = 'forged'"), format!("DELETE FROM {table}")];
        if truncate {
            forgeries.push(format!("TRUNCATE {table} CASCADE"));
        } else {
            // replacing a row fires no delete trigger on SQLite
            let columns = live(c)[table]
                .iter()
                .map(|c| if c.name == column { "'forged'".to_owned() } else { c.name.clone() })
                .collect::<Vec<_>>()
                .join(", ");
            forgeries.push(format!("INSERT OR REPLACE INTO {table} SELECT {columns} FROM {table}"));
        }
        for forgery in forgeries {
            let outcome = on_both!(&mut *c, |c| c.batch_execute(&forgery));
            assert!(outcome.is_err(), "{forgery} was not refused");
        }
        assert_eq!(content(c, table, column), (rows, before), "{table}");
    }
}

/// How many rows, and the texts of one column.
fn content(c: &mut Conn, table: &str, column: &str) -> (i64, String) {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        rows: i64,
        #[diesel(sql_type = Text)]
        texts: String,
    }
    let aggregate =
        if matches!(c, Conn::Pg(_)) { format!("string_agg({column}, ',' ORDER BY id)") } else { format!("group_concat({column})") };
    let sql = format!("SELECT count(*) AS rows, coalesce({aggregate}, '') AS texts FROM {table}");
    let row: Row = on_both!(c, |c| diesel::sql_query(sql).get_result(c)).unwrap();
    (row.rows, row.texts)
}
