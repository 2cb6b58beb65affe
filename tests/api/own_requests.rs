//! What the petitioner does in person with number and query code: evaluates, asks for a review; each as the procedure has it.

use super::clocks::{at, events};
use super::harness::{Answer, TestApp, accusation, claim, suggestion};
use reqwest::Method;
use serde_json::{Value, json};

/// A receipt, as it was printed.
struct Receipt {
    id: String,
    number: String,
    code: String,
}

async fn registered(app: &TestApp, petition: Value) -> Receipt {
    let answer = app.register(petition).await.expect(201);
    Receipt { id: answer.id(), number: answer.text("/number"), code: answer.text("/query_code") }
}

/// A petition whose answer has arrived.
async fn answered(app: &TestApp, petition: Value) -> Receipt {
    let receipt = registered(app, petition).await;
    app.refer(&receipt.id, "medical").await;
    app.accept(&receipt.id).await;
    app.opinion(&receipt.id).await;
    app.deliver(&receipt.id).await;
    receipt
}

async fn send(app: &TestApp, method: Method, path: &str, receipt: &Receipt, mut body: Value) -> Answer {
    body["number"] = json!(receipt.number);
    body["query_code"] = json!(receipt.code);
    app.anonymous().call(method, path).json(&body).await
}

async fn evaluate(app: &TestApp, receipt: &Receipt, body: Value) -> Answer {
    send(app, Method::PUT, "/public/evaluation", receipt, body).await
}

async fn contest(app: &TestApp, receipt: &Receipt, grounds: &str) -> Answer {
    send(app, Method::POST, "/public/reviews", receipt, json!({"grounds": grounds})).await
}

async fn last_event(app: &TestApp, id: &str) -> Value {
    events(app, id).await.last().unwrap().clone()
}

#[tokio::test]
async fn the_petitioner_says_what_they_think_and_changes_it_once() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let receipt = registered(&app, claim()).await;
    evaluate(&app, &receipt, json!({"object": "office", "score": "satisfied"})).await.expect(409).problem("stage_forbids");
    let receipt = answered(&app, claim()).await;
    let bad = evaluate(&app, &receipt, json!({"object": "office", "score": "dissatisfied"})).await;
    bad.expect(422).only_faults(&[("/reason", "reason_required")]);
    let told = evaluate(&app, &receipt, json!({"object": "office", "score": "satisfied"})).await.expect(200);
    assert_eq!((&told.body["stage_text"], &told.body["can_evaluate"]), (&json!("已送达"), &json!(true)));
    let said = last_event(&app, &receipt.id).await;
    assert_eq!(
        (&said["act"], &said["actor"]["role"], &said["actor"]["id"]),
        (&json!("evaluated"), &json!("petitioner"), &Value::Null),
        "{said}"
    );
    assert_eq!(said["on_behalf_of"], json!(app.first_party(&receipt.id).await));

    // sent again because the line broke: it was said once
    evaluate(&app, &receipt, json!({"object": "office", "score": "satisfied"})).await.expect(200);
    assert_eq!(last_event(&app, &receipt.id).await["n"], said["n"]);
    let change = json!({"object": "office", "score": "dissatisfied", "reason": "后来没人再联系我"});
    evaluate(&app, &receipt, json!({"object": "office", "score": "basically"}))
        .await
        .expect(422)
        .only_faults(&[("/reason", "reason_required")]);
    evaluate(&app, &receipt, change.clone()).await.expect(200);
    evaluate(&app, &receipt, change).await.expect(200);
    let third = json!({"object": "office", "score": "satisfied", "reason": "又想了想"});
    evaluate(&app, &receipt, third).await.expect(409).problem("evaluation_final");
    evaluate(&app, &receipt, json!({"object": "unit", "score": "satisfied"})).await.expect(200);

    let kept = app.desk().get(&format!("/petitions/{}/evaluations", receipt.id)).await.expect(200);
    let told: Vec<[&Value; 5]> =
        kept.items().iter().map(|e| [&e["object"], &e["score"], &e["channel"], &e["changes"], &e["recorded_by"]]).collect();
    let (online, nobody) = (json!("online"), Value::Null);
    assert!(told.contains(&[&json!("office"), &json!("dissatisfied"), &online, &json!(1), &nobody]), "{told:?}");
    assert!(told.contains(&[&json!("unit"), &json!("satisfied"), &online, &json!(0), &nobody]), "{told:?}");
}

