//! The extractor every protected handler begins with: checks the token without waiting, so that a bad body never outruns a 401,
//! and is the only way to the database: reading and writing name who may.

use super::context::{Context, Origin};
use super::model::{Actor, Roles};
use super::token::Tokens;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::web::idempotency::{CallKey, Once};
use crate::platform::web::middleware::KnownPaths;
use crate::platform::web::negotiation::preferred;
use crate::platform::web::query::refuse_query;
use crate::platform::web::rate::RateLimits;
use crate::platform::web::{Answer, CallerId, Problem, RequestMeta, codes};
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, dev::Payload, web};
use std::future::{Ready, ready};
use std::sync::Arc;

const JSON: &[&str] = &["application/json"];
/// Nobody knows the type before the file is found, and nobody is helped by a 406 then (RFC 9110, 12.5.1).
const ANYTHING: &[&str] = &[];
const JSON_OR_TABLE: &[&str] = &["application/json", "text/csv"];
const JSON_OR_PAGE: &[&str] = &["application/json", "text/html"];

/// A call by somebody whose token we believe, answered in JSON.
pub struct Call {
    /// Who calls.
    pub actor: Arc<Actor>,
    /// Language, request id, preconditions.
    pub meta: RequestMeta,
    platform: web::Data<Platform>,
    route: String,
}

/// Like [`Call`] where an HTML page can be had too.
pub struct PageCall(pub Call);

/// Like [`Call`] where a file is had, of whatever type it is.
pub struct FileCall(pub Call);
/// Like [`Call`] where a table for a spreadsheet can be had too.
pub struct TableCall(pub Call);

impl FromRequest for TableCall {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Call::believe(req, JSON_OR_TABLE).map(Self))
    }
}

impl FromRequest for Call {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::believe(req, JSON))
    }
}

impl FromRequest for PageCall {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Call::believe(req, JSON_OR_PAGE).map(Self))
    }
}

impl FromRequest for FileCall {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Call::believe(req, ANYTHING).map(Self))
    }
}

impl Call {
    fn believe(req: &HttpRequest, offered: &[&str]) -> Result<Self, Problem> {
        let missing = || Problem::from(Error::internal("the app lacks its data"));
        let platform = req.app_data::<web::Data<Platform>>().ok_or_else(missing)?.clone();
        let tokens = req.app_data::<web::Data<Tokens>>().ok_or_else(missing)?;
        let actor = tokens.check(bearer(req)?, platform.clock.now())?;
        req.extensions_mut().insert(CallerId(actor.id().0));
        if let Some(limits) = req.app_data::<web::Data<RateLimits>>() {
            limits.check(&actor.id().to_string())?;
        }
        if req.app_data::<web::Data<KnownPaths>>().is_some_and(|known| !known.takes_query(req.path(), req.method().as_str())) {
            refuse_query(req.query_string())?;
        }
        let meta = RequestMeta::of(req);
        if !offered.is_empty() {
            meta.accepts(offered)?;
        }
        let route = format!("{} {}", req.method(), req.path());
        Ok(Self { actor, meta, platform, route })
    }

    /// Reads one snapshot. `permitted` are the roles that may.
    ///
    /// # Errors
    /// Forbidden, or what `f` returns.
    pub async fn read<F>(&self, permitted: Roles, f: F) -> Result<HttpResponse, Problem>
    where
        F: FnOnce(&mut Conn, &mut Context) -> Result<Answer> + Send + 'static,
    {
        let answer = self.fetch(permitted, f).await?;
        Ok(answer.into_response(&self.meta, false))
    }

    /// Reads one snapshot for a handler that makes its own response.
    ///
    /// # Errors
    /// As [`Call::read`].
    pub async fn fetch<T, F>(&self, permitted: Roles, f: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn, &mut Context) -> Result<T> + Send + 'static,
    {
        self.actor.require(permitted)?;
        let origin = self.origin();
        Ok(self.platform.db.read(move |c| f(c, &mut origin.context())).await?)
    }

