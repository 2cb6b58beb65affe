//! SQL of policy issues.

use super::model::{Belonging, Cluster, PolicyIssue, PolicyIssueState};
use crate::audit::Head;
use crate::auth::Actor;
use crate::petition::Stage;
use crate::petition::repo::scope::{Caller, Scoped, WithPolicyIssue, held};
use crate::platform::db::schema::{petition, policy_issue, policy_issue_petition};
use crate::platform::db::types::Id;
use crate::platform::db::{Both, Conn};
use crate::platform::error::{Error, Result};
use diesel::dsl::count_star;
use diesel::prelude::*;
use std::collections::HashMap;

/// A policy issue.
///
/// # Errors
/// Database only.
pub fn find(c: &mut Conn, id: Id) -> Result<Option<PolicyIssue>> {
    Ok(policy_issue::table.find(id).first(c).optional()?)
}

/// The policy issue of a title, the first of several.
///
/// # Errors
/// Database only.
pub fn by_title(c: &mut Conn, title: &str) -> Result<Option<Id>> {
    let titled = policy_issue::table.filter(policy_issue::title.eq(title)).order(policy_issue::id);
    Ok(titled.select(policy_issue::id).first(c).optional()?)
}

/// A page of policy issues before one, newest first.
pub(super) fn page(c: &mut Conn, state: Option<PolicyIssueState>, before: Option<Id>, rows: i64) -> Result<Vec<PolicyIssue>> {
    let mut query = policy_issue::table.order(policy_issue::id.desc()).limit(rows).into_boxed();
    query = match state {
        Some(PolicyIssueState::Open) => query.filter(policy_issue::decided_at.is_null()),
        Some(PolicyIssueState::Decided) => query.filter(policy_issue::decided_at.is_not_null()),
        None => query,
    };
    if let Some(before) = before {
        query = query.filter(policy_issue::id.lt(before));
    }
    Ok(query.load(c)?)
}

/// Inserts a policy issue; false when its id is in use.
pub(super) fn insert(c: &mut Conn, row: &PolicyIssue) -> Result<bool> {
    Ok(Both(diesel::insert_into(policy_issue::table).values(row).on_conflict_do_nothing()).execute(c)? == 1)
}

/// Writes a decision over the version it was read at, and moves the chain's head.
pub(super) fn decide(c: &mut Conn, row: PolicyIssue, head: Head) -> Result<PolicyIssue> {
    let unchanged = policy_issue::table.find(row.id).filter(policy_issue::version.eq(row.version));
    let set = (
        policy_issue::decision.eq(&row.decision),
        policy_issue::legal_basis.eq(&row.legal_basis),
        policy_issue::decided_at.eq(row.decided_at),
        policy_issue::decided_by.eq(row.decided_by),
        policy_issue::version.eq(row.version + 1),
        policy_issue::event_n.eq(head.n),
        policy_issue::event_hash.eq(&head.hash),
    );
    if diesel::update(unchanged).set(set).execute(c)? == 0 {
        return Err(Error::Again);
    }
    Ok(PolicyIssue { version: row.version + 1, event_n: head.n, event_hash: head.hash, ..row })
}

/// Makes a petition belong to a policy issue, and to no other; again when somebody else does the same at once.
pub(super) fn join(c: &mut Conn, petition: Id, issue: Id) -> Result<()> {
    leave(c, petition)?;
    let row = Belonging { petition_id: petition, policy_issue_id: issue };
    let joined = Both(diesel::insert_into(policy_issue_petition::table).values(&row).on_conflict_do_nothing()).execute(c)?;
    if joined == 1 { Ok(()) } else { Err(Error::Again) }
}

/// Makes a petition belong to none.
pub(super) fn leave(c: &mut Conn, petition: Id) -> Result<()> {
    diesel::delete(policy_issue_petition::table.find(petition)).execute(c)?;
    Ok(())
}

/// How many petitions belong to each of these, of those the caller may see.
pub(super) fn clusters(c: &mut Conn, actor: &Actor, issues: Vec<Id>) -> Result<HashMap<Id, Cluster>> {
    let caller = Caller::of(c, actor)?;
    let belonging = petition::table
        .inner_join(policy_issue_petition::table)
        .filter(policy_issue_petition::policy_issue_id.eq_any(issues))
        .filter(held(WithPolicyIssue::visible(&caller)))
        .group_by((policy_issue_petition::policy_issue_id, petition::stage))
        .select((policy_issue_petition::policy_issue_id, petition::stage, count_star()));
    let mut clusters: HashMap<Id, Cluster> = HashMap::new();
    for (issue, stage, count) in belonging.load::<(Id, Stage, i64)>(c)? {
        let cluster = clusters.entry(issue).or_default();
        cluster.total += count;
        cluster.open += if stage == Stage::Closed { 0 } else { count };
    }
    Ok(clusters)
}
