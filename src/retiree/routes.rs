//! `/retirees`.

use super::card::{self, ContactCard};
use super::merge::{self, Merge, Unmerge};
use super::profile::{Profile, RetireeChange};
use super::service::{self, RetireeFilter};
use super::view::{RetireeItem, RetireeView};
use crate::auth::{Call, PageCall, Paging, Permission};
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use crate::platform::web::html::PAGE;
use crate::platform::web::{Answer, Body, Page, Query, Response};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Path;
use actix_web::{HttpResponse, delete, get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_retirees).service(get_retiree).service(create_retiree).service(change_retiree);
    cfg.service(merge_retiree).service(unmerge_retiree).service(get_contact_card);
}

fn place(id: Id) -> String {
    format!("/api/v1/retirees/{id}")
}

fn answer(view: &RetireeView) -> Result<Answer> {
    Ok(Answer::ok(view)?.etag(&view.etag))
}

/// Find retirees
///
/// By name's sound. Numbers and addresses are on the profile only.
#[utoipa::path(tag = "retirees", params(RetireeFilter),
    responses((status = 200, description = "A page of retirees", body = Page<RetireeItem>)))]
#[get("/retirees")]
async fn list_retirees(call: Call, query: Query<RetireeFilter>) -> Response {
    let filter = RetireeFilter { limit: None, cursor: None, ..query.0.clone() };
    let paging = Paging::read(&call, "retirees", &filter, query.limit, query.cursor.as_deref())?;
    call.read(Permission::ReadRetirees.roles(), move |c, cx| Answer::ok(&service::page(c, cx, &filter, &paging)?)).await
}

/// Read a retiree
///
/// A profile that was merged into another is answered with the one that goes on. Numbers are null, and named in `masked`, for callers
/// who only look on.
#[utoipa::path(tag = "retirees", params(("retiree_id" = String, Path, description = "Id of the retiree")),
    responses((status = 200, description = "The profile", body = RetireeView),
        (status = 304, description = "Unchanged since the entity-tag in If-None-Match")))]
#[get("/retirees/{retiree_id}")]
async fn get_retiree(call: Call, path: Path<String>) -> Response {
    let id = Id::or_nil(&path);
    call.read(Permission::ReadRetirees.roles(), move |c, cx| answer(&service::read(c, cx, id)?)).await
}

/// Keep a retiree's profile
///
/// Somebody on file with the same identity number is refused; with the same name and birth date, or the same telephone number, it is
/// refused once, with those it may be in `alike`: send it again with `double_of_none` when it is none of them.
#[utoipa::path(tag = "retirees",
    request_body(content = Profile, example = json!({"name": "张建国", "category": "retired_cadre", "birth_date": "1943-05-12", "sex": "male",
        "phones": [{"number": "13800000001"}], "address": "城东区和平路12号3栋201室", "living_situation": "empty_nest",
        "party_branch": "县水利局退休党支部", "relatives": [{"name": "张丽", "relation": "女儿", "phone": "13800000002", "may_act": true}]})),
    responses((status = 201, description = "The profile made", body = RetireeView),
        (status = 409, description = "On file already, or possibly so", body = crate::platform::web::ProblemDocument, content_type = "application/problem+json")))]
#[post("/retirees")]
async fn create_retiree(call: Call, body: Body<Profile>) -> Response {
    let made = body.shaped().ok().and_then(|profile| profile.id).map(|id| id.0);
    call.write_made(Permission::KeepRetirees.roles(), body.fingerprint(), made, move |c, cx| {
        let profile = body.shaped_or_judged(|rough| service::faults(c, cx, rough))?;
        let view = service::create(c, cx, profile)?;
        Ok(Answer::created(place(view.id), &view)?.etag(&view.etag))
    })
    .await
}

/// Change a retiree's profile
///
/// What is left out stays, null takes away, lists are sent whole.
#[utoipa::path(tag = "retirees",
    params(("retiree_id" = String, Path, description = "Id of the retiree"), ("If-Match" = String, Header, description = "The ETag last seen")),
    request_body(content = RetireeChange, example = json!({"in_hospital": true, "living_situation": "alone"})),
    responses((status = 200, description = "The profile as it is now", body = RetireeView),
        (status = 409, description = "Merged, or on file already, or possibly so", body = crate::platform::web::ProblemDocument, content_type = "application/problem+json")))]
#[patch("/retirees/{retiree_id}")]
async fn change_retiree(call: Call, path: Path<String>, body: Body<RetireeChange>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Permission::KeepRetirees.roles(), body.fingerprint(), move |c, cx| answer(&service::change(c, cx, id, &body)?)).await
}

/// Merge a double into another profile
///
/// Petitions keep the profile they were registered with; whoever reads it is given the one that goes on. Can be undone.
#[utoipa::path(tag = "retirees",
    params(("retiree_id" = String, Path, description = "Id of the profile that does not go on"), ("If-Match" = String, Header, description = "Its ETag last seen")),
    request_body = Merge,
    responses((status = 200, description = "The profile that goes on", body = RetireeView),
        (status = 409, description = "One of the two was merged already", body = crate::platform::web::ProblemDocument, content_type = "application/problem+json")))]
#[post("/retirees/{retiree_id}/merge")]
async fn merge_retiree(call: Call, path: Path<String>, body: Body<Merge>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Permission::KeepRetirees.roles(), body.fingerprint(), move |c, cx| {
        answer(&merge::merge(c, cx, id, || body.shaped().cloned())?)
    })
    .await
}

/// Undo a merge
///
/// The profile stands by itself again, as it was. It is hidden behind the one that goes on, so no entity-tag is asked for.
#[utoipa::path(tag = "retirees", params(("retiree_id" = String, Path, description = "Id of the profile that was merged away")),
    request_body = Unmerge,
    responses((status = 200, description = "The profile, by itself again", body = RetireeView),
        (status = 409, description = "Not merged, or its number has another profile by now", body = crate::platform::web::ProblemDocument, content_type = "application/problem+json")))]
#[delete("/retirees/{retiree_id}/merge")]
async fn unmerge_retiree(call: Call, path: Path<String>, body: Body<Unmerge>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Permission::KeepRetirees.roles(), body.fingerprint(), move |c, cx| {
        answer(&merge::unmerge(c, cx, id, || body.shaped().cloned())?)
    })
    .await
}

/// Print the contact card
///
/// As JSON, or as a page in large letters with `Accept: text/html`: one sheet, on it the eight nearest lines of the units. What nobody
/// entered is named.
#[utoipa::path(tag = "retirees", params(("retiree_id" = String, Path, description = "Id of the retiree")),
    responses((status = 200, description = "The card", content((ContactCard = "application/json"), (String = "text/html",
        example = json!("<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>亲情联络卡 张建国</title></head><body><h1>亲情联络卡</h1></body></html>\n"))))))]
#[get("/retirees/{retiree_id}/contact-card")]
async fn get_contact_card(PageCall(call): PageCall, path: Path<String>) -> Response {
    let id = Id::or_nil(&path);
    let card = call.fetch(Permission::ReadRetirees.roles(), move |c, cx| card::card(c, cx, id)).await?;
    if call.prefers_page() {
        return Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, PAGE)).body(card::page(&card)));
    }
    Ok(Answer::ok(&card)?.into_response(&call.meta, false))
}
