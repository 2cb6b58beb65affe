//! Accounts of staff, and signing in.
//!
//! Tables `account` and `account_role` here, `refresh_token` in [`session`](crate::account::session). Accounts are made and kept by the administrator,
//! are suspended and never deleted (the trail names them), and hold roles; what a role may do is said in `auth`.
//! A user name is known in one spelling: NFKC, small letters. Passwords are kept as Argon2id (RFC 9106).

pub mod model;
pub mod password;
pub mod repo;
pub mod routes;
pub mod rules;
pub mod service;
pub mod session;

pub use model::{Account, AccountStatus, NewStaff};
pub use password::Passwords;
