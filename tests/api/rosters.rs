//! What a roster does to whom is on file: units over time, visits that follow, the dead; what others write while it is brought in.

use super::harness::{Answer, TestApp};
use super::histories::sound_chain;
use super::imports::{counts, done, entered, fault, found, number, rows, send, told};
use serde_json::{Value, json};
use xinfang::auth::context::Origin;
use xinfang::jobs::runner;
use xinfang::platform::db::types::Id;
use xinfang::retiree::RetireeChange;
use xinfang::retiree::roster::{self, Entering, Entry};

async fn kept(app: &TestApp, profile: Value) -> String {
    app.desk().post("/retirees", profile).await.expect(201).id()
}

async fn read(app: &TestApp, id: &str) -> Answer {
    app.desk().get(&format!("/retirees/{id}")).await.expect(200)
}

async fn visits(app: &TestApp) -> Vec<(String, String)> {
    let page = app.supervisor().get("/visit-tasks?limit=100").await.expect(200);
    let text = |task: &Value, name: &str| task[name].as_str().unwrap().to_owned();
    page.body["items"].as_array().unwrap().iter().map(|task| (text(task, "reason"), text(task, "state"))).collect()
}

async fn theirs(app: &TestApp, retiree: &str) -> Value {
    app.supervisor().get(&format!("/visit-tasks?retiree_id={retiree}")).await.expect(200).body["items"][0].clone()
}

fn visit(reason: &str, state: &str) -> (String, String) {
    (reason.to_owned(), state.to_owned())
}

fn units(profile: &Answer) -> Vec<(Value, Value, Value)> {
    let of = |unit: &Value| (unit["unit"]["id"].clone(), unit["from"].clone(), unit["to"].clone());
    profile.body["units"].as_array().unwrap().iter().map(of).collect()
}

#[tokio::test]
async fn the_unit_that_brings_a_roster_in_takes_nobody_from_another() {
    let app = TestApp::start().await;
    let (community, medical) = (app.unit("community"), app.unit("medical"));
    let old = json!([{"role": "responsible", "unit_id": medical, "from": "2001-01-01"}]);
    let id = kept(&app, json!({"name": "甲", "category": "lixiu", "birth_date": "1943-05-02", "units": old})).await;
    let query = format!("?dry_run=false&unit_id={community}");
    let file = "姓名,出生日期,人员类别\n甲,1943-05-02,离休\n乙,1944-01-01,离休\n";
    let result = done(&app, &query, file, "text/csv").await.1;
    assert_eq!(counts(&result), [2, 1, 0, 1, 0]);
    assert_eq!(units(&read(&app, &id).await), [(json!(medical), json!("2001-01-01"), Value::Null)]);
    let new = found(&app, "乙").await.remove(0);
    assert_eq!(units(&read(&app, new["id"].as_str().unwrap()).await), [(json!(community), Value::Null, Value::Null)]);

    let moved = "姓名,出生日期,人员类别,责任单位\n甲,1943-05-02,离休,community\n";
    assert_eq!(counts(&entered(&app, moved).await), [1, 0, 1, 0, 0]);
    let today = app.now().date_naive();
    let wanted = [(json!(medical), json!("2001-01-01"), json!(today.pred_opt())), (json!(community), json!(today), Value::Null)];
    assert_eq!(units(&read(&app, &id).await), wanted, "the old row is closed, not gone");
    assert_eq!(counts(&entered(&app, moved).await), [1, 0, 0, 1, 0]);
    sound_chain(&app, &id).await;
}

#[tokio::test]
async fn visits_follow_from_a_roster_as_from_the_desk() {
    let app = TestApp::start().await;
    let ill = kept(&app, json!({"name": "甲", "category": "lixiu", "birth_date": "1943-05-02"})).await;
    let file =
        "姓名,出生日期,人员类别,住院,管理单位\n甲,1943-05-02,离休,是,medical\n乙,1944-01-01,离休,是,medical\n丙,1944-01-02,离休,否,\n";
    entered(&app, file).await;
    assert_eq!(visits(&app).await, [visit("hospital", "open"), visit("hospital", "open")]);
    assert_eq!(theirs(&app, &ill).await["unit"]["id"], json!(app.unit("medical")));
    entered(&app, "姓名,出生日期,人员类别,管理单位\n甲,1943-05-02,离休,community\n").await;
    assert_eq!(theirs(&app, &ill).await["unit"]["id"], json!(app.unit("community")), "what is open follows the move");
    entered(&app, "姓名,出生日期,人员类别,状态\n甲,1943-05-02,离休,去世\n").await;
    let mut all = visits(&app).await;
    all.sort();
    assert_eq!(all, [visit("death", "open"), visit("hospital", "open")]);
    sound_chain(&app, &ill).await;
}

