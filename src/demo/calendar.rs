//! The office's days and hours: when anybody is at the desk at all.

use super::chance::Chance;
use crate::platform::clock::office_day;
use crate::platform::error::{Error, Result};
use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveTime, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Tz;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Minutes of the day in which the office works, its noon left out.
const MORNING: std::ops::Range<i64> = 8 * 60 + 30..12 * 60;
const AFTERNOON: std::ops::Range<i64> = 14 * 60..17 * 60 + 30;

#[derive(Deserialize)]
struct RestDays {
    years: BTreeMap<i32, Year>,
    spring_festivals: Vec<NaiveDate>,
}

#[derive(Deserialize)]
struct Year {
    off: BTreeSet<NaiveDate>,
    makeup: BTreeSet<NaiveDate>,
}

/// The calendar of the office.
pub(super) struct Calendar {
    zone: Tz,
    rest: RestDays,
}

impl Calendar {
    /// # Errors
    /// Internal when the days can't be read.
    pub fn read(zone: Tz) -> Result<Self> {
        let rest = serde_json::from_str(include_str!("../../data/demo/rest-days.json")).map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(Self { zone, rest })
    }

    /// Whether the office works on that day.
    pub fn works(&self, day: NaiveDate) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        match self.rest.years.get(&day.year()) {
            Some(year) => year.makeup.contains(&day) || !(weekend || year.off.contains(&day)),
            // nothing is published for that year: weekends and the festivals everybody knows
            None => !(weekend || fixed_festival(day) || self.days_from_festival(day).is_some_and(|n| (-1..7).contains(&n))),
        }
    }

    /// Days since (negative: until) the nearest Spring Festival that is known.
    pub fn days_from_festival(&self, day: NaiveDate) -> Option<i64> {
        self.rest.spring_festivals.iter().map(|festival| (day - *festival).num_days()).min_by_key(|n| n.abs())
    }

    /// The first working day that is not before `day`.
    pub fn working_day(&self, day: NaiveDate) -> NaiveDate {
        let mut day = day;
        while !self.works(day) {
            day = day + Days::new(1);
        }
        day
    }

    /// The `n`-th working day after `day`; `day` itself or the next working one for 0.
    pub fn working_days_after(&self, day: NaiveDate, n: i64) -> NaiveDate {
        let mut day = self.working_day(day);
        for _ in 0..n {
            day = self.working_day(day + Days::new(1));
        }
        day
    }

    /// Rest days that ended right before this day.
    pub fn rest_before(&self, day: NaiveDate) -> usize {
        (1..10).take_while(|n| !self.works(day - Days::new(*n))).count()
    }

    /// The day of an instant.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        office_day(at, self.zone)
    }

    /// The instant of a minute of a day, some seconds past it.
    pub fn at(&self, day: NaiveDate, minute: i64, chance: &mut Chance) -> DateTime<Utc> {
        self.moment(day, minute) + Duration::seconds(chance.between(0, 59))
    }

    /// The first instant of a day.
    pub fn midnight(&self, day: NaiveDate) -> DateTime<Utc> {
        self.moment(day, 0)
    }

    fn moment(&self, day: NaiveDate, minute: i64) -> DateTime<Utc> {
        let local = day.and_time(NaiveTime::MIN) + Duration::minutes(minute);
        // an hour that a change of summer time skips begins where it ends
        let after = || self.zone.from_local_datetime(&(local + Duration::hours(1))).earliest();
        self.zone.from_local_datetime(&local).earliest().or_else(after).map_or_else(|| local.and_utc(), |at| at.to_utc())
    }

    /// A minute in which the office works.
    pub fn minute(&self, chance: &mut Chance) -> i64 {
        self.minute_after(0, chance).unwrap_or(MORNING.start)
    }

    /// A minute in which the office works, after that minute of the same day.
    fn minute_after(&self, minute: i64, chance: &mut Chance) -> Option<i64> {
        let from = (minute + 3).max(MORNING.start);
        let morning = (MORNING.end - from).max(0);
        let afternoon = AFTERNOON.end - from.max(AFTERNOON.start);
        if morning + afternoon.max(0) == 0 || afternoon <= 0 {
            return None;
        }
        let n = chance.between(0, morning + afternoon - 1);
        Some(if n < morning { from + n } else { from.max(AFTERNOON.start) + n - morning })
    }

    /// A working instant, so many working days after `at`; on the same day for 0 while there is time, else on the next.
    pub fn later(&self, at: DateTime<Utc>, working_days: i64, chance: &mut Chance) -> DateTime<Utc> {
        let day = self.day(at);
        if working_days == 0
            && self.works(day)
            && let Some(minute) = self.minute_after(self.minute_of(at), chance)
        {
            return self.at(day, minute, chance);
        }
        let day = self.working_days_after(day + Days::new(1), (working_days - 1).max(0));
        let minute = self.minute(chance);
        self.at(day, minute, chance)
    }

    /// Some minutes after `at`, or first thing on the next working morning when the office is closed by then.
    pub fn soon(&self, at: DateTime<Utc>, minutes: i64, chance: &mut Chance) -> DateTime<Utc> {
        let then = at + Duration::minutes(minutes);
        if self.open(then) { then } else { self.next_morning(at, chance) }
    }

    /// First thing on the working morning after `at`.
    pub fn next_morning(&self, at: DateTime<Utc>, chance: &mut Chance) -> DateTime<Utc> {
        let day = self.day(at);
        let before_opening = self.works(day) && self.minute_of(at) < MORNING.start;
        let day = if before_opening { day } else { self.working_day(day + Days::new(1)) };
        let minute = MORNING.start + chance.between(0, 25);
        self.at(day, minute, chance)
    }

    /// Whether somebody is at the desk.
    pub fn open(&self, at: DateTime<Utc>) -> bool {
        let minute = self.minute_of(at);
        self.works(self.day(at)) && (MORNING.contains(&minute) || AFTERNOON.contains(&minute))
    }

    fn minute_of(&self, at: DateTime<Utc>) -> i64 {
        let time = at.with_timezone(&self.zone).time();
        i64::from(time.hour() * 60 + time.minute())
    }
}

