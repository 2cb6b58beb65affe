//! Reading worklists.

use super::model::{WorklistFilter, WorklistPage};
use super::{clocks, service};
use crate::auth::{Call, Paging, Permission};
use crate::platform::web::{Answer, Query, Response};
use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(worklist);
    clocks::routes::configure(cfg);
}

/// Read the worklist
///
/// The petitions the caller's unit has to do something about now, with what is due first: for supervisors those of all units below
/// theirs, for leaders those of the whole office. What is due first comes first, of the same instant what comes before others, last what
/// has no limit. Lights are those of the first page's moment on every page.
#[utoipa::path(tag = "worklist", params(WorklistFilter), responses((status = 200, body = WorklistPage, description = "A page of work")))]
#[get("/worklist")]
async fn worklist(call: Call, filter: Query<WorklistFilter>) -> Response {
    call.actor.require(Permission::ReadPetitions.roles())?;
    let asked = WorklistFilter { limit: None, cursor: None, ..filter.0.clone() };
    let paging = Paging::read(&call, "worklist", &asked, filter.limit, filter.cursor.as_deref())?;
    call.read(Permission::ReadPetitions.roles(), move |c, cx| Answer::ok(&service::page(c, cx, &filter.0, &paging)?)).await
}
