//! The engine: from a start, a limit, a calendar and pauses to the last day, pure and fast. The ledger says the same day by day.

use crate::calendar::{Calendar, DayKind};
use crate::platform::clock::office_day;
use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Nobody waits longer for an answer, and no sum of days leaves the years that dates can have.
pub const LONGEST_DAYS: u32 = 3660;
/// The same, for limits in hours.
pub const LONGEST_HOURS: u32 = 24 * 366;

/// How long something may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Calendar days.
    Days(u32),
    /// Working days; make-up Saturdays and Sundays count.
    WorkingDays(u32),
    /// Hours from the instant.
    Hours(u32),
    /// Until a day that somebody set, included.
    Until(NaiveDate),
}

/// When a warning is given: the earlier of its parts, never before the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// At the end of that percentage of the limit's days, rounded down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 99)]
    pub percent: Option<u32>,
    /// So many hours before the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 8784)]
    pub hours_before: Option<u32>,
}

/// Days that are not counted, both ends included; open as long as it lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pause {
    /// First day.
    pub from: NaiveDate,
    /// Last day; none while it lasts.
    pub until: Option<NaiveDate>,
    /// Why (`hearing`, `petitioner_deceased`).
    pub reason: String,
}

impl Pause {
    fn holds(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// What is to be counted.
#[derive(Debug, Clone, Copy)]
pub struct Term<'a> {
    /// The event's instant.
    pub start: DateTime<Utc>,
    /// How long.
    pub limit: Limit,
    /// Whether a last day on which the office rests moves on to its next working day.
    pub roll: bool,
    /// What is not counted.
    pub pauses: &'a [Pause],
    /// When to warn; the first is the yellow light.
    pub warnings: &'a [Warning],
}

/// What comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The last day.
    pub on: NaiveDate,
    /// The instant it ends, exclusive: done in time is before it.
    pub at: DateTime<Utc>,
    /// When the light turns yellow.
    pub yellow_at: DateTime<Utc>,
    /// Whether it rests on a year that is not published yet.
    pub provisional: bool,
}

/// The light of a clock at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// There is time.
    Green,
    /// It ends soon.
    Yellow,
    /// It is over.
    Red,
}

impl Light {
    /// As of an instant.
    pub fn at(now: DateTime<Utc>, yellow: DateTime<Utc>, due: DateTime<Utc>) -> Self {
        if now >= due {
            Self::Red
        } else if now >= yellow {
            Self::Yellow
        } else {
            Self::Green
        }
    }
}

/// The first instant of a day in a zone: where midnight comes twice the first, where it is skipped the instant of the change.
pub fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let local = day.and_time(NaiveTime::MIN);
    zone.from_local_datetime(&local).earliest().map_or_else(|| change(day, zone), |at| at.to_utc())
}

/// The instant at which the wall passes from before a day to within or after it, where it shows no midnight. One zone once skipped a
/// whole day.
fn change(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let around = day.and_time(NaiveTime::MIN).and_utc().timestamp();
    let (mut before, mut after) = (around - 2 * 86_400, around + 2 * 86_400);
    let instant = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
    while after - before > 1 {
        let middle = before.midpoint(after);
        *(if office_day(instant(middle), zone) < day { &mut before } else { &mut after }) = middle;
    }
    instant(after)
}

fn after(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(NaiveDate::MAX)
}

/// Counts.
pub fn due(term: &Term<'_>, calendar: &Calendar, zone: Tz) -> Due {
    let (on, at, provisional) = last_day(term, calendar, zone);
    let yellow_at = warning_at(term, 0, at, calendar, zone).unwrap_or(at);
    Due { on, at, yellow_at, provisional }
}

fn last_day(term: &Term<'_>, calendar: &Calendar, zone: Tz) -> (NaiveDate, DateTime<Utc>, bool) {
    let zero = office_day(term.start, zone);
    let counted = match term.limit {
        Limit::Hours(hours) => {
            let at = term.start + Duration::hours(i64::from(hours));
            return (office_day(at - Duration::microseconds(1), zone), at, false);
        }
        Limit::Until(day) => day,
        limit => nth_counted(term, limit.amount(zero), zero, calendar),
    };
    let mut on = counted;
    while term.roll && (!calendar.works(on) || stands(term, on).is_some()) {
        on = after(on);
    }
    let working = matches!(term.limit, Limit::WorkingDays(_));
    // calendar days ask the calendar nothing, but for whether the last one is worked
    let asked_from = if working { after(zero) } else { counted };
    let provisional = (working || term.roll) && (asked_from.year()..=on.year()).any(|year| !calendar.published(year));
    (on, midnight(after(on), zone), provisional)
}

impl Limit {
    /// Days of the limit, for one that began on that day.
    fn amount(self, zero: NaiveDate) -> u32 {
        match self {
            Self::Days(n) | Self::WorkingDays(n) => n,
            Self::Hours(_) => 0,
            Self::Until(day) => u32::try_from((day - zero).num_days()).unwrap_or(0),
        }
    }
}

