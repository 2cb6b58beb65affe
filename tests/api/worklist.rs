//! Worklists: what is due first, of whom, with lights that stand still over pages; the same filters on lists.

use super::harness::{Persona, TestApp, accusation, claim, suggestion};
use super::office::dissolve;
use chrono::Duration;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Everything behind a path, page by page; `between` runs after each page.
async fn all_pages(who: &Persona<'_>, path: &str, mut between: impl AsyncFnMut()) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = who.get(&format!("{path}{cursor}")).await.expect(200);
        items.extend(page.items().iter().cloned());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
        between().await;
    }
}

async fn listed(who: &Persona<'_>, path: &str) -> Vec<String> {
    ids(&all_pages(who, path, async || ()).await)
}

fn ids(items: &[Value]) -> Vec<String> {
    items.iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect()
}

fn old(mut petition: Value) -> Value {
    petition["parties"][0]["birth_date"] = json!("1940-05-17");
    petition
}

fn young(mut petition: Value) -> Value {
    petition["parties"][0]["birth_date"] = json!("1960-05-17");
    petition
}

/// Until so many days and nights have passed.
fn days(app: &TestApp, n: i64) {
    app.advance(Duration::days(n));
}

#[tokio::test]
async fn everybody_finds_the_work_of_their_units() {
    let app = TestApp::start().await;
    let fresh = app.register(young(claim())).await.id();
    let medical = app.register(young(claim())).await.id();
    app.refer(&medical, "medical").await;
    let east = app.register(young(suggestion())).await.id();
    app.refer(&east, "community-east").await;
    let accused = app.register(accusation(app.office().unit("medical"))).await.id();
    app.refer(&accused, "discipline").await;
    days(&app, 1);
    let handled = app.register(young(claim())).await.id();
    app.refer(&handled, "medical").await;
    app.accept(&handled).await;
    let done = app.register(claim()).await.id();
    app.close(&done, "directed_elsewhere").await;

    // the objection to a referral ends before its notice: working days, five of them, against fifteen
    for (who, expected) in [
        (app.desk(), vec![&fresh]),
        (app.by("desk2"), vec![&fresh]),
        (app.officer(), vec![&medical, &handled]),
        (app.head(), vec![&medical, &handled]),
        (app.by("pension_officer"), vec![]),
        (app.by("community_officer"), vec![]),
        (app.by("east_officer"), vec![&east]),
        (app.discipline(), vec![&accused]),
    ] {
        assert_eq!(listed(&who, "/worklist?limit=1").await, expected.iter().map(|id| id.to_string()).collect::<Vec<_>>(), "{}", who.name);
    }
    for who in [app.supervisor(), app.leader()] {
        let all: BTreeSet<String> = [&fresh, &medical, &east, &accused, &handled].into_iter().cloned().collect();
        let seen = listed(&who, "/worklist?limit=2").await;
        assert_eq!(seen.len(), all.len(), "{}: none twice", who.name);
        assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), all, "{}", who.name);
        for (unit, expected) in [("medical", vec![&medical, &handled]), ("community", vec![&east]), ("finance", vec![])] {
            let path = format!("/worklist?unit={}&limit=1", app.unit(unit));
            assert_eq!(listed(&who, &path).await, expected.iter().map(|id| id.to_string()).collect::<Vec<_>>(), "{} {unit}", who.name);
        }
    }
    // narrowing never widens
    for unit in ["pension", "bureau", "medical"] {
        let expected = if unit == "pension" { 0 } else { 2 };
        assert_eq!(listed(&app.officer(), &format!("/worklist?unit={}&limit=9", app.unit(unit))).await.len(), expected, "{unit}");
    }
    for (query, expected) in [
        ("kind=suggestion", vec![&east]),
        ("kind=accusation", vec![&accused]),
        ("stage=registered", vec![&fresh]),
        ("stage=handling,registered", vec![&fresh, &handled]),
        ("category=medical", vec![&medical, &fresh, &handled]),
        ("category=medical&stage=handling", vec![&handled]),
        ("category=no.such", vec![]),
    ] {
        let seen = listed(&app.supervisor(), &format!("/worklist?limit=2&{query}")).await;
        assert_eq!(seen, expected.iter().map(|id| id.to_string()).collect::<Vec<_>>(), "{query}");
    }
    for nobody in [app.auditor(), app.admin()] {
        nobody.get("/worklist").await.expect(403).problem("not_permitted");
        nobody.get("/clocks").await.expect(403);
    }
}

