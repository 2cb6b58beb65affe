//! Errors as the client sees them: `application/problem+json` (RFC 9457). The one place that knows which error is which status.

use super::codes;
use super::negotiation::Lang;
pub use super::problem_page::{CodeTables, problem_page, problem_pages};
use super::request::RequestMeta;
use crate::platform::db::types::Id;
use crate::platform::error::{Alike, Code, Error, Fault, Refusal};
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use utoipa::ToSchema;

/// Bytes of a mebibyte.
const MIB: u64 = 1024 * 1024;

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// The error type of handlers. It is put into words by the outermost middleware, which knows the language and the request's id.
#[derive(Clone)]
pub struct Problem(Box<Inner>);

#[derive(Clone)]
struct Inner {
    status: StatusCode,
    code: Code,
    args: Vec<String>,
    faults: Vec<Fault>,
    allowed_actions: Option<Vec<&'static str>>,
    alike: Vec<Alike>,
    current: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// A problem as it is sent (RFC 9457, section 3).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProblemDocument {
    /// `/problems/{code}`, a page that explains it.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference", example = "/problems/invalid")]
    pub kind: String,
    /// The stable machine code.
    #[schema(example = "invalid")]
    pub code: String,
    /// A few words naming the class of fault, by Accept-Language.
    #[schema(example = "Invalid input")]
    pub title: String,
    /// The HTTP status.
    #[schema(example = 422, minimum = 400, maximum = 599)]
    pub status: u16,
    /// A sentence a person can act on, by Accept-Language.
    #[schema(example = "Some of the input is wrong; each place is listed in errors.")]
    pub detail: String,
    /// The request's id as `urn:uuid:`.
    #[schema(format = "uri", example = "urn:uuid:0198c0de-0000-7000-8000-000000000001")]
    pub instance: String,
    /// Every fault of the input at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemFault>,
    /// With 409: the acts this caller may do instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_actions: Option<Vec<String>>,
    /// With 409: what is there already and resembles what was sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alike: Vec<ProblemAlike>,
    /// With 412: the entity-tag that holds now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
}

/// One fault of the input.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProblemFault {
    /// JSON pointer (RFC 6901) into the body; `/name` for a query parameter.
    #[schema(example = "/title")]
    pub pointer: String,
    /// The stable machine code.
    #[schema(example = "required")]
    pub code: String,
    /// What is wrong, by Accept-Language.
    #[schema(example = "This is required.")]
    pub detail: String,
}

/// Something that is there already.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProblemAlike {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// What the two have in common.
    #[schema(example = json!(["name", "birth_date"]))]
    pub reasons: Vec<String>,
}

impl Problem {
    /// A problem of any status.
    pub fn new(status: StatusCode, code: Code) -> Self {
        Self(Box::new(Inner {
            status,
            code,
            args: Vec::new(),
            faults: Vec::new(),
            allowed_actions: None,
            alike: Vec::new(),
            current: None,
            headers: Vec::new(),
            cause: None,
        }))
    }

