//! Finding petitions by their words: numbers, names, title, statement, opinion. A read model.
//!
//! Its index holds terms only, follows the order of all events, and can be built again from the petitions: on PostgreSQL the tables
//! `search_document` and `search_state`, on SQLite a file beside the database. What it names is always checked against the petitions
//! themselves: numbers and whole names are found without it.

pub mod follow;
pub mod model;
pub mod repo;
pub mod routes;
pub mod rules;
pub mod service;
pub mod terms;
