//! What every operation has in common, added to the OpenAPI document in one place: problems, headers, security.

use super::problem::{MEDIA_TYPE, ProblemDocument, ProblemFault};
use serde_json::json;
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, ContentBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};

/// The name of the security scheme.
const BEARER: &str = "bearer";

/// What an operation is like, as far as its problems depend on it.
#[derive(Debug, Clone, Copy)]
struct Traits {
    open: bool,
    query: bool,
    identified: bool,
    body: bool,
    writes: bool,
    versioned: bool,
}

/// A problem's status, its description, and the operations that can answer it.
type Row = (&'static str, &'static str, fn(Traits) -> bool);

const PROBLEMS: &[Row] = &[
    ("400", "Unreadable: malformed JSON, unknown or unreadable parameters, an invalid Idempotency-Key", |t| t.body || t.query || t.writes),
    ("401", "No access token, or one that is expired or not accepted", |t| !t.open),
    ("403", "Known caller, not permitted", |t| !t.open),
    ("404", "Unknown, or not the caller's to know about", |t| t.identified),
    ("406", "None of the media types in Accept can be given", |_| true),
    ("412", "It has changed since; `current` is its entity-tag now", |t| t.versioned),
    ("413", "The body is too large", |t| t.body),
    ("415", "Not a media type taken here", |t| t.body),
    ("422", "The input is wrong and every fault is listed, or the Idempotency-Key was used with other content", |t| t.body || t.writes),
    ("428", "If-Match is missing", |t| t.versioned),
    ("429", "Too many requests; Retry-After says when to come back", |_| true),
    ("500", "A defect; `instance` names it in the log", |_| true),
    ("503", "Overloaded or partly away; nothing was changed", |_| true),
];

/// Completes every operation; `open` tells the paths that need no token. What an operation declares itself is left as it is.
pub fn finish(doc: &mut OpenApi, open: &dyn Fn(&str) -> bool) {
    let components = doc.components.get_or_insert_with(Components::new);
    for (name, schema) in [(ProblemDocument::name(), ProblemDocument::schema()), (ProblemFault::name(), ProblemFault::schema())] {
        components.schemas.entry(name.into_owned()).or_insert(schema);
    }
    components.responses.insert("Problem".into(), RefOr::T(problem_response()));
    components.headers.insert("X-Request-Id".into(), RefOr::T(request_id()));
    components.headers.insert("Retry-After".into(), RefOr::T(retry_after()));
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    components.security_schemes.insert(BEARER.into(), SecurityScheme::Http(bearer).into());
    doc.security = Some(vec![SecurityRequirement::new(BEARER, Vec::<String>::new())]);

    for (path, item) in &mut doc.paths.paths {
        let open = open(path);
        for (writes, operation) in operations(item) {
            let traits = Traits {
                open,
                writes: writes && !open,
                query: parameters(operation).any(|p| p.parameter_in == ParameterIn::Query),
                identified: path.contains('{'),
                body: operation.request_body.is_some(),
                versioned: parameters(operation).any(|p| p.name == "If-Match"),
            };
            complete(operation, traits);
        }
    }
}

fn complete(operation: &mut Operation, traits: Traits) {
    if traits.open {
        operation.security = Some(Vec::new());
    }
    if traits.writes && !parameters(operation).any(|p| p.name.eq_ignore_ascii_case("Idempotency-Key")) {
        operation.parameters.get_or_insert_default().push(RefOr::T(idempotency_key()));
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            response.headers.entry("X-Request-Id".into()).or_insert_with(|| header_ref("X-Request-Id"));
        }
    }
    for (status, description, applies) in PROBLEMS {
        if applies(traits) {
            let mut problem = Ref::from_response_name("Problem");
            problem.description = (*description).to_owned();
            operation.responses.responses.entry((*status).into()).or_insert(RefOr::Ref(problem));
        }
    }
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

fn problem_response() -> Response {
    let example = json!({
        "type": "/problems/invalid", "code": "invalid", "title": "Invalid input", "status": 422,
        "detail": "Some of the input is wrong; each place is listed in errors.",
        "instance": "urn:uuid:0198c0de-0000-7000-8000-000000000001",
        "errors": [{ "pointer": "/title", "code": "required", "detail": "This is required." }]
    });
    let schema = Ref::from_schema_name(ProblemDocument::name());
    let content = ContentBuilder::new().schema(Some(schema)).example(Some(example)).build();
    let mut response =
        ResponseBuilder::new().description("What is wrong, in words and codes (RFC 9457)").content(MEDIA_TYPE, content).build();
    for name in ["X-Request-Id", "Retry-After"] {
        response.headers.insert(name.into(), header_ref(name));
    }
    response
}

fn header_ref(name: &str) -> RefOr<Header> {
    RefOr::Ref(Ref::new(format!("#/components/headers/{name}")))
}

fn request_id() -> Header {
    let mut header = Header::new(ObjectBuilder::new().schema_type(Type::String).build());
    header.description = Some("Names the request in the log: the one sent, else a fresh UUID".into());
    header.example = Some(json!("0198c0de-0000-7000-8000-000000000001"));
    header
}

fn retry_after() -> Header {
    let mut header = Header::new(ObjectBuilder::new().schema_type(Type::Integer).build());
    header.description = Some("With 429 and 503: seconds until a call may go through".into());
    header.example = Some(json!(1));
    header
}

fn idempotency_key() -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("Repeats are answered with the first answer (`Idempotency-Replayed: true`): same caller, route and payload"))
        .schema(Some(text))
        .example(Some(json!("0198c0de-7b1e-7c1a-9d0c-2f6a1f3f8f10")))
        .build()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::Value;
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
        assert_eq!(statuses("/paths/~1open/post"), ["200", "406", "429", "500", "503"]);
        assert_eq!(statuses("/paths/~1things~1{id}/get"), ["200", "401", "403", "404", "406", "429", "500", "503"]);
        assert_eq!(statuses("/paths/~1things/post"), ["200", "400", "401", "403", "406", "413", "415", "422", "429", "500", "503"]);
        assert_eq!(json["paths"]["/open"]["post"]["security"], json!([]));
        assert_eq!(json["paths"]["/open"]["post"].get("parameters"), None);
        assert_eq!(json["paths"]["/things"]["post"]["parameters"][0]["name"], "Idempotency-Key");
        assert_eq!(json["paths"]["/things"]["post"]["responses"]["422"]["description"], "own");
        assert_eq!(json["paths"]["/things"]["post"]["responses"]["415"]["$ref"], "#/components/responses/Problem");
        assert_eq!(json["security"][0]["bearer"], Value::Array(vec![]));
    }
}
