//! `/units`.

use super::model::{Dissolution, NewUnit, UnitChange, UnitFilter, UnitKind, UnitView};
use super::{repo, service};
use crate::auth::{Call, Paging, Permission};
use crate::platform::db::types::Id;
use crate::platform::error::Error;
use crate::platform::web::{Answer, Body, Page, Problem, Query};
use actix_web::{HttpResponse, get, patch, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list).service(read).service(create).service(change).service(dissolve);
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct UnitsQuery {
    /// Only of this kind.
    kind: Option<UnitKind>,
    /// Only those right below this unit.
    parent: Option<Id>,
    /// Only those that exist today (true), or that were dissolved (false).
    current: Option<bool>,
    /// Items of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List units
///
/// By code. The tree is in `parent_id`; a dissolved unit names its successor.
#[utoipa::path(tag = "units", operation_id = "list_units", params(UnitsQuery),
    responses((status = 200, description = "A page of units", body = Page<UnitView>)))]
#[get("/units")]
async fn list(call: Call, query: Query<UnitsQuery>) -> Result<HttpResponse, Problem> {
    let filter = UnitFilter { kind: query.kind, parent: query.parent, current: query.current };
    let paging: Paging<String> = Paging::read(&call, "units", &filter, query.limit, query.cursor.as_deref())?;
    call.read(Permission::ReadOffice.roles(), move |c, cx| {
        let rows = repo::page(c, &filter, paging.after.as_deref(), paging.rows())?;
        Answer::ok(&paging.page(cx, rows, |unit| unit.code.clone(), |unit| unit.view())?)
    })
    .await
}

/// Read a unit
#[utoipa::path(tag = "units", operation_id = "get_unit",
    params(("id" = Id, Path, description = "The unit")),
    responses((status = 200, description = "The unit", body = UnitView)))]
#[get("/units/{id}")]
async fn read(call: Call, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    let id = Id::or_nil(&id);
    call.read(Permission::ReadOffice.roles(), move |c, _| {
        let view = repo::find(c, id)?.ok_or(Error::NotFound)?.view()?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}

/// Make a unit
#[utoipa::path(tag = "units", operation_id = "create_unit",
    request_body(content = NewUnit, example = json!({"code": "community-east", "name": "城东社区服务站", "kind": "community",
        "parent_id": "0198c0de-0000-7000-8000-000000000002"})),
    responses((status = 201, description = "The unit made", body = UnitView),
        (status = 409, description = "Id or code is in use", body = crate::platform::web::ProblemDocument, content_type = "application/problem+json")))]
#[post("/units")]
async fn create(call: Call, body: Body<NewUnit>) -> Result<HttpResponse, Problem> {
    let made = body.shaped().ok().and_then(|new| new.id).map(|id| id.0);
    call.write_made(Permission::AdministerUnits.roles(), body.fingerprint(), made, move |c, cx| {
        let view = service::create(c, cx, body.shaped()?)?.view()?;
        Ok(Answer::created(format!("/api/v1/units/{}", view.id), &view)?.etag(&view.etag))
    })
    .await
}

/// Change or move a unit
///
/// With `parent_id` the unit moves with all below it.
#[utoipa::path(tag = "units", operation_id = "change_unit",
    params(("id" = Id, Path, description = "The unit"), ("If-Match" = String, Header, description = "The ETag last seen")),
    request_body(content = UnitChange, example = json!({"name": "医疗保障科", "reason": "机构改革，更名"})),
    responses((status = 200, description = "The unit as it is now", body = UnitView),
        (status = 409, description = "The code is in use, or a dissolved unit is to move", body = crate::platform::web::ProblemDocument, content_type = "application/problem+json")))]
#[patch("/units/{id}")]
async fn change(call: Call, id: web::Path<String>, body: Body<UnitChange>) -> Result<HttpResponse, Problem> {
    let id = Id::or_nil(&id);
    call.write(Permission::AdministerUnits.roles(), body.fingerprint(), move |c, cx| {
        let unit = service::open(c, cx, id)?;
        let view = service::change(c, cx, unit, body.shaped()?)?.view()?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}

/// Dissolve a unit
///
/// Its work goes to the successor, and the units below it move there. Staff stay until they are moved.
#[utoipa::path(tag = "units", operation_id = "dissolve_unit",
    params(("id" = Id, Path, description = "The unit"), ("If-Match" = String, Header, description = "The ETag last seen")),
    request_body(content = Dissolution, example = json!({"successor_id": "0198c0de-0000-7000-8000-000000000004",
        "dissolved_on": "2026-03-31", "reason": "机构改革，职能并入养老保险科"})),
    responses((status = 201, description = "The unit, dissolved", body = UnitView, headers(("Content-Location" = String))),
        (status = 409, description = "It is dissolved already", body = crate::platform::web::ProblemDocument, content_type = "application/problem+json")))]
#[post("/units/{id}/dissolution")]
async fn dissolve(call: Call, id: web::Path<String>, body: Body<Dissolution>) -> Result<HttpResponse, Problem> {
    let id = Id::or_nil(&id);
    call.write(Permission::AdministerUnits.roles(), body.fingerprint(), move |c, cx| {
        let unit = service::open(c, cx, id)?;
        let view = service::dissolve(c, cx, unit, body.shaped()?)?.view()?;
        let path = format!("/api/v1/units/{id}");
        Ok(Answer::created(path.as_str(), &view)?.content_location(path).etag(&view.etag))
    })
    .await
}
