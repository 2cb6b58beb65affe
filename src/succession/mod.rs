//! When a petitioner dies or can no longer act: what is reported, what the heirs are asked (家属征询), and what they answer.
//!
//! Table `heirs_inquiry`. As long as nobody is left whose petition it is, delivery and the petitioner's rights stand still.

pub mod model;
pub mod repo;
pub mod routes;
pub mod service;
