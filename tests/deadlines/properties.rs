//! The engine against the oracle, over random starts, limits, pauses, calendars, rolls and zones.

use super::oracle::{Verdict, verdict};
use chrono::{DateTime, Datelike, Duration, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;
use std::collections::BTreeMap;
use xinfang::calendar::model::{NamedDay, PublishedYear};
use xinfang::calendar::{Calendar, CalendarDocument, DayKind};
use xinfang::deadline::rules::{Limit, Pause, Term, Warning, Why, due, ledger, warning_at};

/// Midnights that do not exist, come twice, or move by half an hour; whole offsets, odd offsets; a day that never was.
const ZONES: [Tz; 14] = [
    chrono_tz::Asia::Shanghai,
    chrono_tz::America::Havana,
    chrono_tz::Asia::Beirut,
    chrono_tz::Africa::Cairo,
    chrono_tz::America::Santiago,
    chrono_tz::Pacific::Apia,
    chrono_tz::Australia::Lord_Howe,
    chrono_tz::Europe::London,
    chrono_tz::America::New_York,
    chrono_tz::Asia::Kathmandu,
    chrono_tz::Asia::Tehran,
    chrono_tz::America::Asuncion,
    chrono_tz::Atlantic::Azores,
    chrono_tz::Asia::Gaza,
];

const FIRST_YEAR: i32 = 2009;
const LAST_YEAR: i32 = 2032;

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0..9_000_i64).prop_map(|n| NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).unwrap() + Duration::days(n))
}

/// Any instant, and often one close to some midnight on the wall.
fn any_start(zone: Tz) -> impl Strategy<Value = DateTime<Utc>> {
    let anywhen = (any_day(), 0..86_400_000_000_i64).prop_map(|(day, micros)| utc(day) + Duration::microseconds(micros));
    let close = (any_day(), -7_200..7_200_i64).prop_map(move |(day, seconds)| {
        let local = day.and_hms_opt(0, 0, 0).unwrap();
        zone.from_local_datetime(&local).earliest().map_or_else(|| utc(day), |at| at.to_utc()) + Duration::seconds(seconds)
    });
    prop_oneof![anywhen, close]
}

fn utc(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(0, 0, 0).unwrap().and_utc()
}

/// Some years of the time, with holidays in a row and make-up days at weekends.
fn any_calendar() -> impl Strategy<Value = CalendarDocument> {
    let holidays = prop::collection::vec((1..365_u32, 1..12_u32), 0..10);
    let makeups = prop::collection::vec(0..104_usize, 0..14);
    prop::collection::btree_map(FIRST_YEAR..=LAST_YEAR, (holidays, makeups), 0..12).prop_map(|years| CalendarDocument {
        years: years.into_iter().map(|(year, (holidays, makeups))| (year, published(year, &holidays, &makeups))).collect(),
    })
}

fn published(year: i32, holidays: &[(u32, u32)], makeups: &[usize]) -> PublishedYear {
    let mut days = BTreeMap::new();
    let free = holidays.iter().flat_map(|(first, length)| (*first..first + length).filter_map(|n| NaiveDate::from_yo_opt(year, n)));
    days.extend(free.map(|day| (day, DayKind::PublicHoliday)));
    let weekend: Vec<NaiveDate> =
        (1..=366).filter_map(|n| NaiveDate::from_yo_opt(year, n)).filter(|day| day.weekday().number_from_monday() > 5).collect();
    days.extend(makeups.iter().map(|n| (weekend[*n], DayKind::MakeupWorkday)));
    let named = |(date, kind)| NamedDay { date, kind, name: "x".to_owned() };
    PublishedYear { source: "x".to_owned(), days: days.into_iter().map(named).collect() }
}

#[derive(Debug, Clone)]
struct Case {
    zone: Tz,
    start: DateTime<Utc>,
    limit: Limit,
    roll: bool,
    pauses: Vec<Pause>,
    warnings: Vec<Warning>,
    document: CalendarDocument,
}

