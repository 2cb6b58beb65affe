//! Whom retirees call: telephone lines of the units, for contact cards and receipts (亲情联络卡, 回执).
//!
//! Table `contact_line`. A unit's own lines hold for all units below it. One that is given up stays, not in use, because the trail
//! speaks of it.

pub mod model;
pub mod nearest;
pub mod repo;
pub mod routes;
pub mod service;

pub use model::{ContactLine, LineKind};
pub use nearest::AskAt;
