//! Bodies and queries against their schemas in the OpenAPI document: all faults at once, before serde stops at the first.

use super::codes;
use super::shape_fault::{Faults, null_members, serde_fault};
use crate::platform::error::{Code, Error, Fault};
use jsonschema::Validator;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use unicode_normalization::{UnicodeNormalization, is_nfc};
use utoipa::ToSchema;
use utoipa::openapi::OpenApi;

const COMPONENTS: &str = "#/components/schemas/";

/// The schemas of a document's components, each compiled when it is first needed.
#[derive(Default)]
pub struct Shapes {
    components: Map<String, Value>,
    forms: &'static [(&'static str, Code)],
    compiled: RwLock<HashMap<String, Arc<Validator>>>,
    queries: RwLock<HashMap<&'static str, Arc<Value>>>,
}

impl Shapes {
    /// The schemas under `components` of the document.
    pub fn from_openapi(doc: &OpenApi) -> Self {
        let mut components = Map::new();
        for (name, schema) in doc.components.iter().flat_map(|c| &c.schemas) {
            // A schema that can't be written down stays out; using it is then an internal error, said in the log.
            if let Ok(schema) = serde_json::to_value(schema) {
                components.insert(name.clone(), schema);
            }
        }
        Self { components, ..Self::default() }
    }

    /// The same; a text that does not fit one of these patterns is told with its code.
    #[must_use]
    pub fn with_forms(self, forms: &'static [(&'static str, Code)]) -> Self {
        Self { forms, ..self }
    }

    /// Puts the value's text in order (NFC, line feeds), drops `null` where it means absent, and reports every fault against the schema.
    ///
    /// A schema that is not in the document is a defect: it goes to the log and the one fault is `internal`.
    pub fn check(&self, schema_name: &str, value: &mut Value) -> Vec<Fault> {
        self.try_check(schema_name, value).unwrap_or_else(|error| {
            tracing::error!(schema = schema_name, %error, "schema can't be used");
            vec![Fault::new("", codes::INTERNAL)]
        })
    }

    /// Checks a value and reads it as `T`: `Invalid` with every fault. The value is left as normalised.
    pub fn read<T: DeserializeOwned + ToSchema>(&self, value: &mut Value) -> Result<T, Error> {
        let name = T::name();
        let found = if self.components.contains_key(name.as_ref()) {
            self.try_check(&name, value)?
        } else {
            self.check_against(&format!("type {}", std::any::type_name::<T>()), || Ok(own_schema::<T>()), value)?
        };
        if !found.is_empty() {
            return Err(Error::Invalid(found));
        }
        deserialize(value)
    }

    fn try_check(&self, name: &str, value: &mut Value) -> Result<Vec<Fault>, Error> {
        let schema = || {
            let known = self.components.contains_key(name);
            known.then(|| json!({ "$ref": format!("{COMPONENTS}{name}") })).ok_or_else(|| Error::internal(format!("no schema {name}")))
        };
        self.check_against(name, schema, value)
    }

    /// Checks against a schema made on first use and kept under `key`; its references may point into the document's components.
    pub(super) fn check_against(
        &self,
        key: &str,
        schema: impl FnOnce() -> Result<Value, Error>,
        value: &mut Value,
    ) -> Result<Vec<Fault>, Error> {
        let mut found = Faults::told_by(self.forms);
        normalise(value, &mut String::new(), &mut found);
        let validator = self.validator(key, schema)?;
        if validator.is_valid(value) {
            return Ok(found.into_vec());
        }
        // A `null` the schema refuses means absent; whether the member may be absent, the second look says.
        let nulls = null_members(validator.iter_errors(value));
        remove_members(value, nulls);
        found.extend(validator.iter_errors(value));
        Ok(found.into_vec())
    }

    /// The object schema of a query's parameters, made on first use.
    pub(super) fn query_schema(&self, type_name: &'static str, schema: impl FnOnce() -> Result<Value, Error>) -> Result<Arc<Value>, Error> {
        if let Some(known) = self.queries.read().unwrap_or_else(PoisonError::into_inner).get(type_name) {
            return Ok(known.clone());
        }
        let made = Arc::new(schema()?);
        self.queries.write().unwrap_or_else(PoisonError::into_inner).insert(type_name, made.clone());
        Ok(made)
    }

    fn validator(&self, key: &str, schema: impl FnOnce() -> Result<Value, Error>) -> Result<Arc<Validator>, Error> {
        if let Some(validator) = self.compiled.read().unwrap_or_else(PoisonError::into_inner).get(key) {
            return Ok(validator.clone());
        }
        let validator = Arc::new(self.compile(schema()?)?);
        self.compiled.write().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), validator.clone());
        Ok(validator)
    }

    fn compile(&self, mut schema: Value) -> Result<Validator, Error> {
        let mut needed = match schema.pointer_mut("/components/schemas").map(Value::take) {
            Some(Value::Object(own)) => own,
            _ => Map::new(),
        };
        let mut open = Vec::new();
        prepare(&mut schema, &mut open);
        needed.values_mut().for_each(|own| prepare(own, &mut open));
        while let Some(name) = open.pop() {
            if !needed.contains_key(&name) {
                let mut component = self.components.get(&name).cloned().ok_or_else(|| Error::internal(format!("no schema {name}")))?;
                prepare(&mut component, &mut open);
                needed.insert(name, component);
            }
        }
        if let Some(root) = schema.as_object_mut() {
            root.insert("components".into(), json!({ "schemas": needed }));
        }
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        options.build(&schema).map_err(|e| Error::internal(format!("schema can't be compiled: {e}")))
    }

    /// The component a `$ref` points to, for reading text by its type.
    pub(super) fn resolve<'s>(&'s self, schema: &'s Value) -> &'s Value {
        let target = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix(COMPONENTS));
        target.and_then(|name| self.components.get(name)).unwrap_or(schema)
    }
}

