//! SQL of inquiries with heirs.

use super::model::HeirsInquiry;
use crate::platform::db::Conn;
use crate::platform::db::schema::heirs_inquiry;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

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
