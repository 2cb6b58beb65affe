//! What every operation has in common, added to the OpenAPI document in one place: problems, headers, security.

mod headers;

pub use headers::{add_if_match, carry};

use super::problem::{MEDIA_TYPE, Problem, ProblemDocument, ProblemFault};
use super::{RequestMeta, codes};
use crate::platform::error::Fault;
use actix_web::dev::RequestHead;
use actix_web::http::StatusCode;
use std::collections::BTreeMap;
use std::time::Duration;
use utoipa::openapi::path::{Operation, Parameter, PathItem};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, ContentBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};

/// The name of the security scheme.
const BEARER: &str = "bearer";

type Schemas = BTreeMap<String, RefOr<Schema>>;

/// What an operation is like, as far as its problems and headers depend on it.
#[derive(Debug, Clone, Copy)]
struct Traits {
    open: bool,
    identified: bool,
    body: bool,
    /// Its method is not one of reading.
    changes: bool,
    /// It changes something by a caller we know, once however often it is sent.
    writes: bool,
    /// It looks at If-Match.
    conditional: bool,
    /// It must be sent If-Match.
    versioned: bool,
}

/// A problem's status, its description, the headers it carries, and the operations that can answer it. What is open declares
/// itself what it answers, but for what the server answers before it.
type Row = (u16, &'static str, &'static [&'static str], fn(Traits) -> bool);

const PROBLEMS: &[Row] = &[
    (400, "Unreadable: malformed JSON, unknown or unreadable parameters, an invalid Idempotency-Key", &[], |t| !t.open),
    (401, "No access token, or one that is expired or not accepted", &["WWW-Authenticate"], |t| !t.open),
    (403, "Known caller, not permitted", &[], |t| !t.open),
    (404, "Unknown, or not the caller's to know about", &[], |t| t.identified),
    (406, "None of the media types in Accept, or of the codings in Accept-Encoding, can be given", &[], |_| true),
    (409, "What is there forbids it", &[], |_| false),
    (412, "It has changed since; `current` is its entity-tag now", &["ETag"], |t| t.conditional),
    (413, "The body is too large", &[], |t| !t.open && t.body),
    (415, "Not a media type taken here", &[], |t| !t.open && t.body),
    (422, "The input is wrong and every fault is listed, or the Idempotency-Key was used with other content", &[], |t| {
        !t.open && (t.body || t.writes)
    }),
    (428, "If-Match is missing", &[], |t| t.versioned),
    (429, "Too many requests; Retry-After says when to come back", &["Retry-After", "RateLimit", "RateLimit-Policy"], |t| !t.open),
    (500, "A defect; `instance` names it in the log", &[], |_| true),
    (503, "Overloaded or partly away; nothing was changed", &["Retry-After"], |t| !t.open),
];

/// Completes every operation; `open` tells the paths that need no token. What an operation declares itself keeps its description.
pub fn finish(doc: &mut OpenApi, open: &dyn Fn(&str) -> bool) {
    let components = doc.components.get_or_insert_with(Components::new);
    for (name, schema) in [(ProblemDocument::name(), ProblemDocument::schema()), (ProblemFault::name(), ProblemFault::schema())] {
        components.schemas.entry(name.into_owned()).or_insert(schema);
    }
    for (status, description, headers, _) in PROBLEMS {
        components.responses.insert(component(*status), RefOr::T(problem_response(*status, description, headers)));
    }
    headers::define(components);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    components.security_schemes.insert(BEARER.into(), SecurityScheme::Http(bearer).into());
    doc.security = Some(vec![SecurityRequirement::new(BEARER, Vec::<String>::new())]);

    for (path, item) in &mut doc.paths.paths {
        let open = open(path);
        for (changes, operation) in operations(item) {
            let seen = parameters(operation).find(|p| p.name == "If-Match");
            let traits = Traits {
                open,
                changes,
                writes: changes && !open,
                identified: path.contains('{'),
                body: operation.request_body.is_some(),
                conditional: seen.is_some(),
                versioned: seen.is_some_and(|p| p.required == Required::True),
            };
            headers::complete(operation, traits, &components.schemas);
            complete(operation, traits);
        }
    }
}

fn complete(operation: &mut Operation, traits: Traits) {
    if traits.open {
        operation.security = Some(Vec::new());
    }
    let responses = &mut operation.responses.responses;
    for (status, description, _, applies) in PROBLEMS {
        let declared = responses.get(&status.to_string());
        let reference = match declared {
            None if applies(traits) => problem(*status, description),
            Some(RefOr::T(own)) if only_a_problem(own) => problem(*status, &own.description),
            _ => continue,
        };
        responses.insert(status.to_string(), reference);
    }
}

/// Whether a response is a problem and nothing else, so that all but its description is known.
fn only_a_problem(response: &Response) -> bool {
    response.content.keys().eq([MEDIA_TYPE])
}

fn component(status: u16) -> String {
    format!("Problem{status}")
}

fn problem(status: u16, description: &str) -> RefOr<Response> {
    let mut reference = Ref::from_response_name(component(status));
    reference.description = description.to_owned();
    RefOr::Ref(reference)
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let reads = [&mut item.get, &mut item.head, &mut item.options].map(|operation| (false, operation));
    let writes = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete].map(|operation| (true, operation));
    reads.into_iter().chain(writes).filter_map(|(writes, operation)| Some((writes, operation.as_mut()?)))
}

fn parameters(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    operation.parameters.iter().flatten().filter_map(|p| match p {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    })
}

fn problem_response(status: u16, description: &str, headers: &[&str]) -> Response {
    let schema = Ref::from_schema_name(ProblemDocument::name());
    let content = ContentBuilder::new().schema(Some(schema)).example(serde_json::to_value(example(status)).ok()).build();
    let mut response = ResponseBuilder::new().description(description).content(MEDIA_TYPE, content).build();
    carry(&mut response, headers);
    response
}

/// A problem of this status in the words it is answered with.
fn example(status: u16) -> ProblemDocument {
    let problem = match status {
        422 => Problem::of_status(StatusCode::UNPROCESSABLE_ENTITY).faults(vec![Fault::new("/title", codes::REQUIRED)]),
        429 => Problem::too_many_requests(Duration::from_secs(1)),
        status => Problem::of_status(StatusCode::from_u16(status).unwrap_or_default()),
    };
    let mut document = problem.document(&RequestMeta::read(&RequestHead::default()));
    document.instance = "urn:uuid:0198c0de-0000-7000-8000-000000000001".to_owned();
    document.current = (status == 412).then(|| "\"4-0b6d1f3e9a27\"".to_owned());
    document
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::{Value, json};
    use utoipa::openapi::path::{HttpMethod, OperationBuilder, PathsBuilder};
    use utoipa::openapi::request_body::RequestBody;

    #[test]
    fn operations_get_what_they_can_answer() {
        let plain = || OperationBuilder::new().response("200", Response::new("fine"));
        let paths = PathsBuilder::new()
            .path("/open", PathItem::new(HttpMethod::Post, plain()))
            .path("/things/{id}", PathItem::new(HttpMethod::Get, plain()))
            .path(
                "/things",
                PathItem::new(HttpMethod::Post, plain().request_body(Some(RequestBody::new())).response("422", Response::new("own"))),
            );
        let mut doc = OpenApi::default();
        doc.paths = paths.build();
        finish(&mut doc, &|path| path == "/open");
        let json = serde_json::to_value(&doc).unwrap();
        let statuses = |pointer: &str| -> Vec<String> {
            json.pointer(pointer).and_then(|o| o["responses"].as_object()).unwrap().keys().cloned().collect()
        };
        assert_eq!(statuses("/paths/~1open/post"), ["200", "406", "500"]);
        assert_eq!(statuses("/paths/~1things~1{id}/get"), ["200", "400", "401", "403", "404", "406", "429", "500", "503"]);
        assert_eq!(statuses("/paths/~1things/post"), ["200", "400", "401", "403", "406", "413", "415", "422", "429", "500", "503"]);
        assert_eq!(json["paths"]["/open"]["post"]["security"], json!([]));
        assert_eq!(json["paths"]["/open"]["post"].get("parameters"), None);
        assert_eq!(json["paths"]["/things"]["post"]["parameters"][0]["name"], "Idempotency-Key");
        assert_eq!(json["paths"]["/things"]["post"]["responses"]["422"]["description"], "own");
        assert_eq!(json["paths"]["/things"]["post"]["responses"]["415"]["$ref"], "#/components/responses/Problem415");
        assert_eq!(json["security"][0]["bearer"], Value::Array(vec![]));
    }
}
