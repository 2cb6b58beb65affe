//! Every version of every calendar and profile, in memory. Versions never change, so what was read once stands as long as the digests
//! of all versions are the same.

use super::kind::ClockKind;
use super::model::{Clock, LimitUnit};
use super::profile::{Profile, Roll, Rule};
use super::repo;
use super::rules::{self, Due, Limit, Term};
use crate::calendar::Calendar;
use crate::category::Kind;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Timetables kept in memory: one a database and publication, and few of either.
const KEPT: usize = 8;

/// What tells one state of all versions from another.
pub(super) type Digests = (Vec<u8>, Vec<u8>);

static READ: Mutex<Vec<(Digests, Arc<Timetable>)>> = Mutex::new(Vec::new());

/// A version of a calendar in memory.
#[derive(Debug, Clone)]
pub struct CalendarVersion {
    /// Its code.
    pub code: String,
    /// Its version.
    pub version: i32,
    /// Its days.
    pub calendar: Calendar,
}

/// Every version of every calendar and profile.
#[derive(Debug, Default)]
pub struct Timetable {
    calendars: HashMap<(String, i32), CalendarVersion>,
    newest: HashMap<String, i32>,
    /// By code, oldest version first.
    profiles: Vec<Profile>,
}

/// A rule with the versions it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct InForce<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// The rule.
    pub rule: &'a Rule,
    /// The calendar it counts by.
    pub calendar: &'a CalendarVersion,
}

impl Timetable {
    /// The timetable of a database.
    ///
    /// # Errors
    /// Database only, or what is stored can't be read.
    pub fn current(c: &mut Conn) -> Result<Arc<Self>> {
        let digests = repo::digests(c)?;
        let known = |read: &[(Digests, Arc<Self>)]| read.iter().find(|(of, _)| *of == digests).map(|(_, timetable)| Arc::clone(timetable));
        if let Some(timetable) = known(&READ.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(timetable);
        }
        let timetable = Arc::new(Self::of(repo::all_calendars(c)?, repo::all_profiles(c)?));
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        if read.len() >= KEPT {
            read.remove(0);
        }
        read.push((digests, Arc::clone(&timetable)));
        Ok(timetable)
    }

    /// A timetable of versions at hand.
    pub fn of(calendars: Vec<CalendarVersion>, mut profiles: Vec<Profile>) -> Self {
        profiles.sort_by(|a, b| (&a.code, a.version).cmp(&(&b.code, b.version)));
        let mut newest = HashMap::new();
        for calendar in &calendars {
            let version = newest.entry(calendar.code.clone()).or_insert(calendar.version);
            *version = calendar.version.max(*version);
        }
        let calendars = calendars.into_iter().map(|calendar| ((calendar.code.clone(), calendar.version), calendar)).collect();
        Self { calendars, newest, profiles }
    }

    /// A version of a calendar; the newest unless one is named.
    pub fn calendar(&self, code: &str, version: Option<i32>) -> Option<&CalendarVersion> {
        let version = version.or_else(|| self.newest.get(code).copied())?;
        self.calendars.get(&(code.to_owned(), version))
    }

    /// A version of a profile.
    pub fn profile(&self, code: &str, version: i32) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.code == code && profile.version == version)
    }

    /// The version of a profile in force on a day; the oldest before that.
    pub fn in_force_on(&self, code: &str, day: NaiveDate) -> Option<&Profile> {
        let of_it = || self.profiles.iter().filter(|profile| profile.code == code);
        of_it().rev().find(|profile| profile.valid_from <= day).or_else(|| of_it().next())
    }

    /// The versions of all profiles that are in force on a day or some day after it.
    pub fn from_day_on(&self, day: NaiveDate) -> impl Iterator<Item = &Profile> {
        let replaced = move |profile: &Profile| self.profile(&profile.code, profile.version + 1).is_some_and(|next| next.valid_from <= day);
        self.profiles.iter().filter(move |profile| !replaced(profile))
    }

    /// The codes of all profiles.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        let mut last = None;
        self.profiles.iter().map(|profile| profile.code.as_str()).filter(move |code| last.replace(*code) != Some(*code))
    }

    /// The rule for a clock that starts on a day; none where the procedure sets no limit.
    pub fn rule(&self, clock: ClockKind, kind: Kind, route: Option<i16>, day: NaiveDate) -> Option<InForce<'_>> {
        self.codes().find_map(|code| {
            let profile = self.in_force_on(code, day)?;
            let rule = profile.rule(clock, kind, route)?;
            Some(InForce { profile, rule, calendar: self.calendar(&profile.document.calendar, None)? })
        })
    }

    /// The rule a clock runs by, with the calendar it was counted by.
    ///
    /// # Errors
    /// Internal when its versions are gone: they never are.
    pub fn rule_of(&self, clock: &Clock, kind: Kind, route: Option<i16>) -> Result<InForce<'_>> {
        let found = || {
            let profile = self.profile(&clock.profile, clock.profile_version)?;
            // a correction of kind or route leaves a running clock what it was
            let any = || profile.document.rules.iter().find(|rule| rule.clock == clock.kind);
            let rule = profile.rule(clock.kind, kind, route).or_else(any)?;
            Some(InForce { profile, rule, calendar: self.calendar(&clock.calendar, Some(clock.calendar_version))? })
        };
        found().ok_or_else(|| Error::internal("a clock names a version that is not there"))
    }
}

impl<'a> InForce<'a> {
    /// What is counted: from an instant, with that limit and those pauses.
    pub fn term(&self, start: DateTime<Utc>, limit: Limit, pauses: &'a [rules::Pause]) -> Term<'a> {
        Term { start, limit, roll: self.rule.roll == Roll::Forward, pauses, warnings: &self.rule.warnings }
    }

    /// What a clock is counted by.
    pub fn term_of(&self, clock: &'a Clock) -> Term<'a> {
        self.term(clock.started_at.0, clock.limit(), &clock.pauses.0)
    }

    /// Counts a clock anew.
    pub fn due(&self, term: &Term<'_>, zone: Tz) -> Due {
        rules::due(term, &self.calendar.calendar, zone)
    }

    /// The internal target of a petition that comes first, never later than the law.
    pub fn target(&self, term: &Term<'_>, due: &Due, zone: Tz) -> Option<DateTime<Utc>> {
        let limit = self.rule.limit_of(Some(self.rule.target_high?)).filter(|_| self.rule.unit != LimitUnit::Date)?;
        let target = rules::due(&Term { limit, ..*term }, &self.calendar.calendar, zone);
        Some(target.at.min(due.at))
    }

    /// When the sweep has to look at a clock next, of which so many warnings were given: its next warning or its end.
    pub fn next_at(&self, term: &Term<'_>, due_at: DateTime<Utc>, warned: i16, zone: Tz) -> DateTime<Utc> {
        let place = usize::try_from(warned).unwrap_or(usize::MAX);
        rules::warning_at(term, place, due_at, &self.calendar.calendar, zone).map_or(due_at, |at| at.min(due_at))
    }
}
