//! Marking what cannot wait; recording and reading the urgent report.

use super::model::{MarkUrgency, RecordUrgentReport, UrgentReportView};
use super::{repo, service};
use crate::auth::Call;
use crate::petition::parts;
use crate::petition::{Act, PetitionView};
use crate::platform::db::types::Id;
use crate::platform::web::{Body, Response};
use actix_web::web::Path;
use actix_web::{delete, get, put};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(mark_urgent).service(unmark_urgent).service(record_urgent_report).service(get_urgent_report);
}

/// Mark a petition as urgent
///
/// What cannot wait is to be reported to those above within hours (Art. 25) and comes before others. It ends the simplified procedure.
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = MarkUrgency,
    responses((status = 200, body = PetitionView, description = "The petition, marked")))]
#[put("/petitions/{petition_id}/urgency")]
async fn mark_urgent(call: Call, path: Path<String>, body: Body<MarkUrgency>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::MarkUrgent.row().roles(), body.fingerprint(), move |c, cx| service::mark(c, cx, id, &body)).await
}

/// Mark a petition as no longer urgent
///
/// By a supervisor; no urgent report is owed any more.
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = MarkUrgency,
    responses((status = 200, body = PetitionView, description = "The petition, no longer marked")))]
#[delete("/petitions/{petition_id}/urgency")]
async fn unmark_urgent(call: Call, path: Path<String>, body: Body<MarkUrgency>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::UnmarkUrgent.row().roles(), body.fingerprint(), move |c, cx| service::unmark(c, cx, id, &body)).await
}

/// Record the urgent report
///
/// What cannot wait is reported to those above within hours (Art. 25); this ends that duty.
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = RecordUrgentReport,
    responses((status = 200, body = PetitionView, description = "The petition")))]
#[put("/petitions/{petition_id}/urgency/report")]
async fn record_urgent_report(call: Call, path: Path<String>, body: Body<RecordUrgentReport>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::RecordUrgentReport.row().roles(), body.fingerprint(), move |c, cx| service::record_report(c, cx, id, &body)).await
}

/// Read the urgent report
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")),
    responses((status = 200, body = UrgentReportView, description = "The last report")))]
#[get("/petitions/{petition_id}/urgency/report")]
async fn get_urgent_report(call: Call, path: Path<String>) -> Response {
    parts::last::<_, UrgentReportView>(call, &path, repo::last).await
}
