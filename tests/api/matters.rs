//! Repeats: candidates, joining matters and parting them, the places of all that belong together.

use super::clocks::{at, events, shown};
use super::harness::{Answer, TestApp, accusation, claim, suggestion};
use chrono::Duration;
use diesel::prelude::*;
use reqwest::Method;
use serde_json::{Value, json};
use xinfang::platform::db::schema::{petition, petition_fact};
use xinfang::platform::db::types::Id;

/// A claim of somebody.
fn of(name: &str, phone: &str, title: &str) -> Value {
    let mut petition = claim();
    petition["title"] = json!(title);
    petition["parties"][0]["name"] = json!(name);
    petition["parties"][0]["phone"] = json!(phone);
    petition
}

/// What a petition says of its place: whether it is the first, of which it is a repeat, which one.
fn place(petition: &Answer) -> (bool, Value, i64) {
    let (first, no) = (petition.body["first_here"].as_bool().unwrap(), petition.body["repeat_no"].as_i64().unwrap());
    (first, petition.body["repeat_of"].clone(), no)
}

async fn placed(app: &TestApp, id: &str) -> (bool, Value, i64) {
    place(&app.petition(&app.supervisor(), id).await)
}

async fn link(app: &TestApp, id: &str, to: &str) -> Answer {
    app.act(&app.desk(), Method::PUT, id, "matter", json!({"petition_id": to})).await
}

async fn unlink(app: &TestApp, id: &str) -> Answer {
    app.act(&app.desk(), Method::DELETE, id, "matter", json!({"reason": "核对后不是同一件事"})).await
}

/// One first a matter, all others its repeats, and figures that say the same.
async fn in_line(app: &TestApp) {
    type Row = (Id, Id, Option<Id>, bool, i64);
    let rows: Vec<(Row, bool)> = app
        .rows(|c| {
            let columns = (petition::id, petition::matter_id, petition::repeat_of, petition::first_here, petition::n);
            let all = petition::table.inner_join(petition_fact::table.on(petition_fact::petition_id.eq(petition::id)));
            Ok(all
                .order((petition::received_at, petition::registered_at, petition::id))
                .select((columns, petition_fact::first_here))
                .load(c)?)
        })
        .await;
    let mut firsts = std::collections::HashMap::new();
    for ((id, matter, repeat_of, first, _), of_figures) in rows {
        let expected = *firsts.entry(matter).or_insert(id);
        assert_eq!((first, repeat_of), (id == expected, Some(expected).filter(|e| *e != id)), "{id}");
        assert_eq!(first, of_figures, "{id}");
    }
}

