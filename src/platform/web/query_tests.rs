//! Query strings and everything that can be wrong with them at once.
#![allow(clippy::unwrap_used)]

use super::*;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::OpenApi as _;

#[derive(Debug, Deserialize, utoipa::ToSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Color {
    Red,
    Green,
}

#[derive(Debug, Deserialize, IntoParams)]
struct Filter {
    from: Option<NaiveDate>,
    #[param(inline)]
    color: Option<Color>,
    colors: Option<Vec<Color>>,
    numbers: Option<Vec<i64>>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    open: Option<bool>,
    q: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
struct Needy {
    year: i32,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Color)))]
struct Doc;

fn shapes() -> Shapes {
    Shapes::from_openapi(&Doc::openapi())
}

#[test]
fn readable() {
    let text = "from=2026-01-31&color=red&colors=red,green&numbers=1,-2&limit=5&open=true&q=%E6%88%BF%20e%CC%81";
    let Query(filter) = Query::<Filter>::parse(text, &shapes()).unwrap();
    assert_eq!(filter.from, NaiveDate::from_ymd_opt(2026, 1, 31));
    assert_eq!(filter.color, Some(Color::Red));
    assert_eq!(filter.colors, Some(vec![Color::Red, Color::Green]));
    assert_eq!(filter.numbers, Some(vec![1, -2]));
    assert_eq!((filter.limit, filter.open), (Some(5), Some(true)));
    assert_eq!(filter.q.as_deref(), Some("房 \u{e9}"));
    assert_eq!(Query::<Needy>::parse("year=2026", &shapes()).unwrap().year, 2026);
    let Query(nothing) = Query::<Filter>::parse("", &shapes()).unwrap();
    assert!(nothing.q.is_none() && nothing.colors.is_none());
}

#[test]
fn unreadable() {
    let shapes = shapes();
    for (text, faults) in [
        ("x=1", "/x unknown_parameter"),
        ("q=a&q=b", "/q repeated_parameter"),
        ("from=yesterday", "/from bad_date"),
        ("limit=0", "/limit too_small"),
        ("limit=many", "/limit wrong_type"),
        ("open=yes", "/open wrong_type"),
        ("color=blue", "/color not_in_list"),
        ("colors=red,blue", "/colors/1 not_in_list"),
        ("q=%ff", "/q bad_form"),
        ("q=%00", "/q control_character"),
        ("x=1&from=x&limit=500", "/x unknown_parameter, /from bad_date, /limit too_large"),
    ] {
        let problem = Query::<Filter>::parse(text, &shapes).unwrap_err();
        let document = problem.document(&super::super::RequestMeta::of(&actix_web::test::TestRequest::get().to_http_request()));
        let found: Vec<_> = document.errors.iter().map(|e| format!("{} {}", e.pointer, e.code)).collect();
        assert_eq!((document.status, found.join(", ").as_str()), (400, faults), "{text}");
    }
    let missing = Query::<Needy>::parse("", &shapes).unwrap_err();
    assert!(format!("{missing:?}").contains("/year"), "{missing:?}");
}
