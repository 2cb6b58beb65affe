//! SQL of reviews.

use super::model::{Review, ReviewState};
use crate::platform::db::Conn;
use crate::platform::db::schema::review;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// Stores a review.
pub(super) fn insert(c: &mut Conn, row: &Review) -> Result<()> {
    diesel::insert_into(review::table).values(row).execute(c)?;
    Ok(())
}

/// Stores what was decided.
pub(super) fn decide(c: &mut Conn, row: &Review) -> Result<()> {
    let decided = (
        review::state.eq(row.state),
        review::decision.eq(row.decision),
        review::answer_id.eq(row.answer_id),
        review::words.eq(&row.words),
        review::legal_basis.eq(&row.legal_basis),
        review::decided_at.eq(row.decided_at),
        review::decided_by.eq(row.decided_by),
    );
    diesel::update(review::table.find(row.id)).set(decided).execute(c)?;
    Ok(())
}

/// Reviews of a petition after one, oldest first.
///
/// # Errors
/// Database only.
pub fn of_petition(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Review>> {
    Ok(review::table.filter(review::petition_id.eq(petition)).filter(review::id.gt(after)).order(review::id).limit(limit).load(c)?)
}

/// The review of a petition that was decided last.
pub(super) fn last_decided(c: &mut Conn, petition: Id) -> Result<Option<Review>> {
    let decided = review::table.filter(review::petition_id.eq(petition)).filter(review::state.eq(ReviewState::Decided));
    Ok(decided.order(review::level.desc()).first(c).optional()?)
}

/// One review of a petition.
///
/// # Errors
/// Database only.
pub fn one(c: &mut Conn, petition: Id, id: Id) -> Result<Option<Review>> {
    Ok(review::table.filter(review::petition_id.eq(petition)).filter(review::id.eq(id)).first(c).optional()?)
}
