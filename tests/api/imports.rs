//! Rosters brought in from files: what is read, refused, compared and entered; again, changed, killed in the middle.

use super::harness::{Answer, Persona, TestApp};
use super::histories::sound_chain;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use serde_json::{Value, json};
use xinfang::jobs::runner;
use xinfang::person::identity::check_character;
use xinfang::platform::db::types::Id;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The number of the n-th person of a region there is none of.
pub fn number(n: usize) -> String {
    let digits = format!("990100{}{:02}{:02}{:03}", 1930 + n / 336 % 30, n / 28 % 12 + 1, n % 28 + 1, n / 10_080 * 2 + 1);
    format!("{digits}{}", check_character(&digits).unwrap())
}

pub fn rows(n: usize) -> String {
    let row =
        |n: usize| format!("张建{},{},退休干部,138{n:08},community\n", char::from_u32(0x4e00 + n as u32 % 20_000).unwrap(), number(n));
    format!("姓名,身份证号,人员类别,联系电话,管理单位\n{}", (0..n).map(row).collect::<String>())
}

pub async fn send<'a>(who: &Persona<'a>, query: &str, file: impl Into<Vec<u8>>, kind: &str) -> Answer {
    who.post(&format!("/imports/roster{query}"), json!({})).raw_body(file, kind).await
}

/// Sends a file and does the job; answers its result.
pub async fn done(app: &TestApp, query: &str, file: impl Into<Vec<u8>>, kind: &str) -> (String, Value) {
    let asked = send(&app.supervisor(), query, file, kind).await.expect(202);
    runner::run_all(&app.platform).await.unwrap();
    let job = app.supervisor().get(&format!("/jobs/{}", asked.id())).await.expect(200);
    assert_eq!(job.body["state"], "done", "{}", job.body);
    (asked.id(), job.body["result"].clone())
}

pub async fn entered(app: &TestApp, file: &str) -> Value {
    done(app, "?dry_run=false", file, "text/csv").await.1
}

pub fn counts(result: &Value) -> [i64; 5] {
    ["rows", "new", "changed", "unchanged", "faulty"].map(|member| result[member].as_i64().unwrap())
}

pub fn told(result: &Value) -> Vec<(i64, String, String)> {
    let of = |fault: &Value| {
        (fault["row"].as_i64().unwrap(), fault["column"].as_str().unwrap_or("").to_owned(), fault["code"].as_str().unwrap().to_owned())
    };
    result["faults"].as_array().unwrap().iter().map(of).collect()
}

pub fn fault(row: i64, column: &str, code: &str) -> (i64, String, String) {
    (row, column.to_owned(), code.to_owned())
}

