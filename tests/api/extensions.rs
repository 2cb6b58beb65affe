//! More time for a limit (Art. 34): asked for by the lead, decided by the head, told to the petitioner; once, and before it is over.

use super::clocks::{at, events, shown, sweep};
use super::harness::{Answer, Persona, Request, TestApp, claim};
use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};

const REASON: &str = "需向省城医院调取住院病历，预计四周内取得。";

/// A claim that 医疗保险科 accepted on 2026-03-02 at 11:00: it is answered by 1 May, Labour Day.
async fn accepted(app: &TestApp) -> String {
    app.clock.move_to(at("2026-03-02 11:00"));
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    assert_eq!(shown(&app.accept(&id).await, "handling"), "running 2026-05-01 green");
    id
}

async fn ask(app: &TestApp, who: &Persona<'_>, id: &str, body: Value) -> Answer {
    app.act(who, Method::POST, id, "extensions", body).await
}

async fn decide(app: &TestApp, who: &Persona<'_>, id: &str, extension: &str, body: Value) -> Answer {
    app.act(who, Method::PUT, id, &format!("extensions/{extension}/decision"), body).await
}

async fn handling(app: &TestApp, id: &str) -> String {
    shown(&app.petition(&app.officer(), id).await, "handling")
}

async fn answers_due(app: &TestApp, from: &str, to: &str) -> Value {
    let figures = app.leader().get(&format!("/statistics/summary?from={from}&to={to}")).await.expect(200);
    figures.body["measures"]["on_time_closure_rate"].clone()
}

