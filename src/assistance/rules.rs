//! By when a unit that is asked can answer.

use crate::codes;
use crate::platform::error::Fault;
use chrono::NaiveDate;

/// What is wrong with the last day for an answer. It comes before the lead's own, which binds as long as it leaves a day: one that is
/// overdue may still need to ask.
pub(super) fn due_fault(due_on: NaiveDate, today: NaiveDate, leads: Option<NaiveDate>) -> Option<Fault> {
    if due_on <= today {
        return Some(Fault::new("/due_on", codes::DUE_PAST));
    }
    let last = leads.filter(|last| *last > today && due_on > *last)?;
    Some(Fault::new("/due_on", codes::DUE_BEYOND_LEAD).arg(last.to_string()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn day(of_march: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, of_march).unwrap()
    }

    #[test]
    fn an_answer_is_due_after_today_and_no_later_than_the_leads() {
        let code = |due, leads| due_fault(day(due), day(10), leads).map(|fault| fault.code);
        assert_eq!(code(10, None), Some(codes::DUE_PAST));
        assert_eq!(code(11, None), None);
        assert_eq!(code(20, Some(day(20))), None);
        assert_eq!(code(21, Some(day(20))), Some(codes::DUE_BEYOND_LEAD));
        // on its last day, and when that is over, no day is left that could bind
        assert_eq!(code(11, Some(day(10))), None);
        assert_eq!(code(11, Some(day(9))), None);
    }
}
