//! Reviews and re-reviews: asked for within the window, decided by the unit above, answered, handled anew, at the end terminated.

use super::harness::{Answer, TestApp, accusation, claim, suggestion};
use chrono::{DateTime, Duration, Utc};
use reqwest::Method;
use serde_json::{Value, json};

fn decision(of: &str) -> Value {
    let mut body = json!({"decision": of, "opinion": "经复查，原意见认定事实不清", "legal_basis": "《信访工作条例》第三十五条"});
    if of == "change" {
        body["outcome"] = json!("supported");
        body["execution_due"] = json!("2026-06-30");
    }
    body
}

fn refused() -> Value {
    json!({"outcome": "not_supported", "facts": "未备案", "opinion": "不予支持", "legal_basis": "《社会保险法》第二十八条"})
}

/// To nine in the morning of a day, office time.
fn to(app: &TestApp, day: &str) {
    let then: DateTime<Utc> = format!("{day}T01:00:00Z").parse().unwrap();
    app.advance(then - app.now());
}

/// The last clock of a kind: its state and last day.
fn clock<'a>(seen: &'a Answer, kind: &str) -> (&'a str, &'a str) {
    let clocks = seen.body["clocks"].as_array().unwrap();
    let last = clocks.iter().rfind(|clock| clock["kind"] == kind).unwrap_or_else(|| panic!("no {kind}:\n{seen}"));
    (last["state"].as_str().unwrap(), last["due_on"].as_str().unwrap())
}

/// A claim whose answer was refused and delivered on 2 March 2026, a Monday.
async fn refused_claim(app: &TestApp) -> String {
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    app.answer(&id, refused()).await;
    app.deliver(&id).await;
    id
}

/// | at | act | clocks |
/// |---|---|---|
/// | Mon 03-02 | registered, referred, accepted, not supported, delivered | review_window 30 d: Wed 04-01 |
/// | Thu 03-12 | review asked for | window met; evaluation cancelled; review 30 d: Sat 04-11, no roll |
/// | Fri 03-20 | revoked by the bureau | handling 60 d: Tue 05-19; round 2 |
/// | Mon 03-23 | the same officer may not; the head answers | delivery 10 wd: Tue 04-07, for Qingming is 4–6 April |
/// | Wed 03-25 | delivered | rereview_window 30 d: Fri 04-24; evaluation_window too |
/// | Fri 04-10 | re-review asked for: the city's bureau, above the one that reviewed | rereview 30 d: Sun 05-10, no roll |
/// | Mon 04-20 | changed: supported, until 06-30 | delivery 10 wd: Thu 05-07, for 1–5 May are holidays |
/// | Tue 04-21 | delivered: terminated | execution 06-30, evaluation_window 30 d: Thu 05-21 |
#[tokio::test]
async fn reviewed_revoked_redone_reviewed_again_and_terminated() {
    let app = TestApp::start().await;
    let id = refused_claim(&app).await;
    let delivered = app.petition(&app.desk(), &id).await;
    assert_eq!((clock(&delivered, "review_window"), &delivered.body["round"]), (("running", "2026-04-01"), &json!(1)));
    assert!(delivered.allows("request_review"));

    to(&app, "2026-03-12");
    let asked = app.contest(&id).await;
    assert_eq!((asked.stage().as_str(), asked.text("/review_unit/name").as_str()), ("under_review", "县老干部局"));
    assert_eq!(clock(&asked, "review_window").0, "met");
    assert_eq!((clock(&asked, "evaluation_window").0, clock(&asked, "review")), ("cancelled", ("running", "2026-04-11")));

    to(&app, "2026-03-20");
    let revoked = app.decide_review(&id, decision("revoke")).await.expect(200);
    assert_eq!((revoked.stage().as_str(), &revoked.body["round"], &revoked.body["reviews_decided"]), ("handling", &json!(2), &json!(1)));
    assert_eq!((clock(&revoked, "review").0, clock(&revoked, "handling")), ("met", ("running", "2026-05-19")));
    assert!(revoked.body["review_unit"].is_null());

    to(&app, "2026-03-23");
    app.act(&app.officer(), Method::PUT, &id, "opinion", refused()).await.expect(403).problem("same_officer");
    assert!(!app.petition(&app.officer(), &id).await.allows("issue_opinion"));
    let redone = app.act(&app.head(), Method::PUT, &id, "opinion", refused()).await.expect(201);
    assert_eq!(clock(&redone, "delivery"), ("running", "2026-04-07"));

    to(&app, "2026-03-25");
    let delivered = app.deliver(&id).await;
    assert_eq!((clock(&delivered, "rereview_window"), clock(&delivered, "evaluation_window").1), (("running", "2026-04-24"), "2026-04-24"));

    to(&app, "2026-04-10");
    let again = app.contest(&id).await;
    assert_eq!((again.text("/review_unit/name").as_str(), clock(&again, "rereview")), ("市老干部局", ("running", "2026-05-10")));

    to(&app, "2026-04-20");
    let changed = app.decide_review(&id, decision("change")).await.expect(200);
    assert_eq!((changed.stage().as_str(), clock(&changed, "rereview").0, clock(&changed, "delivery").1), ("decided", "met", "2026-05-07"));
    assert!(!changed.allows("correct_opinion"));

    to(&app, "2026-04-21");
    let over =
        app.act(&app.officer(), Method::POST, &id, "deliveries", json!({"method": "in_person", "receipt": "signed"})).await.expect(201);
    assert_eq!((over.stage().as_str(), over.text("/closure_reason").as_str()), ("closed", "terminated"));
    assert_eq!((clock(&over, "execution"), clock(&over, "evaluation_window")), (("running", "2026-06-30"), ("running", "2026-05-21")));
    assert!(!over.allows("request_review"));
    app.act(&app.desk(), Method::POST, &id, "reviews", json!({"grounds": "再次不服"})).await.expect(409).problem("no_review_right");

    // the same matter is not accepted again
    let mut repeat = claim();
    repeat["repeat_of"] = json!(id);
    let next = app.register(repeat).await;
    let closed = app.close(&next.id(), "no_longer_accepted").await;
    assert_eq!(closed.text("/closure_reason"), "no_longer_accepted");

    let reviews = app.desk().get(&format!("/petitions/{id}/reviews")).await.expect(200);
    let decided: Vec<_> = reviews.items().iter().map(|r| (r["level"].as_i64().unwrap(), r["decision"].as_str().unwrap())).collect();
    assert_eq!(decided, [(1, "revoke"), (2, "change")]);
    let notices = app.desk().get(&format!("/petitions/{id}/notices")).await.expect(200);
    let kinds: Vec<_> = notices.items().iter().filter_map(|n| n["kind"].as_str()).filter(|kind| kind.starts_with("rev")).collect();
    assert_eq!(kinds, ["review_receipt", "revocation", "review_receipt", "review"]);
    let signed: Vec<_> = notices.items().iter().filter(|n| ["revocation", "review"].contains(&n["kind"].as_str().unwrap())).collect();
    let signed: Vec<_> = signed.iter().map(|n| n["sign_off"].as_str().unwrap()).collect();
    assert_eq!(signed, ["县老干部局", "市老干部局"], "the unit that decided signs, not whoever records it");
}

