//! When petitions come, and by which way: busy Mondays, the quiet around Spring Festival, waves after a policy, rounds of home visits.

use super::calendar::Calendar;
use super::chance::{Chance, Deck};
use super::habits::{Habits, Starts, Wave};
use crate::petition::Channel;
use crate::petition::model::IntakePlace;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, Utc};

/// A petition that comes.
#[derive(Debug, Clone)]
pub(super) struct Arrival {
    /// When it is registered.
    pub at: DateTime<Utc>,
    pub channel: Channel,
    pub place: IntakePlace,
    /// When the office got it, if that was earlier.
    pub received_at: Option<DateTime<Utc>>,
    /// When a phone without a network took it down.
    pub captured_at: Option<DateTime<Utc>>,
    pub cause: Cause,
}

/// Why it comes, which decides what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// Like any other.
    Ordinary,
    /// With a wave, by its place among the habits.
    Wave(usize),
    /// On a round of home visits, by its number.
    Round(usize),
    /// From a hospital bed.
    Hospital,
    /// Once more with what was decided for good, by the petition in which it was.
    Terminated(Id),
}

/// Everything that comes from `first` until the midnight that begins `end`, in the order of registration.
///
/// # Errors
/// Internal when the habits don't fit.
pub(super) fn arrivals(
    calendar: &Calendar,
    habits: &Habits,
    (first, end): (NaiveDate, NaiveDate),
    chance: &mut Chance,
) -> Result<Vec<Arrival>> {
    let mut all = Coming { calendar, habits, channels: Deck::of(&habits.arrivals.channels), chance, arrivals: Vec::new() };
    for day in first.iter_days().take_while(|day| *day < end) {
        all.of_day(day)?;
    }
    for (n, wave) in habits.waves.iter().enumerate() {
        for start in beginnings(wave, first, end) {
            all.of_wave(n, wave, start)?;
        }
    }
    let mut day = calendar.working_days_after(first, 5);
    for n in 0.. {
        if day >= end {
            break;
        }
        all.of_round(n, day);
        day = calendar.working_days_after(day, habits.rounds.working_days_between);
    }
    let (from, until) = (calendar.midnight(first), calendar.midnight(end));
    let mut arrivals = all.arrivals;
    arrivals.retain(|arrival| arrival.at >= from && arrival.at < until);
    arrivals.sort_by_key(|arrival| arrival.at);
    Ok(arrivals)
}

/// The days a wave begins on.
fn beginnings(wave: &Wave, first: NaiveDate, end: NaiveDate) -> Vec<NaiveDate> {
    match wave.starts {
        Starts::DaysBeforeTheEnd(days) => vec![end - Duration::days(days)],
        Starts::Every(month, day) => {
            (first.year() - 1..=end.year()).filter_map(|year| NaiveDate::from_ymd_opt(year, month, day)).filter(|day| *day < end).collect()
        }
    }
}

struct Coming<'a> {
    calendar: &'a Calendar,
    habits: &'a Habits,
    channels: Deck<Channel>,
    chance: &'a mut Chance,
    arrivals: Vec<Arrival>,
}

