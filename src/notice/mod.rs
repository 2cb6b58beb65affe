//! Written notices to the petitioner (告知): that it arrived, was accepted, was handed on. Art. 22, 23.
//!
//! Table `notice`. The slices whose acts owe a notice hand in its kind, method and facts; the text is stored as given or made.

pub mod model;
pub mod repo;
pub mod service;
pub mod texts;

pub use model::{Method, NewNotice, Notice, NoticeKind, NoticeView};
pub use service::{About, issue};
