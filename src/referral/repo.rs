//! SQL of referrals.

use super::model::Referral;
use crate::platform::db::Conn;
use crate::platform::db::schema::referral;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// Stores a referral.
pub(super) fn insert(c: &mut Conn, row: &Referral) -> Result<()> {
    diesel::insert_into(referral::table).values(row).execute(c)?;
    Ok(())
}

/// Referrals of a petition after one, oldest first.
///
/// # Errors
/// Database only.
pub fn of_petition(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Referral>> {
    Ok(referral::table
        .filter(referral::petition_id.eq(petition))
        .filter(referral::id.gt(after))
        .order(referral::id)
        .limit(limit)
        .load(c)?)
}

/// One referral of a petition.
///
/// # Errors
/// Database only.
pub fn one(c: &mut Conn, petition: Id, id: Id) -> Result<Option<Referral>> {
    Ok(referral::table.filter(referral::petition_id.eq(petition)).filter(referral::id.eq(id)).first(c).optional()?)
}
