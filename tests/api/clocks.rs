//! The clocks of a petition over HTTP: what starts them, what ends them, what comes of itself, and what the trail says of it.

use super::harness::{Answer, TestApp, claim, suggestion, usual_opinion};
use chrono::{DateTime, FixedOffset, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use std::fmt::Write;
use xinfang::auth::context::Origin;
use xinfang::deadline::ClockKind;
use xinfang::petition::clocks::due;
use xinfang::petition::clocks::fates::{Ending, Fate, fate};
use xinfang::platform::db::types::Id;

/// A local time of the office.
pub fn at(text: &str) -> DateTime<Utc> {
    let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    local.and_local_timezone(FixedOffset::east_opt(8 * 3600).unwrap()).unwrap().to_utc()
}

/// The last clock of a kind.
fn clock<'a>(petition: &'a Answer, kind: &str) -> &'a Value {
    let clocks = petition.body["clocks"].as_array().unwrap();
    clocks.iter().rev().find(|clock| clock["kind"] == kind).unwrap_or_else(|| panic!("no {kind}: {petition}"))
}

pub fn shown(petition: &Answer, kind: &str) -> String {
    let clock = clock(petition, kind);
    let word = |name: &str| clock[name].as_str().unwrap_or("-").to_owned();
    format!("{} {} {}", word("state"), word("due_on"), word("light"))
}

/// What has come of itself by now.
pub async fn sweep(app: &TestApp, id: &str) -> bool {
    let (id, origin) = (Id::or_nil(id), Origin::system(&app.platform, "sweep"));
    app.platform.db.write(move |c| due::sweep(c, &mut origin.context(), id)).await.unwrap()
}

pub async fn events(app: &TestApp, id: &str) -> Vec<Value> {
    app.supervisor().get(&format!("/petitions/{id}/events?limit=200")).await.expect(200).items().to_vec()
}

#[tokio::test]
async fn a_supported_claim_runs_its_clocks_to_the_lapse_of_the_review_window() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-05-18 09:00"));
    let registered = app.register(claim()).await;
    let id = registered.id();
    assert_eq!(shown(&registered, "triage_notice"), "running 2026-06-02 green");
    // she is 81: the office's own target comes first, the law stays
    assert_eq!(clock(&registered, "triage_notice")["target_at"], json!("2026-05-25T16:00:00Z"));
    app.clock.move_to(at("2026-05-18 14:30"));
    let referred = app.refer(&id, "medical").await;
    assert_eq!(shown(&referred, "triage_notice"), "met 2026-06-02 green");
    assert_eq!(shown(&referred, "unit_notice"), "running 2026-06-02 green");
    assert_eq!(shown(&referred, "objection"), "running 2026-05-25 green");
    app.clock.move_to(at("2026-05-19 10:00"));
    let accepted = app.accept(&id).await;
    assert_eq!(
        (shown(&accepted, "unit_notice"), shown(&accepted, "objection")),
        ("met 2026-06-02 green".into(), "met 2026-05-25 green".into())
    );
    assert_eq!(shown(&accepted, "handling"), "running 2026-07-18 green", "a Saturday: duties do not roll");
    app.clock.move_to(at("2026-05-20 15:00"));
    let mut opinion = usual_opinion("claim");
    opinion["execution_due"] = json!("2026-07-15");
    let decided = app.answer(&id, opinion).await;
    assert_eq!(
        (shown(&decided, "handling"), shown(&decided, "delivery")),
        ("met 2026-07-18 green".into(), "running 2026-06-03 green".into())
    );
    app.clock.move_to(at("2026-05-22 10:00"));
    let delivered = app.deliver(&id).await;
    assert_eq!(shown(&delivered, "delivery"), "met 2026-06-03 green");
    // 2026-06-21 is the last day of the Dragon Boat holiday: rights roll on
    assert_eq!(shown(&delivered, "review_window"), "running 2026-06-22 green");
    assert_eq!(shown(&delivered, "evaluation_window"), "running 2026-06-22 green");
    assert_eq!(shown(&delivered, "execution"), "running 2026-07-15 green");
    assert!(delivered.allows("record_execution"), "{delivered}");

    app.clock.move_to(at("2026-06-16 00:00"));
    assert!(sweep(&app, &id).await, "two warnings");
    assert!(!sweep(&app, &id).await, "each once");
    assert_eq!(shown(&app.petition(&app.officer(), &id).await, "review_window"), "running 2026-06-22 yellow");

    app.clock.move_to(at("2026-06-18 11:00"));
    let body = json!({"status": "done", "note": "已报销到账。"});
    let who = app.officer();
    app.act(&who, Method::PUT, &id, "execution", body.clone()).await.expect(422).only_faults(&[("/proof", "proof_required")]);
    let body = json!({"status": "done", "note": "已报销到账。", "proof": "银行到账凭证"});
    let executed = app.act(&who, Method::PUT, &id, "execution", body.clone()).await.expect(200);
    assert_eq!(shown(&executed, "execution"), "met 2026-07-15 green");
    app.act(&who, Method::PUT, &id, "execution", body).await.expect(409).problem("execution_done");
    assert_eq!(who.get(&format!("/petitions/{id}/execution")).await.expect(200).text("/status"), "done");

    app.clock.move_to(at("2026-06-23 00:00"));
    // an act that comes before the sweep finds the petition as it is by then
    app.act(&who, Method::POST, &id, "closure", json!({"reason": "final"})).await.expect(409).problem("stage_forbids");
    app.clock.move_to(at("2026-06-24 08:00"));
    assert!(sweep(&app, &id).await);
    let closed = app.petition(&who, &id).await;
    assert_eq!((closed.stage(), closed.text("/closure_basis")), ("closed".into(), "window_lapsed".into()));
    assert_eq!(closed.body["closed_at"], json!("2026-06-22T16:00:00Z"));
    assert!(closed.body["clocks"].as_array().unwrap().iter().all(|c| c["state"] == "met" || c["state"] == "lapsed"), "{closed}");
    let told = events(&app, &id).await;
    let last: Vec<_> = told.iter().rev().take(3).rev().map(|e| (e["act"].as_str().unwrap(), e["at"].as_str().unwrap())).collect();
    let midnight = "2026-06-22T16:00:00Z";
    assert_eq!(last, [("clock_lapsed", midnight), ("clock_lapsed", midnight), ("closed", midnight)]);
    let evaluations = who.get(&format!("/petitions/{id}/evaluations")).await.expect(200);
    assert_eq!(evaluations.items().len(), 2);
    assert!(evaluations.items().iter().all(|e| e["score"].is_null()), "silence is no word: {evaluations}");
    let late = app.desk().put(&format!("/petitions/{id}/evaluations/office"), json!({"score": "satisfied"})).await;
    late.expect(409).problem("evaluation_lapsed");
}

