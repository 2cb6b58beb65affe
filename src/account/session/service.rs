//! What is kept of signing in: refresh tokens, the access log.

use super::model::{Admitted, Outcome, RefreshToken, Visitor, entry};
use super::{repo, rules};
use crate::account::model::{Account, AccountStatus};
use crate::account::repo as accounts;
use crate::audit::access::{self, AccessKind, AccessOutcome};
use crate::auth::{Actor, Context};
use crate::codes;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use data_encoding::BASE64URL_NOPAD;

/// The field name a successor is bound to.
const SUCCESSOR: &str = "refresh_successor";

/// Begins a session after the password fitted; `fitted` is the hash it fitted, which may have been replaced meanwhile.
///
/// # Errors
/// Database only.
pub fn admit(c: &mut Conn, cx: &mut Context, account: Id, fitted: &str, visitor: &Visitor) -> Result<Outcome> {
    let Some(account) = accounts::held(c, account)?.filter(|a| a.password_hash == fitted) else {
        return Ok(Outcome::Refused(codes::WRONG_CREDENTIALS));
    };
    let suspended = account.status == AccountStatus::Suspended;
    let outcome = if suspended { AccessOutcome::Suspended } else { AccessOutcome::Granted };
    access::record(c, &entry(cx, visitor, AccessKind::SignIn, outcome, account.id))?;
    if suspended {
        return Ok(Outcome::Refused(codes::ACCOUNT_SUSPENDED));
    }
    let family = cx.draw.id();
    let token = issue(c, cx, account.id, family, visitor)?;
    admitted(c, cx, &account, token)
}

/// Keeps a failure: under the account it was meant for, or, nobody being known, counted for the address.
///
/// # Errors
/// Database only.
pub fn turn_away(c: &mut Conn, cx: &mut Context, account: Option<Id>, visitor: &Visitor) -> Result<()> {
    match account {
        Some(account) => access::record(c, &entry(cx, visitor, AccessKind::SignIn, AccessOutcome::WrongPassword, account)),
        None => access::count_failure(c, cx.now(), &visitor.address),
    }
}

/// Carries a session on. A token that comes back after it was used up ends its family: one of two holders is a thief.
///
/// # Errors
/// Again when another call just used the token.
pub fn carry_on(c: &mut Conn, cx: &mut Context, token: &str, visitor: &Visitor) -> Result<Outcome> {
    const NO_SUCH: Outcome = Outcome::Refused(codes::NO_SUCH_GRANT);
    let mac = cx.keys.lookup("refresh_token", token)?;
    let Some(row) = repo::find(c, &mac)? else { return Ok(NO_SUCH) };
    let Some(account) = accounts::held(c, row.account_id)? else { return Ok(NO_SUCH) };
    // read again now that nobody can suspend the account or reset its password
    let Some(row) = repo::find(c, &mac)?.filter(|row| row.revoked_at.is_none() && cx.now() < row.expires_at.0) else {
        return Ok(NO_SUCH);
    };
    if account.status == AccountStatus::Suspended {
        return Ok(Outcome::Refused(codes::ACCOUNT_SUSPENDED));
    }
    let Some(replaced_at) = row.replaced_at else {
        let next = issue(c, cx, account.id, row.family_id, visitor)?;
        let sealed = cx.seal(row.id, SUCCESSOR, next.as_bytes())?;
        if !repo::replace(c, row.id, &sealed, Time(cx.now()))? {
            return Err(Error::Again);
        }
        return admitted(c, cx, &account, next);
    };
    let same_client = row.client == visitor.client(&cx.keys)?;
    match &row.successor {
        Some(sealed) if rules::in_grace(replaced_at.0, cx.now(), same_client) => {
            let next = cx.unseal(row.id, SUCCESSOR, sealed)?;
            admitted(c, cx, &account, next)
        }
        _ => {
            repo::revoke_family(c, row.family_id, Time(cx.now()))?;
            access::record(c, &entry(cx, visitor, AccessKind::Refresh, AccessOutcome::Reused, account.id))?;
            Ok(NO_SUCH)
        }
    }
}

/// Ends the session a refresh token belongs to, whichever of its family it is; a token unknown is no fault (RFC 7009, 2.2).
///
/// # Errors
/// Database only.
pub fn end(c: &mut Conn, cx: &mut Context, token: &str, visitor: &Visitor) -> Result<()> {
    let mac = cx.keys.lookup("refresh_token", token)?;
    let Some(row) = repo::find(c, &mac)?.filter(|row| row.revoked_at.is_none()) else { return Ok(()) };
    repo::revoke_family(c, row.family_id, Time(cx.now()))?;
    access::record(c, &entry(cx, visitor, AccessKind::SignOut, AccessOutcome::Granted, row.account_id))
}

fn issue(c: &mut Conn, cx: &mut Context, account: Id, family: Id, visitor: &Visitor) -> Result<String> {
    let token = BASE64URL_NOPAD.encode(&cx.draw.secret::<32>());
    let row = RefreshToken {
        id: cx.draw.id(),
        family_id: family,
        account_id: account,
        token_mac: cx.keys.lookup("refresh_token", &token)?,
        client: visitor.client(&cx.keys)?,
        issued_at: Time(cx.now()),
        expires_at: Time(cx.now() + rules::LIFETIME),
        replaced_at: None,
        successor: None,
        revoked_at: None,
    };
    repo::insert(c, &row)?;
    Ok(token)
}

fn admitted(c: &mut Conn, cx: &mut Context, account: &Account, refresh_token: String) -> Result<Outcome> {
    let roles = accounts::roles(c, &[account.id])?.remove(&account.id).unwrap_or_default();
    let actor = Actor::staff(account.id, account.unit_id, roles);
    Ok(Outcome::Admitted(Admitted { actor, token_id: cx.draw.id(), refresh_token }))
}
