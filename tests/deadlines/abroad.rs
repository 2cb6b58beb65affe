//! Rules of other countries, to see that the shape is general: profiles read through the product's types, days counted by hand.

use super::vectors::{at, calendar, day};
use chrono_tz::Tz;
use xinfang::calendar::Calendar;
use xinfang::category::Kind;
use xinfang::deadline::profile::{ProfileDocument, Roll};
use xinfang::deadline::rules::{Term, due};
use xinfang::deadline::{ClockKind, Profile};

fn profile(code: &str, text: &str) -> Profile {
    let document: ProfileDocument = serde_json::from_str(text).unwrap();
    Profile { code: code.to_owned(), version: 1, valid_from: day("2024-01-01"), document }
}

/// A start, how many days more, the last day, the instant it ends.
type Row = (ClockKind, &'static str, u32, &'static str, &'static str);

fn hold(profile: &Profile, calendar: &Calendar, zone: Tz, rows: &[Row], provisional: impl Fn(ClockKind) -> bool) {
    for (clock, start, more, last_day, end) in rows {
        let rule = profile.rule(*clock, Kind::Claim, None).unwrap();
        assert!(*more == 0 || rule.extension.as_ref().is_some_and(|e| *more <= e.max_days), "{clock:?}: no such extension");
        let limit = rule.limit_of(rule.limit.map(|limit| limit + more)).unwrap();
        let term = Term { start: at(start), limit, roll: rule.roll == Roll::Forward, pauses: &[], warnings: &rule.warnings };
        let found = due(&term, calendar, zone);
        assert_eq!((found.on, found.at), (day(last_day), at(end)), "{clock:?} from {start}");
        assert_eq!(found.provisional, provisional(*clock), "{clock:?} from {start}");
    }
}

/// Stage 1: 5 working days to acknowledge, 10 from then to answer, once at most 10 more; stage 2: 5, 20, 20.
#[test]
fn england() {
    let calendar = calendar(include_str!("../data/uk.json"));
    let profile = profile("uk-lgsco-2024", include_str!("../data/uk-lgsco-2024.json"));
    use ClockKind::{Handling, Review, TriageNotice, UnitNotice};
    let rows = [
        (TriageNotice, "2024-12-16T10:00:00Z", 0, "2024-12-23", "2024-12-24T00:00:00Z"),
        // round Christmas, Boxing Day and New Year's Day
        (Handling, "2024-12-20T15:00:00Z", 0, "2025-01-08", "2025-01-09T00:00:00Z"),
        (Handling, "2024-12-20T15:00:00Z", 10, "2025-01-22", "2025-01-23T00:00:00Z"),
        // in summer time the day ends at 23:00 UTC
        (UnitNotice, "2025-04-10T09:00:00Z", 0, "2025-04-17", "2025-04-17T23:00:00Z"),
        // round Good Friday, Easter Monday and two bank holidays in May
        (Review, "2025-04-16T09:00:00Z", 0, "2025-05-19", "2025-05-19T23:00:00Z"),
        (Review, "2025-04-16T09:00:00Z", 20, "2025-06-17", "2025-06-17T23:00:00Z"),
        // half past midnight in London is still the day before in UTC
        (TriageNotice, "2025-06-01T23:30:00Z", 0, "2025-06-09", "2025-06-09T23:00:00Z"),
    ];
    hold(&profile, &calendar, chrono_tz::Europe::London, &rows, |_| false);
}

/// 21 days to answer, 30 to appeal, 30 to decide on that; no calendar is published, so a right that moves on does so provisionally.
#[test]
fn india() {
    let profile = profile("in-cpgrams-2024", include_str!("../data/in-cpgrams-2024.json"));
    use ClockKind::{Handling, Review, ReviewWindow};
    let rows = [
        (Handling, "2024-08-23T05:00:00Z", 0, "2024-09-13", "2024-09-13T18:30:00Z"),
        // 18:30 UTC is the next day in Kolkata
        (Handling, "2024-08-23T18:30:00Z", 0, "2024-09-14", "2024-09-14T18:30:00Z"),
        // a Sunday moves on to Monday
        (ReviewWindow, "2024-08-16T05:00:00Z", 0, "2024-09-16", "2024-09-16T18:30:00Z"),
        (ReviewWindow, "2024-08-20T05:00:00Z", 0, "2024-09-19", "2024-09-19T18:30:00Z"),
        (Review, "2024-10-01T05:00:00Z", 0, "2024-10-31", "2024-10-31T18:30:00Z"),
    ];
    hold(&profile, &Calendar::default(), chrono_tz::Asia::Kolkata, &rows, |clock| clock == ReviewWindow);
}
