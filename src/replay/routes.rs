//! `/calendars/{code}/replay` and `/profiles/{code}/replay`.

use super::model::{Replay, ReplayView, Versioned};
use super::service::{self, Survey};
use crate::auth::Call;
use crate::job::{model::JobView, service as job};
use crate::platform::web::{Answer, Body, Problem};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use std::sync::Arc;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(calendar).service(profile);
}

/// Apply a calendar to running clocks
///
/// First dry: which clocks that run would end on another day, from when to when, in which units. Then, with the hash of that dry run
/// and a reason, for good: a job moves them, one petition after the other. Clocks that ended or were broken are never touched.
#[utoipa::path(tag = "calendars", operation_id = "replay_calendar",
    params(("code" = String, Path, description = "The calendar's code", example = "cn")),
    request_body(content = Replay, example = json!({"dry_run": true})),
    responses((status = 200, description = "What would move", body = ReplayView),
        (status = 202, description = "It is decided; the job does it", body = JobView),
        (status = 409, description = "The version is superseded, or the dry run no longer holds", body = crate::platform::web::ProblemDocument, content_type = "application/problem+json")))]
#[post("/calendars/{code}/replay")]
async fn calendar(call: Call, code: web::Path<String>, body: Body<Replay>) -> Result<HttpResponse, Problem> {
    replay(&call, Versioned::Calendar, code.into_inner(), body).await
}

/// Apply a profile to running clocks
///
/// As for a calendar. Running clocks keep the version they began with unless it is applied to them so.
#[utoipa::path(tag = "profiles", operation_id = "replay_profile",
    params(("code" = String, Path, description = "The profile's code", example = "cn-2022")),
    request_body(content = Replay, example = json!({"version": 2, "dry_run": false,
        "hash": "9f2c1a7be0d34c5f8a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b", "reason": "市局通知：办理期限改为四十五日，在办件一并适用"})),
    responses((status = 200, description = "What would move", body = ReplayView),
        (status = 202, description = "It is decided; the job does it", body = JobView),
        (status = 409, description = "The version is superseded or not in force yet, or the dry run no longer holds", body = crate::platform::web::ProblemDocument, content_type = "application/problem+json")))]
#[post("/profiles/{code}/replay")]
async fn profile(call: Call, code: web::Path<String>, body: Body<Replay>) -> Result<HttpResponse, Problem> {
    replay(&call, Versioned::Profile, code.into_inner(), body).await
}

async fn replay(call: &Call, of: Versioned, code: String, body: Body<Replay>) -> Result<HttpResponse, Problem> {
    let permitted = of.permission().roles();
    if let Some(known) = call.answered(permitted, body.fingerprint()).await? {
        return Ok(known);
    }
    let asked = body.clone();
    let begin = call.fetch(permitted, move |c, cx| {
        let plan = service::plan(c, cx, of, &code, &asked)?;
        Ok((Survey::of(&plan.target, cx), plan))
    });
    let (mut survey, plan) = begin.await?;
    while !survey.over {
        survey = call.fetch(permitted, move |c, cx| survey.read_on(c, cx)).await?;
    }
    let survey = Arc::new(survey);
    let answer = call.write(permitted, body.fingerprint(), move |c, cx| match &plan.apply {
        None => Answer::ok(&survey.view(c)?),
        Some((hash, reason)) => {
            let job = service::decide(c, cx, &survey, hash, reason)?;
            let location = Some(format!("/api/v1/jobs/{}", job.id));
            Ok(Answer { location, ..Answer::json(202, &job.view()?)? })
        }
    });
    let response = answer.await?;
    if response.status() == StatusCode::ACCEPTED {
        job::announce();
    }
    Ok(response)
}