#[tokio::test]
async fn an_upheld_answer_is_delivered_again_and_may_be_contested_once_more() {
    let app = TestApp::start().await;
    let id = app.delivered(claim(), "medical").await;
    app.contest(&id).await;
    app.advance(Duration::hours(1));
    let upheld = app.decide_review(&id, decision("uphold")).await.expect(200);
    assert_eq!((upheld.stage().as_str(), upheld.text("/review_unit/name").as_str()), ("decided", "县老干部局"));
    let execution = clock(&upheld, "execution").1.to_owned();
    app.advance(Duration::days(1));
    let delivered = app.act(&app.supervisor(), Method::POST, &id, "deliveries", json!({"method": "post", "receipt": "signed"})).await;
    let delivered = delivered.expect(201);
    assert_eq!((delivered.stage().as_str(), clock(&delivered, "rereview_window").0), ("delivered", "running"));
    let executions = delivered.body["clocks"].as_array().unwrap().iter().filter(|clock| clock["kind"] == "execution").count();
    assert_eq!((executions, clock(&delivered, "execution").1), (1, execution.as_str()), "what was promised is under way already");
    let answer = app.desk().get(&format!("/petitions/{id}/opinion")).await.expect(200);
    assert_eq!((answer.text("/outcome").as_str(), &answer.body["version"]), ("supported", &json!(2)));
}

#[tokio::test]
async fn the_window_decides_by_the_day_it_was_asked_for() {
    let app = TestApp::start().await;
    let id = refused_claim(&app).await;
    let ask =
        async |at: DateTime<Utc>| app.act(&app.desk(), Method::POST, &id, "reviews", json!({"grounds": "不服", "requested_at": at})).await;
    let delivered = app.now();
    ask(delivered + Duration::hours(2)).await.expect(422).only_faults(&[("/requested_at", "in_future")]);
    ask(delivered - Duration::days(3)).await.expect(422).only_faults(&[("/requested_at", "before_delivery")]);
    app.act(&app.desk(), Method::POST, &id, "reviews", json!({})).await.expect(422).only_faults(&[("/grounds", "required")]);

    // it closed of itself on 2 April; the letter came on the last day
    to(&app, "2026-04-03");
    let closed = app.petition(&app.desk(), &id).await;
    assert!(closed.allows("request_review"), "{closed}");
    ask(app.now()).await.expect(422).only_faults(&[("/requested_at", "review_window_lapsed")]);
    let last_day: DateTime<Utc> = "2026-04-01T15:59:59Z".parse().unwrap();
    let asked = ask(last_day).await.expect(201);
    assert_eq!((asked.stage().as_str(), &asked.body["closed_at"], clock(&asked, "review_window").0), ("under_review", &Value::Null, "met"));
    assert_eq!(clock(&asked, "review").1, "2026-05-01");
    app.desk().get(&format!("/petitions/{id}/closure")).await.expect(404);
}

