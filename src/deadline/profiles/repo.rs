//! SQL of profiles as they are administered.

use crate::audit::Head;
use crate::deadline::model::{ProfileRow, ProfileVersionRow};
use crate::deadline::repo::insert_profile_version;
use crate::platform::db::Conn;
use crate::platform::db::schema::{profile, profile_version};
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use diesel::prelude::*;

/// A profile by its code.
pub(super) fn find(c: &mut Conn, code: &str) -> Result<Option<ProfileRow>> {
    // not every text can be asked for
    if code.contains('\0') {
        return Ok(None);
    }
    Ok(profile::table.filter(profile::code.eq(code)).first(c).optional()?)
}

/// A version of a profile.
pub(super) fn version(c: &mut Conn, profile: Id, n: i32) -> Result<Option<ProfileVersionRow>> {
    Ok(profile_version::table.find((profile, n)).first(c).optional()?)
}

/// Profiles after a code, each with its newest version.
pub(super) fn page(c: &mut Conn, after: Option<&str>, rows: i64) -> Result<Vec<(ProfileRow, ProfileVersionRow)>> {
    let newest = profile_version::profile_id.eq(profile::id).and(profile_version::n.eq(profile::newest));
    let query = profile::table.inner_join(profile_version::table.on(newest)).filter(profile::code.gt(after.unwrap_or_default()));
    Ok(query.order(profile::code).limit(rows).select((profile::all_columns, profile_version::all_columns)).load(c)?)
}

/// Versions of a profile before one, newest first.
pub(super) fn versions(c: &mut Conn, profile: Id, before: Option<i32>, rows: i64) -> Result<Vec<ProfileVersionRow>> {
    let query = profile_version::table.filter(profile_version::profile_id.eq(profile));
    let query = query.filter(profile_version::n.lt(before.unwrap_or(i32::MAX)));
    Ok(query.order(profile_version::n.desc()).limit(rows).load(c)?)
}

/// Stores the next version of a profile over the version it was read at, and moves its chain's head.
pub(super) fn publish(c: &mut Conn, row: &ProfileRow, version: &ProfileVersionRow, head: &Head) -> Result<()> {
    let changed = diesel::update(profile::table.find(row.id).filter(profile::version.eq(row.version)))
        .set((
            profile::newest.eq(version.n),
            profile::version.eq(row.version + 1),
            profile::event_n.eq(head.n),
            profile::event_hash.eq(&head.hash),
        ))
        .execute(c)?;
    if changed == 0 {
        return Err(Error::Again);
    }
    insert_profile_version(c, version)
}
