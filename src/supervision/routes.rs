//! Supervising, and reading supervisions.

use super::model::{Supervise, SupervisionView, UpdateSupervision};
use super::{repo, service};
use crate::auth::{Call, Roles};
use crate::petition::parts::{self, PartsPage};
use crate::petition::{Act, PetitionView};
use crate::platform::db::types::Id;
use crate::platform::web::{Body, Page, Query, Response};
use actix_web::web::Path;
use actix_web::{get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_supervisions).service(get_supervision).service(supervise).service(update_supervision);
}

/// List the supervisions of a petition
///
/// Those the product proposed when a duty's limit was broken, and those that were opened without; with what became of them.
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

/// Open a supervision
///
/// By those above the unit that handles the petition, or by a leader: the unit is asked by letter to account for itself by a day. It
/// keeps sight of the petition until then, whoever handles it meanwhile.
#[utoipa::path(tag = "supervision", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = Supervise,
    responses((status = 201, body = PetitionView, description = "The petition, supervised")))]
#[post("/petitions/{petition_id}/supervisions")]
async fn supervise(call: Call, path: Path<String>, body: Body<Supervise>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::Supervise.row().roles(), body.fingerprint(), move |c, cx| service::supervise(c, cx, id, &body)).await
}

/// Decide on a supervision, or answer it
///
/// Those above confirm a proposed one (`status` open, with the day by which the unit answers) or dismiss it, and lift an open or
/// answered one; the supervised unit sends its `answer`. A request says one of these.
#[utoipa::path(tag = "supervision",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("supervision_id" = String, Path, description = "Id of the supervision")),
    request_body = UpdateSupervision, responses((status = 200, body = PetitionView, description = "The petition")))]
#[patch("/petitions/{petition_id}/supervisions/{supervision_id}")]
async fn update_supervision(call: Call, path: Path<(String, String)>, body: Body<UpdateSupervision>) -> Response {
    let (id, supervision) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    let acts = [Act::ConfirmSupervision, Act::DismissSupervision, Act::AnswerSupervision, Act::LiftSupervision];
    let roles = acts.iter().fold(Roles::NONE, |roles, act| roles.with(act.row().roles()));
    call.write(roles, body.fingerprint(), move |c, cx| service::update(c, cx, id, supervision, &body)).await
}
