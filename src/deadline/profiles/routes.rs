//! `/profiles`.

use super::model::{NewProfileVersion, ProfileSummary, ProfileVersionView};
use super::{repo, service};
use crate::auth::{Call, Paging, Permission};
use crate::deadline::model::{ProfileRow, ProfileVersionRow};
use crate::deadline::timetable::Timetable;
use crate::platform::error::Error;
use crate::platform::web::{Answer, Body, Page, Problem, Query};
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// Bytes of a body: two hundred rules.
const LIMIT: usize = 512 * 1024;

/// Mounts the operations.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list).service(read).service(list_versions).service(read_version).service(publish);
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProfilesPage {
    /// Items of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List profiles
///
/// By code, each with its newest version, without the rules.
#[utoipa::path(tag = "profiles", operation_id = "list_profiles", params(ProfilesPage),
    responses((status = 200, description = "A page of profiles", body = Page<ProfileSummary>)))]
#[get("/profiles")]
async fn list(call: Call, query: Query<ProfilesPage>) -> Result<HttpResponse, Problem> {
    let paging: Paging<String> = Paging::read(&call, "profiles", &(), query.limit, query.cursor.as_deref())?;
    call.read(Permission::ReadOffice.roles(), move |c, cx| {
        let rows = repo::page(c, paging.after.as_deref(), paging.rows())?;
        let timetable = Timetable::current(c)?;
        let view = |(row, version): (ProfileRow, ProfileVersionRow)| {
            let in_force = service::in_force(&timetable, cx, &row.code);
            ProfileVersionView::of(&row, &version, in_force).map(ProfileSummary::from)
        };
        Answer::ok(&paging.page(cx, rows, |(row, _)| row.code.clone(), view)?)
    })
    .await
}

/// Read a profile
///
/// Its newest version with all its rules; `in_force` tells whether it has begun.
#[utoipa::path(tag = "profiles", operation_id = "get_profile",
    params(("code" = String, Path, description = "The profile's code", example = "cn-2022")),
    responses((status = 200, description = "The newest version", body = ProfileVersionView)))]
#[get("/profiles/{code}")]
async fn read(call: Call, code: Path<String>) -> Result<HttpResponse, Problem> {
    call.read(Permission::ReadOffice.roles(), move |c, cx| {
        let (row, version) = service::newest(c, &code)?;
        let view = service::view(c, cx, &row, &version)?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}

/// List the versions of a profile
///
/// Newest first, without the rules. A version is never changed; it is in force until the next one is.
#[utoipa::path(tag = "profiles", operation_id = "list_profile_versions",
    params(("code" = String, Path, description = "The profile's code", example = "cn-2022"), ProfilesPage),
    responses((status = 200, description = "A page of versions", body = Page<ProfileSummary>)))]
#[get("/profiles/{code}/versions")]
async fn list_versions(call: Call, code: Path<String>, query: Query<ProfilesPage>) -> Result<HttpResponse, Problem> {
    let paging: Paging<i32> = Paging::read(&call, "profile versions", &*code, query.limit, query.cursor.as_deref())?;
    call.read(Permission::ReadOffice.roles(), move |c, cx| {
        let row = repo::find(c, &code)?.ok_or(Error::NotFound)?;
        let versions = repo::versions(c, row.id, paging.after, paging.rows())?;
        let in_force = service::in_force(&*Timetable::current(c)?, cx, &row.code);
        let view = |version: ProfileVersionRow| ProfileVersionView::of(&row, &version, in_force).map(ProfileSummary::from);
        Answer::ok(&paging.page(cx, versions, |version| version.n, view)?)
    })
    .await
}

/// Read a version of a profile
#[utoipa::path(tag = "profiles", operation_id = "get_profile_version",
    params(("code" = String, Path, description = "The profile's code", example = "cn-2022"), ("version" = String, Path, description = "Which version", example = "1")),
    responses((status = 200, description = "The version", body = ProfileVersionView)))]
#[get("/profiles/{code}/versions/{version}")]
async fn read_version(call: Call, path: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    call.read(Permission::ReadOffice.roles(), move |c, cx| {
        let (code, n) = &*path;
        let row = repo::find(c, code)?.ok_or(Error::NotFound)?;
        let n = n.parse().map_err(|_| Error::NotFound)?;
        let version = repo::version(c, row.id, n)?.ok_or(Error::NotFound)?;
        let view = service::view(c, cx, &row, &version)?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}

/// Publish a version of a profile
///
/// All its rules, in force from `valid_from` on, which may be to come. A profile says how long: what is due, what starts and what
/// fulfils it is the procedure's, and a rule that says otherwise is refused. Clocks that run keep the version they were started with.
/// What says the same as the newest version is no version: it is answered with 200 and changes nothing.
#[utoipa::path(tag = "profiles", operation_id = "publish_profile_version",
    params(("code" = String, Path, description = "The profile's code", example = "cn-simplified"), ("If-Match" = String, Header, description = "The ETag of the newest version last seen")),
    request_body(content = NewProfileVersion, example = json!({"valid_from": "2027-01-01", "calendar": "cn", "source": "本单位简易办理规定（2026年修订）", "rules": [
        {"clock": "simplified_acceptance", "kinds": ["claim", "suggestion"], "limit": 2, "unit": "working", "roll": "none", "start": "received",
            "stops": ["accept"], "class": "offer", "life": "proc", "pauses": [], "warnings": [{"percent": 80, "hours_before": 24}], "article": "本单位简易办理规定第三条"},
        {"clock": "simplified_answer", "kinds": ["claim", "suggestion"], "limit": 8, "unit": "working", "roll": "none", "start": "accepted",
            "stops": ["issue_opinion"], "class": "offer", "life": "proc", "pauses": [], "warnings": [{"percent": 80, "hours_before": 72}], "article": "本单位简易办理规定第四条"}],
        "reason": "缩短简易办理期限"})),
    responses((status = 201, description = "The version published", body = ProfileVersionView),
        (status = 200, description = "Nothing new: the newest version as it stands", body = ProfileVersionView)))]
#[post("/profiles/{code}/versions")]
async fn publish(call: Call, code: Path<String>, body: Body<NewProfileVersion, LIMIT>) -> Result<HttpResponse, Problem> {
    call.write(Permission::AdministerProfiles.roles(), body.fingerprint(), move |c, cx| {
        let profile = service::open(c, cx, &code)?;
        let (view, is_new) = service::publish(c, cx, profile, body.shaped()?)?;
        let answer = if is_new {
            Answer::created(format!("/api/v1/profiles/{}/versions/{}", view.code, view.version), &view)?
        } else {
            Answer::ok(&view)?
        };
        Ok(answer.etag(&view.etag))
    })
    .await
}
