//! Sign-ins and audited reads: append-only, without a chain. What nobody can be named for is counted per minute and address.
//!
//! Tables `access_log` and `access_failure`.

mod model;
mod repo;

pub use model::{Access, AccessKind, AccessOutcome};
pub use repo::{count_failure, record};
