//! What can be wrong with years before they are published: all of it, each fault at its place.

use super::model::{DayKind, NewCalendarVersion, PublishedYear};
use super::rules::weekend;
use crate::codes;
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::codes as web;
use chrono::Datelike;
use std::collections::HashSet;
use std::ops::RangeInclusive;

/// The years a calendar may hold; no clock has run before, none runs after.
pub const YEARS: RangeInclusive<i32> = 1990..=2100;

/// Faults that are listed: a file can hold very many.
const MOST: usize = 200;

/// Checks what is to be published.
///
/// # Errors
/// Invalid with every fault.
pub(super) fn check(new: &NewCalendarVersion) -> Result<()> {
    let mut faults = Vec::new();
    if new.years.is_empty() {
        faults.push(Fault::new("/years", web::EMPTY));
    }
    for (key, published) in &new.years {
        match year(key) {
            Some(year) => check_days(year, published, &mut faults),
            None => faults.push(year_fault(key)),
        }
    }
    listed(faults)
}

/// Refuses what has faults; of very many, the first.
///
/// # Errors
/// Invalid, when there are any.
pub fn listed(mut faults: Vec<Fault>) -> Result<()> {
    if faults.len() > MOST {
        faults.truncate(MOST);
        faults.push(Fault::new("", web::MORE_FAULTS).arg(MOST));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// The year of a key; none unless it is one of [`YEARS`], written with its four digits.
pub(super) fn year(key: &str) -> Option<i32> {
    let year: i32 = key.parse().ok()?;
    (YEARS.contains(&year) && year.to_string() == key).then_some(year)
}

fn year_fault(key: &str) -> Fault {
    let place = key.replace('~', "~0").replace('/', "~1");
    Fault::new(format!("/years/{place}"), codes::YEAR_OUT_OF_RANGE).arg(YEARS.start()).arg(YEARS.end())
}

fn check_days(year: i32, published: &PublishedYear, faults: &mut Vec<Fault>) {
    let mut seen = HashSet::new();
    for (place, day) in published.days.iter().enumerate() {
        let at = |member: &str| format!("/years/{year}/days/{place}/{member}");
        if day.date.year() != year {
            faults.push(Fault::new(at("date"), codes::NOT_OF_ITS_YEAR).arg(day.date).arg(year));
        } else if !seen.insert(day.date) {
            faults.push(Fault::new(at("date"), codes::DATE_TWICE).arg(day.date));
        } else if day.kind == DayKind::MakeupWorkday && !weekend(day.date) {
            faults.push(Fault::new(at("date"), codes::MAKEUP_NOT_WEEKEND).arg(day.date));
        }
        if !matches!(day.kind, DayKind::PublicHoliday | DayKind::MakeupWorkday) {
            faults.push(Fault::new(at("kind"), codes::DAY_KIND));
        }
    }
}
