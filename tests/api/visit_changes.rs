//! What becomes of visits that are owed when what they rest on turns out otherwise, and of those nobody expected.

use super::harness::{Persona, TestApp, claim};
use super::visits::{brief, call, instant, kept, list, made, opened, record, sound, told};
use chrono::Duration;
use diesel::prelude::*;
use reqwest::Method;
use serde_json::{Value, json};
use xinfang::jobs::visits::{breach, plan};
use xinfang::platform::db::schema::visit_task;
use xinfang::platform::db::types::Id;
use xinfang::platform::error::Result;

pub(crate) async fn change(app: &TestApp, retiree: &str, body: Value) {
    let (desk, path) = (app.desk(), format!("/retirees/{retiree}"));
    let etag = desk.get(&path).await.etag();
    desk.patch(&path, body).if_match(&etag).await.expect(200);
}

pub(crate) async fn cancel(who: &Persona<'_>, task: &str, reason: &str) {
    let path = format!("/visit-tasks/{task}");
    let etag = who.get(&path).await.etag();
    who.put(&format!("{path}/cancellation"), json!({"reason": reason})).if_match(&etag).await.expect(200);
}

pub(crate) async fn merge(app: &TestApp, one: &str, two: &str) {
    let path = format!("/retirees/{one}");
    let etag = app.desk().get(&path).await.etag();
    let merge = json!({"into": two, "reason": "重复建档"});
    app.desk().post(&format!("{path}/merge"), merge).if_match(&etag).await.expect(200);
}

pub(crate) async fn unmerge(app: &TestApp, one: &str) {
    let call = app.desk().call(Method::DELETE, &format!("/retirees/{one}/merge"));
    call.json(&json!({"reason": "同名不同人"})).await.expect(200);
}

pub(crate) async fn of(app: &TestApp, retiree: &str) -> Vec<(String, String, String)> {
    brief(&list(&app.desk(), &format!("retiree_id={retiree}")).await)
}

#[tokio::test]
async fn who_was_said_to_have_died_by_mistake_is_visited_as_before() {
    let app = TestApp::start().await;
    // 80 on 20 March
    let retiree = kept(&app, "褚玉兰", json!({"birth_date": "1946-03-20"})).await;
    plan(&app.platform).await.unwrap();
    opened(&app, &retiree, "telephone_request").await;
    let owed = of(&app, &retiree).await;
    assert_eq!(owed, [told("telephone_request", "open", "2026-03-05"), told("birthday", "planned", "2026-03-20")]);
    for _ in 0..2 {
        change(&app, &retiree, json!({"status": "deceased"})).await;
        assert_eq!(of(&app, &retiree).await, [told("death", "open", "2026-03-03")]);
        change(&app, &retiree, json!({"status": "alive"})).await;
        assert_eq!(of(&app, &retiree).await, owed);
    }
    // a report on a petition, which nobody can take back but by the task
    let petition = app.register(call(&retiree)).await;
    let below = format!("parties/{}/status", petition.text("/parties/0/id"));
    app.act(&app.desk(), Method::PUT, &petition.id(), &below, json!({"status": "deceased"})).await.done();
    let death = list(&app.desk(), &format!("retiree_id={retiree}")).await;
    assert_eq!(brief(&death), [told("death", "open", "2026-03-03")]);
    cancel(&app.desk(), death[0]["id"].as_str().unwrap(), "mistaken").await;
    assert_eq!(of(&app, &retiree).await.len(), 3);
    app.clock.move_to(instant("2026-09-20T01:00:00Z"));
    assert_eq!(plan(&app.platform).await.unwrap(), 2, "Mid-Autumn and Double Ninth come again");
    // what went by while they were thought dead is not made up for
    let other = kept(&app, "另一人", json!({"birth_date": "1946-10-01"})).await;
    app.clock.move_to(instant("2026-09-21T01:00:00Z"));
    assert_eq!(plan(&app.platform).await.unwrap(), 3);
    change(&app, &other, json!({"status": "deceased"})).await;
    app.clock.move_to(instant("2026-09-27T01:00:00Z"));
    change(&app, &other, json!({"status": "alive"})).await;
    assert_eq!(of(&app, &other).await, [told("birthday", "open", "2026-10-01"), told("double_ninth", "planned", "2026-10-18")]);
    sound(&app).await;
}

