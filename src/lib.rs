//! xinfang tracks letters and visits (信访) from retirees, from intake to feedback.
//!
//! The tree reads like the procedure; a slice uses only slices of a lower rank (`tests/api/architecture.rs`).

/// One table of refusal and fault codes, in words, both languages.
pub mod codes;

/// Storage, web, keys, time, ids, errors: no domain words.
pub mod platform;
