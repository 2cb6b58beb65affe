//! Visits: owed by what happens or what the calendar says, on the list of who looks after somebody, made in time or late, counted.

use super::harness::{Answer, Persona, TestApp, accusation, claim};
use super::histories::sound_chain;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};
use xinfang::jobs::visits::{breach, plan};
use xinfang::platform::db::schema::{event, visit_task};
use xinfang::platform::db::types::Id;

/// Somebody the officer of 医疗保险科 looks after, of 社区办.
pub(crate) async fn kept(app: &TestApp, name: &str, more: Value) -> String {
    let mut profile = json!({
        "name": name, "category": "retired_cadre", "liaison_officer": app.officer().actor.unwrap().id(),
        "units": [{"role": "managing", "unit_id": app.unit("medical")}]
    });
    profile.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.desk().post("/retirees", profile).await.expect(201).id()
}

pub(crate) async fn list(who: &Persona<'_>, query: &str) -> Vec<Value> {
    let answer = who.get(&format!("/visit-tasks?{query}")).await.expect(200);
    answer.body["items"].as_array().unwrap().clone()
}

pub(crate) fn brief(tasks: &[Value]) -> Vec<(String, String, String)> {
    let text = |task: &Value, name: &str| task[name].as_str().unwrap().to_owned();
    tasks.iter().map(|task| (text(task, "reason"), text(task, "state"), text(task, "due_on"))).collect()
}

pub(crate) fn told(reason: &str, state: &str, due: &str) -> (String, String, String) {
    (reason.to_owned(), state.to_owned(), due.to_owned())
}

pub(crate) fn made(at: &str) -> Value {
    json!({"made_at": at, "place": "home", "found": "老人精神尚好", "needs": ["检修暖气"]})
}

pub(crate) async fn record(who: &Persona<'_>, task: &str, body: Value) -> Answer {
    who.post(&format!("/visit-tasks/{task}/visits"), body).await
}

pub(crate) async fn opened(app: &TestApp, retiree: &str, reason: &str) -> Answer {
    app.officer().post("/visit-tasks", json!({"retiree_id": retiree, "reason": reason, "note": "心内科12床"})).await.expect(201)
}

pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) async fn sound(app: &TestApp) {
    let ids: Vec<Id> = app.rows(|c| Ok(visit_task::table.select(visit_task::id).load(c)?)).await;
    for id in ids {
        sound_chain(app, &id.to_string()).await;
    }
}

/// By telephone, somebody with a profile who wants to be visited.
pub(crate) fn call(retiree: &str) -> Value {
    let mut call = claim();
    call["channel"] = json!("phone");
    call.as_object_mut().unwrap().remove("intake_place");
    call["wants_visit"] = json!(true);
    call["parties"][0] = json!({"role": "petitioner", "name": "褚玉兰", "retiree_id": retiree});
    call
}

