//! The middleware in process: what clients get when nobody wrote them an answer.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::platform::error::Error;
use crate::platform::web::body::{Body, BodyLimit};
use crate::platform::web::problem::problem_pages;
use crate::platform::web::{Shapes, codes};
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body, try_call_service};
use actix_web::{App, FromRequest, HttpRequest, dev::Payload, web};
use serde::Deserialize;
use serde_json::Value;
use std::future::{Ready, ready};
use std::io::{Read, Write};
use std::net::TcpStream;
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, PathItem, PathsBuilder};

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Thing {
    #[schema(min_length = 1)]
    name: String,
}

struct Token;

impl FromRequest for Token {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = req.headers().contains_key("authorization").then_some(Self);
        ready(token.ok_or_else(|| Error::Unauthenticated(codes::UNAUTHENTICATED).into()))
    }
}

async fn make(_: Token, body: Body<Thing>) -> Result<HttpResponse, Problem> {
    let thing = body.shaped()?;
    Ok(HttpResponse::Created().body(thing.name.clone()))
}

async fn show() -> HttpResponse {
    HttpResponse::Ok().insert_header(("etag", "\"1-0\"")).body("a thing")
}

async fn explode() -> HttpResponse {
    panic!("secret")
}

fn known() -> KnownPaths {
    let item = |method| PathItem::new(method, OperationBuilder::new());
    let mut doc = OpenApi::default();
    doc.paths = PathsBuilder::new()
        .path("/api/things", item(HttpMethod::Post))
        .path("/api/things/{id}", item(HttpMethod::Get))
        .path("/api/things/batch", item(HttpMethod::Post))
        .path("/api/panic", item(HttpMethod::Get))
        .build();
    KnownPaths::from_openapi(&doc)
}

macro_rules! routes {
    () => {
            App::new()
                .app_data(Data::new(known()))
                .app_data(Data::new(Shapes::default()))
                .app_data(Data::new(ExtraHeaders(vec![(HeaderName::from_static("x-extra"), HeaderValue::from_static("true"))])))
                .app_data(BodyLimit(1000))
                .service(web::resource("/api/things").guard(actix_web::guard::Post()).to(make))
                .service(web::resource("/api/things/{id}").guard(actix_web::guard::Get()).to(show))
                .service(web::resource("/api/number/{n}").to(|_: web::Path<u32>| async { "fine" }))
                .service(web::resource("/api/panic").to(explode))
                .service(web::resource("/own").to(|| async { HttpResponse::BadRequest().json(serde_json::json!({"error": "own"})) }))
                .configure(problem_pages(&[codes::ALL]))
                .wrap(from_fn(outermost))
    };
}

macro_rules! app {
    () => {
        init_service(routes!()).await
    };
}

#[actix_web::test]
async fn errors_are_problems() {
    let app = app!();
    let get = |path: &str| TestRequest::get().uri(path);
    let post = |body: &'static str| {
        TestRequest::post()
            .uri("/api/things")
            .insert_header(("authorization", "x"))
            .insert_header(("content-type", "application/json"))
            .set_payload(body)
    };
    let long = String::leak(format!("{{\"name\":\"{}\"}}", "x".repeat(1000)));
    for (request, status, code) in [
        (get("/nothing"), 404, "not_found"),
        (get("/api/things"), 405, "method_not_allowed"),
        (TestRequest::delete().uri("/api/things/7"), 405, "method_not_allowed"),
        (TestRequest::default().method(Method::OPTIONS).uri("/api/things/7"), 405, "method_not_allowed"),
        (get("/api/things/batch"), 405, "method_not_allowed"),
        (get("/api/number/x"), 404, "not_found"),
        (TestRequest::post().uri("/api/things").set_payload("{"), 401, "unauthenticated"),
        (post("{"), 400, "malformed_json"),
        (post("{\"name\":\"a\",\"name\":\"b\"}"), 400, "duplicate_key"),
        (post("{}"), 422, "invalid"),
        (post(""), 422, "invalid"),
        (post("{\"name\":\"a\",\"other\":1}"), 422, "invalid"),
        (post(long), 413, "body_too_large"),
        (post("{}").insert_header(("content-length", "999999")), 413, "body_too_large"),
        (post("{}").insert_header(("content-type", "text/plain")), 415, "unsupported_media_type"),
    ] {
        let response = call_service(&app, request.insert_header(("x-request-id", "mine")).to_request()).await;
        let headers = response.headers().clone();
        assert_eq!(response.status().as_u16(), status, "{code}");
        for (name, value) in [
            ("content-type", "application/problem+json"),
            ("content-language", "zh-CN"),
            ("vary", "Accept-Language"),
            ("x-request-id", "mine"),
            ("x-content-type-options", "nosniff"),
            ("x-extra", "true"),
        ] {
            assert_eq!(headers.get(name).unwrap(), value, "{code}");
        }
        assert_eq!(headers.contains_key("allow"), status == 405);
        assert_eq!(headers.contains_key("www-authenticate"), status == 401);
        let body: Value = serde_json::from_slice(&read_body(response).await).unwrap();
        assert_eq!((body["code"].as_str().unwrap(), body["status"].as_u64().unwrap()), (code, u64::from(status)));
        assert_eq!(body["type"], format!("/problems/{code}"));
    }
}

