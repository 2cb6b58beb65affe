//! Recording mediations, and reading them.

use super::model::{Mediate, MediationView};
use super::{repo, service};
use crate::auth::Call;
use crate::petition::parts::{self, PartsPage};
use crate::petition::{Act, PetitionView};
use crate::platform::db::types::Id;
use crate::platform::web::{Body, Page, Query, Response};
use actix_web::web::Path;
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(record_mediation).service(list_mediations).service(get_mediation);
}

/// Record a mediation
///
/// By the unit that handles or reviews it. With an agreement the petition can be closed as mediated; the last mediation says whether
/// there is one.
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = Mediate,
    responses((status = 201, body = PetitionView, description = "The petition; the mediation is recorded")))]
#[post("/petitions/{petition_id}/mediations")]
async fn record_mediation(call: Call, path: Path<String>, body: Body<Mediate>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::Mediate.row().roles(), body.fingerprint(), move |c, cx| service::mediate(c, cx, id, &body)).await
}

/// List the mediations in a petition
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<MediationView>, description = "Mediations, oldest first")))]
#[get("/petitions/{petition_id}/mediations")]
async fn list_mediations(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    parts::list::<_, MediationView>(call, "mediations", &path, &page, repo::of_petition).await
}

/// Read a mediation
#[utoipa::path(tag = "handling",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("mediation_id" = String, Path, description = "Id of the mediation")),
    responses((status = 200, body = MediationView, description = "The mediation")))]
#[get("/petitions/{petition_id}/mediations/{mediation_id}")]
async fn get_mediation(call: Call, path: Path<(String, String)>) -> Response {
    parts::get::<_, MediationView>(call, &path.0, &path.1, repo::one).await
}
