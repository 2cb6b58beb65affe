//! Rosters of retirees and ledgers of other registers brought in from CSV and Excel files.
//!
//! The file is read and every cell checked before anything is stored; a job then compares the rows with who is on file and, unless it
//! was only tried, enters them as if by hand, each with its event. Tables `import_part` (what was read, encrypted, until the job ends),
//! `import_claim` (which row speaks of whom, as long) and `import_fault`. Sending a file again changes nothing: a row of a roster is known by
//! its identity number, else by name and birth date, one of a ledger by its number. Of a ledger, what is open becomes a petition; what is
//! closed is history (table `ledger_entry`): no clock runs for it and no figure counts it.

mod cells;
pub mod course;
mod examined;
pub mod ledger;
pub mod model;
mod named;
pub mod reading;
pub mod repo;
pub mod roster;
pub mod routes;
pub mod service;
pub mod table;
