//! The history other registers hold of somebody.

use super::model::{Content, LedgerEntry, LedgerEntryView};
use super::repo;
use crate::auth::{Context, Paging, Permission};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::web::Page;
use crate::retiree;
use chrono::NaiveDate;

/// What was settled elsewhere of a retiree the caller reaches, known by their identity number. Accusations show to those who bring in
/// ledgers alone.
///
/// # Errors
/// NotFound.
pub fn of_retiree(c: &mut Conn, cx: &Context, id: Id, paging: &Paging<(NaiveDate, Id)>) -> Result<Page<LedgerEntryView>> {
    let (_, identity) = retiree::service::of_one_person(c, cx, id)?;
    let accusations = cx.actor.require(Permission::ImportRecords.roles()).is_ok();
    let rows = match identity {
        Some(hash) => repo::closed_of(c, hash, accusations, paging.after, paging.rows())?,
        None => Vec::new(),
    };
    paging.page(cx, rows, |row| (row.received_on, row.id), |row| view(cx, row))
}

fn view(cx: &Context, row: LedgerEntry) -> Result<LedgerEntryView> {
    let text = cx.unseal(row.id, "content", &row.content)?;
    let content: Content = serde_json::from_str(&text).map_err(|e| Error::Internal(Box::new(e)))?;
    Ok(LedgerEntryView {
        id: row.id,
        issuer: row.issuer,
        number: row.number,
        kind: row.kind,
        channel: row.channel,
        category: row.category,
        received_on: row.received_on,
        closed_on: row.closed_on,
        title: content.petition["title"].as_str().unwrap_or_default().to_owned(),
        outcome: content.told.outcome,
    })
}
