use super::office::Place;
use std::process::Output;

/// Exit code 1 and a sentence for a person: what, where; no panic, nothing made.
pub fn refused(output: &Output, names: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let sentence = said.lines().find(|line| line.starts_with("xinfang: ")).unwrap_or_else(|| panic!("no sentence: {said}"));
    assert!(sentence.contains(names), "{sentence}");
    assert!(!said.contains("panicked"), "{said}");
}

const SERVE: &[&str] = &["serve", "--bind", "127.0.0.1:0"];

#[test]
fn a_folder_that_is_not_there() {
    let place = Place::on_disk(None);
    let nowhere = Place::on_disk(Some(&place.folder().join("no/such/folder")));
    refused(&nowhere.run(SERVE, ""), "no/such/folder");
    assert!(!place.folder().join("no").exists());
}

#[test]
fn a_file_that_is_none() {
    let place = Place::on_disk(None);
    std::fs::create_dir(place.file()).unwrap();
    refused(&place.run(SERVE, ""), "xinfang.db");
}

#[test]
fn a_file_that_is_no_database() {
    let place = Place::on_disk(None);
    std::fs::write(place.file(), "these are not the pages of a database. ".repeat(200)).unwrap();
    refused(&place.run(SERVE, ""), "not a database");
}

#[test]
fn a_server_that_does_not_answer() {
    let mut place = Place::on_disk(None);
    // the port for discarding, on which nobody listens
    place.url = "postgres://nobody@127.0.0.1:9/nothing".to_owned();
    refused(&place.run(SERVE, ""), "127.0.0.1");
}

/// Data without their key can't be read, and a new key would hide that for a while.
#[test]
fn data_without_their_key() {
    let place = Place::new();
    assert!(place.enter("desk").status.success());
    let key = std::fs::read(&place.key_file).unwrap();
    std::fs::remove_file(&place.key_file).unwrap();
    refused(&place.run(SERVE, ""), "xinfang.key");
    assert!(!place.key_file.exists());
    std::fs::write(&place.key_file, key).unwrap();
    drop(place.serve());
}
