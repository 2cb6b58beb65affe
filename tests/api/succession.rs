//! Who takes part no longer: ended parts, deaths, incapacity, the question to the heirs and what stands still meanwhile.

use super::clocks::{at, events, shown, sweep};
use super::harness::{Answer, TestApp, claim};
use reqwest::Method;
use serde_json::{Value, json};

const HEIR: &str = "张敏";

fn heir() -> Value {
    json!({"role": "petitioner", "name": HEIR, "sex": "female", "phone": "13800000009", "relation": "女儿"})
}

async fn status(app: &TestApp, id: &str, party: &str, body: Value) -> Answer {
    app.act(&app.officer(), Method::PUT, id, &format!("parties/{party}/status"), body).await
}

async fn heirs(app: &TestApp, id: &str, body: Value) -> Answer {
    app.act(&app.officer(), Method::PUT, id, "heirs-inquiry", body).await
}

#[tokio::test]
async fn the_rights_of_the_dead_stand_still_until_the_heirs_answer() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-05-22 10:00"));
    let id = app.delivered(claim(), "medical").await;
    let party = app.first_party(&id).await;
    let before = app.petition(&app.officer(), &id).await;
    assert_eq!(shown(&before, "review_window"), "running 2026-06-22 green", "Sunday of Dragon Boat: to the next working day");
    app.officer().get(&format!("/petitions/{id}/heirs-inquiry")).await.expect(404);
    heirs(&app, &id, json!({"answer": "none"})).await.expect(409).problem("no_heirs_inquiry");

    app.clock.move_to(at("2026-05-28 09:00"));
    let body = json!({"status": "deceased", "since": "2026-05-27", "note": "女儿来电告知"});
    let reported = status(&app, &id, &party, body.clone()).await.expect(200);
    assert_eq!(reported.body["parties"][0]["status"], "deceased");
    for window in ["review_window", "evaluation_window"] {
        assert_eq!(shown(&reported, window), "paused 2026-06-22 green");
    }
    assert_eq!(shown(&reported, "heirs_inquiry"), "running 2026-06-27 green");
    assert!(reported.allows("answer_heirs") && !reported.allows("close") && !reported.allows("report_death"), "{reported}");
    status(&app, &id, &party, body).await.expect(409).problem("already_reported");
    app.act(&app.officer(), Method::POST, &id, "closure", json!({"reason": "final"})).await.expect(409).problem("heirs_inquiry_open");

    // what would have lapsed does not
    app.clock.move_to(at("2026-06-05 16:00"));
    sweep(&app, &id).await;
    let inquiry = app.officer().get(&format!("/petitions/{id}/heirs-inquiry")).await.expect(200);
    assert_eq!((inquiry.text("/since"), &inquiry.body["answer"]), ("2026-05-27".into(), &Value::Null));
    heirs(&app, &id, json!({"answer": "continue"})).await.expect(422).only_faults(&[("/party", "party_required")]);
    heirs(&app, &id, json!({"answer": "declined", "party": heir()})).await.expect(422).only_faults(&[("/party", "party_not_expected")]);
    let answered = heirs(&app, &id, json!({"answer": "continue", "party": heir(), "note": "愿意继续"})).await.expect(200);
    assert_eq!(answered.body["parties"][1]["name"], HEIR);
    // 27 May to 5 June, both included: ten days that do not count
    for window in ["review_window", "evaluation_window"] {
        assert_eq!(shown(&answered, window), "running 2026-07-01 green");
    }
    assert_eq!(shown(&answered, "heirs_inquiry"), "met 2026-06-27 green");
    let told = events(&app, &id).await;
    let acts: Vec<&str> = told.iter().rev().take(2).map(|e| e["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["heirs_answered", "death_reported"]);
    let moved = &told.last().unwrap()["changes"]["clocks"]["moved"];
    assert!(moved.as_array().unwrap().iter().any(|m| m["due_on"] == json!({"from": "2026-06-22", "to": "2026-07-01"})), "{moved}");

    // every day of the ledger says why it does not count
    let clocks = app.officer().get(&format!("/petitions/{id}/clocks")).await.expect(200);
    let window = clocks.items().iter().find(|c| c["kind"] == "review_window").unwrap()["id"].as_str().unwrap().to_owned();
    let explained = app.officer().get(&format!("/petitions/{id}/clocks/{window}/explain")).await.expect(200);
    let days = explained.body["days"].as_array().unwrap();
    assert_eq!(days.iter().filter(|d| d["counted"] == true).count(), 30);

    app.clock.move_to(at("2026-07-02 00:00"));
    assert!(sweep(&app, &id).await);
    let closed = app.petition(&app.officer(), &id).await;
    assert_eq!((closed.text("/stage"), closed.text("/closure_reason")), ("closed".into(), "final".into()));
}

#[tokio::test]
async fn nobody_goes_on_and_a_supervisor_closes() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    let party = app.first_party(&id).await;
    let close = json!({"reason": "deceased_without_successor"});
    app.act(&app.supervisor(), Method::POST, &id, "closure", close.clone()).await.expect(409).problem("heirs_not_asked");
    status(&app, &id, &party, json!({"status": "deceased", "since": "2999-01-01"}))
        .await
        .expect(422)
        .only_faults(&[("/since", "in_future")]);
    status(&app, &id, &party, json!({"status": "gone"})).await.expect(422);
    status(&app, &id, "nobody", json!({"status": "deceased"})).await.expect(404);
    status(&app, &id, &party, json!({"status": "deceased"})).await.expect(200);
    app.act(&app.supervisor(), Method::POST, &id, "closure", close.clone()).await.expect(409).problem("heirs_not_asked");
    heirs(&app, &id, json!({"answer": "declined"})).await.expect(200);
    heirs(&app, &id, json!({"answer": "none"})).await.expect(409).problem("no_heirs_inquiry");
    app.act(&app.officer(), Method::POST, &id, "closure", close.clone()).await.expect(403);
    let closed = app.act(&app.supervisor(), Method::POST, &id, "closure", close).await.expect(201);
    assert_eq!(shown(&closed, "handling").split(' ').next(), Some("cancelled"));
    assert_eq!(closed.text("/closure_reason"), "deceased_without_successor");
}

