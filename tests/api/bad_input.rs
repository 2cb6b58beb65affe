//! What is wrong is refused with every fault at its place, and nothing of it is stored. A 500 fails wherever it appears.

use super::harness::{Answer, Persona, TestApp, accusation, claim, usual_opinion};
use reqwest::Method;
use serde_json::{Value, json};

/// A claim with some members replaced; `null` takes one out.
fn with(changes: Value) -> Value {
    let mut petition = claim();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(petition.as_object_mut().unwrap().remove(name)),
            value => petition[name] = value.clone(),
        }
    }
    petition
}

/// A claim of these people.
fn of(parties: Value) -> Value {
    with(json!({"parties": parties}))
}

fn person(changes: Value) -> Value {
    let mut person = json!({"role": "petitioner", "name": "褚玉兰"});
    person.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    person
}

fn representatives(n: usize) -> Value {
    let named = |i| json!({"role": "representative", "name": format!("代表{i}")});
    [person(json!({}))].into_iter().chain((0..n).map(named)).collect()
}

type Faults = &'static [(&'static str, &'static str)];

#[rustfmt::skip]
fn registrations() -> Vec<(Value, Faults)> {
    let long = |n: usize| "长".repeat(n);
    vec![
        (json!({}), &[("/channel", "required"), ("/kind", "required"), ("/category", "required"), ("/title", "required"), ("/statement", "required")]),
        // wrong types
        (json!([]), &[("", "wrong_type")]),
        (json!("text"), &[("", "wrong_type")]),
        (with(json!({"title": 7, "statement": ["x"], "urgent": "yes", "persons": "3", "parties": {}})),
            &[("/title", "wrong_type"), ("/statement", "wrong_type"), ("/urgent", "wrong_type"), ("/persons", "wrong_type"), ("/parties", "wrong_type")]),
        (with(json!({"persons": 1.5, "affected": 1e12})), &[("/persons", "wrong_type"), ("/affected", "too_large")]),
        (with(json!({"channel": "pigeon", "kind": "CLAIM", "intake_place": "moon"})),
            &[("/channel", "not_in_list"), ("/kind", "not_in_list"), ("/intake_place", "not_in_list")]),
        (of(json!([7, person(json!({"sex": "x", "birth_date": "12.5.1943"}))])),
            &[("/parties/0", "wrong_type"), ("/parties/1/sex", "not_in_list"), ("/parties/1/birth_date", "bad_date")]),
        // empty, too long, out of range
        (with(json!({"title": "", "statement": " \n ", "purpose": ""})),
            &[("/title", "empty"), ("/statement", "empty"), ("/purpose", "empty")]),
        (with(json!({"title": long(201), "statement": long(20_001), "category": long(65), "matter_place": long(201)})),
            &[("/title", "too_long"), ("/statement", "too_long"), ("/category", "too_long"), ("/matter_place", "too_long")]),
        (with(json!({"persons": 0, "affected": -1})), &[("/persons", "too_small"), ("/affected", "too_small")]),
        (of(json!([person(json!({"identity_number": "12.34.56", "phone": "call me", "name": long(101)}))])),
            &[("/parties/0/identity_number", "identity_number_form"), ("/parties/0/phone", "phone_form"), ("/parties/0/name", "too_long")]),
        (with(json!({"external_numbers": vec![json!({"issuer": "省局", "number": "1"}); 21]})), &[("/external_numbers", "too_many")]),
        (of(vec![person(json!({})); 51].into()), &[("/parties", "too_many")]),
        // characters
        (with(json!({"title": "NUL\0", "statement": "bell\u{7}"})), &[("/title", "control_character"), ("/statement", "control_character")]),
        (of(json!([person(json!({"name": "\u{1b}[31m", "phone": "138"}))])), &[("/parties/0/name", "control_character")]),
        // unknown members, at any depth
        (with(json!({"titel": "x", "stage": "closed"})), &[("/titel", "unknown_member"), ("/stage", "unknown_member")]),
        (of(json!([person(json!({"naem": "x"}))])), &[("/parties/0/naem", "unknown_member")]),
        // dates, times, ids
        (with(json!({"received_at": "2026-02-30T10:00:00Z", "captured_at": "2026-03-01T10:00:00", "occurred_at": "yesterday"})),
            &[("/received_at", "bad_time"), ("/captured_at", "bad_time"), ("/occurred_at", "bad_time")]),
        (with(json!({"id": "42"})), &[("/id", "bad_id")]),
        (with(json!({"id": "9b2f4a6e-0c1d-4e2f-8a3b-5c6d7e8f9a0b"})), &[("/id", "not_v7")]),
        (with(json!({"subject": {"name": "x", "unit_id": "medical"}})), &[("/subject/unit_id", "bad_id")]),
        // meaning
        (with(json!({"received_at": "2026-03-02T01:05:01Z"})), &[("/received_at", "received_in_future")]),
        (with(json!({"captured_at": "2026-03-03T01:00:00Z", "occurred_at": "2027-01-01T00:00:00Z"})),
            &[("/captured_at", "in_future"), ("/occurred_at", "in_future")]),
        (with(json!({"received_at": "2026-03-01T15:59:59Z"})), &[("/backdating_reason", "backdating_reason_required")]),
        (of(representatives(6)), &[("/parties/6", "too_many_representatives")]),
        (of(representatives(7)), &[("/parties/6", "too_many_representatives"), ("/parties/7", "too_many_representatives")]),
        (of(json!([person(json!({})), person(json!({"role": "proxy"})), person(json!({"role": "guardian"}))])),
            &[("/parties/1/authority", "authority_required"), ("/parties/2/authority", "authority_required")]),
        (of(json!([person(json!({})), person(json!({"role": "proxy", "authority": "委托书", "authority_expires_on": "2026-03-01"}))])),
            &[("/parties/1/authority", "authority_required")]),
        (of(json!([])), &[("/parties", "petitioner_required")]),
        (of(json!([person(json!({"birth_date": "2026-03-03"}))])), &[("/parties/0/birth_date", "in_future")]),
        (of(json!([person(json!({"retiree_id": "0198c0de-0000-7000-8000-000000000001"}))])), &[("/parties/0/retiree_id", "unknown_retiree")]),
        (with(json!({"category": "no.such"})), &[("/category", "unknown_category")]),
        (with(json!({"subject": {"name": "x", "unit_id": "0198c0de-0000-7000-8000-000000000001", "staff_id": "0198c0de-0000-7000-8000-000000000002"}})),
            &[("/subject/unit_id", "unknown_unit"), ("/subject/staff_id", "unknown_staff")]),
        (with(json!({"persons": 1, "parties": representatives(2)})), &[("/persons", "persons_too_few")]),
        (with(json!({"simplified": true, "urgent": true})), &[("/simplified", "not_eligible_simplified")]),
        // all at once
        (with(json!({"received_at": "2026-03-09T01:00:00Z", "category": "no.such", "parties": [person(json!({"role": "proxy"}))]})),
            &[("/received_at", "received_in_future"), ("/category", "unknown_category"), ("/parties", "petitioner_required"), ("/parties/0/authority", "authority_required")]),
    ]
}

