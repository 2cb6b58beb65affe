//! Query strings, checked like bodies: unknown, repeated and unreadable parameters are all named in one 400.

use super::codes;
use super::problem::Problem;
use super::shape::{Shapes, deserialize};
use super::shape_fault::Faults;
use crate::platform::error::{Error, Fault};
use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::future::{Ready, ready};
use std::ops::Deref;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

/// The parameters of the query. Lists are separated by commas; `true` and `false` are the only booleans.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: IntoParams + DeserializeOwned> Query<T> {
    /// Reads a query string (without its `?`).
    pub fn parse(text: &str, shapes: &Shapes) -> Result<Self, Problem> {
        let type_name = std::any::type_name::<T>();
        let schema = shapes.query_schema(type_name, || object_schema(&T::into_params(|| Some(ParameterIn::Query))))?;
        let pairs = web::Query::<Vec<(String, String)>>::from_query(text).map_err(|_| Problem::bad_request(codes::UNREADABLE_PARAMETER))?;
        let mut faults = Faults::default();
        let mut value = Map::new();
        for (name, text) in pairs.into_inner() {
            let pointer = format!("/{}", super::shape::escape(&name));
            match schema.get("properties").and_then(|known| known.get(&name)) {
                None => faults.push(Fault::new(pointer, codes::UNKNOWN_PARAMETER)),
                Some(_) if value.contains_key(&name) => faults.push(Fault::new(pointer, codes::REPEATED_PARAMETER)),
                // Bytes that are no UTF-8 arrive as the replacement character.
                Some(_) if text.contains('\u{fffd}') => faults.push(Fault::new(pointer, codes::BAD_FORM)),
                Some(schema) => {
                    value.insert(name, read(schema, &text, shapes));
                }
            }
        }
        let mut value = Value::Object(value);
        let key = format!("query {type_name}");
        shapes.check_against(&key, || Ok((*schema).clone()), &mut value)?.into_iter().for_each(|fault| faults.push(fault));
        let faults = faults.into_vec();
        if !faults.is_empty() {
            return Err(Problem::unreadable(faults));
        }
        match deserialize(&value) {
            Ok(parameters) => Ok(Self(parameters)),
            Err(Error::Invalid(faults)) => Err(Problem::unreadable(faults)),
            Err(other) => Err(other.into()),
        }
    }
}

impl<T: IntoParams + DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    /// The outcome waits in the future: extractors are polled in the order of the handler's arguments and the first error wins.
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let shapes = req.app_data::<web::Data<Shapes>>().ok_or_else(|| Problem::internal("Shapes missing from the app's data"));
        ready(shapes.and_then(|shapes| Self::parse(req.query_string(), shapes)))
    }
}

/// Refuses a query where none is taken: a parameter meant for something else must not vanish.
///
/// # Errors
/// 400, naming each parameter.
pub fn refuse_query(text: &str) -> Result<(), Problem> {
    if text.is_empty() {
        return Ok(());
    }
    let pairs = web::Query::<Vec<(String, String)>>::from_query(text).map_err(|_| Problem::bad_request(codes::UNREADABLE_PARAMETER))?;
    let mut faults = Faults::default();
    for (name, _) in pairs.into_inner() {
        faults.push(Fault::new(format!("/{}", super::shape::escape(&name)), codes::UNKNOWN_PARAMETER));
    }
    let faults = faults.into_vec();
    if faults.is_empty() { Ok(()) } else { Err(Problem::unreadable(faults)) }
}

fn object_schema(parameters: &[Parameter]) -> Result<Value, Error> {
    let mut properties = Map::new();
    for parameter in parameters {
        let schema = serde_json::to_value(&parameter.schema).map_err(|e| Error::Internal(Box::new(e)))?;
        properties.insert(parameter.name.clone(), if schema.is_null() { Value::Bool(true) } else { schema });
    }
    let required = parameters.iter().filter(|p| matches!(p.required, utoipa::openapi::Required::True)).map(|p| p.name.as_str());
    Ok(json!({ "type": "object", "properties": properties, "required": required.collect::<Vec<_>>(), "additionalProperties": false }))
}

/// Text as the value its schema speaks of; what does not fit stays text, for the schema to refuse.
fn read(schema: &Value, text: &str, shapes: &Shapes) -> Value {
    let schema = shapes.resolve(schema);
    let alternatives = ["oneOf", "anyOf", "allOf"].iter().filter_map(|k| schema.get(k)?.as_array()).flatten();
    let meant = alternatives.map(|s| shapes.resolve(s)).find(|s| !is_type(s, "null")).unwrap_or(schema);
    if is_type(meant, "array") {
        let items = meant.get("items").unwrap_or(&Value::Null);
        return text.split(',').map(|item| read(items, item, shapes)).collect();
    }
    let number = || if is_type(meant, "integer") { text.parse::<i64>().ok().map(Value::from) } else { None };
    let float = || if is_type(meant, "number") { text.parse::<f64>().ok().map(Value::from) } else { None };
    let boolean = || if is_type(meant, "boolean") { text.parse::<bool>().ok().map(Value::from) } else { None };
    number().or_else(float).or_else(boolean).unwrap_or_else(|| text.into())
}

fn is_type(schema: &Value, name: &str) -> bool {
    match schema.get("type") {
        Some(Value::Array(types)) => types.iter().any(|t| t == name) && (name != "null" || types.len() == 1),
        Some(one) => one == name,
        None => false,
    }
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
