//! `/retirees/{retiree_id}/care-file`.

use super::model::{CareFileQuery, CareFileView, CareFileWritten, WriteCareFile};
use super::service;
use crate::auth::{Call, Permission};
use crate::platform::db::types::Id;
use crate::platform::web::{Answer, Body, Query, Response};
use actix_web::web::Path;
use actix_web::{get, put};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(get_care_file).service(write_care_file);
}

/// Read a care file
///
/// Every reading goes to the access log with its purpose, whether or not anything was known. Empty, of version 0, before anything was
/// written. After a merge of profiles what was known of each is shown beside it.
#[utoipa::path(tag = "care file", params(("retiree_id" = String, Path, description = "Id of the retiree"), CareFileQuery),
    responses((status = 200, description = "The file", body = CareFileView)))]
#[get("/retirees/{retiree_id}/care-file")]
async fn get_care_file(call: Call, path: Path<String>, query: Query<CareFileQuery>) -> Response {
    let (id, purpose, address) = (Id::or_nil(&path), query.purpose, call.meta.address.to_string());
    // what is no version is one there is none of
    let version = query.version.map(|n| i32::try_from(n).unwrap_or(i32::MAX));
    call.read_on_record(Permission::KeepCareFiles.roles(), move |c, cx| {
        let view = service::read(c, cx, id, purpose, version, &address)?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}

/// Write a care file
///
/// Sent whole; earlier versions are kept. The answer does not repeat what was written.
#[utoipa::path(tag = "care file",
    params(("retiree_id" = String, Path, description = "Id of the retiree"), ("If-Match" = String, Header, description = "The ETag last seen")),
    request_body = WriteCareFile, responses((status = 200, description = "It was written", body = CareFileWritten)))]
#[put("/retirees/{retiree_id}/care-file")]
async fn write_care_file(call: Call, path: Path<String>, body: Body<WriteCareFile>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Permission::KeepCareFiles.roles(), body.fingerprint(), move |c, cx| {
        let written = service::write(c, cx, id, || body.shaped())?;
        Ok(Answer::ok(&written)?.etag(&written.etag))
    })
    .await
}
