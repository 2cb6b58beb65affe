//! Hashing passwords: Argon2id (RFC 9106) with the crate's parameters (19 MiB, two passes), one at a time, on a blocking thread.
//!
//! A hash takes tens of milliseconds of a core: more than one at a time would starve the desk on a small machine.

use crate::platform::error::{Error, Result};
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Hashes at work at a time.
const AT_WORK: usize = 1;
/// Callers that may wait; the next is told to come back.
const WAITING: usize = 16;

/// What is checked for a user nobody knows, so that they take as long as a wrong password: the usual parameters, no known password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGtub3dzIG1l$QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE";

/// The one place where passwords are hashed. Clones share the queue.
#[derive(Debug, Clone)]
pub struct Passwords {
    work: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { work: Arc::new(Semaphore::new(AT_WORK)), queue: Arc::new(Semaphore::new(AT_WORK + WAITING)) }
    }
}

/// The right to hash one password. Kept until the hash is done, even when nobody waits for it any more.
#[derive(Debug)]
pub struct Turn {
    _work: OwnedSemaphorePermit,
    _queue: OwnedSemaphorePermit,
}

impl Passwords {
    /// Waits for a turn.
    ///
    /// # Errors
    /// Busy when too many wait.
    pub async fn turn(&self) -> Result<Turn> {
        let queue = Arc::clone(&self.queue).try_acquire_owned().map_err(|_| Error::Busy)?;
        let work = Arc::clone(&self.work).acquire_owned().await.map_err(|_| Error::Busy)?;
        Ok(Turn { _work: work, _queue: queue })
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// Busy when too many wait; internal.
    pub async fn hash(&self, password: String) -> Result<String> {
        let turn = self.turn().await?;
        on_blocking_thread(move || {
            let hash = hash(&password);
            drop(turn);
            hash
        })
        .await?
    }
}

impl Turn {
    /// Checks a password against what is kept, or for as long against nothing. `settle` hears the outcome before the turn ends.
    ///
    /// # Errors
    /// Internal only.
    pub async fn verify(self, password: String, kept: Option<String>, settle: impl FnOnce(bool) + Send + 'static) -> Result<bool> {
        on_blocking_thread(move || {
            let fits = verify(&password, kept.as_deref());
            settle(fits);
            drop(self);
            fits
        })
        .await
    }
}

/// Hashes a password, now and here (commands; the server uses [`Passwords`]).
///
/// # Errors
/// Internal only.
pub fn hash(password: &str) -> Result<String> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|e| Error::internal(format!("cannot hash: {e}")))?;
    Ok(hash.to_string())
}

fn verify(password: &str, kept: Option<&str>) -> bool {
    let fits = Argon2::default().verify_password(password.as_bytes(), kept.unwrap_or(NOBODY)).is_ok();
    fits && kept.is_some()
}

async fn on_blocking_thread<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(f).await.map_err(|e| Error::Internal(Box::new(e)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_hash_fits_its_password_only() {
        let kept = hash("correct horse").unwrap();
        assert!(verify("correct horse", Some(&kept)));
        assert!(!verify("correct horses", Some(&kept)));
        assert!(!verify("", None));
    }

    #[test]
    fn nobody_costs_as_much_as_somebody() {
        let kept = hash("x").unwrap();
        let parameters = |phc: &str| phc.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(parameters(NOBODY), parameters(&kept));
        let failed = Argon2::default().verify_password(b"x", NOBODY).unwrap_err();
        assert_eq!(failed, argon2::password_hash::Error::PasswordInvalid, "it must be readable, or nothing is hashed");
    }

    #[tokio::test]
    async fn the_queue_is_short() {
        let passwords = Passwords::default();
        let at_work = passwords.turn().await.unwrap();
        let waiting: Vec<_> = (0..WAITING)
            .map(|_| {
                let passwords = passwords.clone();
                tokio::spawn(async move { passwords.turn().await.map(drop) })
            })
            .collect();
        tokio::task::yield_now().await;
        assert!(matches!(passwords.turn().await, Err(Error::Busy)));
        drop(at_work);
        for turn in waiting {
            turn.await.unwrap().unwrap();
        }
    }
}
