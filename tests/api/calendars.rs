//! Working calendars: shown version by version, published by the administrator, checked; the clerk's calculator.

use super::harness::{Answer, Persona, TestApp};
use super::histories::sound_chain;
use diesel::prelude::*;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use xinfang::platform::db::schema::calendar;
use xinfang::platform::db::types::Id;

const VERSIONS: &str = "/calendars/cn/versions";

fn day(date: &str, kind: &str, name: &str) -> Value {
    json!({"date": date, "kind": kind, "name": name})
}

/// A year as it may be published.
fn year_2027() -> Value {
    json!({"source": "国务院办公厅关于2027年部分节假日安排的通知", "days": [
        day("2027-02-14", "makeup_workday", "春节"), day("2027-01-01", "public_holiday", "元旦"), day("2027-02-08", "public_holiday", " 春节 ")]})
}

async fn etag(app: &TestApp) -> String {
    app.admin().get("/calendars/cn").await.expect(200).etag()
}

/// Published by the administrator over what stands.
async fn publish(app: &TestApp, body: Value) -> Answer {
    let etag = etag(app).await;
    app.admin().post(VERSIONS, body).if_match(&etag).await
}

async fn import(app: &TestApp, file: &str) -> Answer {
    let etag = etag(app).await;
    app.admin().call(Method::POST, VERSIONS).raw_body(file, "text/calendar; charset=utf-8").if_match(&etag).await
}

/// An iCalendar file of these events, its lines as they come.
fn ics(events: &[&str]) -> String {
    let head = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//ZH\nX-WR-CALNAME:放假安排\nCOMMENT:公布\n".to_owned();
    let events = events.iter().map(|event| format!("BEGIN:VEVENT\nUID:1\nDTSTAMP:20261110T000000Z\n{event}\nEND:VEVENT\n"));
    head + &events.collect::<String>() + "END:VCALENDAR\n"
}

/// The days of a version: date, kind, name.
fn days(answer: &Answer, year: &str) -> Vec<(String, String, String)> {
    let text = |day: &Value, member: &str| day[member].as_str().unwrap().to_owned();
    let days = answer.body["years"][year]["days"].as_array().unwrap();
    days.iter().map(|day| (text(day, "date"), text(day, "kind"), text(day, "name"))).collect()
}

async fn due(who: &Persona<'_>, query: &str) -> Answer {
    who.get(&format!("/calendars/cn/due?{query}")).await
}

async fn acts(app: &TestApp) -> Vec<String> {
    let id: Id = app.rows(|c| Ok(calendar::table.select(calendar::id).first(c)?)).await;
    sound_chain(app, &id.to_string()).await
}

#[tokio::test]
async fn the_shipped_calendar_is_there_to_read_for_everybody() {
    let app = TestApp::start().await;
    for who in [app.desk(), app.officer(), app.head(), app.supervisor(), app.leader(), app.auditor(), app.admin()] {
        let list = who.get("/calendars").await.expect(200);
        assert_eq!(list.items().len(), 1, "{list}");
        assert_eq!((&list.items()[0]["code"], &list.items()[0]["years"]), (&json!("cn"), &json!([2024, 2025, 2026])));
    }
    let newest = app.desk().get("/calendars/cn").await.expect(200);
    assert_eq!((&newest.body["version"], &newest.body["published_by"]), (&json!(1), &Value::Null), "{newest}");
    assert!(days(&newest, "2026").contains(&("2026-02-14".into(), "makeup_workday".into(), "春节".into())), "{newest}");
    let canonical = serde_json_canonicalizer::to_vec(&json!({"years": newest.body["years"]})).unwrap();
    assert_eq!(newest.text("/digest"), data_encoding::HEXLOWER.encode(&Sha256::digest(canonical)));
    let first = app.desk().get("/calendars/cn/versions/1").await.expect(200);
    assert_eq!((&first.body, first.etag()), (&newest.body, newest.etag()));
    assert_eq!(app.desk().get(VERSIONS).await.expect(200).items().len(), 1);
    for unknown in ["uk", "cn/versions/0", "cn/versions/2", "cn/versions/-1", "cn/versions/one", "cn/versions/99999999999", "%00", "长"] {
        app.desk().get(&format!("/calendars/{unknown}")).await.expect(404).problem("not_found");
    }
}

