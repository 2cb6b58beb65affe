//! Reception days: the roster, who has booked, and who came.

use super::clocks::events;
use crate::harness::{Answer, TestApp, accusation, claim};
use chrono::{Days, Duration};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn today(app: &TestApp) -> chrono::NaiveDate {
    (app.now() + Duration::hours(8)).date_naive()
}

async fn booked(app: &TestApp, day: &str, name: &str) -> Answer {
    app.desk().post(&format!("/reception-days/{day}/bookings"), json!({"name": name, "phone": "13800000001", "about": "住院费"})).await
}

fn visit(booking: Option<&str>) -> Value {
    json!({"booking_id": booking, "petition": claim(), "instruction": "请医疗保险科月底前答复"})
}

#[tokio::test]
async fn the_roster_is_published_and_everybody_reads_it() {
    let app = TestApp::start().await;
    let day = app.publish_reception_day(7).await;
    assert!(!day.body["leader"].as_str().unwrap().is_empty());
    assert_eq!((&day.body["booked"], &day.body["came"]), (&json!(0), &json!(0)));
    let later = app.publish_reception_day(14).await;
    let id = day.id();
    for who in [app.desk(), app.officer(), app.leader(), app.auditor()] {
        let list = who.get("/reception-days").await.expect(200);
        assert_eq!(list.items().iter().map(|d| d["id"].clone()).collect::<Vec<_>>(), [json!(id), json!(later.id())]);
        who.get(&format!("/reception-days/{id}")).await.expect(200);
    }
    for who in [app.desk(), app.leader(), app.officer()] {
        who.post("/reception-days", app.reception_day(21)).await.expect(403).problem("not_permitted");
    }
    booked(&app, &id, "张建国").await.expect(201);
    let roster = app.anonymous().get("/public/reception-days").await.expect(200);
    assert_eq!(roster.items().len(), 2);
    assert_eq!(roster.items()[0]["places_left"], 1);
    assert!(roster.items()[0].get("leader_id").is_none() && roster.items()[0].get("booked").is_none());
    // what is over or cancelled is told to nobody any more
    app.advance(Duration::days(8));
    let cancelled = app.supervisor().put(&format!("/reception-days/{}/cancellation", later.id()), json!({"reason": "防汛值守"}));
    cancelled.if_match(&later.etag()).await.expect(200);
    assert!(app.anonymous().get("/public/reception-days").await.expect(200).items().is_empty());
    assert_eq!(app.desk().get("/reception-days").await.expect(200).items().len(), 1);
    let from = today(&app) - Days::new(30);
    let page = app.desk().get(&format!("/reception-days?from={from}&limit=1")).await.expect(200);
    let next = page.body["next_cursor"].as_str().unwrap();
    let second = app.desk().get(&format!("/reception-days?from={from}&limit=1&cursor={next}")).await.expect(200);
    assert_eq!((page.items()[0]["id"].clone(), second.items()[0]["id"].clone()), (json!(id), json!(later.id())));
}

#[tokio::test]
async fn what_is_wrong_with_a_reception_day_is_told_at_once() {
    let app = TestApp::start().await;
    let who = app.supervisor();
    let wrong = |change: Value| {
        let mut day = app.reception_day(7);
        day.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        day
    };
    let bad = json!({"held_on": today(&app) - Days::new(1), "starts": "12:00", "leader_id": app.office().account("desk").id()});
    who.post("/reception-days", wrong(bad)).await.expect(422).only_faults(&[
        ("/held_on", "reception_day_past"),
        ("/ends", "ends_before_start"),
        ("/leader_id", "not_a_leader"),
    ]);
    let far = json!({"held_on": "2206-04-15"});
    who.post("/reception-days", wrong(far)).await.expect(422).only_faults(&[("/held_on", "reception_day_far")]);
    who.post("/reception-days", wrong(json!({"starts": "9点", "places": 0}))).await.expect(422);
    let mine = wrong(json!({"id": app.unknown_id()}));
    let first = who.post("/reception-days", mine.clone()).await.expect(201);
    assert_eq!(who.post("/reception-days", mine).await.expect(201).id(), first.id());
    // nobody sits in two places at once; in the afternoon they may
    who.post("/reception-days", app.reception_day(7)).await.expect(422).only_faults(&[("/leader_id", "leader_sits_already")]);
    who.post("/reception-days", wrong(json!({"starts": "11:30", "ends": "17:00"}))).await.expect(201);
}

