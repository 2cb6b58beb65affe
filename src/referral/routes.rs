//! Referring, and reading referrals.

use super::model::{ReferPetition, ReferralView};
use super::{repo, service};
use crate::auth::Call;
use crate::petition::parts::{self, PartsPage};
use crate::petition::{Act, PetitionView};
use crate::platform::db::types::Id;
use crate::platform::web::{Body, Page, Query, Response};
use actix_web::web::Path;
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_referrals).service(get_referral).service(refer_petition);
}

/// Refer a petition
///
/// To the unit that is competent, which becomes its lead and answers within its limits. An accusation goes to the discipline unit only.
#[utoipa::path(tag = "referral", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = ReferPetition,
    responses((status = 201, body = PetitionView, description = "The petition, referred")))]
#[post("/petitions/{petition_id}/referrals")]
async fn refer_petition(call: Call, path: Path<String>, body: Body<ReferPetition>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::Refer.row().roles(), body.fingerprint(), move |c, cx| service::refer(c, cx, id, &body)).await
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
