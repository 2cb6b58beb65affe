//! What has to go when a run is broken off: by a fault, or by a signal in the middle.

use super::repo::postgres;
use crate::platform::db::DatabaseUrl;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::signal::unix::{SignalKind, signal};

/// Something half done.
#[derive(Debug, Clone)]
pub(super) enum Leftover {
    /// A file.
    File(PathBuf),
    /// A folder with all that is in it.
    Folder(PathBuf),
    /// A SQLite file with what stands beside it.
    Database(PathBuf),
    /// A session that is in the middle of its transaction.
    Session(DatabaseUrl, i32),
}

impl Leftover {
    /// Removes it; what is not there needs no removing.
    pub(super) fn remove(&self) {
        match self {
            Self::File(path) => {
                let _ = std::fs::remove_file(path);
            }
            Self::Folder(path) => {
                let _ = std::fs::remove_dir_all(path);
            }
            Self::Database(path) => {
                for suffix in ["", "-wal", "-shm", "-journal"] {
                    let mut name = path.as_os_str().to_owned();
                    name.push(suffix);
                    let _ = std::fs::remove_file(name);
                }
            }
            Self::Session(url, pid) => {
                let _ = postgres::terminate(url, *pid);
            }
        }
    }
}

/// What a run would leave half done at this moment.
#[derive(Default, Clone)]
pub struct Leftovers(Arc<Mutex<List>>);

#[derive(Default)]
struct List {
    leftovers: Vec<Leftover>,
    /// The database is filled; what follows only helps its planner.
    filled: bool,
}

impl List {
    fn remove(&mut self) {
        // the latest first: what was made in a folder goes before the folder
        self.leftovers.drain(..).rev().for_each(|leftover| leftover.remove());
    }
}

impl Leftovers {
    fn list(&self) -> MutexGuard<'_, List> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of something half done.
    pub(super) fn add(&self, leftover: Leftover) {
        self.list().leftovers.push(leftover);
    }

    /// Does the step after which nothing is half done; no signal comes between.
    pub(super) fn forget_all_after<T, E>(&self, step: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let mut list = self.list();
        let done = step()?;
        list.leftovers.retain(|leftover| matches!(leftover, Leftover::Folder(_)));
        list.filled = true;
        Ok(done)
    }

    /// Removes all of it.
    pub(super) fn remove(&self) {
        self.list().remove();
    }

    /// From now on an interrupt or a termination removes it and ends the process as if the signal had.
    ///
    /// # Errors
    /// In words, when signals can't be listened to.
    pub fn on_signals(&self) -> Result<(), String> {
        let this = self.clone();
        let (told, ready) = std::sync::mpsc::sync_channel(1);
        std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            runtime.block_on(async {
                let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
                let [Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)] = kinds.map(signal) else { return };
                let _ = told.send(());
                let number = tokio::select! { _ = interrupt.recv() => 2, _ = terminate.recv() => 15, _ = hangup.recv() => 1 };
                // held until the end: who meets what is gone waits here instead of telling of it
                let mut list = this.list();
                list.remove();
                let state = if list.filled { "filled, but its planner knows little of it" } else { "as it was" };
                eprintln!("xinfang: stopped; the database is {state}");
                std::process::exit(128 + number);
            });
        });
        ready.recv().map_err(|_| "cannot listen to signals".to_owned())
    }
}