#[tokio::test]
async fn a_year_is_published_as_the_next_version() {
    let app = TestApp::start().await;
    let body = json!({"years": {"2027": year_2027()}, "reason": "2027年放假安排公布"});
    for who in [app.desk(), app.officer(), app.head(), app.supervisor(), app.leader(), app.auditor()] {
        who.post(VERSIONS, body.clone()).await.expect(403).problem("not_permitted");
    }
    let first = app.admin().get("/calendars/cn").await.expect(200);
    app.admin().post(VERSIONS, body.clone()).await.expect(428).problem("if_match_required");
    app.admin().post(VERSIONS, json!({"bad": 1})).if_match("\"9-000000000000\"").await.expect(412).problem("stale");
    app.admin().post("/calendars/uk/versions", json!({"bad": 1})).if_match(&first.etag()).await.expect(404);

    let send = || app.admin().post(VERSIONS, body.clone()).if_match(&first.etag()).idempotency_key("2027");
    let made = send().await.expect(201);
    assert_eq!(made.header("location"), Some("/api/v1/calendars/cn/versions/2"));
    assert_eq!((&made.body["version"], &made.body["published_by"]), (&json!(2), &json!(app.office().account("admin").id())));
    // in order, without blanks around; the years not sent stay
    let expected =
        [("2027-01-01", "public_holiday", "元旦"), ("2027-02-08", "public_holiday", "春节"), ("2027-02-14", "makeup_workday", "春节")];
    assert_eq!(days(&made, "2027"), expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned())));
    assert_eq!(made.body["years"]["2026"], first.body["years"]["2026"]);
    let again = send().await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.body), (Some("true"), &made.body));
    app.admin().post(VERSIONS, body.clone()).if_match(&first.etag()).await.expect(412).problem("stale");

    // what says the same is no version and no event
    let same = publish(&app, json!({"years": {"2027": year_2027()}})).await.expect(200);
    assert_eq!((&same.body, same.etag()), (&made.body, made.etag()));
    assert_eq!(acts(&app).await, ["calendar_published"; 2]);

    let corrected = json!({"years": {"2027": {"source": "更正", "days": [day("2027-01-01", "public_holiday", "元旦")]}}});
    assert_eq!(publish(&app, corrected).await.expect(201).body["version"], 3);
    assert_eq!(app.desk().get("/calendars/cn/versions/2").await.expect(200).body, made.body);
    let versions = app.desk().get(&format!("{VERSIONS}?limit=2")).await.expect(200);
    let numbers: Vec<_> = versions.items().iter().map(|v| v["version"].clone()).collect();
    assert_eq!(numbers, [3, 2]);
    let rest = app.desk().get(&format!("{VERSIONS}?limit=2&cursor={}", versions.text("/next_cursor"))).await.expect(200);
    assert_eq!((rest.items().len(), &rest.items()[0]["version"]), (1, &json!(1)));
    assert_eq!(acts(&app).await, ["calendar_published"; 3]);
}

#[tokio::test]
async fn two_who_publish_at_once_do_not_overwrite_each_other() {
    let app = TestApp::start().await;
    let tag = etag(&app).await;
    let year = |year: i32| json!({"years": {year.to_string(): {"source": "x", "days": [day(&format!("{year}-05-01"), "public_holiday", "五一")]}}});
    let admin = app.admin();
    let calls = (2030..2036).map(|n| admin.post(VERSIONS, year(n)).if_match(&tag).into_future());
    let mut statuses: Vec<u16> = futures_util::future::join_all(calls).await.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 412, 412, 412, 412, 412]);
}

type Faults = &'static [(&'static str, &'static str)];

