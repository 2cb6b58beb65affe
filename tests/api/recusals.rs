//! Recusal, and the officer who is named: whoever keeps out reads and does nothing, of an accusation they know nothing.

use super::clocks::{at, events};
use super::harness::{Answer, Persona, TestApp, accusation, claim};
use reqwest::Method;
use serde_json::{Value, json};

async fn recuse(who: &Persona<'_>, id: &str, body: Value) -> Answer {
    who.post(&format!("/petitions/{id}/recusals"), body).await
}

async fn lift(app: &TestApp, who: &Persona<'_>, id: &str, recusal: &str, body: Value) -> Answer {
    app.act(who, Method::DELETE, id, &format!("recusals/{recusal}"), body).await
}

#[tokio::test]
async fn whoever_keeps_out_of_a_claim_reads_and_does_nothing() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    let officer = app.officer();
    // for oneself alone
    let other = json!({"staff_id": app.head().id(), "reason": "近亲属"});
    recuse(&officer, &id, other).await.expect(403).problem("not_permitted");
    recuse(&officer, &id, json!({"staff_id": officer.id()})).await.expect(422).fault("/reason", "reason_required");
    recuse(&officer, &id, json!({"reason": "近亲属"})).await.expect(403);
    let own = json!({"staff_id": officer.id(), "reason": "与信访人系近亲属"});
    let out = recuse(&officer, &id, own.clone()).await.expect(201);
    assert_eq!(out.body["allowed_actions"], json!([]));
    app.act(&officer, Method::POST, &id, "acceptance", json!({"notice": {"method": "post"}})).await.expect(403).problem("recused");
    recuse(&app.supervisor(), &id, own).await.expect(422).fault("/staff_id", "already_recused");

    // units: not one that is at work on it, once
    let unit = |code| json!({"unit_id": app.unit(code), "reason": "曾经办"});
    recuse(&app.supervisor(), &id, unit("medical")).await.expect(422).fault("/unit_id", "unit_is_lead");
    // nor one above it, whose units would all keep out
    recuse(&app.supervisor(), &id, unit("bureau")).await.expect(422).fault("/unit_id", "unit_is_lead");
    recuse(&app.supervisor(), &id, unit("finance")).await.expect(201);
    recuse(&app.supervisor(), &id, unit("finance")).await.expect(422).fault("/unit_id", "already_recused");
    let both = json!({"unit_id": app.unit("housing"), "staff_id": app.head().id(), "reason": "x"});
    recuse(&app.supervisor(), &id, both).await.expect(422).fault("/staff_id", "one_of_both");

    let recusal = app.supervisor().get(&format!("/petitions/{id}/recusals")).await.expect(200);
    let first = recusal.items().iter().find(|one| !one["staff_id"].is_null()).unwrap()["id"].as_str().unwrap().to_owned();
    lift(&app, &app.supervisor(), &id, &first, json!({})).await.expect(422).fault("/reason", "reason_required");
    lift(&app, &app.supervisor(), &id, &first, json!({"reason": "并非近亲属"})).await.expect(200);
    lift(&app, &app.supervisor(), &id, &first, json!({"reason": "再次"})).await.expect(404);
    app.accept(&id).await;
    // the recused unit is not asked either
    let due_on = app.now().date_naive() + chrono::Days::new(10);
    let question = json!({"unit_id": app.unit("finance"), "question": "请核对", "mandatory": true, "due_on": due_on});
    app.act(&officer, Method::POST, &id, "assistance", question).await.expect(422).fault("/unit_id", "unit_recused");
    let acts: Vec<_> = events(&app, &id).await.iter().map(|event| event["act"].as_str().unwrap().to_owned()).collect();
    assert_eq!(acts[2..5], ["recused", "recused", "recusal_lifted"]);
}

#[tokio::test]
async fn nobody_lets_themself_in_again() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.recuse(&id, "supervisor").await;
    let recusal = app.last_recusal(&id).await;
    lift(&app, &app.supervisor(), &id, &recusal, json!({"reason": "并非近亲属"})).await.expect(403).problem("recused");
}

#[tokio::test]
async fn whoever_keeps_out_of_an_accusation_knows_nothing_of_it() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-04-10 09:00"));
    let id = app.register(accusation(app.office().unit("medical"))).await.id();
    app.refer(&id, "discipline").await;
    let discipline = app.by("discipline");
    recuse(&discipline, &id, json!({"staff_id": discipline.id(), "reason": "与被反映人系近亲属"})).await.expect(201);
    discipline.get(&format!("/petitions/{id}")).await.expect(404);
    assert!(discipline.get("/petitions").await.expect(200).items().is_empty());
    // what follows from being complained of is no recusal
    let bars: Vec<String> = app
        .rows(|c| {
            use diesel::prelude::*;
            use xinfang::platform::db::schema::petition_bar;
            use xinfang::platform::db::types::Id;
            let of = petition_bar::table.filter(petition_bar::reason.eq("subject")).select(petition_bar::id);
            Ok(of.load::<Id>(c)?.iter().map(ToString::to_string).collect())
        })
        .await;
    lift(&app, &app.supervisor(), &id, &bars[0], json!({"reason": "误登"})).await.expect(409).problem("subject_bar");
    let recusal = app.last_recusal(&id).await;
    lift(&app, &app.supervisor(), &id, &recusal, json!({"reason": "经核实"})).await.expect(200);
    discipline.get(&format!("/petitions/{id}")).await.expect(200);
}

#[tokio::test]
async fn the_officer_who_is_named_acts_and_heads_stand_in() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    let (head, officer) = (app.head().id(), app.officer().id());
    let by = app.head();
    let name = |staff: Value| app.act(&by, Method::PUT, &id, "officer", json!({"staff_id": staff}));
    name(json!(app.by("pension_officer").id())).await.expect(422).fault("/staff_id", "not_in_lead_unit");
    name(json!(app.unknown_id())).await.expect(422).fault("/staff_id", "unknown_staff");
    let named = name(json!(head)).await.expect(200);
    app.act(&by, Method::PUT, &id, "officer", json!({})).await.expect(422).fault("/staff_id", "required");
    assert_eq!(named.body["officer"], json!(head));
    // the others leave it to them
    assert!(!app.petition(&app.officer(), &id).await.allows("accept"));
    app.act(&app.officer(), Method::POST, &id, "acceptance", json!({})).await.expect(403).problem("not_permitted");
    name(json!(officer)).await.expect(200);
    assert!(app.petition(&app.officer(), &id).await.allows("accept") && app.petition(&app.head(), &id).await.allows("accept"));
    // the mark goes with a recusal, and a recused one is not named
    app.recuse(&id, "officer").await;
    assert_eq!(app.petition(&app.head(), &id).await.body["officer"], json!(null));
    name(json!(officer)).await.expect(422).fault("/staff_id", "recused_officer");
    name(json!(head)).await.expect(200);
    let referral = app.last_referral(&id).await;
    let back = app.act(&app.supervisor(), Method::DELETE, &id, &format!("referrals/{referral}"), json!({"reason": "转错"})).await;
    assert_eq!(back.expect(200).body["officer"], json!(null), "another unit names its own");
}