#[tokio::test]
async fn who_asks_for_a_visit_on_the_telephone_is_on_the_list_of_who_looks_after_them() {
    let app = TestApp::start().await;
    let retiree = kept(&app, "褚玉兰", json!({})).await;
    let petition = app.register(call(&retiree)).await.id();
    let mine = list(&app.officer(), "mine=true").await;
    // Monday 2 March: three working days
    assert_eq!(brief(&mine), [told("telephone_request", "open", "2026-03-05")]);
    assert_eq!((&mine[0]["name"], &mine[0]["retiree_id"]), (&json!("褚玉兰"), &json!(retiree)));
    assert_eq!(mine[0]["petition_id"], json!(null), "it is still at the desk: the officer knows nothing of it");
    assert_eq!(list(&app.desk(), "").await[0]["petition_id"], json!(petition));
    assert!(list(&app.discipline(), "").await.is_empty());

    let task = mine[0]["id"].as_str().unwrap().to_owned();
    app.advance(Duration::days(1));
    let visit = record(&app.officer(), &task, made("2026-03-03T00:30:00Z")).await.expect(201);
    assert_eq!(visit.header("location"), Some(format!("/api/v1/visit-tasks/{task}/visits/{}", visit.id()).as_str()));
    assert_eq!((&visit.body["found"], &visit.body["needs"]), (&json!("老人精神尚好"), &json!(["检修暖气"])));
    assert!(list(&app.officer(), "mine=true").await.is_empty());
    let done = app.officer().get(&format!("/visit-tasks/{task}")).await.expect(200);
    assert_eq!((&done.body["state"], &done.body["late"], &done.body["visit_id"]), (&json!("done"), &json!(false), &visit.body["id"]));
    let read = app.officer().get(&format!("/visit-tasks/{task}/visits/{}", visit.id())).await.expect(200);
    assert_eq!(read.body, visit.body);
    let leader = app.leader().get(&format!("/visit-tasks/{task}/visits")).await.expect(200);
    assert_eq!((&leader.body["items"][0]["found"], &leader.body["items"][0]["masked"]), (&json!(null), &json!(["/found", "/needs"])));
    sound(&app).await;
}

#[tokio::test]
async fn somebody_without_a_profile_and_a_confidential_petition() {
    let app = TestApp::start().await;
    let mut call = claim();
    call["wants_visit"] = json!(true);
    app.register(call).await;
    let tasks = list(&app.desk(), "").await;
    assert_eq!((&tasks[0]["retiree_id"], &tasks[0]["name"], &tasks[0]["unit"]["name"]), (&json!(null), &json!("褚玉兰"), &json!("接访室")));
    // of an accusation nobody hears who looks at the list of visits
    let retiree = kept(&app, "蒋德明", json!({})).await;
    let mut accused = accusation(app.unit("medical").parse().map(Id).unwrap());
    accused["wants_visit"] = json!(true);
    accused["intake_place"] = json!("hospital");
    accused["parties"][0]["retiree_id"] = json!(retiree);
    let registered = app.register(accused).await;
    assert_eq!(registered.body["wants_visit"], json!(true));
    for who in [app.desk(), app.officer(), app.supervisor(), app.leader()] {
        assert!(list(&who, &format!("retiree_id={retiree}")).await.is_empty(), "{}", who.name);
    }
}

#[tokio::test]
async fn what_happens_opens_visits() {
    let app = TestApp::start().await;
    let retiree = kept(&app, "褚玉兰", json!({})).await;
    let (desk, path) = (app.desk(), format!("/retirees/{retiree}"));
    let change = async |body: Value| {
        let etag = desk.get(&path).await.etag();
        desk.patch(&path, body).if_match(&etag).await.expect(200)
    };
    change(json!({"in_hospital": true})).await;
    let tasks = list(&app.officer(), "").await;
    // 24 hours
    assert_eq!(brief(&tasks), [told("hospital", "open", "2026-03-03")]);
    assert_eq!(tasks[0]["due_at"], json!("2026-03-03T01:00:00Z"));
    let again = app.officer().post("/visit-tasks", json!({"retiree_id": retiree, "reason": "hospital"})).await.expect(409);
    assert_eq!(again.body["code"], json!("visit_task_open"));
    change(json!({"in_hospital": false})).await;
    change(json!({"in_hospital": true})).await;
    assert_eq!(list(&app.officer(), "").await.len(), 1, "one stay after the other, and nobody went yet");

    // others look after them now
    let supervisor = app.supervisor().actor.unwrap().id();
    change(json!({"liaison_officer": supervisor, "units": [{"role": "managing", "unit_id": app.unit("pension")}]})).await;
    assert!(list(&app.officer(), "").await.is_empty());
    assert_eq!(brief(&list(&app.supervisor(), "mine=true").await), [told("hospital", "open", "2026-03-03")]);

    // a death ends what was owed, and the family is visited
    opened(&app, &kept(&app, "另一人", json!({})).await, "disaster").await;
    change(json!({"status": "deceased"})).await;
    let of_them = list(&desk, &format!("retiree_id={retiree}")).await;
    assert_eq!(brief(&of_them), [told("death", "open", "2026-03-03")]);
    let cancelled = list(&desk, "state=cancelled").await;
    assert_eq!(brief(&cancelled), [told("hospital", "cancelled", "2026-03-03")]);
    let refused = app.supervisor().post("/visit-tasks", json!({"retiree_id": retiree, "reason": "disaster"})).await.expect(409);
    assert_eq!(refused.body["code"], json!("retiree_deceased"));
    sound(&app).await;
}

