//! Notices as documents: numbered, kept as issued, printed, delivered with proof; the answer is one of them.

use super::harness::{Answer, TestApp, accusation, claim, suggestion};
use chrono::Duration;
use diesel::prelude::*;
use serde_json::{Value, json};
use xinfang::platform::db::schema::notice;

/// In the order of their numbers: ids of one moment are in none.
async fn papers(app: &TestApp, id: &str) -> Vec<Value> {
    let mut papers = app.supervisor().get(&format!("/petitions/{id}/notices")).await.expect(200).items().to_vec();
    papers.sort_by_key(|paper| paper["number"].as_str().unwrap().to_owned());
    papers
}

fn kinds(papers: &[Value]) -> Vec<&str> {
    papers.iter().map(|paper| paper["kind"].as_str().unwrap()).collect()
}

fn place(id: &str, paper: &Value) -> String {
    format!("/petitions/{id}/notices/{}", paper["id"].as_str().unwrap())
}

fn html(answer: &Answer) -> String {
    String::from_utf8(answer.bytes.clone()).unwrap()
}

#[tokio::test]
async fn papers_are_numbered_and_say_what_they_said() {
    let app = TestApp::start().await;
    let registered = app.register(claim()).await;
    let (id, number) = (registered.id(), registered.text("/number"));
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    app.opinion(&id).await;
    let papers = papers(&app, &id).await;
    assert_eq!(kinds(&papers), ["transfer", "acceptance", "opinion"]);
    for (n, paper) in (1..).zip(&papers) {
        assert_eq!(paper["number"], format!("{number}/{n}"));
        assert_eq!((&paper["addressee"], &paper["delivery"]), (&json!("褚玉兰"), &Value::Null), "{paper}");
    }
    let opinion = &papers[2];
    let text = opinion["text"].as_str().unwrap();
    assert!(["经查：", "处理意见：", "依据：", "30日内请求"].iter().all(|part| text.contains(part)), "{text}");
    assert_eq!(opinion["articles"], "《信访工作条例》第三十二条");

    let print = |lang: &'static str| app.desk().get(&place(&id, opinion)).header("accept", "text/html").header("accept-language", lang);
    let (zh, en) = (html(&print("zh-CN").await.expect(200)), html(&print("en").await.expect(200)));
    assert!(
        zh.contains("信访处理意见书") && zh.contains(opinion["sign_off"].as_str().unwrap()) && zh.contains(text.lines().next().unwrap())
    );
    assert!(en.contains("Opinion on your petition") && en.contains("within 30 days") && en.contains("Art. 32"), "{en}");
    // whoever signs later under another name changes nothing of it
    let paper = opinion["id"].as_str().unwrap().parse().unwrap();
    let changed = app.rows(move |c| {
        let row = notice::table.find(xinfang::platform::db::types::Id(paper));
        Ok(diesel::update(row).set(notice::text.eq("改写")).execute(c).is_ok())
    });
    assert!(!changed.await, "a notice stays as it was issued");
}

#[tokio::test]
async fn a_corrected_opinion_takes_the_place_of_the_one_before_and_arrives_with_the_answer() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    app.opinion(&id).await;
    app.advance(Duration::hours(1));
    let mut corrected = super::harness::usual_opinion("claim");
    corrected["reason"] = json!("金额写错");
    app.answer(&id, corrected).await;
    let before = papers(&app, &id).await;
    assert_eq!(kinds(&before), ["transfer", "acceptance", "opinion", "opinion"]);
    assert_eq!(before[3]["replaces"], before[2]["id"]);
    let proof = json!({"method": "in_person", "receipt": "signed"});
    let (etag, delivery) = (app.petition(&app.officer(), &id).await.etag(), format!("{}/delivery", place(&id, &before[3])));
    app.officer().put(&delivery, proof).if_match(&etag).await.expect(409).problem("delivered_as_answer");

    app.advance(Duration::hours(1));
    app.deliver(&id).await;
    let after = papers(&app, &id).await;
    assert_eq!(after[2]["delivery"], Value::Null, "nobody got the one that was replaced");
    assert_eq!((&after[3]["delivery"]["method"], &after[3]["delivery"]["receipt"]), (&json!("in_person"), &json!("signed")));
    let deliveries = app.supervisor().get(&format!("/petitions/{id}/deliveries")).await.expect(200);
    assert_eq!(after[3]["delivery"]["delivered_at"], deliveries.items()[0]["delivered_at"]);
}

