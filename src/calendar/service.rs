//! Publishing calendars.

use super::checks;
use super::model::{CalendarDocument, CalendarRow, CalendarVersionView, NamedDay, NewCalendarVersion, PublishedYear, VersionRow};
use super::repo;
use crate::audit::{Draft, Head, SubjectKind, append};
use crate::auth::{Context, Permission};
use crate::platform::db::types::Time;
use crate::platform::db::{Conn, alone};
use crate::platform::error::{Error, Result};
use data_encoding::HEXLOWER;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Bytes of what is imported at most: a century of years, or what a calendar program exports.
pub const LIMIT: usize = 512 * 1024;

/// The calendar of the product.
const SHIPPED: &str = include_str!("../../data/calendars/cn.json");

#[derive(Deserialize)]
struct Shipped {
    code: String,
    name: String,
    years: BTreeMap<i32, PublishedYear>,
}

/// The calendar of the product: its code and what it says.
///
/// # Errors
/// Internal when what is shipped can't be read.
pub fn shipped() -> Result<(String, CalendarDocument)> {
    let shipped = read_shipped()?;
    Ok((shipped.code, CalendarDocument { years: shipped.years }))
}

fn read_shipped() -> Result<Shipped> {
    serde_json::from_str(SHIPPED).map_err(|e| Error::Internal(Box::new(e)))
}

/// Fills an empty table with the shipped calendar.
///
/// # Errors
/// Database, or internal when what is shipped can't be read.
pub fn load_shipped(c: &mut Conn, cx: &mut Context) -> Result<()> {
    alone(c)?;
    if repo::any(c)? {
        return Ok(());
    }
    let shipped = read_shipped()?;
    let mut row =
        CalendarRow { id: cx.draw.id(), code: shipped.code, name: shipped.name, newest: 1, version: 1, event_n: 0, event_hash: Vec::new() };
    let version = version_of(cx, &row, 1, &CalendarDocument { years: shipped.years })?;
    let draft = published(Draft::by_system("calendar_published"), &row, &version);
    let head = append(c, cx, SubjectKind::Calendar, row.id, &Head::none(), draft)?;
    (row.event_n, row.event_hash) = (head.n, head.hash);
    repo::insert(c, &row, &version)
}

/// A calendar with its newest version.
///
/// # Errors
/// NotFound.
pub fn newest(c: &mut Conn, code: &str) -> Result<(CalendarRow, VersionRow)> {
    let row = repo::find(c, code)?.ok_or(Error::NotFound)?;
    let version = repo::version(c, row.id, row.newest)?.ok_or_else(|| Error::internal("a calendar lacks its newest version"))?;
    Ok((row, version))
}

/// The calendar a caller is about to publish a version of, at the version they have seen.
///
/// # Errors
/// NotFound, VersionRequired, Stale.
pub fn open(c: &mut Conn, cx: &Context, code: &str) -> Result<(CalendarRow, VersionRow)> {
    // those who publish wait for each other: all versions together have one digest
    alone(c)?;
    let (row, version) = newest(c, code)?;
    cx.expect_version(row.version, &row.view(&version)?.etag)?;
    Ok((row, version))
}

/// Publishes years of a calendar as its next version: they take the place of those there were, the others stay.
///
/// Gives the newest version afterwards, and whether it is new: what says the same as the one before is no version and no event.
///
/// # Errors
/// Invalid with every fault.
pub fn publish(
    c: &mut Conn,
    cx: &mut Context,
    (row, last): (CalendarRow, VersionRow),
    new: &NewCalendarVersion,
) -> Result<(CalendarVersionView, bool)> {
    checks::check(new)?;
    let before = last.document()?;
    let mut document = before.clone();
    let years = new.years.iter().filter_map(|(key, published)| Some((checks::year(key)?, in_order(published))));
    document.years.extend(years);
    if document == before {
        return Ok((row.view(&last)?, false));
    }
    let version = version_of(cx, &row, last.n + 1, &document)?;
    let counts: Vec<_> = new.years.iter().map(|(year, published)| json!({"year": year, "days": published.days.len()})).collect();
    let draft = Draft::new("calendar_published", cx.actor.role_among(Permission::AdministerCalendars.roles()));
    let mut draft = published(draft, &row, &version).with("years", counts);
    draft.sealed = new.reason.as_ref().map(|reason| json!({ "reason": reason })).into();
    let head = append(c, cx, SubjectKind::Calendar, row.id, &Head { n: row.event_n, hash: row.event_hash.clone() }, draft)?;
    repo::publish(c, &row, &version, &head)?;
    Ok((row.view(&version)?, true))
}

/// Publishes years as [`publish`] does, over whatever is the newest version.
///
/// # Errors
/// NotFound, Invalid.
pub fn import(c: &mut Conn, cx: &mut Context, code: &str, new: &NewCalendarVersion) -> Result<(CalendarVersionView, bool)> {
    alone(c)?;
    let calendar = newest(c, code)?;
    publish(c, cx, calendar, new)
}

fn version_of(cx: &Context, row: &CalendarRow, n: i32, document: &CalendarDocument) -> Result<VersionRow> {
    let document = serde_json_canonicalizer::to_string(document).map_err(|e| Error::Internal(Box::new(e)))?;
    let digest = Sha256::digest(document.as_bytes()).to_vec();
    Ok(VersionRow { calendar_id: row.id, n, document, digest, published_at: Time(cx.now()), published_by: cx.actor.account_id })
}

fn published(draft: Draft, row: &CalendarRow, version: &VersionRow) -> Draft {
    draft.with("code", &row.code).with("calendar_version", version.n).with("digest", HEXLOWER.encode(&version.digest))
}

/// A year with its days in their order and no blanks around the words: what says the same is the same.
fn in_order(published: &PublishedYear) -> PublishedYear {
    let trimmed = |day: &NamedDay| NamedDay { name: day.name.trim().to_owned(), ..day.clone() };
    let mut days: Vec<NamedDay> = published.days.iter().map(trimmed).collect();
    days.sort_by_key(|day| day.date);
    PublishedYear { source: published.source.trim().to_owned(), days }
}
