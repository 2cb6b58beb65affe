//! The matter (信访事项): a first filing and its repeats. Which is the first follows from when they came, never from who said so.
//!
//! Columns `matter_id`, `repeat_of`, `first_here` of `petition`, `repeat_no` of `petition_content`, `first_here` of `petition_fact`. The slice `matter`
//! proposes and decides what belongs together; here the places of all are kept in line.

pub mod rules;
pub mod service;

pub use rules::{Kin, Place};
