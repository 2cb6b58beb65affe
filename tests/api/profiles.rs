//! Procedure profiles: shown version by version, held to what the procedure fixes, published by the administrator.

use super::harness::{Answer, TestApp};
use super::histories::sound_chain;
use diesel::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use xinfang::platform::db::schema::profile;
use xinfang::platform::db::types::Id;

/// A profile as it stands, as the body of its next version.
async fn standing(app: &TestApp, code: &str) -> Value {
    let now = app.admin().get(&format!("/profiles/{code}")).await.expect(200).body;
    json!({"valid_from": "2026-06-01", "calendar": now["calendar"], "source": now["source"], "rules": now["rules"]})
}

/// The standing profile with a change to the rule of a clock.
async fn with_rule(app: &TestApp, code: &str, clock: &str, change: impl Fn(&mut Value)) -> (Value, usize) {
    let mut body = standing(app, code).await;
    let place = body["rules"].as_array().unwrap().iter().position(|rule| rule["clock"] == clock).unwrap();
    change(&mut body["rules"][place]);
    (body, place)
}

async fn publish(app: &TestApp, code: &str, body: Value) -> Answer {
    let etag = app.admin().get(&format!("/profiles/{code}")).await.expect(200).etag();
    app.admin().post(&format!("/profiles/{code}/versions"), body).if_match(&etag).await
}

async fn acts(app: &TestApp, code: &'static str) -> Vec<String> {
    let id: Id = app.rows(move |c| Ok(profile::table.filter(profile::code.eq(code)).select(profile::id).first(c)?)).await;
    sound_chain(app, &id.to_string()).await
}

fn remove(rule: &mut Value, member: &str) {
    rule.as_object_mut().unwrap().remove(member);
}

#[tokio::test]
async fn the_shipped_profiles_are_there_to_read_for_everybody() {
    let app = TestApp::start().await;
    for who in [app.desk(), app.officer(), app.head(), app.supervisor(), app.leader(), app.auditor(), app.admin()] {
        let list = who.get("/profiles").await.expect(200);
        let codes: Vec<_> = list.items().iter().map(|p| p["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["cn-2022", "cn-simplified"], "{list}");
    }
    let newest = app.desk().get("/profiles/cn-2022").await.expect(200);
    assert_eq!((&newest.body["version"], &newest.body["in_force"]), (&json!(1), &json!(true)));
    let said = json!({"calendar": newest.body["calendar"], "source": newest.body["source"], "rules": newest.body["rules"]});
    let digest = Sha256::digest(serde_json_canonicalizer::to_vec(&said).unwrap());
    assert_eq!(newest.text("/digest"), data_encoding::HEXLOWER.encode(&digest));
    let first = app.desk().get("/profiles/cn-2022/versions/1").await.expect(200);
    assert_eq!((&first.body, first.etag()), (&newest.body, newest.etag()));
    for unknown in ["uk", "cn-2022/versions/0", "cn-2022/versions/2", "cn-2022/versions/x", "%00"] {
        app.desk().get(&format!("/profiles/{unknown}")).await.expect(404).problem("not_found");
    }
}

#[tokio::test]
async fn a_version_is_published_and_begins_when_it_says() {
    let app = TestApp::start().await;
    let (mut body, place) = with_rule(&app, "cn-2022", "handling", |rule| rule["limit"] = json!(50)).await;
    body["reason"] = json!("办理时限压缩为五十日");
    let path = "/profiles/cn-2022/versions";
    for who in [app.desk(), app.officer(), app.head(), app.supervisor(), app.leader(), app.auditor()] {
        who.post(path, body.clone()).await.expect(403).problem("not_permitted");
    }
    app.admin().post(path, body.clone()).await.expect(428).problem("if_match_required");
    app.admin().post(path, json!({"bad": 1})).if_match("\"9-000000000000\"").await.expect(412).problem("stale");
    app.admin().post("/profiles/uk/versions", json!({"bad": 1})).if_match("\"9-000000000000\"").await.expect(404);
    let etag = app.admin().get("/profiles/cn-2022").await.expect(200).etag();
    let send = || app.admin().post(path, body.clone()).if_match(&etag).idempotency_key("shorter");
    let made = send().await.expect(201);
    assert_eq!(made.header("location"), Some("/api/v1/profiles/cn-2022/versions/2"));
    assert_eq!(made.body["rules"][place]["limit"], 50);
    assert_eq!((&made.body["in_force"], &made.body["valid_from"]), (&json!(false), &json!("2026-06-01")));
    let again = send().await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.body), (Some("true"), &made.body));
    // it is 2 March 2026: the first version is the one in force, and stays what it was
    let in_force = async || -> Vec<(Value, Value)> {
        let versions = app.desk().get(path).await.expect(200);
        versions.items().iter().map(|v| (v["version"].clone(), v["in_force"].clone())).collect()
    };
    assert_eq!(in_force().await, [(json!(2), json!(false)), (json!(1), json!(true))]);
    app.advance(chrono::Duration::days(91));
    assert_eq!(in_force().await, [(json!(2), json!(true)), (json!(1), json!(false))]);
    let first = app.desk().get("/profiles/cn-2022/versions/1").await.expect(200);
    assert_eq!(first.body["rules"][place]["limit"], 60);
    // what says the same is no version and no event
    assert_eq!(publish(&app, "cn-2022", body).await.expect(200).body["version"], 2);
    assert_eq!(acts(&app, "cn-2022").await, ["profile_published"; 2]);
    let rest = app.desk().get(&format!("{path}?limit=1")).await.expect(200);
    let rest = app.desk().get(&format!("{path}?limit=1&cursor={}", rest.text("/next_cursor"))).await.expect(200);
    assert_eq!((rest.items()[0]["version"].clone(), rest.body["next_cursor"].clone()), (json!(1), Value::Null));
}

