//! Connecting, and the pools.

use crate::platform::db::PATIENCE;
use crate::platform::db::conn::Conn;
use crate::platform::db::transaction::BUSY_TIMEOUT;
use crate::platform::db::url::DatabaseUrl;
use crate::platform::error::{Error, Result};
use diesel::connection::{SimpleConnection, TransactionManager};
use diesel::r2d2::{self, ManageConnection};
use diesel::result::Error as DieselError;
use diesel::{Connection, ConnectionError, ConnectionResult};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

/// Opens one connection; the URL's scheme decides, never trial and error (SQLite takes any string as a file name).
///
/// # Errors
/// Internal, saying which database and why, for whoever starts the program.
pub fn connect(url: &DatabaseUrl, read_only: bool) -> Result<Conn> {
    let opened = Connector { url: url.clone(), read_only }.connect();
    opened.map_err(|e| Error::internal(format!("cannot open the database {url}: {}", cause(&e))))
}

/// The innermost reason; what is around it only says that there is one.
fn cause(e: &r2d2::Error) -> String {
    match e {
        r2d2::Error::ConnectionError(e) => e.to_string(),
        r2d2::Error::QueryError(e) => e.to_string(),
    }
}

struct Connector {
    url: DatabaseUrl,
    read_only: bool,
}

impl Connector {
    fn pragmas(&self) -> String {
        let (cache, only) = if self.read_only { (8 * 1024, "PRAGMA query_only=ON;") } else { (32 * 1024, "") };
        // busy_timeout first: switching to WAL can itself meet a lock
        format!(
            "{BUSY_TIMEOUT} PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; \
             PRAGMA temp_store=MEMORY; PRAGMA cache_size=-{cache}; PRAGMA journal_size_limit=67108864; {only}"
        )
    }
}

/// Sets a connection up. Of several that meet a new file at once all but one are refused the switch to WAL, however patient.
fn set_up(c: &mut diesel::SqliteConnection, pragmas: &str) -> diesel::QueryResult<()> {
    let patience = Instant::now() + PATIENCE;
    loop {
        match c.batch_execute(pragmas) {
            Err(DieselError::DatabaseError(_, info)) if info.message() == "database is locked" && Instant::now() < patience => {
                std::thread::sleep(Duration::from_millis(2));
            }
            done => return done,
        }
    }
}

impl ManageConnection for Connector {
    type Connection = Conn;
    type Error = r2d2::Error;

    fn connect(&self) -> std::result::Result<Conn, r2d2::Error> {
        let open = || -> ConnectionResult<Conn> {
            Ok(match &self.url {
                DatabaseUrl::Pg(url) => Conn::Pg(diesel::PgConnection::establish(url)?),
                DatabaseUrl::Sqlite(path) => {
                    let path = path.to_str().ok_or_else(|| ConnectionError::BadConnection("the path is not UTF-8".to_owned()))?;
                    let mut c = diesel::SqliteConnection::establish(path)?;
                    set_up(&mut c, &self.pragmas()).map_err(ConnectionError::CouldntSetupConfiguration)?;
                    Conn::Sqlite(c)
                }
            })
        };
        open().map_err(r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, c: &mut Conn) -> std::result::Result<(), r2d2::Error> {
        c.batch_execute("SELECT 1").map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, c: &mut Conn) -> bool {
        std::thread::panicking() || <Conn as Connection>::TransactionManager::is_broken_transaction_manager(c)
    }
}

/// A bounded set of connections; closed once, for good.
pub(super) struct Pool(RwLock<Option<r2d2::Pool<Connector>>>);

impl Pool {
    pub(super) fn open(url: &DatabaseUrl, size: u32, read_only: bool) -> Result<Self> {
        let pool = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(if read_only { size } else { 1 }))
            .test_on_check_out(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connection_timeout(PATIENCE)
            .build(Connector { url: url.clone(), read_only })
            .map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(Self(RwLock::new(Some(pool))))
    }

    pub(super) fn with<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let pool = self.0.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or(Error::Busy)?;
        let mut c = pool.get().map_err(|_| Error::Busy)?;
        f(&mut c)
    }

    pub(super) fn close(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).take();
    }
}
