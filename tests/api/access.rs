//! Who never learns of a petition: the accused and their unit, and everybody outside the allow-list of a restricted one.
//! Not knowing means the very answer that an id gives which nothing has, everywhere.

use super::harness::{Answer, Persona, TestApp, accusation, claim};
use diesel::prelude::*;
use reqwest::Method;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;
use xinfang::auth::{Actor, Permission, Role, Roles};
use xinfang::petition::acts::{ACTS, Act};
use xinfang::platform::db::schema::petition_grant;
use xinfang::platform::db::types::{Id, Time};

/// An accusation of this unit, this person, or both.
fn accused(app: &TestApp, unit: Option<&str>, staff: Option<&str>) -> Value {
    let mut petition = accusation(app.office().unit("medical"));
    petition["subject"] = json!({"name": "被反映人"});
    if let Some(code) = unit {
        petition["subject"]["unit_id"] = json!(app.unit(code));
    }
    if let Some(username) = staff {
        petition["subject"]["staff_id"] = json!(app.office().account(username).account_id);
    }
    petition
}

/// Somebody who is employed somewhere else than anybody of the sample office.
fn somebody<'a>(app: &'a TestApp, name: &str, unit: &str, roles: &[Role]) -> Persona<'a> {
    let mut persona = app.officer();
    name.clone_into(&mut persona.name);
    persona.actor = Some(Actor::staff(app.unknown_id(), app.office().unit(unit), Roles::of(roles)));
    persona
}

/// What came back, without what differs between any two calls and without the id asked for.
fn bare(answer: &Answer, id: &str) -> (u16, String, Vec<(String, String)>) {
    let mut body = answer.body.clone();
    if let Some(members) = body.as_object_mut() {
        members.remove("instance");
    }
    let own = ["date", "x-request-id"];
    let headers = answer.headers.iter().filter(|(name, _)| !own.contains(&name.as_str()));
    let mut headers: Vec<_> = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().replace(id, "…"))).collect();
    headers.sort_unstable();
    (answer.status, body.to_string().replace(id, "…"), headers)
}

/// Every operation on one petition answers this caller as if it were not there.
async fn unknown_to(app: &TestApp, who: &Persona<'_>, id: &str) {
    let nothing = app.unknown_id().to_string();
    let below = app.unknown_id().to_string();
    let mut asked = 0;
    for operation in app.document.operations().filter(|o| o.template.contains("{petition_id}")) {
        let fill = |id: &str| {
            let segments = operation.template.split('/').map(|s| match s {
                "{petition_id}" => id.to_owned(),
                other if other.starts_with('{') => below.clone(),
                other => other.to_owned(),
            });
            segments.collect::<Vec<_>>().join("/")
        };
        for tag in [None, Some("\"1-000000000000\"")] {
            let call = |path: String| {
                let mut call = who.call(operation.method.to_uppercase().parse().unwrap(), &path);
                call = match operation.json.get("requestBody") {
                    None => call,
                    Some(body) if body["content"]["application/json"].is_null() => call.raw_body("{}", "text/plain"),
                    Some(_) => call.json(&json!({})),
                };
                match tag {
                    Some(tag) => call.if_match(tag).header("if-none-match", tag),
                    None => call,
                }
            };
            let (real, unknown) = (call(fill(id)).await, call(fill(&nothing)).await);
            assert!([403, 404].contains(&real.status), "{} may know of it:\n{real}", who.name);
            assert_eq!(
                bare(&real, id),
                bare(&unknown, &nothing),
                "{} can tell it from one that is not there:\n{real}\n{unknown}",
                who.name
            );
            asked += 1;
        }
    }
    assert!(asked >= 50, "only {asked} calls were made");
}

