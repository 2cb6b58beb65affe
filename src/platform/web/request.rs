//! What the headers say about a request, read once by the outermost middleware.

use super::codes;
use super::etag::{IfMatch, IfNoneMatch};
use super::negotiation::{Lang, acceptable};
use super::problem::Problem;
use actix_web::dev::RequestHead;
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, HeaderMap, IF_MATCH, IF_NONE_MATCH, USER_AGENT};
use actix_web::{HttpMessage, HttpRequest};
use std::net::{IpAddr, Ipv4Addr};
use uuid::Uuid;

/// A request's identity and the wishes in its headers.
#[derive(Debug, Clone)]
pub struct RequestMeta {
    /// Names the request in problems, events and the log: the client's `X-Request-Id` when it is a UUID, else a fresh one.
    pub request_id: Uuid,
    /// What `X-Request-Id` answers: the client's own text (a UUID or 1–64 of `[A-Za-z0-9._-]`), else `request_id`. The log carries both.
    pub request_id_echo: String,
    /// The client's `traceparent` when valid (W3C Trace Context, 3.2); echoed.
    pub traceparent: Option<String>,
    /// The language of the answer.
    pub lang: Lang,
    /// The peer's address; `0.0.0.0` where there is none.
    pub address: IpAddr,
    /// `Idempotency-Key` as sent; ask `RequestMeta::idempotency_key()` for a checked one.
    pub idempotency_key: Option<String>,
    /// `If-Match`.
    pub if_match: IfMatch,
    /// `If-None-Match`.
    pub if_none_match: IfNoneMatch,
    /// `User-Agent`, at most 200 visible characters of it.
    pub user_agent: Option<String>,
    /// `Accept`; empty accepts all.
    pub accept: String,
    /// Whether the method only reads (GET, HEAD).
    pub reads: bool,
    /// Whether an `Authorization` header was sent.
    pub token_sent: bool,
    /// Whether the client prefers lists with their exact count (`Prefer: count=exact`, RFC 7240).
    pub prefers_count: bool,
}

impl RequestMeta {
    /// What the middleware read, or the same read now where it is not installed.
    pub fn of(req: &HttpRequest) -> Self {
        if let Some(meta) = req.extensions().get::<Self>() {
            return meta.clone();
        }
        Self::read(req.head())
    }

    /// Reads the headers. A header that can't be read is as if it had not been sent, but for `If-Match` and `Idempotency-Key`.
    pub fn read(head: &RequestHead) -> Self {
        let headers = head.headers();
        let sent_id = headers.get("x-request-id").and_then(|v| v.to_str().ok()).filter(|id| is_request_id(id));
        let request_id = sent_id.and_then(|id| Uuid::try_parse(id).ok()).unwrap_or_else(fresh_id);
        Self {
            request_id,
            request_id_echo: sent_id.map_or_else(|| request_id.to_string(), str::to_owned),
            traceparent: headers.get("traceparent").and_then(|v| v.to_str().ok()).filter(|t| is_traceparent(t)).map(str::to_owned),
            lang: Lang::negotiate(&list(headers, ACCEPT_LANGUAGE).unwrap_or_default()),
            address: head.peer_addr.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |a| a.ip()),
            idempotency_key: list(headers, "idempotency-key"),
            if_match: IfMatch::parse(list(headers, IF_MATCH).as_deref()),
            if_none_match: IfNoneMatch::parse(list(headers, IF_NONE_MATCH).as_deref()),
            user_agent: headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).map(|text| text.chars().take(200).collect()),
            accept: list(headers, ACCEPT).unwrap_or_default(),
            reads: head.method == Method::GET || head.method == Method::HEAD,
            token_sent: headers.contains_key(AUTHORIZATION),
            prefers_count: list(headers, "prefer").is_some_and(|p| p.split(',').any(|p| p.trim() == "count=exact")),
        }
    }

    /// The `Idempotency-Key`: 1–255 visible ASCII characters, else a 400.
    pub fn idempotency_key(&self) -> Result<Option<&str>, Problem> {
        match self.idempotency_key.as_deref() {
            Some(key) if !(1..=255).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic()) => {
                Err(Problem::bad_request(codes::IDEMPOTENCY_KEY_INVALID))
            }
            key => Ok(key),
        }
    }

    /// A 406 unless the client takes one of the media types offered.
    pub fn accepts(&self, offered: &[&str]) -> Result<(), Problem> {
        if acceptable(&self.accept, offered) { Ok(()) } else { Err(Problem::not_acceptable()) }
    }
}

/// All values of a header as one list (RFC 9110, 5.3); bytes that are no text become U+FFFD and so match nothing.
fn list(headers: &HeaderMap, name: impl actix_web::http::header::AsHeaderName) -> Option<String> {
    let values: Vec<_> = headers.get_all(name).map(|v| String::from_utf8_lossy(v.as_bytes())).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn fresh_id() -> Uuid {
    uuid::Builder::from_random_bytes(rand::random()).into_uuid()
}

fn is_request_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// `version-traceid-parentid-flags`, lower-case hex; ids not all zero; a later version may add fields.
fn is_traceparent(text: &str) -> bool {
    let mut fields = text.split('-');
    let mut field = |len: usize| {
        let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        fields.next().filter(|f| f.len() == len && f.bytes().all(hex))
    };
    let (Some(version), Some(trace), Some(parent), Some(_flags)) = (field(2), field(32), field(16), field(2)) else {
        return false;
    };
    let zero = |id: &str| id.bytes().all(|b| b == b'0');
    version != "ff" && !zero(trace) && !zero(parent) && text.len() <= 256 && (version != "00" || fields.next().is_none())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn traceparents() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        for (text, ok) in [
            (good.to_owned(), true),
            (format!("{good}-extra"), false),
            (format!("cc{}-extra", &good[2..]), true),
            (format!("ff{}", &good[2..]), false),
            (good.to_uppercase(), false),
            (good.replace("00f067aa0ba902b7", "0000000000000000"), false),
            (good.replace("4bf92f3577b34da6a3ce929d0e0e4736", "00000000000000000000000000000000"), false),
            ("00-abc".into(), false),
            (String::new(), false),
        ] {
            assert_eq!(is_traceparent(&text), ok, "{text}");
        }
    }

    #[test]
    fn request_ids() {
        let id = "0198c0de-0000-7000-8000-000000000001";
        for (sent, echo, same) in
            [(id, Some(id), true), ("phone-7.retry_2", Some("phone-7.retry_2"), false), ("a b", None, false), ("", None, false)]
        {
            let meta = RequestMeta::of(&TestRequest::get().insert_header(("x-request-id", sent)).to_http_request());
            assert_eq!(meta.request_id.to_string() == sent, same, "{sent}");
            assert_eq!(meta.request_id_echo, echo.map_or(meta.request_id.to_string(), str::to_owned), "{sent}");
        }
    }

    #[test]
    fn idempotency_keys() {
        for (sent, ok) in
            [("a", true), ("\"quoted\"", true), ("", false), ("with space", false), (&"x".repeat(255), true), (&"x".repeat(256), false)]
        {
            let meta = RequestMeta::of(&TestRequest::post().insert_header(("idempotency-key", sent)).to_http_request());
            assert_eq!(meta.idempotency_key().is_ok(), ok, "{sent}");
        }
        assert!(RequestMeta::of(&TestRequest::post().to_http_request()).idempotency_key().unwrap().is_none());
    }
}
