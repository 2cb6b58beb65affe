//! What the document says of headers, preconditions, roles and signing in is what happens.

use super::harness::{Document, Operation, TestApp, claim};
use super::openapi::is_open;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The header parameter of this name.
fn parameter<'d>(document: &'d Document, operation: &Operation<'d>, name: &str) -> Option<&'d Value> {
    let declared = operation.json["parameters"].as_array().into_iter().flatten().map(|p| document.resolve(p));
    declared.into_iter().find(|p| p["in"] == "header" && p["name"] == name)
}

#[tokio::test]
async fn headers_go_with_their_statuses() {
    let app = TestApp::start().await;
    let document = app.document;
    let mut faults = Vec::new();
    for operation in document.operations() {
        let name = format!("{} {}", operation.method.to_uppercase(), operation.template);
        let (reads, protected) = (operation.method == "get", !is_open(operation.template));
        let responses = operation.json["responses"].as_object().unwrap();
        let carries = |response: &Value, header: &str| document.resolve(response)["headers"].get(header).is_some();
        let mut same = |one: bool, other: bool, what: &str| {
            if one != other {
                faults.push(format!("{name}: {what}"));
            }
        };
        let asked = |header: &str| parameter(document, &operation, header);
        let tagged = responses.get("200").is_some_and(|r| carries(r, "ETag"));
        same(responses.contains_key("304"), reads && tagged, "304 and the ETag of a read");
        same(responses.contains_key("304"), asked("If-None-Match").is_some(), "304 and If-None-Match");
        same(responses.contains_key("412"), asked("If-Match").is_some(), "412 and If-Match");
        same(responses.contains_key("428"), asked("If-Match").is_some_and(|p| p["required"] == true), "428 and a required If-Match");
        same(asked("Idempotency-Key").is_some(), !reads && protected, "Idempotency-Key and a protected write");
        for (status, response) in responses {
            same(carries(response, "X-Request-Id"), true, &format!("X-Request-Id with {status}"));
            same(carries(response, "Location"), status == "201" || status == "202", &format!("Location with {status}"));
            let success = status.starts_with('2');
            same(carries(response, "Idempotency-Replayed"), success && !reads && protected, &format!("Idempotency-Replayed with {status}"));
            same(carries(response, "Retry-After"), status == "429" || status == "503", &format!("Retry-After with {status}"));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n  {}", faults.len(), faults.join("\n  "));
}

#[tokio::test]
async fn what_has_an_entity_tag_is_read_conditionally_and_says_so() {
    let app = TestApp::start().await;
    app.delivered(claim(), "medical").await;
    app.publish_reception_day(7).await;
    let reader = app.supervisor();
    let mut conditional = BTreeSet::new();
    'operations: for operation in app.document.operations().filter(|o| o.method == "get") {
        let mut path = String::new();
        for segment in operation.template.split('/').skip(1) {
            let segment = if let Some(name) = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
                let list = reader.get(&path).await.expect(200);
                let Some(first) = list.items().first() else { continue 'operations };
                let named = first.get(name).or(first.get("id")).or(first.get("code")).unwrap();
                named.as_str().map_or_else(|| named.to_string(), str::to_owned)
            } else {
                segment.to_owned()
            };
            path = format!("{path}/{segment}");
        }
        let answer = reader.get(&path).await;
        let declared = operation.json["responses"].get("304").is_some();
        match answer.header("etag") {
            Some(tag) => {
                reader.get(&path).header("if-none-match", tag).await.expect(304);
                conditional.insert(operation.template);
            }
            None => assert!(!declared || answer.status != 200, "a 304 is declared where there is no entity-tag:\n{answer}"),
        }
    }
    let expected = [
        "calendars/{code}",
        "calendars/{code}/versions/{version}",
        "categories/{code}",
        "contact-lines/{line_id}",
        "openapi.json",
        "petitions/{petition_id}",
        "policy-issues/{policy_issue_id}",
        "profiles/{code}",
        "profiles/{code}/versions/{version}",
        "reception-days/{reception_day_id}",
        "staff/{id}",
        "units/{id}",
    ];
    assert_eq!(conditional, expected.map(|path| format!("/api/v1/{path}")).iter().map(String::as_str).collect());
}

#[tokio::test]
async fn every_act_on_a_petition_answers_412_to_a_version_that_was_never_there() {
    let app = TestApp::start().await;
    let handled = app.register(claim()).await.id();
    app.refer(&handled, "medical").await;
    app.accept(&handled).await;
    app.ask_extension(&handled, 10).await;
    let due_on = app.now().date_naive() + chrono::Days::new(10);
    app.ask_assistance(&handled, "finance", &due_on.to_string()).await;
    let question = app.last_question(&handled).await;
    app.open_hearing(&handled).await;
    let hearing = app.last_hearing(&handled).await;
    app.recuse(&handled, "housing_head").await;
    let recusal = app.last_recusal(&handled).await;
    app.take_charge(&handled).await;
    app.join_policy_issue(&handled).await;
    app.supervise(&handled).await;
    let supervision = app.last_supervision(&handled).await;
    let (extension, referral) = (app.last_extension(&handled).await, app.last_referral(&handled).await);
    let notice = app.last_notice(&handled).await;
    let contested = app.delivered(claim(), "medical").await;
    app.contest(&contested).await;
    let review = app.last_review(&contested).await;
    let ids = [app.register(claim()).await.id(), app.delivered(claim(), "medical").await, handled, contested];
    let acts = app.document.operations().filter(|o| o.method != "get" && o.template.starts_with("/api/v1/petitions/{petition_id}"));
    for act in acts {
        let method: Method = act.method.to_uppercase().parse().unwrap();
        let mut statuses = Vec::new();
        for id in &ids {
            for who in ["desk", "supervisor", "officer", "head", "finance_officer", "leader"] {
                let ids = [
                    ("{petition_id}", id),
                    ("{extension_id}", &extension),
                    ("{referral_id}", &referral),
                    ("{notice_id}", &notice),
                    ("{review_id}", &review),
                    ("{assistance_id}", &question),
                    ("{hearing_id}", &hearing),
                    ("{recusal_id}", &recusal),
                    ("{supervision_id}", &supervision),
                ];
                let path = ids.iter().fold(act.template.to_owned(), |path, (name, id)| path.replace(name, id));
                let call = app.by(who).call(method.clone(), &path);
                let call = match act.file_type() {
                    Some(kind) => call.raw_body("", &kind),
                    None => call.json(&json!({})),
                };
                statuses.push(call.if_match("\"99-000000000000\"").await.status);
            }
        }
        assert!(statuses.contains(&412), "{method} {}: {statuses:?}", act.template);
    }
}

#[tokio::test]
async fn the_roles_named_are_those_that_get_through() {
    let app = TestApp::start().await;
    // held to the product by authorization.rs
    let golden = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/golden/permissions.txt")).unwrap();
    let mut lines = golden.lines().filter(|line| !line.starts_with('#'));
    let roles: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    let matrix: Vec<(String, Vec<&str>)> = lines
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let through = roles.iter().zip(&words[2..]).filter(|(_, status)| **status != "403");
            (words[..2].join(" "), through.map(|(role, _)| *role).collect())
        })
        .collect();
    for operation in app.document.operations() {
        let name = format!("{} {}", operation.method.to_uppercase(), operation.template);
        let named: Vec<&str> = operation.json["x-roles"].as_array().into_iter().flatten().map(|r| r.as_str().unwrap()).collect();
        if is_open(operation.template) {
            assert!(named.is_empty(), "{name} is open and names roles");
            continue;
        }
        let (_, through) = matrix.iter().find(|(of, _)| *of == name).unwrap_or_else(|| panic!("{name} is not in the matrix"));
        assert_eq!(&named, through, "{name} names other roles than get through");
        let said = operation.json["description"].as_str().unwrap_or_default();
        assert!(said.contains(&format!("Roles: {}.", named.join(", "))), "{name} does not say its roles: {said}");
        assert!(said.contains("Scope: ") || said.contains("Who may — "), "{name} does not say its scope: {said}");
    }
}

#[tokio::test]
async fn signing_in_and_out_declare_what_they_answer() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for (path, declared) in
        [("/auth/token", &["200", "400", "406", "429", "500", "503"][..]), ("/auth/revoke", &["200", "400", "406", "500", "503"])]
    {
        let operation = app.document.at(&format!("/api/v1{path}")).next().unwrap();
        let responses = operation.json["responses"].as_object().unwrap();
        assert!(responses.keys().eq(declared.iter()), "{path}: {:?}", responses.keys());
        let post = || nobody.call(Method::POST, path);
        let form = "application/x-www-form-urlencoded";
        for refused in [
            post().await,
            post().raw_body("{}", "application/json").await,
            post().raw_body("a=%FF&a", form).await,
            post().raw_body(vec![b'x'; 3 << 20], form).await,
            post().raw_body("", form).header("accept", "image/x-nothing").await,
        ] {
            assert_eq!(refused.expect(400).body["error"], "invalid_request", "{path}");
        }
        // who takes no coding at all is refused before it comes to that
        post().raw_body("", form).header("accept-encoding", "identity;q=0").await.expect(406).problem("not_acceptable");
    }
}