#[tokio::test]
async fn the_desk_finds_two_earlier_ones_and_registers_the_third_as_a_repeat() {
    let app = TestApp::start().await;
    let first = app.register(claim()).await.id();
    app.advance(Duration::minutes(5));
    let second = app.register(claim()).await.id();
    let asked = json!({
        "parties": [{"role": "petitioner", "name": "褚玉兰", "phone": "138-0000-0101"}],
        "title": "异地住院医药费还没有报销", "category": "medical.reimbursement"
    });
    let found = app.desk().post("/petitions/candidates", asked.clone()).await.expect(200);
    let ids: Vec<&str> = found.items().iter().map(|item| item["petition"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [second.as_str(), &first]);
    let best = &found.items()[0];
    assert!(best["score"].as_i64().unwrap() >= 60, "{found}");
    let codes: Vec<&Value> = best["reasons"].as_array().unwrap().iter().map(|reason| &reason["code"]).collect();
    assert_eq!(codes, ["same_phone", "same_name_and_unit", "similar_text", "same_category"]);
    assert_eq!(best["reasons"][0]["text"], "电话相同");
    let english = app.desk().post("/petitions/candidates", asked.clone()).header("accept-language", "en").await;
    assert_eq!(english.items()[0]["reasons"][0]["text"], "The same telephone number");

    app.advance(Duration::hours(1));
    link(&app, &second, &first).await.done();
    let mut third = claim();
    third["channel"] = json!("phone");
    third["wants_visit"] = json!(true);
    third["repeat_of"] = json!(second);
    let third = app.register(third).await;
    assert_eq!(place(&third), (false, json!(first), 2), "whichever of the matter was named");
    assert_eq!(third.body["matter_id"], app.petition(&app.desk(), &first).await.body["matter_id"]);
    let event = &events(&app, &third.id()).await[0];
    assert_eq!((&event["changes"]["repeat_of"], &event["changes"]["first_here"]), (&json!(first), &json!(false)));
    in_line(&app).await;
    // what is of the matter already is no candidate any more
    let rest = app.desk().get(&format!("/petitions/{}/candidates", third.id())).await.expect(200);
    assert!(rest.items().is_empty(), "{rest}");
    let summary = app.supervisor().get("/statistics/summary").await.expect(200);
    assert_eq!(summary.body["measures"]["registered"]["first_time"], 1);
    assert_eq!(summary.body["measures"]["registered"]["repeat"], 2);

    let seen = app.desk().get(&format!("/petitions/{}?include=matter", third.id())).await.expect(200);
    let earlier: Vec<&Value> = seen.body["matter"]["earlier"].as_array().unwrap().iter().map(|e| &e["id"]).collect();
    assert_eq!(earlier, [&json!(first), &json!(second)]);
    assert_eq!(seen.body["matter"]["later"], json!([]));
}

#[tokio::test]
async fn an_earlier_answer_is_shown_with_the_repeat() {
    let app = TestApp::start().await;
    let first = app.delivered(claim(), "medical").await;
    let mut again = claim();
    again["repeat_of"] = json!(first);
    let id = app.register(again).await.id();
    let seen = app.desk().get(&format!("/petitions/{id}?include=matter")).await.expect(200);
    let earlier = &seen.body["matter"]["earlier"][0];
    assert_eq!(
        (&earlier["id"], &earlier["stage"], &earlier["answer"]["outcome"]),
        (&json!(first), &json!("delivered"), &json!("supported"))
    );
    let back = app.supervisor().get(&format!("/petitions/{first}?include=matter")).await.expect(200);
    assert_eq!(back.body["matter"]["later"][0]["id"], json!(id));
    // an officer of another unit sees neither, the matter's own only their part
    app.refer(&id, "pension").await;
    let officer = app.by("pension_officer");
    let seen = officer.get(&format!("/petitions/{id}?include=matter")).await.expect(200);
    assert_eq!(seen.body["matter"]["earlier"], json!([]));
}

#[tokio::test]
async fn a_matter_is_joined_and_left_and_everybody_has_their_place() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-05-18 09:00"));
    let a = app.register(of("许德胜", "13800000201", "取暖补贴未发")).await.id();
    app.advance(Duration::hours(1));
    let mut simple = of("许德胜", "13800000201", "取暖补贴还未发");
    simple["simplified"] = json!(true);
    let b = app.register(simple).await;
    let (b, clocks) = (b.id(), shown(&b, "triage_notice"));
    app.advance(Duration::hours(1));
    // received before all others
    let mut letter = of("许德胜", "13800000201", "取暖补贴");
    letter["channel"] = json!("letter");
    letter["received_at"] = json!("2026-05-12T02:00:00Z");
    letter["backdating_reason"] = json!("来信积压");
    let c = app.register(letter).await.id();

    unlink(&app, &b).await.expect(409).problem("not_linked");
    let body = json!({"petition_id": a, "reason": "同一人同一件事"});
    app.desk().put(&format!("/petitions/{b}/matter"), body).await.expect(428);
    let linked = link(&app, &b, &a).await.done();
    assert_eq!(place(&linked), (false, json!(a), 1));
    assert_eq!(linked.body["simplified"], false, "what is not new is not simple");
    assert_eq!(shown(&linked, "triage_notice"), clocks, "limits stay");
    assert!(linked.allows("unlink_matter"));
    assert_eq!(placed(&app, &a).await, (true, Value::Null, 0));
    let of_a = events(&app, &a).await;
    assert_eq!((of_a.len(), &of_a[1]["act"], &of_a[1]["actor"]["role"]), (2, &json!("matter_changed"), &json!("system")));
    // again: nothing happens
    let etag = app.petition(&app.desk(), &b).await.etag();
    assert_eq!(link(&app, &b, &a).await.done().etag(), etag);

    // b, a repeat, is linked to what came before all: it moves alone, and back
    let moved = link(&app, &b, &c).await.done();
    assert_eq!(place(&moved), (false, json!(c), 1));
    assert_eq!(placed(&app, &a).await, (true, Value::Null, 0));
    in_line(&app).await;
    link(&app, &b, &a).await.done();
    // a, a first, brings b along; c came before both
    let merged = link(&app, &a, &c).await.done();
    assert_eq!(place(&merged), (false, json!(c), 1));
    assert_eq!(placed(&app, &b).await, (false, json!(c), 2));
    assert_eq!(placed(&app, &c).await, (true, Value::Null, 0));
    in_line(&app).await;
    // it turns out when one of them really came
    let body = json!({"received_at": "2026-05-11T02:00:00Z", "backdating_reason": "收发室补交", "reason": "收到日期写错"});
    let corrected = app.correct(&app.desk(), &b, body).await.done();
    assert_eq!(place(&corrected), (true, Value::Null, 0));
    assert_eq!((placed(&app, &c).await, placed(&app, &a).await), ((false, json!(b), 1), (false, json!(b), 2)));
    in_line(&app).await;
    // the first leaves, of the rest the next is it
    let left = unlink(&app, &b).await.done();
    assert_eq!(place(&left), (true, Value::Null, 0));
    assert!(!left.allows("unlink_matter"));
    assert_eq!((placed(&app, &c).await, placed(&app, &a).await), ((true, Value::Null, 0), (false, json!(c), 1)));
    app.act(&app.desk(), Method::DELETE, &a, "matter", json!({})).await.expect(422).fault("/reason", "reason_required");
    unlink(&app, &a).await.done();
    for id in [&a, &b, &c] {
        assert_eq!(placed(&app, id).await, (true, Value::Null, 0));
        super::histories::sound_chain(&app, id).await;
    }
    in_line(&app).await;
}

