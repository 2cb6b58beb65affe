//! Reading a whole case and its trail.

use super::model::{Dossier, EventView, Includes};
use super::service;
use crate::auth::{Call, Paging, Permission};
use crate::import::ledger::{model::LedgerEntryView, service as ledger};
use crate::petition::parts::PartsPage;
use crate::petition::repo::list::{self, PetitionPage};
use crate::platform::db::types::Id;
use crate::platform::web::{Answer, Page, Query, Response};
use crate::retiree;
use actix_web::get;
use actix_web::web::Path;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(get_petition).service(list_events).service(get_event).service(list_petitions_of_retiree).service(list_ledger_of_retiree);
}

/// Read a petition
///
/// With `include` the whole case comes in one call. `ETag` changes with the petition's version or with what this caller sees of it.
#[utoipa::path(tag = "petitions", params(("petition_id" = String, Path, description = "Id of the petition"), Includes),
    responses((status = 200, body = Dossier, description = "The petition"), (status = 304, description = "Unchanged since the entity-tag in If-None-Match")))]
#[get("/petitions/{petition_id}")]
async fn get_petition(call: Call, path: Path<String>, query: Query<Includes>) -> Response {
    let id = Id::or_nil(&path);
    let mut include = query.0.include.unwrap_or_default();
    include.sort_unstable();
    include.dedup();
    call.read(Permission::ReadPetitions.roles(), move |c, cx| service::dossier(c, cx, id, &include)).await
}

/// Read the trail of a petition
///
/// Every act, oldest first, each chained to the one before by its hash.
#[utoipa::path(tag = "petitions", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<EventView>, description = "Events, oldest first")))]
#[get("/petitions/{petition_id}/events")]
async fn list_events(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    let id = Id::or_nil(&path);
    let paging: Paging<i64> = Paging::read(&call, "events", &id, page.limit, page.cursor.as_deref())?;
    call.read(Permission::ReadEvents.roles(), move |c, cx| Answer::ok(&service::events(c, cx, id, &paging)?)).await
}

/// Read one event of the trail
#[utoipa::path(tag = "petitions",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("event_id" = String, Path, description = "Id of the event")),
    responses((status = 200, body = EventView, description = "The event")))]
#[get("/petitions/{petition_id}/events/{event_id}")]
async fn get_event(call: Call, path: Path<(String, String)>) -> Response {
    let (id, event) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.read(Permission::ReadEvents.roles(), move |c, cx| Answer::ok(&service::event(c, cx, id, event)?)).await
}

/// List the petitions of a retiree
///
/// Newest first, of those in the caller's sight: where their profile, one merged into it, or their identity number stands.
#[utoipa::path(tag = "retirees", params(("retiree_id" = String, Path, description = "Id of the retiree"), PartsPage),
    responses((status = 200, body = PetitionPage, description = "A page of petitions")))]
#[get("/retirees/{retiree_id}/petitions")]
async fn list_petitions_of_retiree(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    let id = Id::or_nil(&path);
    let paging = Paging::read(&call, "petitions of a retiree", &id, page.limit, page.cursor.as_deref())?;
    call.read(Permission::ReadRetirees.roles(), move |c, cx| {
        let (profiles, identity) = retiree::service::of_one_person(c, cx, id)?;
        Answer::ok(&list::of_person(c, cx, &profiles, identity, &paging)?)
    })
    .await
}

/// List what other registers settled of a retiree
///
/// From the ledgers that were brought in, newest first, where their identity number stands; no petitions of this office. Accusations are
/// told to supervisors alone.
#[utoipa::path(tag = "retirees", params(("retiree_id" = String, Path, description = "Id of the retiree"), PartsPage),
    responses((status = 200, body = Page<LedgerEntryView>, description = "A page of what was settled elsewhere")))]
#[get("/retirees/{retiree_id}/ledger")]
async fn list_ledger_of_retiree(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    let id = Id::or_nil(&path);
    let paging = Paging::read(&call, "ledger of a retiree", &id, page.limit, page.cursor.as_deref())?;
    call.read(Permission::ReadRetirees.roles(), move |c, cx| Answer::ok(&ledger::of_retiree(c, cx, id, &paging)?)).await
}
