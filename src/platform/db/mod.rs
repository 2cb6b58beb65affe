//! Storage: one code path, two engines, picked by the URL's scheme at run time.

mod conn;
pub mod types;

pub use conn::{Both, Conn, MultiBackend};
