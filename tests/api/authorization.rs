//! Who is refused what. Both tests go through every operation of the document: a new one is covered when it is declared.

use super::harness::{Document, Persona, TestApp};
use super::openapi::is_open;
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// One persona a role, in the golden file's order.
const ROLES: [(&str, &str); 7] = [
    ("receptionist", "desk"),
    ("officer", "officer"),
    ("unit_head", "head"),
    ("supervisor", "supervisor"),
    ("leader", "leader"),
    ("auditor", "auditor"),
    ("administrator", "admin"),
];

/// An operation that needs a token, its path filled with ids that nothing has.
struct Protected {
    name: String,
    method: Method,
    path: String,
    takes_body: bool,
    /// The type of its body when that is a file.
    takes_file: Option<String>,
    /// The query that has to be there.
    query: String,
}

fn protected(app: &TestApp, document: &Document) -> Vec<Protected> {
    let operations = document.operations().filter(|o| !is_open(o.template));
    let found: Vec<_> = operations
        .map(|o| {
            let parameter = |segment: &str| segment.starts_with('{');
            let fill = |s: &str| if parameter(s) { app.unknown_id().to_string() } else { s.to_owned() };
            Protected {
                name: format!("{} {}", o.method.to_uppercase(), o.template),
                method: o.method.to_uppercase().parse().unwrap(),
                path: o.template.split('/').map(fill).collect::<Vec<_>>().join("/"),
                takes_body: o.json.get("requestBody").is_some(),
                takes_file: o.file_type(),
                query: o.required_query(),
            }
        })
        .collect();
    assert!(!found.is_empty(), "no operation needs a token");
    found
}

#[tokio::test]
async fn without_a_token_everything_protected_is_401_whatever_else_is_wrong() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for operation in protected(&app, app.document) {
        let call = || nobody.call(operation.method.clone(), &operation.path);
        let mut refused = vec![
            call().await,
            call().header("accept", "image/x-nothing").await,
            call().header("if-match", "not an entity-tag").header("idempotency-key", &"x".repeat(300)).await,
            call().raw_body("{\"broken", "application/json").await,
            call().raw_body(vec![0, 159, 146, 150], "application/x-nothing").await,
            nobody.call(operation.method.clone(), &format!("{}?no_such_parameter=%FF&limit=-1", operation.path)).await,
        ];
        for answer in refused.drain(..) {
            let answer = answer.expect(401).problem("unauthenticated");
            assert!(answer.header("www-authenticate").is_some_and(|v| v.starts_with("Bearer")), "{answer}");
        }
    }
}

#[tokio::test]
async fn an_unknown_path_is_404_and_an_undeclared_method_405_for_everybody() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    nobody.get("/petitionz").await.expect(404).problem("not_found");
    nobody.post("/petitions/x/y/z", json!({})).await.expect(404).problem("not_found");
    let paths: BTreeSet<String> = app.document.operations().map(|o| o.template.replace(['{', '}'], "")).collect();
    for path in paths {
        let declared: BTreeSet<String> = app.document.at(&path).map(|o| o.method.to_uppercase()).collect();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().filter(|m| !declared.contains(*m)) {
            let answer = nobody.call(method.parse().unwrap(), &path).await.expect(405).problem("method_not_allowed");
            let allow = answer.header("allow").unwrap_or_default();
            let allowed: BTreeSet<String> = allow.split(", ").filter(|m| *m != "HEAD").map(str::to_owned).collect();
            assert_eq!(allowed, declared, "expected {declared:?} in Allow of\n{answer}");
        }
    }
}

#[tokio::test]
async fn a_token_that_is_none_of_ours_is_401() {
    let app = TestApp::start().await;
    let good = app.desk().token().unwrap();
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let tampered = format!("{signed}.{}", signature.chars().rev().collect::<String>());
    // alg none, as RFC 8725 warns of
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", signed.split_once('.').unwrap().1);
    let bad = ["Bearer".to_owned(), "Bearer ".to_owned(), "Basic ZGVzazpkZW1v".to_owned(), "Bearer x.y.z".to_owned()];
    let bad = bad.into_iter().chain([format!("Bearer {tampered}"), format!("Bearer {unsigned}"), good.clone()]);
    for authorization in bad {
        for operation in protected(&app, app.document) {
            let answer = app.desk().call(operation.method, &operation.path).authorization(&authorization).await.expect(401);
            assert!(["token_invalid", "unauthenticated"].iter().any(|code| answer.body["code"] == *code), "{answer}");
        }
    }
    app.desk().get("/me").authorization(&format!("bearer {good}")).await.expect(200);
    app.advance(chrono::Duration::minutes(15));
    app.desk().get("/me").authorization(&format!("Bearer {good}")).await.expect(401).problem("token_expired");
}

#[tokio::test]
async fn the_matrix_of_roles_and_operations_is_the_golden_one() {
    let app = TestApp::start().await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/golden/permissions.txt");
    let matrix = matrix(&app).await;
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &matrix).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    let changed: Vec<_> = matrix.lines().filter(|line| !golden.lines().any(|g| g == *line)).map(|line| format!("+ {line}")).collect();
    let gone: Vec<_> = golden.lines().filter(|line| !matrix.lines().any(|m| m == *line)).map(|line| format!("- {line}")).collect();
    assert!(
        golden == matrix,
        "who may do what has changed; look at each line, then UPDATE_GOLDEN=1 cargo test --test api authorization rewrites the file:\n{}\n{}",
        gone.join("\n"),
        changed.join("\n")
    );
}

async fn matrix(app: &TestApp) -> String {
    let mut text = "# Each operation as each role, on ids that nothing has and with an empty body: 403 is refused by role,\n".to_owned();
    text += "# everything else went past that check. Generated by authorization.rs.\n";
    let operations = protected(app, app.document);
    let width = operations.iter().map(|o| o.name.len()).max().unwrap_or(0);
    let header: Vec<_> = ROLES.iter().map(|(role, _)| format!("{role:>15}")).collect();
    writeln!(text, "{:width$}{}", "", header.concat()).unwrap();
    for operation in operations {
        write!(text, "{:width$}", operation.name).unwrap();
        for (_, username) in ROLES {
            let status = ask(&app.by(username), &operation).await;
            write!(text, "{status:>15}").unwrap();
        }
        text.push('\n');
    }
    text
}

async fn ask(who: &Persona<'_>, operation: &Protected) -> u16 {
    // what can't be read without its query is 400 before anybody looks at roles
    let mut call = who.call(operation.method.clone(), &format!("{}{}", operation.path, operation.query));
    if let Some(kind) = &operation.takes_file {
        call = call.raw_body("", kind);
    } else if operation.takes_body {
        call = call.json(&json!({}));
    }
    let answer = call.await;
    assert!(answer.status < 500 && answer.status != 401, "{answer}");
    answer.status
}
