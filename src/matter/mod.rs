//! Repeats (重复信访): which earlier petitions a new one may repeat, and the acts that join and part them.
//!
//! No tables of its own: candidates are read by the indexes of `party`; the places within a matter are kept by `petition::repeats`.

pub mod model;
pub mod repo;
pub mod routes;
pub mod rules;
#[cfg(test)]
mod rules_tests;
pub mod service;
