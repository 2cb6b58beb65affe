//! Legal clocks: what is due, until when, and why. A deadline is a pure function of events, a version of a profile and a version of a
//! calendar; it is never run off "last modified".
//!
//! Tables `profile`, `profile_version`, `timetable`, `clock`. Counting follows Civil Code Arts. 201 and 203 by analogy: the
//! day of the event is not counted, the last day ends at 24:00 in the office's zone.

pub mod calculator;
pub mod kind;
pub mod model;
pub mod profile;
pub mod profiles;
pub mod repo;
pub mod routes;
pub mod rules;
pub mod service;
pub mod timetable;
pub mod words;

pub use kind::{Class, ClockKind, Life};
pub use model::{Clock, ClockState};
pub use profile::{Profile, Rule};
pub use timetable::Timetable;
