//! The care file (三知情档案): what is known of somebody's family, health and thoughts. Apart from petitions: a permission of its own, a
//! purpose on each reading and writing, every reading in the access log, no lists, no export, never searched.
//!
//! Table `care_file`, a row a version, encrypted. That it was written stands on the retiree's chain.

pub mod model;
mod repo;
pub mod routes;
pub mod service;
