//! What the stage table adds to the document: the version an act looks at, the refusal it can meet, who may do it.

use super::acts::{ACTS, Row};
use crate::auth::{Roles, document};
use crate::platform::web::document::{add_if_match, carry};
use crate::platform::web::{ProblemDocument, problem::MEDIA_TYPE};
use utoipa::ToSchema;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Required, ResponseBuilder};

/// Completes the operations of the acts that are built.
pub fn finish(doc: &mut OpenApi) {
    for (path, item) in &mut doc.paths.paths {
        let Some(below) = path.strip_prefix("/api/v1") else { continue };
        let writes = [("POST", &mut item.post), ("PUT", &mut item.put), ("PATCH", &mut item.patch), ("DELETE", &mut item.delete)];
        for (method, operation) in writes {
            let rows: Vec<&Row> = ACTS.iter().filter(|row| row.built && row.method == method && row.path == below).collect();
            if let (Some(operation), false) = (operation, rows.is_empty()) {
                complete(operation, &rows);
            }
        }
    }
}

fn complete(operation: &mut Operation, rows: &[&Row]) {
    let name = |row: &Row| row.reason.map_or_else(|| row.name.to_owned(), |reason| format!("{} as {}", row.name, reason.as_str()));
    let mut who: Vec<String> = rows.iter().map(|row| format!("{}: {}", name(row), words(row))).collect();
    who.sort();
    who.dedup();
    let roles = rows.iter().fold(Roles::NONE, |set, row| set.with(row.roles()));
    document::say(operation, roles, &format!("Who may — {}.", who.join("; ")));
    // what is registered has no version before
    if rows.iter().all(|row| row.name != "register") {
        let required = if rows.iter().any(|row| row.needs_version) { Required::True } else { Required::False };
        let when = if required == Required::True { "" } else { "When sent: " };
        add_if_match(operation, required, &format!("{when}The petition's entity-tag as last seen; only its version is looked at"));
        conflict(operation);
    }
    for (status, response) in &mut operation.responses.responses {
        if let (true, RefOr::T(response)) = (status.starts_with('2'), response) {
            carry(response, &["Content-Location"]);
        }
    }
}

fn conflict(operation: &mut Operation) {
    let schema = Ref::from_schema_name(ProblemDocument::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let description = "Stage or facts forbid it; `allowed_actions` says what is possible instead";
    let response = ResponseBuilder::new().description(description).content(MEDIA_TYPE, content).build();
    operation.responses.responses.entry("409".to_owned()).or_insert(RefOr::T(response));
}

/// Relations, and the roles that can stand in them.
fn words(row: &Row) -> String {
    let mut relations: Vec<&str> = Vec::new();
    for said in row.who.iter().flat_map(|(_, who)| who.iter().map(|relation| document::words(*relation))) {
        if !relations.contains(&said) {
            relations.push(said);
        }
    }
    format!("{} ({})", relations.join(" / "), document::names(row.roles()).join(", "))
}
