//! Long work that somebody asked for: it is answered with 202 and a place to look, done in small steps in the background, and its result
//! is kept for a week.
//!
//! Table `job`. Whoever works on a job holds it by a lease and writes how far it is in the transaction of each step: an instance that is
//! killed loses nothing, and another goes on exactly there. What a kind of job does stands in its own slice; `jobs` runs them.

pub mod model;
pub mod repo;
pub mod routes;
pub mod service;

pub use model::{Job, JobKind, JobState};
