//! iCalendar files (RFC 5545) as years to be published.
//!
//! Each event of whole days is a holiday, or a make-up working day when it says so: `X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY`, a category
//! that speaks of work (上班, 补班, `makeup_workday`), or a summary with 班 ("春节（班）", "国庆节补班"). A file that marks its days off with
//! 休 is taken at its word: what it leaves unmarked (节气, 除夕) is a day like any other. SUMMARY is the name, without the mark; the
//! file's DESCRIPTION, else its name, is the source; its COMMENT the reason.

use crate::codes;
use crate::platform::error::Fault;
use chrono::{Datelike, Days, NaiveDate};
use icalendar::parser::{Component, Property, read_calendar_simple, unfold};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How deep components stand in each other in any file of days; the parser goes down by recursion.
const DEEPEST: usize = 8;
/// Days of one event at most.
const LONGEST: u64 = 60;
/// Letters of a name that a fault repeats.
const SHOWN: usize = 60;

/// What an event says of its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Work,
    Off,
    None,
}

/// An event that was read.
struct Event {
    mark: Mark,
    name: String,
    first: NaiveDate,
    days: u64,
}

/// Reads a file as the JSON of a [`NewCalendarVersion`](super::model::NewCalendarVersion), to be checked like any other.
///
/// # Errors
/// Every fault; its pointer names the event by its place (`/VEVENT/0/DTSTART`).
pub fn read(text: &str) -> Result<Value, Vec<Fault>> {
    let unreadable = || vec![Fault::new("", codes::NOT_ICALENDAR)];
    // one line end throughout: for each property the parser looks ahead for CRLF, to the end of the file if there is none
    let lines = unfold(text.trim_start_matches('\u{feff}').trim()).replace("\r\n", "\n").replace('\n', "\r\n") + "\r\n";
    if depth(&lines) > DEEPEST || !starts_with(&lines, "BEGIN:VCALENDAR") {
        return Err(unreadable());
    }
    // without words for what is wrong: making them panics where a line is very long
    let files = read_calendar_simple(&lines).map_err(|_| unreadable())?;
    let file = files.first().ok_or_else(unreadable)?;
    let events = events(&file.components)?;
    if events.is_empty() {
        return Err(vec![Fault::new("", codes::NO_DAYS)]);
    }
    let years = by_year(events);
    let strays = strays(&years);
    if !strays.is_empty() {
        return Err(strays);
    }
    let source = first_text(&file.properties, &["DESCRIPTION", "X-WR-CALDESC", "NAME", "X-WR-CALNAME"]);
    let mut new = json!({ "years": years.iter().map(|(year, days)| (year.to_string(), published(days, source))).collect::<Map<_, _>>() });
    if let Some(reason) = first_text(&file.properties, &["COMMENT"]) {
        new["reason"] = reason.into();
    }
    Ok(new)
}

fn starts_with(lines: &str, start: &str) -> bool {
    lines.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
}

/// How deep components stand in each other, as far as line beginnings tell.
fn depth(lines: &str) -> usize {
    let (mut deepest, mut now) = (0_usize, 0_usize);
    for line in lines.lines().map(str::trim_start) {
        if starts_with(line, "BEGIN:") {
            now += 1;
            deepest = deepest.max(now);
        } else if starts_with(line, "END:") {
            now = now.saturating_sub(1);
        }
    }
    deepest
}

