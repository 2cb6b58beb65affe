//! Whether the process lives, whether it can serve, and its figures.

use crate::platform::web::problem::MEDIA_TYPE;
use crate::platform::web::{Answer, Problem, ProblemDocument, RequestMeta, Response};
use crate::platform::{Platform, telemetry};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(livez).service(readyz).service(metrics);
}

/// How the process is.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `ok`.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether the process lives
#[utoipa::path(tag = "operation", responses((status = 200, body = Health, description = "It does")))]
#[get("/livez")]
async fn livez(req: HttpRequest) -> Response {
    Ok(Answer::ok(&Health { status: "ok" })?.into_response(&RequestMeta::of(&req), false))
}

/// Whether it can serve
///
/// 503 while the database does not answer.
#[utoipa::path(tag = "operation", responses((status = 200, body = Health, description = "It can"),
    (status = 503, description = "The database does not answer", body = ProblemDocument, content_type = MEDIA_TYPE)))]
#[get("/readyz")]
async fn readyz(req: HttpRequest, platform: Data<Platform>) -> Response {
    platform.db.ping().await.map_err(|_| Problem::unavailable())?;
    Ok(Answer::ok(&Health { status: "ok" })?.into_response(&RequestMeta::of(&req), false))
}

/// Figures of the process
///
/// In Prometheus's text form; routes as patterns, never as paths.
#[utoipa::path(tag = "operation", responses(
    (status = 200, body = String, content_type = "text/plain", description = "Figures",
        example = json!("# TYPE http_requests_total counter\nhttp_requests_total{method=\"GET\",route=\"/api/v1/petitions\",status=\"200\"} 3\n")),
    (status = 503, description = "Figures are not kept", body = ProblemDocument, content_type = MEDIA_TYPE)))]
#[get("/metrics")]
async fn metrics() -> Response {
    let handle = telemetry::metrics().ok_or_else(Problem::unavailable)?;
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; version=0.0.4")).body(handle.render()))
}
