//! What the petitioner is told of their own petition and does about it, by number and query code, with no account.
//!
//! Every time is in the access log; asking how it stands writes nothing else. Their acts are those of the procedure, performed as the petitioner. Who has the number and not the code learns nothing, not even that it exists.

pub mod model;
pub mod repo;
pub mod routes;
pub mod rules;
pub mod service;
