//! Asking for more time, deciding on it, and reading that.

use super::model::{DecideExtension, ExtensionView, RequestExtension};
use super::{repo, service};
use crate::auth::Call;
use crate::petition::parts::{self, PartsPage};
use crate::petition::{Act, PetitionView};
use crate::platform::db::types::Id;
use crate::platform::web::{Body, Page, Query, Response};
use actix_web::web::Path;
use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(request_extension).service(decide_extension).service(list_extensions).service(get_extension);
}

/// Ask for more time
///
/// On the limit for handling a claim, once, before it is over (Art. 34). The head of the lead unit decides; until then the limit stays.
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = RequestExtension,
    responses((status = 201, body = PetitionView, description = "The petition, with the request waiting for a decision")))]
#[post("/petitions/{petition_id}/extensions")]
async fn request_extension(call: Call, path: Path<String>, body: Body<RequestExtension>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::RequestExtension.row().roles(), body.fingerprint(), move |c, cx| service::request(c, cx, id, &body)).await
}

/// Decide on a request for more time
///
/// By the head of the lead unit, or a supervisor above it where there is none or the head asked; never by who asked. Approved, the limit
/// ends so many days later, counted from its start, and the petitioner is told why.
#[utoipa::path(tag = "handling",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("extension_id" = String, Path, description = "Id of the request")),
    request_body = DecideExtension,
    responses((status = 200, body = PetitionView, description = "The petition, with its limit as decided")))]
#[put("/petitions/{petition_id}/extensions/{extension_id}/decision")]
async fn decide_extension(call: Call, path: Path<(String, String)>, body: Body<DecideExtension>) -> Response {
    let (id, extension) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.write(Act::DecideExtension.row().roles(), body.fingerprint(), move |c, cx| service::decide(c, cx, id, extension, &body)).await
}

/// List the requests for more time
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<ExtensionView>, description = "Requests, oldest first")))]
#[get("/petitions/{petition_id}/extensions")]
async fn list_extensions(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    parts::list::<_, ExtensionView>(call, "extensions", &path, &page, repo::of_petition).await
}

/// Read a request for more time
#[utoipa::path(tag = "handling",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("extension_id" = String, Path, description = "Id of the request")),
    responses((status = 200, body = ExtensionView, description = "The request with its decision")))]
#[get("/petitions/{petition_id}/extensions/{extension_id}")]
async fn get_extension(call: Call, path: Path<(String, String)>) -> Response {
    parts::get::<_, ExtensionView>(call, &path.0, &path.1, repo::one).await
}
