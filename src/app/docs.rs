//! The document, and the pages to browse it, all from inside the binary.

use crate::petition;
use crate::platform::web::etag::entity_tag;
use crate::platform::web::html::PAGE;
use crate::platform::web::{Answer, Problem, RequestMeta, Response};
use actix_web::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use actix_web::web::{Data, Path, ServiceConfig as PlainConfig, get as on_get};
use actix_web::{HttpRequest, HttpResponse, get};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html::push_html};
use std::sync::{Arc, OnceLock};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::Config;

/// The document as served, with its tag.
pub struct DocumentText {
    text: String,
    etag: String,
}

impl DocumentText {
    pub(super) fn new(doc: &OpenApi) -> Self {
        let text = doc.to_json().unwrap_or_default();
        let etag = entity_tag(1, text.as_bytes());
        Self { text, etag }
    }
}

pub(super) fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(get_document);
}

/// Pages that are no operations of the API.
pub(super) fn pages(cfg: &mut PlainConfig) {
    cfg.route("/docs", on_get().to(front)).route("/docs/", on_get().to(front));
    cfg.route("/docs/acts", on_get().to(acts)).route("/docs/{file}", on_get().to(file));
}

/// Read this document
#[utoipa::path(tag = "operation", responses(
    (status = 200, body = Object, description = "The OpenAPI 3.1 document",
        example = json!({"openapi": "3.1.0", "info": {"title": "xinfang", "version": "0.1.0"}, "paths": {}})),
    (status = 304, description = "Unchanged since the entity-tag in If-None-Match")))]
#[get("/openapi.json")]
async fn get_document(req: HttpRequest, document: Data<DocumentText>) -> Response {
    let meta = RequestMeta::of(&req);
    meta.accepts(&["application/json"])?;
    let answer = Answer { status: 200, body: Some(document.text.clone()), etag: None, location: None, content_location: None };
    Ok(answer.etag(document.etag.clone()).into_response(&meta, false))
}

async fn front() -> Response {
    file_of("index.html")
}

/// The procedure, as `docs/stages.md` tells it.
async fn acts() -> Response {
    static TOLD: OnceLock<String> = OnceLock::new();
    let page = match TOLD.get() {
        Some(page) => page,
        None => TOLD.get_or_init({
            let page = acts_page()?;
            || page
        }),
    };
    let policy = "default-src 'none'; style-src 'unsafe-inline'";
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, PAGE)).insert_header((CONTENT_SECURITY_POLICY, policy)).body(page.as_str()))
}

fn acts_page() -> Result<String, Problem> {
    // a diagram's source is nothing to look at
    let (mut told, mut drawn) = (String::new(), false);
    let text = petition::procedure::markdown().map_err(Problem::from)?;
    let parts = Parser::new_ext(&text, Options::ENABLE_TABLES).filter(|part| {
        let fence = matches!(part, Event::Start(Tag::CodeBlock(_)) | Event::End(TagEnd::CodeBlock));
        drawn = if fence { matches!(part, Event::Start(_)) } else { drawn };
        !fence && !drawn
    });
    push_html(&mut told, parts);
    Ok(format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>xinfang: the procedure</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>{ACTS_STYLE}</style></head><body>\
         <p><a href=\"/docs\">All operations</a></p>{told}</body></html>\n"
    ))
}

const ACTS_STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:80rem;margin:2rem auto;padding:0 1rem;color:#222}\
    table{border-collapse:collapse;margin:1rem 0}th,td{border-bottom:1px solid #ddd;padding:.3rem .6rem;text-align:left;vertical-align:top}\
    thead th{position:sticky;top:0;background:#f6f6f6}tbody tr:hover{background:#fafaf0}code{font-size:.9em;overflow-wrap:anywhere}";

async fn file(path: Path<String>) -> Response {
    file_of(&path)
}

fn file_of(name: &str) -> Response {
    let config = Arc::new(Config::new(["/api/v1/openapi.json"]).validator_url("none").doc_expansion("none"));
    let found = utoipa_swagger_ui::serve(name, config).map_err(|e| Problem::internal(e.to_string()))?;
    let file = found.ok_or_else(|| Problem::from(crate::platform::error::Error::NotFound))?;
    let mut bytes = file.bytes.into_owned();
    if name == "index.html" {
        // its links are relative, and the page is served at /docs too
        let page = String::from_utf8_lossy(&bytes).replacen("<head>", "<head><base href=\"/docs/\">", 1);
        bytes = page.replacen("<title>Swagger UI</title>", "<title>xinfang</title>", 1).into_bytes();
    }
    let policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, file.content_type)).insert_header((CONTENT_SECURITY_POLICY, policy)).body(bytes))
}
