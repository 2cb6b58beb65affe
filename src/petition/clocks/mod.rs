//! The clocks of a petition: started, met, ended by its acts, and what comes of itself at their instants.
//!
//! An act says what happened (`start`, `fulfil`, `end`); the profile's rules say what that means. What changed goes into the act's own
//! event, so that the trail alone rebuilds every clock.

mod acting;
pub mod due;
pub mod fates;
mod restored;
mod told;

use crate::auth::Context;
use crate::deadline::model::{LimitUnit, Pauses};
use crate::deadline::profile::ExtensionRule;
use crate::deadline::rules::{Limit, Pause};
use crate::deadline::timetable::InForce;
use crate::deadline::{Class, Clock, ClockKind, ClockState, Timetable, repo};
use crate::petition::Kind;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use chrono::{DateTime, NaiveDate, Utc};
use fates::{Ending, Fate};
use std::sync::Arc;
use told::Told;

/// Stands for "no clock runs": keyset pages can't end on null.
const NEVER_DUE: i64 = 253_370_764_800;

/// The due instant of what is never due.
pub fn never() -> Time {
    Time(DateTime::from_timestamp(NEVER_DUE, 0).unwrap_or(DateTime::<Utc>::MAX_UTC))
}

/// What a clock of a petition depends on beside its rule.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// The petition.
    pub petition: Id,
    /// What it is.
    pub kind: Kind,
    /// Route of Art. 31 it was accepted on.
    pub route: Option<i16>,
    /// Whether it comes before others: then there are internal targets.
    pub first: bool,
    /// Place in the trail of the event in which this happens.
    pub n: i64,
}

/// What has to be stored of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    None,
    /// It is new.
    Started,
    /// How it stands.
    Standing,
    /// How it is counted, or who answers for it.
    Count,
}

#[derive(Debug)]
struct Kept {
    row: Clock,
    change: Change,
}

/// The clocks of one petition in the hands of an act.
#[derive(Debug, Default)]
pub struct Clocks {
    kept: Vec<Kept>,
    timetable: Option<Arc<Timetable>>,
    told: Told,
}

impl Clocks {
    /// The clocks of a petition.
    pub(super) fn load(c: &mut Conn, petition: Id) -> Result<Self> {
        let kept = repo::of_subject(c, petition)?.into_iter().map(|row| Kept { row, change: Change::None }).collect();
        Ok(Self { kept, ..Self::default() })
    }

    /// All of them, in the order they were started.
    pub fn all(&self) -> impl Iterator<Item = &Clock> {
        self.kept.iter().map(|kept| &kept.row)
    }

    /// Those of which something may still come.
    pub fn open(&self) -> impl Iterator<Item = &Clock> {
        self.all().filter(|clock| clock.is_open())
    }

    /// The open clock of a kind.
    pub fn open_of(&self, kind: ClockKind) -> Option<&Clock> {
        self.open().find(|clock| clock.kind == kind)
    }

    /// The last clock of a kind that counted for something.
    pub fn last_of(&self, kind: ClockKind) -> Option<&Clock> {
        self.all().filter(|clock| clock.kind == kind && clock.state != ClockState::Cancelled).last()
    }

    /// The open clock that its rule lets be extended, and how; none as long as no timetable was read.
    pub fn extendable(&self, kind: Kind, route: Option<i16>) -> Option<(&Clock, &ExtensionRule)> {
        self.open().find_map(|clock| Some((clock, self.extension_of(clock, kind, route)?)))
    }

    /// How the rule of a clock lets it be extended.
    pub fn extension_of(&self, clock: &Clock, kind: Kind, route: Option<i16>) -> Option<&ExtensionRule> {
        let rule = self.timetable.as_deref()?.rule_of(clock, kind, route).ok()?.rule;
        rule.extension.as_ref().filter(|extension| extension.max_days > 0 && extension.times > 0)
    }

    /// Every version of calendars and profiles.
    ///
    /// # Errors
    /// Database only.
    pub fn timetable(&mut self, c: &mut Conn) -> Result<Arc<Timetable>> {
        match &self.timetable {
            Some(timetable) => Ok(Arc::clone(timetable)),
            None => {
                let timetable = Timetable::current(c)?;
                self.timetable = Some(Arc::clone(&timetable));
                Ok(timetable)
            }
        }
    }