fn fixed_festival(day: NaiveDate) -> bool {
    matches!((day.month(), day.day()), (1, 1) | (5, 1..=3) | (10, 1..=7))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn it_rests_on_holidays_and_works_on_make_up_days() {
        let calendar = Calendar::read(chrono_tz::Asia::Shanghai).unwrap();
        for (text, works) in [
            ("2026-02-14", true),  // Saturday, make-up
            ("2026-02-16", false), // Monday, Spring Festival's eve
            ("2026-03-02", true),
            ("2026-03-07", false),
            ("2027-02-08", false), // nothing is published: by the lunar calendar
            ("2027-10-04", false),
            ("2027-10-11", true),
        ] {
            assert_eq!(calendar.works(day(text)), works, "{text}");
        }
        assert_eq!(calendar.working_days_after(day("2026-02-13"), 2), day("2026-02-24"));
    }

    #[test]
    fn whatever_is_done_later_is_done_in_working_hours() {
        let calendar = Calendar::read(chrono_tz::Asia::Shanghai).unwrap();
        let mut chance = Chance::of(day("2026-03-02"), 1);
        let mut at = calendar.midnight(day("2026-02-11"));
        for n in 0..400 {
            let then = match n % 4 {
                0 => calendar.later(at, 0, &mut chance),
                1 => calendar.later(at, 2, &mut chance),
                2 => calendar.soon(at, 25, &mut chance),
                _ => calendar.next_morning(at, &mut chance),
            };
            assert!(then > at && calendar.open(then), "{at} {then}");
            at = then;
        }
    }
}
