//! Visits that are owed (六必访): the occasions, the tasks, their limits. Who is to be visited and by whom is handed in, so that profiles
//! and petitions, which know, can open tasks.
//!
//! Tables `visit_task` and `visit_planning`. A task has a chain of its own. Its limit is counted by the engine of the clocks and by
//! the calendar in force, but stands on the task: occasions have limits of their own, and a clock is swept with its petition.

pub mod changes;
pub mod model;
pub mod occasions;
pub mod repo;
mod rules;
pub mod service;

pub use model::{TaskState, VisitReason, VisitTask, Whom};
pub use service::{Opening, open};
