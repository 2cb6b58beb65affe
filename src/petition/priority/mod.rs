//! What comes before others: the reasons, the level that follows from them, and a person's own word on it.
//!
//! It orders what is due at the same instant and shortens the office's own targets; a limit of the law it never moves.

pub mod rules;
pub mod service;

pub use rules::{Level, PriorityFacts, Reason, Reasons};
pub(super) use service::facts;
