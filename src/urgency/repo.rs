//! SQL of urgent reports.

use super::model::UrgentReport;
use crate::platform::db::Conn;
use crate::platform::db::schema::urgent_report;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// Stores a report.
pub(super) fn insert(c: &mut Conn, row: &UrgentReport) -> Result<()> {
    diesel::insert_into(urgent_report::table).values(row).execute(c)?;
    Ok(())
}

/// The last report on a petition.
///
/// # Errors
/// Database only.
pub fn last(c: &mut Conn, petition: Id) -> Result<Option<UrgentReport>> {
    Ok(urgent_report::table.filter(urgent_report::petition_id.eq(petition)).order(urgent_report::id.desc()).first(c).optional()?)
}
