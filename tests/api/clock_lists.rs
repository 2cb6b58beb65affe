//! Clocks across petitions, those of one petition, and the ledger of one.

use super::clocks::at;
use super::harness::{Answer, Persona, TestApp, accusation, claim, suggestion, usual_opinion};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use xinfang::auth::context::Origin;
use xinfang::petition::clocks::due;
use xinfang::platform::db::types::Id;

/// Everything behind a path, page by page; the clock moves on between the pages.
async fn all_pages(app: &TestApp, who: &Persona<'_>, query: &str) -> Vec<Value> {
    let (began, mut items, mut cursor) = (app.now(), Vec::new(), String::new());
    loop {
        let page = who.get(&format!("/clocks?{query}{cursor}")).await.expect(200);
        assert_eq!(page.text("/as_of").parse::<DateTime<Utc>>().unwrap(), began, "the first page's");
        items.extend(page.items().iter().cloned());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
        app.advance(chrono::Duration::days(40));
    }
    app.clock.move_to(began);
    let keys: Vec<_> = items.iter().map(|c| (c["due_at"].as_str().unwrap(), c["id"].as_str().unwrap())).collect();
    assert!(keys.is_sorted_by(|a, b| a < b), "{query}: {keys:?}");
    for item in &items {
        let instant = |name: &str| item[name].as_str().map(|text| text.parse::<DateTime<Utc>>().unwrap());
        let red = instant("stopped_at").unwrap_or(began) >= instant("due_at").unwrap();
        assert_eq!(item["light"] == "red", red, "as of the first page, or as it ended: {item:#}");
    }
    items
}

/// Petition's number in the order of making, kind and state of each.
fn brief(made: &[String], items: &[Value]) -> Vec<String> {
    let word = |item: &Value, name: &str| item[name].as_str().unwrap_or("-").to_owned();
    let place = |item: &Value| made.iter().position(|id| item["petition_id"] == id.as_str()).unwrap();
    items.iter().map(|item| format!("{} {} {} {}", place(item), word(item, "kind"), word(item, "state"), word(item, "due_on"))).collect()
}

async fn sweep(app: &TestApp, id: &str) {
    let (id, origin) = (Id::or_nil(id), Origin::system(&app.platform, "sweep"));
    app.platform.db.write(move |c| due::sweep(c, &mut origin.context(), id)).await.unwrap();
}

/// A petition at the desk, one at a unit, one handled there, a suggestion at the community, an accusation of the unit.
async fn office(app: &TestApp) -> Vec<String> {
    let mut made = Vec::new();
    for (petition, unit, accept) in [
        (claim(), None, false),
        (claim(), Some("medical"), false),
        (claim(), Some("medical"), true),
        (suggestion(), Some("community-east"), false),
        (accusation(app.office().unit("medical")), Some("discipline"), false),
    ] {
        let id = app.register(petition).await.id();
        if let Some(unit) = unit {
            app.refer(&id, unit).await;
        }
        if accept {
            app.accept(&id).await;
        }
        made.push(id);
        app.advance(chrono::Duration::days(1));
    }
    made
}

