//! Corners of the procedure that are easily built wrong: each stood wrong once, or nearly.

use crate::harness::{TestApp, accusation, claim};
use serde_json::json;

/// A claim by nobody: no name, nobody who could be asked.
fn nameless() -> serde_json::Value {
    let mut petition = claim();
    petition["anonymous"] = json!(true);
    petition["parties"] = json!([]);
    petition
}

#[tokio::test]
async fn what_nobody_said_is_not_written_down_for_them() {
    let app = TestApp::start().await;
    let nobody = app.register(nameless()).await;
    assert!(!nobody.allows("withdraw"), "{nobody}");
    let etag = nobody.etag();
    let path = format!("/petitions/{}", nobody.id());
    app.desk().post(&format!("{path}/withdrawal"), json!({})).if_match(&etag).await.expect(409).problem("not_withdrawable");
    let told = json!({"reason": "answered_on_the_spot", "note": "已当场答复。"});
    app.desk().post(&format!("{path}/closure"), told).if_match(&etag).await.expect(201);
    let score = json!({"score": "satisfied"});
    app.by("desk2").put(&format!("{path}/evaluations/office"), score).await.expect(409).problem("no_evaluation_window");
}

#[tokio::test]
async fn a_joint_or_represented_petition_is_not_withdrawn_without_saying_who_wants_it() {
    let app = TestApp::start().await;
    let mut joint = claim();
    joint["parties"].as_array_mut().unwrap().push(json!({"role": "co_petitioner", "name": "李甲"}));
    let mut represented = claim();
    represented["parties"]
        .as_array_mut()
        .unwrap()
        .push(json!({"role": "proxy", "name": "张乙", "relation": "女儿", "authority": "授权委托书"}));
    for (petition, code) in [(joint, "other_petitioners_remain"), (represented, "principal_must_confirm")] {
        let filed = app.register(petition).await;
        let path = format!("/petitions/{}", filed.id());
        let withdrawal = app.desk().post(&format!("{path}/withdrawal"), json!({})).if_match(&filed.etag());
        withdrawal.await.expect(422).fault("/party_ids", code);
        let closure = app.desk().post(&format!("{path}/closure"), json!({"reason": "withdrawn"})).if_match(&filed.etag());
        closure.await.expect(422).fault("/party_ids", code);
        let all: Vec<_> = filed.body["parties"].as_array().unwrap().iter().map(|p| p["id"].clone()).collect();
        app.desk().post(&format!("{path}/withdrawal"), json!({"party_ids": all})).if_match(&filed.etag()).await.expect(201);
    }
}

#[tokio::test]
async fn a_name_added_later_makes_an_anonymous_petition_answerable() {
    let app = TestApp::start().await;
    let filed = app.register(nameless()).await;
    let person = json!({"role": "petitioner", "name": "王丙", "address": "样例路1号"});
    let named = app.desk().post(&format!("/petitions/{}/parties", filed.id()), person).await.expect(201);
    assert_eq!(named.body["anonymous"], false);
    app.refer(&filed.id(), "medical").await;
    app.accept(&filed.id()).await;
    app.opinion(&filed.id()).await;
    assert_eq!(app.deliver(&filed.id()).await.stage(), "delivered");
}

#[tokio::test]
async fn an_id_that_anything_has_is_taken() {
    let app = TestApp::start().await;
    let before = app.trace().await;
    let mut petition = claim();
    for taken in [app.unit("medical"), app.office().account("desk").id().to_string()] {
        petition["id"] = json!(taken);
        app.desk().post("/petitions", petition.clone()).await.expect(409).problem("id_taken");
        let batch = app.desk().post("/petitions/batch", json!({"items": [petition]})).await.expect(207);
        assert_eq!(batch.items()[0]["status"], 409);
    }
    assert_eq!(app.trace().await, before);
}

#[tokio::test]
async fn a_time_is_kept_as_both_engines_keep_it_or_refused() {
    let app = TestApp::start().await;
    let mut petition = claim();
    petition["occurred_at"] = json!("2016-12-31T23:59:60Z");
    let filed = app.register(petition.clone()).await;
    assert_eq!(filed.body["occurred_at"], "2017-01-01T00:00:00Z");
    assert_eq!(app.petition(&app.desk(), &filed.id()).await.etag(), filed.etag());
    for early in ["0000-01-01T00:00:00+23:59", "1899-12-31T00:00:00Z"] {
        petition["received_at"] = json!(early);
        petition["backdating_reason"] = json!("补录");
        app.desk().post("/petitions", petition.clone()).await.expect(422).fault("/received_at", "too_early");
    }
}

#[tokio::test]
async fn nothing_is_referred_to_where_nobody_could_accept() {
    let app = TestApp::start().await;
    let filed = app.register(claim()).await;
    let outside = json!({"unit_id": app.unit("city-bureau"), "mode": "refer"});
    let referral = app.supervisor().post(&format!("/petitions/{}/referrals", filed.id()), outside).if_match(&filed.etag());
    referral.await.expect(422).fault("/unit_id", "refer_outside");
}

#[tokio::test]
async fn a_correction_of_nothing_changes_nothing() {
    let app = TestApp::start().await;
    let filed = app.register(claim()).await;
    let path = format!("/petitions/{}", filed.id());
    let same = app.desk().patch(&path, json!({"reason": "核对"})).if_match(&filed.etag()).await.expect(200);
    assert_eq!(same.etag(), filed.etag());
    assert_eq!(app.desk().get(&format!("{path}/events")).await.items().len(), 1);
}

#[tokio::test]
async fn a_claim_about_a_person_stays_with_their_colleagues() {
    let app = TestApp::start().await;
    let mut about = claim();
    about["subject"] = json!({"name": "窗口人员", "staff_id": app.office().account("officer").id()});
    let filed = app.register(about).await;
    app.refer(&filed.id(), "medical").await;
    assert!(app.petition(&app.head(), &filed.id()).await.allows("accept"));
    let officer = app.petition(&app.officer(), &filed.id()).await;
    assert_eq!(officer.body["allowed_actions"], json!([]), "{officer}");
    let mut bureau = claim();
    bureau["subject"] = json!({"name": "局里", "unit_id": app.unit("bureau")});
    let filed = app.register(bureau).await;
    assert!(app.petition(&app.supervisor(), &filed.id()).await.allows("refer"));
}

#[tokio::test]
async fn one_event_can_be_read_by_those_who_see_its_petition() {
    let app = TestApp::start().await;
    let filed = app.register(accusation(app.office().unit("medical"))).await;
    let path = format!("/petitions/{}/events", filed.id());
    let event = app.desk().get(&path).await.items()[0].clone();
    let one = format!("{path}/{}", event["id"].as_str().unwrap());
    assert_eq!(app.desk().get(&one).await.expect(200).body, event);
    app.by("desk2").get(&one).await.expect(404);
    app.desk().get(&format!("{path}/{}", filed.id())).await.expect(404);
}