/// The day with which so many days after `zero` are counted.
fn nth_counted(term: &Term<'_>, n: u32, zero: NaiveDate, calendar: &Calendar) -> NaiveDate {
    let every_day = term.pauses.is_empty() && !matches!(term.limit, Limit::WorkingDays(_));
    if every_day || matches!(term.limit, Limit::Until(_)) {
        return zero.checked_add_days(Days::new(u64::from(n))).unwrap_or(NaiveDate::MAX);
    }
    let (mut day, mut left) = (zero, n);
    while left > 0 {
        day = after(day);
        left -= u32::from(counts(term, day, calendar));
    }
    day
}

fn counts(term: &Term<'_>, day: NaiveDate, calendar: &Calendar) -> bool {
    let works = !matches!(term.limit, Limit::WorkingDays(_)) || calendar.works(day);
    works && stands(term, day).is_none()
}

/// The pause for which a clock stands on a day. One that lasts is no day's end: it is counted on only when it is over. A day that somebody
/// set is that day.
fn stands<'a>(term: &Term<'a>, day: NaiveDate) -> Option<&'a Pause> {
    let over = |pause: &&Pause| pause.until.is_some() && pause.holds(day);
    if matches!(term.limit, Limit::Until(_)) { None } else { term.pauses.iter().find(over) }
}

/// When the warning of that place is given, for a limit that ends at `due_at`; none when there are fewer.
pub fn warning_at(term: &Term<'_>, place: usize, due_at: DateTime<Utc>, calendar: &Calendar, zone: Tz) -> Option<DateTime<Utc>> {
    let warning = term.warnings.get(place)?;
    let by_share = warning.percent.map(|percent| match term.limit {
        Limit::Hours(hours) => term.start + Duration::minutes(i64::from(hours) * 60 * i64::from(percent) / 100),
        limit => {
            let zero = office_day(term.start, zone);
            midnight(after(nth_counted(term, limit.amount(zero) * percent / 100, zero, calendar)), zone)
        }
    });
    let by_hours = warning.hours_before.map(|hours| due_at - Duration::hours(i64::from(hours)));
    by_share.into_iter().chain(by_hours).min().map(|at| at.max(term.start))
}

/// A day of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LedgerDay {
    /// The day.
    pub date: NaiveDate,
    /// Whether it is counted.
    pub counted: bool,
    /// Why, in words.
    #[schema(example = "2026-02-14 星期六，调休上班（春节）：计入")]
    pub why: String,
}

/// Why a day is counted or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The day of the event (Civil Code Art. 201).
    Start,
    /// Every calendar day counts.
    Calendar,
    /// What the day is to the office.
    Kind(DayKind),
    /// The clock stands.
    Paused(String),
    /// The last day, on which the office rests, moves on.
    Rolls(DayKind),
    /// The last day, after it moved on.
    RolledTo(DayKind),
}

/// A day of the count with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The day.
    pub day: NaiveDate,
    /// Whether it is counted.
    pub counted: bool,
    /// Why.
    pub why: Why,
    /// What the day is named after, if it is not what its weekday says.
    pub name: Option<String>,
    /// Whether its year is published.
    pub published: bool,
}

/// The count day by day, from the day of the event to the last day; empty for limits in hours.
///
/// The same rules as [`due`], written down step by step.
pub fn ledger(term: &Term<'_>, calendar: &Calendar, zone: Tz) -> Vec<Counted> {
    let zero = office_day(term.start, zone);
    let entry = |day: NaiveDate, counted, why| Counted {
        day,
        counted,
        why,
        name: calendar.name(day).map(str::to_owned),
        published: calendar.published(day.year()),
    };
    if matches!(term.limit, Limit::Hours(_)) {
        return Vec::new();
    }
    let mut days = vec![entry(zero, false, Why::Start)];
    let (mut day, mut left) = (zero, term.limit.amount(zero));
    while left > 0 {
        day = after(day);
        let (counted, why) = match (term.limit, stands(term, day)) {
            (_, Some(pause)) => (false, Why::Paused(pause.reason.clone())),
            (Limit::WorkingDays(_), None) => (calendar.works(day), Why::Kind(calendar.kind(day))),
            _ => (true, Why::Calendar),
        };
        left -= u32::from(counted);
        days.push(entry(day, counted, why));
    }
    if let Some(last) = days.last_mut().filter(|_| term.roll) {
        let kind = calendar.kind(day);
        last.why = if kind.works() { Why::Kind(kind) } else { Why::Rolls(kind) };
        while !calendar.works(day) || stands(term, day).is_some() {
            day = after(day);
            let why = match (stands(term, day), calendar.kind(day)) {
                (Some(pause), _) => Why::Paused(pause.reason.clone()),
                (None, kind) if kind.works() => Why::RolledTo(kind),
                (None, kind) => Why::Rolls(kind),
            };
            days.push(entry(day, false, why));
        }
    }
    days
}
