//! Evaluation (满意度评价): twice a case, of the office and of the responsible unit; never asked by who handled it.
//!
//! Table `evaluation`. Silence is never counted as satisfied.

pub mod model;
pub mod repo;
pub mod routes;
pub mod service;
