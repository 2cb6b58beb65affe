//! SQL of the refresh tokens.

use super::model::RefreshToken;
use crate::platform::db::Conn;
use crate::platform::db::schema::refresh_token;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use diesel::prelude::*;

/// A token by its keyed hash.
pub(super) fn find(c: &mut Conn, mac: &[u8]) -> Result<Option<RefreshToken>> {
    Ok(refresh_token::table.filter(refresh_token::token_mac.eq(mac)).first(c).optional()?)
}

/// Keeps a token.
pub(super) fn insert(c: &mut Conn, row: &RefreshToken) -> Result<()> {
    diesel::insert_into(refresh_token::table).values(row).execute(c)?;
    Ok(())
}

/// Uses a token up; false when somebody else just did.
pub(super) fn replace(c: &mut Conn, id: Id, successor: &[u8], now: Time) -> Result<bool> {
    let unused = refresh_token::table.find(id).filter(refresh_token::replaced_at.is_null()).filter(refresh_token::revoked_at.is_null());
    let set = (refresh_token::replaced_at.eq(now), refresh_token::successor.eq(successor));
    Ok(diesel::update(unused).set(set).execute(c)? == 1)
}

/// Ends a family.
pub(super) fn revoke_family(c: &mut Conn, family: Id, now: Time) -> Result<()> {
    let living = refresh_token::table.filter(refresh_token::family_id.eq(family)).filter(refresh_token::revoked_at.is_null());
    diesel::update(living).set(refresh_token::revoked_at.eq(now)).execute(c)?;
    Ok(())
}

/// Ends every session of an account.
///
/// # Errors
/// Database only.
pub fn revoke_account(c: &mut Conn, account: Id, now: Time) -> Result<()> {
    let living = refresh_token::table.filter(refresh_token::account_id.eq(account)).filter(refresh_token::revoked_at.is_null());
    diesel::update(living).set(refresh_token::revoked_at.eq(now)).execute(c)?;
    Ok(())
}

/// Forgets tokens whose time is over, at most so many; says how many.
///
/// # Errors
/// Database only.
pub fn forget(c: &mut Conn, now: Time, most: i64) -> Result<usize> {
    let over: Vec<Id> = refresh_token::table.filter(refresh_token::expires_at.le(now)).select(refresh_token::id).limit(most).load(c)?;
    Ok(diesel::delete(refresh_token::table.filter(refresh_token::id.eq_any(over))).execute(c)?)
}
