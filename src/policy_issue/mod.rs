//! Policy issues (共性政策问题): many petitions of one cause, looked into once and decided once; each petitioner is answered all the same.
//!
//! Tables `policy_issue`, `policy_issue_petition`. How many belong to one is counted over what the caller may see.

pub mod model;
pub mod repo;
pub mod routes;
pub mod service;

pub use model::PolicyIssue;
