//! HTTP without domain words: problems, bodies and queries checked against the document, entity-tags, pages, the outermost middleware.

pub mod answer;
pub mod body;
pub mod codes;
pub mod document;
pub mod etag;
pub mod file;
pub mod html;
pub mod idempotency;
pub mod json_or_text;
mod known_paths;
pub mod middleware;
pub mod negotiation;
pub mod page;
pub mod problem;
mod problem_page;
pub mod query;
pub mod rate;
pub mod request;
pub mod shape;
mod shape_fault;
pub mod strict_json;
pub mod words;

pub use answer::{Answer, acceptable};
pub use body::{Body, Bytes};
pub use etag::IfMatch;
pub use json_or_text::{JsonOrText, TextKind};
pub use middleware::CallerId;
pub use negotiation::Lang;
pub use page::Page;
pub use problem::{Problem, ProblemDocument};
pub use query::Query;
pub use request::RequestMeta;
pub use shape::Shapes;

/// What a handler gives: a response or a problem.
pub type Response = Result<actix_web::HttpResponse, Problem>;