#[tokio::test]
async fn a_duty_is_breached_once_proposed_for_supervision_and_met_late() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    app.clock.move_to(at("2026-05-02 00:00"));
    let overdue = app.petition(&app.officer(), &id).await;
    assert_eq!(shown(&overdue, "handling"), "running 2026-05-01 red", "red at once, found within a minute");
    app.clock.move_to(at("2026-05-03 07:00"));
    assert!(sweep(&app, &id).await && !sweep(&app, &id).await);
    let breached = app.petition(&app.officer(), &id).await;
    assert_eq!(shown(&breached, "handling"), "breached 2026-05-01 red");
    assert_eq!(breached.etag().split('-').next(), overdue.etag().split('-').next(), "a breach is no new version");
    let told = events(&app, &id).await;
    let breach = told.last().unwrap();
    assert_eq!((breach["act"].as_str(), breach["at"].as_str()), (Some("clock_breached"), Some("2026-05-01T16:00:00Z")));
    assert_eq!(breach["changes"]["seen_at"], json!("2026-05-02T23:00:00Z"), "{breach}");
    let proposed = app.supervisor().get(&format!("/petitions/{id}/supervisions")).await.expect(200);
    assert_eq!(proposed.items().len(), 1);
    assert_eq!(proposed.items()[0]["reason"], "not_closed_in_time");
    assert_eq!(proposed.items()[0]["unit_id"], json!(app.unit("medical")));

    let decided = app.opinion(&id).await;
    assert_eq!(shown(&decided, "handling"), "met_late 2026-05-01 red");
}

#[tokio::test]
async fn a_late_act_records_the_breach_that_nobody_has_found_yet() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.clock.move_to(at("2026-03-18 08:30"));
    let referred = app.refer(&id, "medical").await;
    assert_eq!(shown(&referred, "triage_notice"), "met_late 2026-03-17 red");
    let acts: Vec<String> = events(&app, &id).await.iter().map(|e| e["act"].as_str().unwrap().to_owned()).collect();
    assert_eq!(acts, ["registered", "clock_warned", "clock_breached", "referred"]);
}

#[tokio::test]
async fn a_suggestion_closes_when_its_evaluation_is_over() {
    let app = TestApp::start().await;
    let id = app.delivered(suggestion(), "community").await;
    let delivered = app.petition(&app.supervisor(), &id).await;
    assert!(delivered.body["clocks"].as_array().unwrap().iter().all(|c| c["kind"] != "review_window"), "{delivered}");
    for object in ["office", "unit"] {
        let given = app.desk().put(&format!("/petitions/{id}/evaluations/{object}"), json!({"score": "satisfied"})).await;
        given.expect(201);
    }
    let closed = app.petition(&app.desk(), &id).await;
    assert_eq!((closed.stage(), closed.text("/closure_basis")), ("closed".into(), "no_review_right".into()));
    assert!(shown(&closed, "evaluation_window").starts_with("met "));
}

