//! Lists by keyset: whole, without repetition, steady while others write; each sees what is theirs.

use super::harness::{Persona, TestApp, accusation, claim, suggestion};
use chrono::Duration;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Everything behind a query, page by page; `between` runs after each page. The second is what the first page counted.
async fn all_pages(who: &Persona<'_>, query: &str, mut between: impl AsyncFnMut()) -> (Vec<Value>, i64) {
    let (mut items, mut cursor, mut total) = (Vec::new(), String::new(), None);
    loop {
        let page = who.get(&format!("/petitions?{query}{cursor}")).header("prefer", "count=exact").await.expect(200);
        items.extend(page.items().iter().cloned());
        let counted = page.body["total"].as_i64().unwrap();
        assert_eq!(*total.get_or_insert(counted), counted, "the count is of the first page's moment on every page");
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (items, total.unwrap()),
        }
        between().await;
    }
}

fn ids(items: &[Value]) -> Vec<String> {
    items.iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect()
}

async fn listed(who: &Persona<'_>, query: &str) -> Vec<String> {
    let (items, total) = all_pages(who, query, async || ()).await;
    assert_eq!(items.len() as i64, total, "count=exact of `{query}` is the list's length");
    ids(&items)
}

/// An office with petitions of all kinds, some at the same instant, some closed, some at a unit; their ids in order.
async fn busy_office(app: &TestApp) -> Vec<String> {
    let mut ids = Vec::new();
    for i in 0..34 {
        let petition = match i % 3 {
            0 => claim(),
            1 => suggestion(),
            _ => {
                let mut phone = claim();
                phone["channel"] = json!("phone");
                phone["category"] = json!("pension.arrears");
                phone
            }
        };
        ids.push(app.register(petition).await.id());
        // two of three share their instant with the one before
        if i % 3 == 0 {
            app.advance(Duration::hours(5));
        }
    }
    for id in ids.iter().take(4) {
        app.refer(id, "medical").await;
    }
    for id in ids.iter().skip(4).take(3) {
        app.refer(id, "community-east").await;
    }
    app.close(&ids[10], "directed_elsewhere").await;
    ids
}

#[tokio::test]
async fn pages_hold_everything_once_and_stand_still_while_others_write() {
    let app = TestApp::start().await;
    let made: BTreeSet<String> = busy_office(&app).await.into_iter().collect();
    app.advance(Duration::minutes(1));
    for (query, descending) in [("limit=7", true), ("limit=7&sort=registered_at", false), ("limit=1&sort=-registered_at", true)] {
        let (supervisor, before) = (app.supervisor(), listed(&app.supervisor(), "limit=200").await.len());
        let (items, total) = all_pages(&supervisor, query, async || {
            app.advance(Duration::seconds(1));
            app.register(claim()).await;
        })
        .await;
        let seen = ids(&items);
        assert_eq!((seen.len(), total), (before, before as i64), "{query}: none twice, none of those that came meanwhile");
        let set: BTreeSet<String> = seen.iter().cloned().collect();
        assert_eq!(set.len(), seen.len());
        assert!(made.is_subset(&set), "{query}: none missing");
        let keys: Vec<_> = items.iter().map(|p| (p["registered_at"].as_str().unwrap(), p["id"].as_str().unwrap())).collect();
        let ordered = if descending { keys.is_sorted_by(|a, b| a > b) } else { keys.is_sorted_by(|a, b| a < b) };
        assert!(ordered, "{query}: {keys:?}");
        app.advance(Duration::seconds(1));
    }
}

