//! The document is the code's, complete, and its examples hold.

use super::harness::{Document, TestApp};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What needs no token (a last `…` stands for anything); all else is 401 without one.
pub const OPEN: &[&str] = &[
    "/api/v1/auth/…",
    "/api/v1/public/…",
    "/api/v1/audit/checkpoints…",
    "/api/v1/openapi.json",
    "/api/v1/.well-known/jwks.json",
    "/.well-known/jwks.json",
    "/livez",
    "/readyz",
    "/metrics",
    "/docs…",
    "/problems/{code}",
];

/// Members whose names say all there is to say may go without a sentence, but only so many.
const UNDESCRIBED: usize = 15;

/// Whether an operation's path is open to all.
pub fn is_open(template: &str) -> bool {
    OPEN.iter().any(|open| open.strip_suffix('…').map_or(template == *open, |start| template.starts_with(start)))
}

#[test]
fn every_pattern_says_in_words_what_does_not_fit_it() {
    fn patterns(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| patterns(item, found)),
            Value::Object(members) => {
                found.extend(members.get("pattern").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|member| patterns(member, found));
            }
            _ => {}
        }
    }
    let (mut found, known) = (Vec::new(), xinfang::codes::FORMS);
    patterns(&serde_json::from_str(&xinfang::app::openapi_text()).unwrap(), &mut found);
    found.retain(|pattern| pattern != "\\S");
    for pattern in &found {
        assert!(known.iter().any(|(of, _)| of == pattern), "{pattern} has no words in codes::FORMS");
    }
    assert!(known.iter().all(|(of, _)| found.iter().any(|pattern| pattern == of)), "a form of no pattern");
}

#[tokio::test]
async fn the_committed_document_is_the_codes() {
    let app = TestApp::start().await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let text = xinfang::app::openapi_text();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &text).unwrap();
    }
    let printed: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(printed, app.document.json, "what is printed is not what is served");
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let mut differences = Vec::new();
    differ("", &serde_json::from_str(&committed).unwrap_or_default(), &printed, &mut differences);
    let shown = differences.iter().take(20).cloned().collect::<Vec<_>>().join("\n  ");
    assert!(
        committed == text,
        "openapi/openapi.json is not the code's document (UPDATE_OPENAPI=1 cargo test --test api openapi rewrites it); {} differences:\n  {shown}",
        differences.len()
    );
}

/// Where two documents part.
fn differ(at: &str, committed: &Value, code: &Value, found: &mut Vec<String>) {
    match (committed, code) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<_> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                match (a.get(key), b.get(key)) {
                    (Some(a), Some(b)) => differ(&at, a, b, found),
                    (None, _) => found.push(format!("{at} is new")),
                    (_, None) => found.push(format!("{at} is gone")),
                }
            }
        }
        (a, b) if a != b => found.push(format!("{at} was {a}, is {b}")),
        _ => {}
    }
}

#[tokio::test]
async fn every_operation_is_complete() {
    let app = TestApp::start().await;
    let document = app.document;
    assert!(document.json["openapi"].as_str().is_some_and(|v| v.starts_with("3.1")), "{}", document.json["openapi"]);
    let by_default = document.json["security"].as_array().is_some_and(|s| !s.is_empty());
    assert!(by_default, "the document must name its security");
    let mut ids = BTreeMap::new();
    let mut faults = Vec::new();
    for operation in document.operations() {
        let name = format!("{} {}", operation.method.to_uppercase(), operation.template);
        let mut require = |holds: bool, what: &str| {
            if !holds {
                faults.push(format!("{name} {what}"));
            }
        };
        let text = |key: &str| operation.json[key].as_str().filter(|t| !t.trim().is_empty());
        require(text("summary").is_some(), "has no summary");
        require(operation.json["tags"].as_array().is_some_and(|t| !t.is_empty()), "has no tag");
        match text("operationId") {
            None => require(false, "has no operationId"),
            Some(id) => {
                let other = ids.insert(id, name.clone());
                require(other.is_none(), &format!("shares its operationId `{id}` with {other:?}"));
            }
        }
        let statuses: Vec<&String> = operation.json["responses"].as_object().into_iter().flat_map(Map::keys).collect();
        require(statuses.iter().any(|s| s.starts_with('2')), "declares no success");
        let open = operation.json["security"].as_array().map(Vec::is_empty);
        if is_open(operation.template) {
            require(open == Some(true), "is open and must say `security: []`");
        } else {
            require(open != Some(true), "is not on the list of what is open");
            require(statuses.iter().any(|s| *s == "401"), "needs a token and declares no 401");
        }
        for parameter in operation.template.split(['{', '}']).skip(1).step_by(2) {
            let declared = operation.json["parameters"].as_array().into_iter().flatten().map(|p| document.resolve(p));
            let found = declared.filter(|p| p["name"] == parameter && p["in"] == "path").count();
            require(found == 1, &format!("does not declare its path parameter `{parameter}`"));
        }
    }
    assert!(ids.len() > 5, "the document is all but empty");
    assert!(faults.is_empty(), "{} faults:\n  {}", faults.len(), faults.join("\n  "));
}

