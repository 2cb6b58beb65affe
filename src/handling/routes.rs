//! Accepting, giving the opinion, delivering; and reading them.

use super::model::{AcceptPetition, AcceptanceView, DeliveryView, GiveOpinion, OpinionView, SetOfficer};
use super::{acceptance, delivery, officer, opinion, repo};
use crate::auth::Call;
use crate::notice::NewDelivery;
use crate::petition::parts::{self, PartsPage};
use crate::petition::{Act, PetitionView};
use crate::platform::db::types::Id;
use crate::platform::web::{Body, Page, Query, Response};
use actix_web::web::Path;
use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(accept_petition).service(get_acceptance).service(set_officer);
    cfg.service(give_opinion).service(get_opinion).service(list_opinions).service(get_opinion_version);
    super::extension::routes::configure(cfg);
    cfg.service(deliver_answer).service(list_deliveries).service(get_delivery);
}

/// Accept a petition
///
/// By the unit it was referred to, or at once by an office that is itself competent. The petitioner is told.
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = AcceptPetition,
    responses((status = 201, body = PetitionView, description = "The petition, being handled")))]
#[post("/petitions/{petition_id}/acceptance")]
async fn accept_petition(call: Call, path: Path<String>, body: Body<AcceptPetition>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::Accept.row().roles(), body.fingerprint(), move |c, cx| acceptance::accept(c, cx, id, &body)).await
}

/// Read the acceptance of a petition
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")),
    responses((status = 200, body = AcceptanceView, description = "The last acceptance")))]
#[get("/petitions/{petition_id}/acceptance")]
async fn get_acceptance(call: Call, path: Path<String>) -> Response {
    parts::last::<_, AcceptanceView>(call, &path, repo::acceptance).await
}

/// Name the officer
///
/// Somebody of the lead unit: the others leave it to them, but for heads and supervisors, who stand in. Null leaves it to any of them.
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = SetOfficer,
    responses((status = 200, body = PetitionView, description = "The petition with its officer")))]
#[put("/petitions/{petition_id}/officer")]
async fn set_officer(call: Call, path: Path<String>, body: Body<SetOfficer>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::SetOfficer.row().roles(), body.fingerprint(), move |c, cx| officer::set(c, cx, id, &body)).await
}

/// Issue or correct the opinion
///
/// While handled it issues the opinion; while decided and not delivered it makes a corrected version, with the reason.
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = GiveOpinion,
    responses((status = 201, body = PetitionView, description = "Issued"), (status = 200, body = PetitionView, description = "Corrected")))]
#[put("/petitions/{petition_id}/opinion")]
async fn give_opinion(call: Call, path: Path<String>, body: Body<GiveOpinion>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::IssueOpinion.row().roles(), body.fingerprint(), move |c, cx| opinion::give(c, cx, id, &body)).await
}

/// Read the standing opinion
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")),
    responses((status = 200, body = OpinionView, description = "The newest version")))]
#[get("/petitions/{petition_id}/opinion")]
async fn get_opinion(call: Call, path: Path<String>) -> Response {
    parts::last::<_, OpinionView>(call, &path, repo::standing_opinion).await
}

/// List all versions of opinions
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<OpinionView>, description = "Versions, oldest first")))]
#[get("/petitions/{petition_id}/opinions")]
async fn list_opinions(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    parts::list::<_, OpinionView>(call, "opinions", &path, &page, repo::opinions).await
}

/// Read one version of an opinion
#[utoipa::path(tag = "handling",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("opinion_id" = String, Path, description = "Id of the version")),
    responses((status = 200, body = OpinionView, description = "The version")))]
#[get("/petitions/{petition_id}/opinions/{opinion_id}")]
async fn get_opinion_version(call: Call, path: Path<(String, String)>) -> Response {
    parts::get::<_, OpinionView>(call, &path.0, &path.1, repo::opinion).await
}

/// Deliver the answer
///
/// With proof. The petitioner's windows start at `delivered_at`; an accusation closes with its delivery.
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = NewDelivery,
    responses((status = 201, body = PetitionView, description = "The petition, delivered")))]
#[post("/petitions/{petition_id}/deliveries")]
async fn deliver_answer(call: Call, path: Path<String>, body: Body<NewDelivery>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::Deliver.row().roles(), body.fingerprint(), move |c, cx| delivery::deliver(c, cx, id, &body)).await
}

/// List the deliveries of a petition
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<DeliveryView>, description = "Deliveries, oldest first")))]
#[get("/petitions/{petition_id}/deliveries")]
async fn list_deliveries(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    parts::list::<_, DeliveryView>(call, "deliveries", &path, &page, repo::deliveries).await
}

/// Read one delivery of a petition
#[utoipa::path(tag = "handling",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("delivery_id" = String, Path, description = "Id of the delivery")),
    responses((status = 200, body = DeliveryView, description = "The delivery")))]
#[get("/petitions/{petition_id}/deliveries/{delivery_id}")]
async fn get_delivery(call: Call, path: Path<(String, String)>) -> Response {
    parts::get::<_, DeliveryView>(call, &path.0, &path.1, repo::delivery).await
}
