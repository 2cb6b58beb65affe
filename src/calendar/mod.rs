//! Working calendars: which days the office works, by the yearly notices of the State Council (国务院办公厅关于节假日安排的通知).
//!
//! Tables `calendar`, `calendar_version`. A version is the whole calendar, all years, and never changes; a correction is the next one.
//! A year for which nothing is published has plain weekends, and what is counted over it is provisional.

mod checks;
pub mod ics;
pub mod model;
mod repo;
pub mod routes;
pub mod rules;
pub mod service;

pub use checks::{YEARS, listed};
pub use model::{CalendarDocument, DayKind};
pub use rules::Calendar;
