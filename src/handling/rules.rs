//! What an opinion and a delivery must hold, by kind.

use super::model::{Adoption, GiveOpinion, Outcome};
use crate::codes;
use crate::notice::{self, DeliveryMethod, NewDelivery};
use crate::petition::{self, Kind};
use crate::platform::error::Fault;
use chrono::{DateTime, NaiveDate, Utc};

/// Faults of an opinion on a petition of this kind.
pub fn opinion_faults(kind: Kind, given: &GiveOpinion, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fault_if = |wrong: bool, pointer: &str, code| {
        if wrong {
            faults.push(Fault::new(pointer, code));
        }
    };
    let fits = match kind {
        Kind::Claim => given.outcome.is_none_or(|o| matches!(o, Outcome::Supported | Outcome::Explained | Outcome::NotSupported)),
        Kind::Accusation => {
            given.outcome.is_none_or(|o| matches!(o, Outcome::Substantiated | Outcome::PartlySubstantiated | Outcome::Unsubstantiated))
        }
        Kind::Suggestion => given.outcome.is_none(),
    };
    fault_if(!fits, "/outcome", codes::WRONG_OUTCOME);
    fault_if(kind != Kind::Suggestion && given.outcome.is_none(), "/outcome", codes::OUTCOME_REQUIRED);
    fault_if(kind == Kind::Suggestion && given.adoption.is_none(), "/adoption", codes::ADOPTION_REQUIRED);
    fault_if(kind != Kind::Suggestion && given.adoption.is_some(), "/adoption", codes::WRONG_OUTCOME);
    fault_if(kind == Kind::Claim && given.facts.is_none(), "/facts", codes::FACTS_REQUIRED);
    fault_if(kind == Kind::Claim && given.legal_basis.is_none(), "/legal_basis", codes::LEGAL_BASIS_REQUIRED);
    faults.extend(petition::rules::execution_due_fault(given.execution_due, today));
    faults
}

/// Whether an opinion promises something that has to be carried out: a supported claim, or an adopted suggestion with a day.
pub fn promises(given: &GiveOpinion) -> bool {
    let adopted = matches!(given.adoption, Some(Adoption::Adopted | Adoption::Partly));
    given.outcome == Some(Outcome::Supported) || adopted && given.execution_due.is_some()
}

/// Faults of a delivery of an opinion issued at `issued`.
pub fn delivery_faults(given: &NewDelivery, simplified: bool, issued: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Fault> {
    let mut faults = notice::rules::delivery_faults(given, issued, now, codes::BEFORE_OPINION);
    if matches!(given.method, DeliveryMethod::Phone | DeliveryMethod::Sms) && !simplified {
        faults.push(Fault::new("/method", codes::DELIVERY_METHOD_NOT_ALLOWED));
    }
    faults
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::model::Adoption;
    use super::*;
    use crate::notice::ReceiptProof;

    fn given(outcome: Option<Outcome>, adoption: Option<Adoption>, full: bool) -> GiveOpinion {
        let text = full.then(|| "x".to_owned());
        GiveOpinion {
            outcome,
            adoption,
            facts: text.clone(),
            opinion: "x".to_owned(),
            legal_basis: text,
            execution_due: None,
            reason: None,
        }
    }

    #[test]
    fn each_kind_has_its_own_opinion() {
        let today = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let codes = |kind, g: &GiveOpinion| opinion_faults(kind, g, today).iter().map(|f| f.code.name).collect::<Vec<_>>();
        let none = Vec::<&str>::new();
        assert_eq!(codes(Kind::Claim, &given(Some(Outcome::Supported), None, true)), none);
        assert_eq!(
            codes(Kind::Claim, &given(Some(Outcome::Substantiated), None, false)),
            ["wrong_outcome", "facts_required", "legal_basis_required"]
        );
        assert_eq!(codes(Kind::Claim, &given(None, None, true)), ["outcome_required"]);
        assert_eq!(codes(Kind::Suggestion, &given(None, Some(Adoption::Partly), false)), none);
        assert_eq!(codes(Kind::Suggestion, &given(Some(Outcome::Supported), None, false)), ["wrong_outcome", "adoption_required"]);
        assert_eq!(codes(Kind::Accusation, &given(Some(Outcome::Unsubstantiated), None, false)), none);
        assert_eq!(
            codes(Kind::Accusation, &given(Some(Outcome::Explained), Some(Adoption::Adopted), false)),
            ["wrong_outcome", "wrong_outcome"]
        );
        let late = GiveOpinion { execution_due: today.pred_opt(), ..given(Some(Outcome::Supported), None, true) };
        assert_eq!(codes(Kind::Claim, &late), ["execution_due_past"]);
    }

    #[test]
    fn a_delivery_lies_between_opinion_and_now() {
        let at = |h: i64| DateTime::from_timestamp(h * 3600, 0).unwrap();
        let mut d =
            NewDelivery { method: DeliveryMethod::Post, delivered_at: None, recipient: None, receipt: ReceiptProof::Signed, witness: None };
        let codes =
            |d: &NewDelivery, simplified| delivery_faults(d, simplified, at(5), at(9)).iter().map(|f| f.code.name).collect::<Vec<_>>();
        assert!(codes(&d, false).is_empty());
        d.delivered_at = Some(at(4));
        assert_eq!(codes(&d, false), ["before_opinion"]);
        d = NewDelivery { delivered_at: Some(at(10)), receipt: ReceiptProof::Refused, method: DeliveryMethod::Sms, ..d };
        assert_eq!(codes(&d, false), ["in_future", "witness_required", "delivery_method_not_allowed"]);
        assert_eq!(codes(&d, true), ["in_future", "witness_required"]);
    }
}
