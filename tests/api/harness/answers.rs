//! What came back, with assertions that show the whole of it when they fail.

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;
use std::fmt;

/// An answer, already held to the document.
#[derive(Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body where it is JSON, else null.
    pub body: Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
    /// What was asked.
    pub method: Method,
    /// The path from the root, with the query.
    pub path: String,
    who: String,
}

impl Answer {
    /// What came back from somewhere else than a persona; hold it to the document.
    pub fn new(who: &str, method: Method, path: String, status: u16, headers: HeaderMap, bytes: Vec<u8>) -> Self {
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Self { status, headers, body, bytes, method, path, who: who.to_owned() }
    }

    /// The status must be this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "expected {status} of\n{self}");
        self
    }

    /// It must have succeeded, whichever way; tests of the act itself say which.
    #[track_caller]
    pub fn done(self) -> Self {
        assert!((200..300).contains(&self.status), "expected a success of\n{self}");
        self
    }

    /// The problem's code must be this one, and the document a proper one.
    #[track_caller]
    pub fn problem(self, code: &str) -> Self {
        assert_eq!(self.body["code"], code, "expected the problem `{code}` of\n{self}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self}");
        assert_eq!(self.body["status"], self.status, "{self}");
        self
    }

    /// Among the faults there must be this one.
    #[track_caller]
    pub fn fault(self, pointer: &str, code: &str) -> Self {
        let found = self.faults().any(|fault| fault == (pointer, code));
        assert!(found, "expected the fault `{code}` at `{pointer}` of\n{self}");
        self
    }

    /// These and no other faults, in any order.
    #[track_caller]
    pub fn only_faults(self, faults: &[(&str, &str)]) -> Self {
        let (mut found, mut expected): (Vec<_>, Vec<_>) = (self.faults().collect(), faults.to_vec());
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{self}");
        self
    }

    fn faults(&self) -> impl Iterator<Item = (&str, &str)> {
        let errors = self.body["errors"].as_array().map_or(&[][..], Vec::as_slice);
        errors.iter().map(|e| (e["pointer"].as_str().unwrap_or_default(), e["code"].as_str().unwrap_or_default()))
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// The body's `id`.
    #[track_caller]
    pub fn id(&self) -> String {
        self.text("/id")
    }

    /// The entity-tag of the header.
    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("expected an ETag of\n{self}")).to_owned()
    }

    /// A list's items.
    #[track_caller]
    pub fn items(&self) -> &[Value] {
        self.body["items"].as_array().unwrap_or_else(|| panic!("expected items of\n{self}"))
    }

    /// A text of the body by JSON pointer.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> String {
        let text = self.body.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("expected a text at `{pointer}` of\n{self}")).to_owned()
    }

    /// The petition's stage.
    #[track_caller]
    pub fn stage(&self) -> String {
        self.text("/stage")
    }

    /// Whether this act is among the allowed ones.
    pub fn allows(&self, act: &str) -> bool {
        self.body["allowed_actions"].as_array().is_some_and(|acts| acts.iter().any(|a| a == act))
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {} as {} → {}", self.method, self.path, self.who, self.status)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {}", value.to_str().unwrap_or("(not text)"))?;
        }
        match &self.body {
            Value::Null => write!(f, "\n{}", String::from_utf8_lossy(&self.bytes[..self.bytes.len().min(2000)])),
            body => write!(f, "\n{body:#}"),
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