#[tokio::test]
async fn a_death_that_a_petition_reports_has_the_family_visited_once() {
    let app = TestApp::start().await;
    let retiree = kept(&app, "褚玉兰", json!({})).await;
    for _ in 0..2 {
        let petition = app.register(call(&retiree)).await;
        let (id, party) = (petition.id(), petition.text("/parties/0/id"));
        let below = format!("parties/{party}/status");
        app.act(&app.desk(), reqwest::Method::PUT, &id, &below, json!({"status": "deceased"})).await.done();
    }
    let tasks = list(&app.officer(), "").await;
    // the second call came after the death was told, by somebody else; its own visit is owed until then
    assert_eq!(tasks.iter().filter(|task| task["reason"] == "death").count(), 1, "{tasks:?}");
    assert_eq!(tasks.len(), 1);
    // and nothing is planned for the dead, though the profile does not say so yet
    app.clock.move_to(instant("2026-09-20T01:00:00Z"));
    assert_eq!(plan(&app.platform).await.unwrap(), 0);
}

#[tokio::test]
async fn festivals_and_birthdays_are_planned_once_for_all_who_live() {
    let app = TestApp::start().await;
    // 80 on 20 March
    let eighty = kept(&app, "褚玉兰", json!({"birth_date": "1946-03-20"})).await;
    for n in 0..60 {
        kept(&app, &format!("王{}", char::from_u32(0x4e00 + n).unwrap()), json!({"birth_date": "1946-05-01"})).await;
    }
    let dead = json!({"name": "已故", "category": "lixiu", "status": "deceased", "birth_date": "1936-03-20"});
    app.desk().post("/retirees", dead).await.expect(201);
    assert_eq!(plan(&app.platform).await.unwrap(), 1);
    assert_eq!(plan(&app.platform).await.unwrap(), 0);
    let tasks = list(&app.officer(), "mine=true").await;
    assert_eq!(brief(&tasks), [told("birthday", "planned", "2026-03-20")]);
    assert_eq!((&tasks[0]["occasion"], &tasks[0]["opens_on"]), (&json!("80岁寿辰"), &json!("2026-03-13")));
    let task = tasks[0]["id"].as_str().unwrap();
    let early = record(&app.officer(), task, made("2026-03-02T00:30:00Z")).await.expect(422);
    assert_eq!((&early.body["errors"][0]["code"], &early.body["errors"][0]["pointer"]), (&json!("visit_too_early"), &json!("/made_at")));
    // every day until the Mid-Autumn Festival of 25 September is near; nobody twice, nobody missed
    let mut planned = 0;
    for day in 0..190 {
        app.clock.move_to(instant("2026-03-02T01:00:00Z") + Duration::days(day));
        planned += plan(&app.platform).await.unwrap();
    }
    assert_eq!(planned, 60 + 61, "birthdays of May, Mid-Autumn");
    assert_eq!(
        brief(&list(&app.desk(), &format!("retiree_id={eighty}&reason=mid_autumn")).await),
        [told("mid_autumn", "planned", "2026-09-25")]
    );
    // another instance, the same day
    let (one, two) = (app.platform.clone(), app.platform.clone());
    app.clock.move_to(instant("2026-09-19T01:00:00Z"));
    let (one, two) = tokio::join!(async move { plan(&one).await.unwrap() }, async move { plan(&two).await.unwrap() });
    assert_eq!(one + two, 61, "Double Ninth");
    let pages = {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = app.desk().get(&format!("/visit-tasks?limit=50{cursor}")).await.expect(200);
            seen.extend(page.body["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()));
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break seen,
            }
        }
    };
    let distinct: std::collections::BTreeSet<_> = pages.iter().collect();
    assert_eq!((pages.len(), distinct.len()), (1 + 60 + 61 + 61, 1 + 60 + 61 + 61));
}