/// It is in no list, count or figure of this caller's; `known` is how many others they see.
async fn absent_for(app: &TestApp, who: &Persona<'_>, petition: &Answer, known: usize) {
    let (id, number) = (petition.id(), petition.text("/number"));
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = who.get(&format!("/petitions?limit=1{cursor}")).header("prefer", "count=exact").await.expect(200);
        assert_eq!(page.body["total"], known, "{page}");
        seen.extend(page.items().iter().map(|item| item["id"].clone()));
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(seen.len() == known && !seen.contains(&json!(id)), "{} sees {seen:?}", who.name);
    let unit = app.unit("medical");
    for query in
        ["kind=accusation".to_owned(), format!("number={number}"), format!("unit={unit}&kind=accusation"), "category=conduct".to_owned()]
    {
        let page = who.get(&format!("/petitions?{query}")).header("prefer", "count=exact").await.expect(200);
        assert!(page.items().is_empty() && page.body["total"] == 0 && page.body["next_cursor"].is_null(), "{page}");
    }
    let figures = who.get("/statistics/summary").await.expect(200);
    assert_eq!(figures.body["measures"]["registered"]["cases"], known, "{figures}");
    assert_eq!(figures.body["measures"]["open"]["cases"], known, "{figures}");
    let figures = who.get("/statistics/summary?kind=accusation").await.expect(200);
    assert_eq!(figures.body["measures"]["registered"]["cases"], 0, "{figures}");
}

async fn sees(who: &Persona<'_>, id: &str) -> bool {
    who.get(&format!("/petitions/{id}")).await.status == 200
}

#[tokio::test]
async fn an_accused_unit_learns_nothing_of_it_at_any_step() {
    let app = TestApp::start().await;
    for _ in 0..2 {
        let id = app.register(claim()).await.id();
        app.refer(&id, "medical").await;
    }
    let petition = app.register(accused(&app, Some("medical"), None)).await;
    let id = petition.id();
    for step in ["registered", "referred", "handling", "closed"] {
        match step {
            "referred" => drop(app.refer(&id, "discipline").await),
            "handling" => drop(app.accept(&id).await),
            "closed" => {
                app.opinion(&id).await;
                app.deliver(&id).await;
            }
            _ => {}
        }
        for who in [app.officer(), app.head()] {
            unknown_to(&app, &who, &id).await;
        }
        let figures = app.officer().get("/statistics/summary").await.expect(200);
        assert_eq!(figures.body["measures"]["registered"]["cases"], 2, "{step}: {figures}");
        assert_eq!(app.petition(&app.supervisor(), &id).await.stage(), step);
    }
    let page = app.officer().get("/petitions").header("prefer", "count=exact").await.expect(200);
    assert_eq!(page.body["total"], 2);
}

#[tokio::test]
async fn an_accusation_is_in_no_list_count_or_figure_of_the_accused() {
    let app = TestApp::start().await;
    for _ in 0..2 {
        let id = app.register(claim()).await.id();
        app.refer(&id, "medical").await;
    }
    let petition = app.register(accused(&app, Some("medical"), None)).await;
    absent_for(&app, &app.officer(), &petition, 2).await;
    app.refer(&petition.id(), "discipline").await;
    absent_for(&app, &app.head(), &petition, 2).await;
    absent_for(&app, &app.by("desk2"), &petition, 2).await;
    // those who may know it count it
    for who in [app.desk(), app.supervisor(), app.leader()] {
        let page = who.get("/petitions").header("prefer", "count=exact").await.expect(200);
        assert_eq!(page.body["total"], 3, "{page}");
        let figures = who.get("/statistics/summary").await.expect(200);
        assert_eq!(figures.body["measures"]["registered"]["cases"], 3, "{figures}");
    }
}

#[tokio::test]
async fn an_accusation_is_seen_by_its_allow_list_only() {
    let app = TestApp::start().await;
    let id = app.register(accused(&app, Some("medical"), None)).await.id();
    for (who, may) in [("desk", true), ("desk2", false), ("supervisor", true), ("leader", true), ("discipline", false), ("officer", false)]
    {
        assert_eq!(sees(&app.by(who), &id).await, may, "{who}, registered");
    }
    unknown_to(&app, &app.by("desk2"), &id).await;
    unknown_to(&app, &app.by("pension_officer"), &id).await;
    // the supervisor stands in SU and SV
    let seen = app.petition(&app.supervisor(), &id).await;
    assert!(seen.allows("refer") && seen.allows("close") && !seen.allows("accept"), "{seen}");
    let etag = seen.etag();
    let refer = |unit: &str| json!({"unit_id": app.unit(unit), "mode": "refer"});
    let path = format!("/petitions/{id}/referrals");
    app.supervisor().post(&path, refer("medical")).if_match(&etag).await.expect(422).fault("/unit_id", "unit_is_accused");
    app.supervisor().post(&path, refer("pension")).if_match(&etag).await.expect(422).fault("/unit_id", "not_discipline_unit");
    app.refer(&id, "discipline").await;
    for (who, may) in [("desk", true), ("desk2", false), ("supervisor", true), ("leader", true), ("discipline", true), ("officer", false)] {
        assert_eq!(sees(&app.by(who), &id).await, may, "{who}, referred");
    }
}

