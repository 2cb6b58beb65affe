//! What comes before others: reasons, levels, what cannot wait.

use super::clocks::{at, events, shown};
use super::harness::{Answer, TestApp, accusation, claim};
use reqwest::Method;
use serde_json::{Value, json};

fn young() -> Value {
    let mut petition = claim();
    petition["parties"][0]["birth_date"] = json!("1960-03-01");
    petition
}

fn target(petition: &Answer) -> Value {
    petition.body["clocks"].as_array().unwrap().iter().find(|clock| clock["kind"] == "triage_notice").unwrap()["target_at"].clone()
}

#[tokio::test]
async fn the_level_follows_from_the_reasons() {
    let app = TestApp::start().await;
    let level = |answer: &Answer| answer.body["priority"].clone();
    assert_eq!(level(&app.register(young()).await), json!({"level": "normal", "reasons": []}));
    assert_eq!(level(&app.register(claim()).await), json!({"level": "raised", "reasons": ["age_80"]}));
    let mut bed = young();
    bed["intake_place"] = json!("hospital");
    let bed = app.register(bed).await;
    assert_eq!(level(&bed), json!({"level": "high", "reasons": ["in_hospital"]}));
    let mut urgent = claim();
    urgent["urgent"] = json!(true);
    assert_eq!(level(&app.register(urgent).await), json!({"level": "high", "reasons": ["urgent", "age_80"]}));
    // taken down at the desk after all
    let corrected = app.correct(&app.desk(), &bed.id(), json!({"intake_place": "desk", "reason": "写错"})).await.done();
    assert_eq!(level(&corrected), json!({"level": "normal", "reasons": []}));
    assert_eq!(target(&corrected), Value::Null);

    // all are due at the same instant: the list has the higher level first
    let listed = app.desk().get("/worklist").await.expect(200);
    let levels: Vec<&str> = listed.items().iter().map(|item| item["priority"]["level"].as_str().unwrap()).collect();
    let of_day: Vec<&str> = levels.iter().copied().skip_while(|level| *level == "high").collect();
    assert_eq!(of_day, ["raised", "normal", "normal"], "{levels:?}");
}

#[tokio::test]
async fn a_person_sets_the_level_and_only_targets_follow() {
    let app = TestApp::start().await;
    let registered = app.register(young()).await;
    let id = registered.id();
    let desk = app.desk();
    let set = |body: Value| app.act(&desk, Method::PUT, &id, "priority", body);
    set(json!({"level": "high"})).await.expect(422).fault("/reason", "reason_required");
    set(json!({"level": "highest", "reason": "独居"})).await.expect(422).fault("/level", "not_in_list");
    set(json!({"level": "high", "reason": " "})).await.expect(422);
    assert_eq!(target(&registered), Value::Null);
    let high = set(json!({"level": "high", "reason": "独居，刚出院"})).await.done();
    assert_eq!(high.body["priority"], json!({"level": "high", "reasons": ["set_by_hand"]}));
    assert_ne!(target(&high), Value::Null);
    assert_eq!(shown(&high, "triage_notice"), shown(&registered, "triage_notice"), "the law stays");
    let event = events(&app, &id).await.pop().unwrap();
    assert_eq!(event["act"], "priority_set");
    assert_eq!(event["changes"]["level"], json!({"from": "normal", "to": "high"}));
    assert_eq!(event["changes"]["sealed"]["reason"], "独居，刚出院");
    let normal = set(json!({"level": "normal", "reason": "已有家人照料"})).await.done();
    assert_eq!((normal.body["priority"]["level"].clone(), target(&normal)), (json!("normal"), Value::Null));
    app.act(&app.leader(), Method::PUT, &id, "priority", json!({"level": "high", "reason": "x"})).await.expect(403);
}