#[tokio::test]
async fn a_visit_registers_petitions_or_nothing() {
    let app = TestApp::start().await;
    let retiree = kept(&app, "褚玉兰", json!({})).await;
    let task = opened(&app, &retiree, "disaster").await.id();
    let mut petition = claim();
    petition["parties"][0] = json!({"role": "petitioner", "name": "褚玉兰", "retiree_id": retiree});
    petition["intake_place"] = json!("home");
    let mut body = made("2026-03-02T00:30:00Z");
    body["captured_at"] = json!("2026-03-02T00:45:00Z");
    body["petitions"] = json!([petition]);
    let wrong = record(&app.officer(), &task, body.clone()).await.expect(422);
    assert_eq!(wrong.body["errors"][0]["pointer"], json!("/petitions/0/channel"));
    body["petitions"][0]["channel"] = json!("home_visit");
    body["petitions"][0]["category"] = json!("no.such");
    let wrong = record(&app.officer(), &task, body.clone()).await.expect(422);
    assert_eq!(wrong.body["errors"][0]["pointer"], json!("/petitions/0/category"));
    assert_eq!(app.officer().get(&format!("/visit-tasks/{task}")).await.body["state"], json!("open"));
    body["petitions"][0]["category"] = json!("medical.reimbursement");
    // a phone that was offline sends it three times
    body["id"] = json!(app.unknown_id());
    let visit = record(&app.officer(), &task, body.clone()).await.expect(201);
    for _ in 0..2 {
        let again = record(&app.officer(), &task, body.clone()).await.expect(201);
        assert_eq!((again.header("idempotency-replayed"), &again.body), (Some("true"), &visit.body));
    }
    let registered = app.petition(&app.officer(), visit.body["petitions"][0]["id"].as_str().unwrap()).await;
    assert_eq!((&registered.body["channel"], &registered.body["captured_at"]), (&json!("home_visit"), &json!("2026-03-02T00:45:00Z")));
    assert_eq!(registered.body["number"], visit.body["petitions"][0]["number"]);
    assert!(visit.body["petitions"][0]["query_code"].is_string());
    let seen = app.officer().get(&format!("/visit-tasks/{task}/visits/{}", visit.id())).await.expect(200);
    assert_eq!((&seen.body["petitions"][0]["id"], &seen.body["petitions"][0]["query_code"]), (&registered.body["id"], &json!(null)));
    // whoever may not register brings no petition along
    let other = opened(&app, &retiree, "disaster").await.id();
    body["id"] = json!(null);
    record(&app.head(), &other, body).await.expect(403);
}

