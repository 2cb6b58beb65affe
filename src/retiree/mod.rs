//! Profiles of retirees (离退休人员): who they are, how to find and reach them, what they need, which units and whom they have.
//!
//! Who may see whom is in [`repo::reach`](crate::retiree::repo::reach): one predicate on every query. Numbers are encrypted; they are looked up by keyed hashes of the same
//! fields as those of a petition's people, so that the two can be compared.

mod card;
mod doubles;
mod known;
mod looked_after;
mod merge;
pub mod model;
mod profile;
pub mod repo;
pub mod roster;
pub mod routes;
mod rules;
mod sealing;
pub mod service;
mod view;

pub use known::{Circumstances, Known, circumstances, known, one_person};
pub use looked_after::{Visitable, living, living_after, next_living, whom};
pub use profile::{Phone, Profile, Relative, RetireeChange, UnitOfRetiree};