#[tokio::test]
async fn an_item_says_what_is_due_and_who_owes_it() {
    let app = TestApp::start().await;
    let id = app.register(young(claim())).await.id();
    app.refer(&id, "medical").await;
    let page = app.officer().get("/worklist").await.expect(200);
    assert_eq!(page.text("/as_of"), "2026-03-02T01:00:00Z");
    let item = &page.items()[0];
    // five working days: the 9th; fifteen days: the 17th
    assert_eq!((&item["due_on"], &item["light"]), (&json!("2026-03-09"), &json!("green")), "{item:#}");
    assert_eq!(
        (&item["due"]["kind"], &item["due"]["due_on"], &item["due"]["light"]),
        (&json!("objection"), &json!("2026-03-09"), &json!("green"))
    );
    assert_eq!(item["work_unit"], json!({"id": app.unit("medical"), "name": "医疗保险科"}));
    assert_eq!(item["due"]["unit"], item["work_unit"]);
    let shown = app.petition(&app.officer(), &id).await;
    assert!(shown.body["clocks"].as_array().unwrap().contains(&item["due"]), "the clock is the petition's own");
}

#[tokio::test]
async fn mine_is_what_i_took_in_hand() {
    let app = TestApp::start().await;
    let (mine, theirs) = (app.register(claim()).await.id(), app.by("desk2").post("/petitions", claim()).await.expect(201).id());
    let accepted = app.register(claim()).await.id();
    app.refer(&accepted, "medical").await;
    app.accept(&accepted).await;
    let waiting = app.register(claim()).await.id();
    app.refer(&waiting, "medical").await;
    let own = app.register(claim()).await.id();
    app.accept(&own).await; // the supervisor, as own competence
    assert_eq!(listed(&app.desk(), "/worklist?scope=mine&limit=1").await, [mine.as_str()]);
    assert_eq!(listed(&app.by("desk2"), "/worklist?scope=mine&limit=1").await, [theirs.as_str()]);
    assert_eq!(listed(&app.desk(), "/worklist?scope=unit&limit=1").await.len(), 2);
    assert_eq!(listed(&app.officer(), "/worklist?scope=mine&limit=1").await, [accepted.as_str()]);
    assert_eq!(listed(&app.officer(), "/worklist?scope=unit&limit=1").await.len(), 2);
    assert_eq!(listed(&app.head(), "/worklist?scope=mine").await, [] as [&str; 0]);
    assert_eq!(listed(&app.supervisor(), "/worklist?scope=mine&limit=1").await, [own]);
    // registering it is no reason to have it in hand once somebody else does
    let there = app.officer().post("/petitions", claim()).await.expect(201).id();
    assert!(listed(&app.officer(), "/worklist?scope=mine&limit=9").await.contains(&there));
    app.refer(&there, "pension").await;
    assert!(!listed(&app.officer(), "/worklist?scope=mine&limit=9").await.contains(&there));
}

#[tokio::test]
async fn pages_hold_everything_once_over_ties_and_lights_stand_still() {
    let app = TestApp::start().await;
    let mut made = Vec::new();
    for i in 0..11 {
        let petition = if i % 3 == 0 { old(claim()) } else { young(claim()) };
        made.push((i % 3 != 0, app.register(petition).await.id()));
    }
    made.sort();
    let expected: Vec<String> = made.into_iter().map(|(_, id)| id).collect();
    // all end on the 17th; yellow from the 15th on
    app.clock.move_to("2026-03-14T15:59:59Z".parse().unwrap());
    for (who, path) in [
        (app.desk(), "/worklist?limit=3"),
        (app.supervisor(), "/worklist?limit=3"),
        (app.leader(), "/worklist?limit=4&light=green"),
        (app.desk(), "/petitions?limit=3&light=green"),
        (app.supervisor(), "/petitions?limit=3&sort=due_on"),
        (app.desk(), "/petitions?limit=2&sort=due_on&stage=registered"),
        (app.supervisor(), "/petitions?limit=2&sort=due_on&stage=registered"),
    ] {
        let began = app.now();
        let items = all_pages(&who, path, async || app.advance(Duration::days(1))).await;
        assert_eq!(ids(&items), expected, "{} {path}", who.name);
        assert!(items.iter().all(|item| item["light"] == "green" && item["due_on"] == "2026-03-17"), "as of the first page: {items:#?}");
        app.clock.move_to(began);
    }
    // what comes meanwhile is none of a list, but of the work that lies ahead
    let page = app.desk().get("/worklist?limit=9").await.expect(200);
    days(&app, 1);
    let later = app.register(young(claim())).await.id();
    let path = format!("/worklist?limit=9&cursor={}", page.text("/next_cursor"));
    let next = app.desk().get(&path).await.expect(200);
    assert_eq!((ids(next.items()).last(), next.text("/as_of")), (Some(&later), page.text("/as_of")));
}

