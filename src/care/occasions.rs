//! The must-visit occasions (六必访), which are data: what they are called, when they come, how long there is.

use super::model::VisitReason;
use crate::platform::error::{Error, Result};
use chinese_lunisolar_calendar::LunisolarDate;
use chrono::{Datelike, Days, NaiveDate};
use serde::Deserialize;
use std::sync::OnceLock;

const SHIPPED: &str = include_str!("../../data/visit-occasions.json");

/// All occasions of an office.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Occasions {
    #[serde(rename = "source")]
    _source: String,
    birthday_ages: Vec<i32>,
    occasions: Vec<Occasion>,
}

/// An occasion.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Occasion {
    /// Which.
    pub reason: VisitReason,
    /// What it is called.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    lunar: Option<LunarDay>,
    /// A task is planned so many days before the day itself.
    #[serde(default)]
    ahead_days: u64,
    /// A visit counts for it from so many days before the day itself.
    #[serde(default)]
    opens_days: u64,
    /// Hours after what happened.
    pub hours: Option<u32>,
    /// Working days after what happened, the day itself not counted.
    pub working_days: Option<u32>,
}

/// A day of the lunar calendar, never of a leap month.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct LunarDay {
    month: u8,
    day: u8,
}

/// A visit that comes up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upcoming {
    /// Why.
    pub reason: VisitReason,
    /// What tells it from that of another year.
    pub occasion: String,
    /// The first day on which a visit counts.
    pub opens_on: NaiveDate,
    /// The day itself, the last one.
    pub due_on: NaiveDate,
}

impl Occasions {
    /// Those of the product.
    ///
    /// # Errors
    /// Internal when they can't be read.
    pub fn shipped() -> Result<&'static Self> {
        static READ: OnceLock<Option<Occasions>> = OnceLock::new();
        let read = READ.get_or_init(|| serde_json::from_str(SHIPPED).ok()).as_ref();
        read.ok_or_else(|| Error::internal("data/visit-occasions.json can't be read"))
    }

    /// The one of a reason.
    ///
    /// # Errors
    /// Internal when the data leave it out.
    pub fn of(&self, reason: VisitReason) -> Result<&Occasion> {
        let found = self.occasions.iter().find(|occasion| occasion.reason == reason);
        found.ok_or_else(|| Error::internal(format!("data/visit-occasions.json lacks {}", reason.as_str())))
    }

    /// What is to be planned on a day for everybody.
    pub fn festivals(&self, today: NaiveDate) -> Vec<Upcoming> {
        let mut coming = Vec::new();
        for occasion in &self.occasions {
            let Some(lunar) = occasion.lunar else { continue };
            for year in [today.year(), today.year() + 1] {
                if let Some(day) = solar(year, lunar).filter(|day| occasion.is_near(*day, today)) {
                    coming.push(occasion.upcoming(day, year.to_string()));
                }
            }
        }
        coming
    }

    /// Whether somebody has the birthday of this age on this day.
    pub fn turns(born: NaiveDate, age: &str, day: NaiveDate) -> bool {
        age.parse::<i32>().is_ok_and(|age| birthday(born, born.year().saturating_add(age)) == Some(day))
    }

    /// The round birthday that is to be planned on a day for somebody born on another.
    pub fn birthday(&self, born: NaiveDate, today: NaiveDate) -> Option<Upcoming> {
        let occasion = self.occasions.iter().find(|occasion| occasion.reason == VisitReason::Birthday)?;
        [today.year(), today.year() + 1].into_iter().find_map(|year| {
            let age = year - born.year();
            let day = birthday(born, year)?;
            let round = self.birthday_ages.contains(&age) && occasion.is_near(day, today);
            round.then(|| occasion.upcoming(day, age.to_string()))
        })
    }
}

impl Occasion {
    fn is_near(&self, day: NaiveDate, today: NaiveDate) -> bool {
        today <= day && day.checked_sub_days(Days::new(self.ahead_days)).is_some_and(|first| first <= today)
    }

    fn upcoming(&self, day: NaiveDate, occasion: String) -> Upcoming {
        let opens_on = day.checked_sub_days(Days::new(self.opens_days)).unwrap_or(day);
        Upcoming { reason: self.reason, occasion, opens_on, due_on: day }
    }
}

/// The day on which a lunar year's day falls; the lunar year begins in the solar one of its number.
fn solar(year: i32, lunar: LunarDay) -> Option<NaiveDate> {
    let date = LunisolarDate::from_ymd(u16::try_from(year).ok()?, lunar.month, false, lunar.day).ok()?;
    Some(date.to_naive_date())
}

