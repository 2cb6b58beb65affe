//! Contacts with the petitioner: who spoke with them, when and how.
//!
//! Table `contact`. A contact is added beside the petition, also later from a device that was offline, and makes no other version of it.

pub mod model;
pub mod repo;
pub mod routes;
pub mod service;
