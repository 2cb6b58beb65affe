//! Closing (办结) and withdrawing (撤回). Art. 31 (1)–(5), 34.
//!
//! Table `closure`, a row a closing: a petition can be reopened and closed again.

pub mod model;
pub mod repo;
pub mod routes;
pub mod service;
