//! Hearings: nothing is decided while one is open, the petitioner is told, and its days do not count for a re-review.

use super::clocks::{at, events, shown};
use super::harness::{Answer, TestApp, claim};
use reqwest::Method;
use serde_json::{Value, json};

async fn end(app: &TestApp, who: &str, id: &str, body: Value) -> Answer {
    let hearing = app.last_hearing(id).await;
    app.act(&app.by(who), Method::PATCH, id, &format!("hearings/{hearing}"), body).await
}

async fn handled(app: &TestApp) -> String {
    app.clock.move_to(at("2026-03-02 11:00"));
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    id
}

#[tokio::test]
async fn nothing_is_decided_while_a_hearing_is_open() {
    let app = TestApp::start().await;
    let id = handled(&app).await;
    app.clock.move_to(at("2026-04-14 09:00"));
    let held_at = "2026-04-15T01:30:00Z";
    let past = json!({"topic": "报销范围", "held_at": "2026-04-13T01:30:00Z"});
    app.act(&app.officer(), Method::POST, &id, "hearings", past).await.expect(422).fault("/held_at", "held_past");
    let body = json!({"topic": "异地住院费用是否报销", "held_at": held_at, "place": "二楼会议室"});
    let open = app.act(&app.officer(), Method::POST, &id, "hearings", body).await.expect(201);
    assert_eq!((open.body["hearing_open"].as_bool(), shown(&open, "handling").as_str()), (Some(true), "running 2026-05-01 green"));
    assert!(open.allows("end_hearing") && !open.allows("open_hearing") && !open.allows("issue_opinion"), "{open}");

    let notices = app.officer().get(&format!("/petitions/{id}/notices")).await.expect(200);
    let told = notices.items().last().unwrap();
    let text = told["text"].as_str().unwrap();
    assert!(text.contains("2026年4月15日09时30分") && text.contains("二楼会议室") && text.contains("异地住院费用"), "{told}");
    assert_eq!((told["kind"].as_str(), told["articles"].as_str()), (Some("hearing"), Some("《信访工作条例》第三十一条、第三十六条")));

    let referral = app.last_referral(&id).await;
    let recall = app.act(&app.supervisor(), Method::DELETE, &id, &format!("referrals/{referral}"), json!({"reason": "转错"})).await;
    recall.expect(409).problem("hearing_open");
    app.act(&app.officer(), Method::POST, &id, "hearings", json!({"topic": "再听一次"})).await.expect(409).problem("hearing_open");

    app.clock.move_to(at("2026-04-16 15:00"));
    let before = json!({"conclusion": "应当报销", "ended_at": "2026-04-13T08:00:00Z"});
    end(&app, "officer", &id, before).await.expect(422).fault("/ended_at", "ends_before_start");
    let ahead = json!({"conclusion": "应当报销", "ended_at": "2026-04-17T08:00:00Z"});
    end(&app, "officer", &id, ahead).await.expect(422).fault("/ended_at", "in_future");
    let over = end(&app, "officer", &id, json!({"conclusion": "应当报销", "ended_at": "2026-04-15T08:00:00Z"})).await.expect(200);
    assert_eq!((over.body["hearing_open"].as_bool(), shown(&over, "handling").as_str()), (Some(false), "running 2026-05-01 green"));
    let last = events(&app, &id).await.pop().unwrap();
    assert_eq!((&last["act"], &last["changes"]["ended_at"]), (&json!("hearing_ended"), &json!("2026-04-15T08:00:00Z")));
    end(&app, "officer", &id, json!({"conclusion": "再次"})).await.expect(409).problem("no_hearing_open");
    app.opinion(&id).await;
}

/// | at | act | re-review |
/// |---|---|---|
/// | 2026-03-02 | not supported, delivered | |
/// | 03-12, 03-20 | review asked for, upheld; delivered | |
/// | Fri 04-10 | re-review asked for | 30 d: Sun 05-10 |
/// | Mon 04-20 | hearing opened | paused |
/// | Thu 04-23 | hearing ended | four days not counted: Thu 05-14 |
#[tokio::test]
async fn the_days_of_a_hearing_do_not_count_for_a_re_review() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let id = app.delivered(claim(), "medical").await;
    let upheld = json!({"decision": "uphold", "opinion": "维持", "legal_basis": "《信访工作条例》第三十五条"});
    app.clock.move_to(at("2026-03-12 09:00"));
    app.contest(&id).await;
    // a review does not know the pause
    let opened = app.act(&app.supervisor(), Method::POST, &id, "hearings", json!({"topic": "报销范围"})).await.expect(201);
    assert_eq!(shown(&opened, "review"), "running 2026-04-11 green");
    app.clock.move_to(at("2026-03-20 09:00"));
    let review = app.last_review(&id).await;
    let early = app.act(&app.supervisor(), Method::PUT, &id, &format!("reviews/{review}/decision"), upheld.clone()).await;
    early.expect(409).problem("hearing_open");
    end(&app, "supervisor", &id, json!({"conclusion": "维持"})).await.expect(200);
    app.decide_review(&id, upheld).await.expect(200);
    app.deliver(&id).await;

    app.clock.move_to(at("2026-04-10 09:00"));
    assert_eq!(shown(&app.contest(&id).await, "rereview"), "running 2026-05-10 green");
    app.clock.move_to(at("2026-04-20 09:00"));
    let opened = app.act(&app.supervisor(), Method::POST, &id, "hearings", json!({"topic": "报销范围"})).await.expect(201);
    assert!(shown(&opened, "rereview").starts_with("paused"), "{opened}");
    app.clock.move_to(at("2026-04-23 16:00"));
    let over = end(&app, "supervisor", &id, json!({"conclusion": "应当报销"})).await.expect(200);
    assert_eq!(shown(&over, "rereview"), "running 2026-05-14 green");
    let held = app.supervisor().get(&format!("/petitions/{id}/hearings")).await.expect(200);
    let by: Vec<_> = held.items().iter().map(|one| (one["state"].clone(), one["review_id"].is_string(), one["unit_id"].clone())).collect();
    let office = |code| json!(app.unit(code));
    assert_eq!(
        by,
        [(json!("ended"), true, office("bureau")), (json!("ended"), true, office("city-bureau"))],
        "the unit outside holds the second"
    );
}

#[tokio::test]
async fn closing_drops_a_hearing_that_is_open() {
    let app = TestApp::start().await;
    let id = handled(&app).await;
    app.open_hearing(&id).await;
    let closed = app.close(&id, "withdrawn").await;
    assert_eq!(closed.body["hearing_open"], false);
    let held = app.supervisor().get(&format!("/petitions/{id}/hearings")).await.expect(200);
    let last = events(&app, &id).await.pop().unwrap();
    assert_eq!(last["changes"]["dropped_hearing"], held.items()[0]["id"], "the event that closes it says so");
    assert_eq!((held.items()[0]["state"].as_str(), held.items()[0]["ended_by"].is_null()), (Some("dropped"), true));
}
