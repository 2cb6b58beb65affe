//! Units, categories and staff: made, moved, ended; every change with its event and the version seen.

use super::harness::{Answer, TestApp, claim};
use super::histories::sound_chain;
use serde_json::{Value, json};

/// A change by the administrator, at the version now.
async fn change(app: &TestApp, path: &str, body: Value) -> Answer {
    let etag = app.admin().get(path).await.expect(200).etag();
    app.admin().patch(path, body).if_match(&etag).await
}

/// Dissolved by the administrator, at the version now.
pub async fn dissolve(app: &TestApp, unit: &str, successor: &str) -> Answer {
    let path = format!("/units/{}", app.unit(unit));
    let etag = app.admin().get(&path).await.expect(200).etag();
    let body = json!({"successor_id": app.unit(successor), "reason": "机构改革"});
    app.admin().post(&format!("{path}/dissolution"), body).if_match(&etag).await
}

#[tokio::test]
async fn a_unit_is_made_changed_and_moved() {
    let app = TestApp::start().await;
    let new = json!({"code": "community-south", "name": "城南社区服务站", "kind": "community", "parent_id": app.unit("community")});
    app.supervisor().post("/units", new.clone()).await.expect(403).problem("not_permitted");
    let made = app.admin().post("/units", new.clone()).await.expect(201);
    let path = format!("/units/{}", made.id());
    assert_eq!(made.header("location"), Some(format!("/api/v1{path}").as_str()));
    app.admin().post("/units", new).await.expect(409).problem("code_taken");
    let below = app.desk().get(&format!("/units?parent={}&limit=200", app.unit("community"))).await.expect(200);
    assert_eq!(below.items().len(), 4, "{below}");

    app.admin().patch(&path, json!({"name": "南站"})).await.expect(428);
    app.admin().patch(&path, json!({"name": "南站"})).if_match("\"9-000000000000\"").await.expect(412);
    app.officer().patch(&path, json!({"name": "南站"})).if_match(&made.etag()).await.expect(403).problem("not_permitted");
    let moved = change(&app, &path, json!({"name": "南站", "parent_id": app.unit("bureau"), "reason": "直管"})).await.expect(200);
    assert_eq!((moved.body["version"].clone(), moved.body["parent_id"].clone()), (json!(2), json!(app.unit("bureau"))));
    // nothing changed: no version, no event
    assert_eq!(change(&app, &path, json!({"name": "南站"})).await.expect(200).body["version"], 2);
    assert_eq!(sound_chain(&app, &made.id()).await, ["unit_created", "unit_moved"]);
}

#[tokio::test]
async fn a_unit_never_stands_below_itself() {
    let app = TestApp::start().await;
    let path = format!("/units/{}", app.unit("community"));
    for below in ["community", "community-east"] {
        change(&app, &path, json!({"parent_id": app.unit(below)})).await.expect(422).fault("/parent_id", "unit_cycle");
    }
    change(&app, &path, json!({"parent_id": app.unknown_id()})).await.expect(422).fault("/parent_id", "unknown_parent");
}

#[tokio::test]
async fn a_dissolved_units_work_goes_to_its_successor() {
    let app = TestApp::start().await;
    let gone = dissolve(&app, "medical", "pension").await.expect(201);
    assert_eq!((gone.body["successor_id"].clone(), gone.body["dissolved_on"].clone()), (json!(app.unit("pension")), json!("2026-03-02")));
    dissolve(&app, "medical", "housing").await.expect(409).problem("unit_already_dissolved");
    dissolve(&app, "pension", "medical").await.expect(422).fault("/successor_id", "successor_loop");
    dissolve(&app, "housing", "medical").await.expect(422).fault("/successor_id", "unit_dissolved");

    let id = app.register(claim()).await.id();
    let referred = app.refer(&id, "medical").await;
    assert_eq!(referred.body["lead_unit"]["id"], app.unit("pension"), "{referred}");
    assert_eq!(app.petition(&app.by("pension_officer"), &id).await.stage(), "referred");
    app.officer().get(&format!("/petitions/{id}")).await.expect(404);
    assert_eq!(app.accept(&id).await.stage(), "handling");
    // nobody new is employed there
    let staff = json!({"username": "newcomer", "name": "新人", "unit_id": app.unit("medical"), "roles": ["officer"], "password": "柳堤巷口第三棵大槐树"});
    app.admin().post("/staff", staff).await.expect(422).fault("/unit_id", "unit_dissolved");
}

