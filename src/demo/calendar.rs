//! The office's days and hours: when anybody is at the desk at all, and when what is limited ends of itself.

use super::chance::Chance;
use super::habits::Habits;
use crate::calendar;
use crate::deadline::{ClockKind, Timetable, rules};
use crate::petition::Kind;
use crate::platform::clock::office_day;
use crate::platform::error::{Error, Result};
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use std::sync::Arc;

/// Minutes of the day in which the office works, its noon left out.
const MORNING: std::ops::Range<i64> = 8 * 60 + 30..12 * 60;
const AFTERNOON: std::ops::Range<i64> = 14 * 60..17 * 60 + 30;
/// The calendar it works by.
const CODE: &str = "cn";
/// The route of claims that it answers itself.
const OWN_ROUTE: Option<i16> = Some(6);

/// The calendar of the office.
pub(super) struct Calendar {
    zone: Tz,
    timetable: Arc<Timetable>,
    days: calendar::Calendar,
    spring_festivals: Vec<NaiveDate>,
}

impl Calendar {
    /// # Errors
    /// Internal when the office has no calendar.
    pub fn of(timetable: &Arc<Timetable>, habits: &Habits, zone: Tz) -> Result<Self> {
        let found = timetable.calendar(CODE, None).ok_or_else(|| Error::internal("the sample office has no calendar"))?;
        let spring_festivals = habits.arrivals.around_spring_festival.days.clone();
        Ok(Self { zone, timetable: Arc::clone(timetable), days: found.calendar.clone(), spring_festivals })
    }

    /// Whether the office works on that day.
    pub fn works(&self, day: NaiveDate) -> bool {
        self.days.works(day)
    }

    /// The instant at which a limit ends that starts then; none where nothing is limited.
    pub fn end_of(&self, clock: ClockKind, kind: Kind, from: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let rule = self.timetable.rule(clock, kind, OWN_ROUTE, self.day(from))?;
        let limit = rule.rule.limit_of(None)?;
        Some(rule.due(&rule.term(from, limit, &[]), self.zone).at)
    }

    /// Days since (negative: until) the nearest Spring Festival that is known.
    pub fn days_from_festival(&self, day: NaiveDate) -> Option<i64> {
        self.spring_festivals.iter().map(|festival| (day - *festival).num_days()).min_by_key(|n| n.abs())
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
        rules::midnight(day, self.zone)
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::deadline::service::shipped;

    fn calendar() -> Calendar {
        Calendar::of(&Arc::new(shipped().unwrap()), &Habits::read().unwrap(), chrono_tz::Asia::Shanghai).unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn it_rests_on_holidays_and_works_on_make_up_days() {
        let calendar = calendar();
        for (text, works) in [
            ("2026-02-14", true),  // Saturday, make-up
            ("2026-02-16", false), // Monday, Spring Festival's eve
            ("2026-03-02", true),
            ("2026-03-07", false),
            ("2027-02-08", true), // nothing is published: a Monday like any other
            ("2027-10-03", false),
        ] {
            assert_eq!(calendar.works(day(text)), works, "{text}");
        }
        assert_eq!(calendar.working_days_after(day("2026-02-13"), 2), day("2026-02-24"));
    }

    #[test]
    fn what_is_limited_ends_when_the_profile_says() {
        let calendar = calendar();
        let from = calendar.midnight(day("2026-05-22")) + Duration::hours(10);
        let end = |clock, kind| calendar.end_of(clock, kind, from).map(|at| calendar.day(at).to_string());
        assert_eq!(end(ClockKind::Handling, Kind::Claim).as_deref(), Some("2026-07-22"));
        // over the Dragon Boat holiday
        assert_eq!(end(ClockKind::ReviewWindow, Kind::Claim).as_deref(), Some("2026-06-23"));
        assert_eq!(end(ClockKind::ReviewWindow, Kind::Suggestion), None);
    }

    #[test]
    fn whatever_is_done_later_is_done_in_working_hours() {
        let calendar = calendar();
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
