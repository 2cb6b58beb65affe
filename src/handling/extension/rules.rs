//! What a request for more time and its decision must hold, and how the petitioner is told.

use super::model::{DecideExtension, RequestExtension};
use crate::codes;
use crate::notice::{Method, NewNotice};
use crate::petition::model::Party;
use crate::platform::error::Fault;

/// Faults of a request, where the profile allows `max_days`.
pub(super) fn request_faults(given: &RequestExtension, max_days: u32) -> Vec<Fault> {
    let mut faults = Vec::new();
    if given.days <= 0 {
        faults.push(Fault::new("/days", codes::DAYS_NOT_POSITIVE));
    } else if i64::from(given.days) > i64::from(max_days) {
        faults.push(Fault::new("/days", codes::EXTENSION_TOO_LONG).arg(max_days.to_string()));
    }
    if given.reason.is_none() {
        faults.push(Fault::new("/reason", codes::REASON_REQUIRED));
    }
    faults
}

/// Faults of a decision.
pub(super) fn decision_faults(given: &DecideExtension) -> Vec<Fault> {
    let unexplained = !given.approved && given.note.is_none();
    unexplained.then(|| Fault::new("/note", codes::REASON_REQUIRED)).into_iter().collect()
}

/// How a party can best be told: by telephone, else by post; none where nobody can be reached.
pub(super) fn reach<'a>(parties: impl Iterator<Item = &'a Party>) -> Option<NewNotice> {
    let mut way = None;
    for party in parties {
        match (&party.phone, &party.address) {
            (Some(_), _) => return Some(NewNotice { method: Method::Phone, text: None }),
            (None, Some(_)) => way = Some(NewNotice { method: Method::Post, text: None }),
            (None, None) => {}
        }
    }
    way
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_extension_is_the_profiles() {
        let codes = |days, reason: Option<&str>| {
            let given = RequestExtension { days, reason: reason.map(str::to_owned) };
            request_faults(&given, 30).iter().map(|fault| fault.code.name).collect::<Vec<_>>()
        };
        assert!(codes(1, Some("x")).is_empty() && codes(30, Some("x")).is_empty());
        assert_eq!(codes(31, Some("x")), ["extension_too_long"]);
        assert_eq!(codes(i32::MAX, None), ["extension_too_long", "reason_required"]);
        assert_eq!(codes(0, Some("x")), ["days_not_positive"]);
        assert_eq!(codes(i32::MIN, Some("x")), ["days_not_positive"]);
    }

    #[test]
    fn a_refusal_says_why() {
        let given = |approved, note: Option<&str>| DecideExtension { approved, note: note.map(str::to_owned), notice: None };
        let faults = |given: &DecideExtension| decision_faults(given).iter().map(|f| (f.pointer.clone(), f.code.name)).collect::<Vec<_>>();
        assert!(faults(&given(true, None)).is_empty() && faults(&given(false, Some("x"))).is_empty());
        assert_eq!(faults(&given(false, None)), [("/note".to_owned(), "reason_required")]);
    }
}
