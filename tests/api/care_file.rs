//! Care files: who may, for what, what is written down of it, and that no word of them is anywhere else.

use super::harness::{Persona, TestApp};
use diesel::prelude::*;
use serde_json::{Value, json};
use xinfang::platform::db::schema::{access_log, event};
use xinfang::platform::db::types::Id;

const WORD: &str = "老伴2024年去世";

/// Somebody the officer of 医疗保险科 looks after.
async fn looked_after(app: &TestApp) -> String {
    let profile = json!({"name": "褚玉兰", "category": "retired_cadre", "liaison_officer": app.officer().actor.unwrap().id()});
    app.desk().post("/retirees", profile).await.expect(201).id()
}

fn file() -> Value {
    json!({"purpose": "visit", "family": WORD, "health": "高血压", "thoughts": "关心房补落实"})
}

async fn read(who: &Persona<'_>, id: &str) -> super::harness::Answer {
    who.get(&format!("/retirees/{id}/care-file?purpose=visit")).await
}

#[tokio::test]
async fn a_file_is_written_read_and_kept_in_versions() {
    let app = TestApp::start().await;
    let id = looked_after(&app).await;
    let (officer, path) = (app.officer(), format!("/retirees/{id}/care-file"));
    let empty = read(&officer, &id).await.expect(200);
    assert_eq!((&empty.body["version"], &empty.body["family"]), (&json!(0), &json!(null)));
    officer.put(&path, file()).await.expect(428);
    let written = officer.put(&path, file()).if_match(&empty.etag()).await.expect(200);
    assert!(!written.body.to_string().contains(WORD), "what was written is not told again");
    officer.put(&path, file()).if_match(&empty.etag()).await.expect(412);
    let seen = read(&officer, &id).await.expect(200);
    assert_eq!((&seen.body["family"], &seen.body["version"], &seen.etag()), (&json!(WORD), &json!(1), &written.etag()));
    let next = json!({"purpose": "handover", "health": "已康复"});
    officer.put(&path, next).if_match(&seen.etag()).await.expect(200);
    let now = app.supervisor().get(&format!("{path}?purpose=review")).await.expect(200);
    assert_eq!((&now.body["family"], &now.body["health"], &now.body["purpose"]), (&json!(null), &json!("已康复"), &json!("handover")));
    let before = officer.get(&format!("{path}?purpose=review&version=1")).await.expect(200);
    assert_eq!(before.body["family"], json!(WORD));
    officer.get(&format!("{path}?purpose=review&version=3")).await.expect(404);
    // the profile itself did not change
    assert_eq!(app.desk().get(&format!("/retirees/{id}")).await.expect(200).body["version"], json!(1));
}

#[tokio::test]
async fn without_a_purpose_nothing_is_read_or_written() {
    let app = TestApp::start().await;
    let id = looked_after(&app).await;
    let (officer, path) = (app.officer(), format!("/retirees/{id}/care-file"));
    for query in ["", "?purpose=", "?purpose=curiosity", "?purpose=visit&version=x", "?purpose=visit&version=0"] {
        officer.get(&format!("{path}{query}")).await.expect(400);
    }
    officer.get(&format!("{path}?purpose=visit&version=99999999999")).await.expect(400);
    officer.get(&format!("{path}?purpose=visit&version=2147483647")).await.expect(404);
    let etag = read(&officer, &id).await.etag();
    for (body, pointer) in [
        (json!({"family": "x"}), "/purpose"),
        (json!({"purpose": "visit", "family": " "}), "/family"),
        (json!({"purpose": "visit", "family": "x".repeat(5001)}), "/family"),
        (json!({"purpose": "visit", "secrets": "x"}), "/secrets"),
    ] {
        let refused = officer.put(&path, body).if_match(&etag).await.expect(422);
        assert_eq!(refused.body["errors"][0]["pointer"], json!(pointer));
    }
}

#[tokio::test]
async fn who_does_not_look_after_them_knows_of_no_file() {
    let app = TestApp::start().await;
    let id = looked_after(&app).await;
    let path = format!("/retirees/{id}/care-file?purpose=visit");
    for who in ["desk", "head", "leader", "auditor", "admin"] {
        app.by(who).get(&path).await.expect(403);
    }
    app.discipline().get(&path).await.expect(404);
    // of the retiree's unit, but not who looks after them
    let other = json!({"name": "卫长河", "category": "lixiu", "units": [{"role": "managing", "unit_id": app.unit("medical")}]});
    let other = app.desk().post("/retirees", other).await.expect(201).id();
    app.officer().get(&format!("/retirees/{other}")).await.expect(200);
    read(&app.officer(), &other).await.expect(404);
    read(&app.officer(), "no-id").await.expect(404);
}

