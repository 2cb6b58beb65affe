//! More time for a limit that the law lets be extended: asked for by the lead, decided by the head of its unit. Art. 34.
//!
//! Table `extension`. What moves is the clock; the petitioner is told why.

pub mod model;
pub mod repo;
pub mod routes;
pub mod rules;
pub mod service;
