//! Profiles of retirees: kept, found, merged, masked; what registration takes from them.

use super::harness::{Answer, Persona, TestApp, claim};
use serde_json::{Value, json};
use xinfang::platform::db::types::Id;

/// Somebody with all that can be known of them; the number is a region's that there is none of.
fn zhang() -> Value {
    json!({
        "name": "张建国", "category": "retired_cadre", "identity_number": "990100194305120015",
        "phones": [{"number": "138 0000 0001"}, {"number": "0570-5551234", "label": "女儿家"}], "address": "城东区和平路12号3栋201室",
        "rank_band": "副处级", "residence_region": "样例县城东街道", "living_situation": "alone", "mobility": "with_aid",
        "hearing_impaired": true, "disability": true, "preferred_contact": "visit", "party_branch": "县水利局退休党支部",
        "relatives": [{"name": "张丽", "relation": "女儿", "phone": "13800000002", "may_act": true}]
    })
}

fn named(name: &str) -> Value {
    json!({"name": name, "category": "enterprise_retiree"})
}

async fn kept(who: &Persona<'_>, profile: Value) -> Answer {
    who.post("/retirees", profile).await.expect(201)
}

async fn found(who: &Persona<'_>, query: &str) -> Vec<String> {
    let answer = who.get(&format!("/retirees?{query}")).await.expect(200);
    answer.body["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_profile_is_kept_read_and_changed() {
    let app = TestApp::start().await;
    let desk = app.desk();
    let made = kept(&desk, zhang()).await;
    let id = made.id();
    assert_eq!((&made.body["birth_date"], &made.body["sex"]), (&json!("1943-05-12"), &json!("male")), "what the number says");
    assert_eq!(made.header("location"), Some(format!("/api/v1/retirees/{id}").as_str()));
    let read = desk.get(&format!("/retirees/{id}")).await.expect(200);
    assert_eq!(read.body, made.body);
    assert_eq!(read.body["phones"][1], json!({"number": "0570-5551234", "label": "女儿家"}));

    let path = format!("/retirees/{id}");
    desk.patch(&path, json!({"in_hospital": true})).await.expect(428);
    desk.patch(&path, json!({"in_hospital": true})).if_match("\"9-000000000000\"").await.expect(412);
    let unit = app.unit("medical");
    let change = json!({
        "in_hospital": true, "address": null, "phones": [{"number": "13800000009"}], "liaison_officer": app.officer().actor.unwrap().id(),
        "units": [{"role": "functional", "unit_id": unit, "from": "2003-06-01"}]
    });
    let changed = desk.patch(&path, change.clone()).if_match(&read.etag()).await.expect(200);
    assert_eq!((&changed.body["in_hospital"], &changed.body["address"], &changed.body["version"]), (&json!(true), &json!(null), &json!(2)));
    assert_eq!(changed.body["units"][0]["unit"]["id"], json!(unit));
    assert_eq!(changed.body["relatives"], made.body["relatives"], "what is left out stays");
    let same = desk.patch(&path, change).if_match(&changed.etag()).await.expect(200);
    assert_eq!(same.body, changed.body, "a change of nothing is none");
    assert_eq!(found(&desk, "q=13800000009").await, ["张建国"]);
    assert!(found(&desk, "q=13800000001").await.is_empty(), "a number given up finds nobody");
}

#[tokio::test]
async fn somebody_is_found_by_name_sound_initials_and_numbers() {
    let app = TestApp::start().await;
    let desk = app.desk();
    kept(&desk, zhang()).await;
    for name in ["张建华", "章金贵", "𠮷田", "Anna Li", "褚玉兰"] {
        kept(&desk, named(name)).await;
    }
    for (q, names) in [
        ("q=张建国", &["张建国"][..]),
        ("q=张 建", &["张建华", "张建国"]),
        ("q=zjg", &["张建国", "章金贵"]),
        ("q=ZhangJian", &["张建国", "张建华"]),
        ("q=zhang", &["张建国", "张建华", "章金贵"]),
        ("q=𠮷", &["𠮷田"]),
        ("q=anna", &["Anna Li"]),
        ("q=990100194305120015", &["张建国"]),
        ("q=0570 5551234", &["张建国"]),
        ("q=99010019430512001", &[]),
        ("q=国", &[]),
        ("q=%25", &[]),
        ("branch=县水利局退休党支部", &["张建国"]),
        ("category=lixiu", &[]),
        ("category=retired_cadre&status=alive&q=z", &["张建国"]),
    ] {
        let mut answer = found(&desk, q).await;
        let mut names: Vec<_> = names.iter().map(ToString::to_string).collect();
        answer.sort();
        names.sort();
        assert_eq!(answer, names, "{q}");
    }
    for (q, pointer, code) in
        [("q=%00", "/q", "control_character"), ("limit=0", "/limit", "too_small"), ("category=x", "/category", "not_in_list")]
    {
        let refused = desk.get(&format!("/retirees?{q}")).await.expect(400);
        assert_eq!(
            (&refused.body["errors"][0]["pointer"], &refused.body["errors"][0]["code"]),
            (&json!(pointer), &json!(code)),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn pages_go_on_from_way_to_way_and_show_everybody_once() {
    let app = TestApp::start().await;
    let desk = app.desk();
    // the first two by initials, all by sound
    for name in ["张安", "赵爱", "张", "赵"] {
        kept(&desk, named(name)).await;
    }
    for query in ["q=z", "q=zh", "q=zha", ""] {
        let (mut names, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = desk.get(&format!("/retirees?{query}&limit=1{cursor}")).await.expect(200);
            names.extend(page.body["items"].as_array().unwrap().iter().map(|i| i["name"].as_str().unwrap().to_owned()));
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        names.sort();
        assert_eq!(names, ["张", "张安", "赵", "赵爱"], "{query}");
    }
}

#[tokio::test]
async fn who_sees_whom_and_whose_numbers() {
    let app = TestApp::start().await;
    let mut of_medical = zhang();
    of_medical["units"] = json!([{"role": "functional", "unit_id": app.unit("medical")}]);
    let id = kept(&app.desk(), of_medical).await.id();
    let other = kept(&app.desk(), named("褚玉兰")).await.id();
    let (path, other) = (format!("/retirees/{id}"), format!("/retirees/{other}"));
    for who in ["desk", "officer", "supervisor"] {
        let seen = app.by(who).get(&path).await.expect(200);
        assert_eq!(seen.body["identity_number"], json!("990100194305120015"), "{who}");
        assert_eq!(seen.body["masked"], json!([]), "{who}");
    }
    let masked = json!(["/identity_number", "/address", "/phones/0/number", "/phones/1/number", "/relatives/0/phone"]);
    for who in ["head", "leader"] {
        let seen = app.by(who).get(&path).await.expect(200);
        assert_eq!(seen.body["masked"], masked, "{who}");
        assert!(!seen.body.to_string().contains("5551234") && !seen.body.to_string().contains("9901"), "{seen}");
        assert!(found(&app.by(who), "q=990100194305120015").await.is_empty(), "{who}");
        assert_eq!(found(&app.by(who), "q=zjg").await, ["张建国"], "{who}");
        app.by(who).patch(&path, json!({"in_hospital": true})).if_match(&seen.etag()).await.expect(403);
    }
    for who in ["auditor", "admin"] {
        app.by(who).get(&path).await.expect(403);
        app.by(who).get("/retirees").await.expect(403);
        app.by(who).get(&format!("{path}/contact-card")).await.expect(403);
        app.by(who).get(&format!("{path}/petitions")).await.expect(403);
    }
    for who in ["officer", "head", "discipline"] {
        app.by(who).get(&other).await.expect(404);
        app.by(who).get(&format!("{other}/contact-card")).await.expect(404);
        app.by(who).get(&format!("{other}/petitions")).await.expect(404);
        assert!(found(&app.by(who), "q=cyl").await.is_empty(), "{who}");
    }
    app.discipline().get(&path).await.expect(404);
    app.officer().patch(&other, json!({"in_hospital": true})).if_match("*").await.expect(404);

    // nobody makes what they then can't see
    let refused = app.officer().post("/retirees", named("卫长河")).await.expect(422);
    assert_eq!(refused.body["errors"][0]["code"], json!("outside_own_units"), "{refused}");
    let mut own = named("卫长河");
    own["liaison_officer"] = json!(app.officer().actor.unwrap().id());
    kept(&app.officer(), own).await;
}

#[tokio::test]
async fn what_is_wrong_is_told_at_once_and_leaves_nothing() {
    let app = TestApp::start().await;
    let desk = app.desk();
    let unknown = app.unknown_id();
    let mut wrong = zhang();
    wrong["birth_date"] = json!("1943-05-13");
    wrong["sex"] = json!("female");
    wrong["liaison_officer"] = json!(unknown);
    wrong["units"] = json!([{"role": "managing", "unit_id": unknown, "from": "2020-01-01", "to": "2019-01-01"}]);
    let refused = desk.post("/retirees", wrong).await.expect(422);
    let mut faults: Vec<(&str, &str)> =
        refused.body["errors"].as_array().unwrap().iter().map(|f| (f["pointer"].as_str().unwrap(), f["code"].as_str().unwrap())).collect();
    faults.sort_unstable();
    let expected = [
        ("/birth_date", "identity_birth_date_differs"),
        ("/liaison_officer", "unknown_staff"),
        ("/sex", "identity_sex_differs"),
        ("/units/0/from", "from_after_to"),
        ("/units/0/unit_id", "unknown_unit"),
    ];
    assert_eq!(faults, expected, "{refused}");
    let mut number = zhang();
    number["identity_number"] = json!("990100194305120012");
    let refused = desk.post("/retirees", number).await.expect(422);
    assert_eq!(refused.body["errors"][0]["code"], json!("identity_number_wrong"));
    for body in
        [json!({}), json!({"name": " ", "category": "lixiu"}), json!({"name": "x", "category": "lixiu", "phones": [{"number": "---"}]})]
    {
        desk.post("/retirees", body).await.expect(422);
    }
    assert!(found(&desk, "").await.is_empty());
    // passports and the numbers of 15 digits have no check
    for (name, number) in [("甲", "E12345678"), ("乙", "330800430512001")] {
        let mut profile = named(name);
        profile["identity_number"] = json!(number);
        kept(&desk, profile).await;
    }
}

#[tokio::test]
async fn nobody_is_on_file_twice_unless_somebody_says_so() {
    let app = TestApp::start().await;
    let desk = app.desk();
    let id = kept(&desk, zhang()).await.id();
    let refused = desk.post("/retirees", zhang()).await.expect(409).problem("retiree_known");
    assert_eq!(refused.body["alike"], json!([{"id": id, "name": "张建国", "reasons": ["identity_number"]}]));
    // whoever may not see the other profile is not told of it
    let mut of_medical = zhang();
    of_medical["units"] = json!([{"role": "functional", "unit_id": app.unit("medical")}]);
    let refused = app.officer().post("/retirees", of_medical).await.expect(409).problem("retiree_known");
    assert!(refused.body.get("alike").is_none(), "{refused}");

    let mut alike =
        json!({"name": "张 建国", "category": "retired_cadre", "birth_date": "1943-05-12", "phones": [{"number": "13800000001"}]});
    let refused = desk.post("/retirees", alike.clone()).await.expect(409).problem("possible_double");
    assert_eq!(refused.body["alike"], json!([{"id": id, "name": "张建国", "reasons": ["name", "birth_date", "phone"]}]));
    alike["double_of_none"] = json!(true);
    let other = kept(&desk, alike).await;
    // a change is held to what it brings only
    let changed = desk.patch(&format!("/retirees/{}", other.id()), json!({"mobility": "walks"})).if_match(&other.etag()).await.expect(200);
    let taken = json!({"identity_number": "990100194305120015"});
    desk.patch(&format!("/retirees/{}", other.id()), taken).if_match(&changed.etag()).await.expect(409).problem("retiree_known");
}

#[tokio::test]
async fn doubles_are_merged_and_the_merge_is_undone() {
    let app = TestApp::start().await;
    let desk = app.desk();
    let into = kept(&desk, zhang()).await;
    let double = kept(&desk, named("张健国")).await;
    let (into_id, id) = (into.id(), double.id());
    let merge = format!("/retirees/{id}/merge");
    let body = json!({"into": into_id, "reason": "同一人，名字写错"});
    let registered = app.register(with_retiree(&id)).await.id();

    desk.post(&merge, body.clone()).await.expect(428);
    desk.post(&merge, json!({"into": id, "reason": "x"})).if_match(&double.etag()).await.expect(422);
    desk.post(&merge, json!({"into": app.unknown_id(), "reason": "x"})).if_match(&double.etag()).await.expect(422);
    desk.call(reqwest::Method::DELETE, &merge).json(&json!({"reason": "x"})).await.expect(409).problem("retiree_not_merged");
    let merged = desk.post(&merge, body.clone()).if_match(&double.etag()).await.expect(200);
    assert_eq!((&merged.body["id"], &merged.body["merged"]), (&json!(into_id), &json!([id])));
    let read = desk.get(&format!("/retirees/{id}")).await.expect(200);
    assert_eq!(read.body["id"], json!(into_id), "reading follows");
    assert_eq!(found(&desk, "q=z").await, ["张建国"]);
    desk.post(&merge, body).if_match("*").await.expect(409).problem("retiree_merged");
    desk.patch(&format!("/retirees/{id}"), json!({"mobility": "walks"})).if_match("*").await.expect(409).problem("retiree_merged");
    for profile in [&id, &into_id] {
        let petitions = desk.get(&format!("/retirees/{profile}/petitions")).await.expect(200);
        assert_eq!(petitions.body["items"][0]["id"], json!(registered), "{petitions}");
    }
    assert_eq!(app.petition(&desk, &registered).await.body["parties"][0]["retiree_id"], json!(id));

    // whoever did not know of it yet names the double; the petition is of the profile that goes on
    let late = app.register(with_retiree(&id)).await;
    assert_eq!(late.body["parties"][0]["retiree_id"], json!(into_id));
    assert_eq!((&late.body["parties"][0]["birth_date"], &late.body["priority"]["level"]), (&json!("1943-05-12"), &json!("high")));
    // and the earlier one is found by either
    for profile in [&id, &into_id] {
        let party = json!({"retiree_id": profile});
        let candidates = desk.post("/petitions/candidates", json!({"parties": [party]})).await.expect(200);
        let found: Vec<_> = candidates.items().iter().map(|item| item["petition"]["id"].clone()).collect();
        assert_eq!(found, [json!(late.id()), json!(registered)], "{candidates}");
        assert_eq!(candidates.items()[1]["reasons"][0]["code"], "same_retiree", "{candidates}");
    }
    let candidates = desk.get(&format!("/petitions/{}/candidates", late.id())).await.expect(200);
    assert_eq!(candidates.items()[0]["petition"]["id"], json!(registered));
    app.act(&app.supervisor(), reqwest::Method::PUT, &registered, "matter", json!({"petition_id": late.id()})).await.done();

    let undone = desk.call(reqwest::Method::DELETE, &merge).json(&json!({"reason": "同名不同人"})).await.expect(200);
    assert_eq!((&undone.body["id"], &undone.body["name"]), (&json!(id), &json!("张健国")));
    assert_eq!(found(&desk, "q=z").await.len(), 2);
    let left = desk.get(&format!("/retirees/{into_id}/petitions")).await.expect(200);
    assert_eq!(left.items().iter().map(|item| item["id"].clone()).collect::<Vec<_>>(), [json!(late.id())]);
}

fn with_retiree(id: &str) -> Value {
    let mut petition = claim();
    petition["parties"] = json!([{"role": "petitioner", "name": "张建国", "retiree_id": id}]);
    petition
}

#[tokio::test]
async fn registration_takes_from_the_profile_what_was_left_out() {
    let app = TestApp::start().await;
    let id = kept(&app.desk(), zhang()).await.id();
    let petition = app.register(with_retiree(&id)).await;
    let party = &petition.body["parties"][0];
    assert_eq!(party["retiree_id"], json!(id));
    assert_eq!(
        json!([party["birth_date"], party["sex"], party["phone"], party["address"], party["identity_number"]]),
        json!(["1943-05-12", "male", "138 0000 0001", "城东区和平路12号3栋201室", "990100194305120015"])
    );
    assert_eq!(petition.body["priority"]["level"], json!("high"), "over 80: {petition}");
    let fact: (Option<String>, Option<String>) = app
        .rows(|c| {
            use diesel::prelude::*;
            use xinfang::platform::db::schema::petition_fact::dsl::*;
            Ok(petition_fact.select((age_band, living)).first(c)?)
        })
        .await;
    assert!(fact.0.is_some() && fact.1.as_deref() == Some("alone"), "{fact:?}");

    // the same identity number without the profile is found too, and only once
    let mut by_number = claim();
    by_number["parties"] = json!([{"role": "petitioner", "name": "张建国", "identity_number": "990100194305120015", "address": "别处"}]);
    app.register(by_number).await;
    let petitions = app.desk().get(&format!("/retirees/{id}/petitions?limit=1")).await.expect(200);
    let next = petitions.body["next_cursor"].as_str().unwrap().to_owned();
    let rest = app.desk().get(&format!("/retirees/{id}/petitions?limit=1&cursor={next}")).await.expect(200);
    assert_eq!((rest.body["items"].as_array().unwrap().len(), &rest.body["next_cursor"]), (1, &json!(null)), "{rest}");
    // a caller sees of them what they see in lists
    let seen = app.leader().get(&format!("/retirees/{id}/petitions")).await.expect(200);
    assert_eq!(seen.body["items"].as_array().unwrap().len(), 2);

    let refused = app.desk().post("/petitions", with_retiree(&app.unknown_id().to_string())).await.expect(422);
    assert_eq!(
        (&refused.body["errors"][0]["pointer"], &refused.body["errors"][0]["code"]),
        (&json!("/parties/0/retiree_id"), &json!("unknown_retiree"))
    );
    let refused = app.discipline().post("/petitions", with_retiree(&id)).await.expect(422);
    assert_eq!(refused.body["errors"][0]["code"], json!("unknown_retiree"), "known, but not to them");
    let mut wrong = claim();
    wrong["parties"][0]["identity_number"] = json!("990100194405170021");
    let refused = app.desk().post("/petitions", wrong).await.expect(422);
    assert_eq!(
        (&refused.body["errors"][0]["pointer"], &refused.body["errors"][0]["code"]),
        (&json!("/parties/0/identity_number"), &json!("identity_number_wrong"))
    );

    let more = json!({"role": "co_petitioner", "name": "张建国", "retiree_id": id});
    let added = app.act(&app.desk(), reqwest::Method::POST, &petition.id(), "parties", more).await.done();
    let body = app.petition(&app.desk(), &petition.id()).await;
    assert_eq!(body.body["parties"][1]["phone"], json!("138 0000 0001"), "{added}");
}

#[tokio::test]
async fn the_contact_card_names_who_is_there_for_them() {
    let app = TestApp::start().await;
    let mut profile = zhang();
    let officer: Id = app.officer().actor.unwrap().id();
    profile["liaison_officer"] = json!(officer);
    profile["units"] = json!([
        {"role": "functional", "unit_id": app.unit("medical")},
        {"role": "managing", "unit_id": app.unit("pension"), "to": "2020-12-31"}
    ]);
    profile["name"] = json!("张<建国");
    let id = kept(&app.desk(), profile).await.id();
    let path = format!("/retirees/{id}/contact-card");
    let card = app.officer().get(&path).await.expect(200);
    assert_eq!(card.body["liaison_officer"]["id"], json!(officer));
    assert_eq!(card.body["units"].as_array().unwrap().len(), 1, "those of today: {card}");
    assert_eq!(card.body["units"][0]["heads"].as_array().unwrap().len(), 1, "{card}");
    assert!(card.body["lines"].as_array().unwrap().iter().any(|line| line["number"] == "120"));
    let page = app.officer().get(&path).header("accept", "text/html").await.expect(200);
    assert!(String::from_utf8_lossy(&page.bytes).contains("张&lt;建国"), "{page}");
}

#[tokio::test]
async fn a_client_names_the_profile_and_sends_it_again() {
    let app = TestApp::start().await;
    let mut profile = zhang();
    profile["id"] = json!(app.unknown_id());
    let first = kept(&app.desk(), profile.clone()).await;
    let again = kept(&app.desk(), profile).await;
    assert_eq!(first.body, again.body);
    let mut taken = named("别人");
    taken["id"] = json!(first.id());
    app.desk().post("/retirees", taken).await.expect(409);
}

#[tokio::test]
async fn names_with_readings_of_their_own_and_numbers_however_dialled_are_found() {
    let app = TestApp::start().await;
    let desk = app.desk();
    for (name, phone) in [
        ("曾国强", "13800001234"),
        ("尉迟恭", "0573-82345678"),
        ("重庆生", "+86 139 0000 5678"),
        ("吕𠮷", "１３７００００５６７８"),
        ("阿不都·热合曼", "13600001234"),
    ] {
        let mut profile = named(name);
        profile["phones"] = json!([{ "number": phone }]);
        kept(&desk, profile).await;
    }
    for (q, name) in [
        ("zgq", "曾国强"),
        ("zengguo", "曾国强"),
        ("ycg", "尉迟恭"),
        ("cqs", "重庆生"),
        ("lv", "吕𠮷"),
        ("l", "吕𠮷"),
        ("%E5%90%95%F0%A0%AE%B7", "吕𠮷"),
        ("%E9%98%BF%E4%B8%8D%E9%83%BD%E7%83%AD", "阿不都·热合曼"),
        ("%2B8613800001234", "曾国强"),
        ("+8613800001234", "曾国强"),
        ("82345678", "尉迟恭"),
        ("057382345678", "尉迟恭"),
        ("13900005678", "重庆生"),
        ("13700005678", "吕𠮷"),
    ] {
        assert_eq!(found(&desk, &format!("q={q}")).await, [name], "{q}");
    }
}

#[tokio::test]
async fn faults_of_form_and_of_meaning_are_told_together() {
    let app = TestApp::start().await;
    let desk = app.desk();
    let nobody = "01920000-0000-7000-8000-000000000001";
    let wrong = json!({
        "name": " ", "category": "retired_cadre", "identity_number": "990100194305120010", "birth_date": "2050-01-01",
        "phones": [{"number": "打女儿家"}], "liaison_officer": nobody, "units": [{"role": "managing", "unit_id": nobody}]
    });
    desk.post("/retirees", wrong).await.expect(422).only_faults(&[
        ("/name", "empty"),
        ("/phones/0/number", "phone_form"),
        ("/identity_number", "identity_number_wrong"),
        ("/birth_date", "in_future"),
        ("/liaison_officer", "unknown_staff"),
        ("/units/0/unit_id", "unknown_unit"),
    ]);
    let unread =
        json!({"name": "张", "category": "retired_cadre", "sex": "m", "identity_number": "990100203001010010", "name_before": "李"});
    let told = desk.post("/retirees", unread).await.expect(422);
    told.only_faults(&[("/sex", "not_in_list"), ("/name_before", "unknown_member"), ("/identity_number", "identity_number_wrong")]);
    // a text the database would not take is not asked about
    let control = json!({"name": "a\u{0}", "category": "retired_cadre", "liaison_officer": nobody});
    desk.post("/retirees", control).await.expect(422).only_faults(&[("/name", "control_character")]);
}

#[tokio::test]
async fn numbers_are_kept_without_what_is_set_between() {
    let app = TestApp::start().await;
    let desk = app.desk();
    let mut profile = named("张建国");
    profile["identity_number"] = json!(" 990100 19430512-0015 ");
    let made = kept(&desk, profile).await;
    assert_eq!(made.body["identity_number"], json!("990100194305120015"));
    assert_eq!(found(&desk, "q=990100-19430512-0015").await, ["张建国"]);
    for (number, code) in [("号码为１９４３年", "identity_number_form"), ("99-01", "too_short"), ("--------", "identity_number_form")]
    {
        let mut profile = named("张建国");
        profile["identity_number"] = json!(number);
        desk.post("/retirees", profile).await.expect(422).only_faults(&[("/identity_number", code)]);
    }
}
