//! What every slice stands on and no slice owns: storage, web, keys, time, ids, errors. No domain words in here.

pub mod clock;
pub mod config;
pub mod db;
pub mod error;
#[cfg(test)]
pub mod for_tests;
pub mod ids;
pub mod key;
pub mod objects;
pub mod telemetry;
pub mod web;

use std::sync::Arc;

/// What a use case is handed instead of taking it from the air. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    /// The database, either engine.
    pub db: db::Db,
    /// The time.
    pub clock: clock::Clock,
    /// Ids and random bytes.
    pub ids: ids::Ids,
    /// Data keys, unwrapped.
    pub keys: Arc<key::Keyring>,
    /// What is too large for a row.
    pub objects: objects::Objects,
    /// Settings of this process.
    pub config: Arc<config::Config>,
}

impl Platform {
    /// Opens the database and its keys.
    ///
    /// # Errors
    /// When either can't be opened; the text says why.
    pub fn open(config: config::Config, clock: clock::Clock, ids: ids::Ids) -> error::Result<Self> {
        let db = db::Db::open(&config.database)?;
        let mut c = db::connect(&config.database, false)?;
        let keys = key::open(&mut c, &config.key_file, clock.now())?;
        let keys = Arc::new(keys);
        let objects = objects::Objects::new(config.objects.clone(), Arc::clone(&keys));
        Ok(Self { db, clock, ids, keys, objects, config: Arc::new(config) })
    }

    /// What a write needs that must be the same when it runs again.
    pub fn moment(&self) -> ids::Moment {
        self.ids.moment(self.clock.now())
    }
}
