//! Whom retirees call: lines entered by the administrator, printed on cards and receipts.

use super::harness::{TestApp, claim};
use super::histories::sound_chain;
use serde_json::{Value, json};

/// Takes the sample's lines out of use, so that only a test's own hold.
pub async fn without_lines(app: &TestApp) {
    for line in app.admin().get("/contact-lines?in_use=true&limit=200").await.expect(200).items() {
        let path = format!("/contact-lines/{}", line["id"].as_str().unwrap());
        app.admin().patch(&path, json!({"in_use": false})).if_match(line["etag"].as_str().unwrap()).await.expect(200);
    }
}

/// A line made by the administrator; its id.
pub async fn line(app: &TestApp, unit: &str, kind: &str, phone: &str) -> String {
    let body = json!({"unit_id": app.unit(unit), "kind": kind, "name": format!("{kind}@{unit}"), "phone": phone});
    app.admin().post("/contact-lines", body).await.expect(201).id()
}

async fn kept(app: &TestApp, units: Value) -> String {
    app.desk().post("/retirees", json!({"name": "张建国", "category": "retired_cadre", "units": units})).await.expect(201).id()
}

#[tokio::test]
async fn a_line_is_made_changed_and_given_up() {
    let app = TestApp::start().await;
    without_lines(&app).await;
    let new = json!({"id": app.unknown_id(), "unit_id": app.unit("medical"), "kind": "office", "name": " 医保科 ", "phone": "000-0000 0701",
        "address": "样例路1号", "note": "上午"});
    for who in [app.desk(), app.officer(), app.head(), app.supervisor(), app.leader(), app.auditor()] {
        who.post("/contact-lines", new.clone()).await.expect(403).problem("not_permitted");
        who.get("/contact-lines").await.expect(200);
    }
    let made = app.admin().post("/contact-lines", new.clone()).await.expect(201);
    assert_eq!((made.text("/name"), made.body["position"].clone(), made.body["in_use"].clone()), ("医保科".into(), json!(10), json!(true)));
    let path = format!("/contact-lines/{}", made.id());
    assert_eq!(made.header("location"), Some(format!("/api/v1{path}").as_str()));
    // sent again after a lost answer
    assert_eq!(app.admin().post("/contact-lines", new.clone()).await.expect(201).body, made.body);
    let mut other = new;
    other["name"] = json!("别的");
    app.admin().post("/contact-lines", other).await.expect(409).problem("id_taken");
    line(&app, "medical", "repair", "12").await;
    let own = format!("/contact-lines?unit_id={}", app.unit("medical"));
    let positions = |items: &[Value]| items.iter().map(|line| line["position"].as_i64().unwrap()).collect::<Vec<_>>();
    assert_eq!(positions(app.desk().get(&own).await.expect(200).items()), [10, 20]);

    app.admin().patch(&path, json!({"phone": "1"})).await.expect(428);
    app.admin().patch(&path, json!({"phone": "12"})).if_match("\"9-000000000000\"").await.expect(412);
    app.officer().patch(&path, json!({"phone": "12"})).if_match(&made.etag()).await.expect(403);
    let change = json!({"phone": "000-0000 0702转8", "address": null, "kind": "leader", "reason": "换号"});
    let changed = app.admin().patch(&path, change.clone()).if_match(&made.etag()).await.expect(200);
    assert_eq!((changed.text("/phone"), changed.body["address"].clone()), ("000-0000 0702转8".into(), Value::Null));
    // nothing changed: no version, no event
    let same = app.admin().patch(&path, change).if_match(&changed.etag()).await.expect(200);
    assert_eq!(same.body["version"], 2);
    let gone = app.admin().patch(&path, json!({"in_use": false})).if_match(&same.etag()).await.expect(200);
    app.admin().patch(&path, json!({"in_use": true})).if_match(&gone.etag()).await.expect(200);
    let acts = ["contact_line_created", "contact_line_changed", "contact_line_given_up", "contact_line_changed"];
    assert_eq!(sound_chain(&app, &made.id()).await, acts);
    assert_eq!(app.admin().get(&path).await.expect(200).body["version"], 4);
    app.desk().get(&format!("/contact-lines/{}", app.unknown_id())).await.expect(404);
    app.admin().patch("/contact-lines/x", json!({})).if_match("\"1-000000000000\"").await.expect(404);
}

