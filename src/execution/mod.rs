//! Execution (落实) of what an opinion promises, tracked to its end, apart from the answer. Art. 32.
//!
//! Table `execution`.

pub mod model;
pub mod repo;
pub mod routes;
pub mod service;