#[tokio::test]
async fn clocks_are_listed_by_their_end_to_whom_it_concerns() {
    let app = TestApp::start().await;
    let made = office(&app).await;
    let open = [
        "1 objection running 2026-03-10",
        "3 objection running 2026-03-12",
        "4 objection running 2026-03-13",
        "0 triage_notice running 2026-03-17",
        "1 unit_notice running 2026-03-18",
        "3 unit_notice running 2026-03-20",
        "4 unit_notice running 2026-03-21",
        "2 handling running 2026-05-03",
    ];
    let of = |petitions: &[usize]| -> Vec<String> {
        let fits = |line: &&&str| petitions.iter().any(|place| line.starts_with(&place.to_string()));
        open.iter().filter(fits).map(|line| line.to_string()).collect()
    };
    for (who, petitions) in [
        (app.supervisor(), &[0, 1, 2, 3, 4][..]),
        (app.leader(), &[0, 1, 2, 3, 4]),
        (app.desk(), &[0]),
        (app.by("desk2"), &[0]),
        (app.officer(), &[1, 2]),
        (app.head(), &[1, 2]),
        (app.by("east_officer"), &[3]),
        (app.by("community_officer"), &[]),
        (app.by("pension_officer"), &[]),
        (app.discipline(), &[4]),
    ] {
        for limit in [1, 3, 50] {
            let items = all_pages(&app, &who, &format!("limit={limit}")).await;
            assert_eq!(brief(&made, &items), of(petitions), "{} {limit}", who.name);
        }
    }
    let (medical, community, bureau) = (app.unit("medical"), app.unit("community"), app.unit("bureau"));
    for (query, expected) in [
        (format!("unit={medical}"), of(&[1, 2])),
        (format!("unit={community}"), of(&[3])),
        (format!("unit={bureau}"), of(&[0, 1, 2, 3, 4])),
        ("kind=handling".to_owned(), of(&[2])),
        (format!("kind=objection&unit={medical}"), vec![open[0].to_owned()]),
        ("due_before=2026-03-13".to_owned(), open[..2].iter().map(|line| line.to_string()).collect()),
        ("due_from=2026-03-13&due_before=2026-03-18".to_owned(), open[2..4].iter().map(|line| line.to_string()).collect()),
        ("due_from=2026-03-22".to_owned(), of(&[2])),
        ("due_from=2026-05-03&due_before=2026-05-04".to_owned(), of(&[2])),
        ("due_from=2026-05-04".to_owned(), vec![]),
        ("state=running".to_owned(), of(&[0, 1, 2, 3, 4])),
        ("state=paused,breached".to_owned(), vec![]),
        ("state=met&kind=unit_notice".to_owned(), vec!["2 unit_notice met 2026-03-19".to_owned()]),
        (
            format!("state=met,running,met&unit={medical}&due_before=2026-03-19&kind=objection"),
            vec!["1 objection running 2026-03-10".to_owned(), "2 objection met 2026-03-11".to_owned()],
        ),
    ] {
        for limit in [1, 50] {
            let items = all_pages(&app, &app.supervisor(), &format!("{query}&limit={limit}")).await;
            assert_eq!(brief(&made, &items), expected, "{query}");
        }
    }
    // narrowing never widens
    for (query, expected) in [(format!("unit={community}"), vec![]), (format!("unit={bureau}"), of(&[1, 2]))] {
        assert_eq!(brief(&made, &all_pages(&app, &app.officer(), &query).await), expected, "{query}");
    }
}

#[tokio::test]
async fn a_breach_is_open_until_it_is_done() {
    let app = TestApp::start().await;
    let made = office(&app).await;
    app.clock.move_to(at("2026-03-22 10:00"));
    for id in &made {
        sweep(&app, id).await;
    }
    let listed = async |query: &str| brief(&made, &all_pages(&app, &app.supervisor(), query).await);
    let breached = [
        "0 triage_notice breached 2026-03-17",
        "1 unit_notice breached 2026-03-18",
        "3 unit_notice breached 2026-03-20",
        "4 unit_notice breached 2026-03-21",
    ];
    assert_eq!(listed("limit=2&state=breached").await, breached);
    assert_eq!(
        listed("limit=1&state=lapsed&due_before=2026-03-13").await,
        ["1 objection lapsed 2026-03-10", "3 objection lapsed 2026-03-12"]
    );
    assert_eq!(listed("limit=3").await, [&breached[..], &["2 handling running 2026-05-03"]].concat());
    app.accept(&made[1]).await;
    // directing her elsewhere is the notice that was owed, late
    app.close(&made[0], "directed_elsewhere").await;
    let open = listed("limit=3").await;
    assert!(open.iter().all(|line| !line.starts_with("0 ") && !line.starts_with("1 unit_notice")), "{open:?}");
    assert_eq!(listed("state=met_late").await, ["0 triage_notice met_late 2026-03-17", "1 unit_notice met_late 2026-03-18"]);
}

/// The clock of a kind as the petition's own list shows it.
async fn clock(who: &Persona<'_>, petition: &str, kind: &str) -> Value {
    let list = who.get(&format!("/petitions/{petition}/clocks")).await.expect(200);
    list.items().iter().find(|clock| clock["kind"] == kind).cloned().unwrap_or_else(|| panic!("no {kind}: {list}"))
}

async fn explained(who: &Persona<'_>, petition: &str, kind: &str) -> Answer {
    let id = clock(who, petition, kind).await["id"].as_str().unwrap().to_owned();
    who.get(&format!("/petitions/{petition}/clocks/{id}/explain")).await.expect(200)
}

