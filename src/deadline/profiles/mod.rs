//! Procedure profiles as they are administered: shown version by version, checked, published.
//!
//! A profile says how long; what is due, what starts it and what fulfils it is the procedure's (`ClockKind::fixed`),
//! and a version that contradicts it is refused.

mod checks;
pub mod model;
mod repo;
pub mod routes;
pub mod service;
