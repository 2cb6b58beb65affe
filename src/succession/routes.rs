//! Reporting deaths, and asking the heirs.

use super::model::{AnswerHeirs, HeirsInquiryView, ReportFate};
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
    cfg.service(report_death).service(answer_heirs).service(get_heirs_inquiry);
}

/// Report a death or incapacity
///
/// Of a person of the petition. When nobody is left whose petition it is, delivery and the petitioner's rights stand still from that day
/// on, and the heirs (after an incapacity: the family) are asked whether somebody goes on.
#[utoipa::path(tag = "petitions",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("party_id" = String, Path, description = "Id of the person")),
    request_body = ReportFate, responses((status = 200, body = PetitionView, description = "The petition")))]
#[put("/petitions/{petition_id}/parties/{party_id}/status")]
async fn report_death(call: Call, path: Path<(String, String)>, body: Body<ReportFate>) -> Response {
    let (id, party) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.write(Act::ReportDeath.row().roles(), body.fingerprint(), move |c, cx| service::report(c, cx, id, party, &body)).await
}

/// Record what the heirs want
///
/// `continue` names who takes the petitioner's place, unless they were added before, and lets the limits go on; after `none` or `declined`
/// a supervisor closes the petition.
#[utoipa::path(tag = "petitions", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = AnswerHeirs,
    responses((status = 200, body = PetitionView, description = "The petition")))]
#[put("/petitions/{petition_id}/heirs-inquiry")]
async fn answer_heirs(call: Call, path: Path<String>, body: Body<AnswerHeirs>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::AnswerHeirs.row().roles(), body.fingerprint(), move |c, cx| service::answer(c, cx, id, &body)).await
}

/// Read the inquiry with the heirs
#[utoipa::path(tag = "petitions", params(("petition_id" = String, Path, description = "Id of the petition")),
    responses((status = 200, body = HeirsInquiryView, description = "The last inquiry")))]
#[get("/petitions/{petition_id}/heirs-inquiry")]
async fn get_heirs_inquiry(call: Call, path: Path<String>) -> Response {
    parts::last::<_, HeirsInquiryView>(call, &path, repo::last).await
}
