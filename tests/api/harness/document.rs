//! Holds every answer to the served document: the operation by method and path, its status declared, its body valid.
//!
//! An object that lists its members is taken to list all of them: a member nobody declared fails too.

use super::answers::Answer;
use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use tokio::sync::OnceCell;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Headers a client acts on; what answers carry of them must be declared.
const HEADERS: [&str; 9] = [
    "etag",
    "location",
    "content-location",
    "idempotency-replayed",
    "retry-after",
    "www-authenticate",
    "ratelimit",
    "ratelimit-policy",
    "x-request-id",
];

/// The OpenAPI document, with the schemas compiled so far.
pub struct Document {
    /// As served.
    pub json: Value,
    components: Value,
    templates: Templates,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

/// The document's paths by how many parts they have, each split into them; those with the fewest parameters first. Every answer asks.
type Templates = HashMap<usize, Vec<(String, Vec<String>)>>;

/// One operation of the document.
#[derive(Clone, Copy)]
pub struct Operation<'d> {
    /// The path with its parameters in braces.
    pub template: &'d str,
    /// In small letters.
    pub method: &'d str,
    /// What the document says of it.
    pub json: &'d Value,
}

impl Operation<'_> {
    /// The query that has to be there, as `?a=b`; empty when none has to.
    pub fn required_query(&self) -> String {
        let required = self.json["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "query" && p["required"] == true);
        let pairs: Vec<String> = required
            .map(|p| {
                let value = if p["example"].is_null() { &p["schema"]["enum"][0] } else { &p["example"] };
                format!("{}={value}", p["name"]).replace('"', "")
            })
            .collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// The first type of its body when that is a file.
    pub fn file_type(&self) -> Option<String> {
        let content = self.json["requestBody"]["content"].as_object()?;
        content.keys().find(|kind| !kind.ends_with("json") && !kind.ends_with("x-www-form-urlencoded")).cloned()
    }
}

impl Document {
    /// The document of the first server asked; all of one process serve the same.
    pub async fn served_at(client: &reqwest::Client, url: &str) -> &'static Self {
        static SERVED: OnceCell<Document> = OnceCell::const_new();
        SERVED
            .get_or_init(|| async {
                let response = client.get(url).send().await.unwrap();
                assert_eq!(response.status(), 200, "GET {url}");
                Self::new(response.json().await.unwrap())
            })
            .await
    }

    /// From the document's JSON.
    pub fn new(json: Value) -> Self {
        let mut components = json["components"].clone();
        let parts = parts_of_compositions(&components["schemas"]);
        for (name, schema) in components["schemas"].as_object_mut().into_iter().flatten() {
            seal(schema, parts.contains(name.as_str()));
        }
        let mut templates = Templates::new();
        for template in json["paths"].as_object().into_iter().flatten().map(|(template, _)| template) {
            let parts: Vec<String> = template.split('/').map(str::to_owned).collect();
            templates.entry(parts.len()).or_default().push((template.clone(), parts));
        }
        templates.values_mut().for_each(|same| same.sort_by_key(|(template, _)| template.matches('{').count()));
        Self { json, components, templates, compiled: Mutex::default() }
    }

    /// Every operation, in the document's order.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        self.paths().flat_map(|(template, item)| {
            METHODS.into_iter().filter_map(move |method| Some(Operation { template, method, json: item.get(method)? }))
        })
    }

    /// Whether a path from the root, with or without a query, is one of the document's.
    pub fn knows(&self, path: &str) -> bool {
        self.at(path).next().is_some()
    }

    /// Follows a `$ref` within the document, if that is what it is.
    pub fn resolve<'d>(&'d self, json: &'d Value) -> &'d Value {
        match json["$ref"].as_str().and_then(|r| r.strip_prefix('#')) {
            Some(pointer) => {
                self.resolve(self.json.pointer(pointer).unwrap_or_else(|| panic!("`{pointer}` leads nowhere in the document")))
            }
            None => json,
        }
    }

    /// What is wrong with a value, by a schema of the document; nothing when it is valid.
    pub fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let validator = self.compile(schema);
        validator.iter_errors(value).map(|e| format!("at `{}`: {e}", e.instance_path())).collect()
    }

    /// Fails the test when the answer is not what the document promises. Unknown paths and methods promise nothing.
    #[track_caller]
    pub fn check(&self, answer: &Answer) {
        if let Err(why) = self.promised(answer) {
            panic!("the answer is not what the document promises: {why}\n{answer}");
        }
    }

    fn promised(&self, answer: &Answer) -> Result<(), String> {
        if !self.knows(&answer.path) {
            return Ok(());
        }
        let method = if answer.method == Method::HEAD { "get".to_owned() } else { answer.method.as_str().to_lowercase() };
        let Some(Operation { json: operation, .. }) = self.operation(&answer.path, &method) else {
            let refused = answer.status == 405 || answer.method == Method::OPTIONS;
            return if refused { Ok(()) } else { Err(format!("it does not declare {method} there, yet the answer is not 405")) };
        };
        let name = operation["operationId"].as_str().unwrap_or("?");
        let Some(response) = operation["responses"].get(answer.status.to_string()) else {
            let declared: Vec<_> = operation["responses"].as_object().into_iter().flat_map(Map::keys).collect();
            return Err(format!("{name} declares the statuses {declared:?}, not {}", answer.status));
        };
        if let Some(header) = self.undeclared_header(response, answer) {
            return Err(format!("{name} does not declare the header {header} with {}", answer.status));
        }
        if answer.method == Method::HEAD || answer.status == 304 {
            return if answer.bytes.is_empty() { Ok(()) } else { Err("there must be no body".to_owned()) };
        }
        let Some(content) = self.resolve(response)["content"].as_object().filter(|c| !c.is_empty()) else {
            return if answer.bytes.is_empty() { Ok(()) } else { Err(format!("{name} declares no body with {}", answer.status)) };
        };
        let kind = answer.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let media = content.get(kind).ok_or_else(|| {
            let declared: Vec<_> = content.keys().collect();
            format!("{name} declares {declared:?} with {}, not `{kind}`", answer.status)
        })?;
        if kind != "application/json" && !kind.ends_with("+json") {
            return Ok(());
        }
        let body: Value = serde_json::from_slice(&answer.bytes).map_err(|e| format!("the body is not JSON: {e}"))?;
        let faults = media.get("schema").map(|schema| self.faults(schema, &body)).unwrap_or_default();
        if faults.is_empty() { Ok(()) } else { Err(format!("{name}, {}:\n  {}", answer.status, faults.join("\n  "))) }
    }

    /// The first header that means something to the client and that the response does not declare.
    fn undeclared_header(&self, response: &Value, answer: &Answer) -> Option<&'static str> {
        let declared = |name: &str| {
            let headers = self.resolve(response)["headers"].as_object();
            headers.into_iter().flatten().any(|(declared, _)| declared.eq_ignore_ascii_case(name))
        };
        HEADERS.into_iter().find(|name| answer.headers.contains_key(*name) && !declared(name))
    }

    /// The operation behind a path and a method (in small letters).
    fn operation(&self, path: &str, method: &str) -> Option<Operation<'_>> {
        self.at(path).find(|o| o.method == method)
    }

    /// Every operation of the template a path fits, with or without a query; of several templates, the one with the fewest parameters.
    pub fn at(&self, path: &str) -> impl Iterator<Item = Operation<'_>> {
        let path: Vec<&str> = path.split('?').next().unwrap_or_default().split('/').collect();
        let template = self.templates.get(&path.len()).and_then(|same| same.iter().find(|(_, parts)| fits(parts, &path)));
        template.into_iter().flat_map(|(template, _)| {
            let item = &self.json["paths"][template];
            METHODS.into_iter().filter_map(move |method| Some(Operation { template, method, json: item.get(method)? }))
        })
    }

    fn paths(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.json["paths"].as_object().into_iter().flatten().map(|(path, item)| (path.as_str(), item))
    }

    fn compile(&self, schema: &Value) -> Arc<Validator> {
        let mut compiled = self.compiled.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let made = compiled.entry(schema.to_string()).or_insert_with(|| {
            let mut root = schema.clone();
            seal(&mut root, false);
            root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
            root["components"] = self.components.clone();
            let built = jsonschema::options().should_validate_formats(true).build(&root);
            Arc::new(built.unwrap_or_else(|e| panic!("the document holds a schema that is none: {e}\n{schema:#}")))
        });
        Arc::clone(made)
    }
}

