//! Keep-alive HTTP/1.1 by hand: the client shares the processors with the server, so it must be cheap.

use std::fmt;
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long one call may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// One call to make.
#[derive(Debug, Clone, Copy, Default)]
pub struct Call<'a> {
    /// `GET`, `POST`, `PUT`.
    pub method: &'a str,
    /// Path with its query.
    pub path: &'a str,
    /// The access token.
    pub token: Option<&'a str>,
    /// Further headers.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body with its media type.
    pub body: Option<(&'a str, &'a str)>,
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    /// Another status than expected.
    Status(u16),
    /// The expected status, but not the expected body or header.
    Unexpected(&'static str),
    /// No connection, or one that broke.
    Broken,
    /// No answer in time.
    Slow,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            Self::Unexpected(what) => f.write_str(what),
            Self::Broken => f.write_str("connection broken"),
            Self::Slow => f.write_str("no answer in time"),
        }
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Reply<'a> {
    /// The status.
    pub status: u16,
    head: &'a str,
    /// The body.
    pub body: &'a [u8],
}

impl<'a> Reply<'a> {
    /// A header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        header(self.head, name)
    }

    /// Itself when it has this status and its body begins so.
    pub fn held_to(self, status: u16, beginning: &str) -> Result<Self, Failure> {
        if self.status != status {
            return Err(Failure::Status(self.status));
        }
        if !self.body.starts_with(beginning.as_bytes()) {
            return Err(Failure::Unexpected("another body than expected"));
        }
        Ok(self)
    }

    /// A text member of the body's JSON, by its first appearance.
    pub fn text(&self, member: &str) -> Result<&'a str, Failure> {
        let missing = Failure::Unexpected("a member is missing");
        let body = std::str::from_utf8(self.body).map_err(|_| missing.clone())?;
        let value = body.split_once(&format!("\"{member}\":\"")).ok_or(missing.clone())?.1;
        value.split_once('"').map(|(value, _)| value).ok_or(missing)
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().filter_map(|line| line.split_once(':')).find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// One connection, opened when first used and again after it broke.
pub struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
    out: Vec<u8>,
    into: Vec<u8>,
}

impl Connection {
    /// A connection not opened yet.
    pub fn to(address: SocketAddr) -> Self {
        Self { address, stream: None, out: Vec::with_capacity(2048), into: Vec::with_capacity(4096) }
    }

    /// Connects, unless it is.
    ///
    /// # Errors
    /// Broken.
    pub async fn open(&mut self) -> Result<(), Failure> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.address).await.map_err(|_| Failure::Broken)?;
            stream.set_nodelay(true).map_err(|_| Failure::Broken)?;
            self.stream = Some(stream);
        }
        Ok(())
    }

    /// Sends a call and reads its answer to the end.
    ///
    /// # Errors
    /// Broken, slow, or not HTTP as this product speaks it; the next call connects anew.
    pub async fn send(&mut self, call: Call<'_>) -> Result<Reply<'_>, Failure> {
        let exchanged = tokio::time::timeout(PATIENCE, self.exchange(call)).await.unwrap_or(Err(Failure::Slow));
        let Ok((head, end)) = exchanged else {
            self.stream = None;
            return Err(exchanged.err().unwrap_or(Failure::Broken));
        };
        let text = std::str::from_utf8(&self.into[..head]).map_err(|_| Failure::Broken)?;
        if header(text, "connection").is_some_and(|value| value.eq_ignore_ascii_case("close")) {
            self.stream = None;
        }
        let status = text.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or(Failure::Broken)?;
        Ok(Reply { status, head: text, body: &self.into[head..end] })
    }

    /// Where the head of the answer ends and where its body does.
    async fn exchange(&mut self, call: Call<'_>) -> Result<(usize, usize), Failure> {
        self.open().await?;
        self.write(call).map_err(|_| Failure::Broken)?;
        let stream = self.stream.as_mut().ok_or(Failure::Broken)?;
        stream.write_all(&self.out).await.map_err(|_| Failure::Broken)?;
        self.into.clear();
        let mut more = async |into: &mut Vec<u8>| match stream.read_buf(into).await {
            Ok(n) if n > 0 => Ok(()),
            _ => Err(Failure::Broken),
        };
        let mut searched: usize = 0;
        let head = loop {
            more(&mut self.into).await?;
            let from = searched.saturating_sub(3);
            if let Some(at) = self.into[from..].windows(4).position(|w| w == b"\r\n\r\n") {
                break from + at + 4;
            }
            searched = self.into.len();
        };
        let text = std::str::from_utf8(&self.into[..head]).map_err(|_| Failure::Broken)?;
        let length: usize =
            header(text, "content-length").and_then(|l| l.parse().ok()).ok_or(Failure::Unexpected("an answer without a length"))?;
        while self.into.len() < head + length {
            more(&mut self.into).await?;
        }
        Ok((head, head + length))
    }

    fn write(&mut self, call: Call<'_>) -> std::io::Result<()> {
        let out = &mut self.out;
        out.clear();
        write!(out, "{} {} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: xinfang-bench\r\n", call.method, call.path)?;
        if let Some(token) = call.token {
            write!(out, "Authorization: Bearer {token}\r\n")?;
        }
        for (name, value) in call.headers {
            write!(out, "{name}: {value}\r\n")?;
        }
        match call.body {
            Some((media_type, body)) => write!(out, "Content-Type: {media_type}\r\nContent-Length: {}\r\n\r\n{body}", body.len()),
            None => write!(out, "\r\n"),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_held_to_what_was_expected() {
        let reply = |status, body| Reply { status, head: "HTTP/1.1 201 Created\r\nETag: \"1-a\"\r\ncontent-length: 9\r\n\r\n", body };
        assert_eq!(reply(201, b"{\"id\":\"7\"}").header("etag"), Some("\"1-a\""));
        assert_eq!(reply(201, b"{\"id\":\"7\"}").text("id"), Ok("7"));
        assert!(reply(201, b"{\"id\":\"7\"}").held_to(201, "{\"id\"").is_ok());
        assert_eq!(reply(503, b"{}").held_to(201, "").unwrap_err(), Failure::Status(503));
        assert!(matches!(reply(201, b"[]").held_to(201, "{"), Err(Failure::Unexpected(_))));
        assert!(matches!(reply(201, b"{}").text("id"), Err(Failure::Unexpected(_))));
    }
}
