//! A calendar made ready for counting: a bit a day.

use super::model::{CalendarDocument, DayKind};
use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::HashMap;

/// Days of a year, a bit each: set when the office works.
type Year = [u64; 6];

/// A version of a calendar, ready for counting.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    first: i32,
    // none: nothing is published for that year
    years: Vec<Option<Year>>,
    named: HashMap<NaiveDate, (DayKind, String)>,
}

impl Calendar {
    /// Makes a document ready.
    pub fn of(document: &CalendarDocument) -> Self {
        let mut calendar = Self::default();
        let (Some((first, _)), Some((last, _))) = (document.years.first_key_value(), document.years.last_key_value()) else {
            return calendar;
        };
        calendar.first = *first;
        calendar.years = (*first..=*last).map(|year| document.years.contains_key(&year).then(|| weekdays(year))).collect();
        for day in document.years.values().flat_map(|year| &year.days) {
            calendar.named.insert(day.date, (day.kind, day.name.clone()));
            calendar.set(day.date, day.kind.works());
        }
        calendar
    }

    fn set(&mut self, day: NaiveDate, works: bool) {
        let place = day.ordinal0() as usize;
        let year = usize::try_from(day.year() - self.first).ok().and_then(|n| self.years.get_mut(n)).and_then(Option::as_mut);
        if let Some(word) = year.and_then(|year| year.get_mut(place / 64)) {
            let bit = 1_u64 << (place % 64);
            *word = if works { *word | bit } else { *word & !bit };
        }
    }

    fn year(&self, year: i32) -> Option<&Year> {
        usize::try_from(year - self.first).ok().and_then(|n| self.years.get(n)).and_then(Option::as_ref)
    }

    /// Whether a year is published.
    pub fn published(&self, year: i32) -> bool {
        self.year(year).is_some()
    }

    /// Whether the office works on a day.
    pub fn works(&self, day: NaiveDate) -> bool {
        let place = day.ordinal0() as usize;
        match self.year(day.year()).and_then(|year| year.get(place / 64)) {
            Some(word) => word & (1 << (place % 64)) != 0,
            None => !weekend(day),
        }
    }

    /// What a day is.
    pub fn kind(&self, day: NaiveDate) -> DayKind {
        match self.named.get(&day) {
            Some((kind, _)) => *kind,
            None if weekend(day) => DayKind::Weekend,
            None => DayKind::Working,
        }
    }

    /// What a day that is not what its weekday says is for.
    pub fn name(&self, day: NaiveDate) -> Option<&str> {
        self.named.get(&day).map(|(_, name)| name.as_str())
    }
}

pub(super) fn weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

fn weekdays(year: i32) -> Year {
    let mut bits = [0_u64; 6];
    let first = NaiveDate::from_ymd_opt(year, 1, 1);
    for day in first.into_iter().flat_map(|first| first.iter_days().take_while(|day| day.year() == year)).filter(|day| !weekend(*day)) {
        let place = day.ordinal0() as usize;
        if let Some(word) = bits.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }
    bits
}
