//! Reading supervisions.

use super::model::SupervisionView;
use super::repo;
use crate::auth::Call;
use crate::petition::parts::{self, PartsPage};
use crate::platform::web::{Page, Query, Response};
use actix_web::get;
use actix_web::web::Path;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_supervisions).service(get_supervision);
}

/// List the supervisions of a petition
///
/// Those the product proposed when a duty's limit was broken.
#[utoipa::path(tag = "supervision", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<SupervisionView>, description = "Supervisions, oldest first")))]
#[get("/petitions/{petition_id}/supervisions")]
async fn list_supervisions(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    parts::list::<_, SupervisionView>(call, "supervisions", &path, &page, repo::of_petition).await
}

/// Read one supervision of a petition
#[utoipa::path(tag = "supervision",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("supervision_id" = String, Path, description = "Id of the supervision")),
    responses((status = 200, body = SupervisionView, description = "The supervision")))]
#[get("/petitions/{petition_id}/supervisions/{supervision_id}")]
async fn get_supervision(call: Call, path: Path<(String, String)>) -> Response {
    parts::get::<_, SupervisionView>(call, &path.0, &path.1, repo::one).await
}