#[tokio::test]
async fn what_cannot_wait_is_marked_reported_and_unmarked() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-05-18 09:00"));
    let mut simple = young();
    simple["simplified"] = json!(true);
    let registered = app.register(simple).await;
    let id = registered.id();
    assert!(registered.allows("mark_urgent") && !registered.allows("record_urgent_report"));
    let (desk, method) = (app.desk(), Method::PUT);
    app.act(&desk, method.clone(), &id, "urgency", json!({})).await.expect(422).fault("/reason", "reason_required");
    let marked = app.act(&desk, method.clone(), &id, "urgency", json!({"reason": "断药两天"})).await.done();
    assert_eq!(marked.body["urgent"], true);
    assert_eq!(marked.body["simplified"], false);
    assert_eq!(marked.body["priority"], json!({"level": "high", "reasons": ["urgent"]}));
    assert_eq!(shown(&marked, "urgent_report").split(' ').next(), Some("running"));
    assert_eq!(shown(&marked, "simplified_acceptance").split(' ').next(), Some("cancelled"));
    app.act(&desk, method.clone(), &id, "urgency", json!({"reason": "再标"})).await.expect(409).problem("already_urgent");
    app.act(&desk, Method::DELETE, &id, "urgency", json!({"reason": "缓解"})).await.expect(403);
    let supervisor = app.supervisor();
    app.act(&supervisor, Method::DELETE, &id, "urgency", json!({})).await.expect(422).fault("/reason", "reason_required");
    // whatever somebody sets, it stays high while it can't wait
    let set = app.act(&desk, method.clone(), &id, "priority", json!({"level": "normal", "reason": "误标"})).await.done();
    assert_eq!(set.body["priority"]["level"], "high");
    let unmarked = app.act(&supervisor, Method::DELETE, &id, "urgency", json!({"reason": "已缓解"})).await.done();
    assert_eq!((unmarked.body["urgent"].clone(), unmarked.body["priority"]["level"].clone()), (json!(false), json!("normal")));
    assert!(shown(&unmarked, "urgent_report").starts_with("cancelled"));
    app.act(&supervisor, Method::DELETE, &id, "urgency", json!({"reason": "再取消"})).await.expect(409).problem("not_urgent");
    let again = app.act(&app.leader(), method, &id, "urgency", json!({"reason": "领导接访要求"})).await.done();
    assert!(shown(&again, "urgent_report").starts_with("running"));
    let acts: Vec<Value> = events(&app, &id).await.into_iter().map(|event| event["act"].clone()).collect();
    assert_eq!(
        acts,
        ["registered", "marked_urgent", "simplified_ended", "priority_set", "unmarked_urgent", "marked_urgent"].map(|act| json!(act))
    );
}

#[tokio::test]
async fn the_barred_know_of_no_urgency() {
    let app = TestApp::start().await;
    let id = app.register(accusation(app.office().unit("medical"))).await.id();
    let officer = app.officer();
    for (method, below) in [(Method::PUT, "urgency"), (Method::DELETE, "urgency"), (Method::PUT, "priority"), (Method::PUT, "matter")] {
        let call = officer.call(method, &format!("/petitions/{id}/{below}")).json(&json!({"reason": "x"})).if_match("*");
        assert!([403, 404].contains(&call.await.status));
    }
}

/// A profile of somebody young enough to be no reason, and what more it says.
async fn kept(app: &TestApp, name: &str, more: Value) -> String {
    let mut profile = json!({"name": name, "category": "retired_cadre", "birth_date": "1960-03-01"});
    profile.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.desk().post("/retirees", profile).await.expect(201).id()
}

fn reasons(petition: &Answer) -> Value {
    petition.body["priority"]["reasons"].clone()
}