#[rustfmt::skip]
fn refused() -> Vec<(Value, Faults)> {
    let of = |key: &str, days: Value| json!({"years": {key: {"source": "通知", "days": days}}});
    let holiday = |date: &str| day(date, "public_holiday", "元旦");
    vec![
        (json!({}), &[("/years", "required")]),
        (json!([]), &[("", "wrong_type")]),
        (json!({"years": {}}), &[("/years", "empty")]),
        (json!({"years": [], "reason": ""}), &[("/years", "wrong_type"), ("/reason", "empty")]),
        (of("2027", json!([])), &[("/years/2027/days", "empty")]),
        (json!({"years": {"2027": {"days": [holiday("2027-01-01")]}}}), &[("/years/2027/source", "required")]),
        (json!({"years": {"2027": {"source": " \n ", "days": [holiday("2027-01-01")], "extra": 1}}}),
            &[("/years/2027/source", "empty"), ("/years/2027/extra", "unknown_member")]),
        (of("2027", json!([holiday("2027-02-30"), holiday("1 January"), day("2027-01-02", "holiday", "x"), day("2027-01-03", "public_holiday", "")])),
            &[("/years/2027/days/0/date", "bad_date"), ("/years/2027/days/1/date", "bad_date"), ("/years/2027/days/2/kind", "not_in_list"),
              ("/years/2027/days/3/name", "empty")]),
        // a date twice, of another year, a make-up day that is worked anyway, a kind that is not named
        (of("2027", json!([holiday("2027-01-01"), holiday("2027-01-02"), day("2027-01-01", "makeup_workday", "x")])),
            &[("/years/2027/days/2/date", "date_twice")]),
        (of("2027", json!([holiday("2026-12-31"), holiday("2028-01-01")])),
            &[("/years/2027/days/0/date", "not_of_its_year"), ("/years/2027/days/1/date", "not_of_its_year")]),
        (of("2027", json!([day("2027-02-15", "makeup_workday", "春节")])), &[("/years/2027/days/0/date", "makeup_not_weekend")]),
        (of("2027", json!([day("2027-02-15", "working", "x"), day("2027-02-14", "weekend", "x")])),
            &[("/years/2027/days/0/kind", "day_kind"), ("/years/2027/days/1/kind", "day_kind")]),
        // years out of range, or no years
        (json!({"years": {"1989": year_2027(), "2101": year_2027(), "+2027": year_2027(), "next/year": year_2027()}}),
            &[("/years/1989", "year_out_of_range"), ("/years/2101", "year_out_of_range"), ("/years/+2027", "year_out_of_range"),
              ("/years/next~1year", "year_out_of_range")]),
        // all at once
        (json!({"years": {"2027": {"source": "x", "days": [day("2027-02-15", "makeup_workday", "a"), holiday("2026-12-31")]}, "89": year_2027()}}),
            &[("/years/2027/days/0/date", "makeup_not_weekend"), ("/years/2027/days/1/date", "not_of_its_year"), ("/years/89", "year_out_of_range")]),
    ]
}

#[tokio::test]
async fn what_is_wrong_is_refused_wholly_and_in_words() {
    let app = TestApp::start().await;
    let before = app.trace().await;
    for (body, faults) in refused() {
        let answer = publish(&app, body).await.expect(422).problem("invalid").only_faults(faults);
        let said = answer.body["errors"].as_array().unwrap().iter().all(|e| e["detail"].as_str().is_some_and(|d| !d.contains("{}")));
        assert!(said, "{answer}");
    }
    let many: Vec<Value> = (0..300).map(|_| day("2026-01-01", "public_holiday", "x")).collect();
    let answer = publish(&app, json!({"years": {"2027": {"source": "x", "days": many}}})).await.expect(422);
    assert_eq!(answer.body["errors"].as_array().map(Vec::len), Some(201), "{answer}");
    answer.fault("", "more_faults");

    let tag = etag(&app).await;
    let raw = |bytes: Vec<u8>, kind: &'static str| app.admin().call(Method::POST, VERSIONS).raw_body(bytes, kind).if_match(&tag);
    for kind in ["application/json", "text/calendar"] {
        raw(vec![b' '; 10 << 20], kind).await.expect(413).problem("body_too_large");
    }
    app.admin().call(Method::POST, VERSIONS).if_match(&tag).await.expect(422).fault("/years", "required");
    raw(Vec::new(), "text/calendar").await.expect(422).fault("", "not_icalendar");
    raw(b"{".to_vec(), "application/json").await.expect(400).problem("malformed_json");
    raw(b"{}".to_vec(), "text/plain").await.expect(415).problem("unsupported_media_type");
    raw(b"BEGIN:VCALENDAR".to_vec(), "text/calendar; charset=gbk").await.expect(415);
    raw(b"BEGIN:VCALENDAR\xff".to_vec(), "text/calendar").await.expect(400).problem("not_utf8");
    assert_eq!(app.trace().await, before);
}

