//! A platform on a fresh SQLite file, for the tests inside the crate.
#![allow(clippy::unwrap_used)]

use super::clock::Clock;
use super::config::Config;
use super::db::{Db, connect};
use super::ids::Ids;
use super::objects::{Objects, ObjectsUrl};
use super::{Platform, key};
use chrono::{DateTime, Duration};
use std::sync::Arc;
use tempfile::TempDir;

/// The database lives as long as the folder; its clock stands on 1 March 2026, 09:00 in Shanghai.
pub fn platform() -> (TempDir, Platform) {
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        database: format!("sqlite:{}", folder.path().join("test.db").display()).parse().unwrap(),
        bind: ([127, 0, 0, 1], 0).into(),
        objects: ObjectsUrl::Folder(folder.path().join("test.attachments")),
        key_file: folder.path().join("test.key"),
        zone: chrono_tz::Asia::Shanghai,
        office_code: "XF".to_owned(),
        rate_per_second: 0,
        rate_burst: 0,
        clock_offset: Duration::zero(),
        rehearsal: false,
        demo: false,
    };
    let clock = Clock::set(DateTime::parse_from_rfc3339("2026-03-01T01:00:00Z").unwrap().to_utc());
    let db = Db::open(&config.database).unwrap();
    let keys = key::open(&mut connect(&config.database, false).unwrap(), &config.key_file, clock.now()).unwrap();
    let keys = Arc::new(keys);
    let objects = Objects::new(config.objects.clone(), Arc::clone(&keys));
    (folder, Platform { db, clock, ids: Ids::seeded(1), keys, objects, config: Arc::new(config) })
}
