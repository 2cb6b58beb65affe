//! Supervision (督办): what those above do about a broken duty. Art. 40.
//!
//! Table `supervision`. The product proposes one when a duty's limit is broken; nobody has to ask.

pub mod model;
pub mod repo;
pub mod routes;
