use super::load::{Load, Outcome};
use super::office::Place;
use super::remains;
use std::time::Duration;

/// Nothing acknowledged is lost, nothing half-written, and a retry gets the first answer.
#[tokio::test]
async fn killed_in_the_middle_of_load() {
    let place = Place::new();
    let mut server = place.open_office();
    let token = server.sign_in("desk").await;
    let mut all = Outcome::default();
    for round in 0..4 {
        let load = Load::start(&server, &token, 24);
        load.until("registrations", |o| o.acknowledged.len() >= 40).await;
        tokio::time::sleep(Duration::from_millis(17 * round)).await;
        server.kill();
        let outcome = load.stop().await;
        assert!(!outcome.unknown.is_empty(), "killed when nobody was waiting");
        all.add(outcome);
        remains::hold(&place, &all);
        server = place.serve();
        remains::replay(&server, &token, &all).await;
    }
}

/// What was begun is finished, and one file holds everything.
#[tokio::test]
async fn told_to_stop_in_the_middle_of_load() {
    let place = Place::new();
    let server = place.open_office();
    let token = server.sign_in("desk").await;
    let load = Load::start(&server, &token, 24);
    load.until("registrations", |o| o.acknowledged.len() >= 40).await;
    server.terminate();
    let status = server.ended().await;
    let outcome = load.stop().await;
    assert!(status.success(), "{status}");
    remains_of_clean_stop(&place);
    remains::hold(&place, &outcome);
}

fn remains_of_clean_stop(place: &Place) {
    if !place.is_pg() {
        let folder = place.file().parent().unwrap().to_owned();
        let left: Vec<String> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        assert!(!left.iter().any(|name| name.ends_with("-wal") || name.ends_with("-shm")), "{left:?}");
    }
}
