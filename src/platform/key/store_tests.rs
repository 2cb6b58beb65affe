//! Rotating the key file, cut short at each of its steps.

use super::*;
use crate::platform::db::connect;
use crate::platform::for_tests;
use diesel::connection::SimpleConnection;
use std::path::PathBuf;

struct Place {
    _folder: tempfile::TempDir,
    c: Conn,
    path: PathBuf,
    sealed: Vec<u8>,
}

impl Place {
    fn new() -> Self {
        let (folder, platform) = for_tests::platform();
        let sealed = platform.keys.seal(b"here", b"secret", [7; NONCE]).unwrap();
        let c = connect(&platform.config.database, false).unwrap();
        Self { _folder: folder, c, path: platform.config.key_file.clone(), sealed }
    }

    fn opens(&mut self) -> bool {
        open(&mut self.c, &self.path, Utc::now()).is_ok_and(|ring| ring.unseal(b"here", &self.sealed).is_ok_and(|plain| plain == b"secret"))
    }

    fn rotate(&mut self) -> Result<()> {
        rotate_wrapping(&mut self.c, &self.path, Utc::now())
    }
}

#[test]
fn another_key_file_opens_the_same_data() {
    let mut place = Place::new();
    let before = std::fs::read(&place.path).unwrap();
    place.rotate().unwrap();
    assert_ne!(std::fs::read(&place.path).unwrap(), before);
    assert!(!file::waiting(&place.path).exists());
    assert!(place.opens());
}

#[test]
fn a_rotation_that_is_not_committed_leaves_the_old_key_in_place() {
    let mut place = Place::new();
    // a constraint looked at when everything else is done: the COMMIT itself fails
    let trap = "CREATE TABLE bait (n INTEGER PRIMARY KEY); \
         CREATE TABLE trap (n INTEGER REFERENCES bait (n) DEFERRABLE INITIALLY DEFERRED); \
         CREATE TRIGGER snap AFTER UPDATE ON data_key BEGIN INSERT INTO trap VALUES (1); END;";
    let Conn::Sqlite(c) = &mut place.c else { panic!() };
    c.batch_execute(trap).unwrap();
    assert!(place.rotate().is_err());
    // a connection whose commit failed may still be inside its transaction
    let Conn::Sqlite(c) = &mut place.c else { panic!() };
    let _ = c.batch_execute("ROLLBACK");
    let database = place.path.with_extension("db");
    place.c = connect(&format!("sqlite:{}", database.display()).parse().unwrap(), false).unwrap();
    assert!(place.opens());

    place.c.batch_execute("DROP TRIGGER snap").unwrap();
    place.rotate().unwrap();
    assert!(place.opens(), "what the failed attempt left is in nobody's way");
}

#[test]
fn a_rotation_cut_short_after_its_commit_is_finished_at_the_next_start() {
    let mut place = Place::new();
    let old = std::fs::read(&place.path).unwrap();
    place.rotate().unwrap();
    std::fs::rename(&place.path, file::waiting(&place.path)).unwrap();
    std::fs::write(&place.path, old).unwrap();
    assert!(open_existing(&mut place.c, &place.path, Utc::now()).is_ok());
    assert!(file::waiting(&place.path).exists(), "looking changes nothing");
    assert!(place.opens());
    assert!(!file::waiting(&place.path).exists());
    assert!(place.opens());
}

#[test]
fn a_key_half_written_is_no_obstacle() {
    let mut place = Place::new();
    std::fs::write(file::waiting(&place.path), "xinfang-k").unwrap();
    assert!(place.opens());
    place.rotate().unwrap();
    assert!(place.opens());
}
