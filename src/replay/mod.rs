//! A new version of a calendar or a profile applied to the clocks that run: first tried dry (which would move, from when to when, in
//! which units), then decided by a person who has seen that, then done petition by petition.
//!
//! No table of its own: the decision is an event of the calendar or the profile, the work a job, each move an event of its petition.
//! Clocks that ended, and duties that were broken, are never touched; what is applied a second time moves nothing.

pub mod model;
pub mod moving;
mod repo;
pub mod routes;
pub mod rules;
pub mod service;