    /// 400: the request can't be read.
    pub fn bad_request(code: Code) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code)
    }

    /// 400: parameters that can't be read, all of them.
    pub fn unreadable(faults: Vec<Fault>) -> Self {
        Self::bad_request(codes::UNREADABLE_PARAMETER).faults(faults)
    }

    /// 405 with `Allow`: the path is known, not with this method.
    pub fn method_not_allowed<M: AsRef<str>>(allowed: Vec<M>) -> Self {
        let allowed = allowed.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
        let problem = Self::new(StatusCode::METHOD_NOT_ALLOWED, codes::METHOD_NOT_ALLOWED).arg(&allowed);
        problem.header(ALLOW, &allowed)
    }

    /// 406: none of the media types offered is wanted.
    pub fn not_acceptable() -> Self {
        Self::of_status(StatusCode::NOT_ACCEPTABLE)
    }

    /// 413: more than this many bytes.
    pub fn too_large(limit: u64) -> Self {
        let problem = Self::of_status(StatusCode::PAYLOAD_TOO_LARGE);
        match limit {
            mebibytes if mebibytes >= MIB && mebibytes.is_multiple_of(MIB) => problem.arg(format!("{} MiB", mebibytes / MIB)),
            kibibytes if kibibytes >= 1024 && kibibytes.is_multiple_of(1024) => problem.arg(format!("{} KiB", kibibytes / 1024)),
            bytes => problem.arg(format!("{bytes} B")),
        }
    }

    /// 415: a kind of body not taken here.
    pub fn unsupported_media_type() -> Self {
        Self::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
    }

    /// 429, with the time after which a call goes through again (in whole seconds, at least one).
    pub fn too_many_requests(wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0 || wait.is_zero());
        Self::new(StatusCode::TOO_MANY_REQUESTS, codes::TOO_MANY_REQUESTS)
            .arg(seconds)
            .header(RETRY_AFTER, &seconds.to_string())
            .header(HeaderName::from_static("ratelimit"), &format!("\"caller\";r=0;t={seconds}"))
    }

    /// 503: a part of the service is away.
    pub fn unavailable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, codes::UNAVAILABLE).header(RETRY_AFTER, "1")
    }

    /// 500 with a cause for the log alone.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let mut problem = Self::new(StatusCode::INTERNAL_SERVER_ERROR, codes::INTERNAL);
        problem.0.cause = Some(Arc::from(cause.into()));
        problem
    }

    /// The problem for a bare status, such as the framework answers by itself.
    pub fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::new(status, codes::UNAUTHENTICATED),
            403 => Self::new(status, codes::NOT_PERMITTED),
            404 => Self::new(status, codes::NOT_FOUND),
            406 => Self::new(status, codes::NOT_ACCEPTABLE),
            409 => Self::new(status, codes::CONFLICT),
            412 => Self::new(status, codes::STALE),
            413 => Self::new(status, codes::BODY_TOO_LARGE),
            415 => Self::new(status, codes::UNSUPPORTED_MEDIA_TYPE),
            422 => Self::new(status, codes::INVALID),
            428 => Self::new(status, codes::IF_MATCH_REQUIRED),
            503 => Self::unavailable(),
            500..=599 => Self::new(status, codes::INTERNAL),
            _ => Self::new(status, codes::BAD_REQUEST),
        }
    }

    /// Fills the next `{}` of the detail.
    #[must_use]
    pub fn arg(mut self, value: impl ToString) -> Self {
        self.0.args.push(value.to_string());
        self
    }

    /// Adds faults.
    #[must_use]
    pub fn faults(mut self, faults: Vec<Fault>) -> Self {
        self.0.faults.extend(faults);
        self
    }

    /// Adds a header; a value that can't stand in one is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers.push((name, value));
        }
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The machine code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The sentence for a person.
    pub fn detail(&self, lang: Lang) -> String {
        fill(lang.of(self.0.code.detail), &self.0.args)
    }

    /// The JSON of the problem in this request's language. The cause of an internal error goes to the log here.
    pub fn document(&self, meta: &RequestMeta) -> ProblemDocument {
        let Inner { status, code, faults, allowed_actions, alike, current, cause, .. } = &*self.0;
        if let Some(cause) = cause {
            tracing::error!(request_id = %meta.request_id, cause = %cause, "internal error");
        }
        ProblemDocument {
            kind: format!("/problems/{}", code.name),
            code: code.name.to_owned(),
            title: meta.lang.of(code.title).to_owned(),
            status: status.as_u16(),
            detail: self.detail(meta.lang),
            instance: meta.request_id.urn().to_string(),
            errors: faults.iter().map(|f| ProblemFault::new(f, meta.lang)).collect(),
            allowed_actions: allowed_actions.as_ref().map(|acts| acts.iter().map(ToString::to_string).collect()),
            alike: alike.iter().map(ProblemAlike::from).collect(),
            current: current.clone(),
        }
    }

    /// The whole answer: document and headers.
    pub fn render(&self, meta: &RequestMeta) -> HttpResponse {
        self.respond(meta, MEDIA_TYPE, serde_json::to_vec(&self.document(meta)).unwrap_or_default())
    }

    /// The headers around a body that says it.
    pub(super) fn respond(&self, meta: &RequestMeta, media_type: &str, body: Vec<u8>) -> HttpResponse {
        let mut response = HttpResponse::build(self.0.status);
        response.insert_header((CONTENT_TYPE, media_type));
        response.insert_header((CONTENT_LANGUAGE, meta.lang.tag()));
        response.insert_header((VARY, "Accept-Language"));
        if self.0.status == StatusCode::UNAUTHORIZED {
            // RFC 6750, section 3: no error code for a request without any token.
            let challenge = if meta.token_sent { "Bearer realm=\"api\", error=\"invalid_token\"" } else { "Bearer realm=\"api\"" };
            response.insert_header((WWW_AUTHENTICATE, challenge));
        }
        for (name, value) in &self.0.headers {
            response.insert_header((name.clone(), value.clone()));
        }
        response.body(body)
    }
}

impl ProblemFault {
    /// A fault in words.
    pub fn new(fault: &Fault, lang: Lang) -> Self {
        Self { pointer: fault.pointer.clone(), code: fault.code.name.to_owned(), detail: fill(lang.of(fault.code.detail), &fault.args) }
    }
}