#[tokio::test]
async fn what_is_handled_anew_replaces_no_paper_of_before() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    app.opinion(&id).await;
    let mut corrected = super::harness::usual_opinion("claim");
    corrected["reason"] = json!("金额写错");
    app.answer(&id, corrected).await;
    app.deliver(&id).await;
    app.contest(&id).await;
    let revoked = json!({"decision": "revoke", "opinion": "事实不清", "legal_basis": "《信访工作条例》第三十五条"});
    app.decide_review(&id, revoked).await.expect(200);
    app.act(&app.head(), reqwest::Method::PUT, &id, "opinion", super::harness::usual_opinion("claim")).await.expect(201);
    let replaced: Vec<Value> = papers(&app, &id).await.iter().map(|paper| paper["replaces"].clone()).filter(|id| !id.is_null()).collect();
    assert_eq!(replaced.len(), 1, "the corrected one, and nothing of the second round");
}

#[tokio::test]
async fn a_notice_arrives_once_with_its_proof() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    let proof = json!({"method": "post", "receipt": "confirmed", "recipient": "褚玉兰"});
    let nowhere = format!("/petitions/{id}/notices/{}/delivery", app.unknown_id());
    assert!(!app.petition(&app.desk(), &id).await.allows("deliver_notice"), "nothing was told yet");
    app.desk().put(&nowhere, proof.clone()).await.expect(404);
    app.desk().post(&format!("/petitions/{id}/notices"), json!({"method": "post"})).await.expect(201);
    let given = papers(&app, &id).await.remove(0);
    assert!(app.petition(&app.desk(), &id).await.allows("deliver_notice"));

    let delivery = format!("{}/delivery", place(&id, &given));
    let early = app.now() - Duration::days(2);
    let faulty = json!({"method": "post", "receipt": "refused", "delivered_at": early});
    app.desk()
        .put(&delivery, faulty)
        .await
        .expect(422)
        .only_faults(&[("/delivered_at", "before_notice"), ("/witness", "witness_required")]);
    let ahead = json!({"method": "post", "receipt": "signed", "delivered_at": app.now() + Duration::hours(1)});
    app.desk().put(&delivery, ahead).await.expect(422).only_faults(&[("/delivered_at", "in_future")]);
    app.officer().put(&delivery, proof.clone()).await.expect(404);
    app.auditor().put(&delivery, proof.clone()).await.expect(403);

    app.advance(Duration::hours(30));
    let (one, other) = tokio::join!(
        app.desk().put(&delivery, proof.clone()).idempotency_key("arrived-1").into_future(),
        app.desk().put(&delivery, proof.clone()).idempotency_key("arrived-2").into_future()
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{one}\n{other}");
    let (won, lost) = if one.status == 200 { ("arrived-1", other) } else { ("arrived-2", one) };
    lost.problem("notice_delivered");
    app.desk().put(&delivery, proof.clone()).idempotency_key(won).await.expect(200);
    let arrived = papers(&app, &id).await.remove(0);
    assert_eq!((&arrived["delivery"]["recipient"], &arrived["delivery"]["receipt"]), (&json!("褚玉兰"), &json!("confirmed")));
    assert!(!app.petition(&app.desk(), &id).await.allows("deliver_notice"));
    let trail = app.supervisor().get(&format!("/petitions/{id}/events")).await.expect(200);
    let told: Vec<&Value> = trail.items().iter().filter(|e| e["act"] == "notice_delivered").collect();
    assert_eq!((told.len(), &told[0]["changes"]["notice_id"]), (1, &given["id"]));
}

#[tokio::test]
async fn every_kind_has_its_answer_on_paper_and_the_accused_see_none() {
    let app = TestApp::start().await;
    let id = app.delivered(suggestion(), "community").await;
    let reply = papers(&app, &id).await;
    assert_eq!(kinds(&reply), ["transfer", "acceptance", "reply"]);
    assert!(!reply[2]["text"].as_str().unwrap().contains("复查"), "nobody can contest the reply to a suggestion");

    let id = app.delivered(accusation(app.office().unit("medical")), "discipline").await;
    let papers = papers(&app, &id).await;
    assert_eq!(kinds(&papers).last(), Some(&"opinion"));
    for path in [place(&id, &papers[0]), format!("/petitions/{id}/notices")] {
        app.officer().get(&path).await.expect(404);
    }
    let proof = json!({"method": "post", "receipt": "confirmed"});
    app.officer().put(&format!("{}/delivery", place(&id, &papers[0])), proof).await.expect(404);
}
