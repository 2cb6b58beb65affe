//! `/visit-tasks`.

use super::model::{AssignVisitTask, CancelVisitTask, OpenVisitTask, RecordVisit, VisitTaskFilter};
use super::recording::{self, Prepared};
use super::service;
use super::view::{VisitTaskItem, VisitTaskView, VisitView};
use crate::auth::{Call, Context, Paging, Permission};
use crate::petition::parts::PartsPage;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use crate::platform::web::{Answer, Body, Page, ProblemDocument, Query, Response};
use actix_web::web::Path;
use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_visit_tasks).service(open_visit_task).service(get_visit_task).service(assign_visit_task).service(cancel_visit_task);
    cfg.service(list_visits).service(record_visit).service(get_visit);
}

fn place(id: Id) -> String {
    format!("/api/v1/visit-tasks/{id}")
}

fn answer(view: &VisitTaskView) -> Result<Answer> {
    Ok(Answer::ok(view)?.etag(&view.etag))
}

/// List visits that are owed
///
/// What ends first comes first; planned and open ones unless said. A figure of `/statistics/visits` drills down to the tasks of the same
/// `due_from`, `due_to`, `unit`, `reason` and `outcome`.
#[utoipa::path(tag = "visits", params(VisitTaskFilter),
    responses((status = 200, description = "A page of tasks", body = Page<VisitTaskItem>),
        (status = 422, description = "The days contradict each other", body = ProblemDocument, content_type = "application/problem+json")))]
#[get("/visit-tasks")]
async fn list_visit_tasks(call: Call, query: Query<VisitTaskFilter>) -> Response {
    let filter = VisitTaskFilter { limit: None, cursor: None, ..query.0.clone() };
    let paging = Paging::read(&call, "visit-tasks", &filter, query.limit, query.cursor.as_deref())?;
    call.read(Permission::ReadRetirees.roles(), move |c, cx| Answer::ok(&service::page(c, cx, &filter, &paging)?)).await
}

/// Open a visit by hand
///
/// For an illness, a disaster in the family, or because somebody asked for it on the telephone. Whoever looks after them has it on their
/// list at once. Festivals and round birthdays are planned ahead; a death, a stay in hospital and a petition that asks for a visit open
/// theirs by themselves.
#[utoipa::path(tag = "visits", request_body = OpenVisitTask,
    responses((status = 201, description = "The task made", body = VisitTaskView),
        (status = 409, description = "Died, or owed already", body = ProblemDocument, content_type = "application/problem+json")))]
#[post("/visit-tasks")]
async fn open_visit_task(call: Call, body: Body<OpenVisitTask>) -> Response {
    let made = body.shaped().ok().and_then(|new| new.id).map(|id| id.0);
    call.write_made(Permission::KeepVisits.roles(), body.fingerprint(), made, move |c, cx| {
        let view = service::open(c, cx, body.shaped()?)?;
        Ok(Answer::created(place(view.item.id), &view)?.etag(&view.etag))
    })
    .await
}

/// Read a visit that is owed
#[utoipa::path(tag = "visits", params(("task_id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The task", body = VisitTaskView),
        (status = 304, description = "Unchanged since the entity-tag in If-None-Match")))]
#[get("/visit-tasks/{task_id}")]
async fn get_visit_task(call: Call, path: Path<String>) -> Response {
    let id = Id::or_nil(&path);
    call.read(Permission::ReadRetirees.roles(), move |c, cx| answer(&service::read(c, cx, id)?)).await
}

/// Give a visit to somebody
///
/// Or back to the unit, without `staff_id`.
#[utoipa::path(tag = "visits",
    params(("task_id" = String, Path, description = "Id of the task"), ("If-Match" = String, Header, description = "The ETag last seen")),
    request_body = AssignVisitTask,
    responses((status = 200, description = "The task as it is now", body = VisitTaskView),
        (status = 409, description = "It has ended", body = ProblemDocument, content_type = "application/problem+json")))]