#[tokio::test]
async fn a_roster_of_last_year_does_not_revive_the_dead() {
    let app = TestApp::start().await;
    let id = kept(&app, json!({"name": "甲", "category": "lixiu", "birth_date": "1943-05-02", "status": "deceased"})).await;
    let result = entered(&app, "姓名,出生日期,人员类别,状态\n甲,1943-05-02,离休,健在\n").await;
    assert_eq!((told(&result), &result["applied"]), (vec![fault(2, "状态", "roster_says_alive")], &json!(false)));
    entered(&app, "姓名,出生日期,人员类别,党支部\n甲,1943-05-02,离休,一支部\n").await;
    let profile = read(&app, &id).await;
    assert_eq!((&profile.body["status"], &profile.body["party_branch"]), (&json!("deceased"), &json!("一支部")));
}

#[tokio::test]
async fn numbers_and_relatives_are_emptied_and_too_many_are_a_fault() {
    let app = TestApp::start().await;
    let phones: Vec<Value> = (0..5).map(|n| json!({"number": format!("1380000000{n}")})).collect();
    let relatives = json!([{"name": "子", "relation": "儿子", "phone": "13900000000"}]);
    let profile = json!({"name": "甲", "category": "lixiu", "birth_date": "1943-05-02", "phones": phones, "relatives": relatives});
    let id = kept(&app, profile).await;
    let header = "姓名,出生日期,人员类别,联系电话,家属姓名,与本人关系,家属电话";
    let result = entered(&app, &format!("{header}\n甲,1943-05-02,离休,13700000000,,,\n")).await;
    assert_eq!(told(&result), [fault(2, "联系电话", "too_many")]);
    entered(&app, &format!("{header}\n甲,1943-05-02,离休,,子,儿子,清空\n")).await;
    let now = read(&app, &id).await;
    assert_eq!((now.body["phones"].as_array().unwrap().len(), &now.body["relatives"][0]["phone"]), (5, &Value::Null));
    entered(&app, &format!("{header}\n甲,1943-05-02,离休,清空,清空,,\n")).await;
    let now = read(&app, &id).await;
    assert_eq!((&now.body["phones"], &now.body["relatives"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn two_files_at_once_enter_nobody_twice() {
    let app = TestApp::start().await;
    let file = "姓名,出生日期,人员类别\n甲,1943-05-02,离休\n乙,1944-01-01,离休\n";
    let mut jobs = Vec::new();
    for _ in 0..2 {
        send(&app.supervisor(), "?dry_run=false", file, "text/csv").await.expect(202);
        jobs.push(runner::take(&app.platform).await.unwrap().unwrap());
    }
    while jobs.iter().any(|job| job.finished_at.is_none()) {
        let (one, other) = tokio::join!(runner::step(&app.platform, &jobs[0]), runner::step(&app.platform, &jobs[1]));
        jobs = vec![one.unwrap(), other.unwrap()];
    }
    assert_eq!((found(&app, "甲").await.len(), found(&app, "乙").await.len()), (1, 1));
    let mut new: Vec<i64> =
        jobs.iter().map(|job| serde_json::from_str::<Value>(job.result.as_ref().unwrap()).unwrap()["new"].as_i64().unwrap()).collect();
    new.sort();
    assert_eq!(new, [0, 2], "what was entered is counted, not what was meant to be");
}

#[tokio::test]
async fn what_somebody_writes_meanwhile_is_not_written_over() {
    let app = TestApp::start().await;
    let id = kept(&app, json!({"name": "甲", "category": "lixiu", "birth_date": "1943-05-02"})).await;
    let entry = |name: &str| {
        let change = json!({"name": name, "category": "lixiu", "birth_date": "1943-05-02", "party_branch": "一支部"});
        Entry { change: serde_json::from_value::<RetireeChange>(change).unwrap(), ..Entry::default() }
    };
    for (name, path) in [("甲", format!("/retirees/{id}")), ("乙", "/retirees".to_owned())] {
        let (origin, entries) = (Origin::system(&app.platform, "test"), vec![entry(name)]);
        let looking = origin.clone();
        let ready = app
            .rows(move |c| {
                let mut cx = looking.aside();
                let found = roster::find(c, &cx, &entries)?;
                let compared = roster::compare(c, &cx, &entries, &found)?;
                roster::ready(&mut cx, compared, &found, Id::LAST)
            })
            .await;
        if name == "甲" {
            let tag = read(&app, &id).await.header("etag").unwrap().to_owned();
            app.desk().patch(&path, json!({"rank_band": "副处级"})).if_match(&tag).await.expect(200);
        } else {
            kept(&app, json!({"name": name, "category": "lixiu", "birth_date": "1943-05-02", "double_of_none": true})).await;
        }
        let entering = app.platform.db.write(move |c| roster::enter(c, &mut origin.context(), &ready)).await.unwrap();
        assert_eq!(entering, Entering::Overtaken, "{name}");
    }
    entered(&app, "姓名,出生日期,人员类别,党支部\n甲,1943-05-02,离休,一支部\n").await;
    let now = read(&app, &id).await;
    assert_eq!((&now.body["rank_band"], &now.body["party_branch"]), (&json!("副处级"), &json!("一支部")));
}

#[tokio::test]
async fn two_rows_of_one_person_are_found_however_far_apart() {
    let app = TestApp::start().await;
    let id = kept(&app, json!({"name": "甲", "category": "lixiu", "birth_date": "1943-05-02", "identity_number": "E12345678"})).await;
    let mut file = String::from("姓名,身份证号,出生日期,人员类别,党支部\n甲,E12345678,,离休,一支部\n");
    (0..300).for_each(|n| file.push_str(&format!("人{n},{},,离休,\n", number(n))));
    file.push_str("甲,,1943-05-02,离休,二支部\n");
    let result = done(&app, "?dry_run=false&mode=skip_faulty", file, "text/csv").await.1;
    assert_eq!((told(&result), counts(&result)), (vec![fault(303, "姓名", "double_in_file")], [302, 300, 1, 0, 1]));
    assert_eq!(read(&app, &id).await.body["party_branch"], "一支部");
}

#[tokio::test]
async fn a_row_that_turns_bad_keeps_a_small_file_out_and_is_told_of_a_large_one() {
    for (size, parts, applied) in [(150, 1, false), (650, 4, true)] {
        let app = TestApp::start().await;
        let asked = send(&app.supervisor(), "?dry_run=false", rows(size), "text/csv").await.expect(202);
        let mut job = runner::take(&app.platform).await.unwrap().unwrap();
        for _ in 0..parts {
            job = runner::step(&app.platform, &job).await.unwrap();
        }
        kept(&app, json!({"name": "别人", "category": "lixiu", "identity_number": number(7)})).await;
        while job.finished_at.is_none() {
            job = runner::step(&app.platform, &job).await.unwrap();
        }
        let read = app.supervisor().get(&format!("/jobs/{}", asked.id())).await.expect(200);
        let result = &read.body["result"];
        assert_eq!(told(result), [fault(9, "姓名", "name_on_file_differs")]);
        let size = size as i64;
        assert_eq!((counts(result), &result["applied"]), ([size, size - 1, 0, 0, 1], &json!(applied)));
        assert_eq!(found(&app, "13800000003").await.len(), usize::from(applied));
    }
}

#[tokio::test]
async fn of_very_many_faults_the_first_are_listed_and_all_are_counted() {
    let app = TestApp::start().await;
    let bad: String = (0..10_050).map(|n| format!("坏{n},,离休\n")).collect();
    let (job, result) = done(&app, "", format!("姓名,出生日期,人员类别\n好,1943-05-02,离休\n{bad}"), "text/csv").await;
    assert_eq!((&result["faulty"], &result["faults_total"]), (&json!(10_050), &json!(10_050)));
    let table = app.supervisor().get(&format!("/jobs/{job}/faults")).header("accept", "text/csv").await.expect(200);
    assert_eq!(String::from_utf8_lossy(&table.bytes).lines().count(), 10_001);
}

#[tokio::test]
async fn a_row_that_is_bad_whenever_it_is_looked_at_is_counted_once() {
    let app = TestApp::start().await;
    // bad when compared and again when entered, more of them than are listed
    let bad: String = (0..10_050).map(|n| format!("坏{n},1943-05-02,离休,无此单位\n")).collect();
    let file = format!("姓名,出生日期,人员类别,责任单位\n好,1943-05-02,离休,\n差,,离休,\n{bad}");
    let (job, result) = done(&app, "?dry_run=false&mode=skip_faulty", file, "text/csv").await;
    assert_eq!((counts(&result), &result["faults_total"]), ([10_052, 1, 0, 0, 10_051], &json!(10_051)));
    let table = app.supervisor().get(&format!("/jobs/{job}/faults")).header("accept", "text/csv").await.expect(200);
    assert_eq!(String::from_utf8_lossy(&table.bytes).lines().count(), 10_001);
}

#[tokio::test]
async fn an_import_under_way_goes_on_after_an_upgrade_and_nobody_reads_beside_another() {
    use diesel::prelude::*;
    use xinfang::platform::db::schema::job;
    let app = TestApp::start().await;
    let asked = send(&app.supervisor(), "?dry_run=false&mode=skip_faulty", rows(650), "text/csv").await.expect(202);
    let mut held = runner::take(&app.platform).await.unwrap().unwrap();
    for _ in 0..5 {
        held = runner::step(&app.platform, &held).await.unwrap();
    }
    // in hand: nobody else takes it up
    assert!(runner::take(&app.platform).await.unwrap().is_none());
    // as the version wrote it that knew no ledgers, with a word of it that is forgotten since
    let id: Id = serde_json::from_value(json!(asked.id())).unwrap();
    let older = move |c: &mut xinfang::platform::db::Conn| -> xinfang::platform::error::Result<()> {
        let (task, reached): (String, Option<String>) = job::table.find(id).select((job::task, job::reached)).first(c)?;
        let older = |text: &str, newer: &[&str]| {
            let mut known: Value = serde_json::from_str(text).unwrap();
            newer.iter().for_each(|name| drop(known.as_object_mut().unwrap().remove(*name)));
            known["forgotten"] = json!(1);
            known.to_string()
        };
        let (task, reached) = (older(&task, &["issuer"]), older(&reached.unwrap(), &["listed", "closed", "overdue"]));
        diesel::update(job::table.find(id)).set((job::task.eq(task), job::reached.eq(reached))).execute(c)?;
        Ok(())
    };
    app.platform.db.write(older).await.unwrap();
    app.advance(chrono::Duration::minutes(2));
    // two instances at once: one has it
    let (one, two) = tokio::join!(runner::take(&app.platform), runner::take(&app.platform));
    let mut taken: Vec<_> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
    assert_eq!(taken.len(), 1);
    let mut goes_on = taken.remove(0);
    // who had it before comes back to it: nothing of theirs stands
    assert!(runner::step(&app.platform, &held).await.is_err());
    while goes_on.finished_at.is_none() {
        goes_on = runner::step(&app.platform, &goes_on).await.unwrap();
    }
    let read = app.supervisor().get(&format!("/jobs/{}", asked.id())).await.expect(200);
    assert_eq!(counts(&read.body["result"]), [650, 650, 0, 0, 0]);
}

#[tokio::test]
async fn a_cell_that_would_be_a_formula_is_none_in_the_list_of_faults() {
    let app = TestApp::start().await;
    let file = "姓名,=cmd(),出生日期,人员类别,责任单位\n甲,x,1943-05-02,离休,=HYPERLINK(1)\n";
    let (job, result) = done(&app, "", file, "text/csv").await;
    assert_eq!(told(&result), [fault(2, "责任单位", "unit_not_found")]);
    let table = app.supervisor().get(&format!("/jobs/{job}/faults")).header("accept", "text/csv").await.expect(200);
    assert!(!String::from_utf8_lossy(&table.bytes).contains(",=") && !String::from_utf8_lossy(&table.bytes).contains("HYPERLINK"));
}

#[tokio::test]
async fn wide_rows_and_long_cells_are_held_to_limits() {
    let app = TestApp::start().await;
    let long = "长".repeat(32_768);
    let result = entered(&app, &format!("姓名,出生日期,人员类别,住址\n甲,1943-05-02,离休,{long}\n")).await;
    assert_eq!(told(&result), [fault(2, "住址", "cell_too_long")]);
    let wide = format!("姓名,出生日期,人员类别\n甲,1943-05-02,离休{}\n", ",x".repeat(300));
    assert_eq!(counts(&entered(&app, &wide).await), [1, 1, 0, 0, 0], "what stands beyond is not looked at");
    let heavy = format!("姓名,出生日期,人员类别\n{}", format!("{}x\n", "x,".repeat(255)).repeat(32_000));
    let refused = send(&app.supervisor(), "", heavy, "text/csv").await.expect(422);
    assert_eq!(refused.body["errors"][0]["code"], "file_too_large");
}

async fn parts(app: &TestApp) -> i64 {
    app.rows(|c| super::imports::count(c, "SELECT count(*) FROM import_part")).await
}

#[tokio::test]
async fn what_was_read_goes_with_its_job() {
    let app = TestApp::start().await;
    let asked = send(&app.supervisor(), "?dry_run=false", rows(450), "text/csv").await.expect(202);
    let id: Id = serde_json::from_value(json!(asked.id())).unwrap();
    assert_eq!(parts(&app).await, 3);
    // who asked may no longer: the job fails, and leaves nothing
    let supervisor = app.supervisor().actor.unwrap().id();
    app.platform
        .db
        .write(move |c| {
            use diesel::prelude::*;
            use xinfang::platform::db::schema::account_role;
            diesel::delete(account_role::table.filter(account_role::account_id.eq(supervisor))).execute(c)?;
            Ok(())
        })
        .await
        .unwrap();
    runner::run_all(&app.platform).await.unwrap();
    let state = app.rows(move |c| {
        use diesel::prelude::*;
        use xinfang::platform::db::schema::job;
        Ok(job::table.find(id).select(job::finished_at.is_not_null()).first::<bool>(c)?)
    });
    assert_eq!((state.await, parts(&app).await), (true, 0));
}
