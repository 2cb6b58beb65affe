//! Rosters of retirees brought in from CSV and Excel files.
//!
//! The file is read and every cell checked before anything is stored; a job then compares the rows with who is on file and, unless it
//! was only tried, enters them as if by hand, each with its event. Tables `import_part` (what was read, encrypted, until the job ends)
//! and `import_fault`. Sending a file again changes nothing: a row is known by its identity number, else by name and birth date.

pub mod entering;
pub mod model;
pub mod repo;
pub mod roster;
pub mod routes;
pub mod service;
pub mod table;
