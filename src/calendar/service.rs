//! Publishing calendars.

use super::model::{CalendarDocument, CalendarRow, PublishedYear, VersionRow};
use super::repo;
use crate::audit::{Draft, Head, SubjectKind, append};
use crate::auth::Context;
use crate::platform::db::types::Time;
use crate::platform::db::{Conn, alone};
use crate::platform::error::{Error, Result};
use data_encoding::HEXLOWER;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The calendar of the product.
const SHIPPED: &str = include_str!("../../data/calendars/cn.json");

#[derive(Deserialize)]
struct Shipped {
    code: String,
    name: String,
    years: BTreeMap<i32, PublishedYear>,
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
    let shipped: Shipped = serde_json::from_str(SHIPPED).map_err(|e| Error::Internal(Box::new(e)))?;
    let mut row =
        CalendarRow { id: cx.draw.id(), code: shipped.code, name: shipped.name, newest: 1, version: 1, event_n: 0, event_hash: Vec::new() };
    let document = CalendarDocument { years: shipped.years };
    let document = serde_json_canonicalizer::to_string(&document).map_err(|e| Error::Internal(Box::new(e)))?;
    let digest = Sha256::digest(document.as_bytes()).to_vec();
    let draft =
        Draft::by_system("calendar_published").with("code", &row.code).with("calendar_version", 1).with("digest", HEXLOWER.encode(&digest));
    let head = append(c, cx, SubjectKind::Calendar, row.id, &Head::none(), draft)?;
    (row.event_n, row.event_hash) = (head.n, head.hash);
    let version = VersionRow { calendar_id: row.id, n: 1, document, digest, published_at: Time(cx.now()), published_by: None };
    repo::insert(c, &row, &version)
}
