//! One whole case in one call, and its trail: a read model over the slices of the procedure.

pub mod matter;
pub mod model;
pub mod repo;
pub mod routes;
pub mod service;
