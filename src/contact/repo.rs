//! SQL of contacts.

use super::model::Contact;
use crate::platform::db::Conn;
use crate::platform::db::schema::{acceptance, contact, opinion, referral};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use diesel::prelude::*;

/// Stores a contact.
pub(super) fn insert(c: &mut Conn, row: &Contact) -> Result<()> {
    diesel::insert_into(contact::table).values(row).execute(c)?;
    Ok(())
}

/// Whether there is such a contact, in whatever petition.
pub(super) fn is_contact(c: &mut Conn, id: Id) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(contact::table.find(id))).get_result(c)?)
}

/// Since when the unit that handles a petition has it: its last referral, or else its acceptance.
pub(super) fn with_lead_since(c: &mut Conn, petition: Id) -> Result<Option<Time>> {
    let referred = referral::table.filter(referral::petition_id.eq(petition)).select(diesel::dsl::max(referral::referred_at));
    let accepted = acceptance::table.filter(acceptance::petition_id.eq(petition)).select(diesel::dsl::min(acceptance::accepted_at));
    match referred.first::<Option<Time>>(c)? {
        Some(at) => Ok(Some(at)),
        None => Ok(accepted.first(c)?),
    }
}

/// When the first opinion of a petition was issued.
pub(super) fn first_opinion(c: &mut Conn, petition: Id) -> Result<Option<Time>> {
    Ok(opinion::table.filter(opinion::petition_id.eq(petition)).select(diesel::dsl::min(opinion::issued_at)).first(c)?)
}

/// Contacts with the petitioner after one, oldest first.
///
/// # Errors
/// Database only.
pub fn of_petition(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Contact>> {
    let of = contact::table.filter(contact::petition_id.eq(petition)).filter(contact::id.gt(after));
    Ok(of.order(contact::id).limit(limit).load(c)?)
}

/// One contact with the petitioner.
///
/// # Errors
/// Database only.
pub fn one(c: &mut Conn, petition: Id, id: Id) -> Result<Option<Contact>> {
    Ok(contact::table.filter(contact::petition_id.eq(petition)).filter(contact::id.eq(id)).first(c).optional()?)
}
