//! Reading figures.

use super::model::{StatisticsFilter, Summary, VisitFilter, VisitSummary};
use super::rules::DEFINITIONS_VERSION;
use super::{repo, visits};
use crate::auth::{Call, Context, Permission};
use crate::codes;
use crate::platform::db::types::Time;
use crate::platform::error::{Error, Result};
use crate::platform::web::problem::MEDIA_TYPE;
use crate::platform::web::{Answer, ProblemDocument, Query, Response};
use actix_web::get;
use chrono::{Datelike, NaiveDate};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(statistics_summary).service(statistics_visits);
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
        let (from, to) = window(cx, filter.from, filter.to)?;
        let as_of = Time(cx.now());
        let measures = repo::measures(c, &cx.actor, &filter, (from, to), as_of)?;
        Answer::ok(&Summary { from, to, as_of, position: None, definitions_version: DEFINITIONS_VERSION, measures })
    })
    .await
}

/// The window that is asked for.
fn window(cx: &Context, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<(NaiveDate, NaiveDate)> {
    let today = cx.today();
    let first_of_year = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
    let (from, to) = (from.unwrap_or(first_of_year), to.unwrap_or(today));
    if from > to { Err(Error::fault("/from", codes::FROM_AFTER_TO)) } else { Ok((from, to)) }
}

/// Summarise visits
///
/// Due, made, late, by reason, over the visits the caller sees. Both days are included; a visit counts on its last day. Each figure is
/// as many rows as `/visit-tasks` lists for the same window, unit, reason and `outcome`.
#[utoipa::path(tag = "statistics", params(VisitFilter),
    responses((status = 200, body = VisitSummary, description = "The figures"),
        (status = 422, description = "The days contradict each other", body = ProblemDocument, content_type = MEDIA_TYPE)))]
#[get("/statistics/visits")]
async fn statistics_visits(call: Call, filter: Query<VisitFilter>) -> Response {
    call.read(Permission::ReadStatistics.roles(), move |c, cx| {
        let (from, to) = window(cx, filter.from, filter.to)?;
        Answer::ok(&visits::summary(c, cx, (from, to), filter.unit)?)
    })
    .await
}
