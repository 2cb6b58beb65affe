//! What can be wrong with a version of a profile before it is published: all of it, each fault at its place.

use super::model::NewProfileVersion;
use crate::calendar::YEARS;
use crate::category::Kind;
use crate::codes;
use crate::deadline::kind::{Class, ClockKind};
use crate::deadline::model::LimitUnit;
use crate::deadline::profile::{Profile, Roll, Rule};
use crate::deadline::rules::{LONGEST_DAYS, LONGEST_HOURS};
use crate::platform::error::{Code, Fault};
use crate::platform::web::codes as web;
use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use std::ops::RangeInclusive;

/// The routes of Art. 31.
const ROUTES: RangeInclusive<i16> = 1..=6;

/// What a version is held against.
pub(super) struct Beside<'a> {
    /// The version before.
    pub last: &'a Profile,
    /// The first day of the version in force.
    pub begun: NaiveDate,
    /// What the other profiles say from its first day on.
    pub others: Vec<&'a Profile>,
    /// Whether its calendar is there.
    pub calendar_known: bool,
}

/// Every fault of a version that has the shape of one.
pub(super) fn faults(new: &NewProfileVersion, beside: &Beside<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !YEARS.contains(&new.valid_from.year()) {
        faults.push(Fault::new("/valid_from", codes::YEAR_OUT_OF_RANGE).arg(YEARS.start()).arg(YEARS.end()));
    } else if new.valid_from <= beside.begun {
        // one that has not begun yet is replaced by what begins no later
        faults.push(Fault::new("/valid_from", codes::VALIDITY_OVERLAPS).arg(beside.begun));
    }
    if !beside.calendar_known {
        faults.push(Fault::new("/calendar", codes::UNKNOWN_CALENDAR));
    } else if new.calendar != beside.last.document.calendar {
        // running clocks are counted by the one before: no version could ever be replayed on them
        faults.push(Fault::new("/calendar", codes::FIXED_BY_PROCEDURE).arg(&beside.last.document.calendar));
    }
    for (place, rule) in new.rules.iter().enumerate() {
        let at = At { place, faults: &mut faults };
        alone(rule, at);
        if let Some(other) = new.rules.iter().take(place).position(|other| meets(rule, other)) {
            faults.push(Fault::new(format!("/rules/{place}"), codes::RULE_TWICE).arg(other));
        }
        if let Some(other) = beside.others.iter().find(|other| other.document.rules.iter().any(|other| meets(rule, other))) {
            faults.push(Fault::new(format!("/rules/{place}"), codes::RULE_ELSEWHERE).arg(&other.code).arg(rule.clock.as_str()));
        }
    }
    faults.extend(missing(&new.rules, &beside.last.document.rules));
    faults
}

/// Where the faults of a rule go.
struct At<'f> {
    place: usize,
    faults: &'f mut Vec<Fault>,
}

impl At<'_> {
    fn say(&mut self, member: &str, code: Code, args: &[&dyn std::fmt::Display]) {
        let fault = Fault::new(format!("/rules/{}/{member}", self.place), code);
        self.faults.push(args.iter().fold(fault, |fault, arg| fault.arg(arg)));
    }
}

/// What is wrong with a rule whatever stands beside it.
fn alone(rule: &Rule, mut at: At<'_>) {
    contradictions(rule, &mut at);
    limits(rule, &mut at);
    let rolls = rule.roll == Roll::Forward;
    let may_roll = (rule.clock.fixed().class == Class::Right || rule.clock == ClockKind::VisitTask) && rule.unit != LimitUnit::Hour;
    if rolls && !may_roll {
        at.say("roll", codes::ROLL_FOR_RIGHTS, &[]);
    }
    for (place, warning) in rule.warnings.iter().enumerate() {
        if warning.percent.is_none() && warning.hours_before.is_none() {
            at.say(&format!("warnings/{place}"), codes::WARNING_EMPTY, &[]);
        }
    }
    // days are given, which hours don't count
    if rule.extension.is_some() && (rule.clock != ClockKind::Handling || rule.unit == LimitUnit::Hour) {
        at.say("extension", codes::EXTENSION_NOT_HERE, &[]);
    }
    for (place, route) in rule.routes.iter().flatten().enumerate() {
        if !ROUTES.contains(route) {
            at.say(&format!("routes/{place}"), codes::UNKNOWN_ROUTE, &[]);
        }
    }
}