#[tokio::test]
async fn figures_say_what_became_of_visits_and_drill_down() {
    let app = TestApp::start().await;
    let (officer, retiree) = (app.officer(), kept(&app, "褚玉兰", json!({})).await);
    let mut tasks = Vec::new();
    for _ in 0..5 {
        tasks.push(opened(&app, &retiree, "telephone_request").await.id());
    }
    record(&officer, &tasks[0], made("2026-03-02T01:00:00Z")).await.expect(201);
    let etag = officer.get(&format!("/visit-tasks/{}", tasks[1])).await.etag();
    let cancelled =
        officer.put(&format!("/visit-tasks/{}/cancellation", tasks[1]), json!({"reason": "declined"})).if_match(&etag).await.expect(200);
    assert_eq!((&cancelled.body["state"], &cancelled.body["cancelled_for"]), (&json!("cancelled"), &json!("declined")));
    assert_eq!(breach(&app.platform).await.unwrap(), 0);
    // the 5th is over
    app.clock.move_to(instant("2026-03-05T16:00:00Z"));
    assert_eq!(breach(&app.platform).await.unwrap(), 3);
    assert_eq!(breach(&app.platform).await.unwrap(), 0);
    record(&officer, &tasks[2], made("2026-03-05T16:00:00Z")).await.expect(201);
    // made in time, told of late: a phone was offline
    record(&officer, &tasks[3], made("2026-03-05T15:59:59Z")).await.expect(201);
    let figures = officer.get("/statistics/visits?from=2026-03-01&to=2026-03-31").await.expect(200);
    let expected = json!({"reason": "telephone_request", "numerator": 2, "denominator": 4, "value": 0.5, "on_time": 2, "late": 1,
        "open_overdue": 1, "not_yet_due": 0, "cancelled": 1});
    let of_it = figures.body["by_reason"].as_array().unwrap().iter().find(|of| of["reason"] == "telephone_request").unwrap();
    assert_eq!(of_it, &expected);
    let mut total = expected.clone();
    total["reason"] = json!(null);
    for (name, value) in total.as_object().unwrap() {
        assert_eq!(figures.body["total"].get(name).unwrap_or(&json!(null)), value, "{name}");
    }
    for (outcome, n) in [("on_time", 2), ("late", 1), ("open_overdue", 1), ("not_yet_due", 0)] {
        let query = format!("due_from=2026-03-01&due_to=2026-03-31&reason=telephone_request&outcome={outcome}");
        assert_eq!(list(&officer, &query).await.len(), n, "{outcome}");
    }
    assert_eq!(app.discipline().get("/statistics/visits").await.expect(200).body["total"]["denominator"], json!(0));
    officer.get("/statistics/visits?from=2026-03-02&to=2026-03-01").await.expect(422);
    let breaches: Vec<String> =
        app.rows(|c| Ok(event::table.filter(event::act.eq("visit_task_breached")).select(event::body).load(c)?)).await;
    assert!(breaches.iter().all(|body| body.contains("\"at\":\"2026-03-05T16:00:00.000000Z\"")), "{breaches:?}");
    sound(&app).await;
}

