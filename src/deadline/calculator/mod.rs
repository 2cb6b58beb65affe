//! The calculator a clerk uses on the telephone: from a day, an amount and a unit to the last day, day by day.
//!
//! The same engine and the same ledger as the clocks of petitions.

pub mod model;
pub mod routes;

use super::rules::{Limit, Term, due, ledger, midnight};
use super::timetable::CalendarVersion;
use super::words::in_words;
use crate::platform::web::Lang;
use chrono_tz::Tz;
use model::{CountedIn, DueAnswer, DueQuestion};

/// What is asked for, counted by a version of a calendar in the office's zone.
pub fn answer(question: &DueQuestion, calendar: &CalendarVersion, zone: Tz, lang: Lang) -> DueAnswer {
    let unit = question.unit.unwrap_or(CountedIn::Calendar);
    let roll = question.roll.unwrap_or(super::profile::Roll::None);
    let term = Term {
        start: midnight(question.start, zone),
        limit: match unit {
            CountedIn::Calendar => Limit::Days(question.amount),
            CountedIn::Working => Limit::WorkingDays(question.amount),
        },
        roll: roll == super::profile::Roll::Forward,
        pauses: &[],
        warnings: &[],
    };
    let counted = due(&term, &calendar.calendar, zone);
    DueAnswer {
        start: question.start,
        amount: question.amount,
        unit,
        roll,
        last_day: counted.on,
        due_at: counted.at,
        provisional: counted.provisional,
        calendar: calendar.code.clone(),
        calendar_version: calendar.version,
        days: in_words(&ledger(&term, &calendar.calendar, zone), lang),
    }
}
