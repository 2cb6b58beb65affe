//! Own will of whoever is filed for, and statements that are read back.

use super::clocks::events;
use super::harness::{Answer, TestApp, claim, suggestion};
use chrono::{DateTime, Duration, Utc};
use reqwest::Method;
use serde_json::{Value, json};

fn proxy(own_will: Value) -> Value {
    json!({"role": "proxy", "name": "褚小梅", "relation": "女儿", "authority": "授权委托书", "phone": "13900000011", "own_will": own_will})
}

fn by_proxy(own_will: Value) -> Value {
    let mut petition = claim();
    petition["parties"].as_array_mut().unwrap().push(proxy(own_will));
    petition
}

fn own_will(petition: &Answer, party: usize) -> Value {
    petition.body["parties"][party]["own_will"].clone()
}

fn instant(said: &Value) -> DateTime<Utc> {
    said.as_str().unwrap().parse().unwrap()
}

async fn last_event(app: &TestApp, id: &str) -> Value {
    events(app, id).await.pop().unwrap()
}

#[tokio::test]
async fn own_will_is_confirmed_when_it_is_registered_or_somebody_joins() {
    let app = TestApp::start().await;
    let said = json!({"confirmed_at": app.now() - Duration::minutes(20), "how": "video", "note": "视频中老人点头"});
    let petition = app.register(by_proxy(said.clone())).await;
    let (id, kept) = (petition.id(), own_will(&petition, 1));
    assert_eq!((&kept["how"], &kept["note"], &kept["by"]), (&said["how"], &said["note"], &json!(app.desk().actor.unwrap().id())));
    assert_eq!(instant(&kept["confirmed_at"]), app.now() - Duration::minutes(20));
    let event = last_event(&app, &id).await;
    assert_eq!(event["changes"]["parties"][1]["own_will"], "video", "{event}");
    assert_eq!(event["changes"]["sealed"]["parties"][1]["own_will"]["note"], "视频中老人点头");

    let unsaid = app.register(by_proxy(Value::Null)).await;
    assert_eq!(own_will(&unsaid, 1), Value::Null);
    let joins = app.desk().post(&format!("/petitions/{id}/parties"), proxy(json!({"confirmed_at": app.now(), "how": "phone"})));
    let joined = joins.await.expect(201);
    assert_eq!(own_will(&joined, 2)["how"], "phone");
    assert_eq!(last_event(&app, &id).await["changes"]["own_will"], "phone");

    // who files for themself has nobody else's will to confirm
    let mut own = claim();
    own["parties"][0]["own_will"] = said.clone();
    app.desk().post("/petitions", own).await.expect(422).only_faults(&[("/parties/0/own_will", "files_for_themself")]);
    let wrong = by_proxy(json!({"confirmed_at": app.now() + Duration::hours(1), "how": "dream", "note": " ", "by": "me"}));
    let refused = app.desk().post("/petitions", wrong).await.expect(422);
    refused.fault("/parties/1/own_will/by", "unknown_member").fault("/parties/1/own_will/how", "not_in_list");
    let future = by_proxy(json!({"confirmed_at": app.now() + Duration::hours(1), "how": "phone"}));
    app.desk().post("/petitions", future).await.expect(422).only_faults(&[("/parties/1/own_will/confirmed_at", "in_future")]);
    let long_ago = proxy(json!({"confirmed_at": "1899-01-01T00:00:00Z", "how": "letter"}));
    let joins = app.desk().post(&format!("/petitions/{id}/parties"), long_ago).await;
    joins.expect(422).only_faults(&[("/own_will/confirmed_at", "too_early")]);
}

