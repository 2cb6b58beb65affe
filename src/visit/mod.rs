//! Visits: the list of those that are owed, recording one that was made (on a phone without network too), planning ahead.
//!
//! Tables `visit` and `visit_petition`; the tasks are `care`'s. Who sees which task is in [`repo::Sight`](crate::visit::repo::Sight).

pub mod model;
pub mod planning;
pub mod recording;
pub mod repo;
pub mod routes;
pub mod service;
mod view;
