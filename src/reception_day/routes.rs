//! `/reception-days`, and the roster for everybody.

use super::model::{BookPlace, BookingView, CancelReception, PublicRoster, PublishReceptionDay};
use super::model::{ReceptionDayChange, ReceptionDayView, RegisterVisit};
use super::repo::DaysFilter;
use super::{service, visits};
use crate::account::session::rules::network;
use crate::auth::{Call, Paging, Permission};
use crate::petition::registration::made_id;
use crate::petition::{Act, PetitionView};
use crate::platform::Platform;
use crate::platform::clock::office_day;
use crate::platform::db::types::Id;
use crate::platform::web::rate::RateLimits;
use crate::platform::web::{Answer, Body, Page, ProblemDocument, Query, RequestMeta, Response};
use actix_web::web::{self, Path};
use actix_web::{HttpRequest, delete, get, patch, post, put};
use chrono::NaiveDate;
use serde::Deserialize;
use std::time::Duration;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// How often an address may read the roster.
pub struct RosterLimits(RateLimits);

impl Default for RosterLimits {
    fn default() -> Self {
        Self(RateLimits::spaced(120, Duration::from_secs(1)))
    }
}

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_reception_days).service(get_reception_day).service(publish_reception_day);
    cfg.service(change_reception_day).service(cancel_reception_day);
    cfg.service(list_bookings).service(book_place).service(cancel_booking).service(register_visit);
    cfg.service(read_roster);
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReceptionDaysQuery {
    /// From this day on; today when left out.
    from: Option<NaiveDate>,
    /// Up to and with this day.
    to: Option<NaiveDate>,
    /// Only this leader's.
    leader_id: Option<Id>,
    /// Items of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BookingsQuery {
    /// Items of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List reception days
///
/// The earliest first, those that were cancelled too.
#[utoipa::path(tag = "reception days", params(ReceptionDaysQuery),
    responses((status = 200, description = "A page of reception days", body = Page<ReceptionDayView>)))]
#[get("/reception-days")]
async fn list_reception_days(call: Call, query: Query<ReceptionDaysQuery>) -> Response {
    let picked = (query.from, query.to, query.leader_id);
    let paging = Paging::read(&call, "reception_days", &picked, query.limit, query.cursor.as_deref())?;
    call.read(Permission::ReadOffice.roles(), move |c, cx| {
        let asked = DaysFilter { from: query.from.unwrap_or(cx.today()), to: query.to, leader: query.leader_id };
        Answer::ok(&service::page(c, cx, &asked, &paging)?)
    })
    .await
}

/// Read a reception day
#[utoipa::path(tag = "reception days", params(("reception_day_id" = String, Path, description = "Id of the reception day")),
    responses((status = 200, description = "The reception day", body = ReceptionDayView)))]
#[get("/reception-days/{reception_day_id}")]
async fn get_reception_day(call: Call, path: Path<String>) -> Response {
    let id = Id::or_nil(&path);
    call.read(Permission::ReadOffice.roles(), move |c, _| {
        let view = service::read(c, id)?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}

/// Publish a reception day
///
/// A leader, a day, hours, a place, and how many can book. Everybody reads it at once, without an account too.
#[utoipa::path(tag = "reception days", request_body = PublishReceptionDay,
    responses((status = 201, description = "The reception day", body = ReceptionDayView),
        (status = 409, description = "The id is in use", body = ProblemDocument, content_type = "application/problem+json")))]
#[post("/reception-days")]
async fn publish_reception_day(call: Call, body: Body<PublishReceptionDay>) -> Response {
    let made = body.shaped().ok().and_then(|new| new.id).map(|id| id.0);
    call.write_made(Permission::KeepReceptionDays.roles(), body.fingerprint(), made, move |c, cx| {
        let day = service::publish(c, cx, body.shaped()?)?;
        let view = service::shown(c, day)?;
        Ok(Answer::created(format!("/api/v1/reception-days/{}", view.id), &view)?.etag(&view.etag))
    })
    .await
}

/// Change a reception day
///
/// Its hours, place, leader or places. Another day is another reception day: cancel this one.
#[utoipa::path(tag = "reception days",
    params(("reception_day_id" = String, Path, description = "Id of the reception day"), ("If-Match" = String, Header, description = "The ETag last seen")),
    request_body = ReceptionDayChange,
    responses((status = 200, description = "The reception day as it is now", body = ReceptionDayView),
        (status = 409, description = "It is over, or cancelled", body = ProblemDocument, content_type = "application/problem+json")))]
#[patch("/reception-days/{reception_day_id}")]
async fn change_reception_day(call: Call, path: Path<String>, body: Body<ReceptionDayChange>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Permission::KeepReceptionDays.roles(), body.fingerprint(), move |c, cx| {
        let day = service::seen(c, cx, id)?;
        let view = service::change(c, cx, day, body.shaped()?)?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}

/// Cancel a reception day
///
/// Its bookings stay on its list, with the telephone numbers under which they are told.
#[utoipa::path(tag = "reception days",
    params(("reception_day_id" = String, Path, description = "Id of the reception day"), ("If-Match" = String, Header, description = "The ETag last seen")),
    request_body = CancelReception,
    responses((status = 200, description = "The reception day, cancelled", body = ReceptionDayView),
        (status = 409, description = "It is over, or cancelled already", body = ProblemDocument, content_type = "application/problem+json")))]
