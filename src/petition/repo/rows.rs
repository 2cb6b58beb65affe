//! Petitions as lists need them, by their keys.

use super::super::model::{Channel, ClosureReason, Kind, Stage};
use crate::on_both;
use crate::platform::db::Conn;
use crate::platform::db::schema::{petition, petition_content, supervision};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use diesel::dsl::exists;
use diesel::prelude::*;
use std::collections::HashMap;

/// A petition as a list needs it.
#[derive(Debug, Clone, Queryable)]
#[allow(missing_docs)] // the view says what they are
pub struct Listed {
    pub n: i64,
    pub id: Id,
    pub number: String,
    pub stage: Stage,
    pub kind: Kind,
    pub channel: Channel,
    pub category: String,
    pub urgent: bool,
    pub restricted: bool,
    pub registered_unit: Id,
    pub lead_unit: Option<Id>,
    pub work_unit: Option<Id>,
    pub matter_id: Id,
    pub repeat_of: Option<Id>,
    pub first_here: bool,
    pub received_at: Time,
    pub registered_at: Time,
    pub closed_at: Option<Time>,
    pub closure_reason: Option<ClosureReason>,
    pub sort_due: Time,
    pub sort_yellow: Time,
    pub version: i64,
    pub priority_rank: i16,
    pub title: String,
    pub priority_reasons: String,
    pub supervised: bool,
}

impl Listed {
    /// The units a list names.
    pub fn units(&self) -> impl Iterator<Item = Id> {
        self.lead_unit.into_iter().chain([self.registered_unit])
    }
}

/// The columns of [`Listed`], in its order.
#[diesel::dsl::auto_type]
pub(crate) fn listed() -> _ {
    (
        petition::n,
        petition::id,
        petition::number,
        petition::stage,
        petition::kind,
        petition::channel,
        petition::category,
        petition::urgent,
        petition::restricted,
        petition::registered_unit,
        petition::lead_unit,
        petition::work_unit,
        petition::matter_id,
        petition::repeat_of,
        petition::first_here,
        petition::received_at,
        petition::registered_at,
        petition::closed_at,
        petition::closure_reason,
        petition::sort_due,
        petition::sort_yellow,
        petition::version,
        petition::priority_rank,
        petition_content::title,
        petition_content::priority_reasons,
        // one is found by the index of its petition
        exists(supervision::table.filter(supervision::petition_id.eq(petition::id)).filter(supervision::state.eq("open"))),
    )
}

/// The petitions at these places of the table, in the order of the places; whether the caller may see them was asked before.
///
/// # Errors
/// Database only.
pub fn at(c: &mut Conn, places: &[i64]) -> Result<Vec<Listed>> {
    let of_page = petition::table.inner_join(petition_content::table).filter(petition::n.eq_any(places.to_vec())).select(listed());
    let mut found: HashMap<i64, Listed> = on_both!(c, |c| of_page.load::<Listed>(c))?.into_iter().map(|row| (row.n, row)).collect();
    Ok(places.iter().filter_map(|n| found.remove(n)).collect())
}
