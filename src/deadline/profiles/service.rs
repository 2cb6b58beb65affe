//! Publishing versions of profiles.

use super::checks::{Beside, faults};
use super::model::{NewProfileVersion, ProfileVersionView};
use super::repo;
use crate::audit::{Draft, Head, SubjectKind, append};
use crate::auth::{Context, Permission};
use crate::calendar::listed;
use crate::deadline::model::{ProfileRow, ProfileVersionRow};
use crate::deadline::profile::ProfileDocument;
use crate::deadline::timetable::Timetable;
use crate::platform::db::types::Time;
use crate::platform::db::{Conn, alone};
use crate::platform::error::{Error, Result};
use data_encoding::HEXLOWER;
use serde_json::json;
use sha2::{Digest, Sha256};

/// The version of a profile that a clock started today takes.
pub(super) fn in_force(timetable: &Timetable, cx: &Context, code: &str) -> Option<i32> {
    timetable.in_force_on(code, cx.today()).filter(|profile| profile.valid_from <= cx.today()).map(|profile| profile.version)
}

/// A profile with its newest version.
///
/// # Errors
/// NotFound.
pub(super) fn newest(c: &mut Conn, code: &str) -> Result<(ProfileRow, ProfileVersionRow)> {
    let row = repo::find(c, code)?.ok_or(Error::NotFound)?;
    let version = repo::version(c, row.id, row.newest)?.ok_or_else(|| Error::internal("a profile lacks its newest version"))?;
    Ok((row, version))
}

/// A version as shown.
///
/// # Errors
/// Database, internal.
pub(super) fn view(c: &mut Conn, cx: &Context, row: &ProfileRow, version: &ProfileVersionRow) -> Result<ProfileVersionView> {
    let in_force = in_force(&*Timetable::current(c)?, cx, &row.code);
    ProfileVersionView::of(row, version, in_force)
}

/// The profile a caller is about to publish a version of, at the version they have seen.
///
/// # Errors
/// NotFound, VersionRequired, Stale.
pub fn open(c: &mut Conn, cx: &Context, code: &str) -> Result<(ProfileRow, ProfileVersionRow)> {
    // those who publish wait for each other: profiles are held against each other
    alone(c)?;
    let (row, version) = newest(c, code)?;
    let etag = view(c, cx, &row, &version)?.etag;
    cx.expect_version(row.version, &etag)?;
    Ok((row, version))
}

/// Publishes the next version of a profile that [`open`] gave.
///
/// Gives the newest version afterwards, and whether it is new: what says the same as the one before is no version and no event.
///
/// # Errors
/// Invalid with every fault.
pub fn publish(
    c: &mut Conn,
    cx: &mut Context,
    (row, last): (ProfileRow, ProfileVersionRow),
    new: &NewProfileVersion,
) -> Result<(ProfileVersionView, bool)> {
    let document = new.document();
    if serde_json::from_str::<ProfileDocument>(&last.document).is_ok_and(|before| before == document) && last.valid_from == new.valid_from {
        return Ok((view(c, cx, &row, &last)?, false));
    }
    check(&*Timetable::current(c)?, cx, &row, &last, new)?;
    let document = serde_json_canonicalizer::to_string(&document).map_err(|e| Error::Internal(Box::new(e)))?;
    let digest = Sha256::digest(document.as_bytes()).to_vec();
    let version = ProfileVersionRow {
        profile_id: row.id,
        n: last.n + 1,
        valid_from: new.valid_from,
        document,
        digest,
        published_at: Time(cx.now()),
        published_by: cx.actor.account_id,
    };
    let mut draft = Draft::new("profile_published", cx.actor.role_among(Permission::AdministerProfiles.roles()))
        .with("code", &row.code)
        .with("profile_version", version.n)
        .with("valid_from", version.valid_from)
        .with("digest", HEXLOWER.encode(&version.digest))
        .with("calendar", &new.calendar)
        .with("rules", new.rules.len());
    draft.sealed = new.reason.as_ref().map(|reason| json!({ "reason": reason })).into();
    let head = append(c, cx, SubjectKind::Profile, row.id, &Head { n: row.event_n, hash: row.event_hash.clone() }, draft)?;
    repo::publish(c, &row, &version, &head)?;
    Ok((view(c, cx, &row, &version)?, true))
}

fn check(timetable: &Timetable, cx: &Context, row: &ProfileRow, last: &ProfileVersionRow, new: &NewProfileVersion) -> Result<()> {
    let before =
        timetable.profile(&row.code, last.n).ok_or_else(|| Error::internal("a profile's newest version is not in the timetable"))?;
    let begun = timetable.in_force_on(&row.code, cx.today()).map_or(before.valid_from, |profile| profile.valid_from);
    let others = timetable.from_day_on(new.valid_from).filter(|profile| profile.code != row.code).collect();
    let calendar_known = timetable.calendar(&new.calendar, None).is_some();
    listed(faults(new, &Beside { last: before, begun, others, calendar_known }))
}