#[tokio::test]
async fn every_reading_is_on_record_and_no_word_of_it_anywhere_else() {
    let app = TestApp::start().await;
    let id = looked_after(&app).await;
    let path = format!("/retirees/{id}/care-file");
    let etag = read(&app.officer(), &id).await.etag();
    app.officer().put(&path, file()).if_match(&etag).idempotency_key("once").await.expect(200);
    let again = app.officer().put(&path, file()).if_match(&etag).idempotency_key("once").await.expect(200);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    for _ in 0..2 {
        app.officer().get(&format!("{path}?purpose=emergency")).idempotency_key("twice").await.expect(200);
    }
    let subject = Id(id.parse().unwrap());
    let log: Vec<Option<String>> = app
        .rows(move |c| {
            let of_it = access_log::table.filter(access_log::kind.eq("care_file")).filter(access_log::subject_id.eq(subject));
            Ok(of_it.select(access_log::detail).load(c)?)
        })
        .await;
    let mut told: Vec<&str> = log.iter().map(|detail| detail.as_deref().unwrap()).collect();
    told.sort_unstable();
    assert_eq!(told, ["purpose=emergency version=1", "purpose=emergency version=1", "purpose=visit version=0"]);
    let events: Vec<(String, String)> = app
        .rows(move |c| {
            Ok(event::table.filter(event::subject_id.eq(subject)).order(event::subject_n).select((event::act, event::body)).load(c)?)
        })
        .await;
    assert_eq!(events.last().unwrap().0, "care_file_written");
    assert!(events.iter().all(|(_, body)| !body.contains(WORD)));
    let profile = app.desk().get(&format!("/retirees/{id}")).await.expect(200);
    assert!(!profile.body.to_string().contains(WORD));
}

#[tokio::test]
async fn the_file_of_a_merged_profile_is_shown_beside_that_of_the_one_who_goes_on() {
    let app = TestApp::start().await;
    let one = looked_after(&app).await;
    let profile = json!({"name": "褚玉蓝", "category": "retired_cadre", "liaison_officer": app.officer().actor.unwrap().id()});
    let two = app.desk().post("/retirees", profile).await.expect(201).id();
    let officer = app.officer();
    let etag = read(&officer, &one).await.etag();
    officer.put(&format!("/retirees/{one}/care-file"), file()).if_match(&etag).await.expect(200);
    let etag = app.desk().get(&format!("/retirees/{one}")).await.etag();
    let merge = json!({"into": two, "reason": "重复建档"});
    app.desk().post(&format!("/retirees/{one}/merge"), merge).if_match(&etag).await.expect(200);
    let seen = read(&officer, &two).await.expect(200);
    assert_eq!((&seen.body["version"], &seen.body["family"]), (&json!(0), &json!(null)), "nothing is mixed");
    let merged = seen.body["merged"].as_array().unwrap();
    assert_eq!((merged.len(), &merged[0]["retiree_id"], &merged[0]["family"]), (1, &json!(one), &json!(WORD)));
    let subject = Id(one.parse().unwrap());
    let noted: i64 = app
        .rows(move |c| {
            let of_it = access_log::table.filter(access_log::kind.eq("care_file")).filter(access_log::subject_id.eq(subject));
            Ok(of_it.count().get_result(c)?)
        })
        .await;
    assert_eq!(noted, 2, "what was read of it is on record as its own");
    let etag = seen.etag();
    let path = format!("/retirees/{two}/care-file");
    officer.put(&path, json!({"purpose": "visit", "health": "高血压"})).if_match(&etag).await.expect(200);
    let old = officer.get(&format!("{path}?purpose=visit&version=1")).await.expect(200);
    assert_eq!(old.body["merged"], json!([]));
    let undo = app.desk().call(reqwest::Method::DELETE, &format!("/retirees/{one}/merge"));
    undo.json(&json!({"reason": "同名不同人"})).await.expect(200);
    let (first, second) = (read(&officer, &one).await.expect(200), read(&officer, &two).await.expect(200));
    assert_eq!((&first.body["family"], &second.body["family"]), (&json!(WORD), &json!(null)));
    assert_eq!((&first.body["merged"], &second.body["merged"]), (&json!([]), &json!([])));
}
