//! The headers of requests and answers, declared where they occur: by the kind of operation, the status, the body's members.

use super::{Schemas, Traits, parameters};
use serde_json::{Value, json};
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{Components, Object, Ref, RefOr, Required, Response};

/// A header's name, its type, what it says, an example.
type Row = (&'static str, Type, &'static str, &'static str);

/// Every header an answer may carry and the document speaks of.
const ANSWERED: &[Row] = &[
    (
        "X-Request-Id",
        Type::String,
        "Names the request in the log: the one sent, else a fresh UUID",
        "\"0198c0de-0000-7000-8000-000000000001\"",
    ),
    (
        "ETag",
        Type::String,
        "Version and view of the body (RFC 9110, 8.8.3); send it as If-Match or If-None-Match",
        r#""\"3-5f1c2a9b7d40\"""#,
    ),
    ("Location", Type::String, "Where what was made is read", "\"/api/v1/units/0198c0de-0000-7000-8000-000000000005\""),
    ("Content-Location", Type::String, "Whose state the body is", "\"/api/v1/units/0198c0de-0000-7000-8000-000000000005\""),
    ("Idempotency-Replayed", Type::String, "`true` on the stored answer to a call made before; else absent", "\"true\""),
    ("Retry-After", Type::Integer, "Seconds until a call may go through", "1"),
    ("WWW-Authenticate", Type::String, "The challenge (RFC 6750, 3)", r#""Bearer realm=\"api\"""#),
    ("RateLimit", Type::String, "What is left, and seconds until there is more", r#""\"caller\";r=0;t=1""#),
    ("RateLimit-Policy", Type::String, "Calls allowed in a window of seconds", r#""\"caller\";q=2000;w=10""#),
];

/// Makes the headers known to the document.
pub(super) fn define(components: &mut Components) {
    for (name, kind, description, example) in ANSWERED {
        let mut header = Header::new(ObjectBuilder::new().schema_type(kind.clone()).build());
        header.description = Some((*description).to_owned());
        header.example = serde_json::from_str(example).ok();
        components.headers.insert((*name).to_owned(), RefOr::T(header));
    }
}

/// Declares that an answer carries these headers, besides its request's id.
pub fn carry(response: &mut Response, names: &[&str]) {
    for name in ["X-Request-Id"].iter().chain(names) {
        let known = RefOr::Ref(Ref::new(format!("#/components/headers/{name}")));
        response.headers.insert((*name).to_owned(), known);
    }
}

/// Declares the headers of the successes, and the 304 of a read that has an entity-tag.
pub(super) fn complete(operation: &mut Operation, traits: Traits, schemas: &Schemas) {
    let declares_unchanged = operation.responses.responses.contains_key("304");
    let mut conditional = false;
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        let success = status.starts_with('2');
        let mut names = Vec::new();
        // what an annotation names is referred to, so that a header has one description
        names.extend(ANSWERED.iter().map(|row| row.0).filter(|name| response.headers.contains_key(*name)));
        if success && (tagged(response, schemas) || (declares_unchanged && !traits.changes)) {
            names.push("ETag");
            conditional |= !traits.changes;
        }
        if status == "201" || status == "202" {
            names.push("Location");
        }
        if success && traits.writes {
            names.push("Idempotency-Replayed");
        }
        carry(response, &names);
    }
    if conditional {
        let mut unchanged = Response::new("Unchanged since the entity-tag in If-None-Match");
        carry(&mut unchanged, &["ETag"]);
        operation.responses.responses.insert("304".into(), RefOr::T(unchanged));
        let tags = ("If-None-Match", "Entity-tags the client has: a 304 without a body when one of them holds (RFC 9110, 13.1.2)");
        add(operation, header(tags, text(), json!("\"3-5f1c2a9b7d40\"")));
    }
    if traits.writes {
        let key = (
            "Idempotency-Key",
            "Repeats are answered with the first answer (`Idempotency-Replayed: true`): same caller, route and payload",
        );
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255)).build();
        add(operation, header(key, text, json!("0198c0de-7b1e-7c1a-9d0c-2f6a1f3f8f10")));
    }
}

/// Declares `If-Match`: required, or looked at when it is sent.
pub fn add_if_match(operation: &mut Operation, required: Required, description: &str) {
    let mut parameter = header(("If-Match", description), text(), json!("\"3-5f1c2a9b7d40\""));
    parameter.required = required;
    add(operation, parameter);
}

fn add(operation: &mut Operation, parameter: Parameter) {
    if !parameters(operation).any(|p| p.name.eq_ignore_ascii_case(&parameter.name)) {
        operation.parameters.get_or_insert_default().push(RefOr::T(parameter));
    }
}

fn header((name, description): (&str, &str), schema: Object, example: Value) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
        .example(Some(example))
        .build()
}

fn text() -> Object {
    ObjectBuilder::new().schema_type(Type::String).build()
}

/// Whether the body is something that has an entity-tag, which it then shows as `etag` too.
fn tagged(response: &Response, schemas: &Schemas) -> bool {
    let contents = response.content.values().filter_map(|content| match content {
        RefOr::T(content) => content.schema.as_ref(),
        RefOr::Ref(_) => None,
    });
    contents.into_iter().any(|schema| has_etag(schema, schemas))
}

fn has_etag(schema: &RefOr<Schema>, schemas: &Schemas) -> bool {
    match schema {
        RefOr::Ref(reference) => {
            let name = reference.ref_location.rsplit('/').next().unwrap_or_default();
            schemas.get(name).is_some_and(|schema| has_etag(schema, schemas))
        }
        RefOr::T(Schema::Object(object)) => object.properties.contains_key("etag"),
        RefOr::T(Schema::AllOf(parts)) => parts.items.iter().any(|part| has_etag(part, schemas)),
        RefOr::T(_) => false,
    }
}
