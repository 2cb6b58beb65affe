use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A claim as the desk takes it down.
const PETITION: &str = r#"{"channel":"visit","intake_place":"desk","kind":"claim","category":"medical.remote","title":"异地就医住院费未报销","statement":"本人去年十月在省城女儿家突发心梗住院，共花费4.6万元，回来后多次送材料，至今没有报销。请尽快核实。","purpose":"请尽快核实并报销异地住院费用","parties":[{"role":"petitioner","name":"张建国","sex":"male","birth_date":"1943-05-12","phone":"13800000001","address":"城东区和平路12号3栋201室"}]}"#;

/// What the clients saw.
pub struct Seen {
    seconds: Vec<f64>,
    /// Answers other than 201.
    pub failed: usize,
    over: Duration,
}

impl Seen {
    pub fn done(&self) -> usize {
        self.seconds.len()
    }

    pub fn rate(&self) -> f64 {
        self.seconds.len() as f64 / self.over.as_secs_f64()
    }

    /// Seconds, of an answer 201.
    pub fn percentile(&self, percent: usize) -> f64 {
        self.seconds.get((self.seconds.len() * percent / 100).min(self.seconds.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
    }
}

/// So many connections, each registering one petition after the other, each with a key of its own.
pub fn register(address: SocketAddr, token: &str, connections: usize, over: Duration) -> Seen {
    static KEY: AtomicU64 = AtomicU64::new(0);
    let token: Arc<str> = token.into();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (mut seconds, failed, over) = runtime.block_on(async {
        let began = Instant::now();
        let tasks: Vec<_> = (0..connections)
            .map(|_| {
                let token = Arc::clone(&token);
                tokio::spawn(async move {
                    let mut connection = Connection::open(address).await;
                    let (mut seconds, mut failed) = (Vec::with_capacity(4096), 0);
                    while began.elapsed() < over {
                        let key = KEY.fetch_add(1, Ordering::Relaxed);
                        let sent = Instant::now();
                        match connection.post("/api/v1/petitions", &token, key, PETITION).await {
                            201 => seconds.push(sent.elapsed().as_secs_f64()),
                            _ => failed += 1,
                        }
                    }
                    (seconds, failed)
                })
            })
            .collect();
        let (mut all, mut failed) = (Vec::new(), 0);
        for task in tasks {
            let (seconds, not) = task.await.unwrap();
            all.extend(seconds);
            failed += not;
        }
        (all, failed, began.elapsed())
    });
    seconds.sort_by(f64::total_cmp);
    Seen { seconds, failed, over }
}

struct Connection {
    stream: TcpStream,
    out: Vec<u8>,
    into: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, out: Vec::with_capacity(4096), into: Vec::with_capacity(16 * 1024) }
    }

    /// Sends one request and reads its answer to the end; gives its status.
    async fn post(&mut self, path: &str, token: &str, key: u64, body: &str) -> u16 {
        use std::io::Write;
        self.out.clear();
        write!(
            self.out,
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: bench-{key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        self.stream.write_all(&self.out).await.unwrap();
        self.into.clear();
        let head = loop {
            assert!(self.stream.read_buf(&mut self.into).await.unwrap() > 0, "the server hung up");
            if let Some(end) = self.into.windows(4).position(|w| w == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = std::str::from_utf8(&self.into[..head]).unwrap();
        let status = text.split(' ').nth(1).unwrap().parse().unwrap();
        let length: usize = text.lines().find_map(|l| l.strip_prefix("content-length: ")).unwrap().parse().unwrap();
        while self.into.len() < head + length {
            assert!(self.stream.read_buf(&mut self.into).await.unwrap() > 0, "the server hung up");
        }
        status
    }
}
