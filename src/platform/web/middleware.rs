//! The outermost middleware: whatever happens inside, the client gets a well-formed answer, and log and metrics hear of it.

pub use super::known_paths::KnownPaths;
use super::problem::Problem;
use super::request::RequestMeta;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpMessage, HttpResponse, ResponseError};
use std::any::Any;
use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Instant;
use uuid::Uuid;

/// App data: headers every answer carries.
#[derive(Debug, Clone, Default)]
pub struct ExtraHeaders(pub Vec<(HeaderName, HeaderValue)>);

/// Request extension: the account that calls, for the access log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallerId(pub Uuid);

/// What must be remembered of a request, since a panic takes the request itself along.
struct Exchange {
    started: Instant,
    method: Method,
    path: String,
    meta: RequestMeta,
    known: Option<Data<KnownPaths>>,
    extra: Option<Data<ExtraHeaders>>,
}

/// Wrap the app in this last (actix runs the last first): `App::new()….wrap(from_fn(outermost))`.
pub async fn outermost(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let exchange = Exchange {
        started: Instant::now(),
        method: req.method().clone(),
        path: req.path().to_owned(),
        meta: RequestMeta::read(req.head()),
        known: req.app_data::<Data<KnownPaths>>().cloned(),
        extra: req.app_data::<Data<ExtraHeaders>>().cloned(),
    };
    req.extensions_mut().insert(exchange.meta.clone());
    // asked before the routes: where templates overlap they would try the next one
    if let Some(refusal) = exchange.wrong_method() {
        return Ok(exchange.finish(req.into_response(refusal.error_response())));
    }
    if exchange.method == Method::HEAD {
        req.head_mut().method = Method::GET;
    }
    match caught(async move { next.call(req).await }).await {
        Ok(Ok(response)) => Ok(exchange.finish(response.map_into_boxed_body())),
        Ok(Err(error)) => Err(exchange.fail(error.error_response())),
        Err(panic) => Err(exchange.fail(Problem::internal(format!("panic: {}", panic_text(&*panic))).error_response())),
    }
}

impl Exchange {
    fn finish(&self, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        let (req, response) = response.into_parts();
        let response = self.complete(response);
        let route = req.match_pattern();
        let caller = req.extensions().get::<CallerId>().copied();
        self.record(response.status(), route.as_deref(), caller);
        ServiceResponse::new(req, response)
    }

    /// An answer without its request; actix sends what the error carries.
    fn fail(&self, response: HttpResponse) -> actix_web::Error {
        let response = self.complete(response);
        let status = response.status();
        self.record(status, None, None);
        Finished { status, response: RefCell::new(Some(response)) }.into()
    }

    fn complete(&self, response: HttpResponse) -> HttpResponse {
        let mut response = match self.problem(&response) {
            Some(problem) => problem.render(&self.meta),
            None => response,
        };
        self.add_headers(response.headers_mut());
        if self.method == Method::HEAD { without_body(response) } else { response }
    }

    /// The problem to put into words: a handler's own, or one for an error the framework answered by itself.
    fn problem(&self, response: &HttpResponse) -> Option<Problem> {
        if let Some(problem) = response.extensions().get::<Problem>() {
            return Some(problem.clone());
        }
        let status = response.status();
        let plain = response.headers().get(CONTENT_TYPE).is_none_or(|v| v.as_bytes().starts_with(b"text/plain"));
        if !(status.is_client_error() || status.is_server_error()) || !plain {
            return None;
        }
        let no_route = matches!(status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
        let known = self.known.as_ref().is_some_and(|known| known.allowed(&self.path).is_some());
        Some(Problem::of_status(if no_route && known { StatusCode::NOT_FOUND } else { status }))
    }

    /// The refusal of a method that a known path does not have.
    fn wrong_method(&self) -> Option<Problem> {
        let allowed = self.known.as_ref()?.allowed(&self.path)?;
        (!allowed.contains(&self.method.as_str())).then(|| Problem::method_not_allowed(allowed.to_vec()))
    }

    fn add_headers(&self, headers: &mut HeaderMap) {
        let mut default = |name: HeaderName, value: &'static str| {
            if !headers.contains_key(&name) {
                headers.insert(name, HeaderValue::from_static(value));
            }
        };
        default(X_CONTENT_TYPE_OPTIONS, "nosniff");
        default(X_FRAME_OPTIONS, "DENY");
        default(REFERRER_POLICY, "no-referrer");
        if self.path.starts_with("/api") {
            default(CACHE_CONTROL, "no-store");
        }
        let echoed = [("x-request-id", Some(&self.meta.request_id_echo)), ("traceparent", self.meta.traceparent.as_ref())];
        for (name, value) in echoed {
            if let Some(value) = value.and_then(|v| HeaderValue::from_str(v).ok()) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        for (name, value) in self.extra.iter().flat_map(|extra| &extra.0) {
            headers.insert(name.clone(), value.clone());
        }
    }

    /// One line and two figures a request. Never the query, bodies, names or tokens; the path only as its pattern.
    fn record(&self, status: StatusCode, matched: Option<&str>, caller: Option<CallerId>) {
        let template = || self.known.as_ref().and_then(|known| known.template(&self.path));
        let route = matched.or_else(template).unwrap_or("unmatched");
        let method = method_label(&self.method);
        let taken = self.started.elapsed();
        let labels = [("method", method.to_owned()), ("route", route.to_owned())];
        metrics::histogram!("http_request_duration_seconds", &labels).record(taken.as_secs_f64());
        let [method_pair, route_pair] = labels;
        let labels = [method_pair, route_pair, ("status", status.as_str().to_owned())];
        metrics::counter!("http_requests_total", &labels).increment(1);

        let ms = taken.as_secs_f64() * 1000.0;
        let (status, request_id, sent_id) = (status.as_u16(), self.meta.request_id, self.meta.request_id_echo.as_str());
        let trace = self.meta.traceparent.as_deref();
        let account = caller.map(|c| c.0.to_string());
        if status >= 500 {
            tracing::error!(target: "access", method, route, status, ms, %request_id, sent_id, trace, account, "request");
        } else {
            tracing::info!(target: "access", method, route, status, ms, %request_id, sent_id, trace, account, "request");
        }
    }
}

/// Clients choose the method's name: all but the known ones count as one, or they could fill the metrics.
fn method_label(method: &Method) -> &'static str {
    const KNOWN: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.iter().find(|k| **k == method.as_str()).copied().unwrap_or("other")
}

/// Runs a future; a panic in it comes back as `Err`.
async fn caught<T>(future: impl Future<Output = T>) -> Result<T, Box<dyn Any + Send>> {
    let mut future = pin!(future);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&'static str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("of unknown kind")
}

/// What GET would have answered, but for the body (RFC 9110, 9.3.2).
fn without_body(response: HttpResponse) -> HttpResponse {
    let (mut response, body) = response.into_parts();
    if let BodySize::Sized(length) = body.size() {
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    response.set_body(BoxBody::new(Withheld(body.size())))
}

/// A body of known size that is not sent.
struct Withheld(BodySize);

impl MessageBody for Withheld {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(None)
    }
}

/// A finished answer travelling as an error.
struct Finished {
    status: StatusCode,
    response: RefCell<Option<HttpResponse>>,
}

impl ResponseError for Finished {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        self.response.borrow_mut().take().unwrap_or_else(|| HttpResponse::new(self.status))
    }
}

impl fmt::Display for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)
    }
}

impl fmt::Debug for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)
    }
}

#[cfg(test)]
#[path = "middleware_tests.rs"]
mod tests;
