//! Signing in, staying signed in, signing out: RFC 6749 (password and refresh_token), RFC 7009.
//!
//! Table `refresh_token`: one row a token, kept as a keyed hash; tokens that follow each other are a family. Access tokens are
//! `auth`'s and are kept nowhere. Sign-ins go to the access log. Failures are counted in memory, per user name and per address:
//! a restart forgets them, which costs an attacker more than it gives them.

pub mod model;
pub mod repo;
pub mod routes;
pub mod rules;
pub mod service;
#[cfg(test)]
mod service_tests;
pub mod sign_in;
mod throttle;

pub use sign_in::SignIn;
