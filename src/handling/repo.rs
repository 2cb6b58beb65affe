//! SQL of acceptances, opinions and deliveries.

use super::model::{Acceptance, Delivery, Opinion};
use crate::platform::db::Conn;
use crate::platform::db::schema::{acceptance, delivery, opinion};
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// Stores an acceptance.
pub(super) fn insert_acceptance(c: &mut Conn, row: &Acceptance) -> Result<()> {
    diesel::insert_into(acceptance::table).values(row).execute(c)?;
    Ok(())
}

/// Stores a version of an opinion.
///
/// # Errors
/// Database only.
pub fn insert_opinion(c: &mut Conn, row: &Opinion) -> Result<()> {
    diesel::insert_into(opinion::table).values(row).execute(c)?;
    Ok(())
}

/// Stores a delivery.
pub(super) fn insert_delivery(c: &mut Conn, row: &Delivery) -> Result<()> {
    diesel::insert_into(delivery::table).values(row).execute(c)?;
    Ok(())
}

/// The last acceptance of a petition.
///
/// # Errors
/// Database only.
pub fn acceptance(c: &mut Conn, petition: Id) -> Result<Option<Acceptance>> {
    Ok(acceptance::table.filter(acceptance::petition_id.eq(petition)).order(acceptance::id.desc()).first(c).optional()?)
}

/// The opinion that stands.
///
/// # Errors
/// Database only.
pub fn standing_opinion(c: &mut Conn, petition: Id) -> Result<Option<Opinion>> {
    Ok(opinion::table.filter(opinion::petition_id.eq(petition)).order(opinion::id.desc()).first(c).optional()?)
}

/// Versions of opinions on a petition after one, oldest first.
///
/// # Errors
/// Database only.
pub fn opinions(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Opinion>> {
    Ok(opinion::table.filter(opinion::petition_id.eq(petition)).filter(opinion::id.gt(after)).order(opinion::id).limit(limit).load(c)?)
}

/// One version of an opinion.
///
/// # Errors
/// Database only.
pub fn opinion(c: &mut Conn, petition: Id, id: Id) -> Result<Option<Opinion>> {
    Ok(opinion::table.filter(opinion::petition_id.eq(petition)).filter(opinion::id.eq(id)).first(c).optional()?)
}

/// Deliveries of a petition after one, oldest first.
///
/// # Errors
/// Database only.
pub fn deliveries(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Delivery>> {
    Ok(delivery::table
        .filter(delivery::petition_id.eq(petition))
        .filter(delivery::id.gt(after))
        .order(delivery::id)
        .limit(limit)
        .load(c)?)
}

/// One delivery of a petition.
///
/// # Errors
/// Database only.
pub fn delivery(c: &mut Conn, petition: Id, id: Id) -> Result<Option<Delivery>> {
    Ok(delivery::table.filter(delivery::petition_id.eq(petition)).filter(delivery::id.eq(id)).first(c).optional()?)
}
