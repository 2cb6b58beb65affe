//! Joint handling: the lead asks other units by a day, who see the petition until they have answered; what is mandatory holds the
//! opinion back.

use super::clocks::{at, events, shown, sweep};
use super::harness::{Answer, Persona, Request, TestApp, accusation, claim};
use super::office::dissolve;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A claim that 医疗保险科 accepted on 2026-03-02 at 11:00: it is answered by 1 May.
async fn accepted(app: &TestApp) -> String {
    app.clock.move_to(at("2026-03-02 11:00"));
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    assert_eq!(shown(&app.accept(&id).await, "handling"), "running 2026-05-01 green");
    id
}

fn question(app: &TestApp, unit: &str, mandatory: bool, due_on: &str) -> Value {
    json!({"unit_id": app.unit(unit), "question": "请核对垫付情况", "mandatory": mandatory, "due_on": due_on})
}

/// On the version that stands, which who does not know of the petition can't see.
async fn act(app: &TestApp, who: &Persona<'_>, method: Method, id: &str, below: &str, body: Value) -> Answer {
    let etag = app.petition(&app.supervisor(), id).await.etag();
    who.call(method, &format!("/petitions/{id}/{below}")).json(&body).if_match(&etag).await
}

async fn ask(app: &TestApp, who: &Persona<'_>, id: &str, body: Value) -> Answer {
    act(app, who, Method::POST, id, "assistance", body).await
}

async fn answer(app: &TestApp, who: &Persona<'_>, id: &str, asked: &str) -> Answer {
    act(app, who, Method::PUT, id, &format!("assistance/{asked}/answer"), json!({"answer": "已核对，尚未支付"})).await
}

async fn cancel(app: &TestApp, who: &Persona<'_>, id: &str, asked: &str, body: Value) -> Answer {
    act(app, who, Method::DELETE, id, &format!("assistance/{asked}"), body).await
}

fn made(answer: &Answer) -> String {
    answer.header("location").unwrap().rsplit('/').next().unwrap().to_owned()
}

/// How the limits for answers stand, in the order of their units' names.
fn owed(seen: &Answer) -> Vec<(String, String, String)> {
    let clocks = seen.body["clocks"].as_array().unwrap().iter().filter(|clock| clock["kind"] == "assisting_answer");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut owed: Vec<_> = clocks.map(|clock| (text(&clock["unit"]["name"]), text(&clock["state"]), text(&clock["due_on"]))).collect();
    owed.sort();
    owed
}

fn told(unit: &str, state: &str, due_on: &str) -> (String, String, String) {
    (unit.to_owned(), state.to_owned(), due_on.to_owned())
}

#[tokio::test]
async fn two_units_are_asked_and_the_opinion_waits_for_the_mandatory_one() {
    let app = TestApp::start().await;
    let id = accepted(&app).await;
    let (finance, community) = (app.by("finance_officer"), app.by("community_officer"));
    finance.get(&format!("/petitions/{id}")).await.expect(404);

    app.clock.move_to(at("2026-03-06 09:00"));
    let first = ask(&app, &app.officer(), &id, question(&app, "finance", true, "2026-04-10")).await.expect(201);
    let second = ask(&app, &app.officer(), &id, question(&app, "community", false, "2026-04-20")).await.expect(201);
    assert_eq!(owed(&second), [told("社区办", "running", "2026-04-20"), told("财务科", "running", "2026-04-10")]);
    let (first, second) = (made(&first), made(&second));

    // each sees it, and may answer its own
    let seen = app.petition(&finance, &id).await;
    assert!(seen.allows("answer_assistance") && !seen.allows("ask_assistance") && !seen.allows("issue_opinion"), "{seen}");
    let listed = finance.get("/petitions?limit=200").await.expect(200);
    assert_eq!(listed.items().len(), 1, "{listed}");
    answer(&app, &community, &id, &first).await.expect(403).problem("not_permitted");
    answer(&app, &app.officer(), &id, &first).await.expect(403).problem("not_permitted");

    app.clock.move_to(at("2026-04-07 10:00"));
    let lead = app.petition(&app.officer(), &id).await;
    assert!(!lead.allows("issue_opinion") && lead.allows("cancel_assistance"), "{lead}");
    let refused = app.act(&app.officer(), Method::PUT, &id, "opinion", super::harness::usual_opinion("claim")).await;
    let refused = refused.expect(409).problem("assistance_missing");
    assert!(refused.body["detail"].as_str().unwrap().contains("财务科"), "{refused}");
    assert!(!refused.body["detail"].as_str().unwrap().contains("社区办"), "{refused}");

    app.clock.move_to(at("2026-04-08 10:00"));
    let met = answer(&app, &finance, &id, &first).await.expect(200);
    assert_eq!(owed(&met), [told("社区办", "running", "2026-04-20"), told("财务科", "met", "2026-04-10")], "its own limit alone");
    finance.get(&format!("/petitions/{id}")).await.expect(404);
    let one = app.officer().get(&format!("/petitions/{id}/assistance/{first}")).await.expect(200);
    assert_eq!((one.text("/state"), one.text("/answer")), ("answered".into(), "已核对，尚未支付".into()));
    cancel(&app, &app.officer(), &id, &first, json!({"reason": "不再需要"})).await.expect(409).problem("assistance_closed");

    // what is not mandatory is not waited for
    app.clock.move_to(at("2026-04-10 10:00"));
    let decided = app.opinion(&id).await;
    assert_eq!(owed(&decided)[0], told("社区办", "cancelled", "2026-04-20"));
    let listed = app.officer().get(&format!("/petitions/{id}/assistance")).await.expect(200);
    let states: BTreeMap<&str, &str> =
        listed.items().iter().map(|one| (one["id"].as_str().unwrap(), one["state"].as_str().unwrap())).collect();
    assert_eq!((states[&*first], states[&*second]), ("answered", "cancelled"));
    let last = events(&app, &id).await.pop().unwrap();
    assert_eq!((&last["act"], &last["changes"]["ended_assistance"]), (&json!("opinion_issued"), &json!([second])));
    community.get(&format!("/petitions/{id}")).await.expect(404);
}

