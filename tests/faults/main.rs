//! Faults, rehearsed on the real program: killed, out of disk, its database gone, another process writing.
//! What was acknowledged is there afterwards, what was refused is not, and the trail holds.
//!
//! On the engine `XINFANG_TEST_DATABASE_URL` picks; a drill that makes sense on one engine only says so and passes on the other.
#![allow(clippy::unwrap_used, clippy::expect_used)]

/// Many clients registering at once, and what became of each petition.
mod load;

/// The program as a child process, on a database of its own.
mod office;

/// Looks at the rows a stopped server left behind.
mod remains;

/// Killed or told to stop in the middle of load.
mod stopping;

/// No room on the disk.
mod disk;

/// Reasons not to start.
mod starting;

/// Somebody else at the database.
mod neighbours;

/// A database to rehearse on, and reasons not to make one.
mod seeding;
