//! The end of a day where the clock on the wall is turned at midnight, worked out by hand from the zones' rules.

use super::vectors::{at, day, shipped};
use chrono_tz::Tz;
use xinfang::deadline::rules::{Limit, Term, due, midnight};

#[rustfmt::skip]
const ENDS: &[(Tz, &str, &str)] = &[
    // Havana: at 0:00 on 8 March it is 1:00 (UTC−5 to −4); at 1:00 on 1 November it is 0:00 again, the first of the two ends the day
    (chrono_tz::America::Havana, "2026-03-07", "2026-03-08T05:00:00Z"),
    (chrono_tz::America::Havana, "2026-03-08", "2026-03-09T04:00:00Z"),
    (chrono_tz::America::Havana, "2026-10-31", "2026-11-01T04:00:00Z"),
    (chrono_tz::America::Havana, "2026-11-01", "2026-11-02T05:00:00Z"),
    // Beirut: at 0:00 on 29 March it is 1:00 (UTC+2 to +3); at 24:00 on 24 October it is 23:00 again
    (chrono_tz::Asia::Beirut, "2026-03-28", "2026-03-28T22:00:00Z"),
    (chrono_tz::Asia::Beirut, "2026-03-29", "2026-03-29T21:00:00Z"),
    (chrono_tz::Asia::Beirut, "2026-10-24", "2026-10-24T22:00:00Z"),
    // Cairo: at 0:00 on the last Friday of April it is 1:00; at 24:00 on the last Thursday of October it is 23:00 again
    (chrono_tz::Africa::Cairo, "2026-04-23", "2026-04-23T22:00:00Z"),
    (chrono_tz::Africa::Cairo, "2026-04-24", "2026-04-24T21:00:00Z"),
    (chrono_tz::Africa::Cairo, "2026-10-29", "2026-10-29T22:00:00Z"),
    // Santiago: at 24:00 on 4 April it is 23:00 again (UTC−3 to −4); at 24:00 on 5 September it is 1:00
    (chrono_tz::America::Santiago, "2026-04-04", "2026-04-05T04:00:00Z"),
    (chrono_tz::America::Santiago, "2026-09-05", "2026-09-06T04:00:00Z"),
    (chrono_tz::America::Santiago, "2026-09-06", "2026-09-07T03:00:00Z"),
    // Apia: 30 December 2011 never was; the day before ended at UTC−10, and so did what never began
    (chrono_tz::Pacific::Apia, "2011-12-29", "2011-12-30T10:00:00Z"),
    (chrono_tz::Pacific::Apia, "2011-12-30", "2011-12-30T10:00:00Z"),
    (chrono_tz::Pacific::Apia, "2011-12-31", "2011-12-31T10:00:00Z"),
    // Lord Howe: half an hour, at 2:00
    (chrono_tz::Australia::Lord_Howe, "2026-10-03", "2026-10-03T13:30:00Z"),
    (chrono_tz::Australia::Lord_Howe, "2026-10-04", "2026-10-04T13:00:00Z"),
    // London, where it is turned at 1:00 and 2:00
    (chrono_tz::Europe::London, "2026-03-28", "2026-03-29T00:00:00Z"),
    (chrono_tz::Europe::London, "2026-03-29", "2026-03-29T23:00:00Z"),
    // Shanghai at the end of 1900: at 24:00 it was 23:54:17 again (8 h 5 min 43 s to 8 h)
    (chrono_tz::Asia::Shanghai, "1900-12-30", "1900-12-30T15:54:17Z"),
    (chrono_tz::Asia::Shanghai, "1900-12-31", "1900-12-31T16:00:00Z"),
    // Monrovia: at 0:00 on 7 January 1972 it was 0:44:30 (UTC−0:44:30 to UTC)
    (chrono_tz::Africa::Monrovia, "1972-01-06", "1972-01-07T00:44:30Z"),
];

#[test]
fn a_day_ends_when_the_wall_first_shows_a_later_one() {
    for (zone, date, end) in ENDS {
        assert_eq!(midnight(day(date).succ_opt().unwrap(), *zone), at(end), "{date} in {zone}");
    }
}

#[test]
fn the_day_of_the_event_is_the_offices() {
    let calendar = shipped();
    for (zone, start, days, last_day, end) in [
        // half an hour before the missing midnight in Havana, and an hour later on the wall
        (chrono_tz::America::Havana, "2026-03-08T04:30:00Z", 1, "2026-03-08", "2026-03-09T04:00:00Z"),
        (chrono_tz::America::Havana, "2026-03-08T05:30:00Z", 1, "2026-03-09", "2026-03-10T04:00:00Z"),
        // 23:30 twice in Beirut: the same day both times
        (chrono_tz::Asia::Beirut, "2026-10-24T20:30:00Z", 1, "2026-10-25", "2026-10-25T22:00:00Z"),
        (chrono_tz::Asia::Beirut, "2026-10-24T21:30:00Z", 1, "2026-10-25", "2026-10-25T22:00:00Z"),
        (chrono_tz::Asia::Beirut, "2026-10-24T22:00:00Z", 1, "2026-10-26", "2026-10-26T22:00:00Z"),
        // fifteen days over a spring: 23 hours are a day
        (chrono_tz::Europe::London, "2026-03-20T12:00:00Z", 15, "2026-04-04", "2026-04-04T23:00:00Z"),
        (chrono_tz::Africa::Cairo, "2026-04-20T21:59:59Z", 3, "2026-04-23", "2026-04-23T22:00:00Z"),
        (chrono_tz::America::Santiago, "2026-09-01T03:59:59Z", 5, "2026-09-05", "2026-09-06T04:00:00Z"),
    ] {
        let term = Term { start: at(start), limit: Limit::Days(days), roll: false, pauses: &[], warnings: &[] };
        let found = due(&term, &calendar, zone);
        assert_eq!((found.on, found.at), (day(last_day), at(end)), "{start} in {zone}");
    }
}