#[tokio::test]
async fn who_can_not_be_asked_or_not_by_that_day_is_named() {
    let app = TestApp::start().await;
    let id = accepted(&app).await;
    let body = |unit: &str, due_on: &str| question(&app, unit, true, due_on);
    ask(&app, &app.officer(), &id, body("finance", "2026-05-01")).await.expect(201);
    let before = app.petition(&app.officer(), &id).await.etag();
    for (body, faults) in [
        (body("medical", "2026-05-02"), vec![("/unit_id", "assist_self"), ("/due_on", "due_beyond_lead")]),
        (body("finance", "2026-04-01"), vec![("/unit_id", "unit_already_asked")]),
        (body("housing", "2026-03-02"), vec![("/due_on", "due_past")]),
    ] {
        ask(&app, &app.officer(), &id, body).await.expect(422).only_faults(&faults);
    }
    let mut unknown = body("housing", "2026-04-01");
    unknown["unit_id"] = json!(app.unknown_id().to_string());
    ask(&app, &app.officer(), &id, unknown).await.expect(422).only_faults(&[("/unit_id", "unknown_unit")]);
    let mut silent = body("housing", "2026-04-01");
    silent["question"] = json!(" ");
    ask(&app, &app.officer(), &id, silent).await.expect(422).problem("invalid");
    let asked = app.last_question(&id).await;
    cancel(&app, &app.officer(), &id, &asked, json!({})).await.expect(422).only_faults(&[("/reason", "reason_required")]);
    cancel(&app, &app.officer(), &id, &app.unknown_id().to_string(), json!({"reason": "无"})).await.expect(404);
    ask(&app, &app.supervisor(), &id, body("housing", "2026-04-01")).await.expect(403).problem("not_permitted");
    ask(&app, &app.by("pension_officer"), &id, body("housing", "2026-04-01")).await.expect(404);
    assert_eq!(app.petition(&app.officer(), &id).await.etag(), before);
    // the successor is asked for a dissolved unit, and one that is asked may not become the subject
    dissolve(&app, "housing", "finance").await.expect(201);
    ask(&app, &app.officer(), &id, body("housing", "2026-04-01")).await.expect(422).only_faults(&[("/unit_id", "unit_already_asked")]);
    let accuse = json!({"reason": "补录被反映人", "subject": {"name": "财务科", "unit_id": app.unit("finance")}});
    let refused = app.supervisor().patch(&format!("/petitions/{id}"), accuse).if_match(&before).await.expect(422);
    refused.fault("/subject/unit_id", "unit_is_accused");
}

#[tokio::test]
async fn a_missed_answer_is_the_assisting_units_and_one_taken_back_is_owed_no_more() {
    let app = TestApp::start().await;
    let id = accepted(&app).await;
    ask(&app, &app.officer(), &id, question(&app, "finance", true, "2026-03-10")).await.expect(201);
    app.clock.move_to(at("2026-03-11 00:00"));
    assert!(sweep(&app, &id).await);
    let late = app.petition(&app.officer(), &id).await;
    assert_eq!(owed(&late), [told("财务科", "breached", "2026-03-10")]);
    let proposed = app.supervisor().get(&format!("/petitions/{id}/supervisions")).await.expect(200);
    assert!(proposed.to_string().contains(&app.unit("finance")), "{proposed}");
    let asked = app.last_question(&id).await;
    let late = answer(&app, &app.by("finance_officer"), &id, &asked).await.expect(200);
    assert_eq!(owed(&late), [told("财务科", "met_late", "2026-03-10")]);

    // asked again, and not needed
    ask(&app, &app.officer(), &id, question(&app, "finance", true, "2026-03-20")).await.expect(201);
    let again = app.last_question(&id).await;
    answer(&app, &app.by("finance_officer"), &id, &asked).await.expect(409).problem("assistance_closed");
    assert!(app.petition(&app.supervisor(), &id).await.allows("cancel_assistance"));
    let dropped = cancel(&app, &app.supervisor(), &id, &again, json!({"reason": "已查明"})).await.expect(200);
    assert_eq!(owed(&dropped)[0], told("财务科", "cancelled", "2026-03-20"));
    assert!(!dropped.allows("cancel_assistance"), "{dropped}");
    app.by("finance_officer").get(&format!("/petitions/{id}")).await.expect(404);
    app.opinion(&id).await;
}

