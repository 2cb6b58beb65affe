//! Writing down and reading evaluations.

use super::model::{Evaluate, EvaluationView, Object};
use super::{repo, service};
use crate::auth::Call;
use crate::petition::PetitionView;
use crate::petition::parts::{self, PartsPage};
use crate::platform::db::types::Id;
use crate::platform::web::{Body, Page, Query, Response};
use actix_web::web::Path;
use actix_web::{get, put};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_evaluations);
    cfg.service(evaluate_office).service(get_office_evaluation);
    cfg.service(evaluate_unit).service(get_unit_evaluation);
}

/// List the evaluations of a petition
#[utoipa::path(tag = "evaluation", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<EvaluationView>, description = "Those given")))]
#[get("/petitions/{petition_id}/evaluations")]
async fn list_evaluations(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    parts::list::<_, EvaluationView>(call, "evaluations", &path, &page, repo::of_petition).await
}

/// Evaluate the office
///
/// Written down by somebody who did not handle the case. It may be changed once, with a reason.
#[utoipa::path(tag = "evaluation", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = Evaluate,
    responses((status = 201, body = PetitionView, description = "Given"), (status = 200, body = PetitionView, description = "Changed")))]
#[put("/petitions/{petition_id}/evaluations/office")]
async fn evaluate_office(call: Call, path: Path<String>, body: Body<Evaluate>) -> Response {
    evaluate(call, &path, Object::Office, body).await
}

/// Evaluate the responsible unit
///
/// Written down by somebody who did not handle the case. It may be changed once, with a reason.
#[utoipa::path(tag = "evaluation", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = Evaluate,
    responses((status = 201, body = PetitionView, description = "Given"), (status = 200, body = PetitionView, description = "Changed")))]
#[put("/petitions/{petition_id}/evaluations/unit")]
async fn evaluate_unit(call: Call, path: Path<String>, body: Body<Evaluate>) -> Response {
    evaluate(call, &path, Object::Unit, body).await
}

async fn evaluate(call: Call, id: &str, object: Object, body: Body<Evaluate>) -> Response {
    let id = Id::or_nil(id);
    let roles = service::act(object).row().roles();
    call.write(roles, body.fingerprint(), move |c, cx| service::evaluate(c, cx, id, object, &body)).await
}

/// Read the evaluation of the office
#[utoipa::path(tag = "evaluation", params(("petition_id" = String, Path, description = "Id of the petition")),
    responses((status = 200, body = EvaluationView, description = "The evaluation")))]
#[get("/petitions/{petition_id}/evaluations/office")]
async fn get_office_evaluation(call: Call, path: Path<String>) -> Response {
    parts::last::<_, EvaluationView>(call, &path, |c, id| repo::of_object(c, id, Object::Office)).await
}

/// Read the evaluation of the responsible unit
#[utoipa::path(tag = "evaluation", params(("petition_id" = String, Path, description = "Id of the petition")),
    responses((status = 200, body = EvaluationView, description = "The evaluation")))]
#[get("/petitions/{petition_id}/evaluations/unit")]
async fn get_unit_evaluation(call: Call, path: Path<String>) -> Response {
    parts::last::<_, EvaluationView>(call, &path, |c, id| repo::of_object(c, id, Object::Unit)).await
}
