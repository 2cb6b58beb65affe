//! What cannot wait (紧急): its report to those above within hours. Art. 25.
//!
//! Table `urgent_report`.

pub mod model;
pub mod repo;
pub mod routes;
pub mod service;
