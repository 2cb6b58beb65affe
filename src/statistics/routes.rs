//! Reading figures.

use super::model::{StatisticsFilter, Summary};
use super::repo;
use super::rules::DEFINITIONS_VERSION;
use crate::auth::{Call, Permission};
use crate::codes;
use crate::platform::db::types::Time;
use crate::platform::error::Error;
use crate::platform::web::problem::MEDIA_TYPE;
use crate::platform::web::{Answer, ProblemDocument, Query, Response};
use actix_web::get;
use chrono::{Datelike, NaiveDate};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(statistics_summary);
}

/// Summarise a window
///
/// Registered, closed, open, told and answered in time, satisfaction and participation over what the caller may see. Both days are
/// included. What is due counts on its last day.
#[utoipa::path(tag = "statistics", params(StatisticsFilter),
    responses((status = 200, body = Summary, description = "The figures"),
        (status = 422, description = "The days contradict each other", body = ProblemDocument, content_type = MEDIA_TYPE)))]
#[get("/statistics/summary")]
async fn statistics_summary(call: Call, filter: Query<StatisticsFilter>) -> Response {
    call.read(Permission::ReadStatistics.roles(), move |c, cx| {
        let today = cx.today();
        let first_of_year = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
        let (from, to) = (filter.from.unwrap_or(first_of_year), filter.to.unwrap_or(today));
        if from > to {
            return Err(Error::fault("/from", codes::FROM_AFTER_TO));
        }
        let as_of = Time(cx.now());
        let measures = repo::measures(c, &cx.actor, &filter, (from, to), as_of)?;
        Answer::ok(&Summary { from, to, as_of, position: None, definitions_version: DEFINITIONS_VERSION, measures })
    })
    .await
}
