//! What the petitioner is told of their own petition, by number and query code, with no account: at most three plain sentences.
//!
//! A read model; only the access log is written. Who has the number and not the code learns nothing, not even that it exists.

pub mod model;
pub mod repo;
pub mod routes;
pub mod rules;
pub mod service;
