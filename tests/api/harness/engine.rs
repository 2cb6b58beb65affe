//! A database for each test, on the engine `XINFANG_TEST_DATABASE_URL` names: PostgreSQL when it is set, else SQLite.
//!
//! The migrated office is made once a process; a test gets a copy of it and leaves nothing behind.

use super::app;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tempfile::TempDir;
use xinfang::auth::{Actor, Role};
use xinfang::platform::db::schema::{account, account_role, unit};
use xinfang::platform::db::types::Id;
use xinfang::platform::db::{Conn, DatabaseUrl, Db, connect};

/// Any number will do, so long as every test process takes the same.
const LOCK: &str = "SELECT pg_advisory_lock(7026104592)";
const TEMPLATE: &str = "xinfang_test_template";

/// A database of one test; goes away with it.
pub struct Database {
    /// Where it is.
    pub url: DatabaseUrl,
    /// The key that fits it.
    pub key_file: PathBuf,
    /// On PostgreSQL, its name.
    name: Option<String>,
    folder: TempDir,
}

/// The sample office, read once from the template.
pub struct Office {
    accounts: BTreeMap<String, Actor>,
    units: BTreeMap<String, Id>,
}

/// What a test's database is copied from. Held in memory: a process's statics are never dropped, so files would stay behind.
struct Template {
    key: Vec<u8>,
    /// The whole SQLite file; none on PostgreSQL, where the template is a database.
    file: Option<Vec<u8>>,
    office: Office,
}

static MADE: OnceLock<Template> = OnceLock::new();
static SERIAL: AtomicU32 = AtomicU32::new(1);

impl Database {
    /// A copy of the office.
    pub fn office() -> Self {
        let template = template();
        let database = Self::place();
        std::fs::write(&database.key_file, &template.key).unwrap();
        match (&database.url, &template.file, &database.name) {
            (DatabaseUrl::Sqlite(path), Some(file), _) => std::fs::write(path, file).unwrap(),
            (_, _, Some(name)) => Server::get().copy_template(name),
            _ => unreachable!("the engine is one for the whole process"),
        }
        database
    }

    /// A database without a table.
    pub fn empty() -> Self {
        let database = Self::place();
        if let Some(name) = &database.name {
            Server::get().run(&format!("CREATE DATABASE {name} TEMPLATE template0"));
        }
        database
    }

    /// A connection of one's own, for what no use case offers: catalogues, sabotage.
    pub fn connect(&self) -> Conn {
        connect(&self.url, false).unwrap()
    }

    fn place() -> Self {
        let folder = TempDir::new().unwrap();
        let key_file = folder.path().join("xinfang.key");
        let (url, name) = match server_url() {
            None => (DatabaseUrl::Sqlite(folder.path().join("xinfang.db")), None),
            Some(server) => {
                let name = format!("xinfang_test_{}_{}", std::process::id(), SERIAL.fetch_add(1, Ordering::Relaxed));
                (DatabaseUrl::Pg(named(&server, &name)), Some(name))
            }
        };
        Self { url, key_file, name, folder }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            Server::get().discard(name);
        }
    }
}

impl Office {
    /// Everybody's user name.
    pub fn usernames(&self) -> impl Iterator<Item = &str> {
        self.accounts.keys().map(String::as_str)
    }

    /// The account of a user name.
    pub fn account(&self, username: &str) -> &Actor {
        self.accounts.get(username).unwrap_or_else(|| panic!("no account `{username}`; there are {:?}", self.accounts.keys()))
    }

    /// The id of a unit by its code in `data/demo/office.json`.
    pub fn unit(&self, code: &str) -> Id {
        *self.units.get(code).unwrap_or_else(|| panic!("no unit `{code}`; there are {:?}", self.units.keys()))
    }

    /// Somebody with this role in this unit.
    pub fn somebody(&self, role: Role, unit: Id) -> Option<&str> {
        self.accounts.iter().find(|(_, a)| a.unit_id == unit && a.roles.has(role)).map(|(name, _)| name.as_str())
    }

