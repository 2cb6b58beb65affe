//! Rehearsing: databases of samples, and the product measured on them.

pub mod run;
pub mod seed;
