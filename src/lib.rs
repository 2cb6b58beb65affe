//! xinfang tracks letters and visits (信访) from retirees, from intake to feedback.
//!
//! The tree reads like the procedure; a slice uses only slices of a lower rank (`tests/api/architecture.rs`).

/// Storage, web, keys, time, ids, errors: no domain words.
pub mod platform;