#[tokio::test]
async fn a_registration_is_refused_with_every_fault_and_stores_nothing() {
    let app = TestApp::start().await;
    let before = app.trace().await;
    for (body, faults) in registrations() {
        let answer = app.desk().post("/petitions", body).idempotency_key("the-same-for-all").await.expect(422).problem("invalid");
        let answer = answer.only_faults(faults);
        let details = answer.body["errors"].as_array().unwrap().iter().all(|e| e["detail"].as_str().is_some_and(|d| !d.contains("{}")));
        assert!(details, "every fault says in words what to do: {answer}");
    }
    assert_eq!(app.trace().await, before);
    // what lies just inside the limits is taken, under the same key
    let fine = with(json!({
        "title": "题".repeat(200), "received_at": "2026-03-02T01:05:00Z", "parties": representatives(5), "purpose": null, "urgent": Value::Null,
    }));
    app.desk().post("/petitions", fine).idempotency_key("the-same-for-all").await.expect(201);
    let late = with(json!({"received_at": "2026-02-20T01:00:00Z", "backdating_reason": "春节期间收到"}));
    app.desk().post("/petitions", late).await.expect(201);
    app.desk().post("/petitions", with(json!({"captured_at": "2026-02-25T01:00:00Z"}))).await.expect(201);
}

