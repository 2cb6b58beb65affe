//! A group's accidents: who is answered what, and what is stored.

use super::{Job, Queue};
use crate::platform::db::{Conn, DatabaseUrl, Db, Lane};
use crate::platform::error::{Error, Result};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};
use futures_util::future::join_all;
use std::collections::BTreeSet;
use tempfile::TempDir;

const JOBS: i32 = 64;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Integer)]
    n: i32,
}

#[derive(QueryableByName)]
struct Pages {
    #[diesel(sql_type = BigInt)]
    page_count: i64,
}

async fn database() -> (TempDir, Db) {
    let folder = TempDir::new().unwrap();
    let db = Db::open(&DatabaseUrl::Sqlite(folder.path().join("a.db"))).unwrap();
    db.write(|c| Ok(c.batch_execute("CREATE TABLE sheet (n INTEGER PRIMARY KEY, filling BLOB)")?)).await.unwrap();
    (folder, db)
}

fn insert(c: &mut Conn, n: i32) -> Result<()> {
    diesel::sql_query("INSERT INTO sheet VALUES (?, zeroblob(20000))").bind::<Integer, _>(n).execute(c)?;
    Ok(())
}

async fn stored(db: &Db) -> BTreeSet<i32> {
    let rows = db.read(|c| Ok(diesel::sql_query("SELECT n FROM sheet").load::<Row>(c)?)).await.unwrap();
    rows.into_iter().map(|row| row.n).collect()
}

/// Runs many jobs at once; gives those that were promised to be stored, and how the others ended.
async fn all(db: &Db, job: impl Fn(&mut Conn, i32) -> Result<()> + Copy + Send + Sync + 'static) -> (BTreeSet<i32>, Vec<Error>) {
    let outcomes = join_all((0..JOBS).map(|n| db.write(move |c| job(c, n).map(|()| n)))).await;
    let (mut promised, mut others) = (BTreeSet::new(), Vec::new());
    for outcome in outcomes {
        match outcome {
            Ok(n) => drop(promised.insert(n)),
            Err(e) => others.push(e),
        }
    }
    (promised, others)
}

#[tokio::test]
async fn a_job_that_panics_or_is_refused_stands_alone() {
    let (_folder, db) = database().await;
    let (promised, others) = all(&db, |c, n| {
        insert(c, n)?;
        match n {
            13 => panic!("unlucky"),
            14 => Err(Error::NotFound),
            _ => Ok(()),
        }
    })
    .await;
    assert_eq!(promised.len(), 62);
    assert!(matches!(&others[..], [Error::Internal(_), Error::NotFound]), "{others:?}");
    assert_eq!(stored(&db).await, promised);
}

/// A panic in a transaction of the job's own leaves that open.
#[tokio::test]
async fn a_panic_in_a_savepoint_of_its_own_is_not_kept() {
    let (_folder, db) = database().await;
    let (promised, others) = all(&db, |c, n| match n {
        13 => c.transaction(|_| -> Result<()> { panic!("unlucky") }),
        _ => insert(c, n),
    })
    .await;
    assert!(!others.is_empty() && promised.contains(&63), "{others:?}");
    assert_eq!(stored(&db).await, promised);
}

#[derive(QueryableByName)]
struct Compiled {
    #[diesel(sql_type = Text)]
    compile_options: String,
}

/// The settings of `.cargo/config.toml` are easily lost, and nothing but speed would tell.
#[tokio::test]
async fn sqlite_is_compiled_as_it_is_measured() {
    let (_folder, db) = database().await;
    let options = db.read(|c| Ok(diesel::sql_query("SELECT compile_options FROM pragma_compile_options").load::<Compiled>(c)?)).await;
    let options: BTreeSet<String> = options.unwrap().into_iter().map(|row| row.compile_options).collect();
    for option in ["ENABLE_QPSG", "THREADSAFE=2", "DEFAULT_MEMSTATUS=0"] {
        assert!(options.contains(option), "{option} is not among {options:?}");
    }
    assert!(!options.contains("ENABLE_MEMORY_MANAGEMENT"));
}

/// SQLite ends the whole transaction when a statement finds the file full: the savepoints of the group are gone with it.
#[tokio::test]
async fn a_full_file_ends_its_group_and_nothing_else() {
    let (_folder, db) = database().await;
    let (promised, others) = all(&db, |c, n| {
        if n == 40 {
            // of this connection only, so that the next one finds room again
            let pages: Pages = diesel::sql_query("SELECT page_count FROM pragma_page_count").get_result(c)?;
            c.batch_execute(&format!("PRAGMA max_page_count={}", pages.page_count + 7))?;
        }
        insert(c, n)
    })
    .await;
    assert!(!others.is_empty() && others.iter().all(|e| matches!(e, Error::Busy)), "{others:?}");
    assert!(promised.contains(&63), "what had not begun is run on a new connection");
    assert_eq!(stored(&db).await, promised);
}

/// A job that goes on after such an end writes outside any transaction: its connection must not commit it.
#[tokio::test]
async fn a_job_that_ends_the_transaction_itself_is_not_believed() {
    let (_folder, db) = database().await;
    let (promised, others) = all(&db, |c, n| {
        insert(c, n)?;
        if n == 5 {
            c.batch_execute("ROLLBACK")?;
        }
        Ok(())
    })
    .await;
    assert!(!others.is_empty() && others.iter().all(|e| matches!(e, Error::Busy)), "{others:?}");
    assert_eq!(stored(&db).await, promised);
}

#[tokio::test]
async fn closing_finishes_what_waits_and_refuses_the_rest() {
    let (folder, db) = database().await;
    let (promised, _) = all(&db, insert).await;
    assert_eq!(promised.len(), 64);
    db.close();
    assert!(matches!(db.write(|c| insert(c, 1000)).await, Err(Error::Busy)));
    assert!(!folder.path().join("a.db-wal").exists());
}

struct Idle;

impl Job for Idle {
    fn run(&mut self, _: &mut Conn) -> bool {
        true
    }

    fn answer(self: Box<Self>, _: bool) {}
}

#[test]
fn what_had_not_begun_waits_in_its_own_lane_again() {
    let queue = Queue::default();
    for lane in [Lane::Desk, Lane::Desk, Lane::Background, Lane::Background] {
        queue.push(lane, Box::new(Idle)).unwrap();
    }
    for _ in 0..2 {
        let group = queue.group().unwrap();
        assert_eq!(group.iter().map(|(lane, _)| *lane).collect::<Vec<_>>(), [Lane::Desk, Lane::Desk, Lane::Background]);
        queue.put_back(group);
    }
    let lanes = queue.lock();
    assert_eq!((lanes.desk.len(), lanes.background.len()), (2, 2));
}