    /// Starts a clock, if the profile in force sets a limit for it; `until` where a person sets the last day.
    ///
    /// # Errors
    /// Database only.
    pub(super) fn start(&mut self, c: &mut Conn, cx: &mut Context, about: &About, new: &NewClock) -> Result<()> {
        let timetable = self.timetable(c)?;
        let Some(rule) = timetable.rule(new.kind, about.kind, about.route, cx.day(new.from)) else { return Ok(()) };
        let Some((limit, amount, unit)) = limit_of(&rule, new.until) else { return Ok(()) };
        let term = rule.term(new.from, limit, &[]);
        let due = rule.due(&term, cx.zone);
        let target = if about.first { rule.target(&term, &due, cx.zone) } else { None };
        let row = Clock {
            id: cx.draw.id(),
            subject_kind: "petition".to_owned(),
            subject_id: about.petition,
            kind: new.kind,
            unit_id: Some(new.unit),
            state: ClockState::Running,
            cause: None,
            profile: rule.profile.code.clone(),
            profile_version: rule.profile.version,
            calendar: rule.calendar.code.clone(),
            calendar_version: rule.calendar.version,
            provisional: due.provisional,
            limit_amount: amount,
            limit_unit: unit,
            extended_days: 0,
            pauses: Pauses::default(),
            started_at: Time::claimed(new.from),
            started_n: about.n,
            yellow_at: Time(due.yellow_at),
            warned: 0,
            next_at: Some(Time(rule.next_at(&term, due.at, 0, cx.zone))),
            due_on: due.on,
            due_at: Time(due.at),
            target_at: target.map(Time),
            breached_at: None,
            stopped_at: None,
            stopped_n: None,
            restored_from: None,
        };
        self.told.started(&row);
        self.kept.push(Kept { row, change: Change::Started });
        Ok(())
    }

    /// Ends every open clock that an act fulfils, by the rules they run by: met, or met late.
    pub(super) fn fulfil(&mut self, c: &mut Conn, about: &About, act: &str, at: DateTime<Utc>) -> Result<()> {
        if !self.open().any(|clock| clock.kind.fixed().stops.contains(&act)) {
            return Ok(());
        }
        let timetable = self.timetable(c)?;
        for i in 0..self.kept.len() {
            let Some(clock) = self.kept.get(i).map(|kept| &kept.row).filter(|clock| clock.is_open()) else { continue };
            let rule = timetable.rule_of(clock, about.kind, about.route)?;
            if rule.rule.stops.iter().any(|stop| stop == act) {
                self.settle(i, Fate::Met, about.n, at);
            }
        }
        Ok(())
    }

    /// What becomes of the open clocks when the petition, or this part of its course, ends.
    pub(super) fn end(&mut self, ending: Ending, n: i64, at: DateTime<Utc>) {
        for i in 0..self.kept.len() {
            let Some(clock) = self.kept.get(i).map(|kept| &kept.row).filter(|clock| clock.is_open()) else { continue };
            let fate = fates::fate(clock.kind, ending);
            self.settle(i, fate, n, at);
        }
    }

    /// Says that a right was used at a time within it, whatever became of it meanwhile.
    pub(super) fn used(&mut self, id: Id, n: i64, at: DateTime<Utc>) {
        let Some(kept) = self.kept.iter_mut().find(|kept| kept.row.id == id) else { return };
        let row = &mut kept.row;
        (row.state, row.cause, row.next_at) = (ClockState::Met, None, None);
        (row.stopped_at, row.stopped_n) = (Some(Time::claimed(at)), Some(n));
        self.told.ended(row);
        kept.mark(Change::Standing);
    }

    /// What becomes of one open clock.
    pub(super) fn settle_one(&mut self, id: Id, fate: Fate, n: i64, at: DateTime<Utc>) {
        if let Some(i) = self.kept.iter().position(|kept| kept.row.id == id && kept.row.is_open()) {
            self.settle(i, fate, n, at);
        }
    }

