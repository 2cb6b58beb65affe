//! Referring, what the unit says to it, and reading referrals.

use super::model::{DecideObjection, ObjectToReferral, RecallReferral, ReferPetition, ReferralView, SubmitReport};
use super::{objection, recall, repo, report, service};
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
    cfg.service(list_referrals).service(get_referral).service(refer_petition);
    cfg.service(recall_referral).service(object_to_referral).service(decide_objection).service(submit_report);
}

/// Refer or assign a petition
///
/// To the unit that is competent, which becomes its lead and answers within its limits; assigned, it also reports back by a day. An
/// accusation goes to the discipline unit only.
#[utoipa::path(tag = "referral", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = ReferPetition,
    responses((status = 201, body = PetitionView, description = "The petition, referred")))]
#[post("/petitions/{petition_id}/referrals")]
async fn refer_petition(call: Call, path: Path<String>, body: Body<ReferPetition>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::Refer.row().roles().with(Act::Assign.row().roles()), body.fingerprint(), move |c, cx| service::refer(c, cx, id, &body))
        .await
}

/// List the referrals of a petition
#[utoipa::path(tag = "referral", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<ReferralView>, description = "Referrals, oldest first")))]
#[get("/petitions/{petition_id}/referrals")]
async fn list_referrals(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    parts::list::<_, ReferralView>(call, "referrals", &path, &page, repo::of_petition).await
}

/// Read one referral of a petition
#[utoipa::path(tag = "referral",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("referral_id" = String, Path, description = "Id of the referral")),
    responses((status = 200, body = ReferralView, description = "The referral")))]
#[get("/petitions/{petition_id}/referrals/{referral_id}")]
async fn get_referral(call: Call, path: Path<(String, String)>) -> Response {
    parts::get::<_, ReferralView>(call, &path.0, &path.1, repo::one).await
}

/// Take a referral back
///
/// The petition is the sender's again, who finds it another owner; the limit for the answer goes on.
#[utoipa::path(tag = "referral",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("referral_id" = String, Path, description = "Id of the referral")),
    request_body = RecallReferral, responses((status = 200, body = PetitionView, description = "The petition, back at the sender")))]
#[delete("/petitions/{petition_id}/referrals/{referral_id}")]
async fn recall_referral(call: Call, path: Path<(String, String)>, body: Body<RecallReferral>) -> Response {
    let (id, referral) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.write(Act::Recall.row().roles(), body.fingerprint(), move |c, cx| recall::recall(c, cx, id, referral, &body)).await
}

/// Object to a referral
///
/// The unit says that it is not its own. In time, the sender owes an answer; later, they may still consent.
#[utoipa::path(tag = "referral",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("referral_id" = String, Path, description = "Id of the referral")),
    request_body = ObjectToReferral, responses((status = 200, body = PetitionView, description = "The petition; the objection waits")))]
#[post("/petitions/{petition_id}/referrals/{referral_id}/objection")]
async fn object_to_referral(call: Call, path: Path<(String, String)>, body: Body<ObjectToReferral>) -> Response {
    let (id, referral) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.write(Act::Object.row().roles(), body.fingerprint(), move |c, cx| objection::object(c, cx, id, referral, &body)).await
}

/// Decide an objection
///
/// Upheld, the petition goes back to the sender; refused, the unit keeps it and its limits go on.
#[utoipa::path(tag = "referral",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("referral_id" = String, Path, description = "Id of the referral")),
    request_body = DecideObjection, responses((status = 200, body = PetitionView, description = "The petition as it stands then")))]
#[put("/petitions/{petition_id}/referrals/{referral_id}/objection/decision")]
async fn decide_objection(call: Call, path: Path<(String, String)>, body: Body<DecideObjection>) -> Response {
    let (id, referral) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.write(Act::DecideObjection.row().roles(), body.fingerprint(), move |c, cx| objection::decide(c, cx, id, referral, &body)).await
}

/// Submit the closing report
///
/// What an assigned petition came to, for the sender; once.
#[utoipa::path(tag = "referral",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("referral_id" = String, Path, description = "Id of the referral")),
    request_body = SubmitReport, responses((status = 200, body = PetitionView, description = "The petition; the report is in")))]
#[put("/petitions/{petition_id}/referrals/{referral_id}/report")]
async fn submit_report(call: Call, path: Path<(String, String)>, body: Body<SubmitReport>) -> Response {
    let (id, referral) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.write(Act::SubmitReport.row().roles(), body.fingerprint(), move |c, cx| report::submit(c, cx, id, referral, &body)).await
}
