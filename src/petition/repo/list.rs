//! Lists of petitions: one index range a relation, merged here; keyset pages that cost the same on page 1 and on page 10,000.

use super::super::model::{Channel, ClosureReason, Kind, Stage};
use super::super::number::read_number;
use super::super::view::{self, PetitionItem};
use super::scope::{self, Caller, Condition, held};
use crate::auth::{Context, Paging};
use crate::codes;
use crate::on_both;
use crate::platform::db::schema::{category, petition, petition_content, unit_closure};
use crate::platform::db::types::{Id, Time};
use crate::platform::db::{Conn, MultiBackend};
use crate::platform::error::{Error, Result};
use crate::unit;
use chrono::{Days, NaiveDate, NaiveTime};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
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

/// A petition as a list needs it.
#[derive(Queryable)]
pub(in crate::petition) struct Listed {
    n: i64,
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
    pub matter_id: Id,
    pub repeat_of: Option<Id>,
    pub first_here: bool,
    pub received_at: Time,
    pub registered_at: Time,
    pub closed_at: Option<Time>,
    pub closure_reason: Option<ClosureReason>,
    pub version: i64,
    pub title: String,
    pub priority_reasons: String,
}

/// The columns of [`Listed`], in its order.
#[diesel::dsl::auto_type]
fn listed() -> _ {
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
        petition::matter_id,
        petition::repeat_of,
        petition::first_here,
        petition::received_at,
        petition::registered_at,
        petition::closed_at,
        petition::closure_reason,
        petition::version,
        petition_content::title,
        petition_content::priority_reasons,
    )
}

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

    /// Petitions that fit, within a range. All but a number are conditions the rows of the range are held to.
    fn within(&self, range: Condition) -> petition::BoxedQuery<'_, MultiBackend> {
        let mut query = petition::table.into_boxed::<MultiBackend>().filter(range);
        if let Some(stages) = &self.stage {
            query = query.filter(held(Box::new(petition::stage.eq_any(stages.clone()).nullable())));
        }
        if let Some(kind) = self.kind {
            query = query.filter(petition::kind.eq(kind));
        }
        if let Some(code) = &self.category {
            query = query.filter(held(Box::new(petition::category.eq_any(with_those_below(code.clone())).nullable())));
        }
        if let Some(channel) = self.channel {
            query = query.filter(petition::channel.eq(channel));
        }
        if let Some(unit) = self.unit {
            let below = || unit_closure::table.filter(unit_closure::ancestor_id.eq(unit));
            let leads = petition::lead_unit.eq_any(below().select(unit_closure::descendant_id.nullable()));
            let holds = petition::registered_unit.eq_any(below().select(unit_closure::descendant_id));
            query = query.filter(held(Box::new(leads.or(petition::lead_unit.is_null().and(holds).nullable()))));
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

    /// Ranges of indexes that hold all that fits and, apart from each other, little else; none when no member has an index.
    fn ranges(&self, c: &mut Conn) -> Result<Vec<Condition>> {
        if let Some(unit) = self.unit {
            let units: Vec<Id> =
                unit_closure::table.filter(unit_closure::ancestor_id.eq(unit)).select(unit_closure::descendant_id).load(c)?;
            let leads = |unit: &Id| -> Condition { Box::new(petition::lead_unit.eq(*unit)) };
            let holds =
                |unit: &Id| -> Condition { Box::new(petition::registered_unit.eq(*unit).and(petition::lead_unit.is_null()).nullable()) };
            let few = if units.len() <= FEW { &units[..] } else { &[] };
            return Ok(few.iter().flat_map(|unit| [leads(unit), holds(unit)]).collect());
        }
        if let Some(code) = &self.category {
            let codes: Vec<String> = with_those_below(code.clone()).load(c)?;
            return Ok(codes.into_iter().map(|code| -> Condition { Box::new(petition::category.eq(code).nullable()) }).collect());
        }
        let stages = self.stage.iter().flatten().collect::<BTreeSet<_>>();
        Ok(stages.into_iter().map(|stage| -> Condition { Box::new(petition::stage.eq(*stage).nullable()) }).collect())
    }

    /// The instants between which all that fits was registered, a day wider on each side: what a day is says the office's zone.
    fn window(&self) -> (Option<Time>, Option<Time>) {
        let midnight = |day: NaiveDate| Time(day.and_time(NaiveTime::MIN).and_utc());
        let from = self.registered_from.and_then(|day| day.checked_sub_days(Days::new(1))).map(midnight);
        (from, self.registered_to.and_then(|day| day.checked_add_days(Days::new(2))).map(midnight))
    }
}

