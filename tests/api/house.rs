//! The house tests itself: each step of the fixtures is taken once, every answer held to the document on the way.

use super::harness::{TestApp, accusation, claim, suggestion};
use chrono::Duration;
use serde_json::json;

#[tokio::test]
async fn a_claim_goes_from_the_desk_to_its_closing() {
    let app = TestApp::start().await;
    let registered = app.register(claim()).await;
    assert_eq!(registered.stage(), "registered");
    let id = registered.id();
    assert_eq!(app.refer(&id, "medical").await.stage(), "referred");
    app.advance(Duration::hours(3));
    assert_eq!(app.accept(&id).await.stage(), "handling");
    assert_eq!(app.opinion(&id).await.stage(), "decided");
    assert_eq!(app.deliver(&id).await.stage(), "delivered");
    let closed = app.close(&id, "final").await;
    assert_eq!((closed.stage().as_str(), closed.text("/closure_reason").as_str()), ("closed", "final"));
}

#[tokio::test]
async fn suggestions_and_accusations_go_their_own_ways() {
    let app = TestApp::start().await;
    app.delivered(suggestion(), "community").await;
    let id = app.delivered(accusation(app.office().unit("medical")), "discipline").await;
    app.officer().get(&format!("/petitions/{id}")).await.expect(404).problem("not_found");
}

#[tokio::test]
async fn offices_do_not_know_each_other() {
    let (one, other) = (TestApp::start().await, TestApp::start().await);
    let id = one.register(claim()).await.id();
    one.desk().get(&format!("/petitions/{id}")).await.expect(200);
    other.desk().get(&format!("/petitions/{id}")).await.expect(404);
}

#[tokio::test]
async fn a_problem_shows_its_faults() {
    let app = TestApp::start().await;
    app.desk().post("/petitions", json!({"channel": "visit", "no_such_member": 1})).await.expect(422).fault("/title", "required");
    app.anonymous().get("/no-such-thing").await.expect(404).problem("not_found");
}
