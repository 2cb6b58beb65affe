//! Accusations over HTTP: the accused side never knows, discipline handles it, it ends with its delivery.

use super::harness::{Persona, TestApp, accusation};
use reqwest::Method;
use serde_json::json;

/// Every way of asking answers as if there were no such petition.
async fn knows_nothing(who: &Persona<'_>, id: &str) {
    let below = ["", "/events", "/receipt", "/parties", "/notes", "/notices", "/referrals", "/opinions", "/deliveries", "/evaluations"];
    let single = ["/acceptance", "/opinion", "/closure", "/withdrawal", "/evaluations/office", "/evaluations/unit"];
    for path in below.into_iter().chain(single) {
        who.get(&format!("/petitions/{id}{path}")).await.expect(404).problem("not_found");
    }
    let acts = [
        (Method::POST, "/acceptance", json!({"notice": {"method": "in_person"}})),
        (Method::PUT, "/opinion", json!({"outcome": "unsubstantiated", "opinion": "查无此事"})),
        (Method::POST, "/deliveries", json!({"method": "in_person", "receipt": "signed"})),
        (Method::POST, "/notes", json!({"text": "看一下"})),
        (Method::POST, "/closure", json!({"reason": "final"})),
        (Method::PATCH, "", json!({"reason": "改", "title": "改"})),
        // nor does a body that is wrong tell
        (Method::PATCH, "", json!({"no_such_member": 1})),
    ];
    for (method, path, body) in acts {
        let answer = who.call(method, &format!("/petitions/{id}{path}")).json(&body).if_match("*").await;
        answer.expect(404).problem("not_found");
    }
    let listed = who.get("/petitions").header("prefer", "count=exact").await.expect(200);
    assert!(listed.items().iter().all(|p| p["id"] != id), "{listed}");
    assert_eq!(listed.body["total"], listed.items().len(), "{listed}");
}

#[tokio::test]
async fn an_accusation_goes_past_the_accused_to_discipline() {
    let app = TestApp::start().await;
    let registered = app.register(accusation(app.office().unit("medical"))).await;
    let id = registered.id();
    assert_eq!(registered.body["restricted"], true);
    let number = registered.text("/number");
    for who in [app.officer(), app.by("pension_officer"), app.by("desk2"), app.discipline()] {
        who.get(&format!("/petitions/{id}")).await.expect(404);
    }
    knows_nothing(&app.officer(), &id).await;
    let found = app.officer().get(&format!("/petitions?number={number}")).await.expect(200);
    assert!(found.items().is_empty());

    let refer = |unit: &str| json!({"unit_id": app.unit(unit), "mode": "refer"});
    for (unit, code) in [("medical", "unit_is_accused"), ("pension", "not_discipline_unit"), ("bureau", "refer_to_self")] {
        let refused = app.act(&app.supervisor(), Method::POST, &id, "referrals", refer(unit)).await;
        refused.expect(422).only_faults(&[("/unit_id", code)]);
    }
    let at_once = json!({"notice": {"method": "in_person"}});
    let refused = app.act(&app.supervisor(), Method::POST, &id, "acceptance", at_once.clone()).await;
    refused.expect(409).problem("not_discipline_unit");
    app.refer(&id, "discipline").await;
    knows_nothing(&app.officer(), &id).await;
    let unfit =
        app.act(&app.discipline(), Method::POST, &id, "acceptance", json!({"simplified": true, "notice": {"method": "post"}})).await;
    unfit.expect(422).only_faults(&[("/simplified", "not_eligible_simplified")]);
    let accepted = app.act(&app.discipline(), Method::POST, &id, "acceptance", at_once).await.expect(201);
    assert!(accepted.body["route"].is_null() && !accepted.allows("request_extension"), "{accepted}");
    app.act(&app.discipline(), Method::POST, &id, "withdrawal", json!({})).await.expect(409).problem("not_withdrawable");
    let wrong = json!({"outcome": "supported", "opinion": "支持"});
    app.act(&app.discipline(), Method::PUT, &id, "opinion", wrong).await.expect(422).only_faults(&[("/outcome", "wrong_outcome")]);
    assert_eq!(app.opinion(&id).await.stage(), "decided");
    let closed = app.deliver(&id).await;
    assert_eq!(
        (closed.stage().as_str(), closed.text("/closure_reason").as_str(), closed.text("/closure_basis").as_str()),
        ("closed", "final", "no_review_right")
    );
    knows_nothing(&app.officer(), &id).await;
    knows_nothing(&app.head(), &id).await;
    let score = json!({"score": "satisfied"});
    app.supervisor().put(&format!("/petitions/{id}/evaluations/unit"), score).await.expect(409).problem("stage_forbids");
    let events = app.supervisor().get(&format!("/petitions/{id}/events")).await.expect(200);
    let acts: Vec<_> = events.items().iter().map(|e| (e["act"].as_str().unwrap(), e["actor"]["role"].as_str().unwrap())).collect();
    let expected = [
        ("registered", "receptionist"),
        ("referred", "supervisor"),
        ("accepted", "officer"),
        ("opinion_issued", "officer"),
        ("delivered", "officer"),
        ("closed", "system"),
    ];
    assert_eq!(acts, expected);
    let figures = app.officer().get("/statistics/summary").await.expect(200);
    assert_eq!(figures.body["measures"]["registered"]["cases"], 0, "in no figure of the accused: {figures}");
    assert_eq!(app.leader().get("/statistics/summary").await.body["measures"]["closed"]["cases"], 1);
}

#[tokio::test]
async fn a_person_accused_is_barred_with_their_unit() {
    let app = TestApp::start().await;
    let mut petition = accusation(app.office().unit("pension"));
    petition["subject"] = json!({"name": "方戊", "staff_id": app.by("pension_officer").actor.unwrap().account_id});
    let id = app.register(petition).await.id();
    app.refer(&id, "discipline").await;
    for who in [app.by("pension_officer"), app.by("pension_head"), app.officer()] {
        who.get(&format!("/petitions/{id}")).await.expect(404);
    }
    app.leader().get(&format!("/petitions/{id}")).await.expect(200);

    // an accusation of the whole bureau is none of its people's to see; the discipline unit answers to the commission that sent it
    let id = app.register(accusation(app.office().unit("bureau"))).await.id();
    app.leader().get(&format!("/petitions/{id}")).await.expect(404);
    app.supervisor().get(&format!("/petitions/{id}")).await.expect(404);
    app.discipline().get(&format!("/petitions/{id}")).await.expect(200);
}