#[tokio::test]
async fn what_is_wrong_with_a_visit_is_told() {
    let app = TestApp::start().await;
    let retiree = kept(&app, "褚玉兰", json!({})).await;
    let (officer, task) = (app.officer(), opened(&app, &retiree, "disaster").await);
    let (path, etag) = (format!("/visit-tasks/{}", task.id()), task.etag());
    for (made_at, code) in [
        ("2026-03-02T01:06:00Z", "in_future"),
        ("2026-03-01T15:59:00Z", "visit_too_early"),
        ("0001-01-01T00:00:00Z", "too_early"),
        ("9999-12-31T23:59:59Z", "in_future"),
    ] {
        let refused = record(&officer, &task.id(), made(made_at)).await.expect(422);
        assert_eq!(refused.body["errors"][0]["code"], json!(code), "{made_at}");
    }
    let mut all = made("2026-03-02T03:00:00Z");
    all["id"] = json!("00000000-0000-4000-8000-000000000000");
    all["captured_at"] = json!("2026-03-03T03:00:00Z");
    all["made_by"] = json!(app.unknown_id());
    let refused = record(&officer, &task.id(), all).await.expect(422);
    assert_eq!(refused.body["errors"].as_array().unwrap().len(), 4, "{refused}");
    for body in [json!({}), json!({"made_at": "x", "place": "moon", "found": " "}), json!([]), json!({"needs": [""], "petitions": [1]})] {
        record(&officer, &task.id(), body).await.expect(422);
    }
    record(&app.discipline(), &task.id(), made("2026-03-02T01:00:00Z")).await.expect(404);
    record(&officer, "no-id", made("2026-03-02T01:00:00Z")).await.expect(404);
    record(&app.leader(), &task.id(), made("2026-03-02T01:00:00Z")).await.expect(403);

    let assign = format!("{path}/assignee");
    officer.put(&assign, json!({})).await.expect(428);
    officer.put(&assign, json!({"staff_id": app.unknown_id()})).if_match(&etag).await.expect(422);
    let head = app.head().actor.unwrap().id();
    let given = app.head().put(&assign, json!({"staff_id": head})).if_match(&etag).await.expect(200);
    assert_eq!(given.body["assignee"]["id"], json!(head));
    officer.put(&assign, json!({})).if_match(&etag).await.expect(412);
    let back = officer.put(&assign, json!({})).if_match(&given.etag()).await.expect(200);
    assert_eq!(back.body["assignee"], json!(null));

    for (body, pointer) in [
        (json!({"retiree_id": app.unknown_id(), "reason": "disaster"}), "/retiree_id"),
        (json!({"retiree_id": retiree, "reason": "birthday"}), "/reason"),
        (json!({"retiree_id": retiree, "reason": "disaster", "happened_at": "2027-01-01T00:00:00Z"}), "/happened_at"),
        (json!({"retiree_id": retiree, "reason": "disaster", "assignee": app.unknown_id()}), "/assignee"),
    ] {
        let refused = officer.post("/visit-tasks", body).await.expect(422);
        assert_eq!(refused.body["errors"][0]["pointer"], json!(pointer), "{refused}");
    }
    officer.get("/visit-tasks?due_from=2026-03-02&due_to=2026-03-01").await.expect(422);
    for query in ["state=x", "mine=2", "limit=0", "cursor=x", "due_before=x", "colour=red"] {
        officer.get(&format!("/visit-tasks?{query}")).await.expect(400);
    }
    // nobody at all may be on leave for good
    let id = app.officer().actor.unwrap().id();
    let staff = app.admin().get(&format!("/staff/{id}")).await.expect(200);
    app.admin().patch(&format!("/staff/{id}"), json!({"status": "suspended"})).if_match(&staff.etag()).await.expect(200);
    let refused = app.head().put(&assign, json!({"staff_id": id})).if_match(&back.etag()).await.expect(422);
    assert_eq!(refused.body["errors"][0]["code"], json!("staff_suspended"));
    app.supervisor().post("/visit-tasks", json!({"retiree_id": retiree, "reason": "telephone_request"})).await.expect(201);
    assert!(list(&app.head(), "reason=telephone_request").await.iter().all(|task| task["assignee"].is_null()), "the unit does it");
    sound(&app).await;
}

#[tokio::test]
async fn tasks_go_with_a_merged_profile_and_nobody_is_visited_twice() {
    let app = TestApp::start().await;
    let born = json!({"birth_date": "1946-03-20"});
    let one = kept(&app, "褚玉兰", born.clone()).await;
    let mut more = born.clone();
    more["double_of_none"] = json!(true);
    let two = kept(&app, "褚玉兰", more).await;
    assert_eq!(plan(&app.platform).await.unwrap(), 2);
    opened(&app, &one, "disaster").await;
    let etag = app.desk().get(&format!("/retirees/{one}")).await.etag();
    let merge = json!({"into": two, "reason": "重复建档"});
    app.desk().post(&format!("/retirees/{one}/merge"), merge).if_match(&etag).await.expect(200);
    let tasks = list(&app.desk(), &format!("retiree_id={two}")).await;
    assert_eq!(brief(&tasks), [told("disaster", "open", "2026-03-03"), told("birthday", "planned", "2026-03-20")]);
    assert_eq!(list(&app.desk(), "state=cancelled").await.len(), 1);
    sound(&app).await;
}
