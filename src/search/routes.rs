//! Searching.

use super::model::{SearchFilter, SearchPage};
use super::repo::index;
use super::rules::Asked;
use super::service;
use crate::auth::{Call, Paging, Permission};
use crate::platform::web::{Answer, Query, Response};
use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(search_petitions);
}

/// Search petitions
///
/// By numbers, names, title, statement and opinion, of those the caller may see: whole numbers first, whole names next, then newest
/// first. What was written is found within two seconds.
#[utoipa::path(tag = "petitions", params(SearchFilter), responses((status = 200, body = SearchPage, description = "A page of what was found")))]
#[get("/search")]
async fn search_petitions(call: Call, filter: Query<SearchFilter>) -> Response {
    call.actor.require(Permission::ReadPetitions.roles())?;
    let paging = Paging::read(&call, "search", &filter.q, filter.limit, filter.cursor.as_deref())?;
    let beside = index::beside(&call.platform().config.database);
    let asked = Asked::read(&filter.q);
    call.read(Permission::ReadPetitions.roles(), move |c, cx| Answer::ok(&service::page(c, cx, &asked, &paging, beside.as_deref())?)).await
}