#[tokio::test]
async fn what_is_wrong_with_a_line_is_told_at_once() {
    let app = TestApp::start().await;
    let mut empty = app.admin().post("/contact-lines", json!({})).await.expect(422);
    assert_eq!(empty.body["errors"].as_array_mut().unwrap().len(), 4, "{empty}");
    let long = "长".repeat(81);
    let bad = json!({"unit_id": app.unknown_id(), "kind": "office", "name": " ", "phone": "call me", "address": long, "note": "",
        "position": -1, "more": 1});
    let mut answer = app.admin().post("/contact-lines", bad).await.expect(422);
    for (pointer, code) in [
        ("/name", "empty"),
        ("/phone", "line_phone_form"),
        ("/address", "too_long"),
        ("/note", "empty"),
        ("/position", "too_small"),
        ("/more", "unknown_member"),
    ] {
        answer = answer.fault(pointer, code);
    }
    let new = |unit: String| json!({"unit_id": unit, "kind": "office", "name": "x", "phone": "12345"});
    app.admin().post("/contact-lines", new(app.unknown_id().to_string())).await.expect(422).fault("/unit_id", "unknown_unit");
    app.admin().post("/contact-lines", new(app.unit("city-bureau"))).await.expect(422).fault("/unit_id", "unit_external");
    for phone in ["1", "+", "12-", "１２３", "12\u{202e}3", "12\u{0}3", "0000 0000 0000 0000 0000 0000 0000 0000 0"] {
        let mut body = new(app.unit("medical"));
        body["phone"] = json!(phone);
        app.admin().post("/contact-lines", body).await.expect(422);
    }
    let id = line(&app, "medical", "office", "120").await;
    let path = format!("/contact-lines/{id}");
    let etag = app.admin().get(&path).await.etag();
    for change in [json!({"unit_id": app.unit("pension")}), json!({"phone": ""}), json!({"note": " "})] {
        app.admin().patch(&path, change).if_match(&etag).await.expect(422);
    }
    app.desk().get("/contact-lines?unit_id=x").await.expect(400);
    app.desk().get("/contact-lines?cursor=x").await.expect(400);
}

#[tokio::test]
async fn a_unit_has_lines_enough_and_none_is_lost_from_a_card() {
    let app = TestApp::start().await;
    without_lines(&app).await;
    let id = kept(&app, json!([{"role": "responsible", "unit_id": app.unit("medical")}])).await;
    for n in 0..40 {
        line(&app, "bureau", "other", &format!("000-0000 {n:04}")).await;
    }
    let body = json!({"unit_id": app.unit("bureau"), "kind": "office", "name": "值班室", "phone": "000-0000 0101"});
    app.admin().post("/contact-lines", body.clone()).await.expect(409).problem("too_many_lines");
    line(&app, "medical", "office", "000-0000 0701").await;
    let path = format!("/retirees/{id}/contact-card");
    let card = app.desk().get(&path).await.expect(200);
    let own = card.body["lines"].as_array().unwrap().iter().filter(|line| !line["kind"].is_null()).count();
    assert_eq!((own, &card.body["lines"][0]["number"]), (41, &json!("000-0000 0701")));
    let page = String::from_utf8(app.desk().get(&path).header("accept", "text/html").await.expect(200).bytes.clone()).unwrap();
    assert!(page.contains("另有 33 个电话"), "what a sheet has no room for is said: {page}");
    // one is given up, and finds no room again
    let all = app.admin().get(&format!("/contact-lines?unit_id={}&limit=1&in_use=true", app.unit("bureau"))).await.expect(200);
    let (first, etag) = (all.items()[0]["id"].as_str().unwrap(), all.items()[0]["etag"].as_str().unwrap());
    let path = format!("/contact-lines/{first}");
    let gone = app.admin().patch(&path, json!({"in_use": false})).if_match(etag).await.expect(200);
    app.admin().post("/contact-lines", body).await.expect(201);
    app.admin().patch(&path, json!({"in_use": true})).if_match(&gone.etag()).await.expect(409).problem("too_many_lines");
}

