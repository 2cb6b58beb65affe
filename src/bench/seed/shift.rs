//! How far a copy is moved: whole weeks, and seconds within the day.
//!
//! What stands at the beginning of a day stands there in the copy too, all else is some seconds earlier. A copy is moved only to where
//! every clock of it is counted to days just as many weeks earlier: then all that came of its clocks is right as it is.

use crate::deadline::model::Pauses;
use crate::deadline::rules::{Pause, midnight, warning_at};
use crate::deadline::{Clock, ClockState, Timetable};
use crate::petition::model::Petition;
use crate::platform::clock::office_day;
use crate::platform::db::types::Time;
use crate::platform::error::Result;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

/// Seconds a copy is earlier than whole weeks make it, fewer than these.
pub(super) const EARLIER: u32 = 900;
/// Seconds of a week.
pub(super) const WEEK: u32 = 7 * 86_400;

/// How far a copy is moved back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shift {
    back: TimeDelta,
    weeks: Days,
    zone: Tz,
}

/// The day that begins at that instant, if one does.
pub(super) fn begun(at: DateTime<Utc>, zone: Tz) -> Option<NaiveDate> {
    // most do not, and are told by their seconds
    if at.timestamp() % 60 != 0 || at.timestamp_subsec_nanos() != 0 {
        return None;
    }
    Some(office_day(at, zone)).filter(|day| midnight(*day, zone) == at)
}

impl Shift {
    /// By so many seconds.
    pub(super) fn by(seconds: u32, zone: Tz) -> Self {
        Self { back: TimeDelta::seconds(i64::from(seconds)), weeks: Days::new(u64::from(seconds / WEEK * 7)), zone }
    }

    /// An instant of the original, in the copy.
    pub(super) fn time(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        begun(at, self.zone).map_or(at - self.back, |day| self.beginning(day))
    }

    /// The beginning of a day of the original, in the copy.
    pub(super) fn beginning(&self, day: NaiveDate) -> DateTime<Utc> {
        midnight(self.day(day), self.zone)
    }

    /// A day of the original, in the copy.
    pub(super) fn day(&self, day: NaiveDate) -> NaiveDate {
        day.checked_sub_days(self.weeks).unwrap_or(day)
    }

    /// Whether an instant stays on its day.
    pub(super) fn keeps_day(&self, at: DateTime<Utc>) -> bool {
        office_day(self.time(at), self.zone) == self.day(office_day(at, self.zone))
    }

    /// A clock of the original, in the copy, but for its ids and what it is called by.
    pub(super) fn clock(&self, clock: &Clock) -> Clock {
        let time = |at: Time| Time(self.time(at.0));
        let pause = |pause: &Pause| Pause { from: self.day(pause.from), until: pause.until.map(|day| self.day(day)), ..pause.clone() };
        Clock {
            started_at: time(clock.started_at),
            yellow_at: time(clock.yellow_at),
            next_at: clock.next_at.map(time),
            due_on: self.day(clock.due_on),
            due_at: time(clock.due_at),
            target_at: clock.target_at.map(time),
            breached_at: clock.breached_at.map(time),
            stopped_at: clock.stopped_at.map(time),
            pauses: Pauses(clock.pauses.0.iter().map(pause).collect()),
            ..clock.clone()
        }
    }

    /// The clock of the copy, if the engine counts it to where it is moved and nothing more has come of it by `now`.
    pub(super) fn counted(&self, clock: &Clock, of: &Petition, timetable: &Timetable, now: DateTime<Utc>) -> Result<Option<Clock>> {
        let copy = self.clock(clock);
        let rule = timetable.rule_of(clock, of.kind, of.facts.route)?;
        let (calendar, before, after) = (&rule.calendar.calendar, rule.term_of(clock), rule.term_of(&copy));
        let due = rule.due(&after, self.zone);
        let target = copy.target_at.is_none_or(|at| rule.target(&after, &due, self.zone) == Some(at.0));
        let warned = |place| {
            let [own, moved] =
                [(&before, clock.due_at.0), (&after, due.at)].map(|(term, at)| warning_at(term, place, at, calendar, self.zone));
            own.map(|at| self.time(at)) == moved
        };
        let waits = clock.state != ClockState::Running || copy.next_at.is_some_and(|at| at.0 > now);
        let alike = due.on == copy.due_on && due.at == copy.due_at.0 && due.yellow_at == copy.yellow_at.0;
        let provisional = due.provisional;
        let fits = alike && target && waits && (0..before.warnings.len()).all(warned);
        Ok(fits.then_some(Clock { provisional, ..copy }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_day_stays_one() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let shift = Shift::by(3 * WEEK + 500, chrono_tz::Asia::Shanghai);
        assert_eq!(shift.time(at("2026-06-22T16:00:00Z")), at("2026-06-01T16:00:00Z"));
        assert_eq!(shift.time(at("2026-06-22T16:00:01Z")), at("2026-06-01T15:51:41Z"));
        assert!(shift.keeps_day(at("2026-06-22T16:00:00Z")) && !shift.keeps_day(at("2026-06-22T16:00:01Z")));
        // over a change of summer time
        let shift = Shift::by(20 * WEEK, chrono_tz::Europe::London);
        assert_eq!(shift.time(at("2026-06-22T23:00:00Z")), at("2026-02-03T00:00:00Z"));
    }
}
