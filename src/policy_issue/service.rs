//! Opening and deciding policy issues; joining one and leaving it.

use super::model::{DecidePolicyIssue, JoinPolicyIssue, LeavePolicyIssue, OpenPolicyIssue, PolicyIssue, PolicyIssueState, PolicyIssueView};
use super::repo;
use crate::audit::{Draft, Head, SubjectKind, append};
use crate::auth::{Context, Paging, Permission};
use crate::codes;
use crate::petition::{Act, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::ids::is_v7;
use crate::platform::web::codes::ID_TAKEN;
use crate::platform::web::{Answer, Body, Page};
use serde_json::json;

/// One policy issue.
///
/// # Errors
/// NotFound.
pub fn read(c: &mut Conn, cx: &Context, id: Id) -> Result<PolicyIssueView> {
    let issue = repo::find(c, id)?.ok_or(Error::NotFound)?;
    shown(c, cx, issue)
}

/// A page of policy issues, newest first.
///
/// # Errors
/// Database only.
pub fn page(c: &mut Conn, cx: &Context, state: Option<PolicyIssueState>, paging: &Paging<Id>) -> Result<Page<PolicyIssueView>> {
    let rows = repo::page(c, state, paging.after, paging.rows())?;
    let clusters = repo::clusters(c, &cx.actor, rows.iter().map(|row| row.id).collect())?;
    paging.page(
        cx,
        rows,
        |row| row.id,
        |row| {
            let cluster = clusters.get(&row.id).copied().unwrap_or_default();
            row.view(cluster)
        },
    )
}

/// Opens a policy issue.
///
/// # Errors
/// Invalid; Conflict for an id that is in use.
pub fn open(c: &mut Conn, cx: &mut Context, new: &OpenPolicyIssue) -> Result<PolicyIssue> {
    if new.id.is_some_and(|id| !is_v7(id.0)) {
        return Err(Error::fault("/id", codes::NOT_V7));
    }
    let mut issue = PolicyIssue {
        id: new.id.unwrap_or_else(|| cx.draw.id()),
        title: new.title.trim().to_owned(),
        cause: new.cause.trim().to_owned(),
        opened_at: Time(cx.now()),
        opened_by: cx.actor.id(),
        decision: None,
        legal_basis: None,
        decided_at: None,
        decided_by: None,
        version: 1,
        event_n: 0,
        event_hash: Vec::new(),
    };
    if new.id.is_some() {
        crate::audit::repo::require_free(c, issue.id)?;
    }
    let draft = draft(cx, "policy_issue_opened").sealed(json!({ "title": issue.title, "cause": issue.cause }));
    let head = append(c, cx, SubjectKind::PolicyIssue, issue.id, &Head::none(), draft)?;
    (issue.event_n, issue.event_hash) = (head.n, head.hash);
    if repo::insert(c, &issue)? { Ok(issue) } else { Err(Error::conflict(ID_TAKEN)) }
}

/// The policy issue a caller is about to decide, at the version they have seen.
///
/// # Errors
/// NotFound, VersionRequired, Stale.
pub fn seen(c: &mut Conn, cx: &Context, id: Id) -> Result<PolicyIssue> {
    let issue = repo::find(c, id)?.ok_or(Error::NotFound)?;
    let view = shown(c, cx, issue.clone())?;
    cx.expect_version(issue.version, &view.etag)?;
    Ok(issue)
}

/// Writes down what was decided on all petitions of a policy issue that [`seen`] gave. Each is answered by an opinion of its own all
/// the same.
///
/// # Errors
/// Conflict where there is a decision.
pub fn decide(c: &mut Conn, cx: &mut Context, issue: PolicyIssue, input: &DecidePolicyIssue) -> Result<PolicyIssueView> {
    if issue.decided_at.is_some() {
        return Err(Error::conflict(codes::POLICY_ISSUE_DECIDED));
    }
    let decided = PolicyIssue {
        decision: Some(input.decision.trim().to_owned()),
        legal_basis: Some(input.legal_basis.trim().to_owned()),
        decided_at: Some(Time(cx.now())),
        decided_by: Some(cx.actor.id()),
        ..issue
    };
    let words = json!({ "decision": decided.decision, "legal_basis": decided.legal_basis });
    let head = Head { n: decided.event_n, hash: decided.event_hash.clone() };
    let draft = draft(cx, "policy_issue_decided").sealed(words);
    let head = append(c, cx, SubjectKind::PolicyIssue, decided.id, &head, draft)?;
    let decided = repo::decide(c, decided, head)?;
    shown(c, cx, decided)
}

/// Makes a petition belong to a policy issue; one that belongs to another moves.
///
/// # Errors
/// As [`service::perform`]; Invalid for a policy issue that is not there, or that it belongs to already.
pub fn join(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<JoinPolicyIssue>) -> Result<Answer> {
    service::perform(c, cx, id, Act::JoinPolicyIssue, body, |c, cx, case, input| {
        let issue = repo::find(c, input.policy_issue_id)?.ok_or_else(|| Error::fault("/policy_issue_id", codes::UNKNOWN_POLICY_ISSUE))?;
        let before = case.row.facts.policy_issue;
        if before == Some(issue.id) {
            return Err(Error::fault("/policy_issue_id", codes::IN_POLICY_ISSUE));
        }
        repo::join(c, id, issue.id)?;
        let draft = case.draft(&cx.actor, Act::JoinPolicyIssue, "policy_issue_joined");
        case.row.facts.policy_issue = Some(issue.id);
        case.event(draft.with("policy_issue", json!({"from": before, "to": issue.id})).sealed(json!({"note": input.note})));
        Ok(None)
    })
}

/// Makes a petition belong to no policy issue.
///
/// # Errors
/// As [`service::perform`]; Conflict where it belongs to none.
pub fn leave(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<LeavePolicyIssue>) -> Result<Answer> {
    service::perform(c, cx, id, Act::LeavePolicyIssue, body, |c, cx, case, input| {
        let before = case.row.facts.policy_issue.ok_or_else(|| case.refusal(&cx.actor, codes::NO_POLICY_ISSUE))?;
        repo::leave(c, id)?;
        let draft = case.draft(&cx.actor, Act::LeavePolicyIssue, "policy_issue_left");
        case.row.facts.policy_issue = None;
        case.event(draft.with("policy_issue", json!({"from": before, "to": null})).sealed(json!({"reason": input.reason})));
        Ok(None)
    })
}

/// A policy issue as the caller is shown it.
///
/// # Errors
/// Database only.
pub fn shown(c: &mut Conn, cx: &Context, issue: PolicyIssue) -> Result<PolicyIssueView> {
    let cluster = repo::clusters(c, &cx.actor, vec![issue.id])?.remove(&issue.id).unwrap_or_default();
    issue.view(cluster)
}

fn draft(cx: &Context, act: &'static str) -> Draft {
    Draft::new(act, cx.actor.role_among(Permission::KeepPolicyIssues.roles()))
}
