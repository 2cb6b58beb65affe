//! Contents of files: received in a stream, judged, sealed, kept once each; thumbnails of photographs.
//!
//! Tables `attachment_content` (one row a content, by its SHA-256) and `attachment_upload` (objects begun that may come to nothing).
//! Bytes are sealed like other personal data: photographs of identity cards are among them. An object is named by an id of its own,
//! not by its hash: the store's keeper can't recognise a known file by its name, and two uploads of the same never share an object that
//! one of them may remove.

pub mod archive;
pub mod media;
pub mod model;
pub mod repo;
pub mod storage;
pub mod thumbnail;

pub use media::MediaType;
pub use model::Content;
