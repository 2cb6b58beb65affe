//! Whom a name finds: by the given name alone, by other readings, written with the name or later; and numbers of two areas.

use super::harness::{Persona, TestApp};
use super::imports::{done, entered};
use diesel::prelude::*;
use serde_json::json;
use xinfang::jobs::spellings::write;
use xinfang::platform::db::schema::{retiree_spelling, spelling_progress};
use xinfang::platform::db::types::Id;

/// The names found, in their order, two a page.
async fn found(who: &Persona<'_>, q: &str) -> Vec<String> {
    let (mut names, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = who.get(&format!("/retirees?limit=2&q={q}{cursor}")).await.expect(200);
        names.extend(page.items().iter().map(|item| item["name"].as_str().unwrap().to_owned()));
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return names,
        }
    }
}

async fn kept(app: &TestApp, name: &str) -> String {
    app.desk().post("/retirees", json!({"name": name, "category": "lixiu"})).await.expect(201).id()
}

async fn renamed(app: &TestApp, id: &str, name: &str) {
    let path = format!("/retirees/{id}");
    let etag = app.desk().get(&path).await.etag();
    app.desk().patch(&path, json!({"name": name})).if_match(&etag).await.expect(200);
}

#[tokio::test]
async fn a_given_name_and_another_reading_find_somebody() {
    let app = TestApp::start().await;
    let desk = app.desk();
    for name in ["张建国", "李建国", "王建国庆", "单雄", "阿不都·热合曼", "建国华"] {
        kept(&app, name).await;
    }
    // whose name begins so comes first, then by sound
    for (q, expected) in [
        ("建国", &["建国华", "李建国", "王建国庆", "张建国"][..]),
        ("jianguo", &["建国华", "李建国", "王建国庆", "张建国"]),
        ("jg", &["建国华", "李建国", "王建国庆", "张建国"]),
        ("danxiong", &["单雄"]),
        ("shanxiong", &["单雄"]),
        ("雄", &["单雄"]),
        ("热合曼", &["阿不都·热合曼"]),
        ("国庆", &[]),
    ] {
        assert_eq!(found(&desk, q).await, expected, "{q}");
    }
    // a change of the name is a change of its spellings
    let id = kept(&app, "赵卫东").await;
    renamed(&app, &id, "赵卫红").await;
    assert_eq!((found(&desk, "卫东").await.len(), found(&desk, "卫红").await.len()), (0, 1));
    entered(&app, "姓名,出生日期,人员类别\n钱爱民,1943-05-02,离休\n").await;
    assert_eq!(found(&desk, "爱民").await, ["钱爱民"]);
    // who does not reach them does not find them so either
    assert!(found(&app.officer(), "爱民").await.is_empty());
}

#[tokio::test]
async fn names_that_were_on_file_before_are_spelled_in_the_background_by_one_of_several() {
    let app = TestApp::start().await;
    for n in 0..120 {
        kept(&app, &format!("李爱{}", char::from_u32(0x4e00 + n).unwrap())).await;
    }
    let taken = move |c: &mut xinfang::platform::db::Conn| -> xinfang::platform::error::Result<()> {
        diesel::delete(retiree_spelling::table).execute(c)?;
        diesel::delete(spelling_progress::table).execute(c)?;
        Ok(())
    };
    app.platform.db.write(taken).await.unwrap();
    assert!(found(&app.desk(), "爱").await.is_empty());
    // broken off after a part, then two instances at once
    let step = |c: &mut xinfang::platform::db::Conn| xinfang::retiree::repo::spelling::step(c, xinfang::person::SPELLINGS, 50);
    assert!(app.platform.db.write_background(step).await.unwrap());
    assert_eq!(found(&app.desk(), "爱").await.len(), 50);
    let (one, two) = tokio::join!(write(&app.platform), write(&app.platform));
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(found(&app.desk(), "爱").await.len(), 120);
    let left = app.rows(|c| Ok(spelling_progress::table.select(spelling_progress::after_id).load::<Id>(c)?)).await;
    assert_eq!(left, [Id::LAST]);
    write(&app.platform).await.unwrap();
}

#[tokio::test]
async fn numbers_of_two_areas_are_two_and_one_without_its_area_is_either() {
    let app = TestApp::start().await;
    let desk = app.desk();
    let of = |name: &str, number: &str| json!({"name": name, "category": "lixiu", "phones": [{"number": number}]});
    desk.post("/retirees", of("甲", "0573-82345678")).await.expect(201);
    // another area: nobody is taken for a double
    desk.post("/retirees", of("乙", "0571-82345678")).await.expect(201);
    let refused = desk.post("/retirees", of("丙", "+86 573 82345678")).await.expect(409);
    let alike = |answer: &super::harness::Answer| {
        let mut names: Vec<String> =
            answer.body["alike"].as_array().unwrap().iter().map(|alike| alike["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(alike(&refused), ["甲"]);
    assert_eq!(alike(&desk.post("/retirees", of("丙", "82345678")).await.expect(409)), ["乙", "甲"]);
    for (q, expected) in [
        ("82345678", &["甲", "乙"][..]),
        ("0573-82345678", &["甲"]),
        ("0571 82345678", &["乙"]),
        ("%2B86 571 82345678", &["乙"]),
        ("010-82345678", &[]),
    ] {
        let mut names = found(&desk, q).await;
        names.sort_by_key(|name| *name != "甲");
        assert_eq!(names, expected, "{q}");
    }
    // a roster with the number of another area gives them a second one
    let known = desk
        .post(
            "/retirees",
            json!({"name": "丁", "category": "lixiu", "birth_date": "1943-05-02",
        "phones": [{"number": "0573-81111111"}]}),
        )
        .await
        .expect(201);
    for (number, count) in [("+86 573 81111111", 1), ("0571-81111111", 2)] {
        let file = format!("姓名,出生日期,人员类别,联系电话\n丁,1943-05-02,离休,{number}\n");
        done(&app, "?dry_run=false", file, "text/csv").await;
        let read = desk.get(&format!("/retirees/{}", known.id())).await.expect(200);
        assert_eq!(read.body["phones"].as_array().unwrap().len(), count, "{number}");
    }
}

#[tokio::test]
async fn a_change_and_a_report_are_told_all_their_faults_at_once() {
    let app = TestApp::start().await;
    let id = kept(&app, "褚玉兰").await;
    let path = format!("/retirees/{id}");
    let etag = app.desk().get(&path).await.etag();
    let wrong = json!({"name": "", "birth_date": "2030-01-01", "liaison_officer": app.unknown_id()});
    app.desk().patch(&path, wrong).if_match(&etag).await.expect(422).only_faults(&[
        ("/name", "empty"),
        ("/birth_date", "in_future"),
        ("/liaison_officer", "unknown_staff"),
    ]);
    let petition = app.register(super::harness::claim()).await;
    let below = format!("/petitions/{}/parties/{}/status", petition.id(), petition.text("/parties/0/id"));
    let etag = app.petition(&app.desk(), &petition.id()).await.etag();
    let wrong = json!({"status": "gone", "since": "2030-01-01", "note": " "});
    app.desk().put(&below, wrong).if_match(&etag).await.expect(422).only_faults(&[
        ("/status", "not_in_list"),
        ("/note", "empty"),
        ("/since", "in_future"),
    ]);
}