#[tokio::test]
async fn filters_narrow() {
    let app = TestApp::start().await;
    busy_office(&app).await;
    let supervisor = app.supervisor();
    let (everything, _) = all_pages(&supervisor, "limit=200", async || ()).await;
    let day = |p: &Value| p["registered_at"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap() + Duration::hours(8);
    let on = |p: &Value| day(p).date_naive().to_string();
    let (medical, community) = (app.unit("medical"), app.unit("community"));
    let number = everything[5]["number"].as_str().unwrap();
    let spoken = number.replace('-', " ").to_lowercase();
    type Keeps<'a> = Box<dyn Fn(&Value) -> bool + 'a>;
    let cases: Vec<(String, Keeps<'_>)> = vec![
        ("kind=suggestion".to_owned(), Box::new(|p| p["kind"] == "suggestion")),
        ("channel=phone".to_owned(), Box::new(|p| p["channel"] == "phone")),
        ("stage=registered".to_owned(), Box::new(|p| p["stage"] == "registered")),
        ("stage=referred,closed".to_owned(), Box::new(|p| p["stage"] != "registered")),
        ("category=pension".to_owned(), Box::new(|p| p["category"] == "pension.arrears")),
        ("category=pension.arrears".to_owned(), Box::new(|p| p["category"] == "pension.arrears")),
        ("category=no.such".to_owned(), Box::new(|_| false)),
        (format!("unit={medical}"), Box::new(|p| p["lead_unit"]["id"] == medical)),
        (format!("unit={community}"), Box::new(|p| p["lead_unit"]["name"] == "城东社区服务站")),
        (format!("unit={}", app.unit("bureau")), Box::new(|_| true)),
        ("registered_from=2026-03-03".to_owned(), Box::new(|p| on(p).as_str() >= "2026-03-03")),
        ("registered_from=2026-03-03&registered_to=2026-03-03".to_owned(), Box::new(|p| on(p) == "2026-03-03")),
        ("first_here=true".to_owned(), Box::new(|_| true)),
        ("first_here=false".to_owned(), Box::new(|_| false)),
        (format!("number={}", spoken.replace(' ', "%20")), Box::new(|p| p["number"] == number)),
        ("number=nonsense".to_owned(), Box::new(|_| false)),
        ("kind=claim&channel=phone&stage=registered".to_owned(), Box::new(|p| p["channel"] == "phone" && p["stage"] == "registered")),
    ];
    for (query, keeps) in cases {
        let expected: Vec<&Value> = everything.iter().filter(|p| keeps(p)).collect();
        let expected: Vec<String> = expected.into_iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(listed(&supervisor, &format!("limit=5&{query}")).await, expected, "{query}");
    }
}

#[tokio::test]
async fn everybody_sees_what_is_theirs() {
    let app = TestApp::start().await;
    let register = async |body: Value, unit: Option<&str>| {
        app.advance(Duration::seconds(1));
        let id = app.register(body).await.id();
        if let Some(unit) = unit {
            app.refer(&id, unit).await;
        }
        id
    };
    let fresh = register(claim(), None).await;
    let medical = register(claim(), Some("medical")).await;
    let pension = register(claim(), Some("pension")).await;
    let east = register(suggestion(), Some("community-east")).await;
    let accused = register(accusation(app.office().unit("medical")), Some("discipline")).await;
    let mut hidden = claim();
    hidden["restricted"] = json!(true);
    let restricted = register(hidden, Some("medical")).await;
    app.advance(Duration::seconds(1));
    let own = app.officer().post("/petitions", claim()).await.expect(201).id();
    let newest_first = |ids: &[&String]| ids.iter().rev().map(|id| id.to_string()).collect::<Vec<_>>();
    for (who, expected) in [
        (app.desk(), vec![&fresh, &medical, &pension, &east, &accused, &restricted]),
        // a colleague sees the desk's cases, but not the confidential ones
        (app.by("desk2"), vec![&fresh, &medical, &pension, &east]),
        (app.officer(), vec![&medical, &restricted, &own]),
        (app.head(), vec![&medical, &restricted, &own]),
        (app.by("pension_officer"), vec![&pension]),
        // a unit's officer does not see those of units below
        (app.by("community_officer"), vec![]),
        (app.discipline(), vec![&accused]),
        (app.supervisor(), vec![&fresh, &medical, &pension, &east, &accused, &restricted, &own]),
        (app.leader(), vec![&fresh, &medical, &pension, &east, &accused, &restricted, &own]),
    ] {
        assert_eq!(listed(&who, "limit=2").await, newest_first(&expected), "{}", who.name);
        let all = [&fresh, &medical, &pension, &east, &accused, &restricted, &own];
        for id in all {
            let status = if expected.contains(&id) { 200 } else { 404 };
            who.get(&format!("/petitions/{id}")).await.expect(status);
        }
        let figures = who.get("/statistics/summary").await.expect(200);
        assert_eq!(figures.body["measures"]["registered"]["cases"], expected.len(), "{}: {figures}", who.name);
    }
    for nobody in [app.auditor(), app.admin()] {
        nobody.get("/petitions").await.expect(403).problem("not_permitted");
        nobody.get(&format!("/petitions/{fresh}")).await.expect(403);
    }
    // whoever only looks on sees people without their numbers
    let shown = app.petition(&app.leader(), &medical).await;
    assert!(shown.body["parties"][0]["phone"].is_null(), "{shown}");
    assert_eq!(shown.body["masked"], json!(["/parties/0/phone", "/parties/0/address"]));
}