#[tokio::test]
async fn own_will_is_confirmed_later_and_again() {
    let app = TestApp::start().await;
    let alone = app.register(claim()).await;
    assert!(!alone.allows("confirm_own_will"));
    let petition = app.register(by_proxy(Value::Null)).await;
    let id = petition.id();
    assert!(petition.allows("confirm_own_will"));
    let party = |n: usize| petition.text(&format!("/parties/{n}/id"));
    let path = |n: usize| format!("parties/{}/own-will", party(n));
    app.advance(Duration::days(2));
    let said = json!({"confirmed_at": app.now() - Duration::hours(1), "how": "visit", "note": "已上门核实"});
    app.desk().put(&format!("/petitions/{id}/{}", path(1)), said.clone()).await.expect(428);
    let confirmed = app.act(&app.desk(), Method::PUT, &id, &path(1), said).await.expect(200);
    assert_eq!(own_will(&confirmed, 1)["how"], "visit");
    let event = last_event(&app, &id).await;
    assert_eq!(
        (&event["act"], &event["changes"]["how"], &event["changes"]["party_id"]),
        (&json!("own_will_confirmed"), &json!("visit"), &json!(party(1)))
    );
    assert_eq!(event["changes"]["sealed"], json!({"note": "已上门核实", "before": null}));
    assert_eq!(instant(&event["claimed_at"]), app.now() - Duration::hours(1));
    // asked again: what was known before stays in the trail
    app.refer(&id, "medical").await;
    let again = json!({"confirmed_at": app.now(), "how": "phone"});
    let officer = app.officer();
    let confirmed = app.act(&officer, Method::PUT, &id, &path(1), again).await.expect(200);
    assert_eq!(
        (&own_will(&confirmed, 1)["by"], &own_will(&confirmed, 1)["note"]),
        (&json!(officer.actor.as_ref().unwrap().id()), &Value::Null)
    );
    assert_eq!(last_event(&app, &id).await["changes"]["sealed"]["before"]["how"], "visit");

    let before = app.trace().await;
    let now = json!({"confirmed_at": app.now(), "how": "phone"});
    let desk = app.desk();
    let put = async |below: &str, body: Value| app.act(&desk, Method::PUT, &id, below, body).await;
    put(&path(0), now.clone()).await.expect(409).problem("files_for_themself");
    put(&format!("parties/{}/own-will", app.unknown_id()), now.clone()).await.expect(404);
    put("parties/nobody/own-will", now.clone()).await.expect(404);
    put(&path(1), json!({})).await.expect(422).only_faults(&[("/confirmed_at", "required"), ("/how", "required")]);
    put(&path(1), json!({"confirmed_at": app.now() + Duration::days(2), "how": "phone"}))
        .await
        .expect(422)
        .fault("/confirmed_at", "in_future");
    put(&path(1), json!({"confirmed_at": "yesterday", "how": "phone", "note": "字".repeat(501)})).await.expect(422);
    app.act(&app.leader(), Method::PUT, &id, &path(1), now.clone()).await.expect(403);
    app.by("pension_officer").put(&format!("/petitions/{id}/{}", path(1)), now.clone()).if_match("*").await.expect(404);
    assert_eq!(app.trace().await, before);
    // a proxy who was sent away confirms nothing any more, and then nobody files for another
    let ended = app.act(&desk, Method::DELETE, &id, &format!("parties/{}", party(1)), json!({"reason": "收回委托"})).await.expect(200);
    assert!(!ended.allows("confirm_own_will"));
    put(&path(1), now).await.expect(409).problem("nobody_files_for_another");
}

#[tokio::test]
async fn what_is_said_is_read_back_and_the_receipt_says_so() {
    let app = TestApp::start().await;
    let with = |channel: &str, read_back: Value| {
        let mut petition = if channel == "letter" { suggestion() } else { claim() };
        (petition["channel"], petition["read_back"]) = (json!(channel), read_back);
        petition
    };
    let registered = app.register(with("visit", json!(true))).await;
    let (id, desk) = (registered.id(), app.desk());
    let shown = |answer: &Answer| json!([answer.body["read_back"], answer.body["read_back_by"]]);
    let by = json!(desk.actor.as_ref().unwrap().id());
    assert_eq!(shown(&registered), json!([true, by]));
    assert_eq!(instant(&registered.body["read_back_at"]), app.now());
    assert_eq!(last_event(&app, &id).await["changes"]["read_back"], true);
    let receipt = desk.get(&format!("/petitions/{id}/receipt"));
    assert_eq!(receipt.await.expect(200).body["read_back"], true);
    let page = async |id: &str| {
        let page = desk.get(&format!("/petitions/{id}/receipt")).header("accept", "text/html").await.expect(200);
        String::from_utf8(page.bytes).unwrap()
    };
    assert!(page(&id).await.contains("已向本人复述确认"));

    // other words are not what was read back
    let corrected = app.correct(&desk, &id, json!({"statement": "另有三千元门诊费。", "reason": "补充"})).await.expect(200);
    assert_eq!(shown(&corrected), json!([null, null]));
    assert!(!page(&id).await.contains("复述确认"));
    app.advance(Duration::hours(1));
    let corrected = app.correct(&desk, &id, json!({"read_back": true, "reason": "已电话复述"})).await.expect(200);
    assert_eq!((shown(&corrected), instant(&corrected.body["read_back_at"])), (json!([true, by]), app.now()));
    assert_eq!(last_event(&app, &id).await["changes"]["sealed"]["old"]["read_back"], Value::Null);
    let corrected = app.correct(&desk, &id, json!({"channel": "letter", "reason": "实为来信"})).await.expect(200);
    assert_eq!(shown(&corrected), json!([null, null]));

    let offline = {
        let mut petition = with("home_visit", json!(true));
        petition["captured_at"] = json!(app.now() - Duration::days(3));
        app.register(petition).await
    };
    assert_eq!(instant(&offline.body["read_back_at"]), app.now() - Duration::days(3));
    let refused = app.register(with("phone", json!(false))).await;
    assert_eq!(shown(&refused), json!([false, by]));
    assert!(!page(&refused.id()).await.contains("复述确认"));
    assert_eq!(shown(&app.register(with("phone", Value::Null)).await), json!([null, null]));
    for said in [true, false] {
        desk.post("/petitions", with("letter", json!(said))).await.expect(422).only_faults(&[("/read_back", "not_oral")]);
    }
    let id = app.register(with("letter", Value::Null)).await.id();
    app.correct(&desk, &id, json!({"read_back": true, "reason": "写错"})).await.expect(422).only_faults(&[("/read_back", "not_oral")]);
}
