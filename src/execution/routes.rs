//! Recording and reading the execution of an opinion.

use super::model::{ExecutionView, RecordExecution};
use super::{repo, service};
use crate::auth::Call;
use crate::petition::parts;
use crate::petition::{Act, PetitionView};
use crate::platform::db::types::Id;
use crate::platform::web::{Body, Response};
use actix_web::web::Path;
use actix_web::{get, put};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(record_execution).service(get_execution);
}

/// Record the execution of an opinion
///
/// How far it is; `done` needs a proof and ends the duty.
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = RecordExecution,
    responses((status = 200, body = PetitionView, description = "The petition")))]
#[put("/petitions/{petition_id}/execution")]
async fn record_execution(call: Call, path: Path<String>, body: Body<RecordExecution>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::RecordExecution.row().roles(), body.fingerprint(), move |c, cx| service::record(c, cx, id, &body)).await
}

/// Read how far the execution is
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")),
    responses((status = 200, body = ExecutionView, description = "The last step")))]
#[get("/petitions/{petition_id}/execution")]
async fn get_execution(call: Call, path: Path<String>) -> Response {
    parts::last::<_, ExecutionView>(call, &path, repo::last).await
}