/// Units whose petitions are read each for itself; those of more lie close enough together on the way through all.
const FEW: usize = 16;

type IsCode = diesel::dsl::Nullable<diesel::dsl::Eq<category::code, String>>;
type IsBelow = diesel::dsl::Eq<category::parent, Option<String>>;

/// The codes of a category and of those below it.
#[diesel::dsl::auto_type]
fn with_those_below(code: String) -> _ {
    let parent: Option<String> = Some(code.clone());
    let named: diesel::dsl::Or<IsCode, IsBelow> = category::code.eq(code).nullable().or(category::parent.eq(parent));
    category::table.filter(named).select(category::code)
}

/// A page of what the caller may see.
///
/// # Errors
/// Database only.
pub fn page(c: &mut Conn, cx: &Context, filter: &PetitionFilter, paging: &Paging<Place>, counted: bool) -> Result<PetitionPage> {
    let as_of = paging.after.map_or(Time(cx.now()), |place| place.as_of);
    let newest_first = filter.sort.unwrap_or(Sort::Newest) == Sort::Newest;
    let caller = Caller::of(c, &cx.actor)?;
    let ranges = match scope::arms(&caller) {
        Some(arms) => arms,
        None => {
            let seen = || held(scope::visible(&caller));
            let fit: Vec<Condition> = filter.ranges(c)?.into_iter().map(|range| -> Condition { Box::new(range.and(seen())) }).collect();
            if fit.is_empty() { vec![seen()] } else { fit }
        }
    };
    let (from, to) = filter.window();
    let latest = to.map_or(as_of, |to| to.min(as_of));
    // ranges overlap: of each only the keys are read, and of the page's petitions the rows
    let mut keys: Vec<(Time, Id, i64)> = Vec::new();
    for range in ranges {
        let mut query = filter.within(range);
        // one bound a side: of two SQLite takes the first as the start of its range, and walks to the second
        query = match (paging.after, newest_first) {
            (None, _) => query.filter(petition::registered_at.le(latest)),
            (Some(Place { at, id, .. }), true) => {
                query.filter(petition::registered_at.le(at).and(petition::registered_at.lt(at).or(petition::id.lt(id))))
            }
            (Some(Place { at, id, .. }), false) => query
                .filter(petition::registered_at.ge(at).and(petition::registered_at.gt(at).or(petition::id.gt(id))))
                .filter(petition::registered_at.le(latest)),
        };
        if let Some(from) = from.filter(|_| newest_first || paging.after.is_none()) {
            query = query.filter(petition::registered_at.ge(from));
        }
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

    let of_page = petition::table
        .inner_join(petition_content::table)
        .filter(petition::n.eq_any(keys.iter().map(|(.., n)| *n).collect::<Vec<_>>()))
        .select(listed());
    let mut found: HashMap<i64, Listed> = on_both!(c, |c| of_page.load::<Listed>(c))?.into_iter().map(|row| (row.n, row)).collect();
    let rows: Vec<Listed> = keys.iter().filter_map(|(.., n)| found.remove(n)).collect();
    let mut units: Vec<Id> = rows.iter().flat_map(|p| p.lead_unit.into_iter().chain([p.registered_unit])).collect();
    units.sort_unstable();
    units.dedup();
    let names = unit::repo::names(c, &units)?;
    let page = paging.page(cx, rows, |p| Place { at: p.registered_at, id: p.id, as_of }, |p| Ok(view::item(p, &names)))?;
    let total = match counted {
        true => Some(filter.within(scope::visible(&caller)).filter(petition::registered_at.le(latest)).count().get_result(c)?),
        false => None,
    };
    Ok(PetitionPage { items: page.items, next_cursor: page.next_cursor, total })
}
