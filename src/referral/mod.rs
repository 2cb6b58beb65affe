//! Handing a petition to the unit that is competent (转送). Art. 22.
//!
//! Table `referral`.

pub mod model;
pub mod repo;
pub mod routes;
pub mod service;
