//! Handing a petition to the unit that is competent (转送, 交办), and how it comes back: the unit objects (异议) or the sender recalls it.
//! Art. 22.
//!
//! Tables `referral`, `objection`, `referral_report`.

pub mod model;
pub mod objection;
pub mod recall;
pub mod repo;
pub mod report;
pub mod routes;
pub mod service;
