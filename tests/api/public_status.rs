//! What whoever has the receipt is told: plain words, and nothing to who guesses.

use super::clocks::at;
use super::harness::{TestApp, accusation, claim};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Asks as somebody without an account; the answer's status and body, `instance` left out.
async fn ask(app: &TestApp, number: &str, code: &str) -> (u16, Value) {
    ask_in(app, number, code, "zh-CN").await
}

async fn ask_in(app: &TestApp, number: &str, code: &str, language: &str) -> (u16, Value) {
    let body = json!({"number": number, "query_code": code});
    let request = app.anonymous().call(Method::POST, "/public/status").json(&body).header("accept-language", language);
    let mut answer = request.await;
    if let Some(members) = answer.body.as_object_mut() {
        members.remove("instance");
    }
    (answer.status, answer.body.clone())
}

#[tokio::test]
async fn the_way_of_a_claim_in_plain_words() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let registered = app.register(claim()).await.expect(201);
    let (id, number, code) = (registered.id(), registered.text("/number"), registered.text("/query_code"));
    let (status, told) = ask(&app, &number, &code).await;
    assert_eq!((status, &told["stage_text"], &told["due_on"]), (200, &json!("已登记"), &json!("2026-03-17")), "{told}");
    // as it is read over a telephone
    let (status, _) = ask(&app, &number.to_lowercase().replace('-', " "), &code.to_lowercase()).await;
    assert_eq!(status, 200);
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    let (_, told) = ask(&app, &number, &code).await;
    assert_eq!((&told["stage_text"], &told["due_on"], &told["can_evaluate"]), (&json!("办理中"), &json!("2026-05-01"), &json!(false)));
    app.opinion(&id).await;
    app.deliver(&id).await;
    let (_, told) = ask_in(&app, &number, &code, "en").await;
    assert_eq!((&told["stage_text"], &told["can_evaluate"]), (&json!("Delivered"), &json!(true)));
    let words = told["status"].as_str().unwrap();
    assert!(words.ends_with('.') && words.matches('.').count() <= 3, "{words}");
    let members: BTreeSet<&str> = told.as_object().unwrap().keys().map(String::as_str).collect();
    let promised = ["number", "stage_text", "status", "next_step", "due_on", "can_evaluate", "can_request_review"];
    assert_eq!(members, BTreeSet::from(promised));
}

#[tokio::test]
async fn wrong_number_and_wrong_code_are_told_the_same() {
    let app = TestApp::start().await;
    let registered = app.register(claim()).await.expect(201);
    let (number, code) = (registered.text("/number"), registered.text("/query_code"));
    let other = app.register(accusation(app.office().unit("medical"))).await.expect(201);
    let voided = app.register(claim()).await.expect(201);
    app.act(&app.supervisor(), Method::POST, &voided.id(), "closure", json!({"reason": "voided", "note": "误登"})).await.expect(201);
    let (status, refused) = ask(&app, &number, "0000000000").await;
    assert_eq!((status, &refused["code"]), (404, &json!("wrong_receipt_call")));
    assert!(refused["detail"].as_str().unwrap().contains("000-0000 0101"), "{refused}");
    let long = "Z".repeat(64);
    for (number, code) in [
        ("XF-20260302-V999999-K", code.as_str()),
        ("no number", &code),
        ("王", &code),
        (&number, "王"),
        (&number, &long),
        (&number, &other.text("/query_code")),
        (&other.text("/number"), &code),
        (&voided.text("/number"), &voided.text("/query_code")),
    ] {
        assert_eq!(ask(&app, number, code).await, (404, refused.clone()), "{number} {code}");
    }
    let (status, told) = ask(&app, &other.text("/number"), &other.text("/query_code")).await;
    assert_eq!(status, 200);
    assert!(!told.to_string().contains("检举"), "{told}");
    let mut faults = app.anonymous().call(Method::POST, "/public/status").json(&json!({"number": "", "code": "x"})).await.expect(422);
    assert!(faults.body["errors"].as_array_mut().unwrap().len() >= 2, "{faults}");
}

#[tokio::test]
async fn without_a_telephone_the_desk_is_named() {
    let app = TestApp::start().await;
    super::contact_lines::without_lines(&app).await;
    let (status, refused) = ask_in(&app, "no number", "0000000000", "en").await;
    assert_eq!((status, &refused["code"]), (404, &json!("wrong_receipt")));
    assert!(refused["detail"].as_str().unwrap().ends_with("or ask at the reception desk."), "{refused}");
}

#[tokio::test]
async fn while_the_family_is_asked_nobody_is_told_of_a_death() {
    let app = TestApp::start().await;
    let registered = app.register(claim()).await;
    let (id, number, code) = (registered.id(), registered.text("/number"), registered.text("/query_code"));
    let below = format!("parties/{}/status", registered.text("/parties/0/id"));
    app.act(&app.desk(), Method::PUT, &id, &below, json!({"status": "deceased"})).await.done();
    let (_, told) = ask(&app, &number, &code).await;
    assert_eq!(told["status"], json!("我们正在与家属联系，商量是否继续办理。"), "{told}");
    assert_eq!(told["next_step"], json!("商量好以后，我们会告诉家属接下来怎么办。"));
    let petition = app.petition(&app.desk(), &id).await;
    let asked = petition.body["clocks"].as_array().unwrap().iter().find(|clock| clock["kind"] == "heirs_inquiry").cloned().unwrap();
    assert_eq!((&told["due_on"], &told["can_evaluate"]), (&asked["due_on"], &json!(false)), "{told}");
    assert!(!told.to_string().contains("去世"));
    let heir = json!({"role": "petitioner", "name": "褚小兰", "phone": "13800000009", "relation": "女儿"});
    let answer = json!({"answer": "continue", "party": heir, "note": "愿意继续"});
    app.act(&app.desk(), Method::PUT, &id, "heirs-inquiry", answer).await.expect(200);
    let (_, told) = ask(&app, &number, &code).await;
    assert_eq!(told["status"], json!("您的来信来访已经登记。"), "the family goes on: {told}");
}

#[tokio::test]
async fn who_guesses_waits_and_nobody_else_does() {
    let app = TestApp::start().await;
    let registered = app.register(claim()).await.expect(201);
    let (number, code) = (registered.text("/number"), registered.text("/query_code"));
    let mut answers = Vec::new();
    for _ in 0..12 {
        answers.push(ask(&app, &number, "0000000000").await.0);
    }
    assert_eq!(answers.iter().filter(|status| **status == 404).count(), 10, "{answers:?}");
    assert_eq!(answers.last(), Some(&429));
    let body = json!({"number": number, "query_code": code});
    let held = app.anonymous().call(Method::POST, "/public/status").json(&body).await.expect(429);
    assert!(held.header("retry-after").is_some());
    // another number from there is not held up
    let other = app.register(claim()).await.expect(201);
    assert_eq!(ask(&app, &other.text("/number"), &other.text("/query_code")).await.0, 200);
}
