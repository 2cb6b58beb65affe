//! What the record of a delivery must hold.

use super::model::{NewDelivery, ReceiptProof};
use crate::codes;
use crate::platform::error::{Code, Fault};
use chrono::{DateTime, Utc};

/// Faults of a delivery of a paper issued at `issued`; `early` says that it lies before that.
pub fn delivery_faults(given: &NewDelivery, issued: DateTime<Utc>, now: DateTime<Utc>, early: Code) -> Vec<Fault> {
    let delivered = given.delivered_at.unwrap_or(now);
    let witnessed = matches!(given.receipt, ReceiptProof::Refused | ReceiptProof::Witnessed);
    let faults = [
        (delivered > now, "/delivered_at", codes::IN_FUTURE),
        (delivered < issued, "/delivered_at", early),
        (witnessed && given.witness.is_none(), "/witness", codes::WITNESS_REQUIRED),
    ];
    faults.into_iter().filter(|(wrong, ..)| *wrong).map(|(_, pointer, code)| Fault::new(pointer, code)).collect()
}