    fn read(c: &mut Conn) -> Self {
        let roles: Vec<(Id, String)> = account_role::table.load(c).unwrap();
        let accounts: Vec<(Id, String, Id)> = account::table.select((account::id, account::username, account::unit_id)).load(c).unwrap();
        let units: Vec<(String, Id)> = unit::table.select((unit::code, unit::id)).load(c).unwrap();
        let held = |id| roles.iter().filter(move |(of, _)| *of == id).map(|(_, role)| Role::parse(role).unwrap()).collect();
        let actor = |(id, username, unit_id)| (username, Actor::staff(id, unit_id, held(id)));
        Self { accounts: accounts.into_iter().map(actor).collect(), units: units.into_iter().collect() }
    }
}

/// The sample office as every test finds it.
pub fn office() -> &'static Office {
    &template().office
}

fn template() -> &'static Template {
    MADE.get_or_init(|| {
        // a runtime can't wait inside another, and the caller is a test's
        std::thread::spawn(make).join().unwrap()
    })
}

fn make() -> Template {
    let mut database = Database::place();
    if database.name.is_some() {
        let server = Server::get();
        server.run(&format!("DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)"));
        server.run(&format!("CREATE DATABASE {TEMPLATE} TEMPLATE template0"));
        // it outlives this value: the next process replaces it
        database.name = None;
        database.url = DatabaseUrl::Pg(named(&server_url().unwrap(), TEMPLATE));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let db = Db::open(&database.url).unwrap();
    let platform = app::platform(&database, db, 1);
    runtime.block_on(xinfang::demo::office(&platform)).expect("the sample office");
    platform.db.close();
    let office = Office::read(&mut database.connect());
    let file = match &database.url {
        DatabaseUrl::Sqlite(path) => {
            let wal = path.with_extension("db-wal");
            assert!(!wal.exists() || wal.metadata().unwrap().len() == 0, "after a clean stop one file holds everything");
            Some(std::fs::read(path).unwrap())
        }
        DatabaseUrl::Pg(_) => None,
    };
    Template { key: std::fs::read(&database.key_file).unwrap(), file, office }
}

/// The PostgreSQL server, held by one test process at a time: what a killed one left behind is swept by the next.
struct Server {
    connection: Mutex<PgConnection>,
    /// Copying files takes a tenth of the time that logging every page does; the choice exists from PostgreSQL 15 on.
    by_files: &'static str,
}

impl Server {
    fn get() -> &'static Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(|| {
            let url = server_url().expect("XINFANG_TEST_DATABASE_URL");
            let mut c = PgConnection::establish(&url).unwrap_or_else(|e| panic!("XINFANG_TEST_DATABASE_URL: {e}"));
            c.batch_execute(LOCK).unwrap();
            let left: Vec<Name> =
                diesel::sql_query("SELECT datname::text AS name FROM pg_database WHERE datname LIKE 'xinfang\\_test\\_%'")
                    .load(&mut c)
                    .unwrap();
            for Name { name } in left {
                c.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
            }
            let version: Vec<Name> = diesel::sql_query("SELECT current_setting('server_version_num') AS name").load(&mut c).unwrap();
            let choice = version[0].name.parse::<u32>().unwrap() >= 150_000;
            Self { connection: Mutex::new(c), by_files: if choice { "STRATEGY file_copy" } else { "" } }
        })
    }

    fn copy_template(&self, name: &str) {
        self.run(&format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE} {}", self.by_files));
    }

    /// Dropping a database sleeps a tenth of a second when somebody is still leaving it: look first.
    fn discard(&self, name: &str) {
        for _ in 0..20 {
            let present = format!("SELECT usename::text AS name FROM pg_stat_activity WHERE datname = '{name}'");
            if diesel::sql_query(present).load::<Name>(&mut *self.lock()).is_ok_and(|left| left.is_empty()) {
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        self.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }

    fn run(&self, sql: &str) {
        self.lock().batch_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
    }

    fn lock(&self) -> MutexGuard<'_, PgConnection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

fn server_url() -> Option<String> {
    let url = std::env::var("XINFANG_TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())?;
    assert!(url.starts_with("postgres"), "XINFANG_TEST_DATABASE_URL must begin with postgres://; unset it for SQLite");
    Some(url)
}

/// The same server's URL with another database in it.
fn named(server: &str, database: &str) -> String {
    let (address, query) = server.split_once('?').map_or((server, String::new()), |(a, q)| (a, format!("?{q}")));
    let (scheme, rest) = address.split_once("://").unwrap();
    let host = rest.split('/').next().unwrap();
    format!("{scheme}://{host}/{database}{query}")
}
