//! The main path over HTTP: from the desk to the closing, with its branches; the trail, the receipt, the entity-tags.

use super::harness::{Answer, TestApp, claim, suggestion, usual_opinion};
use chrono::Duration;
use data_encoding::HEXLOWER;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const SATISFIED: &str = "satisfied";

#[tokio::test]
async fn a_claim_from_the_desk_to_its_evaluation_and_closing() {
    let app = TestApp::start().await;
    let registered = app.desk().post("/petitions", claim()).await.expect(201);
    let id = registered.id();
    let place = format!("/api/v1/petitions/{id}");
    assert_eq!(registered.header("location"), Some(place.as_str()));
    assert_eq!(registered.text("/query_code").chars().filter(char::is_ascii_alphanumeric).count(), 10, "{registered}");
    assert!(["give_notice", "add_note", "correct", "close"].iter().all(|act| registered.allows(act)), "{registered}");
    assert!(!registered.allows("refer") && !registered.allows("issue_opinion"), "{registered}");
    assert!(app.petition(&app.desk(), &id).await.body.get("query_code").is_none(), "the code is told once");

    let notice = json!({"method": "in_person"});
    let told = app.desk().post(&format!("/petitions/{id}/notices"), notice.clone()).await.expect(201);
    assert_eq!(told.header("content-location"), Some(place.as_str()));
    app.desk().get(told.header("location").unwrap()).await.expect(200);
    assert!(!told.allows("give_notice"));
    app.desk().post(&format!("/petitions/{id}/notices"), notice).await.expect(409).problem("notice_given");

    app.advance(Duration::hours(1));
    let referred = app.refer(&id, "medical").await;
    app.supervisor().get(referred.header("location").unwrap()).await.expect(200);
    assert_eq!(referred.text("/lead_unit/id"), app.unit("medical"));
    app.advance(Duration::days(1));
    let accepted = app.accept(&id).await.expect(201);
    assert_eq!((accepted.stage().as_str(), &accepted.body["route"]), ("handling", &json!(6)));
    app.advance(Duration::days(9));
    assert_eq!(app.opinion(&id).await.stage(), "decided");

    let unexplained = app.act(&app.officer(), Method::PUT, &id, "opinion", usual_opinion("claim")).await;
    unexplained.expect(422).only_faults(&[("/reason", "reason_required")]);
    let mut corrected = usual_opinion("claim");
    corrected["reason"] = json!("金额写错");
    let corrected = app.act(&app.officer(), Method::PUT, &id, "opinion", corrected).await.expect(200);
    assert_eq!(corrected.stage(), "decided");
    let versions = app.officer().get(&format!("/petitions/{id}/opinions")).await.expect(200);
    assert_eq!(versions.items().iter().map(|o| o["version"].as_i64().unwrap()).collect::<Vec<_>>(), [1, 2]);

    let too_early = app.desk().put(&format!("/petitions/{id}/evaluations/office"), json!({"score": SATISFIED})).await;
    assert!(too_early.expect(409).problem("stage_forbids").body["allowed_actions"].is_array());
    app.advance(Duration::days(1));
    assert_eq!(app.deliver(&id).await.stage(), "delivered");
    evaluated(&app, &id).await;

    let closed = app.close(&id, "final").await;
    assert_eq!((closed.stage().as_str(), closed.text("/closure_basis").as_str()), ("closed", "petitioner_agreed"));
    let refused = app.act(&app.officer(), Method::POST, &id, "closure", json!({"reason": "final"})).await;
    refused.expect(409).problem("stage_forbids");
    let acts = chain(&app, &id).await;
    let expected = "registered notice_given referred accepted opinion_issued opinion_corrected delivered \
                    evaluated evaluated evaluation_changed closed";
    assert_eq!(acts.join(" "), expected);
}

