//! Issuing a notice.

use super::model::{Method, NewNotice, Notice, NoticeKind};
use super::{repo, texts};
use crate::auth::Context;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::unit;

/// What a notice is about, handed in by the slice whose act owes it.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The petition.
    pub petition: Id,
    /// Its number.
    pub number: &'a str,
    /// The unit the words name.
    pub unit: Id,
}

/// Issues a notice; without `how` nobody has to be told (anonymous, no address) and only the words are kept.
///
/// # Errors
/// Database only.
pub fn issue(c: &mut Conn, cx: &mut Context, about: About<'_>, kind: NoticeKind, how: Option<&NewNotice>) -> Result<Notice> {
    let text = match how.and_then(|n| n.text.clone()) {
        Some(text) => text,
        None => texts::usual(kind, about.number, unit::repo::names(c, &[about.unit])?.get(&about.unit).map_or("", String::as_str)),
    };
    store(c, cx, about.petition, kind, how.map(|n| n.method), text, None)
}

/// Issues a letter of supervision (督办函) to a unit.
///
/// # Errors
/// Database only.
pub fn address(c: &mut Conn, cx: &mut Context, petition: Id, unit: Id, text: String) -> Result<Notice> {
    store(c, cx, petition, NoticeKind::Supervision, None, text, Some(unit))
}

fn store(
    c: &mut Conn,
    cx: &mut Context,
    petition_id: Id,
    kind: NoticeKind,
    method: Option<Method>,
    text: String,
    to_unit: Option<Id>,
) -> Result<Notice> {
    let row = Notice {
        id: cx.draw.id(),
        petition_id,
        kind,
        method,
        text,
        unit_id: cx.actor.unit_id,
        issued_at: Time(cx.now()),
        issued_by: cx.actor.id(),
        to_unit,
    };
    repo::insert(c, &row)?;
    Ok(row)
}
