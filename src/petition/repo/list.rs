//! Lists of petitions: one index range a relation, merged here; keyset pages that cost the same on page 1 and on page 10,000.

use super::super::model::{Channel, Kind, Stage};
use super::super::number::read_number;
use super::super::view::{self, PetitionItem};
use super::due::{self, Span};
use super::rows;
use super::scope::{self, Caller, Condition, held};
use crate::auth::{Context, Paging};
use crate::codes;
use crate::deadline::rules::Light;
use crate::platform::db::schema::{category, party, petition, policy_issue_petition, unit_closure};
use crate::platform::db::types::{DbTime, Id, Time};
use crate::platform::db::{Conn, MultiBackend};
use crate::platform::error::{Error, Result};
use crate::unit;
use chrono::{Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::{IntoParams, ToSchema};

crate::text_enum! {
    /// The order of a list.
    pub enum Sort {
        /// Newest first.
        Newest = "-registered_at",
        /// Oldest first.
        Oldest = "registered_at",
        /// What is due first, of the same instant what comes before others; last those of which nothing is due.
        Due = "due_on",
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
    /// Whose nearest last day of an open clock is before this day.
    pub due_before: Option<NaiveDate>,
    /// Which light they show: `red` once something is over, `yellow` when something ends soon, `green` while something runs.
    pub light: Option<Light>,
    /// Whether the matter was new to this office.
    pub first_here: Option<bool>,
    /// The policy issue they belong to.
    pub policy_issue: Option<Id>,
    /// A number, in any grouping and case.
    #[param(max_length = 64)]
    pub number: Option<String>,
    /// The order; the id breaks ties. Newest first unless said, but what is asked for by `due_before` or `light` by `due_on`.
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
    rank: i16,
    id: Id,
    as_of: Time,
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

    /// The order asked for.
    fn order(&self) -> Sort {
        let by_due = self.due_before.is_some() || self.light.is_some();
        self.sort.unwrap_or(if by_due { Sort::Due } else { Sort::Newest })
    }

    /// Petitions that fit, within a range. All but a number are conditions the rows of the range are held to.
    pub fn within(&self, range: Condition, as_of: Time, zone: Tz) -> petition::BoxedQuery<'_, MultiBackend> {
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
        if let Some(day) = self.due_before {
            query = query.filter(held(Span::before(day, zone).behind(None)));
        }
        if let Some(light) = self.light {
            query = query.filter(held(due::lit(light, as_of)));
        }
        if let Some(first) = self.first_here {
            query = query.filter(petition::first_here.eq(first));
        }
        if let Some(issue) = self.policy_issue {
            let belonging = policy_issue_petition::table.filter(policy_issue_petition::policy_issue_id.eq(issue));
            query = query.filter(petition::id.eq_any(belonging.select(policy_issue_petition::petition_id)));
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

    /// The due instants of all that fits; none when nothing is asked of them.
    fn span(&self, as_of: Time, zone: Tz) -> Option<Span> {
        let before = self.due_before.map(|day| Span::before(day, zone).and(Span::open()));
        let lit = self.light.map(|light| Span::lit(light, as_of));
        before.into_iter().chain(lit).reduce(Span::and)
    }

    /// The instant from which on all that fits was registered, a day early: what a day is says the office's zone.
    fn earliest(&self) -> Option<Time> {
        self.registered_from.and_then(|day| day.checked_sub_days(Days::new(1))).map(midnight)
    }

    /// The instant until which all that fits was registered, a day late; never after the first page was read.
    fn latest(&self, as_of: Time) -> Time {
        let to = self.registered_to.and_then(|day| day.checked_add_days(Days::new(2))).map(midnight);
        to.map_or(as_of, |to| to.min(as_of))
    }
}

fn midnight(day: NaiveDate) -> Time {
    Time(day.and_time(NaiveTime::MIN).and_utc())
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

diesel::define_sql_function! {
    /// The column as a value: no index is in its order.
    fn coalesce(column: DbTime, again: DbTime) -> DbTime;
}

/// The index ranges that hold all the caller may see and asked for, but for what is asked of due instants.
fn ranges(c: &mut Conn, caller: &Caller<'_>, filter: &PetitionFilter, span: Option<Span>) -> Result<Vec<Condition>> {
    let seen = || held(scope::visible(caller));
    // of all there ever was few are still open: behind any other way lie more
    if span.is_some() {
        return Ok(vec![seen()]);
    }
    if let Some(arms) = scope::arms(caller) {
        return Ok(arms);
    }
    let fit: Vec<Condition> = filter.ranges(c)?.into_iter().map(|range| -> Condition { Box::new(range.and(seen())) }).collect();
    Ok(if fit.is_empty() { vec![seen()] } else { fit })
}

/// A page of what the caller may see.
///
/// # Errors
/// Database only.
pub fn page(c: &mut Conn, cx: &Context, filter: &PetitionFilter, paging: &Paging<Place>, counted: bool) -> Result<PetitionPage> {
    let as_of = paging.after.map_or(Time(cx.now()), |place| place.as_of);
    let caller = Caller::of(c, &cx.actor)?;
    let span = filter.span(as_of, cx.zone);
    let reading = Reading { after: paging.after, rows: paging.rows(), from: filter.earliest(), latest: filter.latest(as_of), span };
    // ranges overlap: of each only the keys are read, and of the page's petitions the rows
    let mut keys: Vec<due::Key> = Vec::new();
    for range in ranges(c, &caller, filter, span)? {
        let query = filter.within(range, as_of, cx.zone);
        keys.extend(match filter.order() {
            Sort::Due => reading.by_due(c, query)?,
            sort => reading.by_registration(c, query, sort == Sort::Newest)?,
        });
    }
    keys.sort_unstable();
    if filter.order() == Sort::Newest {
        keys.reverse();
    }
    keys.dedup();
    keys.truncate(usize::try_from(paging.rows()).unwrap_or(usize::MAX));
    let page = paging.page(cx, keys, |(at, rank, id, _)| Place { at: *at, rank: *rank, id: *id, as_of }, Ok)?;
    let items = items(c, cx, &page.items, as_of)?;
    let total = match counted {
        true => {
            let all = filter.within(scope::visible(&caller), as_of, cx.zone);
            Some(all.filter(petition::registered_at.le(reading.latest)).count().get_result(c)?)
        }
        false => None,
    };
    Ok(PetitionPage { items, next_cursor: page.next_cursor, total })
}

/// The petitions of a page by their keys.
fn items(c: &mut Conn, cx: &Context, keys: &[due::Key], as_of: Time) -> Result<Vec<PetitionItem>> {
    let rows = rows::at(c, &keys.iter().map(|(.., n)| *n).collect::<Vec<_>>())?;
    let units: BTreeSet<Id> = rows.iter().flat_map(rows::Listed::units).collect();
    let names = unit::repo::names(c, &units.into_iter().collect::<Vec<_>>())?;
    Ok(rows.into_iter().map(|p| view::item(cx, p, &names, as_of.0)).collect())
}

/// A page of the petitions of one person, newest first, of those the caller may see: where one of these profiles stands, or this
/// identity number.
///
/// # Errors
/// Database only.
pub fn of_person(c: &mut Conn, cx: &Context, profiles: &[Id], identity: Option<Vec<u8>>, paging: &Paging<Place>) -> Result<PetitionPage> {
    let as_of = paging.after.map_or(Time(cx.now()), |place| place.as_of);
    let caller = Caller::of(c, &cx.actor)?;
    // two indexes: asked apart, for few petitions are one person's
    let profiles = profiles.iter().copied().map(Some).collect::<Vec<_>>();
    let mut petitions: Vec<Id> = party::table.filter(party::retiree_id.eq_any(profiles)).select(party::petition_id).load(c)?;
    if let Some(hash) = identity {
        petitions.extend(party::table.filter(party::identity_hash.eq(hash)).select(party::petition_id).load::<Id>(c)?);
    }
    petitions.sort_unstable();
    petitions.dedup();
    let reading = Reading { after: paging.after, rows: paging.rows(), from: None, latest: as_of, span: None };
    let theirs = petition::table.into_boxed::<MultiBackend>().filter(petition::id.eq_any(petitions)).filter(held(scope::visible(&caller)));
    let keys = reading.by_registration(c, theirs, true)?;
    let page = paging.page(cx, keys, |(at, rank, id, _)| Place { at: *at, rank: *rank, id: *id, as_of }, Ok)?;
    Ok(PetitionPage { items: items(c, cx, &page.items, as_of)?, next_cursor: page.next_cursor, total: None })
}

type Petitions<'a> = petition::BoxedQuery<'a, MultiBackend>;

/// Which part of each range is read.
struct Reading {
    after: Option<Place>,
    rows: i64,
    from: Option<Time>,
    latest: Time,
    /// The range itself, where it is one of due instants.
    span: Option<Span>,
}

impl Reading {
    /// The keys of a page of a range, by registration.
    fn by_registration(&self, c: &mut Conn, query: Petitions<'_>, newest_first: bool) -> Result<Vec<due::Key>> {
        use petition::{id, registered_at};
        // one bound a side: of two SQLite takes the first as the start of its range, and walks to the second
        let mut bounds: Condition = match (self.after, newest_first) {
            (None, _) => Box::new(registered_at.le(self.latest).nullable()),
            (Some(place), true) => Box::new(registered_at.le(place.at).and(registered_at.lt(place.at).or(id.lt(place.id))).nullable()),
            (Some(place), false) => {
                let behind = registered_at.ge(place.at).and(registered_at.gt(place.at).or(id.gt(place.id)));
                Box::new(behind.and(registered_at.le(self.latest)).nullable())
            }
        };
        if let Some(from) = self.from.filter(|_| newest_first || self.after.is_none()) {
            bounds = Box::new(bounds.and(registered_at.ge(from).nullable()));
        }
        let query = match (self.span, newest_first) {
            (None, true) => query.filter(bounds).order((registered_at.desc(), id.desc())),
            (None, false) => query.filter(bounds).order((registered_at.asc(), id.asc())),
            (Some(span), _) => {
                let value = coalesce(registered_at, registered_at);
                let query = query.filter(span.behind(None)).filter(held(bounds));
                if newest_first { query.order((value.desc(), id.desc())) } else { query.order((value.asc(), id.asc())) }
            }
        };
        let keys = query.select((registered_at, id, petition::n)).limit(self.rows).load::<(Time, Id, i64)>(c)?;
        Ok(keys.into_iter().map(|(at, petition, n)| (at, 0, petition, n)).collect())
    }

    /// The keys of a page of a range, by what is due.
    fn by_due(&self, c: &mut Conn, query: Petitions<'_>) -> Result<Vec<due::Key>> {
        let place = self.after.map(|Place { at, rank, id, as_of }| due::Place { due: at, rank, id, as_of });
        // what came since the first page is none of the list
        let mut bounds: Condition = Box::new(petition::registered_at.le(self.latest).nullable());
        if let Some(from) = self.from {
            bounds = Box::new(bounds.and(petition::registered_at.ge(from).nullable()));
        }
        let query = query.filter(self.span.unwrap_or_default().behind(place)).filter(held(bounds));
        Ok(query.order(due::ORDER).select(due::KEY).limit(self.rows).load(c)?)
    }
}