/// Asked by those who did not handle it; changed once and no more.
async fn evaluated(app: &TestApp, id: &str) {
    let place = |object: &str| format!("/petitions/{id}/evaluations/{object}");
    for handler in [app.officer(), app.head()] {
        handler.put(&place("unit"), json!({"score": SATISFIED})).await.expect(403).problem("handler_cannot_ask");
    }
    let version = app.petition(&app.desk(), id).await.etag().split('-').next().unwrap().to_owned();
    let score = json!({"score": "basically", "channel": "phone"});
    let made = app.by("desk2").put(&place("office"), score).await.expect(201);
    assert!(made.etag().starts_with(&version), "an evaluation leaves the version alone: {made}");
    let unexplained = app.supervisor().put(&place("unit"), json!({"score": "dissatisfied"})).await.expect(422);
    unexplained.only_faults(&[("/reason", "reason_required")]);
    app.supervisor().put(&place("unit"), json!({"score": SATISFIED})).await.expect(201);
    app.supervisor().put(&place("unit"), json!({"score": "basically"})).await.expect(422).fault("/reason", "reason_required");
    let changed = json!({"score": "dissatisfied", "reason": "钱少到了一百元"});
    app.supervisor().put(&place("unit"), changed.clone()).await.expect(200);
    app.supervisor().put(&place("unit"), changed).await.expect(409).problem("evaluation_final");
    assert_eq!(app.desk().get(&place("unit")).await.expect(200).text("/score"), "dissatisfied");
    assert_eq!(app.desk().get(&format!("/petitions/{id}/evaluations")).await.expect(200).items().len(), 2);
}