    fn settle(&mut self, i: usize, fate: Fate, n: i64, at: DateTime<Utc>) {
        let Some(kept) = self.kept.get_mut(i) else { return };
        let row = &mut kept.row;
        match fate {
            Fate::GoesOn => return,
            Fate::Met => row.state = if at < row.due_at.0 { ClockState::Met } else { ClockState::MetLate },
            // a breach happened: taking away what was owed does not undo it
            Fate::Cancelled(cause) if row.state == ClockState::Breached => row.cause = Some(cause.to_owned()),
            Fate::Cancelled(cause) | Fate::Annulled(cause) => {
                (row.state, row.breached_at) = (ClockState::Cancelled, None);
                row.cause = Some(cause.to_owned());
            }
        }
        (row.stopped_at, row.stopped_n, row.next_at) = (Some(Time(at)), Some(n), None);
        self.told.ended(row);
        kept.mark(Change::Standing);
    }

    /// Counts an open clock anew from another start; answers the breaches that are none then.
    pub(super) fn restart(&mut self, c: &mut Conn, cx: &Context, about: &About, kind: ClockKind, from: DateTime<Utc>) -> Result<Vec<Id>> {
        let breached = |clocks: &Self| clocks.open().filter(|clock| clock.breached_at.is_some()).map(|clock| clock.id).collect::<Vec<Id>>();
        let before = breached(self);
        self.recount(c, cx, about, kind, |clock| clock.started_at = Time::claimed(from))?;
        let after = breached(self);
        Ok(before.into_iter().filter(|id| !after.contains(id)).collect())
    }

    /// Gives the open clock of a kind so many days more.
    pub(super) fn extend(&mut self, c: &mut Conn, cx: &Context, about: &About, kind: ClockKind, days: i32) -> Result<()> {
        self.recount(c, cx, about, kind, |clock| clock.extended_days += days)
    }

    fn recount(&mut self, c: &mut Conn, cx: &Context, about: &About, kind: ClockKind, change: impl Fn(&mut Clock)) -> Result<()> {
        let timetable = self.timetable(c)?;
        for i in 0..self.kept.len() {
            let Some(clock) = self.kept.get(i).map(|kept| &kept.row).filter(|clock| clock.is_open() && clock.kind == kind) else {
                continue;
            };
            let mut next = clock.clone();
            change(&mut next);
            let rule = timetable.rule_of(&next, about.kind, about.route)?;
            counted(&mut next, &rule, about.first, cx);
            self.moved(i, next);
        }
        Ok(())
    }

    /// Counts the open, unbreached clocks anew by other versions, where `by` names some; says whether any moved.
    ///
    /// # Errors
    /// Internal when a version is not there.
    pub(super) fn replay(&mut self, c: &mut Conn, cx: &Context, about: &About, by: impl Fn(&Clock) -> Option<Versions>) -> Result<bool> {
        let timetable = self.timetable(c)?;
        let mut any = false;
        for i in 0..self.kept.len() {
            let Some(clock) = self.kept.get(i).map(|kept| &kept.row) else { continue };
            if !matches!(clock.state, ClockState::Running | ClockState::Paused) {
                continue;
            }
            let Some(versions) = by(clock) else { continue };
            if let Recounted::Moved(next) = recounted(clock, &timetable, versions, about, cx)? {
                self.moved(i, *next);
                any = true;
            }
        }
        Ok(any)
    }

    /// Stands the open clocks still that know this reason, from a day on, never before they start.
    pub(super) fn pause(&mut self, c: &mut Conn, cx: &Context, about: &About, reason: &str, from: NaiveDate) -> Result<()> {
        let timetable = self.timetable(c)?;
        for i in 0..self.kept.len() {
            let Some(clock) = self.kept.get(i).map(|kept| &kept.row).filter(|clock| clock.is_open()) else { continue };
            let knows = timetable.rule_of(clock, about.kind, about.route)?.rule.pauses.iter().any(|known| known == reason);
            if !knows || clock.pauses.lasting(reason).is_some() {
                continue;
            }
            let mut next = clock.clone();
            next.pauses.0.push(Pause { from: from.max(cx.day(clock.started_at.0)), until: None, reason: reason.to_owned() });
            // what was breached meanwhile is looked at again when the pause is over
            if next.state == ClockState::Running {
                (next.state, next.next_at) = (ClockState::Paused, None);
            }
            self.moved(i, next);
        }
        Ok(())
    }

