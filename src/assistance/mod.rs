//! Joint handling (协办): the lead asks other units what it needs for its answer, each by a day; they answer, or are not needed any more.
//!
//! Table `assistance`. As long as a question is open its unit sees the petition; one that is mandatory holds the opinion back.

pub mod model;
pub mod repo;
pub mod routes;
pub mod rules;
pub mod service;