#[tokio::test]
async fn a_petition_lists_all_its_clocks() {
    let app = TestApp::start().await;
    let made = office(&app).await;
    let officer = app.officer();
    let whole = officer.get(&format!("/petitions/{}/clocks", made[2])).await.expect(200);
    let expected =
        ["2 triage_notice met 2026-03-19", "2 unit_notice met 2026-03-19", "2 objection met 2026-03-11", "2 handling running 2026-05-03"];
    let mut seen = brief(&made, whole.items());
    seen.sort();
    let mut sorted = expected.to_vec();
    sorted.sort_unstable();
    assert_eq!(seen, sorted);
    let mut paged = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = officer.get(&format!("/petitions/{}/clocks?limit=1{cursor}", made[2])).await.expect(200);
        paged.extend(page.items().iter().cloned());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged, whole.items());
    // the same clock wherever it is shown
    let handling = clock(&officer, &made[2], "handling").await;
    let id = handling["id"].as_str().unwrap();
    let one = officer.get(&format!("/petitions/{}/clocks/{id}", made[2])).await.expect(200);
    assert_eq!(one.body, handling);
    let listed = officer.get("/clocks?kind=handling").await.expect(200);
    assert_eq!((listed.items().len(), &listed.items()[0]), (1, &handling));
    assert_eq!((&handling["profile"], &handling["calendar"]), (&json!("cn-2022"), &json!("cn")));
    let petition = app.petition(&officer, &made[2]).await;
    let own = petition.body["clocks"].as_array().unwrap().iter().find(|clock| clock["id"] == id).unwrap().clone();
    for (name, value) in own.as_object().unwrap() {
        assert_eq!(&handling[name], value, "{name}");
    }
    // of another petition, of nobody, of one that is kept from them
    for path in [
        format!("/petitions/{}/clocks/{id}", made[1]),
        format!("/petitions/{}/clocks/{id}/explain", made[1]),
        format!("/petitions/{}/clocks/{}", made[2], app.unknown_id()),
        format!("/petitions/{}/clocks/nothing/explain", made[2]),
        format!("/petitions/{}/clocks", made[4]),
        format!("/petitions/{}/clocks", app.unknown_id()),
    ] {
        officer.get(&path).await.expect(404).problem("not_found");
    }
    let accused = clock(&app.discipline(), &made[4], "unit_notice").await["id"].as_str().unwrap().to_owned();
    officer.get(&format!("/petitions/{}/clocks/{accused}", made[4])).await.expect(404);
    officer.get(&format!("/petitions/{}/clocks/{accused}/explain", made[4])).await.expect(404);
}

#[tokio::test]
async fn a_clock_explains_itself_day_by_day() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-02-13 16:00"));
    let mut urgent = claim();
    urgent["urgent"] = json!(true);
    let id = app.register(urgent).await.id();
    app.refer(&id, "medical").await;
    let officer = app.officer();

    let days = explained(&officer, &id, "unit_notice").await;
    assert_eq!((days.text("/due_on"), days.text("/article").is_empty()), ("2026-02-28".to_owned(), false), "{days}");
    assert_eq!(days.body["limit"], json!({"amount": 15, "unit": "calendar", "extended_days": 0}));
    assert_eq!(days.text("/why"), "自2026-02-13起15个自然日，当日不计：最后一日为2026-02-28。");
    let ledger = days.body["days"].as_array().unwrap();
    assert_eq!((ledger.len(), ledger.iter().filter(|day| day["counted"] == true).count()), (16, 15));
    assert_eq!((&ledger[0]["date"], &ledger[15]["date"]), (&json!("2026-02-13"), &json!("2026-02-28")));

    // over the Spring Festival: Saturday the 14th is worked, the holiday is not
    let working = explained(&officer, &id, "objection").await;
    assert_eq!(working.text("/due_on"), "2026-02-27", "{working}");
    let counted = |answer: &Answer| -> Vec<String> {
        let days = answer.body["days"].as_array().unwrap().iter().filter(|day| day["counted"] == true);
        days.map(|day| day["date"].as_str().unwrap()[5..].to_owned()).collect()
    };
    assert_eq!(counted(&working), ["02-14", "02-24", "02-25", "02-26", "02-27"]);
    assert_eq!(working.text("/days/1/why"), "2026-02-14 星期六，调休上班（春节）：计入");
    assert_eq!(working.body["provisional"], false);
    let path = format!("/petitions/{id}/clocks/{}/explain", working.id());
    let english = officer.get(&path).header("accept-language", "en").await.expect(200);
    assert_eq!(english.text("/days/1/why"), "2026-02-14 Saturday, make-up working day (春节): counts");
    assert_eq!(english.text("/why"), "5 working days from 2026-02-13, that day not counted: the last day is 2026-02-27.");

    let hours = explained(&officer, &id, "urgent_report").await;
    assert_eq!((&hours.body["days"], hours.text("/why")), (&json!([]), "自2026-02-13 16:00起4小时：至2026-02-13 20:00止。".to_owned()));

    // a year that is not published yet is counted by plain weekends, and says so
    app.clock.move_to(at("2026-12-28 09:00"));
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    let beyond = explained(&officer, &id, "objection").await;
    assert_eq!((beyond.text("/due_on"), &beyond.body["provisional"]), ("2027-01-04".to_owned(), &json!(true)), "{beyond}");

    // a right moves on, a day that somebody set is that day
    app.clock.move_to(at("2026-05-20 09:00"));
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    let mut opinion = usual_opinion("claim");
    opinion["execution_due"] = json!("2026-07-15");
    app.answer(&id, opinion).await;
    app.clock.move_to(at("2026-05-22 10:00"));
    app.deliver(&id).await;
    let set = explained(&officer, &id, "execution").await;
    assert_eq!(set.body["limit"], json!({"amount": null, "unit": "date", "extended_days": 0}));
    assert_eq!((set.text("/due_on"), set.text("/why")), ("2026-07-15".to_owned(), "最后一日由人指定：2026-07-15。".to_owned()));
    let right = explained(&officer, &id, "review_window").await;
    assert_eq!(right.text("/due_on"), "2026-06-22");
    let last = right.body["days"].as_array().unwrap().last().unwrap();
    assert_eq!(last["date"], "2026-06-22", "{right}");
}

