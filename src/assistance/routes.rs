//! Asking other units, what they say, and reading that.

use super::model::{AnswerAssistance, AskAssistance, AssistanceView, CancelAssistance};
use super::{repo, service};
use crate::auth::Call;
use crate::petition::parts::{self, PartsPage};
use crate::petition::{Act, PetitionView};
use crate::platform::db::types::Id;
use crate::platform::web::{Body, Page, Query, Response};
use actix_web::web::Path;
use actix_web::{delete, get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(ask_assistance).service(answer_assistance).service(cancel_assistance).service(list_assistance).service(get_assistance);
}

/// Ask a unit to assist
///
/// The unit sees the petition until it has answered, by a day no later than the lead's own. Without a mandatory answer there is no
/// opinion; a petition that needs several units leaves the simplified procedure.
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = AskAssistance,
    responses((status = 201, body = PetitionView, description = "The petition; the unit is asked")))]
#[post("/petitions/{petition_id}/assistance")]
async fn ask_assistance(call: Call, path: Path<String>, body: Body<AskAssistance>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::AskAssistance.row().roles(), body.fingerprint(), move |c, cx| service::ask(c, cx, id, &body)).await
}

/// Answer as an assisting unit
///
/// By the unit that was asked; with its answer it loses sight of the petition.
#[utoipa::path(tag = "handling",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("assistance_id" = String, Path, description = "Id of the question")),
    request_body = AnswerAssistance, responses((status = 200, body = PetitionView, description = "The petition; the answer is in")))]
#[put("/petitions/{petition_id}/assistance/{assistance_id}/answer")]
async fn answer_assistance(call: Call, path: Path<(String, String)>, body: Body<AnswerAssistance>) -> Response {
    let (id, assistance) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.write(Act::AnswerAssistance.row().roles(), body.fingerprint(), move |c, cx| service::answer(c, cx, id, assistance, &body)).await
}

/// Withdraw a question to a unit
///
/// It is not needed any more: the unit owes no answer.
#[utoipa::path(tag = "handling",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("assistance_id" = String, Path, description = "Id of the question")),
    request_body = CancelAssistance, responses((status = 200, body = PetitionView, description = "The petition; the unit is not asked any more")))]
#[delete("/petitions/{petition_id}/assistance/{assistance_id}")]
async fn cancel_assistance(call: Call, path: Path<(String, String)>, body: Body<CancelAssistance>) -> Response {
    let (id, assistance) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.write(Act::CancelAssistance.row().roles(), body.fingerprint(), move |c, cx| service::cancel(c, cx, id, assistance, &body)).await
}

/// List the questions to other units
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<AssistanceView>, description = "Questions with their answers, oldest first")))]
#[get("/petitions/{petition_id}/assistance")]
async fn list_assistance(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    parts::list::<_, AssistanceView>(call, "assistance", &path, &page, repo::of_petition).await
}

/// Read a question to another unit
#[utoipa::path(tag = "handling",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("assistance_id" = String, Path, description = "Id of the question")),
    responses((status = 200, body = AssistanceView, description = "The question with its answer")))]
#[get("/petitions/{petition_id}/assistance/{assistance_id}")]
async fn get_assistance(call: Call, path: Path<(String, String)>) -> Response {
    parts::get::<_, AssistanceView>(call, &path.0, &path.1, repo::one).await
}
