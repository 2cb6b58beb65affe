use diesel::Connection;
use diesel::connection::SimpleConnection;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PASSWORD: &str = "correct horse battery";
/// Clock ticks a second in `/proc/*/stat`, on every Linux there is.
const TICKS: f64 = 100.0;

/// A fresh database with one registrar.
pub struct Office {
    pub url: String,
    folder: TempDir,
    pg: Option<(String, String)>,
}

impl Office {
    pub fn on_sqlite() -> Self {
        let folder = folder();
        let url = format!("sqlite:{}", folder.path().join("xinfang.db").display());
        Self { url, folder, pg: None }.opened()
    }

    pub fn on_postgres(server: &str) -> Self {
        let name = format!("xinfang_bench_{}", std::process::id());
        on_server(server, &format!("CREATE DATABASE {name} TEMPLATE template0"));
        let (address, query) = server.split_once('?').map_or((server, String::new()), |(a, q)| (a, format!("?{q}")));
        let (scheme, rest) = address.split_once("://").unwrap();
        let url = format!("{scheme}://{}/{name}{query}", rest.split('/').next().unwrap());
        Self { url, folder: folder(), pg: Some((server.to_owned(), name)) }.opened()
    }

    fn opened(self) -> Self {
        let mut command = self.command();
        command.args(["account", "add", "--username", "desk", "--name", "王秀英", "--unit", "office", "--unit-name", "县老干部局"]);
        let mut child =
            command.args(["--role", "receptionist", "--password-stdin"]).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(format!("{PASSWORD}\n").as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
        self
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("xinfang.db")
    }

    /// The SQLite file before anything was registered.
    pub fn copy(&self) -> PathBuf {
        let copy = self.folder.path().join("raw.db");
        std::fs::copy(self.file(), &copy).unwrap();
        copy
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xinfang"));
        command.env("XINFANG_DATABASE_URL", &self.url).env("XINFANG_KEY_FILE", self.folder.path().join("xinfang.key"));
        command
    }

    /// The server as an office runs it (its log goes to a file), but for the limit per caller.
    pub fn serve(&self) -> Running {
        let log = File::create(self.folder.path().join("log")).unwrap();
        let mut command = self.command();
        command.args(["serve", "--bind", "127.0.0.1:0", "--rate-per-second", "0"]).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("the server starts");
        Running { address: address.parse().unwrap(), child }
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.pg {
            on_server(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// The server at work.
pub struct Running {
    pub address: SocketAddr,
    child: Child,
}

impl Running {
    pub fn sign_in(&self) -> String {
        let form = format!("grant_type=password&username=desk&password={}", PASSWORD.replace(' ', "+"));
        let answer = self.ask(&format!(
            "POST /api/v1/auth/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        ));
        let token = answer.split("\"access_token\":\"").nth(1).unwrap_or_else(|| panic!("{answer}"));
        token.split('"').next().unwrap().to_owned()
    }

    /// Commits so far and what was in them.
    pub fn groups(&self) -> Groups {
        let metrics = self.ask("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let figure = |name: &str| metrics.lines().find_map(|l| l.strip_prefix(name)?.trim().parse().ok()).unwrap_or(0.0);
        Groups { jobs: figure("db_group_size_sum "), commits: figure("db_group_size_count ") }
    }

    /// Processor time so far.
    pub fn cpu(&self) -> Duration {
        cpu_of(&format!("/proc/{}/stat", self.child.id()))
    }

    pub fn stop(mut self) {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }

    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the writer counts.
pub struct Groups {
    jobs: f64,
    commits: f64,
}

impl Groups {
    pub fn mean_since(&self, before: &Self) -> f64 {
        (self.jobs - before.jobs) / (self.commits - before.commits).max(1.0)
    }
}

/// Processor time of a process, by its `stat`.
pub fn cpu_of(stat: &str) -> Duration {
    let text = std::fs::read_to_string(stat).unwrap_or_default();
    let figures: Vec<&str> = text.rsplit_once(") ").map_or(Vec::new(), |(_, rest)| rest.split(' ').collect());
    let ticks = |i: usize| figures.get(i).and_then(|t| t.parse::<f64>().ok()).unwrap_or(0.0);
    Duration::from_secs_f64((ticks(11) + ticks(12)) / TICKS)
}

/// Flushes a second that the disk under the databases does.
pub fn flushes() -> f64 {
    let folder = folder();
    let mut file = File::create(folder.path().join("flush")).unwrap();
    let (began, mut n) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(1) {
        file.write_all(&[7; 8192]).unwrap();
        file.sync_data().unwrap();
        n += 1;
    }
    f64::from(n) / began.elapsed().as_secs_f64()
}

/// On the disk the program was built on, not in memory.
fn folder() -> TempDir {
    TempDir::new_in(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap()
}

fn on_server(url: &str, sql: &str) {
    diesel::PgConnection::establish(url).unwrap().batch_execute(sql).unwrap();
}
