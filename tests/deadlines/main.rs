//! The proof of the engine: against days counted by hand, against a naive oracle, in zones whose days are odd, under other countries' rules.
#![allow(clippy::unwrap_used, clippy::expect_used)]

/// What a deadline is, as simply as it can be said: day by day, quarter of an hour by quarter of an hour.
mod oracle;

/// The engine says what the oracle says, whatever it is asked.
mod properties;

/// Days counted by hand.
mod vectors;

/// Midnights that do not exist, or come twice.
mod zones;

/// The rules of England and of India through the same types.
mod abroad;