#[tokio::test]
async fn a_full_day_refuses_and_a_cancelled_booking_frees_its_place() {
    let app = TestApp::start().await;
    let id = app.publish_reception_day(7).await.id();
    let first = booked(&app, &id, "张建国").await.expect(201);
    assert_eq!((&first.body["state"], &first.body["phone"]), (&json!("booked"), &json!("13800000001")));
    booked(&app, &id, "李玉兰").await.expect(201);
    booked(&app, &id, "王德顺").await.expect(409).problem("reception_day_full");
    app.officer().post(&format!("/reception-days/{id}/bookings"), json!({"name": "某人"})).await.expect(403).problem("not_permitted");
    let at = format!("/reception-days/{id}/bookings/{}", first.id());
    app.desk().delete(&at).json(&json!({})).await.expect(422);
    app.desk().delete(&at).json(&json!({"reason": "住院了"})).await.expect(200);
    app.desk().delete(&at).json(&json!({"reason": "住院了"})).await.expect(409).problem("booking_ended");
    booked(&app, &id, "王德顺").await.expect(201);
    // fewer places than have booked there can't be
    let day = app.supervisor().get(&format!("/reception-days/{id}")).await.expect(200);
    let change = |body: Value| app.supervisor().patch(&format!("/reception-days/{id}"), body);
    change(json!({"places": 1})).await.expect(428);
    change(json!({"places": 1})).if_match(&day.etag()).await.expect(422).only_faults(&[("/places", "below_booked")]);
    let changed = change(json!({"places": 3, "place": "二号厅", "reason": "检修"})).if_match(&day.etag()).await.expect(200);
    assert_eq!((&changed.body["places"], &changed.body["booked"]), (&json!(3), &json!(2)));
    change(json!({"places": 4})).if_match(&day.etag()).await.expect(412);
    let list = app.leader().get(&format!("/reception-days/{id}/bookings")).await.expect(200);
    let told: Vec<_> = list.items().iter().map(|b| (b["name"].as_str().unwrap(), b["state"].as_str().unwrap())).collect();
    assert_eq!(BTreeSet::from_iter(told), BTreeSet::from([("张建国", "cancelled"), ("李玉兰", "booked"), ("王德顺", "booked")]));
    app.officer().get(&format!("/reception-days/{id}/bookings")).await.expect(403);
    app.desk().get(&format!("/reception-days/{}/bookings", app.unknown_id())).await.expect(404);
    app.supervisor()
        .put(&format!("/reception-days/{id}/cancellation"), json!({"reason": "防汛"}))
        .if_match(&changed.etag())
        .await
        .expect(200);
    booked(&app, &id, "赵某").await.expect(409).problem("reception_day_cancelled");
    let over = app.publish_reception_day(1).await.id();
    app.advance(Duration::days(2));
    booked(&app, &over, "赵某").await.expect(409).problem("reception_day_over");
}

#[tokio::test]
async fn a_retiree_books_once_and_a_retry_is_harmless() {
    let app = TestApp::start().await;
    let id = app.publish_reception_day(7).await.id();
    let at = format!("/reception-days/{id}/bookings");
    let retiree = app.desk().post("/retirees", json!({"name": "张建国", "category": "retired_cadre"})).await;
    let retiree = retiree.expect(201).id();
    let place = json!({"id": app.unknown_id(), "retiree_id": retiree, "name": "张建国"});
    let first = app.desk().post(&at, place.clone()).await.expect(201);
    assert_eq!(app.desk().post(&at, place.clone()).await.expect(201).id(), first.id());
    let again = json!({"retiree_id": retiree, "name": "张建国"});
    app.desk().post(&at, again.clone()).await.expect(422).only_faults(&[("/retiree_id", "booked_already")]);
    app.desk()
        .post(&at, json!({"retiree_id": app.unknown_id(), "name": "某人"}))
        .await
        .expect(422)
        .only_faults(&[("/retiree_id", "unknown_retiree")]);
    let mut taken = place;
    taken["name"] = json!("别人");
    app.desk().post(&at, taken).await.expect(409).problem("id_taken");
    app.desk().delete(&format!("{at}/{}", first.id())).json(&json!({"reason": "改期"})).await.expect(200);
    app.desk().post(&at, again).await.expect(201);
}