#[tokio::test]
async fn an_accused_person_bars_their_unit_too() {
    let app = TestApp::start().await;
    let id = app.register(accused(&app, None, Some("officer"))).await.id();
    for who in [app.officer(), app.head()] {
        unknown_to(&app, &who, &id).await;
    }
    let etag = app.petition(&app.supervisor(), &id).await.etag();
    let refer = json!({"unit_id": app.unit("medical"), "mode": "refer"});
    let refused = app.supervisor().post(&format!("/petitions/{id}/referrals"), refer).if_match(&etag).await;
    refused.expect(422).fault("/unit_id", "unit_is_accused");
    assert!(sees(&app.leader(), &id).await);
}

#[tokio::test]
async fn an_accused_office_bars_all_below_it() {
    let app = TestApp::start().await;
    let by_kin = app.register(accused(&app, Some("community"), None)).await.id();
    let station = somebody(&app, "station", "community-east", &[Role::Officer]);
    for who in [app.by("community_officer"), station.clone()] {
        unknown_to(&app, &who, &by_kin).await;
    }
    let enterprise = app.register(accused(&app, Some("enterprise-machinery"), None)).await.id();
    let (factory, other) = (
        somebody(&app, "factory", "enterprise-machinery", &[Role::Officer, Role::Supervisor]),
        somebody(&app, "cooperative", "enterprise-coop", &[Role::Supervisor]),
    );
    for who in [factory, other] {
        unknown_to(&app, &who, &enterprise).await;
    }
    // what only stands beside the accused is no reason to see it either, but the desk that registered it does
    assert!(sees(&app.desk(), &enterprise).await && sees(&app.supervisor(), &enterprise).await);
}

#[tokio::test]
async fn an_accusation_of_the_desk_leaves_the_desk() {
    let app = TestApp::start().await;
    let receipt = app.register(accused(&app, Some("reception"), None)).await;
    let id = receipt.id();
    assert_eq!(receipt.body["registered_unit"]["id"], app.unit("bureau"), "{receipt}");
    assert!(receipt.body["query_code"].is_string() && receipt.body["allowed_actions"] == json!([]), "{receipt}");
    for who in [app.desk(), app.by("desk2")] {
        unknown_to(&app, &who, &id).await;
    }
    let page = app.desk().get("/petitions").header("prefer", "count=exact").await.expect(200);
    assert_eq!(page.body["total"], 0, "{page}");
    assert!(app.petition(&app.supervisor(), &id).await.allows("refer"));
    app.refer(&id, "discipline").await;
    assert_eq!(app.accept(&id).await.stage(), "handling");
    unknown_to(&app, &app.desk(), &id).await;
}

/// Whoever is complained of at the top, the discipline unit can take it on by itself.
#[tokio::test]
async fn an_accusation_of_the_bureau_or_of_a_person_in_it_reaches_the_discipline_unit() {
    let app = TestApp::start().await;
    for (unit, person) in [(None, Some("leader")), (None, Some("supervisor")), (Some("bureau"), None)] {
        let receipt = app.register(accused(&app, unit, person)).await;
        let id = receipt.id();
        assert_eq!(receipt.body["registered_unit"]["id"], app.unit("discipline"), "{receipt}");
        let barred = if unit.is_some() {
            vec![app.supervisor(), app.leader(), app.officer(), app.desk()]
        } else {
            vec![app.supervisor(), app.leader()]
        };
        for who in barred {
            unknown_to(&app, &who, &id).await;
        }
        let taken = app.act(&app.discipline(), Method::POST, &id, "acceptance", json!({"notice": {"method": "in_person"}})).await;
        assert_eq!(taken.expect(201).stage(), "handling");
    }
}

#[tokio::test]
async fn a_restricted_claim_is_for_the_lead_the_registrar_supervisors_and_leaders() {
    let app = TestApp::start().await;
    let mut petition = claim();
    petition["restricted"] = json!(true);
    let id = app.register(petition).await.id();
    assert!(!sees(&app.officer(), &id).await);
    app.refer(&id, "medical").await;
    let may = ["desk", "officer", "head", "supervisor", "leader"];
    for who in ["desk", "desk2", "officer", "head", "supervisor", "leader", "discipline", "pension_officer", "finance_officer"] {
        assert_eq!(sees(&app.by(who), &id).await, may.contains(&who), "{who}");
    }
    let receptionist = somebody(&app, "medical desk", "medical", &[Role::Receptionist]);
    for who in [app.by("desk2"), app.by("pension_officer"), receptionist] {
        unknown_to(&app, &who, &id).await;
    }
}

