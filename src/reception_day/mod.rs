//! Reception days (接访日): on which day which leader sits at the desk, who has booked, and who came. The roster is published in
//! advance; whoever comes has their petition registered there and then, with what the leader says should be done.
//!
//! Tables `reception_day`, `reception_booking`. Bookings count as changes of their day: two who want the last place are heard in turn.

pub mod model;
pub mod repo;
pub mod routes;
pub mod service;
pub mod visits;
