//! Handling: acceptance (受理), the opinion (信访处理意见书), its delivery (送达), more time
//! for it (延期). Art. 23, 31–34.
//!
//! Tables `acceptance`, `opinion`, `delivery`, `extension`.

pub mod acceptance;
pub mod delivery;
pub mod extension;
pub mod model;
pub mod officer;
pub mod opinion;
pub mod repo;
pub mod routes;
pub mod rules;