    /// Reads what nobody reads without leaving a trace: `f` writes down that it was read, in the same transaction, each time. No
    /// answer is kept to be given again.
    ///
    /// # Errors
    /// Forbidden, or what `f` returns.
    pub async fn read_on_record<F>(&self, permitted: Roles, f: F) -> Result<HttpResponse, Problem>
    where
        F: Fn(&mut Conn, &mut Context) -> Result<Answer> + Send + Sync + 'static,
    {
        let answer = self.fetch_on_record(permitted, f).await?;
        Ok(answer.into_response(&self.meta, false))
    }

    /// The same for a handler that makes its own response.
    ///
    /// # Errors
    /// As [`Call::read_on_record`].
    pub async fn fetch_on_record<T, F>(&self, permitted: Roles, f: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: Fn(&mut Conn, &mut Context) -> Result<T> + Send + Sync + 'static,
    {
        self.actor.require(permitted)?;
        let origin = self.origin();
        Ok(self.platform.db.write(move |c| f(c, &mut origin.context())).await?)
    }

    /// Writes in one transaction, once however often the call is retried under its key.
    ///
    /// # Errors
    /// Forbidden, a key that can't be read or was used for something else, or what `f` returns.
    pub async fn write<F>(&self, permitted: Roles, fingerprint: [u8; 32], f: F) -> Result<HttpResponse, Problem>
    where
        F: Fn(&mut Conn, &mut Context) -> Result<Answer> + Send + Sync + 'static,
    {
        self.write_made(permitted, fingerprint, None, f).await
    }

    /// Like [`Call::write`] for what a client may name itself: its id, in `made`, works as a key of its own.
    ///
    /// # Errors
    /// As [`Call::write`].
    pub async fn write_made<F>(
        &self,
        permitted: Roles,
        fingerprint: [u8; 32],
        made: Option<uuid::Uuid>,
        f: F,
    ) -> Result<HttpResponse, Problem>
    where
        F: Fn(&mut Conn, &mut Context) -> Result<Answer> + Send + Sync + 'static,
    {
        self.write_prepared(permitted, fingerprint, made, |_| Ok(()), move |c, cx, ()| f(c, cx)).await
    }

    /// Like [`Call::write_made`], with what needs no database made before the transaction: on SQLite all wait for one writer.
    ///
    /// # Errors
    /// As [`Call::write`], and what `prepare` returns: then nothing is written.
    pub async fn write_prepared<P, F>(
        &self,
        permitted: Roles,
        fingerprint: [u8; 32],
        made: Option<uuid::Uuid>,
        prepare: impl FnOnce(&mut Context) -> Result<P>,
        f: F,
    ) -> Result<HttpResponse, Problem>
    where
        P: Send + Sync + 'static,
        F: Fn(&mut Conn, &mut Context, &P) -> Result<Answer> + Send + Sync + 'static,
    {
        let mut once = self.once(fingerprint)?;
        self.actor.require(permitted)?;
        once.keys.extend(made.map(|id| CallKey::made(&id)));
        let origin = self.origin();
        let prepared = prepare(&mut origin.aside())?;
        let (answer, replayed) = self
            .platform
            .db
            .write(move |c| {
                let mut cx = origin.context();
                let keyring = Arc::clone(&cx.keys);
                let mut nonces = cx.draw.branch();
                once.run(c, &keyring, &mut nonces, |c, _| f(c, &mut cx, &prepared))
            })
            .await?;
        Ok(answer.into_response(&self.meta, replayed))
    }

    /// The answer this very call was given before, for a handler that has much to read before it writes.
    ///
    /// # Errors
    /// As [`Call::write`].
    pub async fn answered(&self, permitted: Roles, fingerprint: [u8; 32]) -> Result<Option<HttpResponse>, Problem> {
        let once = self.once(fingerprint)?;
        self.actor.require(permitted)?;
        let origin = self.origin();
        let known = self.platform.db.read(move |c| once.any_kept(c, &origin.keys, &origin.moment.draw())).await?;
        Ok(known.map(|answer| answer.into_response(&self.meta, true)))
    }

    /// Writes many independent things, a part of them a transaction, so that nobody else waits for all. Each is kept under a key of
    /// its own beside the whole's, so that a call cut short in the middle can be sent again. `prepare` makes of each what needs no
    /// database, before its transaction.
    ///
    /// # Errors
    /// As [`Call::write`]; what `each` returns stops the rest.
    pub async fn write_parts<I, R, F>(
        &self,
        permitted: Roles,
        fingerprint: [u8; 32],
        parts: Result<Vec<Vec<I>>>,
        prepare: impl Fn(&mut Context, &mut I) -> Result<()>,
        each: F,
        whole: impl FnOnce(Vec<R>) -> Result<Answer>,
    ) -> Result<HttpResponse, Problem>
    where
        I: Send + Sync + 'static,
        R: Send + 'static,
        F: Fn(&mut Conn, &mut Context, &I, Option<CallKey>) -> Result<R> + Send + Sync + 'static,
    {
        let once = self.once(fingerprint)?;
        if let Some(known) = self.answered(permitted, fingerprint).await? {
            return Ok(known);
        }
        // what is wrong with the whole comes after 403 and a stored answer
        let parts = parts?;
        let each = Arc::new(each);
        let mut results = Vec::new();
        for mut part in parts {
            let (each, origin, first) = (Arc::clone(&each), self.origin(), results.len());
            let aside = &mut origin.aside();
            part.iter_mut().try_for_each(|item| prepare(aside, item))?;
            let keys: Vec<Option<CallKey>> = (first..first + part.len()).map(|n| self.key(&format!("#{n}"))).collect();
            let done = self.platform.db.write(move |c| {
                let mut cx = origin.context();
                part.iter().zip(&keys).map(|(item, key)| each(c, &mut cx, item, *key)).collect::<Result<Vec<R>>>()
            });
            results.extend(done.await?);
        }
        let (answer, origin) = (whole(results)?, self.origin());
        let kept = self.platform.db.write(move |c| {
            let mut cx = origin.context();
            let keyring = Arc::clone(&cx.keys);
            once.run(c, &keyring, &mut cx.draw, |_, _| Ok(answer.clone()))
        });
        let (answer, replayed) = kept.await?;
        Ok(answer.into_response(&self.meta, replayed))
    }

    fn once(&self, fingerprint: [u8; 32]) -> Result<Once, Problem> {
        self.meta.idempotency_key()?;
        Ok(Once { caller: self.actor.id(), keys: self.key("").into_iter().collect(), fingerprint })
    }

    /// The call's own key, or one of its parts'.
    fn key(&self, part: &str) -> Option<CallKey> {
        self.meta.idempotency_key.as_ref().map(|key| CallKey::header(&self.route, &format!("{key}{part}")))
    }

    /// Whether the client would rather have a page than JSON.
    pub fn prefers_page(&self) -> bool {
        preferred(&self.meta.accept, JSON_OR_PAGE) == Some(JSON_OR_PAGE[1])
    }

    /// Whether the client would rather have a table than JSON.
    pub fn prefers_table(&self) -> bool {
        preferred(&self.meta.accept, JSON_OR_TABLE) == Some(JSON_OR_TABLE[1])
    }

    /// The settings and parts of this instance.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// In whose name, when and whence: for what is prepared on a thread of its own.
    pub fn origin(&self) -> Origin {
        Origin {
            actor: Arc::clone(&self.actor),
            moment: self.platform.moment(),
            keys: Arc::clone(&self.platform.keys),
            zone: self.platform.config.zone,
            office_code: Arc::from(self.platform.config.office_code.as_str()),
            if_match: self.meta.if_match.clone(),
            request_id: Arc::from(self.meta.request_id_echo.as_str()),
            traceparent: self.meta.traceparent.as_deref().map(Arc::from),
            client: self.meta.user_agent.as_deref().map(Arc::from),
        }
    }
}

fn bearer(req: &HttpRequest) -> Result<&str, Problem> {
    let absent = || Problem::from(Error::Unauthenticated(codes::UNAUTHENTICATED));
    let value = req.headers().get(header::AUTHORIZATION).ok_or_else(absent)?;
    let invalid = || Problem::from(Error::Unauthenticated(codes::TOKEN_INVALID));
    let (scheme, token) = value.to_str().map_err(|_| invalid())?.split_once(' ').ok_or_else(invalid)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(invalid()) }
}
