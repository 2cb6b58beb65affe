//! What a request for a review and its decision must hold.

use super::model::{DecideReview, Decision};
use crate::codes;
use crate::deadline::Clock;
use crate::handling::model::Outcome;
use crate::petition;
use crate::platform::error::Fault;
use chrono::{DateTime, NaiveDate, Utc};

/// Faults of the time at which a review is said to have been asked for, within the window that the delivery opened.
pub fn time_faults(asked: DateTime<Utc>, window: &Clock, now: DateTime<Utc>) -> Vec<Fault> {
    let at = |code| Fault::new("/requested_at", code);
    match () {
        () if asked > now => vec![at(codes::IN_FUTURE)],
        () if asked < window.started_at.0 => vec![at(codes::BEFORE_DELIVERY)],
        () if asked >= window.due_at.0 => vec![at(codes::REVIEW_WINDOW_LAPSED).arg(window.due_on.to_string())],
        () => Vec::new(),
    }
}

/// Faults of a decision.
pub fn decision_faults(given: &DecideReview, today: NaiveDate) -> Vec<Fault> {
    let changes = given.decision == Decision::Change;
    let of_claims = given.outcome.is_none_or(|o| matches!(o, Outcome::Supported | Outcome::Explained | Outcome::NotSupported));
    let faults = [
        (changes && given.outcome.is_none(), "/outcome", codes::OUTCOME_REQUIRED),
        (given.outcome.is_some() && (!changes || !of_claims), "/outcome", codes::WRONG_OUTCOME),
        (given.legal_basis.is_none(), "/legal_basis", codes::LEGAL_BASIS_REQUIRED),
        (given.execution_due.is_some() && !changes, "/execution_due", codes::EXECUTION_DUE_UNEXPECTED),
    ];
    let faults = faults.into_iter().filter(|(wrong, ..)| *wrong).map(|(_, pointer, code)| Fault::new(pointer, code));
    faults.chain(petition::rules::execution_due_fault(given.execution_due, today)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_a_change_has_an_outcome_of_its_own() {
        let today = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let given = |decision, outcome, due: Option<NaiveDate>| DecideReview {
            decision,
            outcome,
            facts: None,
            opinion: "x".to_owned(),
            legal_basis: Some("x".to_owned()),
            execution_due: due,
        };
        let codes = |given: DecideReview| decision_faults(&given, today).iter().map(|f| f.code.name).collect::<Vec<_>>();
        assert!(codes(given(Decision::Uphold, None, None)).is_empty());
        assert!(codes(given(Decision::Change, Some(Outcome::Supported), Some(today))).is_empty());
        assert_eq!(codes(given(Decision::Change, None, today.pred_opt())), ["outcome_required", "execution_due_past"]);
        assert_eq!(codes(given(Decision::Change, Some(Outcome::Substantiated), None)), ["wrong_outcome"]);
        assert_eq!(codes(given(Decision::Revoke, Some(Outcome::Explained), Some(today))), ["wrong_outcome", "execution_due_unexpected"]);
        let bare = DecideReview { legal_basis: None, ..given(Decision::Uphold, None, None) };
        assert_eq!(codes(bare), ["legal_basis_required"]);
    }
}
