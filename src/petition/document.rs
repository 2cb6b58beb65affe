//! What the stage table adds to the document: the version an act needs, the refusals it can meet, who may do it.

use super::acts::{ACTS, Row};
use crate::platform::web::{ProblemDocument, problem::MEDIA_TYPE};
use utoipa::ToSchema;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
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
    let who: Vec<String> = rows.iter().map(|row| format!("{}: {}", row.name, words(row))).collect();
    let mut who: Vec<String> = who.into_iter().fold(Vec::new(), |mut seen, line| {
        if !seen.contains(&line) {
            seen.push(line);
        }
        seen
    });
    who.sort();
    let said = operation.description.take().unwrap_or_default();
    operation.description = Some(format!("{said}\n\nWho may — {}.", who.join("; ")).trim_start().to_owned());
    if rows.iter().any(|row| row.needs_version) {
        let tag = ObjectBuilder::new().schema_type(Type::String).build();
        let parameter = ParameterBuilder::new()
            .name("If-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some("The petition's entity-tag as last seen; only its version is looked at"))
            .schema(Some(tag))
            .example(Some(serde_json::json!("\"3-5f1c2a9b7d40\"")));
        operation.parameters.get_or_insert_default().push(RefOr::T(parameter.build()));
        problem(operation, "428", "If-Match is missing");
        problem(operation, "412", "The petition has changed since; `current` is its entity-tag now");
    }
    if rows.iter().all(|row| row.name != "register") {
        problem(operation, "409", "Stage or facts forbid it; `allowed_actions` says what is possible instead");
    }
}

fn problem(operation: &mut Operation, status: &str, description: &str) {
    let schema = Ref::from_schema_name(ProblemDocument::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let response = ResponseBuilder::new().description(description).content(MEDIA_TYPE, content).build();
    operation.responses.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
}

/// Relations and the roles that can stand in them.
fn words(row: &Row) -> String {
    let relations: Vec<&str> = row.who.iter().flat_map(|(_, who)| who.iter().map(|r| r.code())).collect();
    let roles: Vec<&str> = row.roles().iter().map(|r| r.as_str()).collect();
    format!("{} ({})", relations.join(" "), roles.join(", "))
}