fn any_case() -> impl Strategy<Value = Case> {
    (0..ZONES.len()).prop_flat_map(|zone| {
        let zone = ZONES[zone];
        let limit = prop_oneof![
            4 => (1..200_u32).prop_map(|n| (0, n)),
            4 => (1..130_u32).prop_map(|n| (1, n)),
            1 => (1..3_000_u32).prop_map(|n| (2, n)),
            1 => (0..200_u32).prop_map(|n| (3, n)),
        ];
        let pauses = prop::collection::vec((-30..150_i64, 0..60_i64, any::<bool>()), 0..4);
        let share = (1..100_u32, prop::option::of(1..800_u32)).prop_map(|(percent, hours)| (Some(percent), hours));
        let warnings = prop::collection::vec(prop_oneof![share, (1..800_u32).prop_map(|hours| (None, Some(hours)))], 1..4);
        (any_start(zone), limit, any::<bool>(), pauses, warnings, any_calendar()).prop_map(
            move |(start, (unit, n), roll, pauses, warnings, document)| {
                let day = start.with_timezone(&zone).date_naive();
                let limit = match unit {
                    0 => Limit::Days(n),
                    1 => Limit::WorkingDays(n),
                    2 => Limit::Hours(n),
                    _ => Limit::Until(day + Duration::days(i64::from(n))),
                };
                let pause = |(from, days, over): (i64, i64, bool)| {
                    let from = day + Duration::days(from);
                    // one that lasts is not counted on before it is over
                    Pause { from, until: over.then(|| from + Duration::days(days)), reason: "hearing".to_owned() }
                };
                let warning = |(percent, hours_before)| Warning { percent, hours_before };
                let pauses = pauses.into_iter().map(pause).collect();
                Case { zone, start, limit, roll, pauses, warnings: warnings.into_iter().map(warning).collect(), document }
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_says_what_the_oracle_says(case in any_case()) {
        let Case { zone, start, limit, roll, pauses, warnings, document } = &case;
        let term = Term { start: *start, limit: *limit, roll: *roll, pauses, warnings };
        let calendar = Calendar::of(document);
        let Verdict { on, at, warnings: warned, provisional, counted } = verdict(&term, document, *zone);
        let found = due(&term, &calendar, *zone);
        prop_assert_eq!((found.on, found.at, found.provisional), (on, at, provisional));
        prop_assert_eq!(found.yellow_at, warned[0]);
        let all: Vec<_> = (0..=warnings.len()).map_while(|place| warning_at(&term, place, at, &calendar, *zone)).collect();
        prop_assert_eq!(&all, &warned);

        let days = ledger(&term, &calendar, *zone);
        if matches!(limit, Limit::Hours(_)) {
            prop_assert!(days.is_empty());
        } else {
            let found: Vec<_> = days.iter().filter(|day| day.counted).map(|day| day.day).collect();
            prop_assert_eq!(found, counted);
            // every day from the day of the event to the last one, each once
            prop_assert_eq!(days.first().map(|day| day.day), Some(start.with_timezone(zone).date_naive()));
            prop_assert_eq!(days.last().map(|day| day.day), Some(on));
            prop_assert!(days.windows(2).all(|pair| pair[0].day.succ_opt() == Some(pair[1].day)));
            for day in &days {
                let fits = match &day.why {
                    Why::Start | Why::Paused(_) | Why::RolledTo(_) => !day.counted,
                    Why::Calendar => day.counted,
                    Why::Kind(kind) => *kind == calendar.kind(day.day) && (day.counted == kind.works() || days.len() == 1),
                    Why::Rolls(kind) => !kind.works(),
                };
                prop_assert!(fits, "{:?}", day);
                prop_assert_eq!(day.published, document.years.contains_key(&day.day.year()));
            }
        }
    }

    /// What holds of any count, whatever the rules say.
    #[test]
    fn more_time_is_never_less(case in any_case(), more in 1..40_u32) {
        let Case { zone, start, limit, roll, pauses, warnings, document } = &case;
        let calendar = Calendar::of(document);
        let longer = match *limit {
            Limit::Days(n) => Limit::Days(n + more),
            Limit::WorkingDays(n) => Limit::WorkingDays(n + more),
            Limit::Hours(n) => Limit::Hours(n + more),
            Limit::Until(day) => Limit::Until(day + Duration::days(i64::from(more))),
        };
        let count = |limit, roll, pauses: &[Pause]| due(&Term { start: *start, limit, roll, pauses, warnings }, &calendar, *zone);
        let plain = count(*limit, *roll, pauses);
        prop_assert!(plain.at >= *start && plain.yellow_at >= *start);
        prop_assert!(count(longer, *roll, pauses).at >= plain.at);
        prop_assert!(count(*limit, true, pauses).at >= count(*limit, false, pauses).at);
        prop_assert!(plain.at >= count(*limit, *roll, &[]).at);
    }
}
