//! Policy issues: many petitions of one cause, one decision.

use super::clocks::events;
use crate::harness::{TestApp, accusation, claim};
use serde_json::json;

fn subsidy() -> serde_json::Value {
    json!({"title": "晋级后住房补贴面积差额", "cause": "房改时按当时职级核定面积，晋级后的差额一直没有补发。"})
}

#[tokio::test]
async fn a_supervisor_opens_one_and_all_staff_read_it() {
    let app = TestApp::start().await;
    let opened = app.supervisor().post("/policy-issues", subsidy()).await.expect(201);
    assert_eq!(opened.body["state"], "open");
    assert_eq!(opened.body["petitions"], json!({"total": 0, "open": 0}));
    let id = opened.id();
    for who in [app.desk(), app.officer(), app.leader()] {
        let read = who.get(&format!("/policy-issues/{id}")).await.expect(200);
        assert_eq!(read.body["title"], "晋级后住房补贴面积差额");
        who.post("/policy-issues", subsidy()).await.expect(403).problem("not_permitted");
    }
    app.admin().get("/policy-issues").await.expect(403).problem("not_permitted");
    app.desk().get(&format!("/policy-issues/{}", app.unknown_id())).await.expect(404).problem("not_found");
    app.desk().get("/policy-issues/none").await.expect(404).problem("not_found");
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_told_at_once_and_a_retry_is_harmless() {
    let app = TestApp::start().await;
    let who = app.supervisor();
    let answer = who.post("/policy-issues", json!({"title": " ", "causes": "面积差额"})).await.expect(422);
    let faults: Vec<_> = answer.body["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert!(["/title", "/cause", "/causes"].iter().all(|pointer| faults.contains(pointer)), "{faults:?}");
    let before = who.get("/policy-issues").await.expect(200).items().len();
    let mut mine = subsidy();
    mine["id"] = json!(app.unknown_id());
    let first = who.post("/policy-issues", mine.clone()).await.expect(201);
    assert_eq!(who.post("/policy-issues", mine.clone()).await.expect(201).id(), first.id());
    mine["title"] = json!("另一个问题");
    who.post("/policy-issues", mine).await.expect(409);
    assert_eq!(who.get("/policy-issues").await.expect(200).items().len(), before + 1);
}

#[tokio::test]
async fn of_two_who_join_at_once_both_are_heard_in_turn() {
    let app = TestApp::start().await;
    let (one, other) = (app.open_policy_issue().await, app.open_policy_issue().await);
    for _ in 0..8 {
        let id = app.register(claim()).await.id();
        let (who, at) = (app.supervisor(), format!("/petitions/{id}/policy-issue"));
        let (first, second) = tokio::join!(who.put(&at, json!({"policy_issue_id": one})), who.put(&at, json!({"policy_issue_id": other})));
        first.expect(200);
        second.expect(200);
        let told: Vec<_> = events(&app, &id).await.into_iter().filter(|e| e["act"] == "policy_issue_joined").collect();
        assert_eq!(told.len(), 2);
        let stands = app.petition(&who, &id).await.body["policy_issue_id"].as_str().unwrap().to_owned();
        let listed = who.get(&format!("/petitions?policy_issue={stands}&limit=200")).await.expect(200);
        assert!(listed.items().iter().any(|p| p["id"] == id));
    }
}

#[tokio::test]
async fn petitions_join_move_and_leave() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.refer(&id, "housing").await;
    let (one, other) = (app.open_policy_issue().await, app.open_policy_issue().await);
    let (who, at) = (app.supervisor(), format!("/petitions/{id}/policy-issue"));
    assert_eq!(app.petition(&who, &id).await.body["policy_issue_id"], json!(null));
    who.put(&at, json!({"policy_issue_id": app.unknown_id()}))
        .await
        .expect(422)
        .only_faults(&[("/policy_issue_id", "unknown_policy_issue")]);
    who.delete(&at).json(&json!({})).await.expect(409).problem("no_policy_issue");
    // the unit that handles it may say so too; the desk that registered it may not
    app.desk().put(&at, json!({"policy_issue_id": one})).await.expect(403).problem("not_permitted");
    let officer = app.by("housing_officer");
    let joined = officer.put(&at, json!({"policy_issue_id": one, "note": "成因相同"})).await.expect(200);
    assert_eq!(joined.body["policy_issue_id"], json!(one));
    who.put(&at, json!({"policy_issue_id": one})).await.expect(422).only_faults(&[("/policy_issue_id", "in_policy_issue")]);
    who.put(&at, json!({"policy_issue_id": other})).await.expect(200);
    let of = async |issue: &str| who.get(&format!("/petitions?policy_issue={issue}")).await.expect(200).items().len();
    assert_eq!((of(&one).await, of(&other).await), (0, 1));
    assert_eq!(of(&app.unknown_id().to_string()).await, 0);
    assert_eq!(who.delete(&at).json(&json!({"reason": "成因不同"})).await.expect(200).body["policy_issue_id"], json!(null));
    assert_eq!(of(&other).await, 0);
    let told: Vec<_> = events(&app, &id).await.into_iter().filter(|e| e["act"].as_str().unwrap().starts_with("policy_issue")).collect();
    assert_eq!(
        told.iter().map(|e| e["act"].as_str().unwrap()).collect::<Vec<_>>(),
        ["policy_issue_joined", "policy_issue_joined", "policy_issue_left"]
    );
}

#[tokio::test]
async fn how_many_belong_to_one_is_counted_over_what_the_caller_may_see() {
    let app = TestApp::start().await;
    let issue = app.open_policy_issue().await;
    let mut restricted = claim();
    restricted["restricted"] = json!(true);
    for (petition, unit) in [(claim(), "housing"), (claim(), "medical"), (restricted, "housing")] {
        let id = app.register(petition).await.id();
        app.refer(&id, unit).await;
        app.supervisor().put(&format!("/petitions/{id}/policy-issue"), json!({"policy_issue_id": issue})).await.expect(200);
    }
    let closed = app.register(claim()).await.id();
    app.supervisor().put(&format!("/petitions/{closed}/policy-issue"), json!({"policy_issue_id": issue})).await.expect(200);
    let etag = app.petition(&app.desk(), &closed).await.etag();
    let closing = json!({"reason": "answered_on_the_spot", "note": "已当面说明"});
    app.desk().post(&format!("/petitions/{closed}/closure"), closing).if_match(&etag).await.done();
    for (who, total, open) in [
        (app.supervisor(), 4, 3),
        (app.officer(), 1, 1),
        (app.by("housing_officer"), 2, 2),
        (app.by("desk2"), 3, 2),
        (app.discipline(), 0, 0),
    ] {
        let read = who.get(&format!("/policy-issues/{issue}")).await.expect(200);
        assert_eq!(read.body["petitions"], json!({"total": total, "open": open}), "{}", who.name);
        let listed = who.get("/policy-issues").await.expect(200);
        assert_eq!(listed.items()[0]["petitions"]["total"], total, "{}", who.name);
        // a figure is as long as the list behind it
        assert_eq!(who.get(&format!("/petitions?policy_issue={issue}")).await.expect(200).items().len(), total, "{}", who.name);
    }
    let accused = app.register(accusation(app.office().unit("housing"))).await.id();
    let at = format!("/petitions/{accused}/policy-issue");
    app.supervisor().put(&at, json!({"policy_issue_id": issue})).await.expect(409).problem("stage_forbids");
}

#[tokio::test]
async fn it_is_decided_once() {
    let app = TestApp::start().await;
    let (one, other) = (app.open_policy_issue().await, app.open_policy_issue().await);
    let at = format!("/policy-issues/{one}/decision");
    let who = app.supervisor();
    let decision = json!({"decision": "按现行标准分两年补发，逐人核定。", "legal_basis": "住房制度改革的有关规定（样例）"});
    let etag = who.get(&format!("/policy-issues/{one}")).await.expect(200).etag();
    who.put(&at, decision.clone()).await.expect(428);
    who.put(&at, decision.clone()).if_match("\"7-000000000000\"").await.expect(412);
    app.leader().put(&at, decision.clone()).if_match(&etag).await.expect(403).problem("not_permitted");
    who.put(&at, json!({"decision": ""})).if_match(&etag).await.expect(422);
    let decided = who.put(&at, decision.clone()).if_match(&etag).await.expect(200);
    assert_eq!((&decided.body["state"], &decided.body["version"]), (&json!("decided"), &json!(2)));
    who.put(&at, decision.clone()).if_match(&etag).await.expect(412);
    who.put(&at, decision).if_match(&decided.etag()).await.expect(409).problem("policy_issue_decided");
    let ids = async |state: &str| {
        let page = who.get(&format!("/policy-issues?state={state}")).await.expect(200);
        page.items().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (open, decided) = (ids("open").await, ids("decided").await);
    assert!(open.contains(&other) && !open.contains(&one) && decided.contains(&one) && !decided.contains(&other));
    who.get("/policy-issues?state=closed").await.expect(400);
}