/// Reads a checked value; where serde is still stricter than the schema, its first complaint with the place.
pub(super) fn deserialize<T: DeserializeOwned>(value: &Value) -> Result<T, Error> {
    serde_path_to_error::deserialize(value).map_err(|e| Error::Invalid(vec![serde_fault(&e)]))
}

/// A type's schema with those it refers to, for types the document does not name.
fn own_schema<T: ToSchema>() -> Value {
    let mut referred = Vec::new();
    T::schemas(&mut referred);
    let components: Map<String, Value> = referred.into_iter().filter_map(|(name, s)| Some((name, serde_json::to_value(s).ok()?))).collect();
    json!({ "allOf": [T::schema()], "components": { "schemas": components } })
}

/// Collects the components a schema refers to and gives integers the bounds of their format, which JSON Schema leaves open.
fn prepare(schema: &mut Value, refers_to: &mut Vec<String>) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|item| prepare(item, refers_to)),
        Value::Object(members) => {
            if let Some(name) = members.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix(COMPONENTS)) {
                refers_to.push(name.to_owned());
            }
            let bounds = match members.get("format").and_then(Value::as_str) {
                Some("int32") => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
                Some("int64") => Some((i64::MIN, i64::MAX)),
                _ => None,
            };
            if let Some((min, max)) = bounds {
                members.entry("minimum").or_insert(min.into());
                members.entry("maximum").or_insert(max.into());
            }
            members.values_mut().for_each(|member| prepare(member, refers_to));
        }
        _ => {}
    }
}

/// NFC and line feeds in every text; other control characters are faults, those too that make a text look like another one.
fn normalise(value: &mut Value, pointer: &mut String, found: &mut Faults) {
    let length = pointer.len();
    match value {
        Value::String(text) => {
            if text.contains("\r\n") {
                *text = text.replace("\r\n", "\n");
            }
            if !is_nfc(text) {
                *text = text.nfc().collect();
            }
            if let Some(c) = text.chars().find(|c| is_forbidden(*c)) {
                found.push(Fault::new(pointer.as_str(), codes::CONTROL_CHARACTER).arg(format!("{:04X}", u32::from(c))));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                pointer.push_str(&format!("/{index}"));
                normalise(item, pointer, found);
                pointer.truncate(length);
            }
        }
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                pointer.push('/');
                pointer.push_str(&escape(name));
                normalise(member, pointer, found);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

/// Controls, and what turns the direction of writing (UAX #9: embeddings, overrides, isolates).
fn is_forbidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A member's name inside a JSON pointer (RFC 6901, section 3).
pub(super) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Takes members out of the objects they are in; items of arrays stay.
pub(super) fn remove_members(value: &mut Value, pointers: Vec<String>) {
    for pointer in pointers {
        let Some((parent, name)) = pointer.rsplit_once('/') else { continue };
        if let Some(Value::Object(members)) = value.pointer_mut(parent) {
            members.remove(&name.replace("~1", "/").replace("~0", "~"));
        }
    }
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