#[put("/visit-tasks/{task_id}/assignee")]
async fn assign_visit_task(call: Call, path: Path<String>, body: Body<AssignVisitTask>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Permission::KeepVisits.roles(), body.fingerprint(), move |c, cx| answer(&service::assign(c, cx, id, || body.shaped())?))
        .await
}

/// Take a visit back
///
/// They don't want it, are away, or it was a mistake. It is in no figure then.
#[utoipa::path(tag = "visits",
    params(("task_id" = String, Path, description = "Id of the task"), ("If-Match" = String, Header, description = "The ETag last seen")),
    request_body = CancelVisitTask,
    responses((status = 200, description = "The task as it is now", body = VisitTaskView),
        (status = 409, description = "It has ended", body = ProblemDocument, content_type = "application/problem+json")))]
#[put("/visit-tasks/{task_id}/cancellation")]
async fn cancel_visit_task(call: Call, path: Path<String>, body: Body<CancelVisitTask>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Permission::KeepVisits.roles(), body.fingerprint(), move |c, cx| answer(&service::cancel(c, cx, id, || body.shaped())?))
        .await
}

/// List the visits made for a task
///
/// The earliest first. Commonly one; more when several people went or a phone that was offline told of another.
#[utoipa::path(tag = "visits", params(("task_id" = String, Path, description = "Id of the task"), PartsPage),
    responses((status = 200, description = "A page of visits", body = Page<VisitView>)))]
#[get("/visit-tasks/{task_id}/visits")]
async fn list_visits(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    let id = Id::or_nil(&path);
    let paging = Paging::read(&call, "visits of a task", &id, page.limit, page.cursor.as_deref())?;
    call.read(Permission::ReadRetirees.roles(), move |c, cx| Answer::ok(&service::visits(c, cx, id, &paging)?)).await
}

/// Record a visit
///
/// The first ends the task, in time or late by when it was made. Another visit for the same task, by somebody else or by a phone that was
/// offline, is kept beside it; the earliest says whether it was in time. One made after the task was taken back is kept and ends nothing.
/// Petitions taken down on it are registered with it, or nothing is; their query codes are told only here. Photographs are enclosed with
/// those petitions, which may have ids made by the client. A phone that was offline sends its own `id` and `captured_at`, as often as it
/// likes.
#[utoipa::path(tag = "visits", params(("task_id" = String, Path, description = "Id of the task")), request_body = RecordVisit,
    responses((status = 201, description = "The visit", body = VisitView),
        (status = 409, description = "The id is taken", body = ProblemDocument, content_type = "application/problem+json")))]
#[post("/visit-tasks/{task_id}/visits")]
async fn record_visit(call: Call, path: Path<String>, body: Body<RecordVisit>) -> Response {
    let id = Id::or_nil(&path);
    let made = body.shaped().ok().and_then(|visit| visit.id).map(|id| id.0);
    let (fingerprint, words) = (body.fingerprint(), body.clone());
    // what is wrong with the body comes after a stored answer
    let ready = move |cx: &mut Context| words.shaped().ok().map(|visit| recording::prepare(cx, visit)).transpose();
    let record = move |c: &mut Conn, cx: &mut Context, prepared: &Option<Prepared>| {
        let view = recording::record(c, cx, id, || body.shaped(), prepared.as_ref())?;
        Answer::created(format!("{}/visits/{}", place(id), view.id), &view)
    };
    call.write_prepared(Permission::KeepVisits.roles(), fingerprint, made, ready, record).await
}

/// Read a visit
#[utoipa::path(tag = "visits",
    params(("task_id" = String, Path, description = "Id of the task"), ("visit_id" = String, Path, description = "Id of the visit")),
    responses((status = 200, description = "The visit", body = VisitView)))]
#[get("/visit-tasks/{task_id}/visits/{visit_id}")]
async fn get_visit(call: Call, path: Path<(String, String)>) -> Response {
    let (task, visit) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.read(Permission::ReadRetirees.roles(), move |c, cx| Answer::ok(&service::visit(c, cx, task, visit)?)).await
}