#[tokio::test]
async fn the_head_gives_thirty_days_more_and_the_light_is_green_again() {
    let app = TestApp::start().await;
    let id = accepted(&app).await;
    assert!(app.petition(&app.officer(), &id).await.allows("request_extension"));
    app.clock.move_to(at("2026-04-27 10:00"));
    assert!(sweep(&app, &id).await);
    let asked = ask(&app, &app.officer(), &id, json!({"days": 30, "reason": REASON})).await.expect(201);
    assert_eq!(shown(&asked, "handling"), "running 2026-05-01 yellow", "nothing moves before the decision");
    assert!(!asked.allows("request_extension") && !asked.allows("decide_extension"), "{asked}");
    let place = asked.header("location").unwrap();
    let extension = place.rsplit('/').next().unwrap().to_owned();
    let waiting = app.head().get(place).await.expect(200);
    assert_eq!((waiting.text("/state"), waiting.text("/reason"), &waiting.body["days"]), ("requested".into(), REASON.into(), &json!(30)));
    assert!(waiting.body["decided_at"].is_null() && waiting.body["clock_id"].is_string(), "{waiting}");

    app.clock.move_to(at("2026-04-28 09:00"));
    assert!(!app.petition(&app.supervisor(), &id).await.allows("decide_extension"), "there is a head");
    decide(&app, &app.supervisor(), &id, &extension, json!({"approved": true})).await.expect(403).problem("not_permitted");
    assert!(app.petition(&app.head(), &id).await.allows("decide_extension"));
    let body = json!({"approved": true, "notice": {"method": "in_person"}});
    let approved = decide(&app, &app.head(), &id, &extension, body).await.expect(200);
    assert_eq!(shown(&approved, "handling"), "running 2026-05-31 green", "a Sunday: duties do not roll");
    assert!(!approved.allows("decide_extension") && !approved.allows("request_extension"), "{approved}");

    let notice = app.officer().get(&format!("/petitions/{id}/notices")).await.expect(200);
    let notice = notice.items().last().unwrap().clone();
    assert_eq!((&notice["kind"], &notice["method"]), (&json!("extension"), &json!("in_person")));
    let words = notice["text"].as_str().unwrap();
    assert!(words.contains("30日") && words.contains("2026年5月31日") && words.contains("调取住院病历"), "{words}");
    assert!(words.matches('。').count() <= 3, "{words}");

    let told = events(&app, &id).await;
    let last = told.last().unwrap();
    assert_eq!((&last["act"], &last["changes"]["extension_id"]), (&json!("extension_approved"), &json!(extension)));
    let moved = &last["changes"]["clocks"]["moved"][0];
    assert_eq!(moved["due_on"], json!({"from": "2026-05-01", "to": "2026-05-31"}));
    assert_eq!(moved["extended_days"], json!({"from": 0, "to": 30}));
    let listed = app.supervisor().get(&format!("/petitions/{id}/extensions")).await.expect(200);
    assert_eq!(listed.items().len(), 1);
    assert_eq!((&listed.items()[0]["state"], &listed.items()[0]["decided_at"]), (&json!("approved"), &json!("2026-04-28T01:00:00Z")));

    // the light of 90 days; its warning is given anew
    app.clock.move_to(at("2026-05-13 23:59"));
    assert!(!sweep(&app, &id).await);
    assert_eq!(handling(&app, &id).await, "running 2026-05-31 green");
    app.clock.move_to(at("2026-05-14 00:00"));
    assert!(sweep(&app, &id).await);
    assert_eq!(handling(&app, &id).await, "running 2026-05-31 yellow");
    let told = events(&app, &id).await;
    let warned: Vec<_> = told.iter().filter(|e| e["act"] == "clock_warned" && e["changes"]["kind"] == "handling").collect();
    let days: Vec<_> = warned.iter().map(|e| (e["at"].as_str().unwrap(), e["changes"]["due_on"].as_str().unwrap())).collect();
    assert_eq!(days, [("2026-04-19T16:00:00Z", "2026-05-01"), ("2026-05-13T16:00:00Z", "2026-05-31")]);

    app.clock.move_to(at("2026-05-20 15:00"));
    assert_eq!(answers_due(&app, "2026-05-31", "2026-05-31").await["not_yet_due"], 1);
    ask(&app, &app.officer(), &id, json!({"days": 1, "reason": REASON})).await.expect(409).problem("extension_used");
    assert_eq!(shown(&app.opinion(&id).await, "handling"), "met 2026-05-31 yellow");
    // it counts where it was due
    assert_eq!(answers_due(&app, "2026-01-01", "2026-05-30").await["denominator"], 0);
    let may = answers_due(&app, "2026-05-01", "2026-05-31").await;
    assert_eq!((&may["numerator"], &may["denominator"], &may["on_time"]), (&json!(1), &json!(1), &json!(1)));
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_named_and_nothing_is_kept() {
    let app = TestApp::start().await;
    let id = accepted(&app).await;
    let before = app.petition(&app.officer(), &id).await.etag();
    for (body, faults) in [
        (json!({"days": 31, "reason": REASON}), vec![("/days", "extension_too_long")]),
        (json!({"days": i32::MAX, "reason": REASON}), vec![("/days", "extension_too_long")]),
        (json!({"days": 0, "reason": REASON}), vec![("/days", "days_not_positive")]),
        (json!({"days": -30}), vec![("/days", "days_not_positive"), ("/reason", "reason_required")]),
        (json!({"days": 5}), vec![("/reason", "reason_required")]),
    ] {
        ask(&app, &app.officer(), &id, body).await.expect(422).only_faults(&faults);
    }
    for body in [json!({"days": "5", "reason": REASON}), json!({"days": 2_147_483_648_u32, "reason": REASON}), json!({"reason": REASON})] {
        ask(&app, &app.officer(), &id, body).await.expect(422).problem("invalid");
    }
    for body in [
        json!({"days": 5, "reason": " "}),
        json!({"days": 5, "reason": REASON, "until": "2026-06-01"}),
        json!({"days": 1.5, "reason": REASON}),
    ] {
        ask(&app, &app.officer(), &id, body).await.expect(422).problem("invalid");
    }
    let too_long = ask(&app, &app.officer(), &id, json!({"days": 31, "reason": REASON})).await;
    assert!(too_long.body["errors"][0]["detail"].as_str().unwrap().contains("30"), "{too_long}");
    app.by("pension_officer").get(&format!("/petitions/{id}/extensions")).await.expect(404);
    assert!(app.officer().get(&format!("/petitions/{id}/extensions")).await.expect(200).items().is_empty());
    assert_eq!(app.petition(&app.officer(), &id).await.etag(), before);
}

#[tokio::test]
async fn what_is_over_is_not_extended() {
    let app = TestApp::start().await;
    let (id, late) = (accepted(&app).await, accepted(&app).await);
    let body = json!({"days": 30, "reason": REASON});
    for id in [&id, &late] {
        ask(&app, &app.officer(), id, body.clone()).await.expect(201);
    }
    let (extension, too_late) = (app.last_extension(&id).await, app.last_extension(&late).await);
    app.clock.move_to(at("2026-05-02 00:00") - Duration::microseconds(1));
    let approved = decide(&app, &app.head(), &id, &extension, json!({"approved": true})).await.expect(200);
    assert_eq!(shown(&approved, "handling"), "running 2026-05-31 green");
    app.clock.move_to(at("2026-05-02 00:00"));
    assert!(!app.petition(&app.head(), &late).await.allows("decide_extension"), "also while nobody has found the breach");
    decide(&app, &app.head(), &late, &too_late, json!({"approved": true})).await.expect(409).problem("clock_already_due");
    decide(&app, &app.head(), &late, &too_late, json!({"approved": false, "note": "已到期"}))
        .await
        .expect(409)
        .problem("clock_already_due");
    let other = accepted_late(&app).await;
    assert!(!app.petition(&app.officer(), &other).await.allows("request_extension"));
    ask(&app, &app.officer(), &other, body).await.expect(409).problem("clock_already_due");
    assert!(sweep(&app, &late).await);
    assert_eq!(handling(&app, &late).await, "breached 2026-05-01 red");
    decide(&app, &app.head(), &late, &too_late, json!({"approved": true})).await.expect(409).problem("clock_already_due");
    // the opinion comes all the same, and the request is settled by it
    app.opinion(&late).await;
    let lapsed = app.head().get(&format!("/petitions/{late}/extensions/{too_late}")).await.expect(200);
    assert_eq!((lapsed.text("/state"), &lapsed.body["decided_by"]), ("lapsed".into(), &Value::Null));
    decide(&app, &app.head(), &late, &too_late, json!({"approved": true})).await.expect(409).problem("stage_forbids");
}

/// One whose limit ends at the very instant.
async fn accepted_late(app: &TestApp) -> String {
    let id = accepted(app).await;
    app.clock.move_to(at("2026-05-02 00:00"));
    id
}

#[tokio::test]
async fn nobody_decides_on_what_they_asked_for() {
    let app = TestApp::start().await;
    let id = accepted(&app).await;
    ask(&app, &app.head(), &id, json!({"days": 10, "reason": REASON})).await.expect(201);
    let extension = app.last_extension(&id).await;
    assert!(!app.petition(&app.head(), &id).await.allows("decide_extension"));
    decide(&app, &app.head(), &id, &extension, json!({"approved": true})).await.expect(403).problem("same_person");
    decide(&app, &app.officer(), &id, &extension, json!({"approved": true})).await.expect(403).problem("not_permitted");
    decide(&app, &app.leader(), &id, &extension, json!({"approved": true})).await.expect(403).problem("not_permitted");
    // the head asked: somebody above decides
    assert!(app.petition(&app.supervisor(), &id).await.allows("decide_extension"));
    let approved = decide(&app, &app.supervisor(), &id, &extension, json!({"approved": true})).await.expect(200);
    assert_eq!(shown(&approved, "handling"), "running 2026-05-11 green");
    let unknown = app.unknown_id().to_string();
    decide(&app, &app.head(), &id, &unknown, json!({"approved": true})).await.expect(404).problem("not_found");
    let elsewhere = accepted(&app).await;
    decide(&app, &app.head(), &elsewhere, &extension, json!({"approved": true})).await.expect(404).problem("not_found");
}

#[tokio::test]
async fn where_the_head_is_away_somebody_above_decides() {
    let app = TestApp::start().await;
    let id = accepted(&app).await;
    ask(&app, &app.officer(), &id, json!({"days": 10, "reason": REASON})).await.expect(201);
    assert!(!app.petition(&app.supervisor(), &id).await.allows("decide_extension"));
    let path = format!("/staff/{}", app.office().account("head").id());
    let etag = app.admin().get(&path).await.expect(200).etag();
    app.admin().patch(&path, json!({"status": "suspended", "reason": "住院"})).if_match(&etag).await.expect(200);
    assert!(app.petition(&app.supervisor(), &id).await.allows("decide_extension"));
    let extension = app.last_extension(&id).await;
    decide(&app, &app.supervisor(), &id, &extension, json!({"approved": true})).await.expect(200);

    // an office that is itself competent has nobody above who did not ask
    app.clock.move_to(at("2026-03-02 11:00"));
    let own = app.register(claim()).await.id();
    app.accept(&own).await;
    ask(&app, &app.supervisor(), &own, json!({"days": 10, "reason": REASON})).await.expect(201);
    let extension = app.last_extension(&own).await;
    decide(&app, &app.supervisor(), &own, &extension, json!({"approved": true})).await.expect(403).problem("same_person");
}

#[tokio::test]
async fn a_refusal_says_why_and_is_no_extension() {
    let app = TestApp::start().await;
    let id = accepted(&app).await;
    let body = json!({"days": 30, "reason": REASON});
    ask(&app, &app.officer(), &id, body.clone()).await.expect(201);
    ask(&app, &app.officer(), &id, body.clone()).await.expect(409).problem("extension_pending");
    let first = app.last_extension(&id).await;
    decide(&app, &app.head(), &id, &first, json!({"approved": false})).await.expect(422).only_faults(&[("/note", "reason_required")]);
    decide(&app, &app.head(), &id, &first, json!({"approved": "no"})).await.expect(422).problem("invalid");
    let refused = decide(&app, &app.head(), &id, &first, json!({"approved": false, "note": "材料已经齐全"})).await.expect(200);
    assert_eq!(shown(&refused, "handling"), "running 2026-05-01 green");
    let notices = app.officer().get(&format!("/petitions/{id}/notices")).await.expect(200);
    assert!(notices.items().iter().all(|notice| notice["kind"] != "extension"), "{notices}");
    let last = events(&app, &id).await.pop().unwrap();
    assert_eq!((&last["act"], last["changes"].get("clocks")), (&json!("extension_refused"), None));
    decide(&app, &app.head(), &id, &first, json!({"approved": true})).await.expect(409).problem("extension_decided");

    app.advance(Duration::minutes(1));
    ask(&app, &app.officer(), &id, json!({"days": 7, "reason": REASON})).await.expect(201);
    // the one that was refused stays so while the next one waits
    decide(&app, &app.head(), &id, &first, json!({"approved": true})).await.expect(409).problem("extension_decided");
    let second = app.last_extension(&id).await;
    assert_ne!(first, second);
    let approved = decide(&app, &app.head(), &id, &second, json!({"approved": true})).await.expect(200);
    assert_eq!(shown(&approved, "handling"), "running 2026-05-08 green");
    // nobody said how she is told: by the telephone she left
    let notices = app.officer().get(&format!("/petitions/{id}/notices")).await.expect(200);
    assert_eq!(notices.items().last().unwrap()["method"], "phone");
    let states: Vec<String> = app
        .officer()
        .get(&format!("/petitions/{id}/extensions"))
        .await
        .expect(200)
        .items()
        .iter()
        .map(|e| e["state"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(states, ["refused", "approved"]);
}

#[tokio::test]
async fn of_two_decisions_at_once_one_stands() {
    let app = TestApp::start().await;
    for _ in 0..5 {
        let id = accepted(&app).await;
        ask(&app, &app.officer(), &id, json!({"days": 30, "reason": REASON})).await.expect(201);
        let path = format!("/petitions/{id}/extensions/{}/decision", app.last_extension(&id).await);
        let (head, etag) = (app.head(), app.petition(&app.head(), &id).await.etag());
        let send = |body: Value| -> Request<'_> { head.put(&path, body).if_match(&etag) };
        let (yes, no) = tokio::join!(send(json!({"approved": true})), send(json!({"approved": false, "note": "不必"})));
        let (won, lost) = if yes.status == 200 { (&yes, &no) } else { (&no, &yes) };
        assert_eq!((won.status, lost.status), (200, 412), "{yes}\n{no}");
        let due = if yes.status == 200 { "2026-05-31" } else { "2026-05-01" };
        assert_eq!(handling(&app, &id).await, format!("running {due} green"));
        let told = events(&app, &id).await;
        let decided = told.iter().filter(|e| ["extension_approved", "extension_refused"].contains(&e["act"].as_str().unwrap()));
        assert_eq!(decided.count(), 1);
    }
}

#[tokio::test]
async fn there_is_nothing_to_extend_where_no_such_limit_runs() {
    let app = TestApp::start().await;
    let body = json!({"days": 10, "reason": REASON});
    // another legal procedure has its own limits
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    let route = json!({"route": 2, "notice": {"method": "in_person"}});
    let other = app.act(&app.officer(), Method::POST, &id, "acceptance", route).await.expect(201);
    assert!(!other.allows("request_extension"), "{other}");
    ask(&app, &app.officer(), &id, body.clone()).await.expect(409).problem("no_extendable_clock");

    // a profile that knows no extension: what was accepted before keeps its own
    let before = accepted(&app).await;
    let now = app.admin().get("/profiles/cn-2022").await.expect(200);
    let mut rules = now.body["rules"].clone();
    let place = rules.as_array().unwrap().iter().position(|rule| rule["clock"] == "handling").unwrap();
    rules[place]["extension"]["max_days"] = json!(0);
    let version = json!({"valid_from": "2026-03-03", "calendar": now.body["calendar"], "source": now.body["source"], "rules": rules});
    app.admin().post("/profiles/cn-2022/versions", version).if_match(&now.etag()).await.expect(201);
    app.clock.move_to(at("2026-03-03 10:00"));
    let after = app.register(claim()).await.id();
    app.refer(&after, "medical").await;
    assert!(!app.accept(&after).await.allows("request_extension"));
    ask(&app, &app.officer(), &after, body.clone()).await.expect(409).problem("no_extendable_clock");
    ask(&app, &app.officer(), &before, body).await.expect(201);
}

#[tokio::test]
async fn who_withdraws_needs_no_more_time_and_who_gave_no_name_is_told_nothing() {
    let app = TestApp::start().await;
    let id = accepted(&app).await;
    app.ask_extension(&id, 10).await;
    app.act(&app.officer(), Method::POST, &id, "withdrawal", json!({})).await.expect(201);
    let asked = app.officer().get(&format!("/petitions/{id}/extensions")).await.expect(200);
    assert_eq!(asked.items()[0]["state"], "lapsed");
    let last = events(&app, &id).await.pop().unwrap();
    assert_eq!(last["changes"]["lapsed_extension"], asked.items()[0]["id"]);

    let mut nameless = claim();
    nameless["anonymous"] = json!(true);
    nameless["parties"] = json!([]);
    let id = app.register(nameless).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    app.ask_extension(&id, 10).await;
    app.decide_extension(&id, true).await;
    let notices = app.officer().get(&format!("/petitions/{id}/notices")).await.expect(200);
    assert!(notices.items().iter().all(|notice| notice["kind"] != "extension"), "{notices}");
}

#[tokio::test]
async fn who_needs_more_time_is_out_of_the_simplified_procedure() {
    let app = TestApp::start().await;
    let mut simple = claim();
    simple["simplified"] = json!(true);
    let id = app.register(simple).await.id();
    app.refer(&id, "medical").await;
    let accepted = app.accept(&id).await;
    assert_eq!(accepted.body["simplified"], true, "{accepted}");
    let asked = app.ask_extension(&id, 10).await;
    assert_eq!(asked.body["simplified"], false);
    assert!(shown(&asked, "simplified_answer").starts_with("cancelled"), "{asked}");
    assert!(shown(&asked, "handling").starts_with("running"), "the normal limit is untouched: {asked}");
}
