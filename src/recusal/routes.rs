//! Recusing, letting in again, and who is recused.

use super::model::{LiftRecusal, RecusalView, Recuse};
use super::{repo, service};
use crate::auth::Call;
use crate::petition::parts::{self, PartsPage};
use crate::petition::{Act, PetitionView};
use crate::platform::db::types::Id;
use crate::platform::web::{Body, Page, Query, Response};
use actix_web::web::Path;
use actix_web::{delete, get, post};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(recuse).service(lift_recusal).service(list_recusals).service(get_recusal);
}

/// Recuse somebody
///
/// A person does so for themself, a supervisor or a leader for others and for units. Whoever is recused may read on and do nothing; of an
/// accusation they know nothing from then on.
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = Recuse,
    responses((status = 201, body = PetitionView, description = "The petition; they keep out")))]
#[post("/petitions/{petition_id}/recusals")]
async fn recuse(call: Call, path: Path<String>, body: Body<Recuse>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::Recuse.row().roles(), body.fingerprint(), move |c, cx| service::recuse(c, cx, id, &body)).await
}

/// Lift a recusal
///
/// By a supervisor who is not the one recused. What follows from being complained of can't be lifted.
#[utoipa::path(tag = "handling",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("recusal_id" = String, Path, description = "Id of the recusal")),
    request_body = LiftRecusal, responses((status = 200, body = PetitionView, description = "The petition; they may act again")))]
#[delete("/petitions/{petition_id}/recusals/{recusal_id}")]
async fn lift_recusal(call: Call, path: Path<(String, String)>, body: Body<LiftRecusal>) -> Response {
    let (id, recusal) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.write(Act::LiftRecusal.row().roles(), body.fingerprint(), move |c, cx| service::lift(c, cx, id, recusal, &body)).await
}

/// List the recusals in a petition
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<RecusalView>, description = "Who keeps out, oldest first")))]
#[get("/petitions/{petition_id}/recusals")]
async fn list_recusals(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    parts::list::<_, RecusalView>(call, "recusals", &path, &page, repo::of_petition).await
}

/// Read a recusal
#[utoipa::path(tag = "handling",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("recusal_id" = String, Path, description = "Id of the recusal")),
    responses((status = 200, body = RecusalView, description = "The recusal")))]
#[get("/petitions/{petition_id}/recusals/{recusal_id}")]
async fn get_recusal(call: Call, path: Path<(String, String)>) -> Response {
    parts::get::<_, RecusalView>(call, &path.0, &path.1, repo::one).await
}
