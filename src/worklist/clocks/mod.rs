//! Clocks across petitions, those of one petition, and the ledger of one.

pub mod model;
pub mod repo;
pub mod routes;
pub mod rules;
pub mod service;
