use super::load::Load;
use super::office::Place;
use super::remains;
use std::sync::Arc;

/// Somebody enters a colleague at the command line while the desk is busy.
#[tokio::test]
async fn a_second_process_writes() {
    let place = Arc::new(Place::new());
    let server = place.open_office();
    let token = server.sign_in("desk").await;
    let load = Load::start(&server, &token, 24);
    load.until("registrations", |o| o.acknowledged.len() >= 20).await;
    for name in ["anna", "berta", "clara"] {
        let before = load.counts();
        let there = Arc::clone(&place);
        let added = tokio::task::spawn_blocking(move || there.enter(name)).await.unwrap();
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
        load.until("the desk goes on", |o| o.acknowledged.len() > before.0).await;
    }
    let outcome = load.stop().await;
    assert_eq!((outcome.refused.len(), outcome.unknown.len()), (0, 0), "the desk was turned away");
    server.sign_in("clara").await;
    remains::hold(&place, &outcome);
}

/// The database server ends our sessions, again and again: some calls are told to try again, later ones go through.
#[tokio::test]
async fn sessions_are_ended_by_the_database_server() {
    let place = Place::new();
    if !place.is_pg() {
        return println!("skipped: only a database server ends sessions");
    }
    let server = place.open_office();
    let token = server.sign_in("desk").await;
    let load = Load::start(&server, &token, 24);
    load.until("registrations", |o| o.acknowledged.len() >= 20).await;
    let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", place.name());
    for _ in 0..5 {
        place.as_owner(&end);
        let (before, ..) = load.counts();
        load.until("recovery", |o| o.acknowledged.len() > before + 20).await;
    }
    // while everybody is away too
    let idle = load.stop().await;
    place.as_owner(&end);
    let load = Load::start(&server, &token, 24);
    load.until("recovery", |o| o.acknowledged.len() >= 20).await;
    let mut outcome = load.stop().await;
    assert!(!idle.refused.is_empty(), "nobody noticed");
    // a commit whose answer was lost with its session may hold: those refused are neither promised nor denied
    outcome.unknown.extend(idle.refused.into_iter().chain(idle.unknown).chain(std::mem::take(&mut outcome.refused)));
    outcome.acknowledged.extend(idle.acknowledged);
    remains::hold(&place, &outcome);
}
