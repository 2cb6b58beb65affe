//! The real server over loopback, built by the crate's own assembly, with a clock and ids that are handed in.

use super::document::Document;
use super::engine::{self, Database, Office};
use super::personas::Persona;
use chrono::{DateTime, Duration, Utc};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, OnceLock};
use xinfang::auth::token::Tokens;
use xinfang::platform::Platform;
use xinfang::platform::clock::Clock;
use xinfang::platform::config::Config;
use xinfang::platform::db::types::Id;
use xinfang::platform::db::{Conn, Db};
use xinfang::platform::error::Result;
use xinfang::platform::ids::Ids;
use xinfang::platform::key;
use xinfang::platform::objects::{Objects, ObjectsUrl};

/// When every test begins: a Monday, 09:00 in the office.
pub const MORNING: &str = "2026-03-02T01:00:00Z";

/// A running office of one test's own.
pub struct TestApp {
    /// Stands until it is moved.
    pub clock: Clock,
    /// What the server was built from: for what HTTP does not show.
    pub platform: Platform,
    /// The served document.
    pub document: &'static Document,
    pub(super) tokens: Tokens,
    pub(super) client: reqwest::Client,
    address: SocketAddr,
    server: actix_web::dev::ServerHandle,
    database: Database,
}

impl TestApp {
    /// The sample office, open on a Monday morning.
    pub async fn start() -> Self {
        Self::start_on(Database::office()).await
    }

    /// The server on a database that the test has prepared.
    pub async fn start_on(database: Database) -> Self {
        let platform = platform(&database, Db::open(&database.url).unwrap(), 2026);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = xinfang::app::server(platform.clone(), listener, 1).unwrap();
        let handle = server.handle();
        servers().spawn(server);
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .pool_idle_timeout(std::time::Duration::from_secs(2))
            .build()
            .unwrap();
        let document = Document::served_at(&client, &format!("http://{address}/api/v1/openapi.json")).await;
        let tokens = Tokens::new(&platform.keys).unwrap();
        Self { clock: platform.clock.clone(), platform, document, tokens, client, address, server: handle, database }
    }

    /// A day, an hour, 16 minutes pass.
    pub fn advance(&self, by: Duration) {
        self.clock.move_to(self.clock.now() + by);
    }

    /// Now, as the office's clock says.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Who is in the office.
    pub fn office(&self) -> &'static Office {
        engine::office()
    }

    /// The id of a unit by its code.
    pub fn unit(&self, code: &str) -> String {
        self.office().unit(code).to_string()
    }

    /// A whole URL; the path begins at the server's root.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Looks at the rows, where HTTP does not show them.
    pub async fn rows<T: Send + 'static>(&self, f: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static) -> T {
        self.platform.db.read(f).await.unwrap()
    }

    /// A connection of one's own, for sabotage.
    pub fn connect(&self) -> Conn {
        self.database.connect()
    }

    /// Nobody we know.
    pub fn anonymous(&self) -> Persona<'_> {
        Persona::nobody(self)
    }

    /// Anybody of the sample office by user name.
    pub fn by(&self, username: &str) -> Persona<'_> {
        Persona::account(self, username, self.office().account(username).clone())
    }

    /// Receptionist of 接访室.
    pub fn desk(&self) -> Persona<'_> {
        self.by("desk")
    }

    /// Case officer of 医疗保险科.
    pub fn officer(&self) -> Persona<'_> {
        self.by("officer")
    }

    /// Head of 医疗保险科.
    pub fn head(&self) -> Persona<'_> {
        self.by("head")
    }

    /// Supervisor of 县老干部局.
    pub fn supervisor(&self) -> Persona<'_> {
        self.by("supervisor")
    }

    /// Leader of 县老干部局.
    pub fn leader(&self) -> Persona<'_> {
        self.by("leader")
    }

    /// Auditor of 县老干部局.
    pub fn auditor(&self) -> Persona<'_> {
        self.by("auditor")
    }

    /// Administrator of 县老干部局.
    pub fn admin(&self) -> Persona<'_> {
        self.by("admin")
    }

    /// Officer of 纪检监察组.
    pub fn discipline(&self) -> Persona<'_> {
        self.by("discipline")
    }

    /// A fresh UUIDv7 that nothing has.
    pub fn unknown_id(&self) -> Id {
        Ids::Random.moment(self.now()).draw().id()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // sent at once; nobody waits for it
        drop(self.server.stop(false));
        self.platform.db.close();
    }
}

/// The platform of a database: the clock stands at [`MORNING`], ids are seeded (two seeds never draw the same id).
pub(super) fn platform(database: &Database, db: Db, seed: u64) -> Platform {
    if std::env::var_os("XINFANG_LOG").is_some() {
        xinfang::platform::telemetry::start_logging();
    }
    let clock = Clock::set(MORNING.parse().unwrap());
    let keys = key::open(&mut database.connect(), &database.key_file, clock.now()).unwrap();
    let (keys, config) = (Arc::new(keys), config(database));
    let objects = Objects::new(config.objects.clone(), Arc::clone(&keys));
    Platform { db, clock, ids: Ids::seeded(seed), keys, objects, config: Arc::new(config) }
}

/// The settings of a server on a database: no limits, some free port.
pub fn config(database: &Database) -> Config {
    Config {
        database: database.url.clone(),
        bind: SocketAddr::from(([127, 0, 0, 1], 0)),
        key_file: database.key_file.clone(),
        objects: ObjectsUrl::Folder(database.key_file.with_extension("attachments")),
        zone: chrono_tz::Asia::Shanghai,
        office_code: "XF".to_owned(),
        rate_per_second: 0,
        rate_burst: 0,
        clock_offset: Duration::zero(),
        rehearsal: false,
        demo: false,
    }
}

/// One runtime drives every test's server: it must outlive the test's own, or the server would never hear that it should stop.
fn servers() -> &'static tokio::runtime::Handle {
    static SERVERS: OnceLock<tokio::runtime::Handle> = OnceLock::new();
    SERVERS.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let handle = runtime.handle().clone();
        std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
        handle
    })
}
