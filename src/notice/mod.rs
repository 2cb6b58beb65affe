//! Written notices to the petitioner (告知书): that it arrived, was accepted, was handed on, what the answer is. Art. 22, 23, 32.
//!
//! Table `notice`: numbered documents, kept as issued with addressee, words, articles and sign-off, and their delivery (送达) with
//! proof. The slices whose acts owe a notice hand in its kind and facts; the text is given or made from `texts`.

pub mod model;
pub mod repo;
pub mod rules;
pub mod service;
pub mod texts;

pub use model::{DeliveryMethod, Document, Method, NewDelivery, NewNotice, Notice, NoticeKind, NoticeView, ReceiptProof};
pub use service::{About, Told, issue};
pub use texts::Words;