fn events(components: &[Component<'_>]) -> Result<Vec<Event>, Vec<Fault>> {
    let (mut events, mut faults) = (Vec::new(), Vec::new());
    let all = components.iter().filter(|component| component.name.as_str().eq_ignore_ascii_case("VEVENT"));
    let held = all.enumerate().filter(|(_, event)| first_text(&event.properties, &["STATUS"]) != Some("CANCELLED"));
    for (place, event) in held {
        match read_event(event, place) {
            Ok(event) => events.push(event),
            Err(fault) => faults.push(fault),
        }
    }
    let marks_days_off = events.iter().any(|event| event.mark == Mark::Off);
    events.retain(|event| event.mark != Mark::None || !marks_days_off);
    if faults.is_empty() { Ok(events) } else { Err(faults) }
}

fn read_event(event: &Component<'_>, place: usize) -> Result<Event, Fault> {
    let summary = first_text(&event.properties, &["SUMMARY"]).unwrap_or_default();
    let shown: String = summary.chars().take(SHOWN).collect();
    let fault = |member: &str, code| Fault::new(format!("/VEVENT/{place}/{member}"), code).arg(&shown);
    let has = |name: &str| event.properties.iter().any(|p| is(p, name));
    if let Some(name) = ["RRULE", "RDATE"].into_iter().find(|name| has(name)) {
        return Err(fault(name, codes::DAYS_RECUR));
    }
    let Some(first) = date(event, "DTSTART") else {
        return Err(fault("DTSTART", codes::WHOLE_DAYS_ONLY));
    };
    let days = match (has("DTEND"), has("DURATION")) {
        (true, _) => date(event, "DTEND").and_then(|end| u64::try_from((end - first).num_days()).ok()).filter(|days| *days > 0),
        (false, true) => first_text(&event.properties, &["DURATION"]).and_then(duration),
        (false, false) => Some(1),
    };
    match days {
        None => Err(fault(if has("DTEND") { "DTEND" } else { "DURATION" }, codes::WHOLE_DAYS_ONLY)),
        Some(days) if days > LONGEST => Err(fault("DTEND", codes::TOO_MANY_DAYS).arg(LONGEST)),
        Some(days) => Ok(Event { mark: mark(event, summary), name: name(summary), first, days }),
    }
}

/// A day of `DTSTART` or `DTEND`; none for instants, which name no whole day.
fn date(event: &Component<'_>, name: &str) -> Option<NaiveDate> {
    let text = first_text(&event.properties, &[name]).filter(|text| text.len() == 8)?;
    NaiveDate::parse_from_str(text, "%Y%m%d").ok()
}

/// Whole days (`P3D`) or weeks (`P1W`).
fn duration(text: &str) -> Option<u64> {
    let number = text.strip_prefix('+').unwrap_or(text).strip_prefix('P')?;
    let (number, unit) = number.split_at_checked(number.len().checked_sub(1)?)?;
    let number: u64 = number.parse().ok().filter(|number| (1..1000).contains(number))?;
    match unit {
        "D" => Some(number),
        "W" => Some(number * 7),
        _ => None,
    }
}

fn mark(event: &Component<'_>, summary: &str) -> Mark {
    let of = |text: &str, off: &[&str]| {
        let text = text.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if says(off) {
            Mark::Off
        } else if says(&["班", "workday", "working day"]) {
            Mark::Work
        } else {
            Mark::None
        }
    };
    // the most deliberate word first: a marker, the categories, the name as people read it ("Summer bank holiday" marks nothing)
    let named = |name: &'static str| event.properties.iter().filter(move |p| is(p, name));
    let deliberate = named("X-APPLE-SPECIAL-DAY").chain(named("CATEGORIES")).map(|p| of(p.val.as_str(), &["休", "holiday"]));
    deliberate.chain([of(summary, &["休", "不上班"])]).find(|mark| *mark != Mark::None).unwrap_or(Mark::None)
}

/// The summary without its mark: "春节（班）" and "国庆节补班" are 春节 and 国庆节.
fn name(summary: &str) -> String {
    let marks = |text: &str| text.contains('班') || text.contains('休');
    let opened = summary.rfind(['（', '(']).filter(|_| summary.ends_with(['）', ')']));
    let mut name = match opened.and_then(|at| summary.split_at_checked(at)) {
        Some((before, mark)) if marks(mark) => before.trim(),
        _ => summary.trim(),
    };
    for mark in ["班", "补", "上", "调休", "放假"] {
        name = name.strip_suffix(mark).unwrap_or(name).trim_end();
    }
    if name.is_empty() { summary.trim() } else { name }.to_owned()
}

type DaysOfYear = Vec<(NaiveDate, &'static str, String)>;

fn by_year(events: Vec<Event>) -> BTreeMap<i32, DaysOfYear> {
    let mut years: BTreeMap<i32, DaysOfYear> = BTreeMap::new();
    for event in events {
        let kind = if event.mark == Mark::Work { "makeup_workday" } else { "public_holiday" };
        for day in (0..event.days).filter_map(|n| event.first.checked_add_days(Days::new(n))) {
            years.entry(day.year()).or_default().push((day, kind, event.name.clone()));
        }
    }
    years
}

/// Years of which the file only has what hangs over from its neighbour: days of December alone, or of January. What is published is a
/// whole year.
fn strays(years: &BTreeMap<i32, DaysOfYear>) -> Vec<Fault> {
    let all_in = |days: &DaysOfYear, month: u32| days.iter().all(|day| day.0.month() == month);
    let hangs_over = |(year, days): &(&i32, &DaysOfYear)| {
        (all_in(days, 12) && years.contains_key(&(*year + 1))) || (all_in(days, 1) && years.contains_key(&(*year - 1)))
    };
    let fault = |year: i32| Fault::new(format!("/years/{year}"), codes::YEAR_INCOMPLETE).arg(year);
    years.iter().filter(hangs_over).map(|(year, _)| fault(*year)).collect()
}

fn published(days: &DaysOfYear, source: Option<&str>) -> Value {
    let mut sorted: Vec<_> = days.iter().collect();
    sorted.sort_by_key(|day| day.0);
    let days: Vec<Value> = sorted.into_iter().map(|(date, kind, name)| json!({"date": date, "kind": kind, "name": name})).collect();
    let mut year = json!({ "days": days });
    if let Some(source) = source {
        year["source"] = source.into();
    }
    year
}

fn first_text<'p>(properties: &'p [Property<'_>], names: &[&str]) -> Option<&'p str> {
    let of = |name: &&str| properties.iter().find(|p| is(p, name)).map(|p| p.val.as_str().trim());
    names.iter().filter_map(of).find(|text| !text.is_empty())
}

fn is(property: &Property<'_>, name: &str) -> bool {
    property.name.as_str().eq_ignore_ascii_case(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_lose_their_mark_and_nothing_else() {
        for (summary, expected) in [
            ("春节（班）", "春节"),
            ("春节(休)", "春节"),
            ("国庆节补班", "国庆节"),
            ("国庆节调休上班", "国庆节"),
            ("劳动节 调休（上班）", "劳动节"),
            ("元旦放假", "元旦"),
            ("补班", "补班"),
            ("中秋节（含周末）", "中秋节（含周末）"),
            ("Christmas Day (substitute)", "Christmas Day (substitute)"),
            ("", ""),
        ] {
            assert_eq!(name(summary), expected, "{summary}");
        }
    }

    #[test]
    fn durations_are_whole_days_or_weeks() {
        for (text, days) in [
            ("P1D", Some(1)),
            ("+P2W", Some(14)),
            ("PT24H", None),
            ("P1DT1H", None),
            ("P0D", None),
            ("-P1D", None),
            ("P", None),
            ("P１D", None),
        ] {
            assert_eq!(duration(text), days, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever a file holds, it is read or refused.
        #[test]
        fn no_file_is_too_odd(pieces in prop::collection::vec(prop_oneof![
            Just("BEGIN:VCALENDAR\n".to_owned()), Just("END:VCALENDAR\n".to_owned()), Just("BEGIN:VEVENT\r\n".to_owned()),
            Just("END:VEVENT\n".to_owned()), Just("DTSTART;VALUE=DATE:20270101\n".to_owned()), Just("DTEND:00010101\n".to_owned()),
            Just("DTSTART;VALUE=DATE:99991231\nDURATION:P9W\n".to_owned()), Just("SUMMARY:春节（班）\n".to_owned()), Just("\n ".to_owned()),
            Just("BEGIN:".to_owned()), Just("\"".to_owned()), "[A-Z;:=\"\\\\,]{0,12}", "\\PC{0,8}", "[\r\n\t ]{0,3}",
        ], 0..40), headed in any::<bool>()) {
            let head = if headed { "BEGIN:VCALENDAR\nX-WR-CALNAME:x\n" } else { "" };
            let _ = read(&format!("{head}{}", pieces.concat()));
        }
    }
}
