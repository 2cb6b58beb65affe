//! The real program, a database a drill.

use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use xinfang::platform::db::{Conn, DatabaseUrl, connect};
use xinfang::platform::ids::Ids;

/// The registrar's password.
const PASSWORD: &str = "correct horse battery";

/// A database of one drill with the key that fits it; goes away with it.
pub struct Place {
    pub url: String,
    pub key_file: PathBuf,
    /// On PostgreSQL: the server's own URL and the database's name.
    pg: Option<(String, String)>,
    folder: TempDir,
}

impl Place {
    /// On the engine under test.
    pub fn new() -> Self {
        match server_url() {
            None => Self::on_disk(None),
            Some(server) => Self::on_server(server),
        }
    }

    /// A SQLite file, in a folder of one's choice.
    pub fn on_disk(data: Option<&Path>) -> Self {
        let folder = TempDir::new().unwrap();
        let data = data.unwrap_or(folder.path());
        Self { url: format!("sqlite:{}", data.join("xinfang.db").display()), key_file: data.join("xinfang.key"), pg: None, folder }
    }

    fn on_server(server: String) -> Self {
        static SERIAL: AtomicU32 = AtomicU32::new(1);
        let name = format!("xinfang_drill_{}_{}", std::process::id(), SERIAL.fetch_add(1, Ordering::Relaxed));
        run_on(&server, &format!("CREATE DATABASE {name} TEMPLATE template0"));
        let folder = TempDir::new().unwrap();
        let (address, query) = server.split_once('?').map_or((server.as_str(), String::new()), |(a, q)| (a, format!("?{q}")));
        let (scheme, rest) = address.split_once("://").unwrap();
        let url = format!("{scheme}://{}/{name}{query}", rest.split('/').next().unwrap());
        Self { url, key_file: folder.path().join("xinfang.key"), pg: Some((server, name)), folder }
    }

    pub fn is_pg(&self) -> bool {
        self.pg.is_some()
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        PathBuf::from(self.url.strip_prefix("sqlite:").unwrap())
    }

    /// A folder that is never full.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A connection of one's own.
    pub fn connect(&self) -> Conn {
        connect(&self.url.parse::<DatabaseUrl>().unwrap(), false).unwrap()
    }

    /// Statements by the server's owner.
    pub fn as_owner(&self, sql: &str) {
        let (server, _) = self.pg.as_ref().unwrap();
        run_on(server, sql);
    }

    /// How many sessions are in the database, by a condition on `pg_stat_activity`; seen from outside.
    pub fn sessions(&self, condition: &str) -> i64 {
        use diesel::prelude::*;
        let (server, name) = self.pg.as_ref().unwrap();
        let mut c = connect(&server.parse::<DatabaseUrl>().unwrap(), false).unwrap();
        let n = diesel::dsl::sql::<diesel::sql_types::BigInt>(&format!(
            "(SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}' AND {condition})"
        ));
        diesel::select(n).get_result(&mut c).unwrap()
    }

    /// The name of the database on its server.
    pub fn name(&self) -> &str {
        &self.pg.as_ref().unwrap().1
    }

    /// The program with this place's database and key.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xinfang"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("XINFANG_")) {
            command.env_remove(name);
        }
        command.args(arguments).env("XINFANG_DATABASE_URL", &self.url).env("XINFANG_KEY_FILE", &self.key_file).env("XINFANG_LOG", "warn");
        command
    }

    /// Runs a command to its end, its standard input being `said`.
    pub fn run(&self, arguments: &[&str], said: &str) -> Output {
        let mut child = self.command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // a program that fails at once has closed it
        let _ = child.stdin.take().unwrap().write_all(said.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// Enters somebody by `xinfang account add`.
    pub fn enter(&self, username: &str) -> Output {
        let add = ["account", "add", "--username", username, "--name", "王秀英", "--unit", "office", "--unit-name", "县老干部局"];
        self.run(&[&add[..], &["--role", "receptionist", "--role", "administrator", "--password-stdin"]].concat(), &format!("{PASSWORD}\n"))
    }

    /// An office with one registrar, `desk`.
    pub fn open_office(&self) -> Server {
        let entered = self.enter("desk");
        assert!(entered.status.success(), "{}", String::from_utf8_lossy(&entered.stderr));
        self.serve()
    }

    /// The server, answering.
    pub fn serve(&self) -> Server {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.folder().join("log")).unwrap();
        let mut child = self
            .command(&["serve", "--bind", "127.0.0.1:0", "--rate-per-second", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Some(address) = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()) else {
            let _ = child.kill();
            panic!("the server did not start: {}", std::fs::read_to_string(self.folder().join("log")).unwrap());
        };
        Server { child, base: format!("http://{address}/api/v1") }
    }
}

impl Place {
    /// Starts the server and kills it after a moment, perhaps before it answers.
    pub fn start_and_kill(&self, after: Duration) {
        let mut child = self.command(&["serve", "--bind", "127.0.0.1:0"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

/// Rounds of a drill: `XINFANG_DRILL_ROUNDS`, else a few.
pub fn rounds() -> u32 {
    std::env::var("XINFANG_DRILL_ROUNDS").map_or(4, |rounds| rounds.parse().unwrap())
}

/// Moments nobody chose. `XINFANG_DRILL_SEED` brings back those of an earlier drill.
pub struct Moments(Ids);

impl Moments {
    pub fn drawn() -> Self {
        let seed =
            std::env::var("XINFANG_DRILL_SEED").map_or_else(|_| u64::from_be_bytes(Ids::Random.bytes()), |seed| seed.parse().unwrap());
        println!("XINFANG_DRILL_SEED={seed}");
        Self(Ids::seeded(seed))
    }

    /// The next one.
    pub fn within(&self, most: Duration) -> Duration {
        most.mul_f64(f64::from(u32::from_be_bytes(self.0.bytes())) / f64::from(u32::MAX))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.pg {
            run_on(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// A running server; killed when dropped.
pub struct Server {
    child: Child,
    /// Where the API is.
    pub base: String,
}

impl Server {
    /// Power cut.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, as a service manager does.
    pub fn terminate(&self) {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
    }

    /// Waits for its end.
    pub async fn ended(mut self) -> ExitStatus {
        let patience = Instant::now() + Duration::from_secs(30);
        while Instant::now() < patience {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the server does not stop");
    }

    /// A token of somebody entered before.
    pub async fn sign_in(&self, username: &str) -> String {
        self.sign_in_with(username, PASSWORD).await
    }

    /// A token of somebody whose password is known.
    pub async fn sign_in_with(&self, username: &str, password: &str) -> String {
        let form = [("grant_type", "password"), ("username", username), ("password", password)];
        let answer = client().post(format!("{}/auth/token", self.base)).form(&form).send().await.unwrap();
        let (status, body) = (answer.status().as_u16(), answer.json::<Value>().await.unwrap());
        assert_eq!(status, 200, "{body}");
        body["access_token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client that keeps its connections.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap()
}

fn server_url() -> Option<String> {
    std::env::var("XINFANG_TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

fn run_on(server: &str, sql: &str) {
    use diesel::connection::SimpleConnection;
    let mut c = connect(&server.parse::<DatabaseUrl>().unwrap(), false).unwrap();
    c.batch_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
}
