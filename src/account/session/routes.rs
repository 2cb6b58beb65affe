//! `/auth/token`, `/auth/revoke`, and the key set. Open to all; errors are RFC 6749's.

use super::model::{Denial, RevocationRequest, TokenAnswer, TokenError, TokenRequest, Visitor};
use super::rules;
use super::sign_in::{self, SignIn};
use crate::auth::token::Tokens;
use crate::codes;
use crate::platform::Platform;
use crate::platform::error::{Code, Error};
use crate::platform::web::codes as web_codes;
use crate::platform::web::problem::fill;
use crate::platform::web::{Lang, RequestMeta};
use actix_web::http::header::{CACHE_CONTROL, PRAGMA, RETRY_AFTER, USER_AGENT};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, get, post, web};
use std::collections::HashMap;
use utoipa_actix_web::service_config::ServiceConfig;

/// The parameters of a form, or why they could not be read.
type Form = Result<web::Form<Vec<(String, String)>>, actix_web::Error>;

/// Mounts the operations under `/api/v1`.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(token).service(revoke);
}

/// Mounts what has its place at the root (RFC 8615).
pub fn configure_root(cfg: &mut ServiceConfig) {
    cfg.service(jwks);
}

/// Sign in, or carry a session on
///
/// `grant_type=password` with `username` and `password`, or `grant_type=refresh_token` with `refresh_token`. Each refresh token gives
/// the next tokens once; sent again within 60 s by the same client it gives the same ones, later it ends the session, because it may
/// have been stolen. After 5 failures for a user name (20 from an address) the next attempt has to wait, twice as long each time, up to
/// 60 s (15 min): 429 `slow_down` with Retry-After, before the password is looked at.
#[utoipa::path(tag = "session", operation_id = "create_token",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded",
        example = json!("grant_type=password&username=desk&password=demo-demo")),
    responses(
        (status = 200, description = "Tokens", body = TokenAnswer),
        (status = 400, description = "Refused: invalid_request, invalid_grant, unsupported_grant_type", body = TokenError),
        (status = 429, description = "slow_down: too many failures", body = TokenError, headers(("Retry-After" = u32))),
        (status = 500, description = "server_error", body = TokenError),
        (status = 503, description = "temporarily_unavailable: too many sign in at once", body = TokenError, headers(("Retry-After" = u32)))))]
#[post("/auth/token")]
async fn token(
    req: HttpRequest,
    form: Form,
    door: web::Data<SignIn>,
    platform: web::Data<Platform>,
    tokens: web::Data<Tokens>,
) -> HttpResponse {
    let meta = RequestMeta::of(&req);
    match granted(&req, &meta, form, &door, &platform, &tokens).await {
        Ok(answer) => unstored(&mut HttpResponse::Ok()).json(answer),
        Err(denial) => denied(denial, &meta),
    }
}

async fn granted(
    req: &HttpRequest,
    meta: &RequestMeta,
    form: Form,
    door: &SignIn,
    platform: &Platform,
    tokens: &Tokens,
) -> Result<TokenAnswer, Denial> {
    let mut form = read(form)?;
    let mut take = |name| form.remove(name).filter(|value: &String| !value.is_empty()).ok_or(Denial::Request);
    let visitor = visitor(req, meta);
    match take("grant_type")?.as_str() {
        "password" => {
            let (username, password) = (take("username")?, take("password")?);
            door.with_password(platform, tokens, visitor, rules::network(meta.address), &username, password).await
        }
        "refresh_token" => sign_in::with_refresh_token(platform, tokens, visitor, take("refresh_token")?).await,
        _ => Err(Denial::GrantType),
    }
}

/// Sign out
///
/// Ends the session the refresh token belongs to; 200 also for a token that is unknown or ended already (RFC 7009).
#[utoipa::path(tag = "session", operation_id = "revoke_token",
    request_body(content = RevocationRequest, content_type = "application/x-www-form-urlencoded",
        example = json!("token=3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")),
    responses(
        (status = 200, description = "The session has ended"),
        (status = 400, description = "invalid_request: no token was sent", body = TokenError),
        (status = 500, description = "server_error", body = TokenError),
        (status = 503, description = "temporarily_unavailable", body = TokenError, headers(("Retry-After" = u32)))))]
