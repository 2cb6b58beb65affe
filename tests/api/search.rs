//! Searching: what is found, by whom, in which order, how soon; and an index that is lost or damaged.

use super::harness::{Persona, TestApp, accusation, claim};
use chrono::Duration;
use serde_json::{Value, json};
use xinfang::jobs;
use xinfang::platform::db::DatabaseUrl;

/// What the jobs do within a second.
async fn followed(app: &TestApp) {
    jobs::order::sequence(&app.platform).await.unwrap();
    jobs::search::follow_up(&app.platform).await.unwrap();
}

async fn register(app: &TestApp, title: &str, statement: &str, name: &str) -> String {
    app.advance(Duration::seconds(1));
    let mut petition = claim();
    petition["title"] = json!(title);
    petition["statement"] = json!(statement);
    petition["parties"][0]["name"] = json!(name);
    app.register(petition).await.id()
}

async fn search(who: &Persona<'_>, q: &str) -> Value {
    let url = reqwest::Url::parse_with_params("http://localhost/search", [("q", q)]).unwrap();
    who.get(&format!("/search?{}", url.query().unwrap())).await.expect(200).body.clone()
}

async fn found(who: &Persona<'_>, q: &str) -> Vec<String> {
    search(who, q).await["items"].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn numbers_then_names_then_words_newest_first_with_their_places() {
    let app = TestApp::start().await;
    let first = register(&app, "住院费用未报销", "二〇二五年住院三次。", "赵德福").await;
    let second = register(&app, "取暖补贴", "邻居赵德福也没有领到，𠮷林路ABC大院。", "钱秀英").await;
    let third = register(&app, "住院陪护", "赵德福老人住院无人陪护。", "孙玉兰").await;
    let desk = app.desk();
    // nothing is indexed yet: names and numbers are found all the same, and nobody is told that this is all
    let early = search(&desk, "赵德福").await;
    assert_eq!((early["complete"].as_bool(), early["items"].as_array().unwrap().len()), (Some(false), 1), "{early}");
    followed(&app).await;

    assert_eq!(found(&desk, "赵德福").await, [&first[..], &third, &second]);
    assert_eq!(found(&desk, "住院").await, [&third[..], &first]);
    assert_eq!(found(&desk, "院").await, [&third[..], &second, &first]);
    assert_eq!(found(&desk, "住院 三次").await, [&first[..]]);
    assert_eq!(found(&desk, "住三次").await, Vec::<String>::new());
    for q in ["𠮷", "𠮷林", "abc", "ＡＢ", "补贴 ab"] {
        assert_eq!(found(&desk, q).await, [&second[..]], "{q}");
    }
    let number = app.petition(&desk, &second).await.body["number"].as_str().unwrap().to_owned();
    for q in [number.clone(), number.to_lowercase().replace('-', " ")] {
        assert_eq!(found(&desk, &q).await[0], second, "{q}");
    }
    let page = search(&desk, "住院").await;
    assert_eq!((&page["complete"], &page["found"], &page["found_is_bound"]), (&json!(true), &json!(2), &json!(false)));
    assert_eq!(
        page["items"][1]["fragments"],
        json!([
            {"field": "title", "text": "住院费用未报销", "marks": [{"from": 0, "to": 2}]},
            {"field": "statement", "text": "二〇二五年住院三次。", "marks": [{"from": 5, "to": 7}]}
        ])
    );

    // what is written later is found at the next step
    desk.patch(&format!("/petitions/{first}"), json!({"reason": "听错了", "title": "门诊费用未报销"})).await;
    app.refer(&first, "medical").await;
    let note = register(&app, "新来的", "养老金少发。", "周国强").await;
    assert_eq!(found(&desk, "养老金").await, Vec::<String>::new());
    followed(&app).await;
    assert_eq!(found(&desk, "养老金").await, [&note[..]]);
}

#[tokio::test]
async fn everybody_finds_what_is_theirs() {
    let app = TestApp::start().await;
    let fresh = app.register(claim()).await.id();
    app.advance(Duration::seconds(1));
    let medical = app.register(claim()).await.id();
    app.refer(&medical, "medical").await;
    app.advance(Duration::seconds(1));
    let accused = app.register(accusation(app.office().unit("medical"))).await.id();
    app.refer(&accused, "discipline").await;
    followed(&app).await;
    let statement = app.petition(&app.desk(), &accused).await.body["statement"].as_str().unwrap().to_owned();
    let word: String = statement.chars().filter(|c| ('\u{4e00}'..'\u{9fff}').contains(c)).take(2).collect();
    let name = app.petition(&app.desk(), &medical).await.body["parties"][0]["name"].as_str().unwrap().to_owned();
    for (who, sees) in [
        (app.desk(), vec![&fresh, &medical, &accused]),
        (app.by("desk2"), vec![&fresh, &medical]),
        (app.officer(), vec![&medical]),
        (app.by("pension_officer"), vec![]),
        (app.discipline(), vec![&accused]),
        (app.supervisor(), vec![&fresh, &medical, &accused]),
        (app.leader(), vec![&fresh, &medical, &accused]),
    ] {
        let number = app.petition(&app.desk(), &accused).await.body["number"].as_str().unwrap().to_owned();
        let shows = sees.contains(&&accused);
        assert_eq!(found(&who, &word).await.contains(&accused), shows, "{} finds {word}", who.name);
        assert_eq!(found(&who, &number).await.contains(&accused), shows, "{} finds the number", who.name);
        let named = found(&who, &name).await;
        assert!(named.iter().all(|id| sees.contains(&id)), "{} finds {name}", who.name);
        assert_eq!(named.contains(&medical), sees.contains(&&medical), "{} finds {name}", who.name);
    }
    for nobody in [app.auditor(), app.admin()] {
        nobody.get("/search?q=a").await.expect(403);
    }
}

#[tokio::test]
async fn pages_hold_everything_once() {
    let app = TestApp::start().await;
    let mut made = Vec::new();
    for i in 0..23 {
        made.push(register(&app, "取暖补贴", "没有领到。", if i % 5 == 0 { "取暖" } else { "钱秀英" }).await);
    }
    followed(&app).await;
    for who in [app.desk(), app.leader()] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = who.get(&format!("/search?q=%E5%8F%96%E6%9A%96&limit=3{cursor}")).await.expect(200);
            seen.extend(page.items().iter().map(|p| p["id"].as_str().unwrap().to_owned()));
            assert_eq!(page.body["found"], seen.len());
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let named = |id: &&String| made.iter().position(|m| m == *id).unwrap() % 5 == 0;
        let (first, rest): (Vec<&String>, Vec<&String>) = made.iter().rev().partition(named);
        assert_eq!(seen.iter().collect::<Vec<_>>(), [first, rest].concat(), "{}", who.name);
    }
}

