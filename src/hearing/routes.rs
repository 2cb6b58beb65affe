//! Opening and ending hearings, and reading them.

use super::model::{EndHearing, HearingView, OpenHearing};
use super::{repo, service};
use crate::auth::Call;
use crate::petition::parts::{self, PartsPage};
use crate::petition::{Act, PetitionView};
use crate::platform::db::types::Id;
use crate::platform::web::{Body, Page, Query, Response};
use actix_web::web::Path;
use actix_web::{get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(open_hearing).service(end_hearing).service(list_hearings).service(get_hearing);
}

/// Open a hearing
///
/// The petitioner is told. Until it is ended there is no opinion and no decision; a re-review stands still, its day of opening included.
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = OpenHearing,
    responses((status = 201, body = PetitionView, description = "The petition; the hearing is open")))]
#[post("/petitions/{petition_id}/hearings")]
async fn open_hearing(call: Call, path: Path<String>, body: Body<OpenHearing>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::OpenHearing.row().roles(), body.fingerprint(), move |c, cx| service::open(c, cx, id, &body)).await
}

/// End a hearing
///
/// With what came of it; the day it ended does not count for a re-review either.
#[utoipa::path(tag = "handling",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("hearing_id" = String, Path, description = "Id of the hearing")),
    request_body = EndHearing, responses((status = 200, body = PetitionView, description = "The petition; the hearing is over")))]
#[patch("/petitions/{petition_id}/hearings/{hearing_id}")]
async fn end_hearing(call: Call, path: Path<(String, String)>, body: Body<EndHearing>) -> Response {
    let (id, hearing) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.write(Act::EndHearing.row().roles(), body.fingerprint(), move |c, cx| service::end(c, cx, id, hearing, &body)).await
}

/// List the hearings on a petition
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<HearingView>, description = "Hearings, oldest first")))]
#[get("/petitions/{petition_id}/hearings")]
async fn list_hearings(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    parts::list::<_, HearingView>(call, "hearings", &path, &page, repo::of_petition).await
}

/// Read a hearing
#[utoipa::path(tag = "handling",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("hearing_id" = String, Path, description = "Id of the hearing")),
    responses((status = 200, body = HearingView, description = "The hearing")))]
#[get("/petitions/{petition_id}/hearings/{hearing_id}")]
async fn get_hearing(call: Call, path: Path<(String, String)>) -> Response {
    parts::get::<_, HearingView>(call, &path.0, &path.1, repo::one).await
}
