//! SQL of attachments.

use super::model::{About, Attachment, Enclosed};
use super::rules::{FILES_PER_PACE, FILES_PER_PETITION};
use crate::platform::db::Conn;
use crate::platform::db::schema::{attachment, attachment_content, delivery};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use diesel::prelude::*;

/// Stores an attachment.
pub(super) fn insert(c: &mut Conn, row: &Attachment) -> Result<()> {
    diesel::insert_into(attachment::table).values(row).execute(c).map_err(Error::lost_race)?;
    Ok(())
}

/// Whether an id is taken.
pub(super) fn is_taken(c: &mut Conn, id: Id) -> Result<bool> {
    let found: Option<Id> = attachment::table.find(id).select(attachment::id).first(c).optional()?;
    Ok(found.is_some())
}

/// Attachments of a petition with this very content, oldest first.
pub(super) fn alike(c: &mut Conn, petition: Id, sha256: &[u8]) -> Result<Vec<Attachment>> {
    let same = attachment::table.filter(attachment::petition_id.eq(petition)).filter(attachment::sha256.eq(sha256.to_vec()));
    Ok(same.order(attachment::id).limit(100).load(c)?)
}

/// Bytes of each file of a petition; of more than are taken, not all.
pub(super) fn sizes(c: &mut Conn, petition: Id) -> Result<Vec<i64>> {
    let most = i64::try_from(FILES_PER_PETITION).unwrap_or(i64::MAX);
    let theirs = attachment::table.inner_join(attachment_content::table).filter(attachment::petition_id.eq(petition));
    Ok(theirs.order(attachment::id).limit(most).select(attachment_content::size).load(c)?)
}

/// When an account enclosed files since an instant, the latest first, and their bytes; of more than are taken, not all.
pub(super) fn added_since(c: &mut Conn, account: Id, since: Time) -> Result<Vec<(Time, i64)>> {
    let most = i64::try_from(FILES_PER_PACE).unwrap_or(i64::MAX);
    let theirs = attachment::table.inner_join(attachment_content::table).filter(attachment::added_by.eq(account));
    let theirs = theirs.filter(attachment::added_at.gt(since)).order(attachment::added_at.desc()).limit(most);
    Ok(theirs.select((attachment::added_at, attachment_content::size)).load(c)?)
}

/// Whether what a file is to belong to is the petition's.
pub(super) fn belongs(c: &mut Conn, petition: Id, about: About, id: Id) -> Result<bool> {
    match about {
        About::Petition | About::Answer => Ok(id == petition),
        About::Delivery => {
            let found: Option<Id> = delivery::table
                .filter(delivery::id.eq(id))
                .filter(delivery::petition_id.eq(petition))
                .select(delivery::id)
                .first(c)
                .optional()?;
            Ok(found.is_some())
        }
    }
}

/// Attachments of a petition after one, oldest first.
///
/// # Errors
/// Database only.
pub fn attachments(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Enclosed>> {
    Ok(attachment::table
        .inner_join(attachment_content::table)
        .filter(attachment::petition_id.eq(petition))
        .filter(attachment::id.gt(after))
        .order(attachment::id)
        .limit(limit)
        .load(c)?)
}

/// One attachment of a petition.
///
/// # Errors
/// Database only.
pub fn attachment(c: &mut Conn, petition: Id, id: Id) -> Result<Option<Enclosed>> {
    let found = attachment::table.inner_join(attachment_content::table).filter(attachment::id.eq(id));
    Ok(found.filter(attachment::petition_id.eq(petition)).first(c).optional()?)
}
