//! Visits due, made and late, by reason.

use super::model::VisitSummary;
use super::rules::{self, DEFINITIONS_VERSION};
use crate::auth::Context;
use crate::care::VisitReason;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::visit::repo::{self, Alike, Sight};
use chrono::NaiveDate;

/// The figures of a window over what the caller sees.
///
/// # Errors
/// Database only.
pub(super) fn summary(c: &mut Conn, cx: &Context, window: (NaiveDate, NaiveDate), unit: Option<Id>) -> Result<VisitSummary> {
    let (sight, as_of) = (Sight::of(c, cx)?, Time(cx.now()));
    let alike = repo::counted(c, sight, window, unit)?;
    let over = repo::overdue(c, sight, window, unit, as_of)?;
    let of = |reason: VisitReason| {
        let theirs: Vec<Alike> = alike.iter().filter(|(of, ..)| *of == reason).copied().collect();
        let over = over.iter().filter(|(of, _)| *of == reason).map(|(_, n)| n).sum();
        rules::visits(Some(reason), &theirs, over)
    };
    Ok(VisitSummary {
        from: window.0,
        to: window.1,
        as_of,
        definitions_version: DEFINITIONS_VERSION,
        total: rules::visits(None, &alike, over.iter().map(|(_, n)| n).sum()),
        by_reason: VisitReason::ALL.iter().copied().map(of).collect(),
    })
}