#[tokio::test]
async fn lists_go_on_page_by_page() {
    let app = TestApp::start().await;
    let all = app.desk().get("/contact-lines?limit=200").await.expect(200);
    let (mut seen, mut path) = (Vec::new(), "/contact-lines?limit=3".to_owned());
    loop {
        let page = app.desk().get(&path).await.expect(200);
        seen.extend(page.items().to_vec());
        match page.body["next_cursor"].as_str() {
            Some(cursor) => path = format!("/contact-lines?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, all.items());
    assert!(seen.len() > 3);
}

#[tokio::test]
async fn a_card_has_the_nearest_lines_first_and_says_what_is_missing() {
    let app = TestApp::start().await;
    without_lines(&app).await;
    let units =
        json!([{"role": "responsible", "unit_id": app.unit("community-east")}, {"role": "functional", "unit_id": app.unit("medical")}]);
    let id = kept(&app, units).await;
    let path = format!("/retirees/{id}/contact-card");
    let card = app.desk().get(&path).await.expect(200);
    assert_eq!(card.body["missing"], json!(["liaison_officer", "office", "hospital", "repair"]), "{card}");
    let html = async || String::from_utf8(app.desk().get(&path).header("accept", "text/html").await.expect(200).bytes.clone()).unwrap();
    assert!(html().await.contains("尚未登记：联络员、单位电话、医院电话、维修电话"));

    line(&app, "bureau", "hospital", "000-0000 0001").await;
    line(&app, "community", "leader", "000-0000 0002").await;
    line(&app, "community-east", "repair", "000-0000 0003").await;
    line(&app, "community-east", "office", "000-0000 0004").await;
    line(&app, "medical", "office", "000-0000 0005").await;
    line(&app, "community-west", "office", "000-0000 0006").await;
    let card = app.desk().get(&path).await.expect(200);
    let lines = card.body["lines"].as_array().unwrap();
    let own: Vec<&str> = lines.iter().filter(|line| !line["kind"].is_null()).map(|line| line["number"].as_str().unwrap()).collect();
    let near = ["000-0000 0003", "000-0000 0004", "000-0000 0005", "000-0000 0002", "000-0000 0001"];
    assert_eq!(own, near, "of their units, and of those above, the nearest first");
    assert!(lines.iter().skip(near.len()).any(|line| line["number"] == "120"));
    assert_eq!((&lines[3]["unit"], &card.body["missing"]), (&json!("社区办"), &json!(["liaison_officer"])));
    let page = html().await;
    assert!(page.contains("000-0000 0003") && page.contains("尚未登记：联络员。"), "{page}");

    // who carries on a dissolved unit's work answers for it
    super::office::dissolve(&app, "community-east", "community-west").await.expect(201);
    let card = app.desk().get(&path).await.expect(200);
    let own: Vec<&str> = card.body["lines"].as_array().unwrap().iter().map(|line| line["number"].as_str().unwrap()).collect();
    assert!(own.contains(&"000-0000 0006") && !own.contains(&"000-0000 0004"), "{card}");
    assert_eq!(card.body["units"][0]["name"], "城西社区服务站", "{card}");

    let nowhere = kept_alone(&app).await;
    let card = app.desk().get(&format!("/retirees/{nowhere}/contact-card")).await.expect(200);
    assert_eq!(card.body["missing"], json!(["unit", "liaison_officer", "office", "leader", "hospital", "repair"]));
}

async fn kept_alone(app: &TestApp) -> String {
    app.desk().post("/retirees", json!({"name": "无单位", "category": "retired_cadre"})).await.expect(201).id()
}

#[tokio::test]
async fn a_receipt_says_where_to_ask_in_either_language() {
    let app = TestApp::start().await;
    without_lines(&app).await;
    let print = async |language: &str| {
        let print = app.desk().post("/petitions", claim()).header("accept", "text/html").header("accept-language", language);
        let page = print.await.expect(201);
        assert_eq!(page.header("content-language"), Some(if language == "en" { "en" } else { "zh-CN" }));
        String::from_utf8(page.bytes.clone()).unwrap()
    };
    assert!(!print("zh").await.contains("咨询电话"));
    let body = json!({"unit_id": app.unit("bureau"), "kind": "office", "name": "值班室", "phone": "000-0000 0101", "address": "样例路1号",
        "note": "上午"});
    app.admin().post("/contact-lines", body).await.expect(201);
    let page = print("zh").await;
    assert!(page.contains("000-0000 0101 (上午)") && page.contains("值班室，样例路1号"), "{page}");
    let page = print("en").await;
    for part in ["<html lang=\"en\">", "Receipt of your petition", "Query code", "2 March 2026", "by 17 March 2026", "值班室, 样例路1号"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("请保管好"), "{page}");
    // the nearest office is asked
    line(&app, "reception", "office", "000-0000 0111").await;
    let petition = app.register(claim()).await.id();
    let receipt = app.desk().get(&format!("/petitions/{petition}/receipt")).header("accept-language", "en").await.expect(200);
    assert_eq!(receipt.body["ask_at"]["phone"], "000-0000 0111");
    assert!(receipt.text("/what_follows").starts_with("We will tell you by 17 March 2026"), "{receipt}");
}

#[tokio::test]
async fn a_refused_registration_is_told_in_words_on_a_page() {
    let app = TestApp::start().await;
    let mut wrong = claim();
    wrong["category"] = json!("no.such");
    wrong["parties"][0]["name"] = json!("");
    let told = [("zh", ["<html lang=\"zh-CN\">", "分类", "人员 1：姓名"]), ("en", ["<html lang=\"en\">", "Category", "Person 1: Name"])];
    for (language, parts) in told {
        let refused = app.desk().post("/petitions", wrong.clone()).header("accept", "text/html").header("accept-language", language);
        let refused = refused.await.expect(422);
        assert!(refused.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
        let page = String::from_utf8(refused.bytes.clone()).unwrap();
        for part in parts {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("/parties") && !page.contains("errors"), "words, no pointers: {page}");
    }
    let mut petition = claim();
    petition["id"] = json!(app.unknown_id());
    app.register(petition.clone()).await.expect(201);
    petition["title"] = json!("<i>别的</i>");
    let taken = app.desk().post("/petitions", petition.clone()).header("accept", "text/html").await.expect(409);
    assert!(taken.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
    app.desk().post("/petitions", petition).await.expect(409).problem("id_taken");
}
