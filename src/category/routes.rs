//! `/categories`.

use super::model::{CategoryChange, CategoryView, NewCategory};
use super::{repo, service};
use crate::auth::{Call, Paging, Permission};
use crate::platform::error::Error;
use crate::platform::web::{Answer, Body, Page, Problem, Query};
use actix_web::{HttpResponse, get, patch, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list).service(read).service(create).service(change);
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CategoriesQuery {
    /// Items of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List categories
///
/// In their order, closed ones too.
#[utoipa::path(tag = "categories", operation_id = "list_categories", params(CategoriesQuery),
    responses((status = 200, description = "A page of categories", body = Page<CategoryView>)))]
#[get("/categories")]
async fn list(call: Call, query: Query<CategoriesQuery>) -> Result<HttpResponse, Problem> {
    let paging: Paging<(i32, String)> = Paging::read(&call, "categories", &(), query.limit, query.cursor.as_deref())?;
    call.read(Permission::ReadOffice.roles(), move |c, cx| {
        let rows = repo::page(c, paging.after.as_ref(), paging.rows())?;
        Answer::ok(&paging.page(cx, rows, |category| (category.position, category.code.clone()), |category| category.view())?)
    })
    .await
}

/// Read a category
#[utoipa::path(tag = "categories", operation_id = "get_category",
    params(("code" = String, Path, description = "The category's code", example = "medical.reimbursement")),
    responses((status = 200, description = "The category", body = CategoryView)))]
#[get("/categories/{code}")]
async fn read(call: Call, code: web::Path<String>) -> Result<HttpResponse, Problem> {
    call.read(Permission::ReadOffice.roles(), move |c, _| {
        let view = repo::find(c, &code)?.ok_or(Error::NotFound)?.view()?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}

/// Make a category
#[utoipa::path(tag = "categories", operation_id = "create_category",
    request_body(content = NewCategory, example = json!({"code": "community.canteen", "name": "社区助餐服务", "name_en": "Meals in the community",
        "parent": "community", "unit_kind": "community", "petition_kind": "suggestion"})),
    responses((status = 201, description = "The category made", body = CategoryView),
        (status = 409, description = "The code is in use", body = crate::platform::web::ProblemDocument, content_type = "application/problem+json")))]
#[post("/categories")]
async fn create(call: Call, body: Body<NewCategory>) -> Result<HttpResponse, Problem> {
    call.write(Permission::AdministerCategories.roles(), body.fingerprint(), move |c, cx| {
        let view = service::create(c, cx, body.shaped()?)?.view()?;
        Ok(Answer::created(format!("/api/v1/categories/{}", view.code), &view)?.etag(&view.etag))
    })
    .await
}

/// Change, move or close a category
///
/// The code stays, because petitions and statistics speak of it.
#[utoipa::path(tag = "categories", operation_id = "change_category",
    params(("code" = String, Path, description = "The category's code"), ("If-Match" = String, Header, description = "The ETag last seen")),
    request_body(content = CategoryChange, example = json!({"closed_on": "2026-12-31", "reason": "并入社区养老服务"})),
    responses((status = 200, description = "The category as it is now", body = CategoryView)))]
#[patch("/categories/{code}")]
async fn change(call: Call, code: web::Path<String>, body: Body<CategoryChange>) -> Result<HttpResponse, Problem> {
    call.write(Permission::AdministerCategories.roles(), body.fingerprint(), move |c, cx| {
        let category = service::open(c, cx, &code)?;
        let view = service::change(c, cx, category, body.shaped()?)?.view()?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}
