//! The batch: each item for itself, the whole harmless to repeat.

use super::harness::{TestApp, claim, suggestion};
use serde_json::{Value, json};

fn named(app: &TestApp, mut petition: Value) -> Value {
    petition["id"] = json!(app.unknown_id());
    petition
}

#[tokio::test]
async fn each_item_has_a_result_of_its_own() {
    let app = TestApp::start().await;
    let (good, other) = (named(&app, claim()), named(&app, suggestion()));
    let mut wrong = named(&app, claim());
    wrong["title"] = json!("");
    wrong["parties"][0]["naem"] = json!("x");
    let mut taken = good.clone();
    taken["title"] = json!("另一件");
    let mut future = claim();
    future["received_at"] = json!("2026-03-05T00:00:00Z");
    let items = json!({"items": [good, wrong, {}, taken, future, other, good]});
    let answer = app.desk().post("/petitions/batch", items.clone()).await.expect(207);
    let statuses = |a: &super::harness::Answer| a.items().iter().map(|i| i["status"].as_u64().unwrap()).collect::<Vec<_>>();
    assert_eq!(statuses(&answer), [201, 422, 422, 409, 422, 201, 201], "{answer}");
    let item = |i: usize| &answer.items()[i];
    assert_eq!((&item(0)["petition"]["id"], &item(0)["petition"]["stage"]), (&good["id"], &json!("registered")));
    assert!(item(0)["petition"]["query_code"].is_string());
    let pointers = |i: usize| item(i)["problem"]["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect::<Vec<_>>();
    assert_eq!(pointers(1), ["/parties/0/naem", "/title"], "pointers begin at the item: {answer}");
    assert_eq!(pointers(2).len(), 5);
    assert_eq!(item(3)["problem"]["code"], "id_taken");
    assert_eq!(pointers(4), ["/received_at"]);
    assert_eq!((&item(6)["replayed"], &item(6)["petition"]), (&json!(true), &item(0)["petition"]));
    assert_eq!(app.desk().get("/petitions").await.items().len(), 2);

    // sent again without a key of its own: what was made is told again, what was wrong is wrong again
    let before = app.trace().await;
    let again = app.desk().post("/petitions/batch", items).await.expect(207);
    assert_eq!(statuses(&again), statuses(&answer));
    for (now, then) in again.items().iter().zip(answer.items()) {
        assert_eq!(now["petition"], then["petition"]);
        assert_eq!(now["replayed"], json!(then["status"] == 201));
    }
    assert_eq!(app.trace().await, before);
}

#[tokio::test]
async fn faults_of_form_and_of_meaning_of_an_item_are_told_at_once() {
    let app = TestApp::start().await;
    let mut wrong = named(&app, claim());
    wrong["title"] = json!("");
    wrong["category"] = json!("no.such");
    wrong["subject"] = json!({"name": "某科长", "unit_id": app.unknown_id()});
    wrong["parties"][0]["identity_number"] = json!("110101194903070013");
    let alone = app.desk().post("/petitions", wrong.clone()).await.expect(422);
    let answer = app.desk().post("/petitions/batch", json!({"items": [claim(), wrong]})).await.expect(207);
    let faults = |errors: &Value| {
        let text = |fault: &Value, name: &str| fault[name].as_str().unwrap().to_owned();
        errors.as_array().unwrap().iter().map(|fault| (text(fault, "pointer"), text(fault, "code"))).collect::<Vec<_>>()
    };
    let of_item = faults(&answer.items()[1]["problem"]["errors"]);
    assert_eq!(of_item, faults(&alone.body["errors"]), "as if it had been sent alone");
    for pointer in ["/title", "/category", "/subject/unit_id", "/parties/0/identity_number"] {
        assert!(of_item.iter().any(|(at, _)| at == pointer), "{pointer}: {of_item:?}");
    }
    assert_eq!(answer.items()[0]["status"], json!(201));
}

#[tokio::test]
async fn a_batch_with_a_key_is_one_call() {
    let app = TestApp::start().await;
    let body = json!({"items": [claim(), suggestion()]});
    let send = || app.desk().post("/petitions/batch", body.clone()).idempotency_key("monday");
    let first = send().await.expect(207);
    let again = send().await.expect(207);
    assert_eq!((again.header("idempotency-replayed"), &again.body), (Some("true"), &first.body));
    assert_eq!(app.desk().get("/petitions").await.items().len(), 2);
}

#[tokio::test]
async fn a_batch_has_its_limits() {
    let app = TestApp::start().await;
    let before = app.trace().await;
    let batch = |n: usize| json!({"items": vec![claim(); n]});
    app.desk().post("/petitions/batch", batch(501)).await.expect(422).only_faults(&[("/items", "too_many")]);
    app.desk().post("/petitions/batch", batch(0)).await.expect(422).only_faults(&[("/items", "empty")]);
    app.desk().post("/petitions/batch", json!({})).await.expect(422).only_faults(&[("/items", "required")]);
    app.desk().post("/petitions/batch", json!({"items": [], "more": 1})).await.expect(422).fault("/more", "unknown_member");
    app.auditor().post("/petitions/batch", batch(1)).await.expect(403);
    let heavy = json!({"items": vec![json!({"statement": "x".repeat(20_000)}); 450]});
    app.desk().post("/petitions/batch", heavy).await.expect(413).problem("body_too_large");
    assert_eq!(app.trace().await, before);
    // what is wrong with one item, even a character nobody may send, is that item's own matter
    let mut spoilt = claim();
    spoilt["title"] = json!("a\u{0}b");
    let judged = app.desk().post("/petitions/batch", json!({"items": [7, spoilt, {"title": 1}]})).await.expect(207);
    assert_eq!(judged.items().iter().map(|i| i["status"].clone()).collect::<Vec<_>>(), [422, 422, 422]);
    assert_eq!(judged.items()[1]["problem"]["errors"][0]["pointer"], "/title");
    let whole = app.desk().post("/petitions/batch", batch(500)).await.expect(207);
    assert!(whole.items().iter().all(|i| i["status"] == 201));
    let listed = app.desk().get("/petitions?limit=1").header("prefer", "count=exact").await.expect(200);
    assert_eq!(listed.body["total"], 500);
}
