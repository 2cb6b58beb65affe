//! `/staff` and `/me`.

use super::model::{AccountStatus, Me, NewStaffBody, StaffChange, StaffFilter, StaffView};
use super::password::Passwords;
use super::{repo, rules, service};
use crate::auth::{Call, Paging, Permission, Role};
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::web::{Answer, Body, Page, Problem, Query};
use actix_web::{HttpResponse, get, patch, post, web};
use data_encoding::HEXLOWER;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations under `/api/v1`, signing in among them.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list).service(read).service(create).service(change).service(me);
    super::session::routes::configure(cfg);
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct StaffQuery {
    /// Only of this unit.
    unit: Option<Id>,
    /// Only with this role.
    role: Option<Role>,
    /// Only in this state.
    status: Option<AccountStatus>,
    /// Items of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List staff
///
/// By user name, suspended accounts too.
#[utoipa::path(tag = "staff", operation_id = "list_staff", params(StaffQuery),
    responses((status = 200, description = "A page of staff", body = Page<StaffView>)))]
#[get("/staff")]
async fn list(call: Call, query: Query<StaffQuery>) -> Result<HttpResponse, Problem> {
    let filter = StaffFilter { unit: query.unit, role: query.role, status: query.status };
    let paging: Paging<String> = Paging::read(&call, "staff", &filter, query.limit, query.cursor.as_deref())?;
    call.read(Permission::ReadStaff.roles(), move |c, cx| {
        let rows = repo::page(c, &filter, paging.after.as_deref(), paging.rows())?;
        let page = paging.page(cx, rows, |account| account.username.clone(), Ok)?;
        Answer::ok(&Page { items: service::views(c, page.items)?, next_cursor: page.next_cursor })
    })
    .await
}

/// Read a member of staff
#[utoipa::path(tag = "staff", operation_id = "get_staff",
    params(("id" = Id, Path, description = "The account")),
    responses((status = 200, description = "The member of staff", body = StaffView)))]
#[get("/staff/{id}")]
async fn read(call: Call, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    let id = Id::or_nil(&id);
    call.read(Permission::ReadStaff.roles(), move |c, _| {
        let account = repo::find(c, id)?.ok_or(Error::NotFound)?;
        let view = service::view(c, account)?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}

/// Enter a member of staff
///
/// Their account can be used at once.
#[utoipa::path(tag = "staff", operation_id = "create_staff",
    request_body(content = NewStaffBody, example = json!({"username": "zhoubing", "name": "周丙",
        "unit_id": "0198c0de-0000-7000-8000-000000000005", "roles": ["officer"], "password": "柳堤巷口第三棵大槐树"})),
    responses((status = 201, description = "The member of staff", body = StaffView),
        (status = 409, description = "Id or user name is in use", body = crate::platform::web::ProblemDocument, content_type = "application/problem+json")))]
#[post("/staff")]
async fn create(call: Call, body: Body<NewStaffBody>, passwords: web::Data<Passwords>) -> Result<HttpResponse, Problem> {
    call.actor.require(Permission::AdministerStaff.roles())?;
    let hash = hashed(&passwords, body.shaped().ok().map(|new| (new.password.as_str(), new.username.as_str()))).await?;
    let made = body.shaped().ok().and_then(|new| new.id).map(|id| id.0);
    let fingerprint = keyed(&call, body.fingerprint())?;
    call.write_made(Permission::AdministerStaff.roles(), fingerprint, made, move |c, cx| {
        let account = service::enter(c, cx, body.shaped()?, hash.as_deref())?;
        let view = service::view(c, account)?;
        Ok(Answer::created(format!("/api/v1/staff/{}", view.id), &view)?.etag(&view.etag))
    })
    .await
}

/// Change a member of staff
///
/// Name, unit, roles, status, or a new password for a forgotten one. A suspension or a new password ends every session at its next
/// renewal, 15 minutes later at most.
#[utoipa::path(tag = "staff", operation_id = "change_staff",
    params(("id" = Id, Path, description = "The account"), ("If-Match" = String, Header, description = "The ETag last seen")),
    request_body(content = StaffChange, example = json!({"roles": ["officer", "unit_head"], "reason": "岗位调整"})),
    responses((status = 200, description = "The member of staff as they are now", body = StaffView),
        (status = 409, description = "Nobody would be left to administer", body = crate::platform::web::ProblemDocument, content_type = "application/problem+json")))]
#[patch("/staff/{id}")]
async fn change(
    call: Call,
    id: web::Path<String>,
    body: Body<StaffChange>,
    passwords: web::Data<Passwords>,
) -> Result<HttpResponse, Problem> {
    call.actor.require(Permission::AdministerStaff.roles())?;
    let hash = hashed(&passwords, body.shaped().ok().and_then(|change| Some((change.password.as_deref()?, "")))).await?;
    let (id, fingerprint) = (Id::or_nil(&id), keyed(&call, body.fingerprint())?);
    call.write(Permission::AdministerStaff.roles(), fingerprint, move |c, cx| {
        let account = service::open(c, cx, id)?;
        let account = service::change(c, cx, account, body.shaped()?, hash.as_deref())?;
        let view = service::view(c, account)?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}

/// Read one's own account
#[utoipa::path(tag = "session", operation_id = "get_me", responses((status = 200, description = "The caller's account", body = Me)))]
#[get("/me")]
async fn me(call: Call) -> Result<HttpResponse, Problem> {
    call.read(Permission::ReadSelf.roles(), |c, cx| Answer::ok(&service::me(c, cx)?)).await
}

/// The hash of a (password, user name) that will do; what will not is named by the service, in its turn.
async fn hashed(passwords: &Passwords, asked: Option<(&str, &str)>) -> Result<Option<String>> {
    match asked {
        Some((password, username)) if rules::password_fault("", password, &rules::fold_username(username)).is_none() => {
            passwords.hash(password.to_owned()).await.map(Some)
        }
        _ => Ok(None),
    }
}

/// The fingerprint of a body that holds a password: kept bare, it would let the password be guessed.
fn keyed(call: &Call, fingerprint: [u8; 32]) -> Result<[u8; 32]> {
    let keyed = call.platform().keys.lookup("staff_body", &HEXLOWER.encode(&fingerprint))?;
    keyed.try_into().map_err(|_| Error::internal("a keyed hash of another length"))
}