#[tokio::test]
async fn what_cannot_wait_is_reported_within_hours() {
    let app = TestApp::start().await;
    let mut urgent = claim();
    urgent["urgent"] = json!(true);
    let registered = app.register(urgent).await;
    let id = registered.id();
    assert_eq!(clock(&registered, "urgent_report")["due_at"], json!("2026-03-02T05:00:00Z"));
    let report = json!({"reported_to": "值班领导", "note": "住院急需用药"});
    let reported = app.act(&app.desk(), Method::PUT, &id, "urgency/report", report.clone()).await.expect(200);
    assert!(shown(&reported, "urgent_report").starts_with("met "));
    app.act(&app.desk(), Method::PUT, &id, "urgency/report", report).await.expect(409).problem("no_urgent_report_due");
    assert_eq!(app.desk().get(&format!("/petitions/{id}/urgency/report")).await.expect(200).text("/reported_to"), "值班领导");
}

#[tokio::test]
async fn closing_withdrawing_and_voiding_end_what_they_should() {
    let app = TestApp::start().await;
    let spot = app.register(claim()).await.id();
    let spot = app.close(&spot, "answered_on_the_spot").await;
    assert_eq!(shown(&spot, "triage_notice"), "met 2026-03-17 green");
    assert_eq!(shown(&spot, "evaluation_window"), "running 2026-04-01 green", "the office alone is asked");
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    let withdrawn = app.act(&app.officer(), Method::POST, &id, "withdrawal", json!({"note": "本人撤回"})).await.expect(201);
    assert_eq!(shown(&withdrawn, "handling"), "cancelled 2026-05-01 green");
    assert_eq!(clock(&withdrawn, "handling")["cause"], "withdrawn");
    let told = events(&app, &id).await;
    let ended = &told.last().unwrap()["changes"]["clocks"]["ended"];
    assert_eq!(ended.as_array().unwrap().len(), 1, "{ended}");
}

#[tokio::test]
async fn a_corrected_arrival_moves_the_notice_and_a_delivery_too_long_ago_is_refused() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    let body = json!({"received_at": "2026-02-20T02:00:00Z", "backdating_reason": "信件压在收发室", "reason": "邮戳更早"});
    let (desk, etag) = (app.desk(), app.petition(&app.desk(), &id).await.etag());
    let corrected = desk.call(Method::PATCH, &format!("/petitions/{id}")).json(&body).if_match(&etag).await.expect(200);
    assert_eq!(shown(&corrected, "triage_notice"), "running 2026-03-07 green");
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    app.opinion(&id).await;
    app.clock.move_to(at("2026-05-20 09:00"));
    let long_ago = json!({"method": "post", "receipt": "signed", "recipient": "褚玉兰", "delivered_at": "2026-03-02T03:00:00Z"});
    app.act(&app.officer(), Method::POST, &id, "deliveries", long_ago)
        .await
        .expect(422)
        .only_faults(&[("/delivered_at", "delivery_too_old")]);
}

#[tokio::test]
async fn a_breach_that_rests_on_a_wrong_arrival_is_none() {
    let app = TestApp::start().await;
    let mut letter = claim();
    letter["received_at"] = json!("2026-02-01T02:00:00Z");
    letter["backdating_reason"] = json!("信件压在收发室");
    let id = app.register(letter).await.id();
    assert!(sweep(&app, &id).await);
    let breached = app.petition(&app.desk(), &id).await;
    assert_eq!(shown(&breached, "triage_notice"), "breached 2026-02-16 red");
    let body = json!({"received_at": "2026-02-27T02:00:00Z", "reason": "邮戳看错"});
    let corrected = app.desk().call(Method::PATCH, &format!("/petitions/{id}")).json(&body).if_match(&breached.etag()).await.expect(200);
    assert_eq!(shown(&corrected, "triage_notice"), "running 2026-03-14 green");
    let proposed = app.supervisor().get(&format!("/petitions/{id}/supervisions")).await.expect(200);
    assert_eq!(proposed.items()[0]["state"], "dismissed");
    app.clock.move_to(at("2026-03-15 00:00"));
    assert!(sweep(&app, &id).await);
    assert_eq!(shown(&app.petition(&app.desk(), &id).await, "triage_notice"), "breached 2026-03-14 red");
}

/// The table of the procedure: what becomes of an open clock when something ends. Rewritten with `UPDATE_GOLDEN=1`, read by people.
#[test]
fn what_becomes_of_open_clocks_is_the_procedures() {
    let width = ClockKind::ALL.iter().map(|kind| kind.as_str().len()).max().unwrap();
    let mut text = "# What becomes of an open clock: + met, x cancelled (its cause, where it is not the ending's name), ~ cancelled and its breach annulled, . goes on.\n".to_owned();
    for ending in Ending::all() {
        writeln!(text, "\n{}", ending.as_str()).unwrap();
        for kind in ClockKind::ALL {
            let sign = match fate(*kind, ending) {
                Fate::GoesOn => ".".to_owned(),
                Fate::Met => "+".to_owned(),
                Fate::Cancelled(cause) if cause == ending.as_str() => "x".to_owned(),
                Fate::Cancelled(cause) => format!("x {cause}"),
                Fate::Annulled(_) => "~".to_owned(),
            };
            writeln!(text, "  {:width$}  {sign}", kind.as_str()).unwrap();
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/golden/clock-fates.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), text, "golden/clock-fates.txt");
}