#[tokio::test]
async fn a_version_without_the_shape_of_one_is_refused() {
    let app = TestApp::start().await;
    let before = app.trace().await;
    publish(&app, "cn-2022", json!({})).await.expect(422).only_faults(&[
        ("/valid_from", "required"),
        ("/calendar", "required"),
        ("/source", "required"),
        ("/rules", "required"),
    ]);
    let (body, place) = with_rule(&app, "cn-2022", "handling", |rule| {
        rule["clock"] = json!("coffee");
        rule["kinds"] = json!([]);
        rule["limit"] = json!(0);
        rule["unit"] = json!("moon");
        rule["roll"] = json!("back");
        rule["stops"] = json!([]);
        rule["class"] = json!("wish");
        rule["life"] = json!("long");
        rule["warnings"] = json!([]);
        rule["target_high"] = json!(-1);
        rule["extension"] = json!({"max_days": -1, "times": 2, "approver": "friend", "notice": "yes"});
        rule["article"] = json!(" ");
        rule["colour"] = json!("red");
    })
    .await;
    let expected = [
        ("clock", "not_in_list"),
        ("kinds", "empty"),
        ("limit", "too_small"),
        ("unit", "not_in_list"),
        ("roll", "not_in_list"),
        ("stops", "empty"),
        ("class", "not_in_list"),
        ("life", "not_in_list"),
        ("warnings", "empty"),
        ("target_high", "too_small"),
        ("extension/max_days", "too_small"),
        ("extension/times", "too_large"),
        ("extension/approver", "not_in_list"),
        ("extension/notice", "wrong_type"),
        ("article", "empty"),
        ("colour", "unknown_member"),
    ]
    .map(|(member, code)| (format!("/rules/{place}/{member}"), code));
    let expected: Vec<(&str, &str)> = expected.iter().map(|(pointer, code)| (pointer.as_str(), *code)).collect();
    publish(&app, "cn-2022", body).await.expect(422).problem("invalid").only_faults(&expected);
    for (limit, code) in [(json!(-60), "too_small"), (json!(9_000), "too_large"), (json!("60"), "wrong_type"), (json!(1e12), "too_large")] {
        let (body, place) = with_rule(&app, "cn-2022", "handling", |rule| rule["limit"] = limit.clone()).await;
        publish(&app, "cn-2022", body).await.expect(422).only_faults(&[(&format!("/rules/{place}/limit"), code)]);
    }
    let (body, place) = with_rule(&app, "cn-2022", "handling", |rule| {
        rule["warnings"] = json!([{"percent": 100}, {"percent": 0, "hours_before": 9_000}, {"days": 1}]);
    })
    .await;
    let at = |below: &str| format!("/rules/{place}/warnings/{below}");
    publish(&app, "cn-2022", body).await.expect(422).only_faults(&[
        (&at("0/percent"), "too_large"),
        (&at("1/percent"), "too_small"),
        (&at("1/hours_before"), "too_large"),
        (&at("2/days"), "unknown_member"),
    ]);
    let etag = app.admin().get("/profiles/cn-2022").await.expect(200).etag();
    let large = app.admin().call(reqwest::Method::POST, "/profiles/cn-2022/versions").raw_body(vec![b' '; 10 << 20], "application/json");
    large.if_match(&etag).await.expect(413).problem("body_too_large");
    assert_eq!(app.trace().await, before);
}

