//! SQL of contents and of objects begun.

use super::model::Content;
use crate::platform::db::schema::{attachment_content, attachment_upload};
use crate::platform::db::types::{Id, Time};
use crate::platform::db::{Both, Conn};
use crate::platform::error::{Error, Result};
use chrono::DateTime;
use diesel::prelude::*;

/// Notes that an object is begun.
pub(super) fn begin(c: &mut Conn, object: Id, at: Time) -> Result<()> {
    let row = (attachment_upload::object_id.eq(object), attachment_upload::begun_at.eq(at));
    diesel::insert_into(attachment_upload::table).values(row).execute(c)?;
    Ok(())
}

/// Whether an object is begun and came to nothing yet.
pub(super) fn is_begun(c: &mut Conn, object: Id) -> Result<bool> {
    let found: Option<Id> = attachment_upload::table.find(object).select(attachment_upload::object_id).first(c).optional()?;
    Ok(found.is_some())
}

/// An object that was begun.
#[derive(Debug, Clone, Copy, Queryable)]
pub(super) struct Begun {
    /// When.
    pub at: Time,
    /// Which.
    pub object: Id,
}

impl Begun {
    /// Before all of them.
    pub const FIRST: Self = Self { at: Time(DateTime::UNIX_EPOCH), object: Id::NIL };
}

/// Objects begun before an instant and behind a place, oldest first.
pub(super) fn begun_before(c: &mut Conn, at: Time, after: Begun, limit: i64) -> Result<Vec<Begun>> {
    Ok(attachment_upload::table
        .filter(attachment_upload::begun_at.lt(at))
        .filter(attachment_upload::begun_at.ge(after.at))
        .filter(attachment_upload::begun_at.gt(after.at).or(attachment_upload::object_id.gt(after.object)))
        .order((attachment_upload::begun_at, attachment_upload::object_id))
        .limit(limit)
        .select((attachment_upload::begun_at, attachment_upload::object_id))
        .load(c)?)
}

/// Forgets that an object was begun; false when nobody knows of it any more.
pub(super) fn forget(c: &mut Conn, object: Id) -> Result<bool> {
    Ok(diesel::delete(attachment_upload::table.find(object)).execute(c)? == 1)
}

/// Takes over an object as the content it is, unless the same content is there already: then its object is used, and this one left to
/// whoever began it.
///
/// # Errors
/// Busy when the object was swept away meanwhile.
pub fn take_over(c: &mut Conn, content: &Content) -> Result<()> {
    let known: Option<Id> = attachment_content::table.find(&content.sha256).select(attachment_content::object_id).first(c).optional()?;
    if known.is_some() {
        return Ok(());
    }
    let stored = Both(diesel::insert_into(attachment_content::table).values(content).on_conflict_do_nothing()).execute(c)?;
    if stored == 1 && !forget(c, content.object_id)? {
        return Err(Error::Busy);
    }
    Ok(())
}
