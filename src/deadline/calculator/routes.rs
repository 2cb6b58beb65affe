//! `GET /calendars/{code}/due`.

use super::answer;
use super::model::{DueAnswer, DueQuestion};
use crate::auth::{Call, Permission};
use crate::deadline::timetable::Timetable;
use crate::platform::error::Error;
use crate::platform::web::{Answer, Problem, Query};
use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operation.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(due);
}

/// Count to a last day
///
/// As clocks count (Civil Code Arts. 201, 203): the day of the event is not counted, the last day ends at 24:00 in the office's zone.
/// By the newest version of the calendar; over a year it does not have yet, by plain weekends, and `provisional`. Each day comes with its
/// reason in words, in the language asked for.
#[utoipa::path(tag = "calendars", operation_id = "count_due",
    params(("code" = String, Path, description = "The calendar's code", example = "cn"), DueQuestion),
    responses((status = 200, description = "The last day, and each day up to it", body = DueAnswer)))]
#[get("/calendars/{code}/due")]
async fn due(call: Call, code: Path<String>, query: Query<DueQuestion>) -> Result<HttpResponse, Problem> {
    let (question, lang) = (query.0, call.meta.lang);
    call.read(Permission::ReadOffice.roles(), move |c, cx| {
        let timetable = Timetable::current(c)?;
        let calendar = timetable.calendar(&code, None).ok_or(Error::NotFound)?;
        Answer::ok(&answer(&question, calendar, cx.zone, lang))
    })
    .await
}
