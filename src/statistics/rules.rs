//! What the figures mean. Definitions are versioned: a changed meaning is another version.

use super::model::{ByObject, Participation, Rate, Timeliness, VisitFigures};
use crate::care::{TaskState, VisitReason};
use crate::deadline::ClockState;
use crate::visit::repo::Alike;

/// The version of the definitions below.
///
/// * `registered`: petitions registered on an office day of the window, voided ones left out; `batches`: those by visit;
///   `persons`: the people who came in the batches.
/// * `closed`: petitions closed in the window. `open`: registered by the end of the window and not closed by then.
/// * `satisfaction_rate`: (satisfied + basically) ÷ evaluated, evaluations made in the window.
/// * `participation_rate`: evaluated ÷ (evaluated + expired), evaluations of office and of unit together and apart; one that was not
///   given in time expires when its window does, and counts on the day that begins then.
/// * `timely_notice_rate`: limits `triage_notice` and `unit_notice`, together and apart, whose last day is in the window: met in time ÷
///   all. Petitions of all kinds; anonymous ones left out, since nobody is owed a notice.
/// * `on_time_closure_rate`: limits `handling` whose last day is in the window: met in time ÷ all. Claims alone have that limit.
/// * A limit is on time when met before it ended; late when met afterwards, or when it was broken and is no longer owed; overdue while
///   open after its end, whether or not the breach is recorded yet; not yet due while open before. One that is no longer owed and was
///   never broken is in none, nor is one whose breach was annulled by giving the petition back. The four make up the denominator.
/// * A unit's figures of limits are those of the limits the unit itself answers for; its other figures are those of the petitions it
///   leads, or, before anybody does, registered.
/// * Timeliness, satisfaction and participation count first-time petitions that are not before a court; satisfaction and participation,
///   without a kind, claims.
/// * `repeat_rate`: repeats ÷ all registered in the window.
/// * Visits: tasks whose last day is in the window, by reason; in time and late by when the visit was made, not by when it was recorded;
///   those taken back are counted apart.
/// * Voided petitions are in no figure. Days are days of the office.
pub const DEFINITIONS_VERSION: u32 = 2;

/// A rate; of nothing it is null, not 0 and not 1.
pub fn rate(numerator: i64, denominator: i64) -> Rate {
    // counts stay far below 2^53
    let value = (denominator > 0).then(|| numerator as f64 / denominator as f64);
    Rate { numerator, denominator, value }
}

/// Limits that stand alike.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Where they stand.
    pub state: ClockState,
    /// How many.
    pub all: i64,
    /// Those of them that ended.
    pub stopped: i64,
    /// Those of them that are open and over.
    pub over: i64,
}

/// What became of limits.
pub fn timeliness(limits: impl IntoIterator<Item = Standing>) -> Timeliness {
    let (mut on_time, mut late, mut open_overdue, mut not_yet_due) = (0, 0, 0, 0);
    for of in limits {
        match of.state {
            ClockState::Met => on_time += of.all,
            ClockState::MetLate => late += of.all,
            ClockState::Running | ClockState::Paused | ClockState::Breached => {
                late += of.stopped;
                open_overdue += of.over;
                not_yet_due += of.all - of.stopped - of.over;
            }
            ClockState::Lapsed | ClockState::Cancelled => {}
        }
    }
    let Rate { numerator, denominator, value } = rate(on_time, on_time + late + open_overdue + not_yet_due);
    Timeliness { numerator, denominator, value, on_time, late, open_overdue, not_yet_due }
}

/// What became of visits that stand alike, in counts: of the open ones those whose end is over.
pub fn visits(reason: Option<VisitReason>, alike: &[Alike], over: i64) -> VisitFigures {
    let of = |fits: &dyn Fn(TaskState, bool) -> bool| alike.iter().filter(|(_, state, late, _)| fits(*state, *late)).map(|(.., n)| n).sum();
    let (on_time, late, open, cancelled): (i64, i64, i64, i64) = (
        of(&|state, late| state == TaskState::Done && !late),
        of(&|state, late| state == TaskState::Done && late),
        of(&|state, _| state == TaskState::Open),
        of(&|state, _| state == TaskState::Cancelled),
    );
    let Rate { numerator, denominator, value } = rate(on_time, on_time + late + open);
    let made = Timeliness { numerator, denominator, value, on_time, late, open_overdue: over, not_yet_due: open - over };
    VisitFigures { reason, made, cancelled }
}

/// Evaluations given and expired, of office and unit.
pub fn participation(office: (i64, i64), unit: (i64, i64)) -> Participation {
    let of = |(given, expired): (i64, i64)| rate(given, given + expired);
    let Rate { numerator, denominator, value } = of((office.0 + unit.0, office.1 + unit.1));
    Participation { numerator, denominator, value, expired: office.1 + unit.1, parts: ByObject { office: of(office), unit: of(unit) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_make_up_the_whole_and_what_is_not_owed_is_in_none() {
        let standing = |state, all, stopped, over| Standing { state, all, stopped, over };
        let parts = timeliness([
            standing(ClockState::Met, 5, 5, 0),
            standing(ClockState::MetLate, 1, 1, 0),
            // two were closed after their breach, three still wait
            standing(ClockState::Breached, 5, 2, 3),
            // one is over and not found yet
            standing(ClockState::Running, 4, 0, 1),
            standing(ClockState::Paused, 2, 0, 0),
            standing(ClockState::Cancelled, 7, 7, 0),
        ]);
        assert_eq!((parts.on_time, parts.late, parts.open_overdue, parts.not_yet_due), (5, 3, 4, 5));
        assert_eq!((parts.numerator, parts.denominator, parts.value), (5, 17, Some(5.0 / 17.0)));
        assert_eq!(timeliness([standing(ClockState::Cancelled, 7, 7, 0)]).value, None);
    }

    #[test]
    fn silence_lowers_participation() {
        let both = participation((2, 1), (0, 1));
        assert_eq!((both.numerator, both.denominator, both.expired), (2, 4, 2));
        assert_eq!((both.parts.office.value, both.parts.unit.value), (Some(2.0 / 3.0), Some(0.0)));
    }

    #[test]
    fn a_rate_of_nothing_is_null() {
        assert_eq!(rate(0, 0).value, None);
        assert_eq!(rate(0, 4).value, Some(0.0));
        assert_eq!(rate(3, 4).value, Some(0.75));
    }
}