#[tokio::test]
async fn a_corrected_date_of_birth_moves_the_birthday() {
    let app = TestApp::start().await;
    let retiree = kept(&app, "褚玉兰", json!({"birth_date": "1946-03-20"})).await;
    plan(&app.platform).await.unwrap();
    // the same age on another day, another age altogether, none at all, and back
    for (born, expected) in [
        (json!("1946-03-25"), vec![told("birthday", "planned", "2026-03-25")]),
        (json!("1941-03-10"), vec![told("birthday", "planned", "2026-03-10")]),
        (json!("1942-03-10"), vec![]),
        (json!("1946-03-20"), vec![told("birthday", "planned", "2026-03-20")]),
    ] {
        change(&app, &retiree, json!({"birth_date": born})).await;
        assert_eq!(of(&app, &retiree).await, expected, "{born}");
    }
    let cancelled = list(&app.desk(), "state=cancelled").await;
    assert_eq!(cancelled.len(), 3);
    let why = app.desk().get(&format!("/visit-tasks/{}", cancelled[0]["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(why.body["cancelled_for"], json!("birth_date_corrected"));
    // one that was declined stays so, whatever the day
    let task = list(&app.desk(), &format!("retiree_id={retiree}")).await[0]["id"].as_str().unwrap().to_owned();
    cancel(&app.officer(), &task, "declined").await;
    change(&app, &retiree, json!({"birth_date": "1946-03-22"})).await;
    assert!(of(&app, &retiree).await.is_empty());
    app.advance(Duration::days(1));
    assert_eq!(plan(&app.platform).await.unwrap(), 0);
    sound(&app).await;
}

#[tokio::test]
async fn a_merge_leaves_no_twins_and_undone_gives_back_what_it_took() {
    let app = TestApp::start().await;
    let born = json!({"birth_date": "1946-03-20"});
    let one = kept(&app, "褚玉兰", born).await;
    // the same person under a date of birth that is a day off
    let two = kept(&app, "褚玉兰", json!({"birth_date": "1946-03-21", "double_of_none": true})).await;
    assert_eq!(plan(&app.platform).await.unwrap(), 2);
    for retiree in [&one, &two] {
        change(&app, retiree, json!({"in_hospital": true})).await;
    }
    opened(&app, &one, "disaster").await;
    let (before_one, before_two) = (of(&app, &one).await, of(&app, &two).await);
    merge(&app, &one, &two).await;
    let merged =
        [told("disaster", "open", "2026-03-03"), told("hospital", "open", "2026-03-03"), told("birthday", "planned", "2026-03-21")];
    let mut now = of(&app, &two).await;
    now.sort();
    assert_eq!(now.len(), 3, "{now:?}");
    assert!(merged.iter().all(|task| now.contains(task)), "{now:?}");
    assert!(of(&app, &one).await.is_empty());
    unmerge(&app, &one).await;
    let sorted = |mut tasks: Vec<(String, String, String)>| {
        tasks.sort();
        tasks
    };
    assert_eq!(sorted(of(&app, &one).await), sorted(before_one));
    assert_eq!(sorted(of(&app, &two).await), sorted(before_two));
    assert_eq!(plan(&app.platform).await.unwrap(), 0);
    sound(&app).await;
}

#[tokio::test]
async fn what_was_visited_before_a_merge_is_owed_to_the_other_again_once_it_is_undone() {
    let app = TestApp::start().await;
    let born = json!({"birth_date": "1946-03-03"});
    let one = kept(&app, "褚玉兰", born.clone()).await;
    let mut more = born;
    more["double_of_none"] = json!(true);
    let two = kept(&app, "褚玉兰", more).await;
    assert_eq!(plan(&app.platform).await.unwrap(), 2);
    let task = list(&app.officer(), &format!("retiree_id={one}")).await[0]["id"].as_str().unwrap().to_owned();
    record(&app.officer(), &task, made("2026-03-02T00:30:00Z")).await.expect(201);
    merge(&app, &one, &two).await;
    assert!(of(&app, &two).await.is_empty());
    unmerge(&app, &one).await;
    assert_eq!(of(&app, &two).await, [told("birthday", "open", "2026-03-03")]);
    assert!(of(&app, &one).await.is_empty(), "they were visited");
    sound(&app).await;
}

#[tokio::test]
async fn one_task_that_cannot_be_touched_does_not_stop_the_others() {
    let app = TestApp::start().await;
    let mut people = Vec::new();
    for n in 0..5 {
        people.push(kept(&app, &format!("王{}", char::from_u32(0x4e00 + n).unwrap()), json!({"birth_date": "1946-03-20"})).await);
    }
    let bad = opened(&app, &people[1], "disaster").await.id();
    for retiree in &people[2..] {
        opened(&app, retiree, "disaster").await;
    }
    let unreadable = opened(&app, &people[4], "hospital").await.id();
    // of one the chain says one thing, its row another; the other's row says what nobody understands
    let (id, unreadable) = (Id(bad.parse().unwrap()), Id(unreadable.parse().unwrap()));
    let broken = move |c: &mut xinfang::platform::db::Conn| -> Result<()> {
        diesel::update(visit_task::table.find(id)).set(visit_task::event_n.eq(0)).execute(c)?;
        diesel::update(visit_task::table.find(unreadable)).set(visit_task::reason.eq("?")).execute(c)?;
        Ok(())
    };
    app.platform.db.write(broken).await.unwrap();
    let officer = app.officer().actor.unwrap().id();
    let staff = app.admin().get(&format!("/staff/{officer}")).await.expect(200);
    app.admin().patch(&format!("/staff/{officer}"), json!({"status": "suspended"})).if_match(&staff.etag()).await.expect(200);
    assert_eq!(plan(&app.platform).await.unwrap(), 3, "all but two");
    assert_eq!(plan(&app.platform).await.unwrap(), 0);
    app.clock.move_to(instant("2026-03-03T16:00:00Z"));
    assert_eq!(breach(&app.platform).await.unwrap(), 3);
    assert_eq!(breach(&app.platform).await.unwrap(), 0);
}

#[tokio::test]
async fn two_who_went_both_tell_of_it_and_nothing_is_lost() {
    let app = TestApp::start().await;
    let retiree = kept(&app, "褚玉兰", json!({})).await;
    let task = opened(&app, &retiree, "disaster").await.id();
    let path = format!("/visit-tasks/{task}");
    // the end is the 3rd, 09:00; who was late told of it first
    app.clock.move_to(instant("2026-03-03T03:00:00Z"));
    breach(&app.platform).await.unwrap();
    let late = record(&app.officer(), &task, made("2026-03-03T02:00:00Z")).await.expect(201);
    assert_eq!(app.officer().get(&path).await.body["late"], json!(true));
    let mut petition = claim();
    petition["parties"][0] = json!({"role": "petitioner", "name": "褚玉兰", "retiree_id": retiree});
    petition["channel"] = json!("home_visit");
    petition["intake_place"] = json!("home");
    let mut body = made("2026-03-02T08:00:00Z");
    body["id"] = json!(app.unknown_id());
    body["captured_at"] = json!("2026-03-02T08:30:00Z");
    body["petitions"] = json!([petition]);
    let early = record(&app.supervisor(), &task, body.clone()).await;
    let early = if early.status == 403 { record(&app.officer(), &task, body.clone()).await } else { early }.expect(201);
    assert!(early.body["petitions"][0]["query_code"].is_string());
    let now = app.officer().get(&path).await.expect(200);
    assert_eq!((&now.body["late"], &now.body["visit_id"]), (&json!(false), &early.body["id"]), "somebody was there in time");
    let visits = app.officer().get(&format!("{path}/visits")).await.expect(200);
    let ids: Vec<&Value> = visits.items().iter().map(|visit| &visit["id"]).collect();
    assert_eq!(ids, [&early.body["id"], &late.body["id"]]);
    for visit in [&early, &late] {
        app.officer().get(&format!("{path}/visits/{}", visit.id())).await.expect(200);
    }
    // an id is one visit, whoever sends it
    record(&app.head(), &task, {
        let mut other = made("2026-03-02T09:00:00Z");
        other["id"] = body["id"].clone();
        other
    })
    .await
    .expect(409)
    .problem("id_taken");
    // a phone that did not know the task was taken back
    let other = opened(&app, &retiree, "telephone_request").await.id();
    cancel(&app.officer(), &other, "declined").await;
    app.advance(Duration::hours(2));
    record(&app.officer(), &other, made("2026-03-03T04:00:00Z")).await.expect(201);
    assert_eq!(app.officer().get(&format!("/visit-tasks/{other}")).await.body["state"], json!("cancelled"));
    // before it was taken back, it was made
    record(&app.officer(), &other, made("2026-03-03T02:59:00Z")).await.expect(201);
    assert_eq!(app.officer().get(&format!("/visit-tasks/{other}")).await.body["state"], json!("done"));
    sound(&app).await;
}

#[tokio::test]
async fn a_petition_that_becomes_confidential_takes_its_visit_along() {
    let app = TestApp::start().await;
    let retiree = kept(&app, "褚玉兰", json!({})).await;
    let petition = app.register(call(&retiree)).await.id();
    assert_eq!(list(&app.officer(), "").await.len(), 1);
    let subject = json!({"name": "某科长", "unit_id": app.unit("medical")});
    let correction = json!({"kind": "accusation", "category": "conduct", "subject": subject, "reason": "实为检举"});
    let category = app.desk().get("/categories").await;
    let accusations = category.items().iter().find(|c| c["kind"] == "accusation").map(|c| c["code"].clone());
    let mut correction = correction;
    if let Some(code) = accusations {
        correction["category"] = code;
    }
    let etag = app.petition(&app.desk(), &petition).await.etag();
    app.desk().patch(&format!("/petitions/{petition}"), correction).if_match(&etag).await.expect(200);
    for who in [app.desk(), app.officer(), app.supervisor(), app.leader()] {
        assert!(list(&who, &format!("retiree_id={retiree}")).await.is_empty(), "{}", who.name);
        for task in list(&who, "state=cancelled").await {
            assert_eq!(task["petition_id"], json!(null), "{}", who.name);
            let task = who.get(&format!("/visit-tasks/{}", task["id"].as_str().unwrap())).await.expect(200);
            assert_eq!(task.body["cancelled_for"], json!("mistaken"));
        }
    }
    sound(&app).await;
}

#[tokio::test]
async fn a_death_without_a_profile_is_visited_once_however_many_petitions_tell_of_it() {
    let app = TestApp::start().await;
    for _ in 0..2 {
        let petition = app.register(claim()).await;
        let below = format!("parties/{}/status", petition.text("/parties/0/id"));
        app.act(&app.desk(), Method::PUT, &petition.id(), &below, json!({"status": "deceased"})).await.done();
    }
    assert_eq!(list(&app.desk(), "reason=death").await.len(), 1);
    sound(&app).await;
}

#[tokio::test]
async fn who_goes_sees_where_to_go() {
    let app = TestApp::start().await;
    let contact = json!({"phones": [{"number": "13800000001"}], "address": "城东区和平路12号", "in_hospital": true});
    let retiree = kept(&app, "褚玉兰", contact).await;
    let mine = list(&app.officer(), "mine=true").await;
    let shown = |task: &Value| (task["phone"].clone(), task["address"].clone(), task["in_hospital"].clone());
    assert_eq!(shown(&mine[0]), (json!("13800000001"), json!("城东区和平路12号"), json!(true)));
    let leader = list(&app.leader(), &format!("retiree_id={retiree}")).await;
    assert_eq!(shown(&leader[0]), (json!(null), json!(null), json!(null)), "who only looks on goes nowhere");
    let task = mine[0]["id"].as_str().unwrap();
    record(&app.officer(), task, made("2026-03-02T00:59:00Z")).await.expect(201);
    let done = app.officer().get(&format!("/visit-tasks/{task}")).await.expect(200);
    assert_eq!(done.body["phone"], json!(null), "nobody goes any more");
}
