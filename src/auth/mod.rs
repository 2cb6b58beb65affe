//! Who is calling and what they may do: actors, roles, relations, tokens, and what a use case is handed.
//!
//! No tables: accounts are `account`'s. The access policy is data: [`policy`](crate::auth::policy) for reading and administering,
//! the stage table of `petition` for the acts; both speak of [`Role`](crate::auth::Role)s and [`Relation`](crate::auth::Relation)s.

pub mod call;
pub mod context;
pub mod document;
pub mod model;
pub mod paging;
pub mod policy;
pub mod token;

pub use call::{Call, PageCall, TableCall};
pub use context::Context;
pub use model::{Actor, Relation, Relations, Role, Roles};
pub use paging::Paging;
pub use policy::Permission;