#[tokio::test]
async fn what_knows_no_review_says_so() {
    let app = TestApp::start().await;
    let grounds = json!({"grounds": "不服"});
    let no_right = async |id: String, who: &str| {
        app.act(&app.by(who), Method::POST, &id, "reviews", grounds.clone()).await.expect(409).problem("no_review_right");
    };
    no_right(app.delivered(suggestion(), "community").await, "desk").await;
    no_right(app.delivered(accusation(app.office().unit("medical")), "discipline").await, "discipline").await;
    let spot = app.register(claim()).await.id();
    app.close(&spot, "answered_on_the_spot").await;
    app.act(&app.desk(), Method::POST, &spot, "reviews", grounds.clone()).await.expect(409).problem("stage_forbids");
}

#[tokio::test]
async fn a_review_is_withdrawn_and_the_answer_stands() {
    let app = TestApp::start().await;
    let id = refused_claim(&app).await;
    app.contest(&id).await;
    let closed = app.act(&app.desk(), Method::POST, &id, "withdrawal", json!({"note": "子女劝说后撤回"})).await.expect(201);
    assert_eq!((closed.text("/closure_reason").as_str(), closed.text("/closure_basis").as_str()), ("final", "review_withdrawn"));
    assert_eq!(clock(&closed, "review").0, "cancelled");
    let reviews = app.desk().get(&format!("/petitions/{id}/reviews")).await.expect(200);
    assert_eq!(reviews.items()[0]["state"], "ended");
    assert!(!closed.allows("request_review"), "the right was used");
    app.act(&app.desk(), Method::POST, &id, "reviews", json!({"grounds": "又不服"})).await.expect(409).problem("no_review_right");
    let late = format!("reviews/{}/decision", app.last_review(&id).await);
    app.act(&app.supervisor(), Method::PUT, &id, &late, decision("uphold")).await.expect(409).problem("stage_forbids");
}

#[tokio::test]
async fn what_is_handled_anew_is_withdrawn_like_what_was_never_answered() {
    let app = TestApp::start().await;
    let id = refused_claim(&app).await;
    app.contest(&id).await;
    app.decide_review(&id, decision("revoke")).await.expect(200);
    let closed = app.act(&app.desk(), Method::POST, &id, "withdrawal", json!({"note": "已自行解决"})).await.expect(201);
    assert_eq!((closed.text("/closure_reason").as_str(), &closed.body["closure_basis"]), ("withdrawn", &Value::Null));
}

/// The window is over: the petitioner is not told that they may ask, the desk may still record that they did in time.
#[tokio::test]
async fn the_petitioner_is_told_whether_they_may_ask_today() {
    let app = TestApp::start().await;
    let registered = app.register(claim()).await;
    let id = registered.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    app.answer(&id, refused()).await;
    app.deliver(&id).await;
    let may = async || {
        let asked = json!({"number": registered.text("/number"), "query_code": registered.text("/query_code")});
        app.anonymous().post("/public/status", asked).await.expect(200).body["can_request_review"].clone()
    };
    assert_eq!(may().await, json!(true));
    to(&app, "2026-04-03");
    assert!(app.petition(&app.desk(), &id).await.allows("request_review"));
    assert_eq!(may().await, json!(false));
}

#[tokio::test]
async fn who_may_decide_and_with_what() {
    let app = TestApp::start().await;
    let id = refused_claim(&app).await;
    let asked = app.contest(&id).await;
    let below = format!("reviews/{}/decision", app.last_review(&id).await);
    app.act(&app.officer(), Method::PUT, &id, &below, decision("uphold")).await.expect(403).problem("not_permitted");
    app.by("pension_officer").get(&format!("/petitions/{id}/reviews")).await.expect(404);
    let nothing = format!("reviews/{}/decision", app.unknown_id());
    app.act(&app.supervisor(), Method::PUT, &id, &nothing, decision("uphold")).await.expect(404);
    let faulty = json!({"decision": "change", "opinion": "变更"});
    let faults = [("/outcome", "outcome_required"), ("/legal_basis", "legal_basis_required")];
    app.decide_review(&id, faulty).await.expect(422).only_faults(&faults);

    // two decide at once: one does
    let (etag, path) = (app.petition(&app.supervisor(), &id).await.etag(), format!("/petitions/{id}/{below}"));
    assert!(asked.allows("add_note"));
    let supervisor = app.supervisor();
    let (one, other) = tokio::join!(
        supervisor.put(&path, decision("uphold")).if_match(&etag).idempotency_key("one").into_future(),
        supervisor.put(&path, decision("revoke")).if_match(&etag).idempotency_key("other").into_future()
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    // whoever has decided does not decide again
    assert!([412, 409, 403].contains(&statuses[1]) && statuses[0] == 200, "{one}\n{other}");
    let (key, body) = if one.status == 200 { ("one", "uphold") } else { ("other", "revoke") };
    supervisor.put(&path, decision(body)).if_match(&etag).idempotency_key(key).await.expect(200);
}
