//! Files enclosed with a petition (附件), and with what belongs to it. What they hold is the business of `attachment`.
//!
//! Table `attachment`. Nobody deletes one.

pub mod document;
pub mod model;
pub mod repo;
pub mod routes;
pub mod rules;
pub mod service;
