//! Reviews (复查) and re-reviews (复核): the petitioner does not agree, and a unit above looks at the answer again. Art. 35, 36.
//!
//! Table `review`. At most two levels; after the second answer the procedure is at its end (终结).

mod decision;
pub mod model;
pub mod repo;
mod request;
pub mod routes;
mod rules;

pub use decision::decide;
pub use request::{record, request};
