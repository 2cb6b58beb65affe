//! Supervision (督办): what those above do about a broken duty. Art. 40.
//!
//! Table `supervision`. The product proposes one when a duty's limit is broken, nobody has to ask; those above confirm or dismiss it, or
//! open one of their own. The unit answers by a day, and those above lift it.

pub mod model;
pub mod repo;
pub mod routes;
pub mod rules;
pub mod service;
