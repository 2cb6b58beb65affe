//! Registering, the receipt, the notice of receipt.

use super::batch::{self, BatchResult, Item, RegisterBatch};
use super::field_names::FieldNames;
use super::notices;
use super::receipt::{self, Receipt, ReissueQueryCode, Told};
use super::service;
use crate::auth::{Call, Context, PageCall, Permission};
use crate::contact_line;
use crate::notice::{self, NewDelivery, NewNotice, Notice, NoticeView};
use crate::petition::parts::{self, Part, PartsPage};
use crate::petition::registration::{Prepared, RegisterPetition, faults_beside, made_id, prepare};
use crate::petition::{Act, PetitionView};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::Error;
use crate::platform::web::html::PAGE;
use crate::platform::web::{Answer, Body, Lang, Page, Problem, ProblemDocument, Query, Response, Shapes};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, HeaderValue, VARY};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(register_petition).service(register_batch).service(get_receipt).service(reissue_query_code);
    cfg.service(list_notices).service(get_notice).service(give_notice).service(deliver_notice);
}

impl Part for Notice {
    fn id(&self) -> Id {
        self.id
    }
}

/// Register a petition
///
/// The answer holds the query code, which is told only here. With `Accept: text/html` it is the receipt to print, in large letters,
/// with number, code and QR code. A client-made `id` makes a retry harmless.
#[utoipa::path(tag = "intake", request_body = RegisterPetition,
    responses((status = 201, description = "The petition, registered; or its receipt",
            content((PetitionView = "application/json"), (String = "text/html", example = json!(receipt::PAGE_EXAMPLE)))),
        (status = 409, description = "The id is in use; in words with `Accept: text/html`", content(
            (ProblemDocument = "application/problem+json", example = json!({"type": "/problems/id_taken", "code": "id_taken",
                "title": "标识已被使用", "status": 409, "detail": "此标识已被使用，请换一个新的标识。",
                "instance": "urn:uuid:01a017b9-aec0-7001-901a-0117ec990fc5"})),
            (String = "text/html", example = json!(receipt::REFUSED_EXAMPLE)))),
        (status = 422, description = "The input is wrong and every fault is listed, or the Idempotency-Key was used with other content; in words with `Accept: text/html`", content(
            (ProblemDocument = "application/problem+json", example = json!({"type": "/problems/invalid", "code": "invalid",
                "title": "填写有误", "status": 422, "detail": "填写的内容有误，请按所列各项更正。",
                "instance": "urn:uuid:01a017b9-aec0-7001-901a-0117ec990fc5",
                "errors": [{"pointer": "/title", "code": "required", "detail": "此项必填。"}]})),
            (String = "text/html", example = json!(receipt::REFUSED_EXAMPLE))))))]
#[post("/petitions")]
async fn register_petition(PageCall(call): PageCall, body: Body<RegisterPetition>) -> Response {
    let (roles, made, words) = (Act::Register.row().roles(), body.shaped().ok().and_then(made_id), body.clone());
    let fingerprint = body.fingerprint();
    // what is wrong with the body comes after a stored answer
    let ready = move |cx: &mut Context| words.shaped().ok().map(|new| prepare(cx, new)).transpose();
    let register = move |c: &mut Conn, cx: &mut Context, prepared: &Option<Prepared>| {
        let new = body.shaped_or_judged(|rough| faults_beside(c, cx, rough))?;
        service::register(c, cx, new, prepared.as_ref().ok_or_else(|| Error::internal("a registration was not prepared"))?)
    };
    match call.write_prepared(roles, fingerprint, made, ready, register).await {
        Ok(done) => as_asked(&call, done).await,
        Err(refused) => refusal(&call, refused),
    }
}

/// What is wrong, as a page if the client would rather show one to the person at the desk.
fn refusal(call: &Call, refused: Problem) -> Response {
    let shown = matches!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT) && call.prefers_page();
    if !shown {
        return Err(refused);
    }
    let names = FieldNames::shipped()?;
    Ok(refused.in_large_print(&call.meta, |pointer, lang| names.of(pointer, lang)))
}

/// The petition as it is answered, or its receipt as a page if the client would rather print it.
async fn as_asked(call: &Call, done: HttpResponse) -> Response {
    if !call.prefers_page() {
        return Ok(done);
    }
    let (mut done, body) = done.into_parts();
    let text = body.try_into_bytes().map_err(|_| Error::internal("an answer can't be read again"))?;
    let told: Told = serde_json::from_slice(&text).map_err(|e| Error::Internal(Box::new(e)))?;
    let unit = told.registered_unit();
    let ask_at = call.fetch(Permission::ReadOffice.roles(), move |c, _| contact_line::nearest::ask_at(c, unit)).await;
    let lang = call.meta.lang;
    // the petition is registered: its code is told even where the telephone can't be read
    let page = receipt::page(&Receipt::of(told, call.platform().config.zone, ask_at.unwrap_or_default(), lang), lang)?;
    // the entity-tag is that of the petition as JSON
    done.headers_mut().remove(ETAG);
    done.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(PAGE));
    done.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    done.headers_mut().insert(VARY, HeaderValue::from_static("Accept-Language"));
    Ok(done.set_body(BoxBody::new(page)))
}

/// Give a new query code
///
/// For somebody who lost theirs; the old code opens nothing any more. Like registering, with `Accept: text/html` it answers the
/// receipt to print.
#[utoipa::path(tag = "intake", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = ReissueQueryCode,
    responses((status = 200, description = "The petition with its new code; or its receipt",
        content((PetitionView = "application/json"), (String = "text/html", example = json!(receipt::PAGE_EXAMPLE))))))]
