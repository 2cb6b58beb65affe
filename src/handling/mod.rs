//! Handling: acceptance (受理), the opinion (信访处理意见书), its delivery (送达). Art. 23, 31–34.
//!
//! Tables `acceptance`, `opinion`, `delivery`.

pub mod acceptance;
pub mod delivery;
pub mod model;
pub mod opinion;
pub mod repo;
pub mod routes;
pub mod rules;
