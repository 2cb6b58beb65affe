//! The limits as the law and the house state them, counted day by day on a calendar read for this.

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, Utc, Weekday};
use serde_json::Value;
use std::collections::HashMap;
use xinfang::platform::db::types::Id;

/// The day in the office (UTC+8, no daylight saving since 1991).
pub fn day(at: DateTime<Utc>) -> NaiveDate {
    (at + Duration::hours(8)).date_naive()
}

fn midnight_after(day: NaiveDate) -> DateTime<Utc> {
    (day + Days::new(1)).and_hms_opt(0, 0, 0).unwrap().and_utc() - Duration::hours(8)
}

/// The days that are published, true for those that are worked.
pub struct Almanac(HashMap<NaiveDate, bool>);

impl Almanac {
    pub fn read() -> Self {
        let all: Value = serde_json::from_str(include_str!("../../../data/calendars/cn.json")).unwrap();
        let years = all["years"].as_object().unwrap().values();
        let days = years.flat_map(|year| year["days"].as_array().unwrap());
        Self(days.map(|d| (d["date"].as_str().unwrap().parse().unwrap(), d["kind"] == "makeup_workday")).collect())
    }

    pub fn works(&self, day: NaiveDate) -> bool {
        self.0.get(&day).copied().unwrap_or(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
    }
}

/// How long something may take.
#[derive(Clone, Copy)]
pub(super) enum Long {
    Calendar(i64),
    Working(i64),
    Hours(i64),
    Until(NaiveDate),
}

/// What a limit that is over means.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Over {
    Breach,
    Lapse,
}

/// Name, length, whether a last day at rest moves on, what its end means, whether it ends with the petition.
pub(super) fn law(kind: &str) -> (Long, bool, Over, bool) {
    use Long::{Calendar, Hours, Working};
    match kind {
        "triage_notice" | "unit_notice" => (Calendar(15), false, Over::Breach, true),
        "disposition" => (Working(5), false, Over::Breach, true),
        "objection" => (Working(5), false, Over::Lapse, true),
        "objection_decision" => (Working(3), false, Over::Breach, true),
        // until the day the sender names
        "assigned_report" => (Calendar(0), false, Over::Breach, false),
        // until the day those above name
        "supervision_answer" => (Calendar(0), false, Over::Breach, false),
        // until the day the lead names
        "assisting_answer" => (Calendar(0), false, Over::Breach, true),
        "handling" => (Calendar(60), false, Over::Breach, true),
        "suggestion_reply" => (Calendar(30), false, Over::Breach, true),
        "delivery" => (Working(10), false, Over::Breach, true),
        "review_window" | "rereview_window" => (Calendar(30), true, Over::Lapse, true),
        "review" | "rereview" => (Calendar(30), false, Over::Breach, true),
        "evaluation_window" => (Calendar(30), true, Over::Lapse, false),
        "execution" => (Calendar(30), false, Over::Breach, false),
        "heirs_inquiry" => (Calendar(30), false, Over::Breach, true),
        "urgent_report" => (Hours(4), false, Over::Breach, true),
        "simplified_acceptance" => (Working(3), false, Over::Lapse, true),
        "simplified_answer" => (Working(10), false, Over::Lapse, true),
        other => panic!("{other}"),
    }
}

/// A limit of a petition, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limit {
    pub petition: Id,
    pub kind: &'static str,
    pub from: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
    pub(super) warnings: Vec<DateTime<Utc>>,
    pub(super) warned: usize,
    /// `running`, `met`, `met_late`, `breached`, `lapsed`, `cancelled`.
    pub state: &'static str,
    pub ended: Option<DateTime<Utc>>,
}

impl Limit {
    pub(super) fn new(almanac: &Almanac, petition: Id, kind: &'static str, from: DateTime<Utc>, long: Long) -> Self {
        let (due_at, warnings) = count(almanac, kind, from, long);
        Self { petition, kind, from, due_at, warnings, warned: 0, state: "running", ended: None }
    }

    pub(super) fn open(&self) -> bool {
        self.ended.is_none()
    }

    pub(super) fn means(&self) -> Over {
        law(self.kind).2
    }

    /// The next instant at which something comes of it.
    pub(super) fn next(&self) -> Option<DateTime<Utc>> {
        (self.open() && self.state == "running").then(|| self.warnings.get(self.warned).copied().unwrap_or(self.due_at).min(self.due_at))
    }

    pub(super) fn end(&mut self, state: &'static str, at: DateTime<Utc>) {
        // what was broken and is no longer owed was broken all the same
        if !(state == "cancelled" && self.state == "breached") {
            self.state = state;
        }
        self.ended = Some(at);
    }

    /// Where it counts among the figures of what is due.
    pub fn part(&self, now: DateTime<Utc>) -> Option<&'static str> {
        match (self.state, self.ended) {
            ("cancelled" | "lapsed", _) => None,
            ("met", _) => Some("on_time"),
            ("met_late", _) | (_, Some(_)) => Some("late"),
            _ => Some(if now >= self.due_at { "open_overdue" } else { "not_yet_due" }),
        }
    }
}

/// Goes from day to day: the end, and when to warn.
pub(super) fn count(almanac: &Almanac, kind: &'static str, from: DateTime<Utc>, long: Long) -> (DateTime<Utc>, Vec<DateTime<Utc>>) {
    if let Long::Hours(hours) = long {
        return (from + Duration::hours(hours), vec![from + Duration::minutes(hours * 60 * 8 / 10)]);
    }
    let nth = |n: i64| {
        let (mut day, mut counted) = (day(from), 0);
        while counted < n {
            day = day + Days::new(1);
            counted += i64::from(!matches!(long, Long::Working(_)) || almanac.works(day));
        }
        day
    };
    let n = match long {
        Long::Calendar(n) | Long::Working(n) => n,
        Long::Until(last) => (last - day(from)).num_days(),
        Long::Hours(_) => unreachable!(),
    };
    let mut last = nth(n);
    while law(kind).1 && !almanac.works(last) {
        last = last + Days::new(1);
    }
    let due_at = midnight_after(last);
    let hours_before = |hours| due_at - Duration::hours(hours);
    let mut warnings = vec![midnight_after(nth(n * 8 / 10)).min(hours_before(72)).max(from)];
    if kind == "handling" {
        warnings.push(hours_before(24).max(from));
    }
    (due_at, warnings)
}
