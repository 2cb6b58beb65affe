//! Instructions, and the cases leaders take charge of.

use super::clocks::at;
use super::harness::{TestApp, accusation, claim};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_leader_takes_charge_looks_again_and_gives_it_up_with_a_result() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let id = app.register(claim()).await.id();
    let call = |who: &str, method, body: Value| {
        let who = app.by(who);
        let (app, id) = (&app, id.clone());
        async move { app.act(&who, method, &id, "leader-case", body).await }
    };
    call("leader", Method::DELETE, json!({"result": "x"})).await.expect(409).problem("no_leader_case");
    call("leader", Method::PUT, json!({"next_look": "2026-03-02"})).await.expect(422).fault("/next_look", "next_look_past");
    call("desk", Method::PUT, json!({"next_look": "2026-03-12"})).await.expect(403);
    call("leader", Method::PUT, json!({"next_look": "2026-03-12", "leader_id": app.unknown_id()})).await.expect(403);
    let taken = call("leader", Method::PUT, json!({"next_look": "2026-03-12", "note": "由我包案"})).await.expect(200);
    assert_eq!(taken.body["leader_case"], json!({"leader_id": app.leader().id(), "next_look": "2026-03-12"}));
    call("leader", Method::PUT, json!({"next_look": "2026-03-20"})).await.expect(200);
    let standing = app.leader().get(&format!("/petitions/{id}/leader-case")).await.expect(200);
    assert_eq!((standing.text("/next_look").as_str(), standing.text("/note").as_str()), ("2026-03-20", "由我包案"));

    app.leader().post(&format!("/petitions/{id}/instructions"), json!({"text": "请从快办理"})).await.expect(201);
    app.desk().post(&format!("/petitions/{id}/instructions"), json!({"text": "x"})).await.expect(403);
    let given = app.desk().get(&format!("/petitions/{id}/instructions")).await.expect(200);
    assert_eq!(given.items()[0]["text"], "请从快办理");

    call("leader", Method::DELETE, json!({})).await.expect(422).fault("/result", "result_required");
    // it outlives the petition
    app.close(&id, "withdrawn").await;
    let over = call("leader", Method::DELETE, json!({"result": "已落实"})).await.expect(200);
    assert_eq!(over.body["leader_case"], json!(null));
    let standing = app.leader().get(&format!("/petitions/{id}/leader-case")).await.expect(200);
    assert_eq!((standing.text("/result").as_str(), standing.body["released_at"].is_string()), ("已落实", true));
}

#[tokio::test]
async fn a_supervisor_writes_it_down_and_the_list_is_by_the_next_look() {
    let app = TestApp::start().await;
    app.clock.move_to(at("2026-03-02 09:00"));
    let leader = app.leader().id();
    let mut ids = Vec::new();
    for day in ["2026-03-20", "2026-03-10", "2026-03-15"] {
        let id = app.register(claim()).await.id();
        let body = json!({"leader_id": leader, "next_look": day});
        app.act(&app.supervisor(), Method::PUT, &id, "leader-case", body).await.expect(200);
        ids.push((day, id));
    }
    let nobody = json!({"next_look": "2026-03-20"});
    app.act(&app.supervisor(), Method::PUT, &ids[0].1, "leader-case", nobody).await.expect(422).fault("/leader_id", "not_a_leader");
    let officer = json!({"leader_id": app.officer().id(), "next_look": "2026-03-20"});
    app.act(&app.supervisor(), Method::PUT, &ids[0].1, "leader-case", officer).await.expect(422).fault("/leader_id", "not_a_leader");

    ids.sort();
    let mut seen: Vec<String> = Vec::new();
    let mut path = format!("/leader-cases?limit=2&leader={leader}");
    loop {
        let page = app.leader().get(&path).await.expect(200);
        seen.extend(page.items().iter().map(|one| one["petition_id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        path = format!("/leader-cases?limit=2&leader={leader}&cursor={cursor}");
    }
    assert_eq!(seen, ids.iter().map(|(_, id)| id.clone()).collect::<Vec<_>>());
    let soon = app.leader().get("/leader-cases?next_look_by=2026-03-15").await.expect(200);
    assert_eq!(soon.items().len(), 2);
    assert!(app.by("pension_officer").get("/leader-cases").await.expect(200).items().is_empty());

    // whoever may not know of a petition does not find it here
    let id = app.register(accusation(app.office().unit("medical"))).await.id();
    app.take_charge(&id).await;
    assert_eq!(app.leader().get("/leader-cases").await.expect(200).items().len(), 4);
    assert_eq!(app.by("desk2").get("/leader-cases").await.expect(200).items().len(), 3);
}
