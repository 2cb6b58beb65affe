//! Refresh tokens as rows; what a session's holder sends and gets.

use crate::audit::access::{Access, AccessKind, AccessOutcome};
use crate::auth::{Actor, Context};
use crate::platform::db::schema::refresh_token;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Code, Error, Result};
use crate::platform::key::Keyring;
use chrono::TimeDelta;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A refresh token.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = refresh_token, treat_none_as_default_value = false)]
pub struct RefreshToken {
    /// Its id.
    pub id: Id,
    /// The tokens that followed from one sign-in.
    pub family_id: Id,
    /// Whose session.
    pub account_id: Id,
    /// Keyed hash of the token.
    pub token_mac: Vec<u8>,
    /// Keyed hash of the client it was given to.
    pub client: Vec<u8>,
    /// When it was given.
    pub issued_at: Time,
    /// Until when it can be used.
    pub expires_at: Time,
    /// When it was used up.
    pub replaced_at: Option<Time>,
    /// The token given for it, encrypted.
    pub successor: Option<Vec<u8>>,
    /// When its family ended.
    pub revoked_at: Option<Time>,
}

/// Who stands at the door.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The peer's address.
    pub address: String,
    /// What it says it is (`User-Agent`).
    pub user_agent: String,
    /// The request.
    pub request_id: String,
}

impl Visitor {
    /// What is kept of the client: a keyed hash of address and user agent.
    ///
    /// # Errors
    /// Internal only.
    pub fn client(&self, keys: &Keyring) -> Result<Vec<u8>> {
        keys.lookup("client", &format!("{}\0{}", self.address, self.user_agent))
    }
}

/// Let in: what the tokens are made of.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// Who.
    pub actor: Actor,
    /// The id of the access token.
    pub token_id: Id,
    /// The refresh token.
    pub refresh_token: String,
}

/// How a request at the door ended. A refusal is an outcome and no error: what it left behind must be committed.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Let in.
    Admitted(Admitted),
    /// Turned away.
    Refused(Code),
}

/// Why no tokens are given.
#[derive(Debug)]
pub enum Denial {
    /// `invalid_request`: unreadable, or a parameter is missing or repeated.
    Request,
    /// `unsupported_grant_type`.
    GrantType,
    /// `invalid_grant`: the credentials or the token will not do.
    Grant(Code),
    /// `slow_down`: too many failures; come back after this time.
    SlowDown(TimeDelta),
    /// Anything else.
    Failed(Error),
}

impl From<Error> for Denial {
    fn from(e: Error) -> Self {
        Self::Failed(e)
    }
}

/// What is sent for tokens (RFC 6749, 4.3.2 and 6).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[allow(dead_code)] // it describes the form in the document; the form itself is read leniently, as the RFC asks
pub struct TokenRequest {
    /// `password` or `refresh_token`.
    #[schema(example = "password")]
    grant_type: String,
    /// With `password`: the user name.
    #[schema(example = "desk")]
    username: Option<String>,
    /// With `password`.
    #[schema(format = Password, example = "demo-demo")]
    password: Option<String>,
    /// With `refresh_token`: the token.
    refresh_token: Option<String>,
}

/// What is sent to end a session (RFC 7009, 2.1).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[allow(dead_code)]
pub struct RevocationRequest {
    /// The refresh token.
    token: String,
    /// `refresh_token`; not needed.
    token_type_hint: Option<String>,
}

/// Tokens (RFC 6749, 5.1).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TokenAnswer {
    /// A JWT; send it as `Authorization: Bearer`.
    pub access_token: String,
    /// `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds the access token lives.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// Gives the next tokens once, within 30 days.
    #[schema(example = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    pub refresh_token: String,
    /// The names of the permissions held, separated by blanks.
    #[schema(example = "read_petitions read_events read_statistics read_office read_self")]
    pub scope: String,
}

/// Why there are no tokens (RFC 6749, 5.2), and in the product's own words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TokenError {
    /// `invalid_request`, `invalid_grant`, `unsupported_grant_type`, `slow_down`, `temporarily_unavailable`, `server_error`.
    #[schema(example = "invalid_grant")]
    pub error: &'static str,
    /// In English, for whoever programs the client.
    #[schema(example = "User name or password is wrong. Try again; the administrator can reset a forgotten password.")]
    pub error_description: String,
    /// The product's machine code, as in its problems.
    #[schema(example = "wrong_credentials")]
    pub code: &'static str,
    /// For whoever signs in, by Accept-Language.
    #[schema(example = "用户名或密码错误，请重试；忘记密码的，请联系管理员重设。")]
    pub detail: String,
}

/// An entry of the access log about a visitor.
pub(super) fn entry(cx: &mut Context, visitor: &Visitor, kind: AccessKind, outcome: AccessOutcome, account: Id) -> Access {
    Access {
        id: cx.draw.id(),
        at: Time(cx.now()),
        kind,
        outcome,
        account_id: Some(account),
        subject_id: None,
        address: visitor.address.clone(),
        request_id: visitor.request_id.clone(),
        detail: None,
    }
}
