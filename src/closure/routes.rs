//! Closing and withdrawing, and reading how it was closed.

use super::model::{ClosePetition, ClosureView, ReopenPetition, WithdrawPetition};
use super::{repo, service};
use crate::auth::Call;
use crate::petition::{Act, PetitionView, parts};
use crate::platform::db::types::Id;
use crate::platform::web::{Body, Response};
use actix_web::web::Path;
use actix_web::{delete, get, post};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(close_petition).service(get_closure).service(reopen_petition).service(withdraw_petition).service(get_withdrawal);
}

/// Close a petition
///
/// `allowed_closure_reasons` of the petition says with which reasons this caller may.
#[utoipa::path(tag = "closure", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = ClosePetition,
    responses((status = 201, body = PetitionView, description = "The petition, closed")))]
#[post("/petitions/{petition_id}/closure")]
async fn close_petition(call: Call, path: Path<String>, body: Body<ClosePetition>) -> Response {
    let id = Id::or_nil(&path);
    call.write(service::roles(), body.fingerprint(), move |c, cx| service::close(c, cx, id, &body)).await
}

/// Read how a petition was closed
#[utoipa::path(tag = "closure", params(("petition_id" = String, Path, description = "Id of the petition")),
    responses((status = 200, body = ClosureView, description = "The last closing")))]
#[get("/petitions/{petition_id}/closure")]
async fn get_closure(call: Call, path: Path<String>) -> Response {
    parts::last::<_, ClosureView>(call, &path, repo::last).await
}

/// Reopen a petition
///
/// By a supervisor above the lead who did not close it, within thirty days. It stands where it was closed from, and the limits that the
/// closing ended run on as if it had not been: what is past due by now is broken at once.
#[utoipa::path(tag = "closure", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = ReopenPetition,
    responses((status = 200, body = PetitionView, description = "The petition, open again")))]
#[delete("/petitions/{petition_id}/closure")]
async fn reopen_petition(call: Call, path: Path<String>, body: Body<ReopenPetition>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::Reopen.row().roles(), body.fingerprint(), move |c, cx| service::reopen(c, cx, id, &body)).await
}

/// Withdraw a petition
///
/// Written down for the petitioners: all of them must have said so, a proxy alone cannot.
#[utoipa::path(tag = "closure", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = WithdrawPetition,
    responses((status = 201, body = PetitionView, description = "The petition, withdrawn")))]
#[post("/petitions/{petition_id}/withdrawal")]
async fn withdraw_petition(call: Call, path: Path<String>, body: Body<WithdrawPetition>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::Withdraw.row().roles(), body.fingerprint(), move |c, cx| service::withdraw(c, cx, id, &body)).await
}

/// Read the withdrawal of a petition
#[utoipa::path(tag = "closure", params(("petition_id" = String, Path, description = "Id of the petition")),
    responses((status = 200, body = ClosureView, description = "The withdrawal")))]
#[get("/petitions/{petition_id}/withdrawal")]
async fn get_withdrawal(call: Call, path: Path<String>) -> Response {
    parts::last::<_, ClosureView>(call, &path, repo::withdrawal).await
}
