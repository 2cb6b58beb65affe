//! SQL of referrals.

use super::model::{Answered, Objection, ObjectionDecision, Referral, Report};
use crate::platform::db::Conn;
use crate::platform::db::schema::{objection, referral, referral_report};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use diesel::prelude::*;

/// Stores a referral.
pub(super) fn insert(c: &mut Conn, row: &Referral) -> Result<()> {
    diesel::insert_into(referral::table).values(row).execute(c)?;
    Ok(())
}

/// Stores an objection.
pub(super) fn insert_objection(c: &mut Conn, row: &Objection) -> Result<()> {
    diesel::insert_into(objection::table).values(row).execute(c)?;
    Ok(())
}

/// Stores what the sender said to it.
pub(super) fn decide(c: &mut Conn, id: Id, decision: ObjectionDecision, reason: Option<&str>, at: Time, by: Id) -> Result<()> {
    let decided = (
        objection::decision.eq(Some(decision)),
        objection::decision_reason.eq(reason),
        objection::decided_at.eq(Some(at)),
        objection::decided_by.eq(Some(by)),
    );
    diesel::update(objection::table.find(id)).set(decided).execute(c)?;
    Ok(())
}

/// Stores a closing report.
pub(super) fn insert_report(c: &mut Conn, row: &Report) -> Result<()> {
    diesel::insert_into(referral_report::table).values(row).execute(c)?;
    Ok(())
}

#[diesel::dsl::auto_type]
fn answered() -> _ {
    referral::table.left_join(objection::table).left_join(referral_report::table)
}

/// Referrals of a petition after one, oldest first.
///
/// # Errors
/// Database only.
pub fn of_petition(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Answered>> {
    Ok(answered()
        .filter(referral::petition_id.eq(petition))
        .filter(referral::id.gt(after))
        .order(referral::id)
        .limit(limit)
        .select((referral::all_columns, objection::all_columns.nullable(), referral_report::all_columns.nullable()))
        .load(c)?)
}

/// One referral of a petition.
///
/// # Errors
/// Database only.
pub fn one(c: &mut Conn, petition: Id, id: Id) -> Result<Option<Answered>> {
    Ok(answered()
        .filter(referral::petition_id.eq(petition))
        .filter(referral::id.eq(id))
        .select((referral::all_columns, objection::all_columns.nullable(), referral_report::all_columns.nullable()))
        .first(c)
        .optional()?)
}
