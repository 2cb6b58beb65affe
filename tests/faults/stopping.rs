use super::load::{Load, Outcome};
use super::office::{Moments, Place, rounds};
use super::remains;
use std::time::Duration;

/// Nothing acknowledged is lost, nothing half-written, and a retry gets the first answer, wherever the end came: while the server
/// was starting, at its first calls, in full load.
#[tokio::test]
async fn killed_in_the_middle_of_load() {
    let place = Place::new();
    let mut server = place.open_office();
    let mut all = Outcome::default();
    let moments = Moments::drawn();
    for round in 1..=rounds() {
        let token = server.sign_in("desk").await;
        let load = Load::start(&server, &token, 24);
        let moment = moments.within(Duration::from_millis(1200));
        tokio::time::sleep(moment).await;
        server.kill();
        let outcome = load.stop().await;
        let seen = (outcome.acknowledged.len(), outcome.notes.len(), outcome.refused.len() + outcome.faulty.len(), outcome.unknown.len());
        println!("kill {round} after {moment:?}: acknowledged, notes, refused, unanswered {seen:?}");
        all.add(outcome);
        remains::hold(&place, &all);
        if round % 4 == 0 {
            place.start_and_kill(moments.within(Duration::from_millis(60)));
        }
        server = place.serve();
        let token = server.sign_in("desk").await;
        remains::replay(&server, &token, &all).await;
    }
    assert!(!all.acknowledged.is_empty() && !all.unknown.is_empty(), "killed when nobody was waiting");
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