#[tokio::test]
async fn a_visit_on_the_day_registers_a_petition_with_the_leaders_instruction() {
    let app = TestApp::start().await;
    let id = app.publish_reception_day(0).await.id();
    let booking = booked(&app, &id, "张建国").await.expect(201).id();
    let at = format!("/reception-days/{id}/visits");
    app.auditor().post(&at, visit(None)).await.expect(403).problem("not_permitted");
    let came = app.desk().post(&at, visit(Some(&booking))).await.expect(201);
    assert_eq!(came.body["stage"], "registered");
    assert!(came.body["query_code"].is_string());
    let petition = came.id();
    let leader = app.office().account("leader").id();
    let instructions = app.desk().get(&format!("/petitions/{petition}/instructions")).await.expect(200);
    assert_eq!(instructions.items()[0]["text"], "请医疗保险科月底前答复");
    assert_eq!(instructions.items()[0]["given_by"], json!(leader));
    let told: Vec<_> = events(&app, &petition).await.iter().map(|e| e["act"].as_str().unwrap().to_owned()).collect();
    assert_eq!(told, ["registered", "instructed"]);
    // the answer's entity-tag is good for the next act
    app.desk()
        .put(&format!("/petitions/{petition}/priority"), json!({"level": "high", "reason": "病重"}))
        .if_match(&came.etag())
        .await
        .done();
    // whoever has not booked is heard too, full or not, and is named by their petition alone
    booked(&app, &id, "李玉兰").await.expect(201);
    let walked_in = app.desk().post(&at, visit(None)).await.expect(201).id();
    let day = app.desk().get(&format!("/reception-days/{id}")).await.expect(200);
    assert_eq!((&day.body["booked"], &day.body["came"]), (&json!(2), &json!(2)));
    let list = app.desk().get(&format!("/reception-days/{id}/bookings")).await.expect(200);
    let rows: BTreeSet<_> = list.items().iter().map(|b| [&b["state"], &b["name"], &b["petition_id"]].map(Value::to_string)).collect();
    let expected = [
        [json!("came"), json!("张建国"), json!(petition)],
        [json!("booked"), json!("李玉兰"), json!(null)],
        [json!("came"), json!(null), json!(walked_in)],
    ];
    assert_eq!(rows, expected.iter().map(|row| row.each_ref().map(Value::to_string)).collect());
    app.desk().post(&at, visit(Some(&booking))).await.expect(422).only_faults(&[("/booking_id", "booking_ended")]);
    app.desk()
        .delete(&format!("/reception-days/{id}/bookings/{booking}"))
        .json(&json!({"reason": "改期"}))
        .await
        .expect(409)
        .problem("booking_ended");
}

#[tokio::test]
async fn what_is_wrong_with_a_visit_is_told_at_once_and_a_retry_registers_once() {
    let app = TestApp::start().await;
    let (id, later) = (app.publish_reception_day(0).await.id(), app.publish_reception_day(7).await.id());
    let mut wrong = visit(Some(&app.unknown_id().to_string()));
    wrong["petition"]["channel"] = json!("letter");
    wrong["petition"]["category"] = json!("no.such");
    app.desk().post(&format!("/reception-days/{later}/visits"), wrong).await.expect(422).only_faults(&[
        ("/petition/channel", "visit_only"),
        ("/petition/received_at", "not_that_day"),
        ("/booking_id", "unknown_booking"),
        ("/petition/category", "unknown_category"),
    ]);
    let mut mine = visit(None);
    mine["petition"]["id"] = json!(app.unknown_id());
    let at = format!("/reception-days/{id}/visits");
    let first = app.desk().post(&at, mine.clone()).await.expect(201);
    assert_eq!(app.desk().post(&at, mine).await.expect(201).body["number"], first.body["number"]);
    assert_eq!(app.desk().get(&format!("/reception-days/{id}")).await.expect(200).body["came"], 1);
    // what was taken down on paper is entered on the next day, with the hour at which it was told
    let told_at = app.now();
    app.advance(Duration::days(1));
    let mut late = visit(None);
    late["petition"]["received_at"] = json!(told_at);
    late["petition"]["backdating_reason"] = json!("当日纸质登记");
    app.desk().post(&at, late).await.expect(201);
    let mut unknown = visit(None);
    unknown["instruction"] = json!("  ");
    app.desk().post(&at, unknown).await.expect(422);
    app.desk().post(&format!("/reception-days/{}/visits", app.unknown_id()), visit(None)).await.expect(404);
}

#[tokio::test]
async fn nobody_instructs_on_what_is_said_against_them_and_a_confidential_petition_is_not_pointed_to() {
    let app = TestApp::start().await;
    let id = app.publish_reception_day(0).await.id();
    let at = format!("/reception-days/{id}/visits");
    let mut against = visit(None);
    against["petition"] = claim();
    against["petition"]["subject"] = json!({"name": "某领导", "staff_id": app.office().account("leader").id()});
    app.desk().post(&at, against).await.expect(422).only_faults(&[("/petition/subject", "leader_concerned")]);
    assert!(app.supervisor().get("/petitions").await.expect(200).items().is_empty());
    let mut accused = visit(None);
    accused["petition"] = accusation(app.office().unit("housing"));
    accused["petition"]["channel"] = json!("visit");
    let petition = app.desk().post(&at, accused).await.expect(201).id();
    let seen = async |who: crate::harness::Persona<'_>| {
        let list = who.get(&format!("/reception-days/{id}/bookings")).await.expect(200);
        list.items()[0]["petition_id"].clone()
    };
    assert_eq!(seen(app.desk()).await, json!(petition));
    assert_eq!(seen(app.by("desk2")).await, json!(null));
}

#[tokio::test]
async fn two_who_want_the_last_place_are_heard_in_turn() {
    let app = TestApp::start().await;
    let id = app.publish_reception_day(7).await.id();
    booked(&app, &id, "张建国").await.expect(201);
    let (one, other) = tokio::join!(booked(&app, &id, "李玉兰"), booked(&app, &id, "王德顺"));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(app.desk().get(&format!("/reception-days/{id}")).await.expect(200).body["booked"], 2);
}
