//! Candidates; joining a matter and leaving it.

use super::model::{Candidates, FindCandidates, LinkMatter, UnlinkMatter};
use super::service;
use crate::auth::{Call, Permission};
use crate::petition::{Act, PetitionView};
use crate::platform::db::types::Id;
use crate::platform::web::{Answer, Body, Response};
use actix_web::web::Path;
use actix_web::{delete, get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(find_candidates).service(list_candidates).service(link_matter).service(unlink_matter);
}

/// Find what a new petition may repeat
///
/// Before it is registered, from what is known of it: earlier petitions in the caller's sight by the same people, the likeliest first, each
/// with what speaks for it. Whether it is a repeat a person says: by `repeat_of` on registering, or later.
#[utoipa::path(tag = "repeats", request_body = FindCandidates,
    responses((status = 200, body = Candidates, description = "Candidates, the likeliest first")))]
#[post("/petitions/candidates")]
async fn find_candidates(call: Call, body: Body<FindCandidates>) -> Response {
    let lang = call.meta.lang;
    call.read(Act::Register.row().roles(), move |c, cx| Answer::ok(&service::before_registering(c, cx, body.shaped()?, lang)?)).await
}

/// List what a petition may repeat
///
/// Petitions in the caller's sight by the same people that are not of its matter yet, the likeliest first.
#[utoipa::path(tag = "repeats", params(("petition_id" = String, Path, description = "Id of the petition")),
    responses((status = 200, body = Candidates, description = "Candidates, the likeliest first")))]
#[get("/petitions/{petition_id}/candidates")]
async fn list_candidates(call: Call, path: Path<String>) -> Response {
    let (id, lang) = (Id::or_nil(&path), call.meta.lang);
    call.read(Permission::ReadPetitions.roles(), move |c, cx| Answer::ok(&service::of_petition(c, cx, id, lang)?)).await
}

/// Join the matter of another petition
///
/// The earliest of a matter is its first petition, all others are its repeats. A first petition brings its repeats along.
#[utoipa::path(tag = "repeats", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = LinkMatter,
    responses((status = 200, body = PetitionView, description = "The petition in its matter")))]
#[put("/petitions/{petition_id}/matter")]
async fn link_matter(call: Call, path: Path<String>, body: Body<LinkMatter>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::LinkMatter.row().roles(), body.fingerprint(), move |c, cx| service::link(c, cx, id, &body)).await
}

/// Leave a matter
///
/// It is a matter of its own again, and new to the office; of those left behind the earliest is the first.
#[utoipa::path(tag = "repeats", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = UnlinkMatter,
    responses((status = 200, body = PetitionView, description = "The petition on its own")))]
#[delete("/petitions/{petition_id}/matter")]
async fn unlink_matter(call: Call, path: Path<String>, body: Body<UnlinkMatter>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::UnlinkMatter.row().roles(), body.fingerprint(), move |c, cx| service::unlink(c, cx, id, &body)).await
}
