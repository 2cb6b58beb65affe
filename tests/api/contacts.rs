//! Contacts with the petitioner: which count, and that a device may send them later, again.

use super::clocks::{at, events};
use super::harness::{Answer, Persona, TestApp, claim};
use serde_json::{Value, json};

async fn call(who: &Persona<'_>, id: &str, body: Value) -> Answer {
    who.post(&format!("/petitions/{id}/contacts"), body).await
}

/// Whether each contact counts, in the order they took place.
async fn counted(app: &TestApp, id: &str) -> Vec<bool> {
    let listed = app.supervisor().get(&format!("/petitions/{id}/contacts")).await.expect(200);
    let mut contacts: Vec<_> = listed.items().iter().map(|one| (one["contacted_at"].to_string(), one["counts"] == true)).collect();
    contacts.sort();
    contacts.into_iter().map(|(_, counts)| counts).collect()
}

#[tokio::test]
async fn a_contact_of_the_lead_before_the_opinion_counts() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let id = app.register(claim()).await.id();
    // the desk, before anybody has it
    call(&app.desk(), &id, json!({"how": "phone", "text": "登记后电话核对"})).await.expect(201);
    app.clock.move_to(at("2026-03-03 09:00"));
    app.refer(&id, "medical").await;
    app.clock.move_to(at("2026-03-04 09:00"));
    let before = app.petition(&app.officer(), &id).await;
    let told = call(&app.officer(), &id, json!({"how": "phone", "reached": false, "text": "无人接听"})).await.expect(201);
    assert_eq!(told.body["etag"], before.body["etag"], "it is no other version");
    app.clock.move_to(at("2026-03-05 09:00"));
    call(&app.officer(), &id, json!({"how": "home_visit", "text": "上门听取意见"})).await.expect(201);
    app.accept(&id).await;
    app.clock.move_to(at("2026-03-10 09:00"));
    app.opinion(&id).await;
    app.clock.move_to(at("2026-03-11 09:00"));
    call(&app.officer(), &id, json!({"how": "phone", "text": "告知已有意见"})).await.expect(201);
    // made before the opinion, sent after it; made before the unit had it
    for (when, text) in [("2026-03-06T02:00:00Z", "电话补问"), ("2026-03-02T02:00:00Z", "早先的电话")] {
        call(&app.officer(), &id, json!({"how": "phone", "contacted_at": when, "text": text})).await.expect(201);
    }
    // desk, too early, not reached, reached, made before the opinion, after it
    assert_eq!(counted(&app, &id).await, [false, false, false, true, true, false]);

    let said: Vec<Value> = events(&app, &id).await.into_iter().filter(|event| event["act"] == "contacted").collect();
    assert_eq!(said.len(), 6);
    // the desk's contact makes it no handler: it may still call back
    app.deliver(&id).await;
    assert!(app.petition(&app.desk(), &id).await.allows("evaluate_unit"));
}

#[tokio::test]
async fn a_device_sends_a_contact_again_and_it_is_there_once() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    let party = app.first_party(&id).await;
    let body =
        json!({"id": app.unknown_id(), "how": "in_person", "party_id": party, "contacted_at": app.now(), "text": "在医院当面听取意见"});
    let first = call(&app.officer(), &id, body.clone()).await.expect(201);
    let again = call(&app.officer(), &id, body.clone()).await.expect(201);
    assert_eq!(first.header("location"), again.header("location"));
    assert_eq!(app.officer().get(&format!("/petitions/{id}/contacts")).await.items().len(), 1);
    let other = app.register(claim()).await.id();
    app.refer(&other, "medical").await;
    call(&app.officer(), &other, body).await.expect(409);

    let later = app.now() + chrono::Duration::days(1);
    let bad = json!({"id": "6f1c9a52-3b7e-4d08-9c41-2a5b8e7d1f60", "how": "phone", "contacted_at": later, "party_id": app.unknown_id(), "text": "x"});
    let refused = call(&app.officer(), &id, bad).await.expect(422);
    let mut faults: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap().to_owned()).collect();
    faults.sort();
    assert_eq!(faults, ["/contacted_at", "/id", "/party_id"], "{refused}");
    call(&app.by("pension_officer"), &id, json!({"how": "phone", "text": "x"})).await.expect(404);
    call(&app.leader(), &id, json!({"how": "phone", "text": "x"})).await.expect(403);
}
