//! A referral that comes back: "not ours", taken back, assigned with a report. Days as the law and the calendar of 2026 have them.

use super::clocks::{at, events, shown, sweep};
use super::harness::{Answer, Persona, TestApp, claim};
use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};

async fn on_referral(app: &TestApp, who: &Persona<'_>, method: Method, id: &str, below: &str, body: Value) -> Answer {
    let referral = app.last_referral(id).await;
    app.act(who, method, id, &format!("referrals/{referral}{below}"), body).await
}

async fn object(app: &TestApp, who: &Persona<'_>, id: &str) -> Answer {
    on_referral(app, who, Method::POST, id, "/objection", json!({"reason": "异地就医结算归医疗保险科"})).await
}

async fn refer(app: &TestApp, id: &str, body: Value) -> Answer {
    app.act(&app.supervisor(), Method::POST, id, "referrals", body).await
}

/// Clocks of a kind, as they stand.
fn states(answer: &Answer, kind: &str) -> Vec<String> {
    let clocks = answer.body["clocks"].as_array().unwrap().iter().filter(|clock| clock["kind"] == kind);
    clocks.map(|clock| clock["state"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn objected_in_time_it_goes_back_and_is_assigned_to_another() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-02-05 10:00"));
    let id = app.register(claim()).await.id();
    app.clock.move_to(at("2026-02-06 09:00"));
    let referred = app.refer(&id, "pension").await;
    assert_eq!(shown(&referred, "unit_notice"), "running 2026-02-21 green");
    assert_eq!(shown(&referred, "objection"), "running 2026-02-13 green");
    app.clock.move_to(at("2026-02-13 16:00"));
    sweep(&app, &id).await;
    let pension = app.by("pension_officer");
    assert!(app.petition(&pension, &id).await.allows("object"));
    let objected = object(&app, &pension, &id).await.expect(200);
    assert_eq!((states(&objected, "objection"), objected.stage()), (vec!["met".to_owned()], "referred".to_owned()));
    // 14 February is worked for the festival, 24 and 25 follow it
    assert_eq!(shown(&objected, "objection_decision"), "running 2026-02-25 green");
    assert_eq!(objected.body["objection_pending"], true);
    object(&app, &pension, &id).await.expect(409).problem("objection_pending");

    app.clock.move_to(at("2026-02-14 10:00"));
    let upheld = on_referral(&app, &app.supervisor(), Method::PUT, &id, "/objection/decision", json!({"upheld": true})).await.expect(200);
    assert_eq!((upheld.stage(), &upheld.body["lead_unit"], &upheld.body["bounces"]), ("registered".into(), &Value::Null, &json!(1)));
    assert_eq!((states(&upheld, "objection_decision"), states(&upheld, "unit_notice")), (vec!["met".into()], vec!["cancelled".into()]));
    assert_eq!(shown(&upheld, "disposition"), "running 2026-02-28 green", "the last day before the make-up Saturday is over");
    pension.get(&format!("/petitions/{id}")).await.expect(404);

    app.clock.move_to(at("2026-02-25 09:30"));
    let (medical, pension) = (app.unit("medical"), app.unit("pension"));
    refer(&app, &id, json!({"unit_id": pension, "mode": "refer"})).await.expect(422).only_faults(&[("/note", "note_required")]);
    for (body, code) in [
        (json!({"unit_id": medical, "mode": "assign"}), "report_due_required"),
        (json!({"unit_id": medical, "mode": "assign", "report_due": "2026-02-25"}), "report_due_past"),
        (json!({"unit_id": medical, "mode": "refer", "report_due": "2026-06-30"}), "report_due_unexpected"),
    ] {
        refer(&app, &id, body).await.expect(422).only_faults(&[("/report_due", code)]);
    }
    let assigned = refer(&app, &id, json!({"unit_id": medical, "mode": "assign", "report_due": "2026-06-30"})).await.expect(201);
    assert_eq!(states(&assigned, "disposition"), ["met"]);
    assert_eq!(shown(&assigned, "assigned_report"), "running 2026-06-30 green");
    assert_eq!((&assigned.body["hand_overs"], &assigned.body["bounces"]), (&json!(2), &json!(1)));

    let list = app.supervisor().get(&format!("/petitions/{id}/referrals")).await.expect(200);
    let told: Vec<(&Value, &Value)> = list.items().iter().map(|r| (&r["state"], &r["objection"]["decision"])).collect();
    assert_eq!(told, [(&json!("returned"), &json!("upheld")), (&json!("open"), &Value::Null)]);

    // the report comes after the opinion, once
    assert!(!app.accept(&id).await.allows("submit_report"));
    app.opinion(&id).await;
    let reported = on_referral(&app, &app.officer(), Method::PUT, &id, "/report", json!({"report": "已按规定报销"})).await.expect(200);
    assert_eq!(states(&reported, "assigned_report"), ["met"]);
    on_referral(&app, &app.officer(), Method::PUT, &id, "/report", json!({"report": "再报"})).await.expect(409).problem("report_submitted");
    let referral = app.supervisor().get(&format!("/petitions/{id}/referrals/{}", app.last_referral(&id).await)).await.expect(200);
    assert_eq!(referral.text("/report/report"), "已按规定报销");
}

#[tokio::test]
async fn refused_the_unit_keeps_it_and_its_limits_go_on() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.clock.move_to(at("2026-03-04 09:00"));
    object(&app, &app.officer(), &id).await.expect(200);
    let decide = async |body| on_referral(&app, &app.supervisor(), Method::PUT, &id, "/objection/decision", body).await;
    decide(json!({"upheld": false})).await.expect(422).only_faults(&[("/reason", "reason_required")]);
    let refused = decide(json!({"upheld": false, "reason": "住院报销归你科"})).await.expect(200);
    assert_eq!((refused.stage(), shown(&refused, "unit_notice")), ("referred".into(), "running 2026-03-17 green".into()));
    decide(json!({"upheld": true})).await.expect(409).problem("no_objection");
    object(&app, &app.officer(), &id).await.expect(409).problem("objection_decided");
    app.accept(&id).await;
}

#[tokio::test]
async fn late_it_takes_the_senders_reasons_and_a_breach_meanwhile_is_none() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    // the fifth working day was the 9th, the fifteenth day the 17th
    app.clock.move_to(at("2026-03-20 09:00"));
    let late = object(&app, &app.officer(), &id).await.expect(200);
    assert_eq!((states(&late, "objection"), states(&late, "objection_decision")), (vec!["lapsed".to_owned()], vec![]));
    assert_eq!(states(&late, "unit_notice"), ["breached"]);
    let proposals = async || {
        let all = app.supervisor().get(&format!("/petitions/{id}/supervisions")).await.expect(200);
        all.items().iter().map(|s| s["state"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(proposals().await, ["proposed"]);
    let decide = async |body| on_referral(&app, &app.supervisor(), Method::PUT, &id, "/objection/decision", body).await;
    decide(json!({"upheld": true})).await.expect(422).only_faults(&[("/reason", "reason_required")]);
    let upheld = decide(json!({"upheld": true, "reason": "确属转错"})).await.expect(200);
    assert_eq!(states(&upheld, "unit_notice"), ["cancelled"]);
    assert_eq!(proposals().await, ["dismissed"]);
}

#[tokio::test]
async fn accepted_the_objection_is_dropped() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    object(&app, &app.officer(), &id).await.expect(200);
    let accepted = app.accept(&id).await;
    assert_eq!((states(&accepted, "objection_decision"), &accepted.body["objection_pending"]), (vec!["met".into()], &json!(false)));
    let list = app.supervisor().get(&format!("/petitions/{id}/referrals")).await.expect(200);
    assert_eq!((&list.items()[0]["state"], &list.items()[0]["objection"]["decision"]), (&json!("accepted"), &json!("dropped")));
}

#[tokio::test]
async fn taken_back_while_it_is_handled_the_limit_for_the_answer_goes_on() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    app.ask_extension(&id, 10).await;
    app.clock.move_to(at("2026-03-10 09:00"));
    on_referral(&app, &app.officer(), Method::DELETE, &id, "", json!({"reason": "x"})).await.expect(403).problem("not_permitted");
    let recall = async |body| on_referral(&app, &app.supervisor(), Method::DELETE, &id, "", body).await;
    recall(json!({})).await.expect(422).only_faults(&[("/reason", "reason_required")]);
    let recalled = recall(json!({"reason": "应由养老保险科办理"})).await.expect(200);
    assert_eq!((recalled.stage(), shown(&recalled, "handling")), ("registered".into(), "running 2026-05-01 green".into()));
    let of = |answer: &Answer, kind: &str| {
        let clocks = answer.body["clocks"].as_array().unwrap();
        clocks.iter().rev().find(|clock| clock["kind"] == kind).unwrap()["unit"]["id"].as_str().unwrap().to_owned()
    };
    assert_eq!(of(&recalled, "handling"), app.unit("bureau"), "until somebody accepts it is the sender's");
    assert_eq!(shown(&recalled, "disposition"), "running 2026-03-17 green");
    app.officer().get(&format!("/petitions/{id}")).await.expect(404);
    // what was accepted once is not answered at the desk any more
    assert!(!recalled.body["allowed_closure_reasons"].as_array().unwrap().contains(&json!("answered_on_the_spot")), "{recalled}");
    let extensions = app.supervisor().get(&format!("/petitions/{id}/extensions")).await.expect(200);
    assert_eq!(extensions.items()[0]["state"], "lapsed");
    recall(json!({"reason": "x"})).await.expect(409);
    app.refer(&id, "pension").await;
    let again = app.accept(&id).await;
    assert_eq!((shown(&again, "handling"), of(&again, "handling")), ("running 2026-05-01 green".into(), app.unit("pension")));
    assert_eq!(states(&again, "handling").len(), 1);
}

#[tokio::test]
async fn what_nobody_wants_is_brought_before_those_above_once() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    for (n, unit) in ["medical", "pension", "medical", "pension"].into_iter().enumerate() {
        // parts stand in the order of their ids, which is that of time
        app.advance(Duration::minutes(1));
        refer(&app, &id, json!({"unit_id": app.unit(unit), "mode": "refer", "note": "请办理"})).await.expect(201);
        match n {
            1 => on_referral(&app, &app.supervisor(), Method::DELETE, &id, "", json!({"reason": "转错"})).await.expect(200),
            _ => {
                app.object(&id).await;
                app.decide_objection(&id, true).await
            }
        };
        let all = app.supervisor().get(&format!("/petitions/{id}/supervisions")).await.expect(200);
        let shifting = all.items().iter().filter(|s| s["reason"] == "shifting" && s["unit_id"] == app.unit("bureau")).count();
        assert_eq!(shifting, usize::from(n >= 2), "after {} times", n + 1);
    }
    let alerts = events(&app, &id).await.into_iter().filter(|event| event["act"] == "supervision_proposed").count();
    assert_eq!(alerts, 1);
}

#[tokio::test]
async fn a_referral_that_is_none_is_not_found() {
    let app = TestApp::start().await;
    let (id, other) = (app.register(claim()).await.id(), app.register(claim()).await.id());
    app.refer(&id, "medical").await;
    app.refer(&other, "medical").await;
    let elsewhere = app.last_referral(&other).await;
    for referral in [elsewhere, app.unknown_id().to_string()] {
        for (method, below, body) in
            [(Method::DELETE, "", json!({"reason": "x"})), (Method::PUT, "/objection/decision", json!({"upheld": true}))]
        {
            app.act(&app.supervisor(), method, &id, &format!("referrals/{referral}{below}"), body).await.expect(404);
        }
        let objection = format!("referrals/{referral}/objection");
        app.act(&app.officer(), Method::POST, &id, &objection, json!({"reason": "x"})).await.expect(404);
    }
}