impl Coming<'_> {
    fn of_day(&mut self, day: NaiveDate) -> Result<()> {
        let habits = &self.habits.arrivals;
        if !self.calendar.works(day) {
            for _ in 0..self.chance.count(habits.a_rest_day) {
                let channel = if self.chance.share(0.6) { Channel::Phone } else { Channel::Online };
                self.out_of_hours(day, channel);
            }
            return Ok(());
        }
        let weekday = usize::try_from(day.weekday().num_days_from_monday()).unwrap_or(0).min(4);
        let mut mean = habits.a_working_day * habits.monday_to_friday[weekday];
        if self.calendar.rest_before(day) > 2 {
            mean *= habits.after_a_long_holiday;
        }
        if self.quiet(day) {
            mean *= habits.around_spring_festival.share;
        }
        for _ in 0..self.chance.count(mean) {
            self.at_the_desk(day, Cause::Ordinary)?;
        }
        Ok(())
    }

    fn of_wave(&mut self, n: usize, wave: &Wave, start: NaiveDate) -> Result<()> {
        for _ in 0..wave.petitions {
            let drawn = start + Duration::days(self.chance.early(0, wave.days));
            // what is not urgent waits until the festival is over
            let lull = &self.habits.arrivals.around_spring_festival;
            let waits = if self.quiet(drawn) { lull.before + lull.after + 1 } else { 0 };
            let day = self.calendar.working_day(drawn + Duration::days(waits));
            self.at_the_desk(day, Cause::Wave(n))?;
        }
        Ok(())
    }

    /// Whether it is so near to Spring Festival that hardly anybody comes.
    fn quiet(&self, day: NaiveDate) -> bool {
        let lull = &self.habits.arrivals.around_spring_festival;
        self.calendar.days_from_festival(day).is_some_and(|n| (-lull.before..=lull.after).contains(&n))
    }

    /// What is registered while the office is open, by any channel.
    fn at_the_desk(&mut self, day: NaiveDate, cause: Cause) -> Result<()> {
        let channel = self.channels.deal(self.chance)?;
        if channel == Channel::Online && self.chance.share(0.5) {
            self.out_of_hours(day, channel);
            return Ok(());
        }
        let minute = self.calendar.minute(self.chance);
        let at = self.calendar.at(day, minute, self.chance);
        let (place, cause) = match channel {
            Channel::HomeVisit => (IntakePlace::Hospital, Cause::Hospital),
            Channel::Online | Channel::Fax => (IntakePlace::Other, cause),
            _ => (IntakePlace::Desk, cause),
        };
        // a letter lies a day or two before somebody opens it, now and then
        let lay = channel == Channel::Letter && self.chance.share(0.12);
        let received_at = lay.then(|| at - Duration::days(self.chance.between(1, 3)));
        self.arrivals.push(Arrival { at, channel, place, received_at, captured_at: None, cause });
        Ok(())
    }

    /// By telephone to whoever is on duty, who registers at once; online, registered on the next working morning.
    fn out_of_hours(&mut self, day: NaiveDate, channel: Channel) {
        let minute = if self.calendar.works(day) { self.chance.between(18 * 60, 22 * 60) } else { self.chance.between(8 * 60, 21 * 60) };
        let came = self.calendar.at(day, minute, self.chance);
        let (at, received_at, place) = match channel {
            Channel::Phone => (came, None, IntakePlace::Desk),
            _ => (self.calendar.next_morning(came, self.chance), Some(came), IntakePlace::Other),
        };
        self.arrivals.push(Arrival { at, channel, place, received_at, captured_at: None, cause: Cause::Ordinary });
    }

    /// Homes are called at during a day; the phone sends them together, before the office closes or on the next morning.
    fn of_round(&mut self, n: usize, day: NaiveDate) {
        let (few, many) = self.habits.rounds.homes;
        let homes = self.chance.between(few, many);
        let evening = self.calendar.at(day, 16 * 60 + 40, self.chance);
        let sent = if n.is_multiple_of(2) { evening } else { self.calendar.next_morning(day_end(self.calendar, day), self.chance) };
        for home in 0..homes {
            let captured = self.calendar.at(day, 9 * 60 + home * 65 + self.chance.between(0, 30), self.chance);
            self.arrivals.push(Arrival {
                at: sent + Duration::seconds(home),
                channel: Channel::HomeVisit,
                place: IntakePlace::Home,
                received_at: None,
                captured_at: Some(captured),
                cause: Cause::Round(n),
            });
        }
    }
}

fn day_end(calendar: &Calendar, day: NaiveDate) -> DateTime<Utc> {
    calendar.midnight(day + Days::new(1)) - Duration::minutes(1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::deadline::service::shipped;
    use chrono::Weekday;
    use std::sync::Arc;

    #[test]
    fn mondays_are_busy_and_spring_festival_is_quiet() {
        let habits = Habits::read().unwrap();
        let calendar = Calendar::of(&Arc::new(shipped().unwrap()), &habits, chrono_tz::Asia::Shanghai).unwrap();
        let end = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let first = end - Days::new(habits.days);
        let all = arrivals(&calendar, &habits, (first, end), &mut Chance::of(end, 0)).unwrap();
        assert!((450..=600).contains(&all.len()), "{}", all.len());
        let ordinary = |day: Weekday| all.iter().filter(|a| a.cause == Cause::Ordinary && calendar.day(a.at).weekday() == day).count();
        assert!(ordinary(Weekday::Mon) > 2 * ordinary(Weekday::Fri), "{} {}", ordinary(Weekday::Mon), ordinary(Weekday::Fri));
        // two times four weeks are a thirteenth of two years; the office itself does go round before the festival
        let near = |a: &&Arrival| calendar.days_from_festival(calendar.day(a.at)).is_some_and(|n| n.abs() <= 14);
        let come = all.iter().filter(|a| !matches!(a.cause, Cause::Round(_)));
        let (near, all_come) = (come.clone().filter(near).count(), come.count());
        assert!(near * 20 < all_come, "{near} of {all_come}");
        for arrival in &all {
            let on_duty = arrival.channel == Channel::Phone;
            assert!(on_duty || calendar.open(arrival.at), "{arrival:?}");
            assert!([arrival.received_at, arrival.captured_at].into_iter().flatten().all(|before| before < arrival.at), "{arrival:?}");
        }
    }
}
