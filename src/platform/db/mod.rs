//! Storage: one code path, two engines, picked by the URL's scheme at run time.
//!
//! SQLite: one writer thread that groups commits, four read-only connections. PostgreSQL: a pool.
//! Business code gets a `&mut Conn` inside [`Db::read`] or [`Db::write`] and opens no transaction itself.

pub mod condition;
mod conn;
pub mod lock;
mod migrate;
mod pool;
pub mod schema;
mod transaction;
pub mod types;
mod url;
mod writer;

pub use conn::{Both, Conn, MultiBackend};
pub use migrate::alone;
pub use pool::connect;
pub use transaction::{snapshot as in_snapshot, write as in_transaction};
pub use url::{DatabaseUrl, UrlError};

use crate::platform::error::{Error, Result};
use pool::Pool;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use writer::Writer;

/// How often a write that lost a race starts again before the caller is told to. In each round somebody wins, and no more can race
/// than there are connections: fewer tries would turn away those who write on one petition at once.
const TRIES: usize = 10;

/// Connects to look at a database as it is: none is made, none is migrated, and on SQLite the connection refuses writes.
///
/// # Errors
/// In words, when it is not there, can't be reached, or its schema is not this program's.
pub fn inspect(url: &DatabaseUrl) -> Result<Conn> {
    if let DatabaseUrl::Sqlite(path) = url
        && !path.is_file()
    {
        return Err(Error::internal(format!("there is no database {}", path.display())));
    }
    let mut c = connect(url, true)?;
    migrate::check(&mut c)?;
    Ok(c)
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Database>);

struct Database {
    engine: Engine,
    /// Calls under way or waiting for a thread; beyond [`WAITING`] callers are told at once.
    under_way: AtomicUsize,
}

/// Calls that may wait; beyond, callers are told at once.
const WAITING: usize = 4096;
/// How long a call waits for a thread, and then for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

enum Engine {
    Sqlite { readers: Pool, writer: Writer },
    Pg { pool: Pool },
}

impl Db {
    /// Opens the database and brings its schema up to date, under a lock.
    ///
    /// # Errors
    /// When it can't be reached, is newer than this binary, or a migration fails.
    pub fn open(url: &DatabaseUrl) -> Result<Self> {
        let mut first = connect(url, false)?;
        migrate::run(&mut first)?;
        let engine = match url {
            DatabaseUrl::Sqlite(_) => Engine::Sqlite { readers: Pool::open(url, 4, true)?, writer: Writer::start(url.clone(), first)? },
            DatabaseUrl::Pg(_) => Engine::Pg { pool: Pool::open(url, 8, false)? },
        };
        Ok(Self(Arc::new(Database { engine, under_way: AtomicUsize::new(0) })))
    }

    /// Reads one consistent snapshot. Opens no write transaction; on SQLite the connection refuses writes.
    ///
    /// # Errors
    /// What `f` returns; [`Error::Busy`] when no connection comes free in time.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.blocking(move |engine| match engine {
            Engine::Sqlite { readers: pool, .. } | Engine::Pg { pool } => pool.with(|c| transaction::snapshot(c, f)),
        })
        .await
    }

    /// Runs `f` in one write transaction and answers after the commit.
    ///
    /// `f` may run again, so ids, codes and the time are made before it; it does no file or network I/O and nothing slow.
    /// A refusal that must be remembered is an `Ok`, because an `Err` rolls back.
    ///
    /// # Errors
    /// What `f` returns; [`Error::Busy`] when the queue is full or the machine could not keep the commit; [`Error::Again`] when every try
    /// lost its race.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T> + Send + Sync + 'static,
    {
        self.write_in(Lane::Desk, Arc::new(f)).await
    }

    /// Like [`Db::write`] for work nobody waits for: at most one such job joins a group, so that it never holds up the desk.
    /// Keep each under 200 rows and 20 ms.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_background<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T> + Send + Sync + 'static,
    {
        self.write_in(Lane::Background, Arc::new(f)).await
    }

    async fn write_in<T, F>(&self, lane: Lane, f: Arc<F>) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T> + Send + Sync + 'static,
    {
        for _ in 1..TRIES {
            let outcome = self.write_once(lane, Arc::clone(&f)).await;
            if !matches!(outcome, Err(Error::Again)) {
                return outcome;
            }
        }
        self.write_once(lane, f).await
    }

    async fn write_once<T, F>(&self, lane: Lane, f: Arc<F>) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T> + Send + Sync + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite { writer, .. } => writer.run(lane, f).await,
            Engine::Pg { .. } => {
                self.blocking(move |engine| match engine {
                    Engine::Pg { pool } => pool.with(|c| transaction::write(c, &*f)),
                    Engine::Sqlite { .. } => Err(Error::internal("engine changed")),
                })
                .await
            }
        }
    }

    /// Runs `f` where waiting is allowed.
    async fn blocking<T: Send + 'static>(&self, f: impl FnOnce(&Engine) -> Result<T> + Send + 'static) -> Result<T> {
        let (turn, since) = (Turn::take(&self.0)?, Instant::now());
        // behind a database that does not answer nobody waits for all those before them
        let run = move || if since.elapsed() < PATIENCE { f(&turn.0.engine) } else { Err(Error::Busy) };
        tokio::task::spawn_blocking(run).await.unwrap_or_else(|e| Err(Error::Internal(Box::new(e))))
    }

    /// Whether the database answers (readiness).
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        use diesel::connection::SimpleConnection;
        self.read(|c| Ok(c.batch_execute("SELECT 1")?)).await
    }

    /// Finishes what is queued and closes; afterwards one SQLite file holds everything. Later writes are refused as busy.
    pub fn close(&self) {
        match &self.0.engine {
            Engine::Sqlite { readers, writer } => {
                readers.close();
                writer.close();
            }
            Engine::Pg { pool } => pool.close(),
        }
    }
}

/// One call's place among those that may be under way; given back when it ends, however that is.
struct Turn(Arc<Database>);

impl Turn {
    fn take(database: &Arc<Database>) -> Result<Self> {
        let turn = Self(Arc::clone(database));
        if turn.0.under_way.fetch_add(1, Ordering::Relaxed) < WAITING { Ok(turn) } else { Err(Error::Busy) }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Which queue of the writer a job waits in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    Desk,
    Background,
}
