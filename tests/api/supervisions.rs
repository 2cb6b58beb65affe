//! Supervision: proposed, confirmed or dismissed, opened by those above, answered, lifted. Days counted by hand on the calendar of 2026.

use super::clocks::{at, events, shown, sweep};
use super::harness::{Answer, Persona, TestApp, accusation, claim};
use reqwest::Method;
use serde_json::{Value, json};

async fn update(app: &TestApp, who: &Persona<'_>, id: &str, body: Value) -> Answer {
    let last = app.last_supervision(id).await;
    who.patch(&format!("/petitions/{id}/supervisions/{last}"), body).await
}

async fn all(app: &TestApp, id: &str) -> Vec<Value> {
    app.supervisor().get(&format!("/petitions/{id}/supervisions")).await.expect(200).items().to_vec()
}

fn clocks(answer: &Answer) -> Vec<String> {
    let clocks = answer.body["clocks"].as_array().unwrap().iter().filter(|clock| clock["kind"] == "supervision_answer");
    clocks.map(|clock| clock["state"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_is_broken_is_proposed_confirmed_answered_and_lifted() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    // the fifteenth day is the 17th
    app.clock.move_to(at("2026-03-18 09:00"));
    sweep(&app, &id).await;
    let (supervisor, officer) = (app.supervisor(), app.officer());
    let seen = app.petition(&supervisor, &id).await;
    assert!(seen.allows("confirm_supervision") && seen.allows("dismiss_supervision") && !seen.allows("lift_supervision"));
    assert_eq!(seen.body["supervised"], false);
    assert!(!app.petition(&officer, &id).await.allows("answer_supervision"));

    let open = json!({"status": "open", "due_on": "2026-03-25"});
    update(&app, &officer, &id, open.clone()).await.expect(403).problem("not_permitted");
    for body in [json!({}), json!({"status": "open", "answer": "x"}), json!({"status": "lifted", "due_on": "2026-03-25"})] {
        update(&app, &supervisor, &id, body).await.expect(422).only_faults(&[("", "one_decision")]);
    }
    update(&app, &supervisor, &id, json!({"status": "open"})).await.expect(422).only_faults(&[("/due_on", "required")]);
    let today = json!({"status": "open", "due_on": "2026-03-18"});
    update(&app, &supervisor, &id, today).await.expect(422).only_faults(&[("/due_on", "due_past")]);
    update(&app, &supervisor, &id, json!({"status": "dismissed"})).await.expect(422).only_faults(&[("/reason", "reason_required")]);
    update(&app, &supervisor, &id, json!({"status": "lifted", "reason": "x"})).await.expect(409).problem("not_open");

    // two at once: one is confirmed, the other finds it decided
    let (one, other) = tokio::join!(update(&app, &supervisor, &id, open.clone()), update(&app, &supervisor, &id, open.clone()));
    let mut came = [one.status, other.status];
    came.sort_unstable();
    assert_eq!(came, [200, 409]);
    let confirmed = app.petition(&officer, &id).await;
    assert_eq!((shown(&confirmed, "supervision_answer"), &confirmed.body["supervised"]), ("running 2026-03-25 green".into(), &json!(true)));
    update(&app, &supervisor, &id, json!({"status": "dismissed", "reason": "x"})).await.expect(409).problem("not_proposed");
    let listed = officer.get("/petitions").await.expect(200);
    assert!(listed.items().iter().any(|p| p["id"] == *id && p["supervised"] == true), "{listed}");

    let letters = officer.get(&format!("/petitions/{id}/notices")).await.expect(200);
    let letter = letters.items().last().unwrap().clone();
    assert_eq!(
        (&letter["kind"], &letter["to_unit"], &letter["method"]),
        (&json!("supervision"), &json!(app.unit("medical")), &Value::Null)
    );
    assert!(letter["text"].as_str().unwrap().contains("2026年3月25日"), "{letter}");

    let answered = update(&app, &officer, &id, json!({"answer": "已受理，本周告知"})).await.expect(200);
    assert_eq!((clocks(&answered), &answered.body["supervised"]), (vec!["met".to_owned()], &json!(false)));
    update(&app, &officer, &id, json!({"answer": "再答"})).await.expect(403).problem("not_permitted");
    update(&app, &supervisor, &id, json!({"status": "lifted"})).await.expect(200);
    update(&app, &supervisor, &id, json!({"status": "lifted"})).await.expect(409).problem("not_open");
    let states: Vec<Value> = all(&app, &id).await.iter().map(|s| s["state"].clone()).collect();
    assert_eq!(states, [json!("lifted")]);
    let acts: Vec<String> = events(&app, &id).await.iter().map(|e| e["act"].as_str().unwrap().to_owned()).collect();
    assert_eq!(acts[acts.len() - 3..], ["supervision_opened", "supervision_answered", "supervision_lifted"]);
}

#[tokio::test]
async fn the_unit_keeps_sight_until_it_answers_whoever_leads_by_then() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let id = app.register(claim()).await.id();
    app.refer(&id, "pension").await;
    let path = format!("/petitions/{id}/supervisions");
    let body = json!({"reason": "老同志催问", "due_on": "2026-03-10"});
    app.officer().post(&path, body.clone()).await.expect(403);
    app.by("pension_officer").post(&path, body.clone()).await.expect(403).problem("not_permitted");
    app.leader()
        .post(&path, json!({"due_on": "2026-03-02"}))
        .await
        .expect(422)
        .only_faults(&[("/reason", "reason_required"), ("/due_on", "due_past")]);
    let first = app.leader().post(&path, body.clone()).idempotency_key("supervise-1").await.expect(201);
    let again = app.leader().post(&path, body).idempotency_key("supervise-1").await.expect(201);
    assert_eq!((first.body["etag"].clone(), all(&app, &id).await.len()), (again.body["etag"].clone(), 1));

    let referral = app.last_referral(&id).await;
    app.act(&app.supervisor(), Method::DELETE, &id, &format!("referrals/{referral}"), json!({"reason": "转错"})).await.expect(200);
    let pension = app.by("pension_officer");
    let seen = app.petition(&pension, &id).await;
    assert_eq!(seen.body["allowed_actions"], json!(["answer_supervision", "recuse"]));
    // the 10th is its last day
    app.clock.move_to(at("2026-03-11 09:00"));
    sweep(&app, &id).await;
    let now = all(&app, &id).await;
    let told: Vec<(&Value, &Value)> = now.iter().map(|s| (&s["reason"], &s["state"])).collect();
    // by the 9th the sender had to find it another owner
    let expected = [("ordered", "open"), ("procedure_not_followed", "proposed"), ("supervision_not_answered", "proposed")];
    assert_eq!(told, expected.each_ref().map(|(reason, state)| (json!(reason), json!(state))).each_ref().map(|(a, b)| (a, b)));
    let first = format!("{path}/{}", now[0]["id"].as_str().unwrap());
    pension.patch(&first, json!({"answer": "当时正在核对单据"})).await.expect(200);
    assert_eq!(clocks(&app.petition(&app.supervisor(), &id).await), ["met_late"]);
    pension.get(&format!("/petitions/{id}")).await.expect(404);
}

#[tokio::test]
async fn a_dismissed_one_asks_nobody_and_an_open_one_is_lifted_with_reasons() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.clock.move_to(at("2026-03-18 09:00"));
    sweep(&app, &id).await;
    let dismissed = update(&app, &app.supervisor(), &id, json!({"status": "dismissed", "reason": "已电话说明"})).await.expect(200);
    assert_eq!((clocks(&dismissed), all(&app, &id).await[0]["settled_words"].clone()), (vec![], json!("已电话说明")));
    // one made in the same millisecond could stand before it
    app.clock.move_to(at("2026-03-18 09:01"));
    app.supervise(&id).await;
    update(&app, &app.supervisor(), &id, json!({"status": "lifted"})).await.expect(422).only_faults(&[("/reason", "reason_required")]);
    let lifted = update(&app, &app.supervisor(), &id, json!({"status": "lifted", "reason": "已说明"})).await.expect(200);
    assert_eq!((clocks(&lifted), &lifted.body["supervised"]), (vec!["cancelled".to_owned()], &json!(false)));
}

#[tokio::test]
async fn on_an_accusation_nobody_complained_of_learns_of_it() {
    let app = TestApp::start().await;
    let id = app.register(accusation(app.office().unit("medical"))).await.id();
    app.refer(&id, "discipline").await;
    app.supervise(&id).await;
    let below = format!("/petitions/{id}/supervisions");
    for path in [below.clone(), format!("{below}/{}", app.last_supervision(&id).await)] {
        app.officer().get(&path).await.expect(404);
    }
    update(&app, &app.officer(), &id, json!({"answer": "x"})).await.expect(404);
    update(&app, &app.by("discipline"), &id, json!({"answer": "正在核查"})).await.expect(200);
}