#[tokio::test]
async fn a_recall_ends_what_was_asked_and_keeps_what_was_answered() {
    let app = TestApp::start().await;
    let id = accepted(&app).await;
    app.ask_assistance(&id, "finance", "2026-04-10").await;
    let answered = app.last_question(&id).await;
    answer(&app, &app.by("finance_officer"), &id, &answered).await.expect(200);
    app.ask_assistance(&id, "housing", "2026-04-10").await;
    let referral = app.last_referral(&id).await;
    let body = json!({"reason": "转错单位"});
    let back = app.act(&app.supervisor(), Method::DELETE, &id, &format!("referrals/{referral}"), body).await.expect(200);
    assert_eq!(owed(&back), [told("住房补贴科", "cancelled", "2026-04-10"), told("财务科", "met", "2026-04-10")]);
    let listed = app.supervisor().get(&format!("/petitions/{id}/assistance")).await.expect(200);
    let mut states: Vec<&str> = listed.items().iter().map(|one| one["state"].as_str().unwrap()).collect();
    states.sort_unstable(); // asked at one instant
    assert_eq!(states, ["answered", "cancelled"]);
}

#[tokio::test]
async fn on_an_accusation_the_accused_are_not_asked() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 11:00"));
    let id = app.register(accusation(app.office().unit("pension"))).await.id();
    app.refer(&id, "discipline").await;
    app.accept(&id).await;
    let who = app.discipline();
    ask(&app, &who, &id, question(&app, "pension", true, "2026-04-10")).await.expect(422).only_faults(&[("/unit_id", "unit_is_accused")]);
    app.by("finance_officer").get(&format!("/petitions/{id}")).await.expect(404);
    let asked = ask(&app, &who, &id, question(&app, "finance", true, "2026-12-10")).await.expect(201);
    app.by("finance_officer").get(&format!("/petitions/{id}")).await.expect(200);
    for other in [app.officer(), app.by("pension_officer")] {
        other.get(&format!("/petitions/{id}")).await.expect(404);
        answer(&app, &other, &id, &made(&asked)).await.expect(404);
    }
}

#[tokio::test]
async fn who_needs_other_units_is_out_of_the_simplified_procedure() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 11:00"));
    let mut simple = claim();
    simple["simplified"] = json!(true);
    let id = app.register(simple).await.id();
    app.refer(&id, "medical").await;
    assert_eq!(app.accept(&id).await.body["simplified"], true);
    let asked = app.ask_assistance(&id, "finance", "2026-03-10").await;
    assert_eq!(asked.body["simplified"], false);
    assert!(shown(&asked, "simplified_answer").starts_with("cancelled"), "{asked}");
}

#[tokio::test]
async fn of_two_at_once_one_asks_and_a_retry_is_answered_as_before() {
    let app = TestApp::start().await;
    let id = accepted(&app).await;
    let (officer, etag) = (app.officer(), app.petition(&app.officer(), &id).await.etag());
    let path = format!("/petitions/{id}/assistance");
    let send = |unit: &str| -> Request<'_> { officer.post(&path, question(&app, unit, true, "2026-04-10")).if_match(&etag) };
    let (one, other) = tokio::join!(send("finance"), send("housing"));
    let mut both = [one.status, other.status];
    both.sort_unstable();
    assert_eq!(both, [201, 412], "{one}\n{other}");
    assert_eq!(app.open_questions(&id).await.len(), 1);

    let asked = app.last_question(&id).await;
    let (unit, answerer) = if one.status == 201 { ("finance", "finance_officer") } else { ("housing", "housing_officer") };
    let who = app.by(answerer);
    let etag = app.petition(&who, &id).await.etag();
    let again = || {
        let body = json!({"answer": "已核对"});
        who.put(&format!("{path}/{asked}/answer"), body).if_match(&etag).header("idempotency-key", "answered-once")
    };
    let first = again().await.expect(200);
    // it sees the petition no more, and is told again what it was told
    assert_eq!(again().await.expect(200).body, first.body, "{unit}");
    assert_eq!(events(&app, &id).await.iter().filter(|e| e["act"] == "assistance_answered").count(), 1);
}
