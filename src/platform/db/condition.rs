//! Conditions that are put together at run time.

use super::MultiBackend;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};

/// A condition on rows of `S`.
pub type Condition<S> = Box<dyn BoxableExpression<S, MultiBackend, SqlType = Nullable<Bool>>>;

diesel::define_sql_function! {
    /// The first that is not null.
    fn coalesce(condition: Nullable<Bool>, otherwise: Nullable<Bool>) -> Nullable<Bool>;
}

/// A condition that rows are held to and that starts no range of an index: left to themselves, planners take the index of any
/// condition, read all it has and sort that. How many rows it lets through they can't guess either: they take it for half.
pub fn held<S: 'static>(condition: Condition<S>) -> Condition<S> {
    Box::new(coalesce(condition, false))
}
