//! JSON as RFC 8259 recommends it: no duplicate members (section 4), nothing after the value, no lone surrogates, depth at most 128.

use super::codes;
use super::problem::Problem;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::RefCell;
use std::fmt;

/// Reads bytes as one JSON value; a 400 problem says where and why they can't be.
pub fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    let duplicate = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    Strict(&duplicate).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value)).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        match duplicate.take() {
            Some(key) => Problem::bad_request(codes::DUPLICATE_KEY).arg(key).arg(line).arg(column),
            // the parser's own words are English alone
            None => Problem::bad_request(codes::MALFORMED_JSON).arg(line).arg(column),
        }
    })
}

/// Builds a value; leaves the name of a repeated member behind, so that it can be told from other errors.
#[derive(Clone, Copy)]
struct Strict<'s>(&'s RefCell<Option<String>>);

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_f64<E: serde::de::Error>(self, v: f64) -> Result<Value, E> {
        Number::from_f64(v).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_string<E>(self, v: String) -> Result<Value, E> {
        Ok(Value::String(v))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if members.contains_key(&key) {
                *self.0.borrow_mut() = Some(key);
                return Err(A::Error::custom("duplicate member"));
            }
            members.insert(key, map.next_value_seed(self)?);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_refused_and_why() {
        let deep = "[".repeat(10_000);
        for (text, code) in [
            (&br#"{"a":1,"a":2}"#[..], codes::DUPLICATE_KEY),
            (br#"{"x":[{"a":1,"\u0061":2}]}"#, codes::DUPLICATE_KEY),
            (b"", codes::MALFORMED_JSON),
            (b"{} {}", codes::MALFORMED_JSON),
            (b"{\"a\":}", codes::MALFORMED_JSON),
            (b"[1,]", codes::MALFORMED_JSON),
            (br#""\ud800""#, codes::MALFORMED_JSON),
            (b"\"\xff\"", codes::MALFORMED_JSON),
            (b"\"\x00\"", codes::MALFORMED_JSON),
            (b"1e999", codes::MALFORMED_JSON),
            (b"NaN", codes::MALFORMED_JSON),
            (deep.as_bytes(), codes::MALFORMED_JSON),
        ] {
            assert_eq!(parse(text).unwrap_err().code(), code, "{}", String::from_utf8_lossy(&text[..text.len().min(40)]));
        }
    }

    #[test]
    fn values_survive() {
        let text = r#"{"a":[1,-2,3.5,null,true,"\ud83d\ude00"],"b":{"a":18446744073709551615}}"#;
        assert_eq!(parse(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn the_place_is_named() {
        let detail = parse(b"{\n  \"a\": 1,\n  \"a\": 2}").unwrap_err().detail(crate::platform::web::negotiation::Lang::En);
        assert!(detail.contains("\"a\"") && detail.contains("line 3"), "{detail}");
    }

    #[test]
    fn the_sentence_is_of_one_language() {
        use crate::platform::web::negotiation::Lang;
        for text in [&b"{\"a\":}"[..], b"", b"[1,]", b"\"\xff\""] {
            let problem = parse(text).unwrap_err();
            let detail = problem.detail(Lang::Zh).replace("JSON", "");
            assert!(!detail.contains(|c: char| c.is_ascii_alphabetic() || c == '{'), "{detail}");
        }
    }
}
