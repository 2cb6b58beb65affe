//! The receipt in the petitioner's hand: printed on registering, printed again, and replaced when it was lost.

use super::harness::{Answer, TestApp, claim};
use serde_json::json;

fn html(answer: &Answer) -> String {
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
    String::from_utf8(answer.bytes.clone()).unwrap()
}

/// What stands in the row of a name.
fn row<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = page.split_once(&format!("<th scope=\"row\">{name}</th><td>"))?;
    after.split_once("</td>").map(|(value, _)| value)
}

#[tokio::test]
async fn registering_prints_the_receipt_once_however_often_it_is_sent() {
    let app = TestApp::start().await;
    let mut petition = claim();
    petition["title"] = json!("<b>药费</b> & 住院");
    let register = || app.desk().post("/petitions", petition.clone()).idempotency_key("desk-1").header("accept", "text/html");
    let first = register().await.expect(201);
    let page = html(&first);
    let (number, code) = (row(&page, "编号").unwrap(), row(&page, "查询码").unwrap());
    assert_eq!((code.len(), row(&page, "信访人")), (11, Some("褚玉兰")), "in two groups");
    assert!(
        page.contains("&lt;b&gt;药费&lt;/b&gt; &amp; 住院")
            && page.contains("<svg")
            && page.contains(&format!("{number} {}", code.replace(' ', "")))
    );
    assert!(first.header("location").is_some() && first.header("etag").is_none(), "the entity-tag is that of the JSON");
    let again = register().await.expect(201);
    assert_eq!((html(&again), again.header("idempotency-replayed")), (page.clone(), Some("true")));

    let asked = app.anonymous().post("/public/status", json!({"number": number, "query_code": code})).await.expect(200);
    assert_eq!(asked.text("/number"), number);
}

#[tokio::test]
async fn a_lost_code_is_replaced_and_opens_nothing_any_more() {
    let app = TestApp::start().await;
    let registered = app.register(claim()).await;
    let (id, old) = (registered.id(), registered.text("/query_code"));
    let place = format!("/petitions/{id}/query-code");
    app.desk().post(&place, json!({})).await.expect(422).fault("/reason", "required");
    app.officer().post(&place, json!({"reason": "来电"})).await.expect(404);
    app.auditor().post(&place, json!({"reason": "来电"})).await.expect(403);

    let reason = json!({"reason": "回执遗失，已核对身份证"});
    let given = app.desk().post(&place, reason.clone()).idempotency_key("lost-1").await.expect(200);
    let code = given.text("/query_code");
    assert_ne!(code, old);
    let replayed = app.desk().post(&place, reason.clone()).idempotency_key("lost-1").await.expect(200);
    assert_eq!(replayed.text("/query_code"), code, "a lost answer is told again, not another code");
    assert!(app.petition(&app.desk(), &id).await.body.get("query_code").is_none());

    let ask = |code: &str| app.anonymous().post("/public/status", json!({"number": registered.text("/number"), "query_code": code}));
    app.advance(chrono::Duration::minutes(2));
    ask(&old).await.expect(404);
    app.advance(chrono::Duration::minutes(2));
    ask(&code).await.expect(200);

    let events = app.desk().get(&format!("/petitions/{id}/events")).await.expect(200);
    let told = events.items().iter().find(|event| event["act"] == "query_code_reissued").unwrap();
    assert!(!told.to_string().contains(&code), "{told}");

    let page = html(&app.desk().post(&place, reason).header("accept", "text/html").await.expect(200));
    assert_ne!(row(&page, "查询码").unwrap().replace(' ', ""), code);
    let printed = html(&app.desk().get(&format!("/petitions/{id}/receipt")).header("accept", "text/html").await.expect(200));
    assert!(row(&printed, "查询码").is_none() && printed.contains("<svg"));
}