#[tokio::test]
async fn bytes_that_are_no_petition_store_nothing() {
    let app = TestApp::start().await;
    let before = app.trace().await;
    let text = claim().to_string();
    let raw = |bytes: Vec<u8>, kind: &'static str| app.desk().call(Method::POST, "/petitions").raw_body(bytes, kind);
    let json = "application/json";
    let duplicate = text.replacen('{', r#"{"title":"one","#, 1);
    let nested = text.replacen(r#""role""#, r#""name":"one","role""#, 1);
    let surrogate = text.replacen("褚玉兰", r"\ud800", 1);
    let cases: Vec<(Vec<u8>, &'static str, u16, &str)> = vec![
        (duplicate.into(), json, 400, "duplicate_key"),
        (nested.into(), json, 400, "duplicate_key"),
        (surrogate.into(), json, 400, "malformed_json"),
        (text.replacen("褚", "\u{0}", 1).into(), json, 400, "malformed_json"),
        (b"{\"title\": \"\xff\xfe\"}".to_vec(), json, 400, "malformed_json"),
        (b"{\"title\": \"\xed\xa0\x80\"}".to_vec(), json, 400, "malformed_json"),
        (text[..text.len() - 1].into(), json, 400, "malformed_json"),
        (format!("{text} {{}}").into(), json, 400, "malformed_json"),
        (vec![b'['; 10_000], json, 400, "malformed_json"),
        (format!("{}{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000)).into(), json, 400, "malformed_json"),
        (with(json!({"statement": "长".repeat(350_000)})).to_string().into(), json, 413, "body_too_large"),
        (text.clone().into(), "text/plain", 415, "unsupported_media_type"),
        (text.clone().into(), "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (text.clone().into(), "application/json; charset=gbk", 415, "unsupported_media_type"),
        (text.clone().into(), "multipart/form-data; boundary=x", 415, "unsupported_media_type"),
    ];
    for (bytes, kind, status, code) in cases {
        raw(bytes, kind).await.expect(status).problem(code);
    }
    raw(text.clone().into(), json).header("content-encoding", "gzip").await.expect(415);
    raw(text.clone().into(), json).header("accept", "text/csv").await.expect(406).problem("not_acceptable");
    raw(text.clone().into(), json).header("idempotency-key", "two words").await.expect(400).problem("idempotency_key_invalid");
    raw(text.into(), json).header("idempotency-key", &"k".repeat(256)).await.expect(400).problem("idempotency_key_invalid");
    app.desk().call(Method::POST, "/petitions").await.expect(422).fault("/title", "required");
    assert_eq!(app.trace().await, before);
}

#[tokio::test]
async fn the_wrong_caller_changes_nothing() {
    let app = TestApp::start().await;
    let theirs = app.register(claim()).await.id();
    app.refer(&theirs, "pension").await;
    let before = app.trace().await;
    let accept = json!({"notice": {"method": "in_person"}});
    let acceptance = format!("/petitions/{theirs}/acceptance");
    app.anonymous().post("/petitions", claim()).await.expect(401).problem("unauthenticated");
    for (who, code) in [(app.leader(), 403), (app.auditor(), 403), (app.admin(), 403), (app.head(), 403)] {
        who.post("/petitions", claim()).await.expect(code).problem("not_permitted");
    }
    // the role is refused before the body is judged, another unit's case before the version
    app.auditor().post("/petitions", json!({"no": "petition"})).await.expect(403);
    app.officer().post(&acceptance, accept.clone()).await.expect(404).problem("not_found");
    app.officer().post(&acceptance, json!({"bad": 1})).if_match("\"0-0\"").await.expect(404);
    app.desk().post(&acceptance, accept.clone()).await.expect(403).problem("not_permitted");
    for id in [app.unknown_id().to_string(), "42".to_owned(), "%00".to_owned(), "..%2f..%2fetc".to_owned(), "长".to_owned()] {
        app.supervisor().get(&format!("/petitions/{id}")).await.expect(404).problem("not_found");
        app.supervisor().post(&format!("/petitions/{id}/notes"), json!({"text": "x"})).await.expect(404);
    }
    assert_eq!(app.trace().await, before);
}

/// Text that no id, code or number can be: PostgreSQL does not even take it as a question.
#[tokio::test]
async fn a_path_parameter_that_can_be_nothing_is_something_unknown() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    for operation in app.document.operations().filter(|o| o.template.contains('{')) {
        let path = operation.template.strip_prefix("/api/v1").unwrap_or(operation.template);
        // a query that has to be there is looked at before it is known what the path names
        let path = &format!("{path}{}", operation.required_query());
        let own = path.replace("{petition_id}", &id);
        for path in [path.as_str(), own.as_str()]
            .map(|p| p.split('/').map(|s| if s.starts_with('{') { "%00" } else { s }).collect::<Vec<_>>().join("/"))
        {
            let method: Method = operation.method.to_uppercase().parse().unwrap();
            for who in [app.supervisor(), app.admin()] {
                let answer = who.call(method.clone(), &path).await;
                assert!(answer.status < 500, "{method} {path}: {answer}");
                if path.contains("%00") && method == Method::GET && answer.status != 403 {
                    answer.expect(404);
                }
            }
        }
    }
    app.admin().patch("/categories/%00", json!({"position": 1})).if_match("\"1-000000000000\"").await.expect(404).problem("not_found");
}

#[tokio::test]
async fn an_act_needs_the_version_that_stands() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    let old = app.petition(&app.supervisor(), &id).await.etag();
    app.supervisor().patch(&format!("/petitions/{id}"), json!({"reason": "补", "purpose": "尽快"})).if_match(&old).await.expect(200);
    let current = app.petition(&app.supervisor(), &id).await.etag();
    let before = app.trace().await;
    let path = format!("/petitions/{id}/referrals");
    let refer = || app.supervisor().post(&path, json!({"unit_id": app.unit("medical"), "mode": "refer"}));
    refer().await.expect(428).problem("if_match_required");
    let stale =
        [old, format!("W/{current}"), "garbage".to_owned(), "\"\"".to_owned(), "\"2\"".to_owned(), "\"999-0123456789ab\"".to_owned()];
    for tag in stale {
        let answer = refer().if_match(&tag).await.expect(412).problem("stale");
        assert_eq!(answer.text("/current"), current);
        assert_eq!(answer.header("etag"), Some(current.as_str()), "{answer}");
    }
    // the version is asked before the body is judged
    app.supervisor().post(&path, json!({"bad": 1})).await.expect(428);
    app.supervisor().post(&path, json!({"bad": 1})).if_match("\"x\"").await.expect(412);
    assert_eq!(app.trace().await, before);
    refer().if_match(&current).await.expect(201);
}

#[tokio::test]
async fn an_act_the_stage_forbids_names_what_is_possible() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    let before = app.trace().await;
    let opinion = usual_opinion("claim");
    let refused = app.act(&app.officer(), Method::PUT, &id, "opinion", opinion.clone()).await.expect(409).problem("stage_forbids");
    let possible = app.petition(&app.officer(), &id).await.body["allowed_actions"].clone();
    assert_eq!(refused.body["allowed_actions"], possible, "{refused}");
    assert!(possible.as_array().unwrap().iter().any(|act| act == "accept"), "{possible}");
    app.act(&app.officer(), Method::PUT, &id, "opinion", json!({"bad": 1})).await.expect(422);
    let again = json!({"unit_id": app.unit("pension"), "mode": "refer"});
    app.act(&app.supervisor(), Method::POST, &id, "referrals", again).await.expect(409).problem("stage_forbids");
    app.act(&app.supervisor(), Method::POST, &id, "closure", json!({"reason": "voided", "note": "x"})).await.expect(409);
    assert_eq!(app.trace().await, before);

    let id = app.register(claim()).await.id();
    let before = app.trace().await;
    let refer = async |body: Value| app.act(&app.supervisor(), Method::POST, &id, "referrals", body).await;
    let (unknown, medical) = (app.unknown_id().to_string(), app.unit("medical"));
    refer(json!({"unit_id": unknown, "mode": "refer"})).await.expect(422).only_faults(&[("/unit_id", "unknown_unit")]);
    refer(json!({"unit_id": app.unit("bureau"), "mode": "refer"})).await.expect(422).only_faults(&[("/unit_id", "refer_to_self")]);
    let due = json!({"unit_id": medical, "mode": "refer", "report_due": "2026-04-01"});
    refer(due).await.expect(422).only_faults(&[("/report_due", "report_due_unexpected")]);
    refer(json!({"mode": "push"})).await.expect(422).only_faults(&[("/unit_id", "required"), ("/mode", "not_in_list")]);
    app.act(&app.desk(), Method::POST, &id, "closure", json!({"reason": "terminated"}))
        .await
        .expect(422)
        .only_faults(&[("/reason", "not_in_list")]);
    app.desk()
        .post(&format!("/petitions/{id}/notes"), json!({"text": "\0"}))
        .await
        .expect(422)
        .only_faults(&[("/text", "control_character")]);
    let proxy = json!({"role": "proxy", "name": "褚敏"});
    app.desk().post(&format!("/petitions/{id}/parties"), proxy).await.expect(422).only_faults(&[("/authority", "authority_required")]);
    assert_eq!(app.trace().await, before);
}

#[tokio::test]
async fn opinions_and_deliveries_hold_what_their_kind_needs() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    let opinion = async |body: Value| app.act(&app.officer(), Method::PUT, &id, "opinion", body).await;
    let before = app.trace().await;
    opinion(json!({})).await.expect(422).only_faults(&[("/opinion", "required")]);
    let missing = [("/outcome", "outcome_required"), ("/facts", "facts_required"), ("/legal_basis", "legal_basis_required")];
    opinion(json!({"opinion": "支持"})).await.expect(422).only_faults(&missing);
    let mut wrong = usual_opinion("claim");
    wrong["outcome"] = json!("substantiated");
    wrong["execution_due"] = json!("2026-03-01");
    opinion(wrong).await.expect(422).only_faults(&[("/outcome", "wrong_outcome"), ("/execution_due", "execution_due_past")]);
    assert_eq!(app.trace().await, before);
    app.opinion(&id).await;
    let before = app.trace().await;
    let deliver = async |body: Value| app.act(&app.officer(), Method::POST, &id, "deliveries", body).await;
    let early = json!({"method": "phone", "receipt": "refused", "delivered_at": "2026-03-01T00:00:00Z"});
    let faults = [("/delivered_at", "before_opinion"), ("/witness", "witness_required"), ("/method", "delivery_method_not_allowed")];
    deliver(early).await.expect(422).only_faults(&faults);
    let ahead = json!({"method": "post", "receipt": "signed", "delivered_at": "2026-03-03T00:00:00Z"});
    deliver(ahead).await.expect(422).only_faults(&[("/delivered_at", "in_future")]);
    assert_eq!(app.trace().await, before);
}

#[tokio::test]
async fn a_call_sent_again_is_answered_again_and_never_done_twice() {
    let app = TestApp::start().await;
    let register = |body: Value| app.desk().post("/petitions", body).idempotency_key("desk-1");
    let first = register(claim()).await.expect(201);
    assert!(first.header("idempotency-replayed").is_none());
    let before = app.trace().await;
    let mut reordered = claim();
    reordered.as_object_mut().unwrap().sort_keys();
    for again in [register(claim()).await.expect(201), register(reordered).await.expect(201)] {
        assert_eq!(again.header("idempotency-replayed"), Some("true"), "{again}");
        assert_eq!((&again.body, again.header("location")), (&first.body, first.header("location")));
    }
    register(with(json!({"title": "另一件"}))).await.expect(422).fault("", "idempotency_key_reused");
    register(with(json!({"title": null}))).await.expect(422).fault("", "idempotency_key_reused");
    assert_eq!(app.trace().await, before);
    // another caller's or another route's key is another key
    app.by("desk2").post("/petitions", claim()).idempotency_key("desk-1").await.expect(201);
    let note = format!("/petitions/{}/notes", first.id());
    app.desk().post(&note, json!({"text": "x"})).idempotency_key("desk-1").await.expect(201);

    // the answer was lost: the act is not judged against the version it made itself
    let etag = app.petition(&app.supervisor(), &first.id()).await.etag();
    let path = format!("/petitions/{}/referrals", first.id());
    let body = json!({"unit_id": app.unit("medical"), "mode": "refer"});
    let refer = || app.supervisor().post(&path, body.clone()).if_match(&etag).idempotency_key("refer-1");
    let done = refer().await.expect(201);
    let before = app.trace().await;
    app.advance(chrono::Duration::days(44));
    let replayed = refer().await.expect(201);
    assert_eq!((replayed.header("idempotency-replayed"), &replayed.body), (Some("true"), &done.body));
    app.supervisor().post(&path, body.clone()).if_match(&etag).idempotency_key("refer-2").await.expect(412);
    assert_eq!(app.trace().await, before);
    app.advance(chrono::Duration::days(2));
    refer().await.expect(412).problem("stale");
}

#[tokio::test]
async fn an_id_made_by_the_client_is_a_key_too() {
    let app = TestApp::start().await;
    let id = app.unknown_id();
    let first = app.desk().post("/petitions", with(json!({"id": id}))).await.expect(201);
    assert_eq!(first.id(), id.to_string());
    let before = app.trace().await;
    let again = app.desk().post("/petitions", with(json!({"id": id}))).await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.body), (Some("true"), &first.body));
    let other = with(json!({"id": id, "title": "另一件"}));
    app.desk().post("/petitions", other.clone()).await.expect(409).problem("id_taken");
    app.by("desk2").post("/petitions", with(json!({"id": id}))).await.expect(409).problem("id_taken");
    app.desk().post("/petitions", other).idempotency_key("k").await.expect(409).problem("id_taken");
    assert_eq!(app.trace().await, before);
}

