//! Hearings (听证) on what is grave, complicated or hard to judge: opened and ended by the unit that handles or reviews it. Art. 31 (6), 36.
//!
//! Table `hearing`. As long as one is open there is no opinion and no decision; the days of a hearing do not count for a re-review.

pub mod model;
pub mod repo;
pub mod routes;
pub mod service;