#[tokio::test]
async fn an_icalendar_file_is_a_year() {
    let app = TestApp::start().await;
    let file = ics(&[
        "DTSTART;VALUE=DATE:20270101\nSUMMARY:元旦（休）",
        "DTSTART;VALUE=DATE:20270206\nDTEND;VALUE=DATE:20270209\nSUMMARY:春节\nCATEGORIES:休",
        "DTSTART;VALUE=DATE:20270214\nSUMMARY:春节（班）",
        "DTSTART;VALUE=DATE:20270220\nSUMMARY:春节\nX-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY",
        "DTSTART;VALUE=DATE:20271001\nDURATION:P2D\nSUMMARY:国庆\n 节放假（休）",
        "DTSTART;VALUE=DATE:20271009\nSUMMARY:国庆节补班",
        // no day off: the file marks those
        "DTSTART;VALUE=DATE:20270205\nSUMMARY:除夕",
        "DTSTART;VALUE=DATE:20270505\nSUMMARY:立夏\nSTATUS:CANCELLED",
    ]);
    let made = import(&app, &file).await.expect(201);
    let expected = [
        ("2027-01-01", "public_holiday", "元旦"),
        ("2027-02-06", "public_holiday", "春节"),
        ("2027-02-07", "public_holiday", "春节"),
        ("2027-02-08", "public_holiday", "春节"),
        ("2027-02-14", "makeup_workday", "春节"),
        ("2027-02-20", "makeup_workday", "春节"),
        ("2027-10-01", "public_holiday", "国庆节"),
        ("2027-10-02", "public_holiday", "国庆节"),
        ("2027-10-09", "makeup_workday", "国庆节"),
    ];
    assert_eq!(days(&made, "2027"), expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned())), "{made}");
    assert_eq!(made.text("/years/2027/source"), "放假安排");
    assert_eq!(import(&app, &file.replace('\n', "\r\n")).await.expect(200).body["version"], 2);
    // where nothing is marked, every day is a holiday by its name
    let plain = ics(&["DTSTART;VALUE=DATE:20280825\nSUMMARY:Summer bank holiday", "DTSTART;VALUE=DATE:20281225\nSUMMARY:Christmas Day"]);
    let made = import(&app, &plain).await.expect(201);
    assert_eq!(days(&made, "2028").iter().map(|day| day.2.as_str()).collect::<Vec<_>>(), ["Summer bank holiday", "Christmas Day"]);
}

