//! The global order: one sequencer gives waiting events their positions, and whoever follows them reads from where they stopped.
//!
//! Tables `event_pending` and `event_order`.

mod repo;

pub use repo::{Ordered, after, head, oldest_waiting, sequence};