/// Whether a path with as many parts fits a template.
fn fits(template: &[String], path: &[&str]) -> bool {
    template.iter().zip(path).all(|(t, p)| t == p || (t.starts_with('{') && !p.is_empty()))
}

/// The named schemas that are only a part of a bigger object somewhere, and so do not list all its members.
fn parts_of_compositions(schemas: &Value) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    find_parts(schemas, false, &mut parts);
    loop {
        let before = parts.len();
        for name in parts.clone() {
            // what a part is composed of is a part as well
            find_alternatives(&schemas[&name], &mut parts);
        }
        if parts.len() == before {
            return parts;
        }
    }
}

fn find_parts(json: &Value, within: bool, parts: &mut BTreeSet<String>) {
    match json {
        Value::Object(members) => {
            if within {
                find_alternatives(json, parts);
            }
            members.iter().for_each(|(key, value)| find_parts(value, key == "allOf", parts));
        }
        Value::Array(items) => items.iter().for_each(|item| find_parts(item, within, parts)),
        _ => {}
    }
}

fn find_alternatives(schema: &Value, parts: &mut BTreeSet<String>) {
    parts.extend(schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()).map(str::to_owned));
    for key in ["allOf", "oneOf", "anyOf"] {
        schema[key].as_array().into_iter().flatten().for_each(|s| find_alternatives(s, parts));
    }
}