#[tokio::test]
async fn queries_are_read_strictly() {
    let app = TestApp::start().await;
    for _ in 0..3 {
        app.register(claim()).await;
        app.advance(chrono::Duration::seconds(1));
    }
    let desk = app.desk();
    let bad = async |who: &Persona<'_>, query: &str, pointer: &str, code: &str| -> Answer {
        who.get(&format!("/petitions?{query}")).await.expect(400).fault(pointer, code)
    };
    for (query, pointer, code) in [
        ("limit=0", "/limit", "too_small"),
        ("limit=201", "/limit", "too_large"),
        ("limit=abc", "/limit", "wrong_type"),
        ("limit=99999999999999999999", "/limit", "wrong_type"),
        ("no_such=1", "/no_such", "unknown_parameter"),
        ("kind=claim&kind=claim", "/kind", "repeated_parameter"),
        ("registered_from=02.03.2026", "/registered_from", "bad_date"),
        ("registered_to=2026-02-30", "/registered_to", "bad_date"),
        ("stage=registered,lost", "/stage/1", "not_in_list"),
        ("unit=medical", "/unit", "bad_id"),
        ("first_here=maybe", "/first_here", "wrong_type"),
        ("sort=title", "/sort", "not_in_list"),
        ("cursor=forged", "/cursor", "forged_cursor"),
        ("cursor=", "/cursor", "forged_cursor"),
    ] {
        bad(&desk, query, pointer, code).await;
    }
    let crossed = desk.get("/petitions?registered_from=2026-03-02&registered_to=2026-03-01").await.expect(422);
    crossed.fault("/registered_from", "from_after_to");
    desk.get("/statistics/summary?from=2026-03-02&to=2026-03-01").await.expect(422).fault("/from", "from_after_to");

    let page = desk.get("/petitions?limit=2&kind=claim").await.expect(200);
    let cursor = page.text("/next_cursor");
    desk.get(&format!("/petitions?limit=1&kind=claim&cursor={cursor}")).await.expect(200);
    bad(&desk, &format!("limit=2&cursor={cursor}"), "/cursor", "forged_cursor").await;
    bad(&desk, &format!("kind=suggestion&cursor={cursor}"), "/cursor", "forged_cursor").await;
    bad(&app.supervisor(), &format!("kind=claim&cursor={cursor}"), "/cursor", "forged_cursor").await;
    let flipped = format!("{}{}", if cursor.starts_with('e') { 'f' } else { 'e' }, &cursor[1..]);
    bad(&desk, &format!("kind=claim&cursor={flipped}"), "/cursor", "forged_cursor").await;
    desk.get(&format!("/units?cursor={cursor}")).await.expect(400).fault("/cursor", "forged_cursor");
    let id = page.items()[0]["id"].as_str().unwrap();
    desk.get(&format!("/petitions/{id}?inclde=notes")).await.expect(400).fault("/inclde", "unknown_parameter");
    desk.get(&format!("/petitions/{id}/events?cursor={cursor}")).await.expect(400).fault("/cursor", "forged_cursor");
}

