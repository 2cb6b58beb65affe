//! Phones that were offline for a month: nothing is lost, nothing is there twice, whatever the line does.

mod bad_line;
mod phone;

use crate::harness::{Answer, TestApp, claim};
use bad_line::BadLine;
use chrono::{DateTime, Days, Duration, Utc};
use data_encoding::HEXLOWER;
use diesel::prelude::*;
use phone::{Phone, VisitMade};
use rand::RngExt;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use xinfang::platform::db::schema::{attachment, attachment_content, event, note, petition, visit};

/// `XINFANG_PHONE_SEED` repeats a run.
fn seed() -> u64 {
    let seed = std::env::var("XINFANG_PHONE_SEED").ok().map_or_else(|| rand::rng().random(), |seed| seed.parse().unwrap());
    println!("XINFANG_PHONE_SEED={seed}");
    seed
}

fn instant(answer: &Answer, member: &str) -> DateTime<Utc> {
    answer.text(&format!("/{member}")).parse().unwrap()
}

/// A visit owed to somebody the desk keeps a profile of.
async fn owed(app: &TestApp, n: usize) -> String {
    let profile = json!({
        "name": format!("走访老人{n}"), "category": "retired_cadre", "liaison_officer": app.desk().actor.unwrap().id(),
        "units": [{"role": "managing", "unit_id": app.unit("reception")}]
    });
    let retiree = app.desk().post("/retirees", profile).await.expect(201).id();
    let task = json!({"retiree_id": retiree, "reason": "telephone_request"});
    app.desk().post("/visit-tasks", task).await.expect(201).id()
}