/// What the procedure fixes and the rule says otherwise.
fn contradictions(rule: &Rule, at: &mut At<'_>) {
    let fixed = rule.clock.fixed();
    if rule.class != fixed.class {
        at.say("class", codes::FIXED_BY_PROCEDURE, &[&word(fixed.class)]);
    }
    if rule.life != fixed.life {
        at.say("life", codes::FIXED_BY_PROCEDURE, &[&word(fixed.life)]);
    }
    if rule.start != fixed.start {
        at.say("start", codes::FIXED_BY_PROCEDURE, &[&fixed.start]);
    }
    let same_acts = rule.stops.len() == fixed.stops.len() && fixed.stops.iter().all(|act| rule.stops.iter().any(|stop| stop == act));
    if !same_acts {
        at.say("stops", codes::FIXED_BY_PROCEDURE, &[&fixed.stops.join(", ")]);
    }
    // what may stop the count need not
    if !rule.pauses.iter().all(|pause| fixed.pauses.contains(&pause.as_str())) {
        let allowed = if fixed.pauses.is_empty() { "[]".to_owned() } else { fixed.pauses.join(", ") };
        at.say("pauses", codes::FIXED_BY_PROCEDURE, &[&allowed]);
    }
}

fn limits(rule: &Rule, at: &mut At<'_>) {
    let settable = rule.clock.fixed().settable;
    if rule.unit == LimitUnit::Date {
        // an execution has a day only where the opinion names one
        if !settable || rule.clock == ClockKind::Execution {
            at.say("unit", codes::DATE_NOT_SETTABLE, &[]);
        }
        for (member, given) in [("limit", rule.limit), ("target_high", rule.target_high)] {
            if given.is_some() {
                at.say(member, codes::LIMIT_UNEXPECTED, &[]);
            }
        }
        return;
    }
    let longest = if rule.unit == LimitUnit::Hour { LONGEST_HOURS } else { LONGEST_DAYS };
    match (rule.limit, rule.target_high) {
        (None, _) => at.say("limit", codes::LIMIT_REQUIRED, &[]),
        (Some(limit), _) if limit > longest => at.say("limit", web::TOO_LARGE, &[&longest]),
        (Some(limit), Some(target)) if target > limit => at.say("target_high", codes::TARGET_LATER, &[&limit]),
        _ => {}
    }
}

/// Whether two rules would both be for some petition.
fn meets(one: &Rule, other: &Rule) -> bool {
    let share = |one: &Option<Vec<i16>>, other: &Option<Vec<i16>>| match (one, other) {
        (Some(one), Some(other)) => one.iter().any(|route| other.contains(route)),
        _ => true,
    };
    one.clock == other.clock && one.kinds.iter().any(|kind| other.kinds.contains(kind)) && share(&one.routes, &other.routes)
}

/// What the version before has a rule for and this one has not: its petitions would have no limit.
fn missing<'r>(rules: &'r [Rule], before: &'r [Rule]) -> impl Iterator<Item = Fault> + 'r {
    let routes = || std::iter::once(None).chain(ROUTES.map(Some));
    let covered = |rules: &[Rule], clock, kind, route| rules.iter().any(|rule: &Rule| rule.clock == clock && rule.fits(kind, route));
    let mut needed: Vec<(ClockKind, Kind)> = before.iter().flat_map(|rule| rule.kinds.iter().map(|kind| (rule.clock, *kind))).collect();
    needed.sort_unstable();
    needed.dedup();
    let gone = needed
        .into_iter()
        .filter(move |(clock, kind)| routes().any(|route| covered(before, *clock, *kind, route) && !covered(rules, *clock, *kind, route)));
    gone.map(|(clock, kind)| Fault::new("/rules", codes::RULE_MISSING).arg(clock.as_str()).arg(kind.as_str()))
}

/// The word of a value in JSON.
fn word(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
