//! Mediation (调解) between the petitioner and the other side, and what they agreed on. Art. 33.
//!
//! Table `mediation`. An agreement lets the petition be closed as mediated.

pub mod model;
pub mod repo;
pub mod routes;
pub mod service;