/// The trail, read page by page and recomputed: the acts in their order.
async fn chain(app: &TestApp, id: &str) -> Vec<String> {
    let (mut events, mut cursor): (Vec<Value>, _) = (Vec::new(), String::new());
    loop {
        let page = app.supervisor().get(&format!("/petitions/{id}/events?limit=3{cursor}")).await.expect(200);
        events.extend(page.items().iter().cloned());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let mut head = "0".repeat(64);
    for (event, n) in events.iter().zip(1..) {
        assert_eq!(event["n"], n, "no gap: {event:#}");
        assert_eq!(event["prev_hash"], head, "{event:#}");
        let text = event["body"].as_str().unwrap();
        head = HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
        assert_eq!(event["hash"], head, "{event:#}");
        let body: Value = serde_json::from_str(text).unwrap();
        for member in ["n", "prev_hash", "act"] {
            assert_eq!(body[member], event[member], "{member} of {event:#}");
        }
        assert!(!text.contains("褚玉兰") && !text.contains("13800000101"), "names and numbers are sealed: {text}");
    }
    events.iter().map(|event| event["act"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_receipt_and_the_whole_case() {
    let app = TestApp::start().await;
    let registered = app.register(claim()).await;
    let (id, code) = (registered.id(), registered.text("/query_code"));
    let receipt = app.desk().get(&format!("/petitions/{id}/receipt")).await.expect(200);
    assert_eq!((receipt.text("/number"), receipt.text("/petitioner")), (registered.text("/number"), "褚玉兰".to_owned()));
    let page = app.desk().get(&format!("/petitions/{id}/receipt")).header("accept", "text/html").await.expect(200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    let html = String::from_utf8(page.bytes.clone()).unwrap();
    assert!(html.contains(&registered.text("/number")) && html.contains("褚玉兰"), "{html}");
    for bytes in [&receipt.bytes, &page.bytes] {
        assert!(!String::from_utf8_lossy(bytes).contains(&code), "the query code is kept as a hash only");
    }

    app.refer(&id, "medical").await;
    app.accept(&id).await;
    app.opinion(&id).await;
    app.deliver(&id).await;
    app.desk().post(&format!("/petitions/{id}/notes"), json!({"text": "女儿代领"})).await.expect(201);
    let parts = "referrals,acceptance,notices,opinions,deliveries,evaluations,notes,closure";
    let whole = app.desk().get(&format!("/petitions/{id}?include={parts}")).await.expect(200);
    for (part, n) in [("referrals", 1), ("notices", 3), ("opinions", 1), ("deliveries", 1), ("evaluations", 0), ("notes", 1)] {
        assert_eq!(whole.body[part].as_array().map(Vec::len), Some(n), "{part} of\n{whole}");
        if part != "evaluations" {
            let item = whole.body[part][0]["id"].as_str().unwrap();
            app.desk().get(&format!("/petitions/{id}/{part}/{item}")).await.expect(200);
        }
    }
    assert!(whole.body["acceptance"].is_object() && whole.body["closure"].is_null(), "{whole}");
    app.desk().get(&format!("/petitions/{id}?include=secrets")).await.expect(400).fault("/include/0", "not_in_list");
    let party = whole.text("/parties/0/id");
    assert_eq!(app.desk().get(&format!("/petitions/{id}/parties/{party}")).await.expect(200).text("/phone"), "13800000101");
    app.desk().get(&format!("/petitions/{id}/notes/{party}")).await.expect(404);
}

#[tokio::test]
async fn an_entity_tag_stands_as_long_as_what_is_seen() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    let path = format!("/petitions/{id}");
    let first = app.desk().get(&path).await.expect(200);
    assert_eq!(first.etag(), first.text("/etag"));
    app.advance(Duration::minutes(1));
    assert_eq!(app.desk().get(&path).await.etag(), first.etag());
    let unchanged = app.desk().get(&path).header("if-none-match", &first.etag()).await.expect(304);
    assert!(unchanged.bytes.is_empty());
    assert_eq!(unchanged.etag(), first.etag());
    let noted = app.desk().post(&format!("{path}/notes"), json!({"text": "材料已复印"})).await.expect(201);
    assert_eq!(noted.etag(), first.etag(), "a note changes nothing of the petition");
    app.desk().get(&path).header("if-none-match", &first.etag()).await.expect(304);
    let correction = json!({"reason": "写错", "title": "异地住院医药费未报销"});
    let corrected = app.desk().patch(&path, correction.clone()).if_match(&first.etag()).await.expect(200);
    assert_ne!(corrected.etag(), first.etag());
    let stale = app.desk().patch(&path, correction).if_match(&first.etag()).await.expect(412).problem("stale");
    assert_eq!(stale.text("/current"), corrected.etag());
    app.desk().get(&path).header("if-none-match", &first.etag()).await.expect(200);
    // what another sees is another representation of the same version
    let theirs = app.supervisor().get(&path).await.etag();
    assert_ne!(theirs, corrected.etag());
    app.supervisor().patch(&path, json!({"reason": "补", "purpose": "报销"})).if_match(&corrected.etag()).await.expect(200);
}

#[tokio::test]
async fn an_office_that_is_competent_accepts_at_once() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.desk().post(&format!("/petitions/{id}/acceptance"), json!({})).if_match("*").await.expect(403).problem("not_permitted");
    let untold = app.act(&app.supervisor(), Method::POST, &id, "acceptance", json!({})).await;
    untold.expect(422).only_faults(&[("/notice", "notice_required")]);
    let accepted = app.accept(&id).await.expect(201);
    assert_eq!((accepted.stage(), accepted.text("/lead_unit/id")), ("handling".to_owned(), app.unit("bureau")));
    app.opinion(&id).await;
    assert_eq!(app.deliver(&id).await.stage(), "delivered");
    // where the office itself led, whoever took no part may ask; the one who gave the opinion may not
    let score = json!({"score": SATISFIED});
    app.supervisor().put(&format!("/petitions/{id}/evaluations/unit"), score.clone()).await.expect(403).problem("handler_cannot_ask");
    app.desk().put(&format!("/petitions/{id}/evaluations/unit"), score).await.expect(201);
}

#[tokio::test]
async fn the_desk_answers_on_the_spot_or_directs_elsewhere() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    let unsaid = app.act(&app.desk(), Method::POST, &id, "closure", json!({"reason": "answered_on_the_spot"})).await;
    unsaid.expect(422).only_faults(&[("/note", "note_required")]);
    let closed = app.close(&id, "answered_on_the_spot").await.expect(201);
    assert_eq!((closed.stage().as_str(), closed.text("/closure_reason").as_str()), ("closed", "answered_on_the_spot"));
    let place = |object: &str| format!("/petitions/{id}/evaluations/{object}");
    let score = json!({"score": SATISFIED});
    app.desk().put(&place("office"), score.clone()).await.expect(403).problem("handler_cannot_ask");
    app.by("desk2").put(&place("unit"), score.clone()).await.expect(409).problem("object_not_evaluated_here");
    app.by("desk2").put(&place("office"), score).await.expect(201);
    assert_eq!(app.desk().get(&format!("/petitions/{id}/closure")).await.expect(200).text("/closed_from"), "registered");

    let id = app.register(claim()).await.id();
    assert_eq!(app.close(&id, "directed_elsewhere").await.text("/closure_reason"), "directed_elsewhere");
}

#[tokio::test]
async fn a_claim_is_diverted_by_whoever_holds_it() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    let diverted = |route| json!({"reason": "diverted", "route": route, "note": "请依法申请行政复议"});
    app.act(&app.desk(), Method::POST, &id, "closure", json!({"reason": "diverted"})).await.expect(422).fault("/route", "route_required");
    app.act(&app.desk(), Method::POST, &id, "closure", diverted(6)).await.expect(422).fault("/route", "too_large");
    let closed = app.act(&app.desk(), Method::POST, &id, "closure", diverted(3)).await.expect(201);
    assert_eq!((closed.text("/closure_reason").as_str(), &closed.body["route"]), ("diverted", &json!(3)));

    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.act(&app.desk(), Method::POST, &id, "closure", diverted(2)).await.expect(403).problem("not_permitted");
    app.act(&app.officer(), Method::POST, &id, "closure", diverted(2)).await.expect(201);
}

#[tokio::test]
async fn only_a_supervisor_voids_and_it_leaves_the_figures() {
    let app = TestApp::start().await;
    let (kept, id) = (app.register(claim()).await.id(), app.register(claim()).await.id());
    let void = json!({"reason": "voided", "note": "与上一件重复录入"});
    app.act(&app.desk(), Method::POST, &id, "closure", void.clone()).await.expect(403).problem("not_permitted");
    let voided = app.act(&app.supervisor(), Method::POST, &id, "closure", void).await.expect(201);
    assert_eq!(voided.text("/closure_reason"), "voided");
    let figures = app.supervisor().get("/statistics/summary").await.expect(200);
    assert_eq!(figures.body["measures"]["registered"]["cases"], 1, "{figures}");
    assert_eq!(figures.body["measures"]["closed"]["cases"], 0, "{figures}");
    let listed = app.supervisor().get("/petitions").await.expect(200);
    assert_eq!(listed.items().len(), 2, "it is listed all the same");
    assert!(listed.items().iter().any(|p| p["id"] == kept));
    assert_eq!(app.petition(&app.supervisor(), &kept).await.stage(), "registered");
}

#[tokio::test]
async fn all_petitioners_withdraw_together() {
    let app = TestApp::start().await;
    let mut petition = claim();
    let people = petition["parties"].as_array_mut().unwrap();
    people.push(json!({"role": "co_petitioner", "name": "沈国栋", "address": "样例县城东街道"}));
    people.push(json!({"role": "proxy", "name": "褚敏", "relation": "女儿", "authority": "授权委托书"}));
    let registered = app.register(petition).await;
    let id = registered.id();
    let party = |i: usize| registered.text(&format!("/parties/{i}/id"));
    let withdraw = async |who: &[String]| app.act(&app.desk(), Method::POST, &id, "withdrawal", json!({"party_ids": who})).await;
    withdraw(&[party(2)]).await.expect(422).only_faults(&[("/party_ids", "principal_must_confirm")]);
    withdraw(&[party(0)]).await.expect(422).only_faults(&[("/party_ids", "other_petitioners_remain")]);
    withdraw(&[app.unknown_id().to_string()]).await.expect(422).fault("/party_ids/0", "bad_id");
    app.desk().post(&format!("/petitions/{id}/withdrawal"), json!({})).await.expect(428).problem("if_match_required");
    let withdrawn = withdraw(&[party(0), party(1)]).await.expect(201);
    assert_eq!((withdrawn.stage().as_str(), withdrawn.text("/closure_reason").as_str()), ("closed", "withdrawn"));
    app.desk().get(withdrawn.header("location").unwrap()).await.expect(200);

    let id = app.delivered(claim(), "medical").await;
    app.act(&app.desk(), Method::POST, &id, "withdrawal", json!({})).await.expect(409).problem("stage_forbids");
    let id = app.register(claim()).await.id();
    let closed = app.act(&app.desk(), Method::POST, &id, "closure", json!({"reason": "withdrawn", "note": "本人来电"})).await.expect(201);
    assert_eq!(closed.text("/closure_reason"), "withdrawn");
}

#[tokio::test]
async fn what_nobody_can_receive_is_closed_as_undeliverable() {
    let app = TestApp::start().await;
    let mut petition = claim();
    petition["anonymous"] = json!(true);
    petition["parties"] = json!([]);
    let id = app.register(petition).await.id();
    app.refer(&id, "medical").await;
    let accepted = app.act(&app.officer(), Method::POST, &id, "acceptance", json!({})).await.expect(201);
    assert_eq!(accepted.stage(), "handling", "nobody has to be told");
    let decided = app.opinion(&id).await;
    assert!(decided.allows("close") && !decided.allows("deliver"), "{decided}");
    let delivery = json!({"method": "post", "receipt": "signed"});
    app.act(&app.officer(), Method::POST, &id, "deliveries", delivery).await.expect(409).problem("undeliverable");
    let closed = app.close(&id, "final").await;
    assert_eq!(closed.text("/closure_basis"), "undeliverable");

    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    app.opinion(&id).await;
    app.act(&app.officer(), Method::POST, &id, "closure", json!({"reason": "final"})).await.expect(409).problem("deliverable");
}

#[tokio::test]
async fn a_suggestion_is_adopted_or_not() {
    let app = TestApp::start().await;
    let id = app.register(suggestion()).await.id();
    app.refer(&id, "community").await;
    let lead = app.by("community_officer");
    let routed = json!({"route": 6, "notice": {"method": "post"}});
    app.act(&lead, Method::POST, &id, "acceptance", routed).await.expect(422).only_faults(&[("/route", "route_not_for_kind")]);
    app.accept(&id).await;
    let opinion = |body: Value| app.act(&lead, Method::PUT, &id, "opinion", body);
    let refused: Answer = opinion(json!({"outcome": "supported", "opinion": "支持"})).await.expect(422);
    refused.only_faults(&[("/outcome", "wrong_outcome"), ("/adoption", "adoption_required")]);
    assert_eq!(opinion(json!({"adoption": "partly", "opinion": "周末延长开放"})).await.expect(201).stage(), "decided");
    assert_eq!(app.deliver(&id).await.stage(), "delivered");
    let score = json!({"score": SATISFIED});
    app.desk().put(&format!("/petitions/{id}/evaluations/unit"), score).await.expect(201);
    let diverted = app.act(&lead, Method::POST, &id, "closure", json!({"reason": "diverted", "route": 1})).await;
    diverted.expect(409).problem("stage_forbids");
    assert_eq!(app.close(&id, "final").await.stage(), "closed");
}
