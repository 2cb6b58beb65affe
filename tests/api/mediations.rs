//! Mediation: what the sides agreed on closes the petition, is told, carried out and evaluated.

use super::clocks::{at, events, shown};
use super::harness::{TestApp, claim};
use reqwest::Method;
use serde_json::json;

async fn handled(app: &TestApp) -> String {
    app.clock.move_to(at("2026-03-02 11:00"));
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    id
}

#[tokio::test]
async fn an_agreement_closes_it_is_carried_out_and_evaluated() {
    let app = TestApp::start().await;
    let id = handled(&app).await;
    app.clock.move_to(at("2026-03-10 09:00"));
    let failed = json!({"result": "failed", "note": "分歧较大"});
    app.act(&app.officer(), Method::POST, &id, "mediations", failed.clone()).await.expect(201);
    app.act(&app.officer(), Method::POST, &id, "closure", json!({"reason": "mediated"})).await.expect(409).problem("no_agreement");
    app.clock.move_to(at("2026-03-20 09:00"));
    let agreed = json!({"result": "agreed", "mediator": "社区调解委员会", "agreement": "按备案比例报销，分两次付清。", "execution_due": "2026-04-30"});
    let told = app.act(&app.officer(), Method::POST, &id, "mediations", agreed).await.expect(201);
    assert!(told.body["allowed_closure_reasons"].as_array().unwrap().contains(&json!("mediated")), "{told}");

    app.clock.move_to(at("2026-03-23 09:00"));
    let closed = app.act(&app.officer(), Method::POST, &id, "closure", json!({"reason": "mediated"})).await.expect(201);
    assert_eq!((closed.stage().as_str(), closed.text("/closure_reason").as_str()), ("closed", "mediated"));
    assert!(shown(&closed, "handling").starts_with("met "), "{closed}");
    // thirty days end on Wednesday 22 April
    assert!(shown(&closed, "evaluation_window").starts_with("running 2026-04-22"), "{closed}");
    assert!(shown(&closed, "execution").starts_with("running 2026-04-30"), "{closed}");
    let notices = app.officer().get(&format!("/petitions/{id}/notices")).await.expect(200);
    let paper = notices.items().last().unwrap();
    let text = paper["text"].as_str().unwrap();
    assert!(paper["kind"] == "agreement" && text.contains("按备案比例报销") && text.contains("2026年4月30日"), "{paper}");
    let acts: Vec<_> = events(&app, &id).await.iter().map(|e| e["act"].as_str().unwrap().to_owned()).collect();
    assert_eq!(acts[acts.len() - 3..], ["mediated", "mediated", "closed"]);

    // both are evaluated, and what was promised is carried out, after it is closed
    for object in ["office", "unit"] {
        let path = format!("/petitions/{id}/evaluations/{object}");
        app.desk().put(&path, json!({"score": "satisfied"})).await.expect(201);
    }
    let done = json!({"status": "done", "note": "已付清", "proof": "银行回单"});
    let over = app.act(&app.officer(), Method::PUT, &id, "execution", done).await.expect(200);
    assert!(shown(&over, "evaluation_window").starts_with("met") && shown(&over, "execution").starts_with("met"), "{over}");
}

#[tokio::test]
async fn what_does_not_fit_its_result_is_refused() {
    let app = TestApp::start().await;
    let id = handled(&app).await;
    let (officer, path) = (app.officer(), format!("/petitions/{id}/mediations"));
    let call = |body| officer.post(&path, body);
    call(json!({"result": "agreed"})).await.expect(422).fault("/agreement", "agreement_required");
    let wrong = call(json!({"result": "failed", "agreement": "x", "execution_due": "2026-04-30"})).await.expect(422);
    let pointers: Vec<_> = wrong.body["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap().to_owned()).collect();
    assert_eq!(pointers, ["/agreement", "/execution_due"]);
    call(json!({"result": "agreed", "agreement": "x", "execution_due": "2026-03-01"}))
        .await
        .expect(422)
        .fault("/execution_due", "execution_due_past");
    let ahead = json!({"result": "agreed", "agreement": "x", "mediated_at": "2026-03-03T11:00:00Z"});
    call(ahead).await.expect(422).fault("/mediated_at", "in_future");
    // the last word counts
    call(json!({"result": "agreed", "agreement": "x"})).await.expect(201);
    call(json!({"result": "failed"})).await.expect(201);
    app.act(&app.officer(), Method::POST, &id, "closure", json!({"reason": "mediated"})).await.expect(409).problem("no_agreement");
}

#[tokio::test]
async fn under_review_the_reviewing_unit_closes_on_an_agreement() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let id = app.delivered(claim(), "medical").await;
    app.contest(&id).await;
    let agreed = json!({"result": "agreed", "agreement": "双方同意补发"});
    app.act(&app.officer(), Method::POST, &id, "mediations", agreed.clone()).await.expect(201);
    app.act(&app.supervisor(), Method::POST, &id, "mediations", agreed).await.expect(201);
    let closed = app.act(&app.supervisor(), Method::POST, &id, "closure", json!({"reason": "mediated"})).await.expect(201);
    assert!(shown(&closed, "review").starts_with("met "), "{closed}");
    let reviews = app.supervisor().get(&format!("/petitions/{id}/reviews")).await.expect(200);
    assert_eq!(reviews.items()[0]["decision"], json!(null));
}