#[actix_web::test]
async fn allow_names_head_beside_get() {
    let response = call_service(&app!(), TestRequest::put().uri("/api/things/7").to_request()).await;
    assert_eq!(response.headers().get("allow").unwrap(), "GET, HEAD");
}

#[actix_web::test]
async fn a_panic_is_a_500_that_tells_nothing() {
    let app = app!();
    let error = try_call_service(&app, TestRequest::get().uri("/api/panic").to_request()).await.err().unwrap();
    let response = error.error_response();
    assert_eq!(response.status().as_u16(), 500);
    assert_eq!(response.headers().get("x-extra").unwrap(), "true");
    let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    assert!(text.contains("\"code\":\"internal\"") && !text.contains("secret"), "{text}");
    let after = call_service(&app, TestRequest::get().uri("/api/things/7").to_request()).await;
    assert_eq!(after.status().as_u16(), 200);
}

#[actix_web::test]
async fn head_is_get_without_the_body() {
    let app = app!();
    let head = |path: &str| TestRequest::default().method(Method::HEAD).uri(path).to_request();
    let response = call_service(&app, head("/api/things/7")).await;
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(response.headers().get("etag").unwrap(), "\"1-0\"");
    assert_eq!(response.headers().get("content-length").unwrap(), "7");
    assert!(read_body(response).await.is_empty());
    let refused = call_service(&app, head("/nothing")).await;
    assert_eq!(refused.status().as_u16(), 404);
    assert!(read_body(refused).await.is_empty());
}

#[actix_web::test]
async fn what_a_handler_words_itself_stays() {
    let app = app!();
    let own = call_service(&app, TestRequest::get().uri("/own").to_request()).await;
    assert_eq!(own.headers().get("content-type").unwrap(), "application/json");
    let made = TestRequest::post()
        .uri("/api/things")
        .insert_header(("authorization", "x"))
        .insert_header(("content-type", "application/json; charset=utf-8"))
        .insert_header(("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
        .set_payload("{\"name\":\"a\"}");
    let made = call_service(&app, made.to_request()).await;
    assert_eq!(made.status().as_u16(), 201);
    assert_eq!(made.headers().get("cache-control").unwrap(), "no-store");
    assert!(made.headers().contains_key("traceparent"));
    assert_eq!(read_body(made).await, "a");
}

#[actix_web::test]
async fn problem_types_are_pages() {
    let app = app!();
    for (request, status, media_type) in [
        (TestRequest::get().uri("/problems"), 200, "text/html; charset=utf-8"),
        (TestRequest::get().uri("/problems/stale").insert_header(("accept", "application/json")), 200, "text/html; charset=utf-8"),
        (TestRequest::get().uri("/problems/none"), 404, "application/problem+json"),
        (TestRequest::post().uri("/problems/stale"), 405, "application/problem+json"),
    ] {
        let response = call_service(&app, request.to_request()).await;
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.headers().get("content-type").unwrap(), media_type);
        assert_eq!(response.headers().contains_key("allow"), status == 405);
    }
}

/// All that comes back for these bytes on one connection.
async fn exchanged(address: std::net::SocketAddr, request: String) -> String {
    let talk = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    web::block(talk).await.unwrap()
}

#[actix_web::test]
async fn over_the_wire() {
    let server = actix_web::HttpServer::new(|| routes!()).workers(1).bind(("127.0.0.1", 0)).unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let last = "host: x\r\nconnection: close\r\n\r\n";

    let head = exchanged(address, format!("HEAD /api/things/7 HTTP/1.1\r\n{last}")).await;
    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
    assert_eq!(head.to_lowercase().matches("content-length: 7\r\n").count(), 1, "{head}");

    let twice = format!("GET /api/panic HTTP/1.1\r\nhost: x\r\n\r\nGET /api/things/7 HTTP/1.1\r\n{last}");
    let panic = exchanged(address, twice).await;
    assert!(panic.starts_with("HTTP/1.1 500") && panic.contains("/problems/internal") && panic.ends_with("a thing"), "{panic}");

    let chunk = "x".repeat(2000);
    let chunked = format!(
        "POST /api/things HTTP/1.1\r\nauthorization: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n{last}7d0\r\n{chunk}\r\n0\r\n\r\n"
    );
    let refused = exchanged(address, chunked).await;
    assert!(refused.starts_with("HTTP/1.1 413") && refused.contains("/problems/body_too_large"), "{refused}");
    handle.stop(false).await;
}
