//! Reading clocks.

use super::model::{ClockFilter, ClockItem, ClockPage, Explanation};
use super::service;
use crate::auth::{Call, Paging, Permission};
use crate::petition::parts::PartsPage;
use crate::platform::db::types::Id;
use crate::platform::web::problem::MEDIA_TYPE;
use crate::platform::web::{Answer, Page, ProblemDocument, Query, Response};
use actix_web::get;
use actix_web::web::Path;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_clocks).service(list_petition_clocks).service(get_petition_clock).service(explain_clock);
}

/// List clocks
///
/// Those the caller's units answer for, for supervisors and leaders all, on petitions they may see; what ends first comes first. Lights
/// are those of the first page's moment on every page.
#[utoipa::path(tag = "worklist", params(ClockFilter),
    responses((status = 200, body = ClockPage, description = "A page of clocks"),
        (status = 422, description = "The days contradict each other", body = ProblemDocument, content_type = MEDIA_TYPE)))]
#[get("/clocks")]
async fn list_clocks(call: Call, filter: Query<ClockFilter>) -> Response {
    call.actor.require(Permission::ReadPetitions.roles())?;
    filter.check()?;
    let asked = ClockFilter { limit: None, cursor: None, ..filter.0.clone() };
    let paging = Paging::read(&call, "clocks", &asked, filter.limit, filter.cursor.as_deref())?;
    call.read(Permission::ReadPetitions.roles(), move |c, cx| Answer::ok(&service::page(c, cx, &filter.0, &paging)?)).await
}

/// List the clocks of a petition
///
/// All there ever were, in the order they were started.
#[utoipa::path(tag = "worklist", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<ClockItem>, description = "A page of its clocks")))]
#[get("/petitions/{petition_id}/clocks")]
async fn list_petition_clocks(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    let id = Id::or_nil(&path);
    let paging: Paging<Id> = Paging::read(&call, "petition clocks", &id, page.limit, page.cursor.as_deref())?;
    call.read(Permission::ReadPetitions.roles(), move |c, cx| Answer::ok(&service::of_petition(c, cx, id, &paging)?)).await
}

/// Read one clock of a petition
#[utoipa::path(tag = "worklist",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("clock_id" = String, Path, description = "Id of the clock")),
    responses((status = 200, body = ClockItem, description = "The clock")))]
#[get("/petitions/{petition_id}/clocks/{clock_id}")]
async fn get_petition_clock(call: Call, path: Path<(String, String)>) -> Response {
    let (id, clock) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.read(Permission::ReadPetitions.roles(), move |c, cx| Answer::ok(&service::one(c, cx, id, clock)?)).await
}

/// Explain a clock
///
/// The count day by day, by the very versions of profile and calendar the clock was counted by, in the language asked for.
#[utoipa::path(tag = "worklist",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("clock_id" = String, Path, description = "Id of the clock")),
    responses((status = 200, body = Explanation, description = "Why it ends when it does")))]
#[get("/petitions/{petition_id}/clocks/{clock_id}/explain")]
async fn explain_clock(call: Call, path: Path<(String, String)>) -> Response {
    let (id, clock, lang) = (Id::or_nil(&path.0), Id::or_nil(&path.1), call.meta.lang);
    call.read(Permission::ReadPetitions.roles(), move |c, cx| Answer::ok(&service::explain(c, cx, id, clock, lang)?)).await
}