/// The birthday in a year; whoever was born on a leap day has it on 28 February otherwise.
fn birthday(born: NaiveDate, year: i32) -> Option<NaiveDate> {
    born.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_reason_has_its_occasion_and_a_limit() {
        let occasions = Occasions::shipped().unwrap();
        for reason in VisitReason::ALL {
            let occasion = occasions.of(*reason).unwrap();
            let planned = occasion.ahead_days > 0 && occasion.opens_days > 0 && occasion.opens_days <= occasion.ahead_days;
            assert_eq!(planned, occasion.hours.is_none() && occasion.working_days.is_none(), "{reason:?}");
            assert!(!occasion.name.is_empty() && occasion.name_en.is_ascii());
        }
    }

    #[test]
    fn festivals_fall_on_their_days() {
        let (spring, autumn, ninth) = (LunarDay { month: 1, day: 1 }, LunarDay { month: 8, day: 15 }, LunarDay { month: 9, day: 9 });
        // as printed in almanacs; 2020, 2023, 2025 and 2033 have leap months
        for (lunar, days) in [
            (
                spring,
                &[
                    "2020-01-25",
                    "2021-02-12",
                    "2022-02-01",
                    "2023-01-22",
                    "2024-02-10",
                    "2025-01-29",
                    "2026-02-17",
                    "2027-02-06",
                    "2028-01-26",
                    "2029-02-13",
                    "2030-02-03",
                    "2033-01-31",
                    "2034-02-19",
                    "2044-01-30",
                    "2050-01-23",
                    "2060-02-02",
                ][..],
            ),
            (
                autumn,
                &[
                    "2020-10-01",
                    "2022-09-10",
                    "2023-09-29",
                    "2024-09-17",
                    "2025-10-06",
                    "2026-09-25",
                    "2027-09-15",
                    "2028-10-03",
                    "2030-09-12",
                    "2033-09-08",
                ],
            ),
            (ninth, &["2020-10-25", "2022-10-04", "2023-10-23", "2024-10-11", "2025-10-29", "2026-10-18", "2027-10-08", "2033-10-01"]),
        ] {
            for expected in days {
                assert_eq!(solar(day(expected).year(), lunar), Some(day(expected)));
            }
        }
        for year in 2020..=2060 {
            let of = |lunar| solar(year, lunar).unwrap();
            let (first, eighth, ninth) = (of(spring), of(autumn), of(ninth));
            assert!((21..=51).contains(&first.ordinal()), "{first}");
            assert!(eighth.month() >= 9 && eighth < ninth, "{year}: {eighth} {ninth}");
            // from the 15th of a month to the 9th of the next, but for a leap month between
            assert!([23, 24, 52, 53, 54].contains(&(ninth - eighth).num_days()), "{year}: {eighth} {ninth}");
        }
    }

    #[test]
    fn over_forty_years_nobody_is_planned_twice_and_nobody_missed() {
        let occasions = Occasions::shipped().unwrap();
        let born = [day("1944-02-29"), day("1950-01-01"), day("1949-12-31"), day("1955-06-15")];
        let (mut festivals, mut birthdays) = (BTreeMap::new(), BTreeMap::new());
        let mut today = day("2020-01-01");
        while today < day("2060-01-01") {
            for coming in occasions.festivals(today) {
                assert!(today <= coming.due_on && coming.opens_on < coming.due_on);
                let before = festivals.insert((coming.reason, coming.occasion), coming.due_on);
                assert!(before.is_none_or(|before| before == coming.due_on));
            }
            for born in born {
                if let Some(coming) = occasions.birthday(born, today) {
                    let before = birthdays.insert((born, coming.occasion), coming.due_on);
                    assert!(before.is_none_or(|before| before == coming.due_on));
                }
            }
            today = today.succ_opt().unwrap();
        }
        for reason in [VisitReason::SpringFestival, VisitReason::MidAutumn, VisitReason::DoubleNinth] {
            let years: Vec<i32> = festivals.iter().filter(|((of, _), _)| *of == reason).map(|(_, day)| day.year()).collect();
            assert_eq!(years.len(), 40, "{reason:?}: {years:?}");
        }
        let ages = |of: NaiveDate| birthdays.keys().filter(|(born, _)| *born == of).map(|(_, age)| age.as_str()).collect::<Vec<_>>();
        assert_eq!(ages(day("1955-06-15")), ["100", "70", "75", "80", "85", "90", "95"]);
        assert_eq!(birthdays[&(day("1944-02-29"), "85".to_owned())], day("2029-02-28"));
        assert_eq!(birthdays[&(day("1944-02-29"), "80".to_owned())], day("2024-02-29"));
        assert_eq!(birthdays[&(day("1950-01-01"), "75".to_owned())], day("2025-01-01"), "planned in the year before");
    }
}