#[tokio::test]
async fn what_every_ledger_says_is_what_the_clock_says() {
    let app = TestApp::start().await;
    let id = app.delivered(claim(), "medical").await;
    app.delivered(suggestion(), "community-east").await;
    let list = app.supervisor().get("/clocks?state=running,met,breached,lapsed,cancelled,met_late,paused&limit=200").await.expect(200);
    assert!(list.items().len() > 10 && list.items().iter().any(|clock| clock["petition_id"] == id.as_str()));
    for clock in list.items() {
        let (petition, id) = (clock["petition_id"].as_str().unwrap(), clock["id"].as_str().unwrap());
        let explained = app.leader().get(&format!("/petitions/{petition}/clocks/{id}/explain")).await.expect(200);
        for name in ["id", "kind", "state", "started_at", "due_on", "due_at", "profile", "profile_version", "calendar", "provisional"] {
            assert_eq!(explained.body[name], clock[name], "{name} of {explained}");
        }
        let days = explained.body["days"].as_array().unwrap();
        assert_eq!(days.last().map(|day| &day["date"]), Some(&clock["due_on"]), "{explained}");
        assert!(explained.text("/why").contains(clock["due_on"].as_str().unwrap()));
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let app = TestApp::start().await;
    office(&app).await;
    let who = app.supervisor();
    for (path, pointer, code) in [
        ("/clocks?state=late", "/state/0", "not_in_list"),
        ("/clocks?kind=coffee", "/kind", "not_in_list"),
        ("/clocks?due_before=tomorrow", "/due_before", "bad_date"),
        ("/clocks?due_from=2026-02-30", "/due_from", "bad_date"),
        ("/clocks?unit=medical", "/unit", "bad_id"),
        ("/clocks?limit=201", "/limit", "too_large"),
        ("/clocks?sort=kind", "/sort", "unknown_parameter"),
    ] {
        who.get(path).await.expect(400).fault(pointer, code);
    }
    who.get("/clocks?due_from=2026-04-02&due_before=2026-04-01").await.expect(422).only_faults(&[("/due_from", "from_after_to")]);
    let cursor = who.get("/clocks?limit=1").await.expect(200).text("/next_cursor");
    for (who, query) in [
        (app.supervisor(), format!("limit=1&state=running&cursor={cursor}")),
        (app.supervisor(), format!("limit=1&due_from=2026-03-01&cursor={cursor}")),
        (app.leader(), format!("limit=1&cursor={cursor}")),
        (app.supervisor(), format!("limit=1&cursor=A{cursor}")),
    ] {
        who.get(&format!("/clocks?{query}")).await.expect(400).problem("forged_cursor");
    }
    who.get(&format!("/worklist?cursor={cursor}")).await.expect(400).problem("forged_cursor");
    let id = app.register(claim()).await.id();
    let pages = who.get(&format!("/petitions/{id}/clocks?cursor={cursor}")).await;
    pages.expect(400).problem("forged_cursor");
    who.get(&format!("/petitions/{id}/clocks?state=running")).await.expect(400).fault("/state", "unknown_parameter");
}
