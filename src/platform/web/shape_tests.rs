//! Every kind of fault, with the pointer a form can show it at.
#![allow(clippy::unwrap_used, dead_code)]

use super::*;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::OpenApi as _;
use uuid::Uuid;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Order {
    #[schema(min_length = 1, max_length = 5)]
    title: String,
    color: Option<Color>,
    box_: Option<Crate>,
    #[serde(default)]
    urgent: bool,
    n: Option<i32>,
    #[schema(minimum = 1, maximum = 10)]
    level: Option<i64>,
    day: Option<NaiveDate>,
    at: Option<DateTime<Utc>>,
    id: Option<Uuid>,
    #[schema(max_items = 2)]
    parts: Option<Vec<Crate>>,
    #[schema(pattern = "^[0-9]+$")]
    digits: Option<String>,
    choice: Option<Choice>,
    free: Option<Value>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Color {
    Red,
    Green,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Crate {
    weight: u32,
    #[serde(rename = "a/b")]
    slash: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Choice {
    One { size: u32 },
    Two { name: String },
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Order, Color, Crate, Choice)))]
struct Doc;

fn found(mut value: Value) -> Vec<String> {
    let shapes = Shapes::from_openapi(&Doc::openapi());
    let described = |f: &Fault| format!("{} {}{}", f.pointer, f.code.name, f.args.iter().map(|a| format!(" {a}")).collect::<String>());
    let mut found: Vec<_> = shapes.check("Order", &mut value).iter().map(described).collect();
    found.sort();
    found
}

#[test]
fn faults_and_their_places() {
    for (value, faults) in [
        (json!({"title": "a"}), &[][..]),
        (json!({}), &["/title required"]),
        (json!({"title": null}), &["/title required"]),
        (json!([]), &[" wrong_type object"]),
        (json!(null), &[" wrong_type object"]),
        (json!({"title": ""}), &["/title empty"]),
        (json!({"title": "一二三四五"}), &[]),
        (json!({"title": "一二三四五六"}), &["/title too_long 5"]),
        (json!({"title": 5}), &["/title wrong_type string"]),
        (json!({"title": "a", "titel": 1, "x/y": 1}), &["/titel unknown_member", "/x~1y unknown_member"]),
        (json!({"title": "a", "color": "blue"}), &["/color not_in_list red, green"]),
        (json!({"title": "a", "color": 7}), &["/color wrong_type string"]),
        (json!({"title": "a", "box_": {}}), &["/box_/weight required"]),
        (json!({"title": "a", "box_": {"weight": -1, "z": 1}}), &["/box_/weight too_small 0", "/box_/z unknown_member"]),
        (json!({"title": "a", "box_": "x"}), &["/box_ wrong_type object"]),
        (json!({"title": "a", "urgent": "yes"}), &["/urgent wrong_type boolean"]),
        (json!({"title": "a", "n": 1.5}), &["/n wrong_type integer"]),
        (json!({"title": "a", "n": 3_000_000_000_i64}), &["/n too_large 2147483647"]),
        (json!({"title": "a", "level": 0}), &["/level too_small 1"]),
        (json!({"title": "a", "level": 11}), &["/level too_large 10"]),
        (json!({"title": "a", "day": "2026-02-30"}), &["/day bad_date"]),
        (json!({"title": "a", "at": "2026-02-03T10:00:00"}), &["/at bad_time"]),
        (json!({"title": "a", "at": "2026-02-03T10:00:00+08:00"}), &[]),
        (json!({"title": "a", "id": "x"}), &["/id bad_id"]),
        (json!({"title": "a", "digits": "1a"}), &["/digits bad_form"]),
        (
            json!({"title": "a", "parts": [{"weight": 1}, {"weight": "x"}, {}]}),
            &["/parts too_many 2", "/parts/1/weight wrong_type integer", "/parts/2/weight required"],
        ),
        (json!({"title": "a", "parts": [null]}), &["/parts/0 wrong_type object"]),
        (json!({"title": "a", "choice": {"kind": "one"}}), &["/choice/size required"]),
        (json!({"title": "a", "choice": {"kind": "three"}}), &["/choice/kind not_in_list one, two"]),
        (json!({"title": "a\u{0}", "free": {"x": ["\u{7}"]}}), &["/free/x/0 control_character 0007", "/title control_character 0000"]),
        (json!({"title": "a", "free": "\u{202e}txt.exe"}), &["/free control_character 202E"]),
        (json!({"title": "a", "free": "\u{2066}x\u{2069}"}), &["/free control_character 2066"]),
        (json!({"title": "a", "free": "\u{200f}\u{200d}"}), &[]),
        (json!({"title": "a", "digits": "\u{1}"}), &["/digits control_character 0001"]),
        (json!({"title": "", "day": "x", "n": "y"}), &["/day bad_date", "/n wrong_type integer", "/title empty"]),
        (json!({"title": "a", "box_": {"weight": 1, "a/b": 5}}), &["/box_/a~1b wrong_type string"]),
    ] {
        assert_eq!(found(value.clone()), faults, "{value}");
    }
}

#[test]
fn faults_without_end_are_not_all_named() {
    for value in [
        json!({"title": "a", "parts": vec![Value::from(1); 100_000]}),
        json!({"title": "a", "free": vec!["\u{7}"; 1000]}),
        Value::Object((0..1000).map(|n| (format!("x{n}"), json!(1))).collect()),
    ] {
        let shapes = Shapes::from_openapi(&Doc::openapi());
        let faults = shapes.check("Order", &mut value.clone());
        assert_eq!(faults.len(), 201);
        assert_eq!(faults[200], Fault::new("", codes::MORE_FAULTS).arg(200));
    }
}

#[test]
fn null_means_absent_and_text_is_put_in_order() {
    let shapes = Shapes::from_openapi(&Doc::openapi());
    let mut value = json!({"title": "e\u{301}\r\n", "urgent": null, "color": null, "n": null, "free": {"kept": null}});
    let order: Order = shapes.read(&mut value).unwrap();
    assert_eq!(order.title, "\u{e9}\n");
    assert!(!order.urgent && order.color.is_none());
    assert_eq!(order.free, Some(json!({"kept": null})));
}

#[test]
fn types_outside_the_document_bring_their_own_schema() {
    let shapes = Shapes::default();
    let Err(Error::Invalid(faults)) = shapes.read::<Order>(&mut json!({"title": "a", "box_": {}, "color": "x"})) else { panic!() };
    assert_eq!(faults.len(), 2, "{faults:?}");
    let unknown = shapes.check("Nothing", &mut json!({}));
    assert_eq!(unknown, [Fault::new("", codes::INTERNAL)]);
}

#[test]
fn where_serde_is_stricter_the_place_is_named() {
    let shapes = Shapes::from_openapi(&Doc::openapi());
    let Err(Error::Invalid(faults)) = shapes.read::<Order>(&mut json!({"title": "a", "box_": {"weight": 4_000_000_000_i64}})) else {
        panic!()
    };
    assert_eq!(faults[0].pointer, "/box_/weight");
}
