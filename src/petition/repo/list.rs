//! Lists of petitions: one index range a relation, merged here; keyset pages that cost the same on page 1 and on page 10,000.

use super::super::model::{Channel, Kind, Petition, Stage};
use super::super::number::read_number;
use super::super::view::{self, PetitionItem};
use super::scope::{self, Caller};
use crate::auth::{Context, Paging};
use crate::codes;
use crate::platform::db::schema::{category, petition, petition_content, unit_closure};
use crate::platform::db::types::{Id, Time};
use crate::platform::db::{Conn, MultiBackend};
use crate::platform::error::{Error, Result};
use crate::unit;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

crate::text_enum! {
    /// The order of a list.
    pub enum Sort {
        /// Newest first.
        Newest = "-registered_at",
        /// Oldest first.
        Oldest = "registered_at",
    }
}

/// Which petitions; all members narrow. Without `stage` closed and voided ones are listed too.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct PetitionFilter {
    /// Stages, separated by commas.
    #[param(style = Form, explode = false, example = json!(["registered", "referred"]))]
    pub stage: Option<Vec<Stage>>,
    /// What they are.
    pub kind: Option<Kind>,
    /// Code of a category; those below it are included.
    #[param(max_length = 64)]
    pub category: Option<String>,
    /// How they reached the office.
    pub channel: Option<Channel>,
    /// The unit that handles them, or one below it; before anybody does, the one that registered them.
    pub unit: Option<Id>,
    /// First office day of registration, included.
    pub registered_from: Option<NaiveDate>,
    /// Last office day of registration, included.
    pub registered_to: Option<NaiveDate>,
    /// Whether the matter was new to this office.
    pub first_here: Option<bool>,
    /// A number, in any grouping and case.
    #[param(max_length = 64)]
    pub number: Option<String>,
    /// The order; the id breaks ties.
    #[param(inline)]
    pub sort: Option<Sort>,
    /// Items a page, 1 to 200, 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 1000)]
    pub cursor: Option<String>,
}

/// Where a page ends, and when its first page was read.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Place {
    at: Time,
    id: Id,
    as_of: Time,
}

/// A petition with its title and why it comes before others.
type Row = (Petition, String, String);

/// A page of petitions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PetitionPage {
    /// The petitions.
    pub items: Vec<PetitionItem>,
    /// Give this as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
    /// How many there are in all; only with `Prefer: count=exact`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}

impl PetitionFilter {
    /// Refuses readable parameters that contradict each other.
    ///
    /// # Errors
    /// Invalid.
    pub fn check(&self) -> Result<()> {
        match (self.registered_from, self.registered_to) {
            (Some(from), Some(to)) if from > to => Err(Error::fault("/registered_from", codes::FROM_AFTER_TO)),
            _ => Ok(()),
        }
    }

    fn apply<'a>(&'a self, condition: scope::Condition) -> petition::BoxedQuery<'a, MultiBackend> {
        let mut query = petition::table.into_boxed::<MultiBackend>().filter(condition);
        if let Some(stages) = &self.stage {
            query = query.filter(petition::stage.eq_any(stages));
        }
        if let Some(kind) = self.kind {
            query = query.filter(petition::kind.eq(kind));
        }
        if let Some(code) = &self.category {
            let below =
                category::table.filter(category::code.eq(code).or(category::parent.eq(code).assume_not_null())).select(category::code);
            query = query.filter(petition::category.eq_any(below));
        }
        if let Some(channel) = self.channel {
            query = query.filter(petition::channel.eq(channel));
        }
        if let Some(unit) = self.unit {
            let below = || unit_closure::table.filter(unit_closure::ancestor_id.eq(unit));
            let leads = petition::lead_unit.eq_any(below().select(unit_closure::descendant_id.nullable()));
            let holds = petition::registered_unit.eq_any(below().select(unit_closure::descendant_id));
            query = query.filter(leads.or(petition::lead_unit.is_null().and(holds).nullable()));
        }
        if let Some(day) = self.registered_from {
            query = query.filter(petition::registered_day.ge(day));
        }
        if let Some(day) = self.registered_to {
            query = query.filter(petition::registered_day.le(day));
        }
        if let Some(first) = self.first_here {
            query = query.filter(petition::first_here.eq(first));
        }
        if let Some(text) = &self.number {
            // what can't be a number is one that nothing has
            query = query.filter(petition::number.eq(read_number(text).unwrap_or_default()));
        }
        query
    }
}

/// A page of what the caller may see.
///
/// # Errors
/// Database only.
pub fn page(c: &mut Conn, cx: &Context, filter: &PetitionFilter, paging: &Paging<Place>, counted: bool) -> Result<PetitionPage> {
    let as_of = paging.after.map_or(Time(cx.now()), |place| place.as_of);
    let newest_first = filter.sort.unwrap_or(Sort::Newest) == Sort::Newest;
    // the arms overlap: of each only the keys are read, and of the page's petitions the rows
    let mut keys: Vec<(Time, Id, i64)> = Vec::new();
    let caller = Caller::of(c, &cx.actor)?;
    for arm in scope::arms(&caller) {
        let mut query = filter.apply(arm);
        // one bound a side: of two SQLite takes the first as the start of its range, and walks to the second
        query = match paging.after {
            None => query.filter(petition::registered_at.le(as_of)),
            Some(Place { at, id, .. }) if newest_first => {
                query.filter(petition::registered_at.le(at).and(petition::registered_at.lt(at).or(petition::id.lt(id))))
            }
            Some(Place { at, id, .. }) => query
                .filter(petition::registered_at.ge(at).and(petition::registered_at.gt(at).or(petition::id.gt(id))))
                .filter(petition::registered_at.le(as_of)),
        };
        query = if newest_first {
            query.order((petition::registered_at.desc(), petition::id.desc()))
        } else {
            query.order((petition::registered_at.asc(), petition::id.asc()))
        };
        keys.extend(query.select((petition::registered_at, petition::id, petition::n)).limit(paging.rows()).load::<(Time, Id, i64)>(c)?);
    }
    keys.sort_unstable();
    if newest_first {
        keys.reverse();
    }
    keys.dedup();
    keys.truncate(usize::try_from(paging.rows()).unwrap_or(usize::MAX));

    let mut found: HashMap<i64, Row> = petition::table
        .inner_join(petition_content::table)
        .filter(petition::n.eq_any(keys.iter().map(|(.., n)| *n)))
        .select((petition::all_columns, petition_content::title, petition_content::priority_reasons))
        .load::<Row>(c)?
        .into_iter()
        .map(|row| (row.0.n, row))
        .collect();
    let rows: Vec<Row> = keys.iter().filter_map(|(.., n)| found.remove(n)).collect();
    let mut units: Vec<Id> = rows.iter().flat_map(|(p, ..)| p.lead_unit.into_iter().chain([p.registered_unit])).collect();
    units.sort_unstable();
    units.dedup();
    let names = unit::repo::names(c, &units)?;
    let page = paging.page(
        cx,
        rows,
        |(p, ..)| Place { at: p.registered_at, id: p.id, as_of },
        |(p, title, reasons)| Ok(view::item(&p, title, &reasons, &names)),
    )?;
    let total = match counted {
        true => Some(filter.apply(scope::visible(&caller)).filter(petition::registered_at.le(as_of)).count().get_result(c)?),
        false => None,
    };
    Ok(PetitionPage { items: page.items, next_cursor: page.next_cursor, total })
}
