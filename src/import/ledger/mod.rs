//! Ledgers of other registers: what was open there goes on here as a petition, what was closed is kept as history.
//!
//! Table `ledger_entry`: a row for each number of each issuer, never changed. A petition that came so was received when the other
//! register got it, and its clocks run from then. Of a closed row no petition is made: it starts no clock, is counted by no figure and
//! is shown with the retiree whose identity number it bears.

pub mod model;
mod planning;
mod reading;
pub mod repo;
pub mod service;

pub use model::Row;
pub use planning::{Planned, enter, plan};
pub use reading::{check_issuer, read};