    /// Gives the open clocks the office's own targets, or takes them away; limits stay.
    pub(super) fn retarget(&mut self, c: &mut Conn, cx: &Context, about: &About) -> Result<()> {
        if self.open().next().is_none() {
            return Ok(());
        }
        let timetable = self.timetable(c)?;
        for kept in self.kept.iter_mut().filter(|kept| kept.row.is_open()) {
            let rule = timetable.rule_of(&kept.row, about.kind, about.route)?;
            let target = {
                let term = rule.term_of(&kept.row);
                let due = rule.due(&term, cx.zone);
                if about.first { rule.target(&term, &due, cx.zone).map(Time) } else { None }
            };
            if kept.row.target_at != target {
                kept.row.target_at = target;
                kept.mark(Change::Count);
            }
        }
        Ok(())
    }

    /// Lets those go on that stood still for a reason; the day itself is not counted. Answers the breaches that are none then.
    pub(super) fn resume(&mut self, c: &mut Conn, cx: &Context, about: &About, reason: &str, until: NaiveDate) -> Result<Vec<Id>> {
        let timetable = self.timetable(c)?;
        let mut undone = Vec::new();
        for i in 0..self.kept.len() {
            let Some(clock) = self.kept.get(i).map(|kept| &kept.row).filter(|clock| clock.is_open()) else { continue };
            let Some(place) = clock.pauses.lasting(reason) else { continue };
            let mut next = clock.clone();
            if let Some(pause) = next.pauses.0.get_mut(place) {
                pause.until = Some(until.max(pause.from));
            }
            if next.state == ClockState::Paused && !next.pauses.0.iter().any(|pause| pause.until.is_none()) {
                next.state = ClockState::Running;
            }
            let rule = timetable.rule_of(&next, about.kind, about.route)?;
            counted(&mut next, &rule, about.first, cx);
            if clock.breached_at.is_some() && next.breached_at.is_none() {
                undone.push(clock.id);
            }
            self.moved(i, next);
        }
        Ok(undone)
    }

    /// Makes another unit answer for the open clocks that are chosen; due days stay.
    pub fn hand_over(&mut self, unit: Id, chosen: impl Fn(&Clock) -> bool) {
        for i in 0..self.kept.len() {
            let Some(clock) = self.kept.get(i).map(|kept| &kept.row) else { continue };
            if clock.is_open() && chosen(clock) && clock.unit_id != Some(unit) {
                let next = Clock { unit_id: Some(unit), ..clock.clone() };
                self.moved(i, next);
            }
        }
    }

    fn moved(&mut self, i: usize, next: Clock) {
        if let Some(kept) = self.kept.get_mut(i)
            && kept.row != next
        {
            self.told.moved(&kept.row, &next);
            kept.row = next;
            kept.mark(Change::Count);
        }
    }

    /// What changed since the last event, for the next one.
    pub(super) fn take_told(&mut self) -> Option<serde_json::Value> {
        std::mem::take(&mut self.told).into_value()
    }

    /// Stores what changed.
    pub(super) fn store(&mut self, c: &mut Conn) -> Result<()> {
        for kept in &mut self.kept {
            match std::mem::replace(&mut kept.change, Change::None) {
                Change::None => {}
                Change::Started => repo::insert(c, &kept.row)?,
                Change::Standing => repo::update(c, &kept.row, false)?,
                Change::Count => repo::update(c, &kept.row, true)?,
            }
        }
        Ok(())
    }

    /// The nearest end and the first yellow light of the open clocks; far away while there are none.
    pub(super) fn nearest(&self) -> (Time, Time) {
        let counting = || self.open().filter(|clock| clock.state != ClockState::Paused);
        let due = counting().map(|clock| clock.due_at).min();
        let yellow = counting().map(|clock| clock.yellow_at).min();
        (due.unwrap_or(never()), yellow.unwrap_or(never()))
    }

    /// The unit that owes something, of those that do the one that owes it first.
    pub(super) fn owing(&self) -> Option<Id> {
        let duties = self.open().filter(|clock| clock.kind.fixed().class == Class::Duty);
        duties.min_by_key(|clock| clock.due_at).and_then(|clock| clock.unit_id)
    }
}

