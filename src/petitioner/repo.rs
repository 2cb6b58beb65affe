//! SQL of looking a petition up by its number.

use crate::on_both;
use crate::platform::db::Conn;
use crate::platform::db::schema::{petition, petition_content};
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;

/// The petition of a number, with what is kept of its query code.
pub(super) fn by_number(c: &mut Conn, number: &str) -> Result<Option<(Id, Vec<u8>)>> {
    let found = petition::table
        .inner_join(petition_content::table)
        .filter(petition::number.eq(number))
        .select((petition::id, petition_content::query_code_mac));
    Ok(on_both!(c, |c| found.first(c).optional())?)
}
