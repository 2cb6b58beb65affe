//! `/policy-issues`, and a petition's own.

use super::model::{DecidePolicyIssue, JoinPolicyIssue, LeavePolicyIssue, OpenPolicyIssue, PolicyIssueState, PolicyIssueView};
use super::service;
use crate::auth::{Call, Paging, Permission};
use crate::petition::{Act, PetitionView};
use crate::platform::db::types::Id;
use crate::platform::web::{Answer, Body, Page, Query, Response};
use actix_web::web::Path;
use actix_web::{delete, get, post, put};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_policy_issues).service(get_policy_issue).service(open_policy_issue).service(decide_policy_issue);
    cfg.service(join_policy_issue).service(leave_policy_issue);
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PolicyIssuesQuery {
    /// Only those that are looked into, or are decided.
    #[param(inline)]
    state: Option<PolicyIssueState>,
    /// Items of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List policy issues
///
/// Newest first, each with how many petitions belong to it, of those the caller may see.
#[utoipa::path(tag = "policy issues", params(PolicyIssuesQuery),
    responses((status = 200, description = "A page of policy issues", body = Page<PolicyIssueView>)))]
#[get("/policy-issues")]
async fn list_policy_issues(call: Call, query: Query<PolicyIssuesQuery>) -> Response {
    let paging: Paging<Id> = Paging::read(&call, "policy_issues", &query.state, query.limit, query.cursor.as_deref())?;
    call.read(Permission::ReadPetitions.roles(), move |c, cx| Answer::ok(&service::page(c, cx, query.state, &paging)?)).await
}

/// Read a policy issue
#[utoipa::path(tag = "policy issues", params(("policy_issue_id" = String, Path, description = "Id of the policy issue")),
    responses((status = 200, description = "The policy issue", body = PolicyIssueView)))]
#[get("/policy-issues/{policy_issue_id}")]
async fn get_policy_issue(call: Call, path: Path<String>) -> Response {
    let id = Id::or_nil(&path);
    call.read(Permission::ReadPetitions.roles(), move |c, cx| {
        let view = service::read(c, cx, id)?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}

/// Open a policy issue
///
/// For a cause that many petitions have in common. They join it one by one.
#[utoipa::path(tag = "policy issues", request_body = OpenPolicyIssue,
    responses((status = 201, description = "The policy issue", body = PolicyIssueView),
        (status = 409, description = "The id is in use", body = crate::platform::web::ProblemDocument, content_type = "application/problem+json")))]
#[post("/policy-issues")]
async fn open_policy_issue(call: Call, body: Body<OpenPolicyIssue>) -> Response {
    let made = body.shaped().ok().and_then(|new| new.id).map(|id| id.0);
    call.write_made(Permission::KeepPolicyIssues.roles(), body.fingerprint(), made, move |c, cx| {
        let issue = service::open(c, cx, body.shaped()?)?;
        let view = service::shown(c, cx, issue)?;
        Ok(Answer::created(format!("/api/v1/policy-issues/{}", view.id), &view)?.etag(&view.etag))
    })
    .await
}

/// Decide a policy issue
///
/// Once, for all its petitions. Each is still answered by an opinion of its own, within its own limits.
#[utoipa::path(tag = "policy issues",
    params(("policy_issue_id" = String, Path, description = "Id of the policy issue"), ("If-Match" = String, Header, description = "The ETag last seen")),
    request_body = DecidePolicyIssue,
    responses((status = 200, description = "The policy issue with its decision", body = PolicyIssueView),
        (status = 409, description = "It is decided already", body = crate::platform::web::ProblemDocument, content_type = "application/problem+json")))]
#[put("/policy-issues/{policy_issue_id}/decision")]
async fn decide_policy_issue(call: Call, path: Path<String>, body: Body<DecidePolicyIssue>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Permission::KeepPolicyIssues.roles(), body.fingerprint(), move |c, cx| {
        let issue = service::seen(c, cx, id)?;
        let view = service::decide(c, cx, issue, body.shaped()?)?;
        Ok(Answer::ok(&view)?.etag(&view.etag))
    })
    .await
}

/// Join a policy issue
///
/// A petition belongs to one at a time: one that belongs to another moves. Its clocks go on.
#[utoipa::path(tag = "policy issues", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = JoinPolicyIssue,
    responses((status = 200, body = PetitionView, description = "The petition with its policy issue")))]
#[put("/petitions/{petition_id}/policy-issue")]
async fn join_policy_issue(call: Call, path: Path<String>, body: Body<JoinPolicyIssue>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::JoinPolicyIssue.row().roles(), body.fingerprint(), move |c, cx| service::join(c, cx, id, &body)).await
}

/// Leave a policy issue
#[utoipa::path(tag = "policy issues", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = LeavePolicyIssue,
    responses((status = 200, body = PetitionView, description = "The petition on its own")))]
#[delete("/petitions/{petition_id}/policy-issue")]
async fn leave_policy_issue(call: Call, path: Path<String>, body: Body<LeavePolicyIssue>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::LeavePolicyIssue.row().roles(), body.fingerprint(), move |c, cx| service::leave(c, cx, id, &body)).await
}
