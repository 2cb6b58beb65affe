//! Petitions by when they are due: the range of `petition_due` or `petition_work` that is asked for, and where a page ends in it.

use super::scope::Condition;
use crate::deadline::rules::{Light, midnight};
use crate::petition::clocks::never;
use crate::platform::db::schema::petition;
use crate::platform::db::types::{DbTime, DbUuid, Id, Time};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, SmallInt};
use serde::{Deserialize, Serialize};

/// A petition in the order of what is due, of the same instant those that come before others first; and its place in the table.
pub type Key = (Time, i16, Id, i64);

/// The columns of [`Key`], in its order.
pub const KEY: (petition::sort_due, petition::priority_rank, petition::id, petition::n) =
    (petition::sort_due, petition::priority_rank, petition::id, petition::n);

/// The columns of the order itself.
pub const ORDER: (petition::sort_due, petition::priority_rank, petition::id) = (petition::sort_due, petition::priority_rank, petition::id);

/// Where a page in that order ends, and when its first page was read.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Place {
    /// The nearest end of an open clock; far away while there is none.
    pub due: Time,
    /// What comes before others has the lower one.
    pub rank: i16,
    /// The petition.
    pub id: Id,
    /// When the first page was read.
    pub as_of: Time,
}

impl Place {
    /// The place of a petition.
    pub fn of((due, rank, id, _): &Key, as_of: Time) -> Self {
        Self { due: *due, rank: *rank, id: *id, as_of }
    }
}

/// The due instants between two: after the one, until the other, included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// Not this one, only later ones.
    pub after: Option<Time>,
    /// This one and earlier ones.
    pub until: Option<Time>,
}

impl Span {
    /// Of petitions of which anything is due.
    pub fn open() -> Self {
        Self { after: None, until: Some(just_before(never())) }
    }

    /// Of petitions that show a light at an instant.
    pub fn lit(light: Light, as_of: Time) -> Self {
        match light {
            Light::Red => Self { after: None, until: Some(as_of) },
            Light::Yellow | Light::Green => Self { after: Some(as_of), ..Self::open() },
        }
    }

    /// Of petitions whose nearest last day is before a day.
    pub fn before(day: NaiveDate, zone: Tz) -> Self {
        Self { after: None, until: Some(Time(midnight(day, zone))) }
    }

    /// What both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let until = self.until.into_iter().chain(other.until).min();
        Self { after: self.after.max(other.after), until }
    }

    /// The petitions of the span behind a place, as the start of an index range: one bound a side, or SQLite would begin at the
    /// first of two and walk to the second. The three are compared as one, or all that end at one instant would be walked again
    /// for each page.
    pub fn behind(self, place: Option<Place>) -> Condition {
        let from: Option<Condition> = match place {
            Some(Place { due, rank, id, .. }) => Some(Box::new(
                diesel::dsl::sql::<Nullable<Bool>>("(petition.sort_due, petition.priority_rank, petition.id) > (")
                    .bind::<DbTime, _>(due)
                    .sql(", ")
                    .bind::<SmallInt, _>(rank)
                    .sql(", ")
                    .bind::<DbUuid, _>(id)
                    .sql(")"),
            )),
            None => self.after.map(|after| -> Condition { Box::new(petition::sort_due.gt(after).nullable()) }),
        };
        let until = self.until.map(|until| petition::sort_due.le(until).nullable());
        match (from, until) {
            (Some(from), Some(until)) => Box::new(from.and(until)),
            (Some(from), None) => from,
            (None, Some(until)) => Box::new(until),
            (None, None) => Box::new(petition::n.gt(0).nullable()),
        }
    }
}

/// Petitions of which nothing is due, behind a place: few in a range of one unit. Compared one by one, for as one PostgreSQL would
/// expect none behind the last rank there is, and take any way to find them.
pub fn rest(place: Option<Place>) -> Condition {
    let (rank, id) = (petition::priority_rank, petition::id);
    let rest = petition::sort_due.eq(never());
    match place.filter(|place| place.due >= never()) {
        Some(place) => Box::new(rest.and(rank.ge(place.rank)).and(rank.gt(place.rank).or(id.gt(place.id))).nullable()),
        None => Box::new(rest.nullable()),
    }
}

/// Petitions that show a light at an instant.
pub fn lit(light: Light, as_of: Time) -> Condition {
    let (due, yellow) = (petition::sort_due, petition::sort_yellow);
    match light {
        Light::Red => Box::new(due.le(as_of).nullable()),
        Light::Yellow => Box::new(due.gt(as_of).and(yellow.le(as_of)).nullable()),
        Light::Green => Box::new(due.gt(as_of).and(yellow.gt(as_of)).and(due.lt(never())).nullable()),
    }
}

/// The light of a petition; none while nothing is due.
pub fn light(due: Time, yellow: Time, as_of: DateTime<Utc>) -> Option<Light> {
    (due < never()).then(|| Light::at(as_of, yellow.0, due.0))
}

/// The last day of what ends at that instant; none while nothing is due.
pub fn last_day(due: Time, zone: Tz) -> Option<NaiveDate> {
    (due < never()).then(|| crate::platform::clock::office_day(just_before(due).0, zone))
}

fn just_before(at: Time) -> Time {
    Time(at.0 - Duration::microseconds(1))
}
