//! Categories of petitions, two levels, each with the kind of unit that is competent by default.
//!
//! Table `category`. The ones shipped (`data/categories.json`) follow the questions of the retired cadres' letters and visits;
//! an office adds its own and closes what it does not use: a code once used stays, because statistics speak of it.

pub mod model;
pub mod repo;
pub mod routes;
pub mod rules;
pub mod service;

pub use model::{Category, Kind};