impl From<&Alike> for ProblemAlike {
    fn from(alike: &Alike) -> Self {
        Self { id: alike.id, name: alike.name.clone(), reasons: alike.reasons.iter().map(ToString::to_string).collect() }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::new(StatusCode::NOT_FOUND, codes::NOT_FOUND),
            Error::Conflict(Refusal { code, args, allowed_actions, alike }) => {
                let mut problem = Self::new(StatusCode::CONFLICT, code);
                problem.0.args = args;
                problem.0.allowed_actions = Some(allowed_actions);
                problem.0.alike = alike;
                problem
            }
            Error::Invalid(faults) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, codes::INVALID).faults(faults),
            Error::Forbidden(code) => Self::new(StatusCode::FORBIDDEN, code),
            Error::Unauthenticated(code) => Self::new(StatusCode::UNAUTHORIZED, code),
            Error::Stale { current } => {
                let mut problem = Self::new(StatusCode::PRECONDITION_FAILED, codes::STALE).header(ETAG, &current);
                problem.0.current = Some(current);
                problem
            }
            Error::VersionRequired => Self::new(StatusCode::PRECONDITION_REQUIRED, codes::IF_MATCH_REQUIRED),
            Error::Busy | Error::Again => Self::new(StatusCode::SERVICE_UNAVAILABLE, codes::BUSY).header(RETRY_AFTER, "1"),
            Error::Internal(cause) => Self::internal(cause),
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.0.status);
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.status.as_u16(), self.0.code.name)
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} {:?} {:?}", self.0.args, self.0.faults)
    }
}

/// Puts the arguments where the `{}` stand; one without an argument becomes "…".
pub fn fill(template: &str, args: &[String]) -> String {
    let mut args = args.iter();
    let mut pieces = template.split("{}");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        text.push_str(args.next().map_or("…", String::as_str));
        text.push_str(piece);
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn statuses_and_headers() {
        let conflict = Refusal { allowed_actions: vec!["wait"], ..Refusal::new(codes::ID_TAKEN) };
        let anonymous = TestRequest::get().to_http_request();
        let known = TestRequest::get().insert_header(("authorization", "Bearer x")).to_http_request();
        let meta = RequestMeta::of(&anonymous);
        for (error, status, header) in [
            (Error::NotFound, 404, None),
            (Error::Conflict(conflict), 409, None),
            (Error::fault("/a", codes::REQUIRED), 422, None),
            (Error::Forbidden(codes::NOT_PERMITTED), 403, None),
            (Error::Unauthenticated(codes::UNAUTHENTICATED), 401, Some(("www-authenticate", "Bearer realm=\"api\""))),
            (Error::Stale { current: "\"1-0\"".into() }, 412, Some(("etag", "\"1-0\""))),
            (Error::VersionRequired, 428, None),
            (Error::Busy, 503, Some(("retry-after", "1"))),
            (Error::Again, 503, Some(("retry-after", "1"))),
            (Error::internal("secret table"), 500, None),
        ] {
            let shown = format!("{error}");
            let response = Problem::from(error).render(&meta);
            assert_eq!(response.status().as_u16(), status, "{shown}");
            assert_eq!(response.headers().get("content-type").unwrap(), MEDIA_TYPE);
            if let Some((name, value)) = header {
                assert_eq!(response.headers().get(name).unwrap(), value, "{shown}");
            }
        }
        let refused = Problem::from(Error::Unauthenticated(codes::TOKEN_INVALID)).render(&RequestMeta::of(&known));
        assert!(refused.headers().get("www-authenticate").unwrap().to_str().unwrap().contains("error=\"invalid_token\""));
        let busy = Problem::too_many_requests(Duration::from_millis(1200)).render(&meta);
        assert_eq!(busy.headers().get("retry-after").unwrap(), "2");
    }

    #[test]
    fn the_document_speaks_the_callers_language_and_hides_causes() {
        for (header, detail) in [("en", "This is required."), ("zh", "此项必填。")] {
            let meta = RequestMeta::of(&TestRequest::get().insert_header(("accept-language", header)).to_http_request());
            let document = Problem::from(Error::fault("/a", codes::REQUIRED)).document(&meta);
            assert_eq!(document.errors[0].detail, detail);
            assert_eq!(document.instance, format!("urn:uuid:{}", meta.request_id));
        }
        let meta = RequestMeta::of(&TestRequest::get().to_http_request());
        let text = serde_json::to_string(&Problem::internal("secret table").document(&meta)).unwrap();
        assert!(!text.contains("secret"), "{text}");
    }

    #[test]
    fn details_are_filled_in_order() {
        assert_eq!(fill("{} of {}, {}", &["1".into(), "2".into()]), "1 of 2, …");
        assert_eq!(fill("plain", &["1".into()]), "plain");
    }

    #[test]
    fn codes_are_named_once() {
        let mut names: Vec<_> = codes::ALL.iter().map(|c| c.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), codes::ALL.len());
        for code in codes::ALL {
            assert_eq!(code.detail.en.matches("{}").count(), code.detail.zh.matches("{}").count(), "{code:?}");
        }
    }
}
