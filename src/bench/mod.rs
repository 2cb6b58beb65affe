//! Measuring the product: what `xinfang bench` does.

pub mod run;
pub mod seed;
