//! Ledgers of other registers: what is open goes on as a petition, what is closed is history and counted nowhere.

use super::harness::{Answer, TestApp};
use super::histories::sound_chain;
use serde_json::{Value, json};
use xinfang::jobs::runner;

const HEAD: &str = "xfjbh,xfrq,xfxsdm,bt,gkxx,xm,zjhm,sjhm,nrfldm,xfmddm,bjbz,bjsj,clqk";
/// Of a region there is none of.
const IDENTITY: &str = "990100194305120015";

async fn send(app: &TestApp, query: &str, file: impl Into<Vec<u8>>) -> Answer {
    app.supervisor().post(&format!("/imports/ledger{query}"), json!({})).raw_body(file, "text/csv").await
}

async fn done(app: &TestApp, query: &str, file: &str) -> Value {
    let asked = send(app, query, file).await.expect(202);
    runner::run_all(&app.platform).await.unwrap();
    let job = app.supervisor().get(&format!("/jobs/{}", asked.id())).await.expect(200);
    assert_eq!((&job.body["state"], &job.body["kind"]), (&json!("done"), &json!("ledger")), "{}", job.body);
    job.body["result"].clone()
}

async fn entered(app: &TestApp, file: &str) -> Value {
    done(app, "?issuer=county&dry_run=false", file).await
}

fn counts(result: &Value) -> [i64; 6] {
    ["rows", "new", "unchanged", "closed", "overdue", "faulty"].map(|member| result[member].as_i64().unwrap())
}

async fn petitions(app: &TestApp) -> Vec<Value> {
    app.supervisor().get("/petitions?limit=50").await.expect(200).body["items"].as_array().unwrap().clone()
}

fn days_ago(app: &TestApp, days: i64) -> String {
    (app.platform.clock.now() - chrono::Duration::days(days)).with_timezone(&app.platform.config.zone).date_naive().to_string()
}

fn file(app: &TestApp) -> String {
    let (recent, old) = (days_ago(app, 2), days_ago(app, 90));
    format!(
        "{HEAD}\n\
         A1,{recent},100,取暖补贴未发,前年的取暖补贴没有到账。,张建国,,13800000001,取暖补贴,求决,否,,\n\
         A2,{old},来访,反映医药费,,李秀兰,,,medical.reimbursement,01,,,\n\
         A3,{old},300,异地住院费,住院费没有报销。,王甲,{IDENTITY},13800000003,990000,申诉,是,{recent},已报销\n\
         A4,{old},来信,反映某人,侵占经费。,王甲,{IDENTITY},,,揭发控告,1,{recent},已查\n"
    )
}

#[tokio::test]
async fn open_rows_go_on_and_closed_ones_are_history() {
    let app = TestApp::start().await;
    let before = petitions(&app).await.len();
    let tried = done(&app, "?issuer=county", &file(&app)).await;
    assert_eq!((counts(&tried), &tried["applied"]), ([4, 4, 0, 2, 1, 0], &json!(false)));
    assert_eq!(petitions(&app).await.len(), before, "a dry run enters nothing");

    let result = entered(&app, &file(&app)).await;
    assert_eq!((counts(&result), &result["applied"]), ([4, 4, 0, 2, 1, 0], &json!(true)));
    let all = petitions(&app).await;
    assert_eq!(all.len(), before + 2, "of the closed ones no petition is made");
    let one = all.iter().find(|p| p["title"] == "取暖补贴未发").unwrap();
    let id = one["id"].as_str().unwrap();
    let read = app.supervisor().get(&format!("/petitions/{id}")).await.expect(200).body;
    assert_eq!(read["external_numbers"], json!([{"issuer": "county", "number": "A1"}]));
    assert_eq!((&read["category"], &read["kind"], &read["channel"]), (&json!("allowance.heating"), &json!("claim"), &json!("letter")));
    assert_eq!((&read["statement"], &read["parties"][0]["name"]), (&json!("前年的取暖补贴没有到账。"), &json!("张建国")));
    sound_chain_of_petition(&app, id).await;

    assert_eq!(counts(&entered(&app, &file(&app)).await), [4, 0, 4, 0, 0, 0], "again changes nothing");
    assert_eq!(petitions(&app).await.len(), before + 2);
    let changed = file(&app).replace("反映医药费", "反映别的");
    let refused = entered(&app, &changed).await;
    assert_eq!((&refused["applied"], &refused["faults"][0]["code"]), (&json!(false), &json!("entered_otherwise")));
    // the same number of somebody else is another one
    assert_eq!(counts(&done(&app, "?issuer=city", &file(&app)).await)[1], 4);
}