#[tokio::test]
async fn a_grant_by_name_gives_sight_to_that_person_alone() {
    let app = TestApp::start().await;
    let id = app.register(accused(&app, Some("medical"), None)).await.id();
    let grant = |username: &str| {
        diesel::insert_into(petition_grant::table)
            .values((
                petition_grant::petition_id.eq(Id(id.parse().unwrap())),
                petition_grant::account_id.eq(app.office().account(username).id()),
                petition_grant::granted_by.eq(app.office().account("supervisor").id()),
                petition_grant::granted_at.eq(Time(app.now())),
            ))
            .execute(&mut app.connect())
            .unwrap();
    };
    grant("pension_officer");
    let seen = app.petition(&app.by("pension_officer"), &id).await;
    // whoever knows of it may keep out of it, and nothing else
    assert_eq!(seen.body["allowed_actions"], json!(["recuse"]), "{seen}");
    let page = app.by("pension_officer").get("/petitions").await.expect(200);
    assert_eq!(page.items().len(), 1);
    assert!(!sees(&app.by("pension_head"), &id).await);
    // a bar is stronger than a grant
    grant("officer");
    unknown_to(&app, &app.officer(), &id).await;
}

#[tokio::test]
async fn a_leader_reads_without_numbers_and_addresses() {
    let app = TestApp::start().await;
    let mut petition = claim();
    petition["parties"][0]["identity_number"] = json!("110101194405170020");
    let made = app.desk().post("/petitions", petition.clone()).await;
    let id = if made.status == 201 { made.id() } else { app.register(claim()).await.id() };
    let seen = app.petition(&app.leader(), &id).await;
    let masked: Vec<&str> = seen.body["masked"].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect();
    assert!(masked.contains(&"/parties/0/phone") && masked.contains(&"/parties/0/address"), "{seen}");
    for pointer in masked {
        assert!(seen.body.pointer(pointer).is_some_and(Value::is_null), "{pointer} is masked and must be null in\n{seen}");
    }
    let parties = app.leader().get(&format!("/petitions/{id}/parties")).await.expect(200);
    assert!(!parties.body.to_string().contains("13800000101"), "{parties}");
    let events = app.leader().get(&format!("/petitions/{id}/events")).await.expect(200);
    assert!(!events.body.to_string().contains("13800000101"), "the trail tells what the petition masks:\n{events}");
    let desk = app.petition(&app.desk(), &id).await;
    assert_eq!((desk.body["masked"].clone(), desk.text("/parties/0/phone")), (json!([]), "13800000101".to_owned()));
}

/// Role × permission and role × act, from the code's own tables. `UPDATE_GOLDEN=1` rewrites the file.
#[test]
fn the_policy_is_the_golden_one() {
    let mut text =
        "# Who may, by role: permissions, then acts (x: the role may ever do it, by some relation to the petition).\n".to_owned();
    write!(text, "{:34}", "").unwrap();
    Role::ALL.iter().for_each(|role| write!(text, "{:>15}", role.as_str()).unwrap());
    let mut line = |name: &str, roles: Roles| {
        let marks: String = Role::ALL.iter().map(|role| format!("{:>15}", if roles.has(*role) { "x" } else { "." })).collect();
        write!(text, "\n{name:34}{marks}").unwrap();
    };
    Permission::ALL.iter().for_each(|p| line(p.as_str(), p.roles()));
    for row in ACTS {
        let name = row.reason.map_or_else(|| row.name.to_owned(), |reason| format!("{} {}", row.name, reason.as_str()));
        let roles = if row.act == Act::Register { Act::Register.row().roles() } else { row.roles() };
        line(&name, roles);
    }
    text.push('\n');
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/golden/policy.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let changed: Vec<_> = text.lines().filter(|line| !golden.lines().any(|g| g == *line)).collect();
    assert!(golden == text, "the policy has changed; look at each line, then UPDATE_GOLDEN=1 rewrites the file:\n{}", changed.join("\n"));
}