#[tokio::test]
async fn whatever_is_typed_is_answered() {
    let app = TestApp::start().await;
    app.register(claim()).await;
    followed(&app).await;
    let desk = app.desk();
    for q in ["，。！", "\"", "*", "a*", "NEAR(a b)", "a AND", "-", "' OR 1=1 --", "@", "{}", "$1", "%", "_", "🙂"] {
        search(&desk, q).await;
    }
    search(&desk, &"𠮷".repeat(100)).await;
    for (query, status) in [
        ("q=".to_owned(), 400),
        (format!("q={}", "a".repeat(101)), 400),
        (String::new(), 400),
        ("q=%ED%A0%80".to_owned(), 400),
        ("q=a%00b".to_owned(), 400),
        ("q=%07".to_owned(), 400),
        ("q=a&cursor=x".to_owned(), 400),
        ("q=a&limit=0".to_owned(), 400),
    ] {
        desk.get(&format!("/search?{query}")).await.expect(status);
    }
}

#[tokio::test]
async fn a_lost_or_damaged_index_is_built_again() {
    let app = TestApp::start().await;
    let id = register(&app, "取暖补贴", "没有领到。", "钱秀英").await;
    followed(&app).await;
    let desk = app.desk();
    assert_eq!(found(&desk, "暖补").await, [&id[..]]);
    if let DatabaseUrl::Sqlite(path) = &app.platform.config.database {
        let file = path.with_extension("search.db");
        for damage in [None, Some(vec![b'x'; 8192]), Some(Vec::new())] {
            for beside in ["search.db-wal", "search.db-shm"] {
                let _ = std::fs::remove_file(path.with_extension(beside));
            }
            match damage {
                None => std::fs::remove_file(&file).unwrap(),
                Some(bytes) => std::fs::write(&file, bytes).unwrap(),
            }
            let page = search(&desk, "暖补").await;
            assert_eq!((&page["complete"], page["items"].as_array().unwrap().len()), (&json!(false), 0));
            followed(&app).await;
            assert_eq!(found(&desk, "暖补").await, [&id[..]]);
        }
    }
    xinfang::search::follow::forget(&app.platform).await.unwrap();
    assert_eq!(search(&desk, "暖补").await["complete"], false);
    followed(&app).await;
    assert_eq!(found(&desk, "暖补").await, [&id[..]]);
}