#[tokio::test]
async fn a_query_where_none_is_taken_does_not_vanish() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    let before = app.trace().await;
    app.desk()
        .post("/petitions?x=1&dry_run=true", claim())
        .await
        .expect(400)
        .problem("unreadable_parameter")
        .only_faults(&[("/x", "unknown_parameter"), ("/dry_run", "unknown_parameter")]);
    // before the role, the body and its media type
    app.auditor().post("/petitions?x", claim()).await.expect(400).fault("/x", "unknown_parameter");
    let raw = app.desk().call(Method::POST, "/petitions?x=1").raw_body(b"{".to_vec(), "text/plain");
    raw.await.expect(400).fault("/x", "unknown_parameter");
    app.anonymous().post("/petitions?x=1", claim()).await.expect(401);
    app.desk().get("/me?x=1").await.expect(400).fault("/x", "unknown_parameter");
    app.desk().get("/petitions/batch?x=1").await.expect(405);
    app.desk().call(Method::HEAD, &format!("/petitions/{id}?include=referrals")).await.expect(200);
    app.desk().get("/me?").await.expect(200);
    assert_eq!(app.trace().await, before);
}

#[tokio::test]
async fn methods_and_formats() {
    let app = TestApp::start().await;
    let id = app.register(accusation(app.office().unit("medical"))).await.id();
    let path = format!("/petitions/{id}");
    let (get, head) = (app.desk().get(&path).await.expect(200), app.desk().call(Method::HEAD, &path).await.expect(200));
    assert_eq!((head.header("etag"), head.header("content-length")), (get.header("etag"), get.header("content-length")));
    assert!(head.bytes.is_empty());
    app.anonymous().call(Method::HEAD, &path).await.expect(401);
    app.officer().call(Method::HEAD, &path).await.expect(404);
    for (method, at, allowed) in
        [(Method::DELETE, path.as_str(), "PATCH"), (Method::PUT, "/petitions", "POST"), (Method::POST, "/me", "GET")]
    {
        let answer = app.desk().call(method, at).await.expect(405).problem("method_not_allowed");
        assert!(answer.header("allow").is_some_and(|a| a.split(", ").any(|m| m == allowed)), "{answer}");
    }
    app.desk().get(&path).header("accept", "text/html").await.expect(406).problem("not_acceptable");
    app.desk().get(&format!("{path}/receipt")).header("accept", "image/png").await.expect(406);
    app.desk().get(&path).header("accept", "text/html;q=0.9, */*;q=0.1").await.expect(200);
    let english = app.desk().get("/petitions/x").header("accept-language", "en").await.expect(404);
    assert_eq!((english.text("/title").as_str(), english.header("content-language")), ("Not found", Some("en")));
    assert_eq!(app.desk().get("/petitions/x").await.expect(404).text("/title"), "未找到");
}
