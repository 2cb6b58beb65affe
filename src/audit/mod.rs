//! The trail: every write records its event, chained on its subject's row, in the same transaction.
//!
//! Tables `event` (append-only: triggers refuse change), `event_sealed` (personal data and words, which alone may be erased),
//! `event_pending` (no position in the global order yet), `event_order` (that order), `access_log` and `access_failure` (sign-ins and audited reads).

pub mod access;
pub mod chain;
pub mod model;
pub mod order;
pub mod repo;
mod soundness;
pub mod verify;
#[cfg(test)]
mod verify_tests;

pub use chain::{Composed, append, compose, record_each, seal};
pub use model::{Draft, Head, Sealed, SubjectKind, Words};