#[put("/reception-days/{reception_day_id}/cancellation")]
async fn cancel_reception_day(call: Call, path: Path<String>, body: Body<CancelReception>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Permission::KeepReceptionDays.roles(), body.fingerprint(), move |c, cx| {
        let day = service::seen(c, cx, id)?;
        let view = service::cancel(c, cx, day, body.shaped()?)?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}

/// List who has booked a reception day
///
/// In the order of booking, with those who came without; the petition of each where the caller may see it.
#[utoipa::path(tag = "reception days", params(("reception_day_id" = String, Path, description = "Id of the reception day"), BookingsQuery),
    responses((status = 200, description = "A page of bookings", body = Page<BookingView>)))]
#[get("/reception-days/{reception_day_id}/bookings")]
async fn list_bookings(call: Call, path: Path<String>, query: Query<BookingsQuery>) -> Response {
    let id = Id::or_nil(&path);
    let paging = Paging::read(&call, "reception_bookings", &id, query.limit, query.cursor.as_deref())?;
    call.read(Permission::ReadBookings.roles(), move |c, cx| Answer::ok(&service::bookings(c, cx, id, &paging)?)).await
}

/// Book a place
///
/// For somebody who will come on that day. Two who want the last place are heard in turn.
#[utoipa::path(tag = "reception days", params(("reception_day_id" = String, Path, description = "Id of the reception day")), request_body = BookPlace,
    responses((status = 201, description = "The booking", body = BookingView),
        (status = 409, description = "The day is full, over or cancelled, or the id is in use", body = ProblemDocument, content_type = "application/problem+json")))]
#[post("/reception-days/{reception_day_id}/bookings")]
async fn book_place(call: Call, path: Path<String>, body: Body<BookPlace>) -> Response {
    let id = Id::or_nil(&path);
    let made = body.shaped().ok().and_then(|new| new.id).map(|id| id.0);
    call.write_made(Permission::BookReceptionDays.roles(), body.fingerprint(), made, move |c, cx| {
        let view = service::book(c, cx, id, body.shaped()?)?;
        Answer::created(format!("/api/v1/reception-days/{id}/bookings/{}", view.id), &view)
    })
    .await
}

/// Cancel a booking
///
/// Its place is free again.
#[utoipa::path(tag = "reception days",
    params(("reception_day_id" = String, Path, description = "Id of the reception day"), ("booking_id" = String, Path, description = "Id of the booking")),
    request_body = CancelReception,
    responses((status = 200, description = "The booking, cancelled", body = BookingView),
        (status = 409, description = "The day is over or cancelled, or the booking has ended", body = ProblemDocument, content_type = "application/problem+json")))]
#[delete("/reception-days/{reception_day_id}/bookings/{booking_id}")]
async fn cancel_booking(call: Call, path: Path<(String, String)>, body: Body<CancelReception>) -> Response {
    let (day, id) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.write(Permission::BookReceptionDays.roles(), body.fingerprint(), move |c, cx| {
        Answer::ok(&service::unbook(c, cx, day, id, body.shaped()?)?)
    })
    .await
}

/// Register whoever came
///
/// Their petition, received on that day, with what the leader says should be done; by a booking, or without one. The answer holds the
/// query code, which is told only here. A client-made `id` of the petition makes a retry harmless.
#[utoipa::path(tag = "reception days", params(("reception_day_id" = String, Path, description = "Id of the reception day")), request_body = RegisterVisit,
    responses((status = 201, description = "The petition, registered", body = PetitionView, headers(("Content-Location" = String))),
        (status = 409, description = "The day was cancelled, or the id is in use", body = ProblemDocument, content_type = "application/problem+json")))]
#[post("/reception-days/{reception_day_id}/visits")]
async fn register_visit(call: Call, path: Path<String>, body: Body<RegisterVisit>) -> Response {
    let id = Id::or_nil(&path);
    let made = body.shaped().ok().and_then(|new| made_id(&new.petition));
    call.write_made(Act::Register.row().roles(), body.fingerprint(), made, move |c, cx| visits::register(c, cx, id, body.shaped()?)).await
}

/// Read the roster
///
/// Open to everybody, without an account: which leader listens on which day, where, and how many places are left. To book, call the desk
/// or go there.
#[utoipa::path(tag = "public", responses(
    (status = 200, body = PublicRoster, description = "The reception days from today on"),
    (status = 429, description = "Asked too often", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 503, description = "Overloaded", body = ProblemDocument, content_type = "application/problem+json")))]
#[get("/public/reception-days")]
async fn read_roster(req: HttpRequest, platform: web::Data<Platform>, limits: web::Data<RosterLimits>) -> Response {
    let meta = RequestMeta::of(&req);
    meta.accepts(&["application/json"])?;
    limits.0.check(&network(meta.address))?;
    let today = office_day(platform.clock.now(), platform.config.zone);
    let roster = platform.db.read(move |c| service::roster(c, today)).await?;
    Ok(Answer::ok(&roster)?.into_response(&meta, false))
}
