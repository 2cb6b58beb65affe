//! Recusal (回避): people and units that are too near to a petition keep out of it. Art. 30.
//!
//! Rows of `petition_bar` whose reason is `recused`; whoever is recused reads on, but of an accusation they know nothing any more.

pub mod model;
pub mod repo;
pub mod routes;
pub mod service;
