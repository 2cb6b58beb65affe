//! Pure decisions: when a task is due, and where it stands.

use super::model::{CancelReason, VisitReason, VisitTask};
use super::occasions::Occasion;
use crate::calendar::Calendar;
use crate::deadline::rules::{Due, Limit, Term, Warning, due};
use crate::deadline::timetable::InForce;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// Until the day itself, which does not move on: a birthday is not on the next working day.
pub(super) fn due_until(day: NaiveDate, from: DateTime<Utc>, zone: Tz) -> Due {
    let term = Term { start: from, limit: Limit::Until(day), roll: false, pauses: &[], warnings: &[] };
    due(&term, &Calendar::default(), zone)
}

/// After what happened: by the occasion's own limit, on the calendar and with the roll of the rule in force.
pub(super) fn due_after(occasion: &Occasion, from: DateTime<Utc>, rule: Option<&InForce<'_>>, zone: Tz) -> Due {
    let plain = Calendar::default();
    let own = occasion.hours.map(Limit::Hours).or(occasion.working_days.map(Limit::WorkingDays));
    let limit = own.or_else(|| rule?.rule.limit_of(None)).unwrap_or(Limit::WorkingDays(3));
    let warnings: &[Warning] = &[];
    match rule {
        Some(rule) => rule.due(&Term { warnings, ..rule.term(from, limit, &[]) }, zone),
        // an office that took the limit out of its profile counts plain weekends
        None => due(&Term { start: from, limit, roll: true, pauses: &[], warnings }, &plain, zone),
    }
}

/// Whether a task, by why it was cancelled if it was, says that its occasion is seen to or was given up. What a mistake had cancelled
/// says nothing, nor does a death that was none.
pub(super) const fn settles(reason: VisitReason, cancelled: Option<CancelReason>) -> bool {
    match cancelled {
        Some(CancelReason::Deceased | CancelReason::BirthDateCorrected) => false,
        Some(CancelReason::Mistaken) => !matches!(reason, VisitReason::Death),
        _ => true,
    }
}

/// Whether a visit that was cancelled for what is no longer so is to be made after all: a festival that went by is not made up for.
pub(super) fn is_worth_it(task: &VisitTask, now: DateTime<Utc>) -> bool {
    use VisitReason::{Birthday, Death, Disaster, Dissatisfied, DoubleNinth, Hospital, MidAutumn, SpringFestival, TelephoneRequest};
    match task.reason {
        SpringFestival | MidAutumn | DoubleNinth | Birthday => now < task.due_at.0,
        Hospital | Disaster | TelephoneRequest | Death | Dissatisfied => true,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::care::occasions::Occasions;
    use crate::category::Kind;
    use crate::deadline::{ClockKind, service::shipped};
    use chrono_tz::Asia::Shanghai;

    #[test]
    fn limits_by_reason() {
        let timetable = shipped().unwrap();
        let due = |reason, from: &str| {
            let from: DateTime<Utc> = from.parse().unwrap();
            let rule = timetable.rule(ClockKind::VisitTask, Kind::Claim, None, from.date_naive());
            let due = due_after(Occasions::shipped().unwrap().of(reason).unwrap(), from, rule.as_ref(), Shanghai);
            (due.on.to_string(), due.at.to_rfc3339())
        };
        // 24 hours do not wait for a weekend to pass
        assert_eq!(due(VisitReason::Hospital, "2026-03-06T08:00:00Z"), ("2026-03-07".to_owned(), "2026-03-07T08:00:00+00:00".to_owned()));
        // Monday: Tuesday, Wednesday, Thursday
        assert_eq!(due(VisitReason::TelephoneRequest, "2026-03-02T01:00:00Z").0, "2026-03-05");
        // the Spring Festival of 2026: from 13 February over the make-up Saturday 14 and the holidays until the 23rd
        assert_eq!(due(VisitReason::TelephoneRequest, "2026-02-13T01:00:00Z").0, "2026-02-25");
        let birthday = due_until("2026-03-08".parse().unwrap(), "2026-02-10T00:00:00Z".parse().unwrap(), Shanghai);
        assert_eq!((birthday.on.to_string(), birthday.at.to_rfc3339()), ("2026-03-08".to_owned(), "2026-03-08T16:00:00+00:00".to_owned()));
    }
}