#[tokio::test]
async fn what_has_no_limit_comes_last() {
    let app = TestApp::start().await;
    // no law limits how long an accusation is looked into
    let mut accused = Vec::new();
    for _ in 0..3 {
        let id = app.register(accusation(app.office().unit("medical"))).await.id();
        app.refer(&id, "discipline").await;
        app.accept(&id).await;
        accused.push(id);
    }
    accused.sort();
    let fresh = app.register(claim()).await.id();
    let closed = app.register(claim()).await.id();
    app.close(&closed, "directed_elsewhere").await;
    // one whose clocks are all the petitioner's is nobody's work
    let all: Vec<String> = [fresh.clone()].into_iter().chain(accused.iter().cloned()).collect();
    for limit in [1, 2, 3, 50] {
        for who in [app.supervisor(), app.leader()] {
            let items = all_pages(&who, &format!("/worklist?limit={limit}"), async || ()).await;
            assert_eq!(ids(&items), all, "{} {limit}", who.name);
            assert!(items[1..].iter().all(|item| item["due"].is_null() && item["light"].is_null() && item["due_on"].is_null()));
        }
        assert_eq!(listed(&app.discipline(), &format!("/worklist?limit={limit}")).await, accused);
        // a list has the closed ones too
        let sorted = listed(&app.supervisor(), &format!("/petitions?sort=due_on&limit={limit}")).await;
        assert_eq!((sorted.len(), &sorted[0]), (5, &fresh), "{limit}");
    }
    assert_eq!(listed(&app.supervisor(), "/worklist?limit=1&kind=accusation").await, accused);
    assert_eq!(listed(&app.supervisor(), "/worklist?limit=1&light=green").await, [fresh]);
}

#[tokio::test]
async fn lights_and_due_days_narrow_lists_and_worklists_alike() {
    let app = TestApp::start().await;
    let first = app.register(young(claim())).await.id(); // due on the 17th
    days(&app, 4);
    let second = app.register(young(claim())).await.id(); // on the 21st
    days(&app, 6);
    let third = app.register(young(claim())).await.id(); // on the 27th
    let closed = app.register(claim()).await.id();
    app.close(&closed, "directed_elsewhere").await;
    // first: yellow from the 15th, red from the 18th; second: 19th and 22nd; third: 25th and 28th
    for (moment, red, yellow, green) in [
        ("2026-03-14T15:59:59.999999Z", vec![], vec![], vec![&first, &second, &third]),
        ("2026-03-14T16:00:00Z", vec![], vec![&first], vec![&second, &third]),
        ("2026-03-17T15:59:59.999999Z", vec![], vec![&first], vec![&second, &third]),
        ("2026-03-17T16:00:00Z", vec![&first], vec![], vec![&second, &third]),
        ("2026-03-20T00:00:00Z", vec![&first], vec![&second], vec![&third]),
        ("2026-04-20T00:00:00Z", vec![&first, &second, &third], vec![], vec![]),
    ] {
        app.clock.move_to(moment.parse().unwrap());
        for (light, expected) in [("red", red), ("yellow", yellow), ("green", green)] {
            let expected: Vec<String> = expected.into_iter().cloned().collect();
            let newest: Vec<String> = expected.iter().rev().cloned().collect();
            for who in [app.desk(), app.supervisor(), app.leader()] {
                let on = |path: String| all_pages_owned(who.clone(), path);
                for path in [format!("/worklist?limit=1&light={light}"), format!("/petitions?limit=1&light={light}")] {
                    let items = on(path.clone()).await;
                    assert_eq!(ids(&items), expected, "{} {path} {moment}", who.name);
                    assert!(items.iter().all(|item| item["light"] == light), "{path} {moment}");
                }
                let path = format!("/petitions?limit=1&light={light}&sort=-registered_at");
                assert_eq!(ids(&on(path).await), newest, "{} {light} {moment}", who.name);
                let path = format!("/petitions?limit=1&light={light}&sort=registered_at");
                assert_eq!(ids(&on(path).await), expected, "{} {light} {moment}", who.name);
            }
            let counted = app.supervisor().get(&format!("/petitions?light={light}&limit=1")).header("prefer", "count=exact").await;
            assert_eq!(counted.body["total"], expected.len(), "{light} {moment}");
        }
    }
    for (query, expected) in [
        ("due_before=2026-03-17", vec![]),
        ("due_before=2026-03-18", vec![&first]),
        ("due_before=2026-03-21", vec![&first]),
        ("due_before=2026-03-22", vec![&first, &second]),
        ("due_before=2027-01-01", vec![&first, &second, &third]),
        ("due_before=9999-12-31", vec![&first, &second, &third]),
        ("due_before=2026-03-22&light=red&kind=claim", vec![&first, &second]),
        ("due_before=2026-03-22&registered_from=2026-03-03", vec![&second]),
        ("due_before=2026-03-22&registered_to=2026-03-03", vec![&first]),
        ("due_before=2027-01-01&registered_from=2026-03-03&registered_to=2026-03-07&sort=-registered_at", vec![&second]),
    ] {
        for who in [app.desk(), app.supervisor()] {
            let seen = listed(&who, &format!("/petitions?limit=1&{query}")).await;
            assert_eq!(seen, expected.iter().map(|id| id.to_string()).collect::<Vec<_>>(), "{} {query}", who.name);
        }
    }
    let whole = app.supervisor().get("/petitions?sort=due_on").await.expect(200);
    let due: Vec<&Value> = whole.items().iter().map(|item| &item["due_on"]).collect();
    assert_eq!(due, [&json!("2026-03-17"), &json!("2026-03-21"), &json!("2026-03-27"), &Value::Null]);
}

