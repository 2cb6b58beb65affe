//! Figures over what the caller may see: a read model. Every rate says its numerator and denominator; of nothing it is null.

pub mod model;
pub mod repo;
pub mod routes;
pub mod rules;
mod visits;
