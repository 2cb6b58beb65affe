//! Measuring: databases to rehearse on.

pub mod seed;
