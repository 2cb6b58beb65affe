//! Asking for reviews, deciding and reading them.

use super::model::{DecideReview, RequestReview, ReviewView};
use super::{decision, repo, request};
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
    cfg.service(request_review).service(list_reviews).service(get_review).service(decide_review);
}

/// Ask for a review
///
/// Written down for the petitioner, who does not agree with the answer (Art. 35, 36): within the window, also when the petition was
/// closed for good meanwhile. It goes to the unit above the one that answered.
#[utoipa::path(tag = "appeal", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = RequestReview,
    responses((status = 201, body = PetitionView, description = "The petition, under review")))]
#[post("/petitions/{petition_id}/reviews")]
async fn request_review(call: Call, path: Path<String>, body: Body<RequestReview>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::RequestReview.row().roles(), body.fingerprint(), move |c, cx| request::request(c, cx, id, &body)).await
}

/// List the reviews of a petition
#[utoipa::path(tag = "appeal", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<ReviewView>, description = "Reviews, oldest first")))]
#[get("/petitions/{petition_id}/reviews")]
async fn list_reviews(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    parts::list::<_, ReviewView>(call, "reviews", &path, &page, repo::of_petition).await
}

/// Read one review of a petition
#[utoipa::path(tag = "appeal",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("review_id" = String, Path, description = "Id of the review")),
    responses((status = 200, body = ReviewView, description = "The review")))]
#[get("/petitions/{petition_id}/reviews/{review_id}")]
async fn get_review(call: Call, path: Path<(String, String)>) -> Response {
    parts::get::<_, ReviewView>(call, &path.0, &path.1, repo::one).await
}

/// Decide a review
///
/// `uphold` and `change` give an answer that the reviewing unit delivers; `revoke` has it handled anew by another officer, within a new
/// limit. What a unit outside the office decided is recorded by the supervisor who sent the petition.
#[utoipa::path(tag = "appeal",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("review_id" = String, Path, description = "Id of the review")),
    request_body = DecideReview,
    responses((status = 200, body = PetitionView, description = "The petition, its review decided")))]
#[put("/petitions/{petition_id}/reviews/{review_id}/decision")]
async fn decide_review(call: Call, path: Path<(String, String)>, body: Body<DecideReview>) -> Response {
    let (id, review) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.write(Act::DecideReview.row().roles(), body.fingerprint(), move |c, cx| decision::decide(c, cx, id, review, &body)).await
}