/// Closes every object that lists its members, unless it is a part of a bigger one.
fn seal(schema: &mut Value, part: bool) {
    let Some(members) = schema.as_object_mut() else { return };
    let lists = members.contains_key("properties") || members.contains_key("allOf");
    if lists && !part && !members.contains_key("additionalProperties") {
        members.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
    }
    for (key, value) in members {
        match key.as_str() {
            "properties" | "patternProperties" => value.as_object_mut().into_iter().flatten().for_each(|(_, s)| seal(s, false)),
            "items" | "additionalProperties" => seal(value, false),
            "prefixItems" => value.as_array_mut().into_iter().flatten().for_each(|s| seal(s, false)),
            "allOf" => value.as_array_mut().into_iter().flatten().for_each(|s| seal(s, true)),
            "oneOf" | "anyOf" => value.as_array_mut().into_iter().flatten().for_each(|s| seal(s, part)),
            _ => {}
        }
    }
}

#[test]
fn an_answer_outside_the_document_is_found() {
    let document = Document::new(json!({
        "paths": {"/a/{id}": {"get": {"operationId": "a", "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}}}}},
        "components": {"schemas": {
            "Base": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "format": "uuid"}}},
            "A": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/B"}}}]},
            "B": {"type": ["object", "null"], "properties": {"c": {"type": "integer"}}},
        }},
    }));
    let answer = |path: &str, status, body: Value| {
        let headers = [(reqwest::header::CONTENT_TYPE, "application/json; charset=utf-8".parse().unwrap())].into_iter().collect();
        Answer::new("nobody", Method::GET, path.to_owned(), status, headers, body.to_string().into_bytes())
    };
    let id = "0195553e-7b00-7000-8000-000000000001";
    assert_eq!(document.promised(&answer("/a/1?x=2", 200, json!({"id": id, "b": {"c": 1}}))), Ok(()));
    assert_eq!(document.promised(&answer("/a/1", 200, json!({"id": id, "b": null}))), Ok(()));
    assert_eq!(document.promised(&answer("/elsewhere", 404, json!({}))), Ok(()));
    for (status, body) in [
        (418, json!({"id": id})),
        (200, json!({})),
        (200, json!({"id": "no uuid"})),
        (200, json!({"id": id, "undeclared": 1})),
        (200, json!({"id": id, "b": {"c": 1, "undeclared": 1}})),
        (200, json!({"id": id, "b": {"c": "text"}})),
    ] {
        assert!(document.promised(&answer("/a/1", status, body.clone())).is_err(), "{status} {body}");
    }
}