async fn all_pages_owned(who: Persona<'_>, path: String) -> Vec<Value> {
    all_pages(&who, &path, async || ()).await
}

#[tokio::test]
async fn nobody_finds_what_is_kept_from_them() {
    let app = TestApp::start().await;
    let accused = app.register(accusation(app.office().unit("medical"))).await.id();
    let mut hidden = claim();
    hidden["restricted"] = json!(true);
    let restricted = app.register(hidden).await.id();
    // the desk's own, but a colleague's eyes only
    assert_eq!(listed(&app.desk(), "/worklist?limit=9").await, [restricted.clone(), accused.clone()]);
    assert_eq!(listed(&app.by("desk2"), "/worklist?limit=9").await, [] as [&str; 0]);
    app.refer(&accused, "discipline").await;
    app.refer(&restricted, "medical").await;
    for who in [app.officer(), app.head()] {
        for path in ["/worklist?limit=9", "/worklist?scope=mine&limit=9", "/clocks?limit=9", "/petitions?light=green&limit=9"] {
            assert!(!who.get(path).await.expect(200).to_string().contains(&accused), "{} {path}", who.name);
        }
        assert_eq!(listed(&who, "/worklist?limit=9").await, [restricted.as_str()]);
        who.get(&format!("/petitions/{accused}/clocks")).await.expect(404);
    }
    // a unit that was dissolved is carried on by its successor
    let moved = app.register(claim()).await.id();
    app.refer(&moved, "finance").await;
    dissolve(&app, "finance", "housing").await.expect(201);
    assert_eq!(listed(&app.by("housing_officer"), "/worklist?limit=9").await, [moved.as_str()]);
    let clocks = app.by("housing_officer").get("/clocks").await.expect(200);
    assert!(!clocks.items().is_empty() && clocks.items().iter().all(|clock| clock["petition_id"] == moved.as_str()), "{clocks}");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let app = TestApp::start().await;
    for _ in 0..3 {
        app.register(claim()).await;
    }
    let desk = app.desk();
    for (path, pointer, code) in [
        ("/worklist?scope=theirs", "/scope", "not_in_list"),
        ("/worklist?light=blue", "/light", "not_in_list"),
        ("/worklist?stage=registered,nowhere", "/stage/1", "not_in_list"),
        ("/worklist?limit=0", "/limit", "too_small"),
        ("/worklist?limit=201", "/limit", "too_large"),
        ("/worklist?unit=medical", "/unit", "bad_id"),
        ("/worklist?officer=me", "/officer", "unknown_parameter"),
        ("/worklist?light=red&light=red", "/light", "repeated_parameter"),
        ("/petitions?light=blue", "/light", "not_in_list"),
        ("/petitions?due_before=soon", "/due_before", "bad_date"),
        ("/petitions?sort=-due_on", "/sort", "not_in_list"),
    ] {
        desk.get(path).await.expect(400).fault(pointer, code);
    }
    let cursor = desk.get("/worklist?limit=1").await.expect(200).text("/next_cursor");
    let of_list = desk.get("/petitions?limit=1&sort=due_on").await.expect(200).text("/next_cursor");
    for (who, path) in [
        (app.desk(), format!("/worklist?limit=1&cursor={of_list}")),
        (app.desk(), format!("/worklist?limit=1&scope=mine&cursor={cursor}")),
        (app.desk(), format!("/worklist?limit=1&light=green&cursor={cursor}")),
        (app.by("desk2"), format!("/worklist?limit=1&cursor={cursor}")),
        (app.desk(), format!("/worklist?limit=1&cursor={}x", &cursor[..cursor.len() - 1])),
        (app.desk(), format!("/petitions?limit=1&sort=registered_at&cursor={of_list}")),
        (app.desk(), format!("/clocks?limit=1&cursor={cursor}")),
    ] {
        who.get(&path).await.expect(400).problem("forged_cursor");
    }
    desk.get(&format!("/worklist?limit=2&cursor={cursor}")).await.expect(200);
}