async fn sound_chain_of_petition(app: &TestApp, id: &str) {
    let events = app.supervisor().get(&format!("/petitions/{id}/events")).await.expect(200);
    assert_eq!(events.body["items"][0]["act"], "registered");
}

#[tokio::test]
async fn what_was_settled_elsewhere_shows_with_the_retiree() {
    let app = TestApp::start().await;
    entered(&app, &file(&app)).await;
    let profile = json!({"name": "王甲", "category": "lixiu", "identity_number": IDENTITY});
    let made = app.desk().post("/retirees", profile).await.expect(201);
    let path = format!("/retirees/{}/ledger", made.id());
    let numbers = |answer: &Answer| {
        answer.body["items"].as_array().unwrap().iter().map(|item| item["number"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let seen = app.desk().get(&path).await.expect(200);
    assert_eq!(numbers(&seen), ["A3"], "an accusation is nothing for the desk");
    assert_eq!((&seen.body["items"][0]["title"], &seen.body["items"][0]["outcome"]), (&json!("异地住院费"), &json!("已报销")));
    let mut all = numbers(&app.supervisor().get(&path).await.expect(200));
    all.sort();
    assert_eq!(all, ["A3", "A4"]);
    let first = app.supervisor().get(&format!("{path}?limit=1")).await.expect(200);
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let second = app.supervisor().get(&format!("{path}?limit=1&cursor={cursor}")).await.expect(200);
    assert_ne!(numbers(&first), numbers(&second));
    assert_eq!(second.body["next_cursor"], json!(null));
    app.auditor().get(&path).await.expect(403);
    sound_chain(&app, &made.id()).await;
}

#[tokio::test]
async fn bad_rows_of_a_ledger_are_named_and_keep_all_out() {
    let app = TestApp::start().await;
    let (recent, ahead) = (days_ago(&app, 2), days_ago(&app, -2));
    let file = format!(
        "{HEAD}\n\
         ,{recent},100,无编号,,甲,,,,,,,\n\
         B2,{ahead},100,将来,,甲,,,,,,,\n\
         B3,{recent},600,形式不明,,甲,,,,,,,\n\
         B4,{recent},100,,,甲,,,,,,,\n\
         B5,{recent},100,证件,,甲,990100194305120016,,,,,,\n\
         B6,{recent},100,矛盾,,甲,,,,,否,{recent},\n\
         B7,{recent},100,早结,,甲,,,,,是,2001-01-01,\n\
         B8,1899-01-01,100,太早,,甲,,,,,,,\n\
         B9,{recent},100,电话,,甲,,abc,,,,,\n\
         B10,{recent},100,好的,,甲,,,,,,,\n\
         B10,{recent},100,好的,,甲,,,,,,,\n\
         B11,2025-02-30,100,日期,,甲,,,,,,,\n\
         B12,{recent},100,匿名的,,匿名,,,,,,,\n"
    );
    let result = done(&app, "?issuer=county&dry_run=false", &file).await;
    let told: Vec<(i64, &str, &str)> = result["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["row"].as_i64().unwrap(), fault["column"].as_str().unwrap_or(""), fault["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            (2, "xfjbh", "required"),
            (3, "xfrq", "in_future"),
            (4, "xfxsdm", "not_in_list"),
            (5, "bt", "required"),
            (6, "zjhm", "identity_number_wrong"),
            (7, "bjsj", "closed_and_open"),
            (8, "bjsj", "closed_before_received"),
            (9, "xfrq", "too_early"),
            (10, "sjhm", "phone_form"),
            (12, "xfjbh", "number_twice"),
            (13, "xfrq", "bad_date"),
        ]
    );
    assert_eq!((counts(&result), &result["applied"]), ([13, 2, 0, 0, 0, 11], &json!(false)));
    let skipped = done(&app, "?issuer=county&dry_run=false&mode=skip_faulty", &file).await;
    assert_eq!((counts(&skipped), &skipped["applied"]), ([13, 2, 0, 0, 0, 11], &json!(true)));
    let one = petitions(&app).await.into_iter().find(|p| p["title"] == "匿名的").unwrap();
    let read = app.supervisor().get(&format!("/petitions/{}", one["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(read.body["anonymous"], json!(true));
}

#[tokio::test]
async fn what_is_no_ledger_is_refused_at_once() {
    let app = TestApp::start().await;
    let good = file(&app);
    for (query, status) in [("", 400), ("?issuer=", 400), ("?issuer=%20", 400), ("?issuer=a&mode=some", 400)] {
        send(&app, query, good.clone()).await.expect(status);
    }
    let long = "a".repeat(101);
    send(&app, &format!("?issuer={long}"), good.clone()).await.expect(400);
    for (bytes, code) in [("", "no_rows"), ("xfjbh,xfrq,xfxs,bt\n", "no_rows"), ("xfjbh,xfrq,bt\nA,2024-01-01,x\n", "column_missing")] {
        let refused = send(&app, "?issuer=a", bytes).await.expect(422);
        assert_eq!(refused.body["errors"][0]["code"], code, "{}", refused.body);
    }
    let sample = include_str!("../../data/samples/ledger.csv");
    assert_eq!(done(&app, "?issuer=a", sample).await["faulty"], 0);
    for who in [app.desk(), app.officer(), app.admin(), app.leader()] {
        who.post("/imports/ledger?issuer=a", json!({})).raw_body(good.clone(), "text/csv").await.expect(403);
    }
}

#[tokio::test]
async fn of_two_files_of_one_register_at_once_each_number_is_entered_once() {
    let app = TestApp::start().await;
    let before = petitions(&app).await.len();
    let rows: String =
        (0..60).map(|n| format!("B{n},{},100,补贴未发{n},没有到账。,张建国,,,取暖补贴,求决,否,,\n", days_ago(&app, 2))).collect();
    let file = format!("{HEAD}\n{rows}");
    let one = send(&app, "?issuer=county&dry_run=false", file.clone()).await.expect(202).id();
    let two = send(&app, "?issuer=county&dry_run=false&mode=skip_faulty", file).await.expect(202).id();
    assert_ne!(one, two);
    // each instance takes one of them
    let (first, second) = tokio::join!(runner::run_all(&app.platform), runner::run_all(&app.platform));
    assert_eq!(first.unwrap() + second.unwrap(), 2);
    let mut told = Vec::new();
    for job in [&one, &two] {
        let job = app.supervisor().get(&format!("/jobs/{job}")).await.expect(200);
        assert_eq!(job.body["state"], json!("done"), "{}", job.body);
        told.push(counts(&job.body["result"]));
    }
    let sum = |at: usize| told.iter().map(|counts| counts[at]).sum::<i64>();
    assert_eq!((sum(0), sum(1), sum(2), sum(5)), (120, 60, 60, 0), "rows, new, unchanged, faulty: {told:?}");
    assert_eq!(app.supervisor().get("/petitions?limit=200").await.expect(200).items().len(), before + 60);
}
