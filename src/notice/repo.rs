//! SQL of notices.

use super::model::{Notice, NoticeKind};
use crate::platform::db::Conn;
use crate::platform::db::schema::notice;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use diesel::prelude::*;

/// Stores a notice.
///
/// # Errors
/// Database only; [`Error::Again`] when somebody else took its number.
pub fn insert(c: &mut Conn, row: &Notice) -> Result<()> {
    diesel::insert_into(notice::table).values(row).execute(c).map_err(Error::lost_race)?;
    Ok(())
}

/// The place of the petition's next paper; two at once take the same one, and the index lets one of them pass.
///
/// # Errors
/// Database only.
pub fn next_n(c: &mut Conn, petition: Id) -> Result<i32> {
    let last: Option<i32> = notice::table.filter(notice::petition_id.eq(petition)).select(diesel::dsl::max(notice::n)).first(c)?;
    Ok(last.unwrap_or(0) + 1)
}

/// Stores how a notice arrived.
///
/// # Errors
/// Database only.
pub fn deliver(c: &mut Conn, row: &Notice) -> Result<()> {
    let how = (
        notice::delivery_method.eq(row.delivery_method),
        notice::delivery_proof.eq(row.delivery_proof),
        notice::recipient.eq(&row.recipient),
        notice::witness.eq(&row.witness),
        notice::delivered_at.eq(row.delivered_at),
        notice::recorded_at.eq(row.recorded_at),
        notice::recorded_by.eq(row.recorded_by),
    );
    diesel::update(notice::table.find(row.id)).set(how).execute(c)?;
    Ok(())
}

/// The answer that was issued last and has not arrived.
///
/// # Errors
/// Database only.
pub fn undelivered_answer(c: &mut Conn, petition: Id) -> Result<Option<Notice>> {
    let of_it = notice::table.filter(notice::petition_id.eq(petition)).filter(notice::delivered_at.is_null());
    let answers = NoticeKind::ALL.iter().filter(|kind| kind.is_answer()).collect::<Vec<_>>();
    Ok(of_it.filter(notice::kind.eq_any(answers)).order(notice::n.desc()).first(c).optional()?)
}

/// Notices of a petition after one, oldest first.
///
/// # Errors
/// Database only.
pub fn of_petition(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Notice>> {
    Ok(notice::table.filter(notice::petition_id.eq(petition)).filter(notice::id.gt(after)).order(notice::id).limit(limit).load(c)?)
}

/// One notice of a petition.
///
/// # Errors
/// Database only.
pub fn one(c: &mut Conn, petition: Id, id: Id) -> Result<Option<Notice>> {
    Ok(notice::table.filter(notice::petition_id.eq(petition)).filter(notice::id.eq(id)).first(c).optional()?)
}
