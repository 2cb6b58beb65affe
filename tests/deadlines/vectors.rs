//! Days counted by hand, by the shipped calendar.

use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;
use xinfang::calendar::model::PublishedYear;
use xinfang::calendar::{Calendar, CalendarDocument};
use xinfang::deadline::rules::{Light, Limit, Pause, Term, Warning, due, ledger};

/// The calendar of the product.
pub fn shipped() -> Calendar {
    calendar(include_str!("../../data/calendars/cn.json"))
}

/// A calendar of a file in the form of those shipped.
pub fn calendar(text: &str) -> Calendar {
    #[derive(serde::Deserialize)]
    struct File {
        years: BTreeMap<i32, PublishedYear>,
    }
    let file: File = serde_json::from_str(text).unwrap();
    Calendar::of(&CalendarDocument { years: file.years })
}

/// The usual light: 80 percent or three days before, whichever is earlier.
pub const USUAL: Warning = Warning { percent: Some(80), hours_before: Some(72) };

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn the_vectors_hold() {
    let (calendar, zone) = (shipped(), chrono_tz::Asia::Shanghai);
    let mut counted = 0;
    for line in include_str!("../data/deadline-vectors.csv").lines().skip(1).filter(|line| !line.trim().is_empty()) {
        let [start, amount, unit, roll, last_day] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let amount = amount.parse().unwrap();
        let limit = if unit == "working" { Limit::WorkingDays(amount) } else { Limit::Days(amount) };
        // any time of the day is the same day
        for time in ["00:00:00", "00:00:01", "12:00:00", "23:59:59.999999"] {
            let start = at(&format!("{start}T{time}+08:00"));
            let term = Term { start, limit, roll: roll == "forward", pauses: &[], warnings: &[USUAL] };
            let found = due(&term, &calendar, zone);
            assert_eq!((found.on, found.at), (day(last_day), at(&format!("{last_day}T16:00:00Z"))), "{line} at {time}");
            assert_eq!(ledger(&term, &calendar, zone).iter().filter(|day| day.counted).count(), amount as usize, "{line}");
            counted += 1;
        }
    }
    assert!(counted >= 48, "{counted}");
}

/// Stories told with dates: the limits of the Regulation from one Monday, 2 March 2026, nine in the morning.
#[test]
fn the_limits_of_the_regulation() {
    let (calendar, zone, start) = (shipped(), chrono_tz::Asia::Shanghai, at("2026-03-02T01:00:00Z"));
    for (limit, roll, last_day, yellow) in [
        // notice: 15 days; yellow with the twelfth, for three days before the end is the same instant
        (Limit::Days(15), false, "2026-03-17", "2026-03-14T16:00:00Z"),
        // handling: 60 days, yellow with the forty-eighth, extended by 30 with the seventy-second
        (Limit::Days(60), false, "2026-05-01", "2026-04-19T16:00:00Z"),
        (Limit::Days(90), false, "2026-05-31", "2026-05-13T16:00:00Z"),
        // the petitioner's thirty days would end on 1 April; working days go round the weekends
        (Limit::Days(30), true, "2026-04-01", "2026-03-26T16:00:00Z"),
        (Limit::WorkingDays(5), false, "2026-03-09", "2026-03-06T16:00:00Z"),
        (Limit::WorkingDays(3), false, "2026-03-05", "2026-03-02T16:00:00Z"),
        // one day: nothing is left of 80 percent, and three days before the end is before the start
        (Limit::Days(1), false, "2026-03-03", "2026-03-02T01:00:00Z"),
        // a day that somebody set
        (Limit::Until("2026-03-20".parse().unwrap()), false, "2026-03-20", "2026-03-16T16:00:00Z"),
    ] {
        let term = Term { start, limit, roll, pauses: &[], warnings: &[USUAL] };
        let found = due(&term, &calendar, zone);
        assert_eq!((found.on, found.yellow_at), (day(last_day), at(yellow)), "{limit:?}");
        assert!(!found.provisional, "{limit:?}");
    }
    // four hours: no day, no roll
    let term =
        Term { start, limit: Limit::Hours(4), roll: false, pauses: &[], warnings: &[Warning { percent: Some(80), hours_before: None }] };
    let found = due(&term, &calendar, zone);
    assert_eq!((found.on, found.at, found.yellow_at), (day("2026-03-02"), at("2026-03-02T05:00:00Z"), at("2026-03-02T04:12:00Z")));
    // over midnight it is the next day's
    let term = Term { start: at("2026-03-02T13:00:00Z"), ..term };
    assert_eq!(due(&term, &calendar, zone).on, day("2026-03-03"));
}

#[test]
fn lights_change_at_the_instant() {
    let (yellow, end) = (at("2026-03-14T16:00:00Z"), at("2026-03-17T16:00:00Z"));
    let before = |at: DateTime<Utc>| at - chrono::Duration::microseconds(1);
    let lights = [before(yellow), yellow, before(end), end].map(|now| Light::at(now, yellow, end));
    assert_eq!(lights, [Light::Green, Light::Yellow, Light::Yellow, Light::Red]);
}

/// A hearing from 9 to 13 March, both days included, and one that has only begun.
#[test]
fn days_that_stand_are_not_counted() {
    let (calendar, zone, start) = (shipped(), chrono_tz::Asia::Shanghai, at("2026-03-02T01:00:00Z"));
    let pause = |from: &str, until: Option<&str>| Pause { from: day(from), until: until.map(day), reason: "hearing".to_owned() };
    let count = |limit, roll, pauses: &[Pause]| due(&Term { start, limit, roll, pauses, warnings: &[USUAL] }, &calendar, zone);
    let hearing = [pause("2026-03-09", Some("2026-03-13"))];
    assert_eq!(count(Limit::Days(30), false, &hearing).on, day("2026-04-06"));
    // 80 percent are the twenty-fourth day that is counted
    assert_eq!(count(Limit::Days(30), false, &hearing).yellow_at, at("2026-03-31T16:00:00Z"));
    assert_eq!(count(Limit::WorkingDays(10), false, &hearing).on, day("2026-03-23"));
    assert_eq!(count(Limit::Days(30), false, &[pause("2026-03-09", None)]).on, day("2026-04-01"));
    // two that overlap are not taken off twice
    let both = [pause("2026-03-09", Some("2026-03-13")), pause("2026-03-11", Some("2026-03-15"))];
    assert_eq!(count(Limit::Days(30), false, &both).on, day("2026-04-08"));
    // a right whose last day, a Saturday, would move on to a day on which the clock stands, moves on further
    let (saturday, death) = (Limit::Days(5), [pause("2026-03-08", Some("2026-03-11"))]);
    assert_eq!((count(saturday, false, &death).on, count(saturday, true, &death).on), (day("2026-03-07"), day("2026-03-12")));
}