#[tokio::test]
async fn a_suggestion_ends_once_both_were_evaluated() {
    let app = TestApp::start().await;
    let receipt = answered(&app, suggestion()).await;
    contest(&app, &receipt, "不同意").await.expect(409).problem("no_review_right");
    evaluate(&app, &receipt, json!({"object": "office", "score": "satisfied"})).await.expect(200);
    let told = evaluate(&app, &receipt, json!({"object": "unit", "score": "satisfied"})).await.expect(200);
    assert_eq!(told.body["stage_text"], json!("已办结"));
    let acts: Vec<Value> = events(&app, &receipt.id).await.iter().map(|e| e["act"].clone()).collect();
    assert_eq!(acts[acts.len() - 3..], [json!("evaluated"), json!("evaluated"), json!("closed")]);
}

#[tokio::test]
async fn the_petitioner_contests_the_answer() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let receipt = answered(&app, claim()).await;
    app.clock.move_to(at("2026-03-20 09:00"));
    contest(&app, &receipt, "  ").await.expect(422).only_faults(&[("/grounds", "empty")]);
    let told = contest(&app, &receipt, "急诊来不及备案").await.expect(200);
    assert_eq!((&told.body["stage_text"], &told.body["can_request_review"]), (&json!("复查中"), &json!(false)));
    contest(&app, &receipt, "急诊来不及备案").await.expect(200);
    contest(&app, &receipt, "另外的理由").await.expect(409).problem("stage_forbids");

    let reviews = app.supervisor().get(&format!("/petitions/{}/reviews", receipt.id)).await.expect(200);
    assert_eq!(reviews.items().len(), 1);
    let review = &reviews.items()[0];
    assert_eq!((&review["grounds"], &review["recorded_by"]), (&json!("急诊来不及备案"), &Value::Null));
    assert_eq!(review["on_behalf_of"], json!(app.first_party(&receipt.id).await));
    let notices = app.desk().get(&format!("/petitions/{}/notices", receipt.id)).await.expect(200);
    let paper = notices.items().last().unwrap();
    assert_eq!((&paper["kind"], &paper["issued_by"], &paper["unit_id"]), (&json!("review_receipt"), &Value::Null, &review["unit_id"]));
    assert!(!paper["sign_off"].as_str().unwrap().is_empty());
    let asked = last_event(&app, &receipt.id).await;
    assert_eq!((&asked["act"], &asked["actor"]["role"]), (&json!("review_requested"), &json!("petitioner")));
    // it goes on like any other
    app.decide_review(&receipt.id, json!({"decision": "uphold", "opinion": "维持", "legal_basis": "《信访工作条例》第三十五条"}))
        .await
        .done();
}

#[tokio::test]
async fn what_the_window_or_the_kind_forbids_is_refused_and_nobody_learns_of_a_death() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let late = answered(&app, claim()).await;
    let grieving = answered(&app, claim()).await;
    let accused = registered(&app, accusation(app.office().unit("medical"))).await;
    evaluate(&app, &accused, json!({"object": "office", "score": "satisfied"})).await.expect(409).problem("stage_forbids");
    contest(&app, &accused, "不服").await.expect(409);

    let party = app.first_party(&grieving.id).await;
    app.act(&app.desk(), Method::PUT, &grieving.id, &format!("parties/{party}/status"), json!({"status": "deceased"})).await.done();
    for refused in
        [evaluate(&app, &grieving, json!({"object": "office", "score": "satisfied"})).await, contest(&app, &grieving, "不服").await]
    {
        refused.expect(409).problem("not_now");
    }

    app.clock.move_to(at("2026-06-02 09:00"));
    contest(&app, &late, "不服").await.expect(422).only_faults(&[("", "review_window_lapsed")]);
    let stranger = Receipt { code: "0000000000".into(), ..late };
    let (one, other) =
        (contest(&app, &stranger, "不服").await, evaluate(&app, &stranger, json!({"object": "unit", "score": "satisfied"})).await);
    assert_eq!((one.status, other.status, &one.body["code"]), (404, 404, &other.body["code"]));
    let faults =
        app.anonymous().call(Method::POST, "/public/reviews").json(&json!({"number": "", "grounds": "", "who": 1})).await.expect(422);
    assert!(faults.body["errors"].as_array().unwrap().len() >= 3, "{faults}");
}