#[tokio::test]
async fn what_can_not_be_linked_is_refused_and_leaves_no_trace() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    let (other, wish) = (app.register(of("沈立春", "13800000299", "别的事")).await.id(), app.register(suggestion()).await.id());
    let accused = app.register(accusation(app.office().unit("pension"))).await.id();
    let before = app.petition(&app.desk(), &id).await.etag();
    let desk = app.desk();
    let refused = |body: Value| app.act(&desk, Method::PUT, &id, "matter", body);
    let fault = |code: &'static str| [("/petition_id", code)];
    refused(json!({"petition_id": id})).await.expect(422).only_faults(&fault("self_link"));
    refused(json!({"petition_id": app.unknown_id()})).await.expect(422).only_faults(&fault("unknown_petition"));
    refused(json!({"petition_id": accused})).await.expect(422).only_faults(&fault("different_kind"));
    refused(json!({"petition_id": other})).await.expect(422).only_faults(&fault("no_common_party"));
    refused(json!({})).await.expect(422).fault("/petition_id", "required");
    refused(json!({"petition_id": "x", "confirmed": "yes", "reason": "", "more": 1})).await.expect(422);
    app.act(&app.leader(), Method::PUT, &id, "matter", json!({"petition_id": other})).await.expect(403);
    assert_eq!(app.petition(&app.desk(), &id).await.etag(), before);
    // a suggestion and a claim may be one matter; that it is, somebody says
    refused(json!({"petition_id": wish, "confirmed": true})).await.done();

    // at registration
    let mut again = claim();
    again["repeat_of"] = json!(app.unknown_id());
    again["simplified"] = json!(true);
    let answer = app.desk().post("/petitions", again).await.expect(422);
    answer.only_faults(&[("/repeat_of", "unknown_petition"), ("/simplified", "not_eligible_simplified")]);
    let mut again = claim();
    again["repeat_of"] = json!(accused);
    app.desk().post("/petitions", again).await.expect(422).only_faults(&[("/repeat_of", "different_kind")]);
    // what is linked stays of its kind
    let body = json!({"kind": "accusation", "reason": "写错"});
    app.correct(&app.desk(), &id, body).await.expect(422).only_faults(&[("/kind", "different_kind")]);
    app.desk().post("/petitions/candidates", json!({})).await.expect(422).only_faults(&[("/parties", "nothing_to_compare")]);
    let long = json!({"title": "长".repeat(201), "parties": [{"phone": "abc"}], "category": ""});
    app.desk().post("/petitions/candidates", long).await.expect(422);
    assert!(app.desk().post("/petitions/candidates", json!({"title": "x"})).await.expect(200).items().is_empty());
    in_line(&app).await;
}

