//! Reopening: where it was closed from, with the limits that ran, and what became due meanwhile. Days counted by hand, calendar of 2026.

use super::clocks::{at, events, shown, sweep};
use super::harness::{Answer, TestApp, claim};
use reqwest::Method;
use serde_json::{Value, json};

async fn reopen(app: &TestApp, id: &str) -> Answer {
    app.act(&app.supervisor(), Method::DELETE, id, "closure", json!({"reason": "信访人称未同意办结"})).await
}

fn clocks_of(answer: &Answer, kind: &str) -> Vec<Value> {
    answer.body["clocks"].as_array().unwrap().iter().filter(|clock| clock["kind"] == kind).cloned().collect()
}

async fn acts(app: &TestApp, id: &str) -> Vec<String> {
    events(app, id).await.iter().map(|e| e["act"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_was_answered_at_once_is_taken_up_again_with_its_limit() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let id = app.register(claim()).await.id();
    app.clock.move_to(at("2026-03-02 09:30"));
    app.close(&id, "answered_on_the_spot").await;
    let closed = app.petition(&app.supervisor(), &id).await;
    assert!(closed.allows("reopen"));
    assert_eq!(clocks_of(&closed, "triage_notice")[0]["state"], "met");
    app.desk()
        .call(Method::DELETE, &format!("/petitions/{id}/closure"))
        .json(&json!({"reason": "x"}))
        .if_match(&closed.etag())
        .await
        .expect(403);
    let bare = app.supervisor().call(Method::DELETE, &format!("/petitions/{id}/closure"));
    bare.json(&json!({})).if_match(&closed.etag()).await.expect(422).only_faults(&[("/reason", "reason_required")]);

    app.clock.move_to(at("2026-03-05 10:00"));
    let open = reopen(&app, &id).await.expect(200);
    assert_eq!((&open.body["stage"], &open.body["closed_at"]), (&json!("registered"), &Value::Null));
    // the day it was received still counts
    assert_eq!(shown(&open, "triage_notice"), "running 2026-03-17 green");
    let of: Vec<Value> = clocks_of(&open, "triage_notice").iter().map(|clock| clock["state"].clone()).collect();
    assert_eq!(of, [json!("cancelled"), json!("running")]);
    assert_eq!(clocks_of(&open, "evaluation_window")[0]["state"], "cancelled");
    assert_eq!(clocks_of(&open, "disposition"), Vec::<Value>::new());
    reopen(&app, &id).await.expect(409).problem("stage_forbids");
    let told: Value = serde_json::from_str(events(&app, &id).await.last().unwrap()["body"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&told["act"], &told["data"]["closed_as"], &told["data"]["stage"]),
        (&json!("reopened"), &json!("answered_on_the_spot"), &json!({"from": "closed", "to": "registered"}))
    );
    assert_eq!(told["data"]["clocks"]["started"][0]["restored_from"], clocks_of(&closed, "triage_notice")[0]["id"]);
    app.refer(&id, "medical").await;
}

#[tokio::test]
async fn what_became_due_while_it_was_closed_is_broken_at_once() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    app.ask_assistance(&id, "finance", "2026-04-20").await;
    app.clock.move_to(at("2026-04-15 09:00"));
    app.act(&app.desk(), Method::POST, &id, "withdrawal", json!({"note": "来电要求撤回"})).await.done();
    let closed = app.petition(&app.supervisor(), &id).await;
    assert_eq!(clocks_of(&closed, "handling")[0]["state"], "cancelled");
    // sixty days end on the first of May, the question's on the twentieth of April
    app.clock.move_to(at("2026-05-06 09:00"));
    let open = reopen(&app, &id).await.expect(200);
    assert_eq!(open.body["stage"], "handling");
    assert_eq!(
        (shown(&open, "handling"), shown(&open, "assisting_answer")),
        ("breached 2026-05-01 red".into(), "breached 2026-04-20 red".into())
    );
    let told = acts(&app, &id).await;
    let after: Vec<&str> = told.iter().skip_while(|act| *act != "reopened").map(String::as_str).collect();
    assert_eq!(after.iter().filter(|act| **act == "clock_breached").count(), 2, "{after:?}");
    let proposed = app.supervisor().get(&format!("/petitions/{id}/supervisions")).await.expect(200);
    assert_eq!(proposed.items().len(), 2);
    // the question is open again, and the opinion waits for it
    let (officer, etag) = (app.officer(), app.petition(&app.officer(), &id).await.etag());
    let opinion = json!({"outcome": "explained", "facts": "已核对", "opinion": "暂无依据", "legal_basis": "《社会保险法》第二十八条"});
    officer.put(&format!("/petitions/{id}/opinion"), opinion).if_match(&etag).await.expect(409).problem("assistance_missing");
    let question = app.last_question(&id).await;
    app.act(&app.by("finance_officer"), Method::PUT, &id, &format!("assistance/{question}/answer"), json!({"answer": "已核对"}))
        .await
        .done();
    app.opinion(&id).await;
    assert_eq!(clocks_of(&app.petition(&app.supervisor(), &id).await, "handling").last().unwrap()["state"], "met_late");
}

#[tokio::test]
async fn a_broken_duty_stays_one_and_its_supervision_stays_with_it() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    // broken on the first of May
    app.clock.move_to(at("2026-05-06 09:00"));
    sweep(&app, &id).await;
    app.act(&app.desk(), Method::POST, &id, "withdrawal", json!({"note": "来电要求撤回"})).await.done();
    app.clock.move_to(at("2026-05-08 09:00"));
    let open = reopen(&app, &id).await.expect(200);
    let of: Vec<Value> = clocks_of(&open, "handling").iter().map(|clock| clock["state"].clone()).collect();
    assert_eq!(of, [json!("cancelled"), json!("breached")]);
    let proposed = app.supervisor().get(&format!("/petitions/{id}/supervisions")).await.expect(200);
    assert_eq!((proposed.items().len(), &proposed.items()[0]["clock_id"]), (1, &clocks_of(&open, "handling")[1]["id"]));
    assert_eq!(acts(&app, &id).await.iter().filter(|act| *act == "clock_breached").count(), 1);
    let figures = app.leader().get("/statistics/summary?from=2026-05-01&to=2026-05-08").await.expect(200);
    let rate = figures.body["measures"]["on_time_closure_rate"].clone();
    assert_eq!((&rate["denominator"], &rate["open_overdue"]), (&json!(1), &json!(1)), "{rate}");
}

