//! `/contact-lines`.

use super::model::{ContactLineChange, ContactLineFilter, ContactLineView, NewContactLine};
use super::{repo, service};
use crate::auth::{Call, Paging, Permission};
use crate::platform::db::types::Id;
use crate::platform::error::Error;
use crate::platform::web::{Answer, Body, Page, Query, Response};
use actix_web::web::Path;
use actix_web::{get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_contact_lines).service(get_contact_line).service(create_contact_line).service(change_contact_line);
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ContactLinesQuery {
    /// Only this unit's own.
    unit_id: Option<Id>,
    /// Only those that are printed (true), or were given up (false).
    in_use: Option<bool>,
    /// Items of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List contact lines
///
/// Unit by unit, each unit's in their order. A unit's lines hold for the units below it too.
#[utoipa::path(tag = "contact lines", params(ContactLinesQuery),
    responses((status = 200, description = "A page of contact lines", body = Page<ContactLineView>)))]
#[get("/contact-lines")]
async fn list_contact_lines(call: Call, query: Query<ContactLinesQuery>) -> Response {
    let filter = ContactLineFilter { unit_id: query.unit_id, in_use: query.in_use };
    let paging: Paging<(Id, i32, Id)> = Paging::read(&call, "contact_lines", &filter, query.limit, query.cursor.as_deref())?;
    call.read(Permission::ReadOffice.roles(), move |c, cx| {
        let rows = repo::page(c, &filter, paging.after.as_ref(), paging.rows())?;
        Answer::ok(&paging.page(cx, rows, |line| (line.unit_id, line.position, line.id), |line| line.view())?)
    })
    .await
}

/// Read a contact line
#[utoipa::path(tag = "contact lines", params(("line_id" = String, Path, description = "Id of the line")),
    responses((status = 200, description = "The line", body = ContactLineView)))]
#[get("/contact-lines/{line_id}")]
async fn get_contact_line(call: Call, path: Path<String>) -> Response {
    let id = Id::or_nil(&path);
    call.read(Permission::ReadOffice.roles(), move |c, _| {
        let view = repo::find(c, id)?.ok_or(Error::NotFound)?.view()?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}

/// Make a contact line
///
/// It is printed on the contact cards of whoever belongs to the unit or one below it; of kind `office`, on receipts too.
#[utoipa::path(tag = "contact lines",
    request_body(content = NewContactLine, example = json!({"unit_id": "0198c0de-0000-7000-8000-000000000002", "kind": "office",
        "name": "县老干部局值班室", "phone": "000-0000 0101", "address": "和平路1号1楼", "note": "工作日8:30至17:30"})),
    responses((status = 201, description = "The line made", body = ContactLineView),
        (status = 409, description = "The id is in use, or the unit has lines enough", body = crate::platform::web::ProblemDocument, content_type = "application/problem+json")))]
#[post("/contact-lines")]
async fn create_contact_line(call: Call, body: Body<NewContactLine>) -> Response {
    let made = body.shaped().ok().and_then(|new| new.id).map(|id| id.0);
    call.write_made(Permission::AdministerContactLines.roles(), body.fingerprint(), made, move |c, cx| {
        let view = service::create(c, cx, body.shaped()?)?.view()?;
        Ok(Answer::created(format!("/api/v1/contact-lines/{}", view.id), &view)?.etag(&view.etag))
    })
    .await
}

/// Change a contact line, or give it up
///
/// With `in_use` false it is printed no more. The unit stays: another unit's line is another line.
#[utoipa::path(tag = "contact lines",
    params(("line_id" = String, Path, description = "Id of the line"), ("If-Match" = String, Header, description = "The ETag last seen")),
    request_body(content = ContactLineChange, example = json!({"phone": "000-0000 0102", "reason": "总机换号"})),
    responses((status = 200, description = "The line as it is now", body = ContactLineView),
        (status = 409, description = "The unit has lines enough", body = crate::platform::web::ProblemDocument, content_type = "application/problem+json")))]
#[patch("/contact-lines/{line_id}")]
async fn change_contact_line(call: Call, path: Path<String>, body: Body<ContactLineChange>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Permission::AdministerContactLines.roles(), body.fingerprint(), move |c, cx| {
        let line = service::open(c, cx, id)?;
        let view = service::change(c, cx, line, body.shaped()?)?.view()?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}