pub async fn found(app: &TestApp, q: &str) -> Vec<Value> {
    app.desk().get(&format!("/retirees?q={q}")).await.expect(200).body["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_roster_is_tried_entered_and_sent_again() {
    let app = TestApp::start().await;
    let file = rows(450);
    let (_, tried) = done(&app, "", file.clone(), "text/csv").await;
    assert_eq!((counts(&tried), &tried["applied"]), ([450, 450, 0, 0, 0], &json!(false)));
    assert!(found(&app, "13800000007").await.is_empty(), "a dry run enters nobody");

    let result = entered(&app, &file).await;
    assert_eq!((counts(&result), &result["applied"]), ([450, 450, 0, 0, 0], &json!(true)));
    let one = found(&app, "13800000007").await.remove(0);
    let read = app.desk().get(&format!("/retirees/{}", one["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(read.body["identity_number"], number(7));
    assert_eq!(read.body["units"][0]["unit"]["id"], app.unit("community"));
    assert_eq!(read.body["sex"], "male");
    sound_chain(&app, one["id"].as_str().unwrap()).await;

    assert_eq!(counts(&entered(&app, &file).await), [450, 0, 0, 450, 0], "again changes nothing");
    let changed = file.replace("13800000007", "13900000007").replace("13800000009", "");
    assert_eq!(counts(&entered(&app, &changed).await), [450, 0, 1, 449, 0], "an empty cell leaves what is there");
    assert_eq!(found(&app, "13900000007").await.len(), 1);
    let left = "SELECT count(*) FROM import_part";
    let parts: i64 = app.rows(move |c| count(c, left)).await;
    assert_eq!(parts, 0, "what was read is gone with the job");
}

pub fn count(c: &mut xinfang::platform::db::Conn, sql: &str) -> xinfang::platform::error::Result<i64> {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
    }
    let sql = sql.replace("count(*)", "count(*) AS count");
    Ok(xinfang::on_both!(c, |c| diesel::sql_query(sql).get_result::<Count>(c))?.count)
}

#[tokio::test]
async fn bad_rows_are_named_and_keep_all_out_unless_they_are_skipped() {
    let app = TestApp::start().await;
    let (good, other) = (number(1), number(2));
    let wrong = format!("{}{}", &good[..17], if good.ends_with('7') { '8' } else { '7' });
    let file = format!(
        "姓名,身份证号,出生日期,性别,人员类别,联系电话,管理单位,联络员,=备注\n\
         甲,{good},,,退休干部,13800000001,community,officer,x\n\
         乙,1.10101E+17,,,退休干部,,,,\n\
         丙,{},,,退休干部,,,,\n\
         丁,,1900-01-00,,离休,,,,\n\
         戊,,,男,离休,,,,\n\
         己,{other},,女,离休,,,,\n\
         庚,,1944-01-02,,干部,abc,nowhere,nobody,\n\
         辛,,1944-01-02,,离休,,nowhere,nobody,\n\
         ,,1944-01-02,,离休,,,,\n\
         甲,{good},,,离休,,,,\n\
         壬,{good},,,离休,,,,\n\
         癸,,1944-01-03,,离休,,,,\n\
         癸,,1944/1/3,,离休,,,,\n",
        wrong
    );
    let wanted = vec![
        fault(3, "身份证号", "number_lost_digits"),
        fault(4, "身份证号", "identity_number_wrong"),
        fault(5, "出生日期", "bad_date"),
        fault(6, "姓名", "row_without_key"),
        fault(7, "性别", "identity_sex_differs"),
        fault(8, "人员类别", "not_in_list"),
        fault(10, "姓名", "required"),
        fault(11, "身份证号", "double_in_file"),
        fault(12, "身份证号", "same_number_other_name"),
        fault(14, "姓名", "double_in_file"),
        fault(9, "管理单位", "unit_not_found"),
        fault(9, "联络员", "liaison_not_found"),
    ];
    let (job, result) = done(&app, "?dry_run=false", file.clone(), "text/csv").await;
    assert_eq!(told(&result), wanted);
    assert_eq!((counts(&result), &result["applied"]), ([13, 2, 0, 0, 11], &json!(false)));
    assert_eq!(result["unknown_columns"], json!(["=备注"]));
    assert!(found(&app, "13800000001").await.is_empty());
    let page = app.supervisor().get(&format!("/jobs/{job}/faults?limit=5")).await.expect(200);
    assert_eq!((page.body["items"].as_array().unwrap().len(), &page.body["items"][0]["row"]), (5, &json!(3)));
    let table = app.supervisor().get(&format!("/jobs/{job}/faults")).header("accept", "text/csv").await.expect(200);
    assert_eq!(table.header("content-type"), Some("text/csv; charset=utf-8"));
    app.desk().get(&format!("/jobs/{job}/faults")).await.expect(404);

    let (_, skipped) = done(&app, "?dry_run=false&mode=skip_faulty", file, "text/csv").await;
    assert_eq!((counts(&skipped), &skipped["applied"]), ([13, 2, 0, 0, 11], &json!(true)));
    assert_eq!(found(&app, "13800000001").await.len(), 1);
}

#[tokio::test]
async fn what_is_no_roster_is_refused_at_once() {
    let app = TestApp::start().await;
    let mut empty = Workbook::new();
    empty.add_worksheet();
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (Vec::new(), "no_rows"),
        ("姓名,人员类别\n".into(), "no_rows"),
        (empty.save_to_buffer().unwrap(), "no_rows"),
        ("姓名,性别\n张,男\n".into(), "column_missing"),
        ("x".into(), "column_missing"),
        (b",,\n".repeat(300_000), "no_rows"),
        (b"PK\x03\x04nothing".to_vec(), "file_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1".to_vec(), "file_unreadable"),
        (b"\0\0\0\0".to_vec(), "file_unreadable"),
        ("姓名,xm,人员类别\n张,张,离休\n".into(), "column_twice"),
    ];
    for (file, code) in cases {
        let refused = send(&app.supervisor(), "", file, "application/octet-stream").await.expect(422);
        assert_eq!(refused.body["errors"][0]["code"], code, "{}", refused.body);
    }
    let unit = send(&app.supervisor(), &format!("?unit_id={}", Id::LAST), rows(1), "text/csv").await.expect(422);
    assert_eq!(unit.body["errors"][0]["pointer"], "/unit_id");
    send(&app.supervisor(), "?mode=some", rows(1), "text/csv").await.expect(400);
    send(&app.supervisor(), "", rows(1), "image/png").await.expect(415);
    for who in [app.desk(), app.officer(), app.admin(), app.leader()] {
        send(&who, "", rows(1), "text/csv").await.expect(403);
    }
    send(&app.anonymous(), "", rows(1), "text/csv").await.expect(401);
}

#[tokio::test]
async fn a_workbook_is_read_with_its_title_days_formulas_and_merged_cells() {
    let app = TestApp::start().await;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    sheet.merge_range(0, 0, 0, 5, "样例县离退休人员名册", &Format::new()).unwrap();
    for (n, name) in ["姓名", "出生日期", "人员类别", "手机号", "管理单位", "住址"].iter().enumerate() {
        sheet.write(1, n as u16, *name).unwrap();
    }
    for (row, name) in [(2, "甲"), (3, "乙"), (4, "丙")] {
        sheet.write(row, 0, name).unwrap();
        sheet.write(row, 2, "离休").unwrap();
    }
    sheet.write_with_format(2, 1, ExcelDateTime::from_ymd(1943, 5, 2).unwrap(), &day).unwrap();
    sheet.write(3, 1, 15_828).unwrap();
    sheet.write(4, 1, "1943年5月2日").unwrap();
    sheet.write(2, 3, 13_800_000_001_i64).unwrap();
    sheet.write_formula(3, 3, Formula::new("=138&\"00000002\"").set_result("13800000002")).unwrap();
    sheet.write(4, 5, "=HYPERLINK(\"http://x\")").unwrap();
    sheet.merge_range(2, 4, 4, 4, "community", &Format::new()).unwrap();
    let (_, result) = done(&app, "?dry_run=false", book.save_to_buffer().unwrap(), XLSX).await;
    assert_eq!((counts(&result), told(&result)), ([3, 3, 0, 0, 0], vec![]));
    for (q, name) in [("13800000001", "甲"), ("13800000002", "乙"), ("丙", "丙")] {
        let one = found(&app, q).await.remove(0);
        let read = app.desk().get(&format!("/retirees/{}", one["id"].as_str().unwrap())).await.expect(200);
        assert_eq!((&read.body["name"], &read.body["birth_date"]), (&json!(name), &json!("1943-05-02")));
        assert_eq!(read.body["units"][0]["unit"]["id"], app.unit("community"), "{name}");
    }
}

#[tokio::test]
async fn who_is_on_file_is_known_and_what_differs_is_a_fault() {
    let app = TestApp::start().await;
    let desk = app.desk();
    let known = desk.post("/retirees", json!({"name": "甲", "category": "lixiu", "birth_date": "1943-05-02"})).await.expect(201);
    desk.post("/retirees", json!({"name": "乙", "category": "lixiu", "identity_number": number(5)})).await.expect(201);
    let file = format!("姓名,身份证号,出生日期,人员类别,所在党支部\n甲,,1943-05-02,离休,一支部\n丁,{},,离休,\n", number(5));
    let result = done(&app, "?dry_run=false&mode=skip_faulty", file, "text/csv").await.1;
    assert_eq!((counts(&result), told(&result)), ([2, 0, 1, 0, 1], vec![fault(3, "姓名", "name_on_file_differs")]));
    let path = format!("/retirees/{}", known.id());
    let read = desk.get(&path).await.expect(200);
    assert_eq!((&read.body["party_branch"], &read.body["version"]), (&json!("一支部"), &json!(2)));
    entered(&app, "姓名,出生日期,人员类别,所在党支部\n甲,1943-05-02,离休,清空\n").await;
    assert_eq!(desk.get(&path).await.expect(200).body["party_branch"], json!(null), "a cell may take away");
}

#[tokio::test]
async fn a_job_killed_in_the_middle_goes_on_where_it_was() {
    let app = TestApp::start().await;
    let asked = send(&app.supervisor(), "?dry_run=false&mode=skip_faulty", rows(650), "text/csv").await.expect(202);
    let mut job = runner::take(&app.platform).await.unwrap().unwrap();
    // four parts are compared, the first two entered, then whoever did it is gone
    for _ in 0..6 {
        job = runner::step(&app.platform, &job).await.unwrap();
    }
    let read = app.supervisor().get(&format!("/jobs/{}", asked.id())).await.expect(200);
    assert_eq!((&read.body["state"], &read.body["progress"]), (&json!("running"), &json!({"done": 400, "total": 650})));
    app.advance(chrono::Duration::minutes(2));
    runner::run_all(&app.platform).await.unwrap();
    let read = app.supervisor().get(&format!("/jobs/{}", asked.id())).await.expect(200);
    assert_eq!(counts(&read.body["result"]), [650, 650, 0, 0, 0]);
    let all: i64 = app.rows(|c| count(c, "SELECT count(*) FROM retiree WHERE name LIKE '张建%'")).await;
    assert_eq!(all, 650);
}

#[tokio::test]
async fn three_bad_rows_among_many_are_found_and_five_thousand_are_entered_at_once() {
    let app = TestApp::start().await;
    let mut file = rows(5000);
    for n in 0..3 {
        file.push_str(&format!("坏{n},,,离休\n"));
    }
    let (_, tried) = done(&app, "?dry_run=false", file, "text/csv").await;
    assert_eq!((counts(&tried), &tried["applied"]), ([5003, 5000, 0, 0, 3], &json!(false)));
    assert_eq!(told(&tried).iter().map(|fault| fault.0).collect::<Vec<_>>(), [5002, 5003, 5004]);
    let begun = std::time::Instant::now();
    assert_eq!(counts(&entered(&app, &rows(5000)).await), [5000, 5000, 0, 0, 0]);
    eprintln!("5,000 rows in {:.1} s", begun.elapsed().as_secs_f64());
}
