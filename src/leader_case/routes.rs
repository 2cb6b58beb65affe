//! Instructing, taking charge and giving it up, and reading that.

use super::model::{ChargedItem, Instruct, InstructionView, LeaderCaseView, LeaderCasesPage, ReleaseCharge, TakeCharge};
use super::{repo, service};
use crate::auth::{Call, Paging, Permission};
use crate::petition::parts::{self, PartsPage};
use crate::petition::{Act, PetitionView};
use crate::platform::db::types::Id;
use crate::platform::web::{Answer, Body, Page, Query, Response};
use actix_web::web::Path;
use actix_web::{delete, get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(instruct).service(list_instructions).service(get_instruction);
    cfg.service(take_charge).service(release_charge).service(get_leader_case).service(list_leader_cases);
}

/// Give a leader's instruction
#[utoipa::path(tag = "supervision", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = Instruct,
    responses((status = 201, body = PetitionView, description = "The petition; the instruction is written down")))]
#[post("/petitions/{petition_id}/instructions")]
async fn instruct(call: Call, path: Path<String>, body: Body<Instruct>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::Instruct.row().roles(), body.fingerprint(), move |c, cx| service::instruct(c, cx, id, &body)).await
}

/// List the instructions of leaders on a petition
#[utoipa::path(tag = "supervision", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<InstructionView>, description = "Instructions, oldest first")))]
#[get("/petitions/{petition_id}/instructions")]
async fn list_instructions(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    parts::list::<_, InstructionView>(call, "instructions", &path, &page, repo::instructions).await
}

/// Read an instruction of a leader
#[utoipa::path(tag = "supervision",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("instruction_id" = String, Path, description = "Id of the instruction")),
    responses((status = 200, body = InstructionView, description = "The instruction")))]
#[get("/petitions/{petition_id}/instructions/{instruction_id}")]
async fn get_instruction(call: Call, path: Path<(String, String)>) -> Response {
    parts::get::<_, InstructionView>(call, &path.0, &path.1, repo::one_instruction).await
}

/// Take charge as a leader
///
/// A leader does so themself, or a supervisor writes it down for them. Doing it again says when they look next; another leader takes over.
#[utoipa::path(tag = "supervision", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = TakeCharge,
    responses((status = 200, body = PetitionView, description = "The petition with its leader")))]
#[put("/petitions/{petition_id}/leader-case")]
async fn take_charge(call: Call, path: Path<String>, body: Body<TakeCharge>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::TakeCharge.row().roles(), body.fingerprint(), move |c, cx| service::take(c, cx, id, &body)).await
}

/// Give up charge
///
/// With what came of it.
#[utoipa::path(tag = "supervision", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = ReleaseCharge,
    responses((status = 200, body = PetitionView, description = "The petition; no leader is in charge")))]
#[delete("/petitions/{petition_id}/leader-case")]
async fn release_charge(call: Call, path: Path<String>, body: Body<ReleaseCharge>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::ReleaseCharge.row().roles(), body.fingerprint(), move |c, cx| service::release(c, cx, id, &body)).await
}

/// Read the last leader's case of a petition
#[utoipa::path(tag = "supervision", params(("petition_id" = String, Path, description = "Id of the petition")),
    responses((status = 200, body = LeaderCaseView, description = "Who is, or was, in charge")))]
#[get("/petitions/{petition_id}/leader-case")]
async fn get_leader_case(call: Call, path: Path<String>) -> Response {
    parts::last::<_, LeaderCaseView>(call, &path, repo::last).await
}

/// List what leaders have charge of
///
/// Of what the caller may see, what is to be looked at first before others.
#[utoipa::path(tag = "supervision", params(LeaderCasesPage),
    responses((status = 200, body = Page<ChargedItem>, description = "Cases with their leaders")))]
#[get("/leader-cases")]
async fn list_leader_cases(call: Call, page: Query<LeaderCasesPage>) -> Response {
    call.actor.require(Permission::ReadPetitions.roles())?;
    let asked = LeaderCasesPage { limit: None, cursor: None, ..page.0.clone() };
    let paging = Paging::read(&call, "leader-cases", &asked, page.limit, page.cursor.as_deref())?;
    call.read(Permission::ReadPetitions.roles(), move |c, cx| Answer::ok(&service::page(c, cx, &page.0, &paging)?)).await
}
