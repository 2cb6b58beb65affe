//! Handing a petition to the unit that is competent (转送). Art. 22.
//!
//! Table `referral`. Assigning with a report back, objections and recalls come with their own issue.

pub mod model;
pub mod repo;
pub mod routes;
pub mod service;