/// A change to a rule.
type Change = fn(&mut Value);

/// What a rule may not say: the clock, the change, the member it is refused at, the code.
type Wrong = (&'static str, Change, &'static str, &'static str);

#[rustfmt::skip]
const WRONG: &[Wrong] = &[
    // what the procedure fixes
    ("handling", |rule| rule["class"] = json!("right"), "class", "fixed_by_procedure"),
    ("evaluation_window", |rule| rule["life"] = json!("proc"), "life", "fixed_by_procedure"),
    ("handling", |rule| rule["start"] = json!("received"), "start", "fixed_by_procedure"),
    ("handling", |rule| rule["stops"] = json!(["deliver"]), "stops", "fixed_by_procedure"),
    ("triage_notice", |rule| rule["stops"] = json!(["give_notice"]), "stops", "fixed_by_procedure"),
    ("handling", |rule| rule["pauses"] = json!(["hearing"]), "pauses", "fixed_by_procedure"),
    ("rereview", |rule| rule["pauses"] = json!(["hearing", "petitioner_deceased"]), "pauses", "fixed_by_procedure"),
    // limits
    ("handling", |rule| remove(rule, "limit"), "limit", "limit_required"),
    ("execution", |rule| remove(rule, "limit"), "limit", "limit_required"),
    ("handling", |rule| rule["limit"] = json!(3_661), "limit", "too_large"),
    ("delivery", |rule| { rule["unit"] = json!("date"); remove(rule, "limit"); }, "unit", "date_not_settable"),
    ("assigned_report", |rule| rule["limit"] = json!(10), "limit", "limit_unexpected"),
    ("assigned_report", |rule| rule["target_high"] = json!(10), "target_high", "limit_unexpected"),
    ("handling", |rule| rule["target_high"] = json!(61), "target_high", "target_later"),
    // duties never move on, nor do hours and offers
    ("handling", |rule| rule["roll"] = json!("forward"), "roll", "roll_for_rights"),
    ("objection", |rule| rule["roll"] = json!("forward"), "roll", "roll_for_rights"),
    ("urgent_report", |rule| rule["roll"] = json!("forward"), "roll", "roll_for_rights"),
    ("review_window", |rule| rule["unit"] = json!("hour"), "roll", "roll_for_rights"),
    ("handling", |rule| rule["warnings"] = json!([{"percent": 80}, {}]), "warnings/1", "warning_empty"),
    ("review", |rule| rule["extension"] = json!({"max_days": 30, "times": 1, "approver": "unit_head", "notice": true}), "extension", "extension_not_here"),
    ("handling", |rule| rule["routes"] = json!([6, 7, 0]), "routes/1", "unknown_route"),
];

#[tokio::test]
async fn a_rule_that_contradicts_the_procedure_is_refused() {
    let app = TestApp::start().await;
    let before = app.trace().await;
    for (clock, change, member, code) in WRONG {
        let (body, place) = with_rule(&app, "cn-2022", clock, change).await;
        let answer = publish(&app, "cn-2022", body).await.expect(422).problem("invalid");
        let answer = answer.fault(&format!("/rules/{place}/{member}"), code);
        let said = answer.body["errors"].as_array().unwrap().iter().all(|e| e["detail"].as_str().is_some_and(|d| !d.contains("{}")));
        assert!(said, "{answer}");
    }
    assert_eq!(app.trace().await, before);
    // what may be otherwise
    let allowed: [(&str, Change); 4] = [
        ("rereview", |rule| rule["pauses"] = json!([])),
        ("triage_notice", |rule| rule["stops"] = json!(["accept", "assign", "refer", "give_notice"])),
        ("visit_task", |rule| rule["roll"] = json!("none")),
        ("handling", |rule| remove(rule, "routes")),
    ];
    for (n, (clock, change)) in allowed.iter().enumerate() {
        let (mut body, _) = with_rule(&app, "cn-2022", clock, change).await;
        body["valid_from"] = json!(format!("2026-0{}-01", n + 4));
        publish(&app, "cn-2022", body).await.expect(201);
    }
}

#[tokio::test]
async fn versions_and_profiles_do_not_overlap() {
    let app = TestApp::start().await;
    let before = app.trace().await;
    let refuse = async |code: &str, body: Value, faults: &[(&str, &str)]| {
        publish(&app, code, body).await.expect(422).problem("invalid").only_faults(faults);
    };
    // not later than the version before, or out of all range
    for (day, code) in [
        ("2022-05-01", "validity_overlaps"),
        ("2000-01-01", "validity_overlaps"),
        ("1989-12-31", "year_out_of_range"),
        ("2101-01-01", "year_out_of_range"),
    ] {
        let (mut body, _) = with_rule(&app, "cn-2022", "handling", |rule| rule["limit"] = json!(50)).await;
        body["valid_from"] = json!(day);
        refuse("cn-2022", body, &[("/valid_from", code)]).await;
    }
    let mut body = standing(&app, "cn-2022").await;
    body["calendar"] = json!("uk");
    refuse("cn-2022", body, &[("/calendar", "unknown_calendar")]).await;
    // one clock, one limit: for a kind and a route
    let mut body = standing(&app, "cn-2022").await;
    let (rules, n) = (body["rules"].as_array_mut().unwrap(), body_len(&standing(&app, "cn-2022").await));
    rules.push(rules.iter().find(|rule| rule["clock"] == "handling").unwrap().clone());
    rules[n]["routes"] = json!([5, 6]);
    refuse("cn-2022", body.clone(), &[(&format!("/rules/{n}"), "rule_twice")]).await;
    body["rules"][n]["routes"] = json!([1, 2, 3, 4, 5]);
    let (mut apart, routes) = (body.clone(), body);
    apart["rules"][n]["kinds"] = json!(["suggestion"]);
    remove(&mut apart["rules"][n], "routes");
    // what the version before limits stays limited
    let mut body = standing(&app, "cn-2022").await;
    let handling = body["rules"].as_array().unwrap().iter().position(|rule| rule["clock"] == "handling").unwrap();
    body["rules"].as_array_mut().unwrap().remove(handling);
    let triage = body["rules"].as_array().unwrap().iter().position(|rule| rule["clock"] == "triage_notice").unwrap();
    body["rules"][triage]["kinds"] = json!(["claim"]);
    refuse("cn-2022", body, &[("/rules", "rule_missing"); 3]).await;
    // what another profile says is that one's
    let simplified = standing(&app, "cn-simplified").await;
    let mut body = standing(&app, "cn-2022").await;
    body["rules"].as_array_mut().unwrap().push(simplified["rules"][0].clone());
    refuse("cn-2022", body, &[(&format!("/rules/{n}"), "rule_elsewhere")]).await;
    // all at once
    let (mut body, place) = with_rule(&app, "cn-2022", "handling", |rule| {
        rule["class"] = json!("offer");
        rule["limit"] = json!(40);
    })
    .await;
    (body["calendar"], body["valid_from"]) = (json!("uk"), json!("2020-01-01"));
    let at = |member: &str| format!("/rules/{place}/{member}");
    let faults = [
        ("/calendar", "unknown_calendar"),
        ("/valid_from", "validity_overlaps"),
        (&at("class"), "fixed_by_procedure"),
        (&at("target_high"), "target_later"),
    ];
    refuse("cn-2022", body, &faults).await;
    assert_eq!(app.trace().await, before);
    // other routes and other kinds are apart
    let beside = routes["rules"][n].clone();
    apart["rules"].as_array_mut().unwrap().push(beside);
    publish(&app, "cn-2022", routes).await.expect(201);
    apart["valid_from"] = json!("2026-07-01");
    publish(&app, "cn-2022", apart).await.expect(201);
}

fn body_len(body: &Value) -> usize {
    body["rules"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn a_claim_registered_after_a_version_begins_takes_its_limits() {
    let app = TestApp::start().await;
    let due = async |id: &str| -> (Value, Value) {
        let petition = app.petition(&app.supervisor(), id).await;
        let clock = petition.body["clocks"].as_array().unwrap().iter().find(|c| c["kind"] == "triage_notice").unwrap().clone();
        (clock["due_on"].clone(), clock["state"].clone())
    };
    let first = app.register(super::harness::claim()).await.id();
    assert_eq!(due(&first).await, (json!("2026-03-17"), json!("running")));
    let (mut body, _) = with_rule(&app, "cn-2022", "triage_notice", |rule| rule["limit"] = json!(10)).await;
    body["valid_from"] = json!("2026-03-03");
    publish(&app, "cn-2022", body).await.expect(201);
    // not in force today yet; what runs keeps what it was started with
    let second = app.register(super::harness::claim()).await.id();
    assert_eq!(due(&second).await.0, "2026-03-17");
    app.advance(chrono::Duration::days(1));
    let third = app.register(super::harness::claim()).await.id();
    assert_eq!(due(&third).await.0, "2026-03-13");
    assert_eq!(due(&first).await, (json!("2026-03-17"), json!("running")));
}
