//! `/jobs`.

use super::model::JobView;
use super::repo;
use crate::auth::{Actor, Call, Paging, Permission, Role};
use crate::platform::db::types::Id;
use crate::platform::error::Error;
use crate::platform::web::{Answer, Page, Problem, Query};
use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list).service(read);
}

/// Whose jobs a caller sees: their own, an administrator all.
fn whose(actor: &Actor) -> Option<Id> {
    (!actor.roles.has(Role::Administrator)).then(|| actor.id())
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct JobsQuery {
    /// Items of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List jobs
///
/// Newest first; a week after its end a job is forgotten.
#[utoipa::path(tag = "jobs", operation_id = "list_jobs", params(JobsQuery),
    responses((status = 200, description = "A page of jobs", body = Page<JobView>)))]
#[get("/jobs")]
async fn list(call: Call, query: Query<JobsQuery>) -> Result<HttpResponse, Problem> {
    let paging: Paging<Id> = Paging::read(&call, "jobs", &(), query.limit, query.cursor.as_deref())?;
    call.read(Permission::ReadSelf.roles(), move |c, cx| {
        let rows = repo::page(c, whose(&cx.actor), paging.after, paging.rows())?;
        Answer::ok(&paging.page(cx, rows, |job| job.id, |job| job.view())?)
    })
    .await
}

/// Read a job
///
/// How far it is, and what came out. Ask again after some seconds while it waits or runs.
#[utoipa::path(tag = "jobs", operation_id = "get_job",
    params(("id" = Id, Path, description = "The job")),
    responses((status = 200, description = "The job", body = JobView)))]
#[get("/jobs/{id}")]
async fn read(call: Call, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    let id = Id::or_nil(&id);
    call.read(Permission::ReadSelf.roles(), move |c, cx| {
        let job = repo::find(c, id, whose(&cx.actor))?.ok_or(Error::NotFound)?;
        Answer::ok(&job.view()?)
    })
    .await
}
