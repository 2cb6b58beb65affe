//! What is due: the worklist of a person or a unit, clocks across petitions, and why one ends when it does. A read model.

pub mod clocks;
pub mod model;
pub mod repo;
pub mod routes;
pub mod service;
