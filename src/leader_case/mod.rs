//! What leaders do about a petition: instructions (批示), and taking charge of a hard one (领导包案) until it has a result.
//!
//! Tables `instruction`, `leader_case`. The day of the next look is a reminder to the leader and no limit of the law.

pub mod model;
pub mod repo;
pub mod routes;
pub mod service;