#[tokio::test]
async fn a_repeat_is_closed_as_joined_while_another_one_is_open() {
    let app = TestApp::start().await;
    let first = app.register(claim()).await;
    let mut again = claim();
    again["repeat_of"] = json!(first.id());
    let repeat = app.register(again).await;
    let close = |id: String, reason: &'static str| {
        let app = &app;
        async move { app.act(&app.desk(), Method::POST, &id, "closure", json!({"reason": reason})).await }
    };
    let lone = app.register(of("沈立春", "13800000299", "别的事")).await.id();
    close(lone, "linked").await.expect(409).problem("not_linked");
    close(repeat.id(), "no_longer_accepted").await.expect(409).problem("matter_not_terminated");
    assert!(repeat.body["allowed_closure_reasons"].as_array().unwrap().contains(&json!("linked")), "{repeat}");
    let closed = close(repeat.id(), "linked").await.done();
    assert_eq!(
        (closed.body["closure_reason"].clone(), shown(&closed, "triage_notice")),
        (json!("linked"), shown(&closed, "triage_notice"))
    );
    assert!(shown(&closed, "triage_notice").starts_with("met"));
    let notices = app.desk().get(&format!("/petitions/{}/notices", repeat.id())).await.expect(200);
    let told = notices.items().last().unwrap()["text"].as_str().unwrap().to_owned();
    assert!(told.contains(&first.text("/number")), "{told}");
    // nothing else is open now
    close(first.id(), "linked").await.expect(409).problem("no_open_matter");

    // a procedure at its end
    let id = Id::or_nil(&first.id());
    let end = (petition::closure_reason.eq(Some("terminated")), petition::closed_at.eq(petition::registered_at.nullable()));
    let this = petition::table.filter(petition::id.eq(id));
    diesel::update(this).set((petition::stage.eq("closed"), end)).execute(&mut app.connect()).unwrap();
    let mut third = claim();
    third["repeat_of"] = json!(first.id());
    let third = app.register(third).await;
    assert!(third.body["allowed_closure_reasons"].as_array().unwrap().contains(&json!("no_longer_accepted")), "{third}");
    close(third.id(), "no_longer_accepted").await.done();
}

#[tokio::test]
async fn candidates_hold_nothing_that_is_kept_from_the_caller() {
    let app = TestApp::start().await;
    let id = app.register(accusation(app.office().unit("medical"))).await.id();
    let asked = json!({"parties": [{"name": "蒋德明", "phone": "13800000102", "birth_date": "1947-01-30"}], "kind": "accusation"});
    let found = |who| {
        let (app, asked) = (&app, asked.clone());
        async move { app.by(who).post("/petitions/candidates", asked).await.expect(200).items().len() }
    };
    assert_eq!(found("desk").await, 1, "who registered it");
    assert_eq!((found("desk2").await, found("officer").await, found("supervisor").await), (0, 0, 1));
    app.officer().get(&format!("/petitions/{id}/candidates")).await.expect(404);
    for who in [app.leader(), app.auditor(), app.admin()] {
        who.post("/petitions/candidates", asked.clone()).await.expect(403);
    }
    // of another kind it is none
    let mut claims = asked.clone();
    claims["kind"] = json!("claim");
    assert!(app.desk().post("/petitions/candidates", claims).await.expect(200).items().is_empty());
}

#[tokio::test]
async fn two_who_link_at_once_leave_one_first() {
    let app = TestApp::start().await;
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(app.register(claim()).await.id());
    }
    // round and round, each to the next: whoever loses the race has seen an older version, nobody waits for ever
    let round = ids.iter().zip(ids.iter().cycle().skip(1)).map(|(one, other)| link(&app, one, other));
    for answer in futures_util::future::join_all(round).await {
        assert!([200, 412].contains(&answer.status), "{answer}");
    }
    in_line(&app).await;
}

#[tokio::test]
async fn nothing_of_a_confidential_petition_names_the_other_one() {
    let app = TestApp::start().await;
    let unit = app.office().unit("medical");
    let first = app.register(accusation(unit)).await.id();
    app.advance(chrono::Duration::minutes(1));
    let second = app.register(accusation(unit)).await.id();
    let body = json!({"petition_id": first, "confirmed": true});
    let linked = app.act(&app.desk(), Method::PUT, &second, "matter", body).await.expect(200);
    assert_eq!(linked.body["first_here"], json!(false));
    assert_eq!(linked.body["repeat_of"], json!(first), "the desk may see both");
    let events = app.supervisor().get(&format!("/petitions/{second}/events?limit=200")).await.expect(200);
    assert!(!events.body.to_string().contains(&first), "{events}");
    let listed = app.supervisor().get("/petitions?kind=accusation").await.expect(200);
    let item = listed.items().iter().find(|p| p["id"] == second).unwrap().clone();
    assert_eq!((&item["repeat_of"], &item["first_here"]), (&Value::Null, &json!(false)));
}