#[tokio::test]
async fn fifty_drafts_of_a_month_offline_arrive_once_each() {
    let (app, seed) = (TestApp::start().await, seed());
    let address = app.url("").strip_prefix("http://").unwrap().parse().unwrap();
    let line = BadLine::before(address, seed).await;
    let mut phone = Phone::on(&app, &line, seed ^ 1);
    let mut tasks = Vec::new();
    for n in 47..50 {
        tasks.push(owed(&app, n).await);
    }
    // thirty days from home to home without a network
    for n in 0..50 {
        app.advance(Duration::minutes(14 * 60 + 24));
        let draft = phone.take_down(n, "home_visit");
        if n < 47 {
            phone.drafts.push(draft);
            continue;
        }
        let record = json!({
            "id": app.unknown_id(), "made_at": draft.captured_at, "captured_at": draft.captured_at, "place": "home",
            "found": "老人精神尚好，家中暖气不热。", "petitions": [draft.petition]
        });
        phone.visits.push(VisitMade { task: tasks[n - 47].clone(), record, draft: draft.id });
        phone.visited.push(draft);
    }
    // it has heard nothing for certain: three times it sends everything
    for _ in 0..3 {
        phone.send_everything().await;
    }
    println!("{} calls, signed in {:?}; the line: {:?}", phone.calls, phone.signed_in, line.drawn());
    assert_eq!(line.defects(), [""; 0]);
    assert!(phone.signed_in[0] > 0 && phone.signed_in[1] > 0, "tokens expire meanwhile");

    let all: Vec<_> = phone.drafts.iter().chain(&phone.visited).collect();
    let listed = app.desk().get("/petitions?limit=200").header("prefer", "count=exact").await.expect(200);
    assert_eq!(listed.body["total"], json!(50));
    let member = |name: &str| listed.items().iter().map(|item| item[name].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(member("id"), all.iter().map(|draft| draft.id.to_string()).collect());
    assert_eq!(member("number").len(), 50);
    for draft in &all {
        let stored = app.petition(&app.desk(), &draft.id.to_string()).await;
        assert_eq!([instant(&stored, "captured_at"), instant(&stored, "received_at")], [draft.captured_at; 2], "{stored}");
        assert!(instant(&stored, "registered_at") > draft.captured_at, "{stored}");
        let files = app.desk().get(&format!("/petitions/{}/attachments", draft.id)).await.expect(200);
        let photographs: BTreeSet<_> = files
            .items()
            .iter()
            .map(|file| (file["id"].as_str().unwrap().to_owned(), file["sha256"].as_str().unwrap().to_owned()))
            .collect();
        let taken: BTreeSet<_> =
            draft.photographs.iter().map(|photo| (photo.id.to_string(), HEXLOWER.encode(&Sha256::digest(&photo.content)))).collect();
        assert_eq!((files.items().len(), photographs), (taken.len(), taken));
        let notes = app.desk().get(&format!("/petitions/{}/notes", draft.id)).await.expect(200);
        let said: Vec<_> = notes.items().iter().map(|note| (note["id"].clone(), note["text"].clone())).collect();
        assert_eq!(said, draft.note.iter().map(|(id, text)| (json!(id), json!(text))).collect::<Vec<_>>());
        let receipt = app.desk().get(&format!("/petitions/{}/receipt", draft.id)).await.expect(200);
        assert_eq!(receipt.body["number"], stored.body["number"]);
    }
    let photographs = i64::try_from(all.iter().map(|draft| draft.photographs.len()).sum::<usize>()).unwrap();
    let notes = i64::try_from(all.iter().filter(|draft| draft.note.is_some()).count()).unwrap();
    let rows: [i64; 6] = app
        .rows(|c| {
            Ok([
                petition::table.count().get_result(c)?,
                attachment::table.count().get_result(c)?,
                attachment_content::table.count().get_result(c)?,
                note::table.count().get_result(c)?,
                visit::table.count().get_result(c)?,
                event::table.filter(event::act.eq("registered")).count().get_result(c)?,
            ])
        })
        .await;
    assert_eq!(rows, [50, photographs, photographs, notes, 3, 50]);
}

fn taken_down(app: &TestApp) -> Value {
    let mut draft = claim();
    draft["id"] = json!(app.unknown_id());
    draft["captured_at"] = json!(app.now());
    draft
}

#[tokio::test]
async fn a_device_with_a_wrong_clock_is_told_and_loses_nothing() {
    let app = TestApp::start().await;
    let (mut ahead, mut behind, mut reset) = (taken_down(&app), taken_down(&app), taken_down(&app));
    app.advance(Duration::days(3));
    ahead["captured_at"] = json!(app.now() + Duration::days(2));
    // before its own id was made: the clock was set back meanwhile; it is kept as it is said
    behind["captured_at"] = json!(app.now() - Days::new(20));
    reset["captured_at"] = json!("1970-01-01T00:00:07Z");
    let send = async |items: [&Value; 3]| app.desk().post("/petitions/batch", json!({"items": items})).await.expect(207);
    let first = send([&ahead, &behind, &reset]).await;
    let told = |n: usize| {
        let item = &first.items()[n];
        assert_eq!(item["index"], json!(n));
        let error = &item["problem"]["errors"][0];
        (item["id"].clone(), item["status"].clone(), error["pointer"].clone(), error["code"].clone())
    };
    assert_eq!(told(0), (ahead["id"].clone(), json!(422), json!("/captured_at"), json!("in_future")));
    assert_eq!(told(2), (reset["id"].clone(), json!(422), json!("/captured_at"), json!("device_clock_behind")));
    let kept = &first.items()[1]["petition"];
    let received: DateTime<Utc> = kept["received_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(received, app.now() - Days::new(20));
    assert_eq!(app.desk().get("/petitions").await.items().len(), 1);
    // set right, they go through under the ids they always had; what was stored is told again
    (ahead["captured_at"], reset["backdating_reason"]) = (json!(app.now()), json!("旧手机中的记录，当时未能上传。"));
    let again = send([&ahead, &behind, &reset]).await;
    assert_eq!(again.items().iter().map(|item| item["status"].clone()).collect::<Vec<_>>(), [201, 201, 201], "{again}");
    assert_eq!(again.items().iter().map(|item| item["replayed"].clone()).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(app.desk().get("/petitions").await.items().len(), 3);
}

#[tokio::test]
async fn every_result_says_which_item_it_is() {
    let app = TestApp::start().await;
    let (good, mut wrong, mut taken) = (taken_down(&app), taken_down(&app), taken_down(&app));
    wrong["kind"] = json!("complaint");
    wrong["title"] = json!(7);
    app.desk().get(&format!("/petitions/{}/receipt", good["id"].as_str().unwrap())).await.expect(404);
    // line ends and letters as some phones write them, and a member that is as good as absent: alone or in a batch it is the same
    (taken["statement"], taken["purpose"]) = (json!("老人口述\r\nCafe\u{301}"), Value::Null);
    let stored = app.desk().post("/petitions", taken.clone()).await.expect(201);
    let replayed = taken.clone();
    taken["title"] = json!("改过的标题");
    let mut no_v7 = claim();
    no_v7["id"] = json!("7f1c1a3e-54f5-4a32-9d6b-1c5a0b7f0e11");
    let nameless = claim();
    let garbled = json!({"id": "not an id", "channel": "visit"});
    let items = json!([good, wrong, 7, null, replayed, taken, no_v7, garbled, nameless, {"id": wrong["id"], "statement": "a\u{0}b"}]);
    let answer = app.desk().post("/petitions/batch", json!({"items": items})).await.expect(207);
    let brief: Vec<_> = answer
        .items()
        .iter()
        .map(|item| (item["index"].as_u64().unwrap(), item["status"].as_u64().unwrap(), item["id"].clone(), item["number"].is_string()))
        .collect();
    let made = answer.items()[8]["petition"]["id"].clone();
    let null = Value::Null;
    assert_eq!(
        brief,
        [
            (0, 201, good["id"].clone(), true),
            (1, 422, wrong["id"].clone(), false),
            (2, 422, null.clone(), false),
            (3, 422, null.clone(), false),
            (4, 201, replayed["id"].clone(), true),
            (5, 409, replayed["id"].clone(), false),
            (6, 422, no_v7["id"].clone(), false),
            (7, 422, null, false),
            (8, 201, made, true),
            (9, 422, wrong["id"].clone(), false),
        ],
        "{answer}"
    );
    assert_eq!((&answer.items()[4]["replayed"], &answer.items()[4]["petition"]), (&json!(true), &stored.body));
    let receipt = app.desk().get(&format!("/petitions/{}/receipt", good["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(receipt.body["number"], answer.items()[0]["number"]);
}

#[tokio::test]
async fn a_note_taken_down_offline_is_written_once() {
    let app = TestApp::start().await;
    let (one, other) = (app.register(claim()).await.id(), app.register(claim()).await.id());
    let note = json!({"id": app.unknown_id(), "captured_at": app.now(), "text": "老人耳背，请上门回访。"});
    app.advance(Duration::days(30));
    let write = async |petition: &str, body: &Value| app.desk().post(&format!("/petitions/{petition}/notes"), body.clone()).await;
    let first = write(&one, &note).await.expect(201);
    let again = write(&one, &note).await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.body), (Some("true"), &first.body));
    let read = app.desk().get(first.header("location").unwrap()).await.expect(200);
    assert_eq!([instant(&read, "captured_at"), instant(&read, "written_at")], [app.now() - Duration::days(30), app.now()]);
    // the id is this note's of this petition, and nobody else's
    let before = app.trace().await;
    let mut changed = note.clone();
    changed["text"] = json!("另一件事");
    write(&one, &changed).await.expect(409).problem("id_taken");
    write(&other, &note).await.expect(409).problem("id_taken");
    app.supervisor().post(&format!("/petitions/{one}/notes"), changed.clone()).await.expect(409).problem("id_taken");
    changed["id"] = json!("7f1c1a3e-54f5-4a32-9d6b-1c5a0b7f0e11");
    changed["captured_at"] = json!(app.now() + Duration::days(2));
    write(&one, &changed).await.expect(422).only_faults(&[("/id", "not_v7"), ("/captured_at", "in_future")]);
    assert_eq!(app.trace().await, before);
}
