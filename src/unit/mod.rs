//! Units of the office and those above it: their tree, their validity, who took over from whom.
//!
//! Tables `unit` and `unit_closure` (every unit is its own ancestor at depth 0). Ids are never reused: a unit that vanishes is
//! dissolved and names the successor that carries on its work (Regulations on letters and visits, Art. 24). In the closure a
//! dissolved unit stands where its successor stands, 0 steps below it, and goes with it when that moves or ends in its turn.
//! A unit marked external is a superior outside the office: reviews go there, staff it has none.

pub mod lineage;
pub mod model;
pub mod repo;
pub mod routes;
pub mod rules;
pub mod service;
#[cfg(test)]
mod service_tests;

pub use lineage::Lineage;
pub use model::{Unit, UnitKind, UnitRef};