#[post("/auth/revoke")]
async fn revoke(req: HttpRequest, form: Form, platform: web::Data<Platform>) -> HttpResponse {
    let meta = RequestMeta::of(&req);
    let outcome = match read(form).map(|mut form| form.remove("token")) {
        Ok(Some(ended)) => sign_in::sign_out(&platform, visitor(&req, &meta), ended).await.map_err(Denial::from),
        Ok(None) => Err(Denial::Request),
        Err(denial) => Err(denial),
    };
    match outcome {
        Ok(()) => unstored(&mut HttpResponse::Ok()).finish(),
        Err(denial) => denied(denial, &meta),
    }
}

/// Read the key set
///
/// The public keys that verify access tokens (RFC 7517, RFC 8037).
#[utoipa::path(tag = "session", operation_id = "get_jwks",
    responses((status = 200, description = "The keys", body = Object,
        example = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": "…", "x": "…"}]}))))]
#[get("/.well-known/jwks.json")]
async fn jwks(tokens: web::Data<Tokens>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=300")).json(tokens.jwks())
}

/// The parameters by name. Unknown ones are ignored, repeated ones refused (RFC 6749, 3.2).
fn read(form: Form) -> Result<HashMap<String, String>, Denial> {
    let mut parameters = HashMap::new();
    for (name, value) in form.map_err(|_| Denial::Request)?.into_inner() {
        if parameters.insert(name, value).is_some() {
            return Err(Denial::Request);
        }
    }
    Ok(parameters)
}

fn visitor(req: &HttpRequest, meta: &RequestMeta) -> Visitor {
    Visitor {
        address: meta.address.to_string(),
        user_agent: req.headers().get(USER_AGENT).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned()).unwrap_or_default(),
        request_id: meta.request_id_echo.clone(),
    }
}

/// Tokens and what is said about them are nobody's to keep (RFC 6749, 5.1).
fn unstored(response: &mut HttpResponseBuilder) -> &mut HttpResponseBuilder {
    response.insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache"))
}

fn denied(denial: Denial, meta: &RequestMeta) -> HttpResponse {
    let (mut response, error, code, wait) = match denial {
        Denial::Request => (HttpResponse::BadRequest(), "invalid_request", codes::TOKEN_REQUEST_UNREADABLE, None),
        Denial::GrantType => (HttpResponse::BadRequest(), "unsupported_grant_type", codes::GRANT_TYPE_UNSUPPORTED, None),
        Denial::Grant(code) => (HttpResponse::BadRequest(), "invalid_grant", code, None),
        Denial::SlowDown(wait) => {
            let seconds = (wait.num_milliseconds() + 999) / 1000;
            (HttpResponse::TooManyRequests(), "slow_down", codes::SIGN_IN_SLOW_DOWN, Some(seconds.max(1)))
        }
        Denial::Failed(Error::Busy | Error::Again) => {
            (HttpResponse::ServiceUnavailable(), "temporarily_unavailable", web_codes::BUSY, Some(1))
        }
        Denial::Failed(failure) => {
            tracing::error!(request_id = %meta.request_id, cause = %failure, "sign-in failed");
            (HttpResponse::InternalServerError(), "server_error", web_codes::INTERNAL, None)
        }
    };
    if let Some(seconds) = wait {
        response.insert_header((RETRY_AFTER, seconds.to_string()));
    }
    unstored(&mut response).json(in_words(error, code, wait, meta))
}

fn in_words(error: &'static str, code: Code, wait: Option<i64>, meta: &RequestMeta) -> TokenError {
    let args: Vec<String> = wait.into_iter().map(|seconds| seconds.to_string()).collect();
    let words = |lang: Lang| fill(lang.of(code.detail), &args);
    // RFC 6749, 5.2 leaves out quotes and backslashes here
    let error_description = words(Lang::En).replace(['"', '\\'], "'");
    TokenError { error, error_description, code: code.name, detail: words(meta.lang) }
}
