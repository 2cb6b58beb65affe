//! A dissolved unit's petitions are its successor's: seen, worked on and barred there, untouched themselves (Art. 24).

use super::harness::{Persona, TestApp, accusation, claim, usual_opinion};
use super::office::dissolve;
use reqwest::Method;
use serde_json::json;

/// Somebody as they were moved to another unit.
fn moved<'a>(app: &'a TestApp, username: &str, unit: &str) -> Persona<'a> {
    let mut who = app.by(username);
    who.actor.as_mut().unwrap().unit_id = app.office().unit(unit);
    who
}

/// Whether somebody knows of a petition: the same answer from the list, the count and the petition itself.
async fn knows(who: &Persona<'_>, id: &str) -> bool {
    let listed = who.get("/petitions?limit=200").header("prefer", "count=exact").await.expect(200);
    let found = listed.items().iter().any(|p| p["id"] == id);
    assert_eq!(listed.body["total"], listed.items().len(), "{listed}");
    who.get(&format!("/petitions/{id}")).await.expect(if found { 200 } else { 404 });
    who.get(&format!("/petitions/{id}/notes")).await.expect(if found { 200 } else { 404 });
    found
}

#[tokio::test]
async fn the_successor_finishes_what_the_dissolved_unit_was_referred() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.refer(&id, "housing").await;
    let (finance, housing) = (app.by("finance_officer"), app.unit("housing"));
    assert!(!knows(&finance, &id).await);
    let version = app.petition(&app.supervisor(), &id).await.body["version"].clone();

    dissolve(&app, "housing", "finance").await.expect(201);
    assert!(knows(&finance, &id).await && knows(&app.supervisor(), &id).await);
    for who in [app.by("pension_officer"), app.officer(), app.discipline(), app.by("community_officer")] {
        assert!(!knows(&who, &id).await, "{}", who.name);
    }
    let seen = app.petition(&finance, &id).await;
    assert_eq!((seen.body["lead_unit"]["id"].clone(), seen.body["version"].clone()), (json!(housing), version), "it is not touched");
    assert!(seen.allows("accept"), "{seen}");
    for unit in ["housing", "finance"] {
        let led = app.supervisor().get(&format!("/petitions?unit={}", app.unit(unit))).await.expect(200);
        assert_eq!(led.items().len(), 1, "{unit}: {led}");
    }
    let figures = finance.get(&format!("/statistics/summary?unit={}", app.unit("finance"))).await.expect(200);
    assert_eq!(figures.body["measures"]["registered"]["cases"], 1, "{figures}");

    // nor can it be turned against the unit that leads it now
    let accuse = json!({"reason": "补录被反映人", "subject": {"name": "财务科", "unit_id": app.unit("finance")}});
    let etag = app.petition(&app.supervisor(), &id).await.etag();
    let refused = app.supervisor().patch(&format!("/petitions/{id}"), accuse).if_match(&etag).await;
    refused.expect(422).fault("/subject/unit_id", "unit_is_accused");

    let accepted = app.act(&finance, Method::POST, &id, "acceptance", json!({"notice": {"method": "in_person"}})).await.expect(201);
    assert_eq!(accepted.stage(), "handling");
    app.act(&finance, Method::PUT, &id, "opinion", usual_opinion("claim")).await.expect(201);
    let handed_over = json!({"method": "in_person", "receipt": "signed", "recipient": "褚玉兰"});
    let delivered = app.act(&finance, Method::POST, &id, "deliveries", handed_over).await.expect(201);
    assert_eq!(delivered.stage(), "delivered");
    assert_eq!(delivered.body["lead_unit"]["id"], housing, "as it was recorded");
}

#[tokio::test]
async fn the_last_of_a_line_of_successors_has_it_all() {
    let app = TestApp::start().await;
    let (first, second) = (app.register(claim()).await.id(), app.register(claim()).await.id());
    app.refer(&first, "housing").await;
    app.refer(&second, "finance").await;
    dissolve(&app, "housing", "finance").await.expect(201);
    dissolve(&app, "finance", "community-east").await.expect(201);
    let east = moved(&app, "finance_officer", "community-east");
    for id in [&first, &second] {
        assert!(knows(&east, id).await);
        // what stands above the successor is not the successor
        assert!(!knows(&app.by("community_officer"), id).await && !knows(&app.by("pension_officer"), id).await);
        let accepted = app.act(&east, Method::POST, id, "acceptance", json!({"notice": {"method": "in_person"}})).await;
        assert_eq!(accepted.expect(201).stage(), "handling");
    }
    // a supervisor of the units above the last one has them too, also after it moves
    let path = format!("/units/{}", app.unit("community-east"));
    let supervises = |unit: &str| moved(&app, "supervisor", unit);
    assert!(knows(&supervises("community"), &first).await && !knows(&supervises("pension"), &first).await);
    let etag = app.admin().get(&path).await.expect(200).etag();
    app.admin().patch(&path, json!({"parent_id": app.unit("pension")})).if_match(&etag).await.expect(200);
    assert!(knows(&east, &first).await);
    assert!(!knows(&supervises("community"), &first).await && knows(&supervises("pension"), &first).await);
}