impl Kept {
    fn mark(&mut self, change: Change) {
        self.change = match (self.change, change) {
            (Change::Started, _) => Change::Started,
            (Change::Count, _) | (_, Change::Count) => Change::Count,
            _ => Change::Standing,
        };
    }
}

/// A clock about to be started.
#[derive(Debug, Clone, Copy)]
pub struct NewClock {
    /// What is due.
    pub kind: ClockKind,
    /// The instant of the event that starts it.
    pub from: DateTime<Utc>,
    /// The unit that answers for it.
    pub unit: Id,
    /// The last day, where a person sets it.
    pub until: Option<NaiveDate>,
}

fn limit_of(rule: &InForce<'_>, until: Option<NaiveDate>) -> Option<(Limit, i32, LimitUnit)> {
    match until {
        Some(day) => Some((Limit::Until(day), 0, LimitUnit::Date)),
        None => {
            let limit = rule.rule.limit_of(None)?;
            Some((limit, i32::try_from(rule.rule.limit?).ok()?, rule.rule.unit))
        }
    }
}

/// The versions a clock is to be counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// Of its profile.
    pub profile: i32,
    /// Of its calendar.
    pub calendar: i32,
}

/// What becomes of a clock that is counted by other versions.
#[derive(Debug)]
pub enum Recounted {
    /// Nothing: a change of the version alone is none.
    Same,
    /// It would be over already, or a right would be shorter: nobody loses in hindsight what they were told, so it stays.
    Stays,
    /// It is counted otherwise.
    Moved(Box<Clock>),
}

/// A clock counted by other versions.
///
/// # Errors
/// Internal when a version is not there.
pub fn recounted(clock: &Clock, timetable: &Timetable, by: Versions, about: &About, cx: &Context) -> Result<Recounted> {
    let mut next = Clock { profile_version: by.profile, calendar_version: by.calendar, ..clock.clone() };
    let rule = timetable.rule_of(&next, about.kind, about.route)?;
    if by.profile != clock.profile_version && next.limit_unit != LimitUnit::Date {
        // a version that sets no limit leaves a running clock what it was
        let Some(amount) = rule.rule.limit.and_then(|amount| i32::try_from(amount).ok()) else { return Ok(Recounted::Same) };
        (next.limit_amount, next.limit_unit) = (amount, rule.rule.unit);
    }
    counted(&mut next, &rule, about.first, cx);
    let count = |of: &Clock| (of.due_on, of.due_at, of.yellow_at, of.target_at, of.provisional);
    let shortened = next.due_at < clock.due_at;
    Ok(match () {
        () if count(&next) == count(clock) => Recounted::Same,
        () if shortened && (next.due_at.0 <= cx.now() || clock.kind.fixed().class == Class::Right) => Recounted::Stays,
        () => Recounted::Moved(Box::new(next)),
    })
}

/// Counts a clock by a rule. Warnings that lie ahead of it again are given again; a breach that lies ahead was none.
fn counted(clock: &mut Clock, rule: &InForce<'_>, first: bool, cx: &Context) {
    let (due, target, warned, next_at) = {
        let term = rule.term_of(clock);
        let due = rule.due(&term, cx.zone);
        let target = if first { rule.target(&term, &due, cx.zone) } else { None };
        let past = |warned: &i16| rule.next_at(&term, due.at, *warned, cx.zone) <= cx.now();
        let warned = (0..clock.warned).take_while(past).count();
        let warned = i16::try_from(warned).unwrap_or(clock.warned);
        (due, target, warned, rule.next_at(&term, due.at, warned, cx.zone))
    };
    (clock.due_on, clock.due_at, clock.yellow_at) = (due.on, Time(due.at), Time(due.yellow_at));
    (clock.provisional, clock.target_at, clock.warned) = (due.provisional, target.map(Time), warned);
    if clock.state == ClockState::Breached && due.at > cx.now() {
        (clock.state, clock.breached_at) = (ClockState::Running, None);
    }
    // one that was breached is watched no more
    clock.next_at = if clock.state == ClockState::Running { Some(Time(next_at)) } else { None };
}
