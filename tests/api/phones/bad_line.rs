//! A line as it is in the hills: it takes connections and cuts them at drawn points, or sends what it carries twice.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It goes through.
    Through,
    /// The line is dead before anything is through.
    Dead,
    /// It breaks off on the way there.
    CutGoing,
    /// It was done, and nobody hears.
    AnswerLost,
    /// It was done, and half of the answer comes back.
    CutComing,
    /// It arrives twice, one after the other; the second answer comes back.
    Twice,
    /// It arrives twice at once; one answer comes back.
    TwiceAtOnce,
}

const FATES: [Fate; 9] = [
    Fate::Through,
    Fate::Through,
    Fate::Through,
    Fate::Dead,
    Fate::CutGoing,
    Fate::AnswerLost,
    Fate::CutComing,
    Fate::Twice,
    Fate::TwiceAtOnce,
];

/// A proxy before the server, a request a connection.
pub struct BadLine {
    /// Where the phone calls.
    pub address: SocketAddr,
    drawn: Arc<Mutex<BTreeMap<Fate, u32>>>,
    defects: Arc<Mutex<Vec<String>>>,
}

impl BadLine {
    /// Before a server, with its luck by a seed.
    pub async fn before(server: SocketAddr, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let drawn = Arc::new(Mutex::new(BTreeMap::new()));
        let defects = Arc::new(Mutex::new(Vec::new()));
        let (mut luck, told, wrong) = (StdRng::seed_from_u64(seed), Arc::clone(&drawn), Arc::clone(&defects));
        tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                let fate = FATES[luck.random_range(0..FATES.len())];
                *told.lock().unwrap().entry(fate).or_insert(0) += 1;
                let share = luck.random_range(0.0..1.0);
                let upstream = Upstream { server, defects: Arc::clone(&wrong) };
                tokio::spawn(async move { upstream.carry(phone, fate, share).await });
            }
        });
        Self { address, drawn, defects }
    }

    /// How often it did what.
    pub fn drawn(&self) -> BTreeMap<Fate, u32> {
        self.drawn.lock().unwrap().clone()
    }

    /// What the server itself got wrong, whether or not the phone heard of it.
    pub fn defects(&self) -> Vec<String> {
        self.defects.lock().unwrap().clone()
    }
}

/// The way from the proxy to the server.
struct Upstream {
    server: SocketAddr,
    defects: Arc<Mutex<Vec<String>>>,
}

impl Upstream {
    /// Carries one request; whatever fails on the way is only a worse line.
    async fn carry(&self, mut phone: TcpStream, fate: Fate, share: f64) -> std::io::Result<()> {
        if fate == Fate::Dead {
            return Ok(());
        }
        let request = read_request(&mut phone).await?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)] // a place somewhere within
        let part = |whole: &[u8]| ((whole.len() as f64 * share) as usize).max(1);
        let answer = match fate {
            Fate::Dead => return Ok(()),
            Fate::CutGoing => {
                let mut upstream = TcpStream::connect(self.server).await?;
                upstream.write_all(&request[..part(&request).min(request.len() - 1)]).await?;
                tokio::time::sleep(Duration::from_millis(5)).await;
                return Ok(());
            }
            Fate::Through | Fate::AnswerLost | Fate::CutComing => self.exchange(&request).await?,
            Fate::Twice => {
                self.exchange(&request).await?;
                self.exchange(&request).await?
            }
            Fate::TwiceAtOnce => tokio::try_join!(self.exchange(&request), self.exchange(&request))?.0,
        };
        match fate {
            Fate::AnswerLost => Ok(()),
            Fate::CutComing => phone.write_all(&answer[..part(&answer).min(answer.len() - 1)]).await,
            _ => phone.write_all(&answer).await,
        }
    }

    /// Sends a request and reads until the server closes.
    async fn exchange(&self, request: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut upstream = TcpStream::connect(self.server).await?;
        upstream.write_all(request).await?;
        let mut answer = Vec::new();
        upstream.read_to_end(&mut answer).await?;
        if answer.starts_with(b"HTTP/1.1 5") && !answer.starts_with(b"HTTP/1.1 503") {
            self.defects.lock().unwrap().push(String::from_utf8_lossy(request).lines().next().unwrap_or_default().to_owned());
        }
        Ok(answer)
    }
}

/// A whole request: head, and as much body as it states.
async fn read_request(phone: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let (mut read, mut buffer) = (Vec::new(), [0_u8; 16 * 1024]);
    loop {
        let end = read.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&read[..end]).to_lowercase();
            let stated = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let body: usize = stated.map_or(0, |length| length.trim().parse().unwrap());
            if read.len() >= end + 4 + body {
                return Ok(read);
            }
        }
        match phone.read(&mut buffer).await? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            n => read.extend_from_slice(&buffer[..n]),
        }
    }
}