#[tokio::test]
async fn a_window_goes_on_while_its_days_last_and_is_not_given_again() {
    let app = TestApp::start().await;
    for (back, window) in [("2026-03-20 09:00", "running 2026-04-01 green"), ("2026-04-02 09:00", "cancelled 2026-04-01 none")] {
        app.clock.move_to(at("2026-03-02 09:00"));
        let id = app.delivered(claim(), "medical").await;
        app.clock.move_to(at("2026-03-10 09:00"));
        app.close(&id, "final").await;
        app.clock.move_to(at(back));
        let open = reopen(&app, &id).await.expect(200);
        assert_eq!(open.body["stage"], "delivered");
        let last = clocks_of(&open, "review_window").last().unwrap().clone();
        assert!(window.starts_with(last["state"].as_str().unwrap()), "{back}: {last}");
        assert_eq!(last["due_on"], "2026-04-01");
        assert!(app.petition(&app.desk(), &id).await.allows("request_review"));
        app.close(&id, "final").await;
        sweep(&app, &id).await;
    }
}

#[tokio::test]
async fn what_ended_by_itself_long_ago_or_by_ones_own_hand_stays_closed() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let (lapsed, own, late) =
        (app.delivered(claim(), "medical").await, app.delivered(claim(), "medical").await, app.register(claim()).await.id());
    app.act(&app.supervisor(), Method::POST, &own, "closure", json!({"reason": "final"})).await.done();
    reopen(&app, &own).await.expect(403).problem("same_person");
    app.close(&late, "answered_on_the_spot").await;
    // thirty days after the second of March
    app.clock.move_to(at("2026-04-01 23:00"));
    assert!(app.petition(&app.supervisor(), &late).await.allows("reopen"));
    app.clock.move_to(at("2026-04-02 09:00"));
    let refused = reopen(&app, &late).await.expect(409).problem("reopen_too_late");
    assert!(refused.text("/detail").contains("30"), "{refused}");
    sweep(&app, &lapsed).await;
    reopen(&app, &lapsed).await.expect(409).problem("closed_by_system");
}