#[tokio::test]
async fn units_below_a_dissolved_one_move_under_its_successor() {
    let app = TestApp::start().await;
    dissolve(&app, "community", "housing").await.expect(201);
    let east = app.admin().get(&format!("/units/{}", app.unit("community-east"))).await.expect(200);
    assert_eq!(east.body["parent_id"], app.unit("housing"));
    assert_eq!(sound_chain(&app, &app.unit("community-east")).await.last().map(String::as_str), Some("unit_moved"));
}

#[tokio::test]
async fn categories_have_two_levels_and_close() {
    let app = TestApp::start().await;
    let new = |code: &str, parent: Option<&str>| json!({"code": code, "name": "助餐", "name_en": "Meals", "parent": parent});
    app.officer().post("/categories", new("canteen", None)).await.expect(403);
    app.admin().post("/categories", new("canteen", None)).await.expect(201);
    app.admin().post("/categories", new("canteen.home", Some("canteen"))).await.expect(201);
    app.admin().post("/categories", new("canteen.more", Some("canteen.home"))).await.expect(422).fault("/parent", "category_too_deep");
    app.admin().post("/categories", new("canteen", None)).await.expect(409).problem("code_taken");
    let mut petition = claim();
    petition["category"] = json!("canteen.home");
    app.register(petition.clone()).await;
    app.officer().patch("/categories/canteen.home", json!({"closed_on": "2026-03-02"})).if_match("\"1-000000000000\"").await.expect(403);
    change(&app, "/categories/canteen.home", json!({"closed_on": "2026-03-02", "reason": "并入"})).await.expect(200);
    app.desk().post("/petitions", petition.clone()).await.expect(422).fault("/category", "category_closed");
    change(&app, "/categories/canteen.home", json!({"closed_on": null})).await.expect(200);
    app.register(petition).await;
}

#[tokio::test]
async fn staff_are_entered_changed_and_kept_administrable() {
    let app = TestApp::start().await;
    let new = json!({"username": " ZhaoBing ", "name": "赵丙", "unit_id": app.unit("pension"), "roles": ["officer"], "password": "柳堤巷口第三棵大槐树"});
    for who in [app.desk(), app.officer(), app.supervisor(), app.leader(), app.auditor()] {
        who.post("/staff", new.clone()).await.expect(403).problem("not_permitted");
    }
    let made = app.admin().post("/staff", new.clone()).await.expect(201);
    assert_eq!(made.text("/username"), "zhaobing");
    assert!(!made.body.to_string().contains("argon2"), "{made}");
    app.admin().post("/staff", new).await.expect(409).problem("code_taken");
    let path = format!("/staff/{}", made.id());
    app.supervisor().patch(&path, json!({"name": "赵丁"})).if_match(&made.etag()).await.expect(403).problem("not_permitted");
    app.admin().patch(&path, json!({"name": "赵丁"})).await.expect(428);
    app.admin().patch(&path, json!({"name": "赵丁"})).if_match("\"9-000000000000\"").await.expect(412);
    app.admin()
        .patch(&path, json!({"password": "1234567890"}))
        .if_match(&made.etag())
        .await
        .expect(422)
        .fault("/password", "password_common");
    let changed = change(&app, &path, json!({"roles": ["officer", "unit_head"], "unit_id": app.unit("housing"), "reason": "岗位调整"}))
        .await
        .expect(200);
    assert_eq!(changed.body["roles"], json!(["officer", "unit_head"]));
    assert_eq!(changed.body["unit"]["id"], app.unit("housing"));
    change(&app, &path, json!({"unit_id": app.unit("city-bureau")})).await.expect(422).fault("/unit_id", "unit_external");
    change(&app, &path, json!({"password": "河湾桥头第一家豆腐坊"})).await.expect(200);
    assert_eq!(sound_chain(&app, &made.id()).await, ["account_created", "account_changed", "password_reset"]);

    let admin = format!("/staff/{}", app.office().account("admin").id());
    for last in [json!({"status": "suspended"}), json!({"roles": ["auditor"]})] {
        change(&app, &admin, last).await.expect(409).problem("last_administrator");
    }
}
