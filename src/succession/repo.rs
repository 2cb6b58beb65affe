//! SQL of inquiries with heirs.

use super::model::HeirsInquiry;
use crate::petition::model::Party;
use crate::platform::db::Conn;
use crate::platform::db::schema::{heirs_inquiry, party, petition};
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// Petitions of one person that are looked at.
const ALIKE: i64 = 200;

/// Stores an inquiry.
pub(super) fn insert(c: &mut Conn, row: &HeirsInquiry) -> Result<()> {
    diesel::insert_into(heirs_inquiry::table).values(row).execute(c)?;
    Ok(())
}

/// Stores what was answered.
pub(super) fn answer(c: &mut Conn, row: &HeirsInquiry) -> Result<()> {
    let answer = (
        heirs_inquiry::answer.eq(row.answer),
        heirs_inquiry::note.eq(&row.note),
        heirs_inquiry::answered_at.eq(row.answered_at),
        heirs_inquiry::answered_by.eq(row.answered_by),
    );
    diesel::update(heirs_inquiry::table.find(row.id)).set(answer).execute(c)?;
    Ok(())
}

/// The last inquiry on a petition.
///
/// # Errors
/// Database only.
pub fn last(c: &mut Conn, petition: Id) -> Result<Option<HeirsInquiry>> {
    Ok(heirs_inquiry::table.filter(heirs_inquiry::petition_id.eq(petition)).order(heirs_inquiry::id.desc()).first(c).optional()?)
}

/// Petitions of the same matter, and those of somebody of this name with the same identity or telephone number.
///
/// # Errors
/// Database only.
pub(super) fn of_the_same(c: &mut Conn, matter: Id, who: &Party) -> Result<Vec<Id>> {
    let mut found: Vec<Id> = petition::table.filter(petition::matter_id.eq(matter)).select(petition::id).limit(ALIKE).load(c)?;
    let named = || party::table.filter(party::name.eq(who.name.clone())).select(party::petition_id);
    if let Some(hash) = &who.identity_hash {
        found.extend(named().filter(party::identity_hash.eq(hash.clone())).limit(ALIKE).load::<Id>(c)?);
    }
    if let Some(hash) = &who.phone_hash {
        found.extend(named().filter(party::phone_hash.eq(hash.clone())).limit(ALIKE).load::<Id>(c)?);
    }
    Ok(found)
}
