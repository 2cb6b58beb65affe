//! An independent reading of the rules (Civil Code Arts. 201, 203; the day of the event is not counted, the last day ends at 24:00).
//! Slow on purpose: it looks at every day, and finds the end of a day by watching the clock on the wall.

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use xinfang::calendar::{CalendarDocument, DayKind};
use xinfang::deadline::rules::{Limit, Pause, Term};

/// What comes out.
#[derive(Debug, PartialEq)]
pub struct Verdict {
    pub on: NaiveDate,
    pub at: DateTime<Utc>,
    /// Each warning in turn.
    pub warnings: Vec<DateTime<Utc>>,
    pub provisional: bool,
    /// The days that were counted, in order.
    pub counted: Vec<NaiveDate>,
}

/// The date on the wall.
fn wall(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).naive_local().date()
}

/// 24:00 of a day: the first time the wall shows a later date.
fn end_of(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let mut at = day.and_hms_opt(0, 0, 0).unwrap().and_utc() - Duration::hours(15);
    while wall(at, zone) <= day {
        at += Duration::minutes(15);
    }
    at
}

fn works(document: &CalendarDocument, day: NaiveDate) -> bool {
    let listed = document.years.values().flat_map(|year| &year.days).find(|listed| listed.date == day);
    match listed {
        Some(listed) => listed.kind == DayKind::MakeupWorkday,
        None => day.weekday().number_from_monday() <= 5,
    }
}

fn paused(pauses: &[Pause], day: NaiveDate) -> bool {
    pauses.iter().any(|pause| matches!(pause.until, Some(until) if pause.from <= day && day <= until))
}

/// Counts day by day.
pub fn verdict(term: &Term<'_>, document: &CalendarDocument, zone: Tz) -> Verdict {
    let start_day = wall(term.start, zone);
    if let Limit::Hours(hours) = term.limit {
        let at = term.start + Duration::hours(i64::from(hours));
        let share = |percent: u32| term.start + Duration::minutes(i64::from(hours * 60 * percent / 100));
        let on = wall(at - Duration::microseconds(1), zone);
        return Verdict { on, at, warnings: warnings(term, at, share), provisional: false, counted: Vec::new() };
    }
    let wanted = match term.limit {
        Limit::Days(n) | Limit::WorkingDays(n) => n as usize,
        Limit::Until(day) => (day - start_day).num_days() as usize,
        Limit::Hours(_) => unreachable!(),
    };
    let working = matches!(term.limit, Limit::WorkingDays(_));
    let stands = |day| !matches!(term.limit, Limit::Until(_)) && paused(term.pauses, day);
    let (mut day, mut counted, mut asked) = (start_day, Vec::new(), Vec::new());
    while counted.len() < wanted {
        day = day.succ_opt().unwrap();
        if working {
            asked.push(day);
        }
        if !stands(day) && (!working || works(document, day)) {
            counted.push(day);
        }
    }
    if term.roll {
        asked.push(day);
        while !works(document, day) || stands(day) {
            day = day.succ_opt().unwrap();
            asked.push(day);
        }
    }
    let at = end_of(day, zone);
    let share = |percent: u32| match wanted * percent as usize / 100 {
        0 => end_of(start_day, zone),
        n => end_of(counted[n - 1], zone),
    };
    let provisional = asked.iter().any(|day| !document.years.contains_key(&day.year()));
    Verdict { on: day, at, warnings: warnings(term, at, share), provisional, counted }
}

fn warnings(term: &Term<'_>, due_at: DateTime<Utc>, share: impl Fn(u32) -> DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let one = |percent: Option<u32>, hours: Option<u32>| {
        let mut at = DateTime::<Utc>::MAX_UTC;
        if let Some(percent) = percent {
            at = share(percent);
        }
        if let Some(hours) = hours {
            let before = due_at - Duration::hours(i64::from(hours));
            at = if before < at { before } else { at };
        }
        if at < term.start { term.start } else { at }
    };
    term.warnings.iter().map(|warning| one(warning.percent, warning.hours_before)).collect()
}