#[tokio::test]
async fn every_request_body_has_an_example_that_is_valid() {
    let app = TestApp::start().await;
    let document = app.document;
    let mut faults = Vec::new();
    for operation in document.operations() {
        let name = operation.json["operationId"].as_str().unwrap_or(operation.template);
        let body = document.resolve(&operation.json["requestBody"]);
        for (kind, media) in body["content"].as_object().into_iter().flatten() {
            let examples = examples(document, media);
            if examples.is_empty() {
                faults.push(format!("{name}: {kind} has no example"));
            }
            for example in examples {
                let example = if kind == "application/x-www-form-urlencoded" { &form(example) } else { example };
                let found = document.faults(&media["schema"], example);
                faults.extend(found.into_iter().map(|fault| format!("{name}: its example is invalid {fault}")));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n  {}", faults.len(), faults.join("\n  "));
}

#[tokio::test]
async fn every_answer_has_an_example_that_is_valid() {
    let app = TestApp::start().await;
    let document = app.document;
    let mut faults = Vec::new();
    for operation in document.operations() {
        let name = operation.json["operationId"].as_str().unwrap_or(operation.template);
        for (status, response) in operation.json["responses"].as_object().into_iter().flatten() {
            let response = document.resolve(response);
            for (kind, media) in response["content"].as_object().into_iter().flatten() {
                let examples = examples(document, media);
                if examples.is_empty() {
                    faults.push(format!("{name}, {status}: {kind} has no example"));
                }
                let found = examples.into_iter().flat_map(|example| document.faults(&media["schema"], example));
                faults.extend(found.map(|fault| format!("{name}, {status}: its example is invalid {fault}")));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n  {}", faults.len(), faults.join("\n  "));
}

/// A form as the object its schema speaks of.
fn form(example: &Value) -> Value {
    let url = reqwest::Url::parse(&format!("form:?{}", example.as_str().unwrap_or_default())).unwrap();
    url.query_pairs().map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))).collect::<Map<_, _>>().into()
}

/// The examples of a media type: its own, or its schema's.
fn examples<'d>(document: &'d Document, media: &'d Value) -> Vec<&'d Value> {
    let schema = document.resolve(&media["schema"]);
    let named = media["examples"].as_object().into_iter().flatten().filter_map(|(_, e)| document.resolve(e).get("value"));
    let listed = schema["examples"].as_array().into_iter().flatten();
    media.get("example").into_iter().chain(named).chain(schema.get("example")).chain(listed).collect()
}

#[tokio::test]
async fn every_member_is_described() {
    let app = TestApp::start().await;
    let document = app.document;
    let mut bare = Vec::new();
    for (name, schema) in document.json["components"]["schemas"].as_object().into_iter().flatten() {
        undescribed(document, name, schema, &mut bare);
    }
    let list = bare.join("\n  ");
    assert!(bare.len() <= UNDESCRIBED, "{} members lack a description, {UNDESCRIBED} may:\n  {list}", bare.len());
    if !bare.is_empty() {
        eprintln!("members without a description:\n  {list}");
    }
}

fn undescribed(document: &Document, at: &str, schema: &Value, bare: &mut Vec<String>) {
    // beside a `$ref` stands what the member is, behind it what its type is
    let described = |schema: &Value| schema["description"].is_string() || document.resolve(schema)["description"].is_string();
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let alternatives = ["oneOf", "anyOf", "allOf"].into_iter().flat_map(|key| member[key].as_array().into_iter().flatten());
        if !member["description"].is_string() && !described(member) && !alternatives.into_iter().any(described) {
            bare.push(format!("{at}.{name}"));
        }
        undescribed(document, &format!("{at}.{name}"), member, bare);
    }
    undescribed_items(document, at, &schema["items"], bare);
    for part in ["oneOf", "anyOf", "allOf"].into_iter().flat_map(|key| schema[key].as_array().into_iter().flatten()) {
        undescribed(document, at, part, bare);
    }
}

fn undescribed_items(document: &Document, at: &str, items: &Value, bare: &mut Vec<String>) {
    if items.is_object() {
        undescribed(document, &format!("{at}[]"), items, bare);
    }
}