#[tokio::test]
async fn a_dissolved_unit_stands_with_its_successor_and_moves_no_more() {
    let app = TestApp::start().await;
    let gone = dissolve(&app, "housing", "finance").await.expect(201);
    let path = format!("/units/{}", app.unit("housing"));
    let away = json!({"parent_id": app.unit("pension")});
    app.admin().patch(&path, away).if_match(&gone.etag()).await.expect(409).problem("unit_already_dissolved");
    app.admin().patch(&path, json!({"name": "原住房补贴科"})).if_match(&gone.etag()).await.expect(200);
}

#[tokio::test]
async fn what_a_dissolved_desk_registered_is_its_successors_desks() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    let (theirs, others) = (moved(&app, "desk2", "community"), moved(&app, "desk2", "pension"));
    assert!(!knows(&theirs, &id).await);
    dissolve(&app, "reception", "community").await.expect(201);
    assert!(knows(&theirs, &id).await && !knows(&others, &id).await);
    let closing = json!({"reason": "directed_elsewhere", "note": "已当面向来访人说明，本人表示清楚。"});
    app.act(&theirs, Method::POST, &id, "closure", closing).await.done();
}

#[tokio::test]
async fn the_successor_of_the_accused_is_barred_and_nobody_else() {
    let app = TestApp::start().await;
    let (medical, discipline) = (app.office().unit("medical"), app.discipline());
    let id = app.register(accusation(medical)).await.id();
    app.refer(&id, "discipline").await;
    dissolve(&app, "medical", "bureau").await.expect(201);
    for who in [app.supervisor(), app.leader(), app.officer()] {
        assert!(!knows(&who, &id).await, "{}", who.name);
    }
    assert!(knows(&discipline, &id).await, "what stands below the successor is not barred");
    app.act(&discipline, Method::POST, &id, "acceptance", json!({"notice": {"method": "in_person"}})).await.expect(201);
}

#[tokio::test]
async fn the_accused_never_reach_it_by_carrying_on_or_by_registering() {
    let app = TestApp::start().await;
    let (desk, housing) = (moved(&app, "desk2", "finance"), app.office().unit("housing"));
    let mut person = accusation(housing);
    person["subject"] = json!({"name": "罗庚", "staff_id": app.by("housing_officer").actor.unwrap().account_id});
    let mut ids = Vec::new();
    for petition in [accusation(housing), person.clone()] {
        ids.push(desk.post("/petitions", petition).await.expect(201).id());
    }
    for id in &ids {
        assert!(knows(&desk, id).await);
    }
    dissolve(&app, "housing", "finance").await.expect(201);
    for id in &ids {
        assert!(!knows(&desk, id).await);
        assert!(knows(&app.supervisor(), id).await);
    }
    // an accusation of the dissolved unit does not stay with the successor's desk either
    for petition in [accusation(housing), person] {
        let made = desk.post("/petitions", petition).await;
        assert!(made.status == 201, "{made}");
        let shown = app.petition(&app.supervisor(), &made.id()).await;
        assert_eq!(shown.body["registered_unit"]["id"], app.unit("bureau"), "{shown}");
        assert!(!knows(&desk, &made.id()).await);
    }
    // nor does the discipline unit handle what it carries on itself
    let id = app.register(accusation(app.office().unit("medical"))).await.id();
    app.refer(&id, "discipline").await;
    let other = app.register(accusation(app.office().unit("medical"))).await.id();
    dissolve(&app, "medical", "discipline").await.expect(201);
    assert!(!knows(&app.discipline(), &id).await);
    let refer = json!({"unit_id": app.unit("discipline"), "mode": "refer"});
    app.act(&app.supervisor(), Method::POST, &other, "referrals", refer).await.expect(422).fault("/unit_id", "unit_is_accused");
}