#[tokio::test]
async fn an_icalendar_file_that_is_wrong_is_refused() {
    let app = TestApp::start().await;
    let before = app.trace().await;
    let holiday = "DTSTART;VALUE=DATE:20270501\nSUMMARY:劳动节";
    let nested = format!("BEGIN:VCALENDAR\n{}", "BEGIN:A\n".repeat(50_000));
    let cases: Vec<(String, Faults)> = vec![
        ("no calendar".into(), &[("", "not_icalendar")]),
        ("BEGIN:VCALENDAR".into(), &[("", "not_icalendar")]),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\nEND:VEVENT".into(), &[("", "not_icalendar")]),
        (ics(&[holiday]) + "rest", &[("", "not_icalendar")]),
        (nested, &[("", "not_icalendar")]),
        (format!("BEGIN:VCALENDAR\n{}", "\r".repeat(400_000)), &[("", "not_icalendar")]),
        (format!("BEGIN:VCALENDAR\nX:{}\nEND:OTHER\n", "x".repeat(400_000)), &[("", "not_icalendar")]),
        (ics(&[]), &[("", "no_days")]),
        (ics(&["SUMMARY:x\nSTATUS:CANCELLED"]), &[("", "no_days")]),
        (
            ics(&[
                holiday,
                "SUMMARY:no day",
                "DTSTART:20270501T090000Z\nSUMMARY:an hour",
                "DTSTART;VALUE=DATE:20270231\nSUMMARY:no such day",
                "DTSTART;VALUE=DATE:20270501\nDTEND;VALUE=DATE:20270501\nSUMMARY:no end",
                "DTSTART;VALUE=DATE:20270501\nDURATION:PT3H\nSUMMARY:hours",
                "DTSTART;VALUE=DATE:20270501\nDTEND;VALUE=DATE:20280501\nSUMMARY:a year",
                "DTSTART;VALUE=DATE:20270501\nRRULE:FREQ=YEARLY\nSUMMARY:every year",
            ]),
            &[
                ("/VEVENT/1/DTSTART", "whole_days_only"),
                ("/VEVENT/2/DTSTART", "whole_days_only"),
                ("/VEVENT/3/DTSTART", "whole_days_only"),
                ("/VEVENT/4/DTEND", "whole_days_only"),
                ("/VEVENT/5/DURATION", "whole_days_only"),
                ("/VEVENT/6/DTEND", "too_many_days"),
                ("/VEVENT/7/RRULE", "days_recur"),
            ],
        ),
        // what hangs over from the year before or after is no year
        (
            ics(&[
                "DTSTART;VALUE=DATE:20261231\nDTEND;VALUE=DATE:20270102\nSUMMARY:元旦",
                holiday,
                "DTSTART;VALUE=DATE:20280101\nSUMMARY:元旦",
            ]),
            &[("/years/2026", "year_incomplete"), ("/years/2028", "year_incomplete")],
        ),
        (ics(&[holiday, holiday]), &[("/years/2027/days/1/date", "date_twice")]),
        (ics(&["DTSTART;VALUE=DATE:20270503\nSUMMARY:劳动节补班"]), &[("/years/2027/days/0/date", "makeup_not_weekend")]),
        (ics(&["DTSTART;VALUE=DATE:19890501\nSUMMARY:劳动节"]), &[("/years/1989", "year_out_of_range")]),
        (ics(&[holiday, "DTSTART;VALUE=DATE:20270601"]), &[("/years/2027/days/1/name", "empty")]),
        (ics(&[holiday]).replace("X-WR-CALNAME:放假安排\n", ""), &[("/years/2027/source", "required")]),
    ];
    for (file, faults) in cases {
        import(&app, &file).await.expect(422).problem("invalid").only_faults(faults);
    }
    assert_eq!(app.trace().await, before);
}

#[tokio::test]
async fn the_calculator_counts_as_the_vectors_say() {
    let app = TestApp::start().await;
    let vectors = include_str!("../data/deadline-vectors.csv");
    let mut counted = 0;
    for line in vectors.lines().skip(1).filter(|line| !line.trim().is_empty()) {
        let [start, amount, unit, roll, last_day] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let answer = due(&app.desk(), &format!("start={start}&amount={amount}&unit={unit}&roll={roll}")).await.expect(200);
        assert_eq!(answer.text("/last_day"), last_day, "{line}: {answer}");
        assert_eq!(answer.body["provisional"], false, "{answer}");
        // the end of the last day in Shanghai is 16:00 UTC of it
        assert_eq!(answer.text("/due_at"), format!("{last_day}T16:00:00Z"), "{answer}");
        let days = answer.body["days"].as_array().unwrap();
        assert_eq!(days.iter().filter(|day| day["counted"] == true).count().to_string(), amount, "{answer}");
        assert_eq!((days[0]["date"].as_str(), days.last().unwrap()["date"].as_str()), (Some(start), Some(last_day)), "{answer}");
        counted += 1;
    }
    assert!(counted >= 12, "{counted} vectors");
}

