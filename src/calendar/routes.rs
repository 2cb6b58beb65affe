//! `/calendars`.

use super::model::{CalendarSummary, CalendarVersionView, NewCalendarVersion};
use super::service::LIMIT;
use super::{ics, repo, service};
use crate::auth::{Call, Context, Paging, Permission};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, JsonOrText, Page, Problem, Query, Shapes, TextKind};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// iCalendar (RFC 5545).
struct ICalendar;

impl TextKind for ICalendar {
    const MEDIA_TYPE: &'static str = "text/calendar";
}

/// Mounts the operations.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list).service(read).service(list_versions).service(read_version).service(publish);
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CalendarsPage {
    /// Items of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List calendars
///
/// By code, each with its newest version, without the days.
#[utoipa::path(tag = "calendars", operation_id = "list_calendars", params(CalendarsPage),
    responses((status = 200, description = "A page of calendars", body = Page<CalendarSummary>)))]
#[get("/calendars")]
async fn list(call: Call, query: Query<CalendarsPage>) -> Result<HttpResponse, Problem> {
    let paging: Paging<String> = Paging::read(&call, "calendars", &(), query.limit, query.cursor.as_deref())?;
    call.read(Permission::ReadOffice.roles(), move |c, cx| {
        let rows = repo::page(c, paging.after.as_deref(), paging.rows())?;
        Answer::ok(&paging.page(cx, rows, |(row, _)| row.code.clone(), |(row, version)| row.view(&version).map(CalendarSummary::from))?)
    })
    .await
}

/// Read a calendar
///
/// Its newest version with all its days.
#[utoipa::path(tag = "calendars", operation_id = "get_calendar",
    params(("code" = String, Path, description = "The calendar's code", example = "cn")),
    responses((status = 200, description = "The newest version", body = CalendarVersionView)))]
#[get("/calendars/{code}")]
async fn read(call: Call, code: Path<String>) -> Result<HttpResponse, Problem> {
    call.read(Permission::ReadOffice.roles(), move |c, _| {
        let (row, version) = service::newest(c, &code)?;
        let view = row.view(&version)?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}

/// List the versions of a calendar
///
/// Newest first, without the days. A version is never changed: what was counted by it can be counted again.
#[utoipa::path(tag = "calendars", operation_id = "list_calendar_versions",
    params(("code" = String, Path, description = "The calendar's code", example = "cn"), CalendarsPage),
    responses((status = 200, description = "A page of versions", body = Page<CalendarSummary>)))]
#[get("/calendars/{code}/versions")]
async fn list_versions(call: Call, code: Path<String>, query: Query<CalendarsPage>) -> Result<HttpResponse, Problem> {
    let paging: Paging<i32> = Paging::read(&call, "calendar versions", &*code, query.limit, query.cursor.as_deref())?;
    call.read(Permission::ReadOffice.roles(), move |c, cx| {
        let row = repo::find(c, &code)?.ok_or(Error::NotFound)?;
        let versions = repo::versions(c, row.id, paging.after, paging.rows())?;
        Answer::ok(&paging.page(cx, versions, |version| version.n, |version| row.view(&version).map(CalendarSummary::from))?)
    })
    .await
}

/// Read a version of a calendar
#[utoipa::path(tag = "calendars", operation_id = "get_calendar_version",
    params(("code" = String, Path, description = "The calendar's code", example = "cn"), ("version" = String, Path, description = "Which version", example = "1")),
    responses((status = 200, description = "The version", body = CalendarVersionView)))]
#[get("/calendars/{code}/versions/{version}")]
async fn read_version(call: Call, path: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    call.read(Permission::ReadOffice.roles(), move |c, _| {
        let (code, n) = &*path;
        let row = repo::find(c, code)?.ok_or(Error::NotFound)?;
        let n = n.parse().map_err(|_| Error::NotFound)?;
        let view = row.view(&repo::version(c, row.id, n)?.ok_or(Error::NotFound)?)?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}

/// Publish years of a calendar
///
/// Makes the next version: the newest one with the years sent in place of its own. What says the same as the newest version is no
/// version: it is answered with 200 and changes nothing. Clocks that run keep the version they were started with.
///
/// As `text/calendar` (iCalendar, RFC 5545) every event of whole days is a holiday named by its SUMMARY; it is a make-up working day when
/// `X-APPLE-SPECIAL-DAY`, CATEGORIES or SUMMARY says so (班, "workday", "working day"). Where a file marks days off with 休, what it leaves
/// unmarked is left out. DESCRIPTION (or the name) of the calendar is the source of its years, COMMENT the reason.
#[utoipa::path(tag = "calendars", operation_id = "publish_calendar_version",
    params(("code" = String, Path, description = "The calendar's code", example = "cn"), ("If-Match" = String, Header, description = "The ETag of the newest version last seen")),
    request_body(content(
        (NewCalendarVersion = "application/json", example = json!({"years": {"2027": {"source": "国务院办公厅关于2027年部分节假日安排的通知", "days": [
            {"date": "2027-01-01", "kind": "public_holiday", "name": "元旦"}, {"date": "2027-02-06", "kind": "public_holiday", "name": "春节"},
            {"date": "2027-02-14", "kind": "makeup_workday", "name": "春节"}]}}, "reason": "2027年放假安排公布"})),
        (String = "text/calendar", example = json!(concat!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//office//holidays//ZH\r\n",
            "DESCRIPTION:国务院办公厅关于2027年部分节假日安排的通知\r\nBEGIN:VEVENT\r\nUID:1@office\r\nDTSTAMP:20261110T000000Z\r\n",
            "DTSTART;VALUE=DATE:20270206\r\nDTEND;VALUE=DATE:20270213\r\nSUMMARY:春节（休）\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))))),
    responses((status = 201, description = "The version published", body = CalendarVersionView),
        (status = 200, description = "Nothing new: the newest version as it stands", body = CalendarVersionView)))]
#[post("/calendars/{code}/versions")]
async fn publish(
    call: Call,
    code: Path<String>,
    body: JsonOrText<NewCalendarVersion, ICalendar, LIMIT>,
    shapes: Data<Shapes>,
) -> Result<HttpResponse, Problem> {
    let fingerprint = body.fingerprint();
    // what is wrong with the body comes after a stored answer, the scope and the version
    let ready = move |_: &mut Context| read_body(body, &shapes);
    let make = move |c: &mut Conn, cx: &mut Context, new: &Result<NewCalendarVersion, Vec<Fault>>| {
        let calendar = service::open(c, cx, &code)?;
        let new = new.as_ref().map_err(|faults| Error::Invalid(faults.clone()))?;
        let (view, is_new) = service::publish(c, cx, calendar, new)?;
        let answer = if is_new {
            Answer::created(format!("/api/v1/calendars/{}/versions/{}", view.code, view.version), &view)?
        } else {
            Answer::ok(&view)?
        };
        Ok(answer.etag(&view.etag))
    };
    call.write_prepared(Permission::AdministerCalendars.roles(), fingerprint, None, ready, make).await
}

fn read_body(body: JsonOrText<NewCalendarVersion, ICalendar, LIMIT>, shapes: &Shapes) -> Result<Result<NewCalendarVersion, Vec<Fault>>> {
    let new = match body {
        JsonOrText::Json(body) => body.shaped().cloned(),
        JsonOrText::Text(text, _) => ics::read(&text).map_err(Error::Invalid).and_then(|mut new| shapes.read(&mut new)),
    };
    match new {
        Err(Error::Invalid(faults)) => Ok(Err(faults)),
        new => new.map(Ok),
    }
}
