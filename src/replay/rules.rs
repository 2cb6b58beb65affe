//! Which clocks a version is for, and what is added up and hashed of those that move.

use super::model::{FromTo, Target, Versioned};
use crate::deadline::model::LimitUnit;
use crate::deadline::{Clock, Timetable};
use crate::petition::clocks::Versions;
use crate::platform::db::types::Id;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Moves that are shown one by one.
const SHOWN: usize = 100;

/// What a clock that still counts is to be counted by; none where it has nothing to do with that version, or has it already.
pub fn versions(target: &Target, clock: &Clock, timetable: &Timetable) -> Option<Versions> {
    // a day that somebody set is nobody's to move
    if clock.limit_unit == LimitUnit::Date {
        return None;
    }
    let (profile, calendar) = (clock.profile_version, clock.calendar_version);
    match target.of {
        Versioned::Calendar => {
            let older = clock.calendar == target.code && calendar < target.version;
            older.then_some(Versions { profile, calendar: target.version })
        }
        Versioned::Profile => {
            let older = clock.profile == target.code && profile < target.version;
            // a version that no longer knows the clock leaves it what it was
            let known = older && timetable.profile(&target.code, target.version).is_some();
            known.then_some(Versions { profile: target.version, calendar })
        }
    }
}

/// A clock of which something would move.
#[derive(Debug, Clone)]
pub struct Moving {
    /// The petition's number.
    pub number: String,
    /// Whether the petition is an accusation, or confidential otherwise.
    pub restricted: bool,
    /// As it is.
    pub from: Clock,
    /// As it would be.
    pub to: Clock,
}

/// A move to be shown.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The petition's number.
    pub number: String,
    /// As it is.
    pub clock: Clock,
    /// Its last day.
    pub due_on: FromTo,
}

/// What would move, added up as it is read: in the order of petitions, and of clocks within each. However many move, it stays small.
#[derive(Debug, Clone)]
pub struct Tally {
    /// Clocks that would end at another time.
    pub clocks: i64,
    /// Those that would end when they do, but no longer provisionally.
    pub confirmed: i64,
    /// Those of which only a warning or the target would move.
    pub warnings: i64,
    /// Petitions with any of them.
    pub petitions: i64,
    /// Those of restricted petitions.
    pub unlisted: i64,
    /// Clocks that stay because they would be over already, or a right would be shorter.
    pub stays: i64,
    /// Clocks that would end at another time, by unit; without those of restricted petitions.
    pub units: HashMap<Id, i64>,
    /// The first that are not restricted.
    pub moves: Vec<Shown>,
    last: Option<Id>,
    hash: Sha256,
}

impl Tally {
    /// Of nothing yet.
    pub fn of(target: &Target) -> Self {
        let head = format!("{}\n{}\n{}\n", target.of.as_str(), target.code, target.version);
        Self {
            clocks: 0,
            confirmed: 0,
            warnings: 0,
            petitions: 0,
            unlisted: 0,
            stays: 0,
            units: HashMap::new(),
            moves: Vec::new(),
            last: None,
            hash: Sha256::new().chain_update(head.as_bytes()),
        }
    }

    /// Adds the next clock of which anything moves.
    pub fn add(&mut self, moving: &Moving) {
        let (from, to) = (&moving.from, &moving.to);
        if self.last.replace(from.subject_id) != Some(from.subject_id) {
            self.petitions += 1;
        }
        self.hash.update(format!("{} {} {}\n", from.id, from.due_on, to.due_on).as_bytes());
        if from.due_at == to.due_at {
            let confirms = from.provisional && !to.provisional;
            *(if confirms { &mut self.confirmed } else { &mut self.warnings }) += 1;
            return;
        }
        self.clocks += 1;
        // whose a restricted petition is, is nobody's to know here
        if moving.restricted {
            self.unlisted += 1;
            return;
        }
        if let Some(unit) = from.unit_id {
            *self.units.entry(unit).or_default() += 1;
        }
        if self.moves.len() < SHOWN {
            let due_on = FromTo { from: from.due_on, to: to.due_on };
            self.moves.push(Shown { number: moving.number.clone(), clock: from.clone(), due_on });
        }
    }

    /// SHA-256 over the target and, in their order, each clock of which anything moves with its last day before and after.
    pub fn hash(&self) -> String {
        HEXLOWER.encode(&self.hash.clone().finalize())
    }
}
