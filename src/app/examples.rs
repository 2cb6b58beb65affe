//! Examples of answers, with realistic content, for the document.

use serde_json::{Map, Value, json};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Content, OpenApi, RefOr};

/// By schema name, or by status and schema name; a page of a schema shows one item of it.
const EXAMPLES: &str = include_str!("../../data/examples.json");

/// Gives every JSON answer the example of its schema.
pub(super) fn attach(doc: &mut OpenApi) {
    let examples: Map<String, Value> = serde_json::from_str(EXAMPLES).unwrap_or_default();
    for item in doc.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response
                    && let Some(RefOr::T(content)) = response.content.get_mut("application/json")
                {
                    content.example = content.example.take().or_else(|| example(status, content, &examples));
                }
            }
        }
    }
}

fn example(status: &str, content: &Content, examples: &Map<String, Value>) -> Option<Value> {
    let Some(RefOr::<Schema>::Ref(reference)) = &content.schema else { return None };
    let name = reference.ref_location.rsplit('/').next()?;
    match name.strip_prefix("Page_") {
        Some(item) => examples.get(item).map(|item| json!({"items": [item], "next_cursor": null})),
        None => examples.get(&format!("{status} {name}")).or_else(|| examples.get(name)).cloned(),
    }
}
