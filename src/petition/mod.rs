//! The petition (信访件): the aggregate every act changes.
//!
//! Tables `petition` (what lists, scope and acts need), `petition_content` (people's words), `petition_fact` (what statistics need),
//! `party`, `external_number`, `petition_bar`, `petition_grant`, `note`. Three things live here and nowhere else:
//! [`acts`](crate::petition::acts) is the one table of what may be done when and by whom; [`repo::scope`](crate::petition::repo::scope) the one predicate of who may see what;
//! [`case`](crate::petition::case) loads a petition for an act and stores it with its events.

pub mod acts;
pub mod assisting;
pub mod case;
pub mod clocks;
pub mod closing;
mod contested;
pub mod correction;
pub mod document;
pub mod facts;
pub mod model;
pub mod notices;
pub mod number;
pub mod own_will;
pub mod parts;
pub mod party;
pub mod people;
pub mod priority;
pub mod procedure;
pub mod query_code;
pub mod recused;
pub mod registration;
pub mod reopened;
pub mod repeats;
pub mod repo;
pub mod returns;
pub mod routes;
pub mod rules;
pub mod service;
pub mod supervised;
pub mod view;
mod visits;

pub use acts::Act;
pub use case::Case;
pub use model::{Channel, ClosureBasis, ClosureReason, Kind, Stage};
pub use view::PetitionView;