#[tokio::test]
async fn the_calculator_says_why_in_both_languages() {
    let app = TestApp::start().await;
    let why =
        |answer: &Answer| answer.body["days"].as_array().unwrap().iter().map(|d| d["why"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let chinese = due(&app.desk(), "start=2026-02-13&amount=1&unit=working").await.expect(200);
    assert_eq!(why(&chinese), ["2026-02-13 星期五，事件发生当日：不计入", "2026-02-14 星期六，调休上班（春节）：计入"]);
    assert_eq!((&chinese.body["calendar"], &chinese.body["calendar_version"]), (&json!("cn"), &json!(1)));
    let english =
        app.desk().get("/calendars/cn/due?start=2026-02-13&amount=1&unit=working").header("accept-language", "en").await.expect(200);
    assert_eq!(
        why(&english),
        ["2026-02-13 Friday, day of the event: not counted", "2026-02-14 Saturday, make-up working day (春节): counts"]
    );
    // calendar days that do not move on, unless said
    let plain = due(&app.desk(), "start=2026-02-01&amount=15").await.expect(200);
    assert_eq!(
        (plain.text("/unit"), plain.text("/roll"), plain.text("/last_day")),
        ("calendar".into(), "none".into(), "2026-02-16".into())
    );
}

#[tokio::test]
async fn a_year_to_come_is_provisional_until_it_is_published() {
    let app = TestApp::start().await;
    let query = "start=2026-12-28&amount=5&unit=working";
    let before = due(&app.desk(), query).await.expect(200);
    assert_eq!((before.text("/last_day"), &before.body["provisional"]), ("2027-01-04".into(), &json!(true)), "{before}");
    assert!(before.text("/days/7/why").contains("2027年日历尚未公布"), "{before}");
    // calendar days that do not move on ask no calendar
    assert_eq!(due(&app.desk(), "start=2026-12-28&amount=5").await.expect(200).body["provisional"], false);
    publish(&app, json!({"years": {"2027": year_2027()}})).await.expect(201);
    let after = due(&app.desk(), query).await.expect(200);
    assert_eq!((after.text("/last_day"), &after.body["provisional"]), ("2027-01-05".into(), &json!(false)), "{after}");
    assert_eq!(after.body["calendar_version"], 2);
}

#[tokio::test]
async fn a_question_that_cannot_be_read_is_400() {
    let app = TestApp::start().await;
    for (query, pointers) in [
        ("", &["/start", "/amount"][..]),
        ("start=2026-02-13", &["/amount"]),
        ("start=2026-02-30&amount=0", &["/start", "/amount"]),
        ("start=1899-12-31&amount=3661", &["/start", "/amount"]),
        ("start=2200-01-01&amount=-1", &["/start", "/amount"]),
        ("start=tomorrow&amount=1e3&unit=hour&roll=back", &["/start", "/amount", "/unit", "/roll"]),
        ("start=2026-02-13&amount=5&amount=6", &["/amount"]),
        ("start=2026-02-13&amount=5&days=6", &["/days"]),
        ("start=2026-02-13T00:00:00Z&amount=1.5", &["/start", "/amount"]),
    ] {
        let answer = due(&app.desk(), query).await.expect(400).problem("unreadable_parameter");
        let found: Vec<&str> = answer.body["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
        assert!(pointers.iter().all(|p| found.contains(p)) && found.len() == pointers.len(), "{query}: {answer}");
    }
    for (calendar, status) in [("uk", 404), ("%00", 404), ("cn", 200)] {
        app.auditor()
            .get(&format!("/calendars/{calendar}/due?start=1900-01-01&amount=3660&unit=working&roll=forward"))
            .await
            .expect(status);
    }
    due(&app.desk(), "start=2199-12-31&amount=3660&unit=working&roll=forward").await.expect(200);
}