#[tokio::test]
async fn an_answer_is_not_delivered_to_the_dead_and_goes_on_with_who_joins() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-05-20 09:00"));
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    let party = app.first_party(&id).await;
    status(&app, &id, &party, json!({"status": "deceased"})).await.expect(200);
    let decided = app.opinion(&id).await;
    assert_eq!(shown(&decided, "delivery").split(' ').next(), Some("paused"), "it starts paused");
    let deliver = json!({"method": "in_person", "receipt": "signed"});
    app.act(&app.officer(), Method::POST, &id, "deliveries", deliver.clone()).await.expect(409).problem("heirs_inquiry_open");
    heirs(&app, &id, json!({"answer": "none"})).await.expect(200);
    // somebody is found after all
    app.clock.move_to(at("2026-05-21 09:00"));
    let joined = app.act(&app.officer(), Method::POST, &id, "parties", heir()).await.expect(201);
    assert_eq!(shown(&joined, "delivery"), "running 2026-06-04 green", "ten working days, counted from the day after");
    app.act(&app.officer(), Method::POST, &id, "deliveries", deliver).await.expect(201);
}

#[tokio::test]
async fn a_guardian_stands_in_for_one_who_can_no_longer_act() {
    let app = TestApp::start().await;
    let mut petition = claim();
    let guardian = json!({"role": "guardian", "name": HEIR, "phone": "13800000009", "relation": "女儿", "authority": "监护证明"});
    petition["parties"].as_array_mut().unwrap().push(guardian);
    let id = app.register(petition).await.id();
    let party = app.first_party(&id).await;
    let desk = app.desk();
    let path = format!("parties/{party}/status");
    let reported = app.act(&desk, Method::PUT, &id, &path, json!({"status": "incapacitated"})).await.expect(200);
    assert!(!reported.allows("answer_heirs"), "somebody is there: {reported}");
    let guardian = reported.body["parties"][1]["id"].as_str().unwrap().to_owned();
    let end = format!("parties/{guardian}");
    app.act(&desk, Method::DELETE, &id, &end, json!({"reason": "监护人变更"})).await.expect(409).problem("last_petitioner");
    app.act(&desk, Method::POST, &id, "withdrawal", json!({"party_ids": [guardian]})).await.expect(201);
    // after the end nobody is asked any more
    let path = format!("parties/{guardian}/status");
    let reported = app.act(&app.supervisor(), Method::PUT, &id, &path, json!({"status": "deceased"})).await.expect(200);
    assert!(!reported.allows("answer_heirs"), "{reported}");
}

#[tokio::test]
async fn a_proxy_is_sent_away_and_the_petition_stays_the_petitioners() {
    let app = TestApp::start().await;
    let mut petition = claim();
    petition["parties"]
        .as_array_mut()
        .unwrap()
        .push(json!({"role": "proxy", "name": "李强", "relation": "外甥", "authority": "授权委托书"}));
    let id = app.register(petition).await.id();
    let registered = app.petition(&app.desk(), &id).await;
    assert!(registered.allows("end_party"), "{registered}");
    let ids: Vec<String> = (0..2).map(|n| registered.body["parties"][n]["id"].as_str().unwrap().to_owned()).collect();
    let desk = app.desk();
    let end = |n: usize| format!("parties/{}", ids[n]);
    app.act(&desk, Method::DELETE, &id, &end(1), json!({})).await.expect(422).only_faults(&[("/reason", "reason_required")]);
    app.act(&desk, Method::DELETE, &id, &end(0), json!({"reason": "误登"})).await.expect(409).problem("last_petitioner");
    let ended = app.act(&desk, Method::DELETE, &id, &end(1), json!({"reason": "本人收回委托"})).await.expect(200);
    assert_eq!(ended.body["parties"][1]["status"], "ended");
    assert!(!ended.allows("end_party"), "{ended}");
    app.act(&desk, Method::DELETE, &id, &end(1), json!({"reason": "再次"})).await.expect(409);
    let told = events(&app, &id).await;
    assert_eq!((&told.last().unwrap()["act"], &told.last().unwrap()["changes"]["party_id"]), (&json!("party_ended"), &json!(ids[1])));
}