#[post("/petitions/{petition_id}/query-code")]
async fn reissue_query_code(PageCall(call): PageCall, path: Path<String>, body: Body<ReissueQueryCode>) -> Response {
    let (id, roles, fingerprint) = (Id::or_nil(&path), Act::ReissueQueryCode.row().roles(), body.fingerprint());
    let done = call.write(roles, fingerprint, move |c, cx| service::reissue_query_code(c, cx, id, &body)).await?;
    as_asked(&call, done).await
}

/// Register many petitions
///
/// At most 500 in 8 MiB. One result an item; those that are wrong do not stop the rest. Send the same again after a lost answer.
#[utoipa::path(tag = "intake", request_body = RegisterBatch,
    responses((status = 207, body = BatchResult, description = "What became of each item")))]
#[post("/petitions/batch")]
async fn register_batch(call: Call, body: Body<RegisterBatch, { batch::LIMIT }>, shapes: Data<Shapes>) -> Response {
    let (parts, meta) = (batch::parts(&body, &shapes), call.meta.clone());
    let each = move |c: &mut Conn, cx: &mut Context, item: &Item, key| batch::register(c, cx, item, key, &meta);
    let whole = |items| Answer::json(207, &BatchResult { items });
    call.write_parts(Act::Register.row().roles(), body.fingerprint(), parts, batch::prepare, each, whole).await
}

/// Print the receipt
///
/// As JSON, or as a page in large letters with `Accept: text/html`. Without the query code, which is kept as a hash only.
#[utoipa::path(tag = "intake", params(("petition_id" = String, Path, description = "Id of the petition")),
    responses((status = 200, description = "The receipt", content((Receipt = "application/json"), (String = "text/html",
        example = json!(receipt::PAGE_EXAMPLE))))))]
#[get("/petitions/{petition_id}/receipt")]
async fn get_receipt(PageCall(call): PageCall, path: Path<String>) -> Response {
    let (id, lang) = (Id::or_nil(&path), call.meta.lang);
    let receipt = call.fetch(Permission::ReadPetitions.roles(), move |c, cx| receipt::receipt(c, cx, id, lang)).await?;
    if call.prefers_page() {
        return Ok(printed(receipt::page(&receipt, lang)?, lang));
    }
    Ok(Answer::ok(&receipt)?.into_response(&call.meta, false))
}

/// A page to print, in the language asked for.
fn printed(page: String, lang: Lang) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, PAGE)).insert_header((CONTENT_LANGUAGE, lang.tag())).insert_header((VARY, "Accept-Language"));
    answer.body(page)
}

/// List the notices of a petition
#[utoipa::path(tag = "intake", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<NoticeView>, description = "Notices, oldest first")))]
#[get("/petitions/{petition_id}/notices")]
async fn list_notices(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    parts::list::<_, NoticeView>(call, "notices", &path, &page, notice::repo::of_petition).await
}

/// Read one notice of a petition, or print it
///
/// As JSON, or as a page in large letters with `Accept: text/html`: in Chinese, or in English with `Accept-Language: en`. Words, names
/// and date are those it was issued with.
#[utoipa::path(tag = "intake",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("notice_id" = String, Path, description = "Id of the notice")),
    responses((status = 200, description = "The notice", content((NoticeView = "application/json"), (String = "text/html",
        example = json!(notices::PAGE_EXAMPLE))))))]
#[get("/petitions/{petition_id}/notices/{notice_id}")]
async fn get_notice(PageCall(call): PageCall, path: Path<(String, String)>) -> Response {
    let (petition, id, lang) = (Id::or_nil(&path.0), Id::or_nil(&path.1), call.meta.lang);
    let notice = call.fetch(Permission::ReadPetitions.roles(), move |c, cx| notices::one(c, cx, petition, id)).await?;
    if call.prefers_page() {
        return Ok(printed(notices::page(&notice, lang), lang));
    }
    Ok(Answer::ok(&NoticeView::from(notice))?.into_response(&call.meta, false))
}

/// Record that a notice arrived
///
/// With its proof (送达). The answer itself is delivered by an act of its own, since the petitioner's rights start with that.
#[utoipa::path(tag = "intake",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("notice_id" = String, Path, description = "Id of the notice")),
    request_body = NewDelivery,
    responses((status = 200, body = PetitionView, description = "The petition, the arrival recorded")))]
#[put("/petitions/{petition_id}/notices/{notice_id}/delivery")]
async fn deliver_notice(call: Call, path: Path<(String, String)>, body: Body<NewDelivery>) -> Response {
    let (petition, id) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    let roles = Act::DeliverNotice.row().roles();
    call.write(roles, body.fingerprint(), move |c, cx| notices::deliver(c, cx, petition, id, &body)).await
}

/// Give the notice of receipt
///
/// Tells the petitioner that it has arrived (Art. 22, 23); once.
#[utoipa::path(tag = "intake", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = NewNotice,
    responses((status = 201, body = PetitionView, description = "The petition, its notice given")))]
#[post("/petitions/{petition_id}/notices")]
async fn give_notice(call: Call, path: Path<String>, body: Body<NewNotice>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::GiveNotice.row().roles(), body.fingerprint(), move |c, cx| notices::give(c, cx, id, &body)).await
}