#[tokio::test]
async fn a_corrected_place_leaves_what_the_profile_says() {
    let app = TestApp::start().await;
    let retiree = kept(&app, "谷雨生", json!({"in_hospital": true})).await;
    let mut petition = young();
    petition["parties"][0] = json!({"role": "petitioner", "name": "谷雨生", "retiree_id": retiree});
    let registered = app.register(petition).await;
    assert_eq!(reasons(&registered), json!(["in_hospital"]));
    let corrected = app.correct(&app.desk(), &registered.id(), json!({"intake_place": "other", "reason": "写错"})).await.done();
    assert_eq!(corrected.body["priority"], json!({"level": "high", "reasons": ["in_hospital"]}));
    // discharged, and the place is corrected again
    let path = format!("/retirees/{retiree}");
    let etag = app.desk().get(&path).await.etag();
    app.desk().patch(&path, json!({"in_hospital": false})).if_match(&etag).await.expect(200);
    let corrected = app.correct(&app.desk(), &registered.id(), json!({"intake_place": "home", "reason": "已出院"})).await.done();
    assert_eq!(corrected.body["priority"], json!({"level": "normal", "reasons": []}));
}

#[tokio::test]
async fn reasons_come_and_go_with_those_who_take_part() {
    let app = TestApp::start().await;
    let desk = app.desk();
    let retiree = kept(&app, "谷雨生", json!({"disability": true, "living_situation": "alone"})).await;
    let registered = app.register(young()).await;
    let id = registered.id();
    let join = async |party: Value| app.act(&desk, Method::POST, &id, "parties", party).await.done();
    let leave = async |petition: &Answer, n: usize| {
        let party = petition.text(&format!("/parties/{n}/id"));
        app.act(&desk, Method::DELETE, &id, &format!("parties/{party}"), json!({"reason": "不再参与"})).await.done()
    };
    assert_eq!((reasons(&registered), target(&registered)), (json!([]), Value::Null));
    let joined = join(json!({"role": "co_petitioner", "name": "谷雨生", "retiree_id": retiree})).await;
    assert_eq!(joined.body["priority"], json!({"level": "high", "reasons": ["disability", "alone"]}));
    assert_ne!(target(&joined), Value::Null);
    assert_eq!(shown(&joined, "triage_notice"), shown(&registered, "triage_notice"), "the law stays");
    let joined = join(json!({"role": "co_petitioner", "name": "谷老太", "birth_date": "1940-01-01"})).await;
    assert_eq!(reasons(&joined), json!(["age_80", "disability", "alone"]));
    // who only helps is no reason
    let joined = join(json!({"role": "proxy", "name": "谷爷爷", "birth_date": "1935-01-01", "authority": "委托书"})).await;
    assert_eq!(reasons(&joined), json!(["age_80", "disability", "alone"]));
    let left = leave(&joined, 1).await;
    assert_eq!(left.body["priority"], json!({"level": "raised", "reasons": ["age_80"]}));
    app.act(&desk, Method::PUT, &id, "priority", json!({"level": "high", "reason": "近期需手术"})).await.done();
    app.act(&desk, Method::PUT, &id, "urgency", json!({"reason": "断药两天"})).await.done();
    // a person's word and what cannot wait stay
    let left = leave(&left, 2).await;
    assert_eq!(reasons(&left), json!(["urgent", "set_by_hand"]));
    // one who died is no reason either, one who can't act any more is
    let joined = join(json!({"role": "co_petitioner", "name": "谷雨生", "retiree_id": retiree})).await;
    let party = joined.text("/parties/4/id");
    let status = async |party: &str, status: &str| {
        app.act(&desk, Method::PUT, &id, &format!("parties/{party}/status"), json!({"status": status})).await.expect(200)
    };
    assert_eq!(reasons(&status(&party, "incapacitated").await), json!(["urgent", "disability", "alone", "set_by_hand"]));
    let joined = join(json!({"role": "co_petitioner", "name": "谷老太", "birth_date": "1940-01-01"})).await;
    let dead = status(&joined.text("/parties/5/id"), "deceased").await;
    assert_eq!(reasons(&dead), json!(["urgent", "disability", "alone", "set_by_hand"]));
}
