//! Policy issues as rows, as asked for and as shown.

use crate::platform::db::schema::{policy_issue, policy_issue_petition};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::platform::web::etag::tag_of;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// Whether a policy issue is decided.
    pub enum PolicyIssueState {
        /// It is looked into.
        Open = "open",
        /// There is a decision.
        Decided = "decided",
    }
}

/// A policy issue.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = policy_issue, treat_none_as_default_value = false)]
pub struct PolicyIssue {
    /// Its id.
    pub id: Id,
    /// A line that names it.
    pub title: String,
    /// What the petitions have in common.
    pub cause: String,
    /// When it was opened, UTC.
    pub opened_at: Time,
    /// By whose account.
    pub opened_by: Id,
    /// What was decided.
    pub decision: Option<String>,
    /// What that rests on.
    pub legal_basis: Option<String>,
    /// When it was decided, UTC.
    pub decided_at: Option<Time>,
    /// By whose account it was written down.
    pub decided_by: Option<Id>,
    /// Changes so far.
    pub version: i64,
    /// Events so far.
    pub event_n: i64,
    /// Hash of the last event.
    pub event_hash: Vec<u8>,
}

/// That a petition belongs to a policy issue.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = policy_issue_petition, treat_none_as_default_value = false)]
pub struct Belonging {
    /// The petition.
    pub petition_id: Id,
    /// What it belongs to; one at a time.
    pub policy_issue_id: Id,
}

/// How many petitions belong to a policy issue, of those the caller may see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cluster {
    /// All that belong to it, whatever their stage.
    #[schema(minimum = 0, example = 37)]
    pub total: i64,
    /// Of those, the ones that are not closed.
    #[schema(minimum = 0, example = 12)]
    pub open: i64,
}

/// A policy issue as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PolicyIssueView {
    /// Its id.
    pub id: Id,
    /// A line that names it.
    #[schema(example = "2008年前退休人员住房补贴差额")]
    pub title: String,
    /// What the petitions have in common.
    #[schema(example = "房改时按当时职级核定面积，晋级后的差额一直没有补发。")]
    pub cause: String,
    /// Whether there is a decision.
    pub state: PolicyIssueState,
    /// How many petitions belong to it, of those the caller may see; `GET /petitions?policy_issue=` lists them.
    pub petitions: Cluster,
    /// What was decided.
    pub decision: Option<String>,
    /// What that rests on.
    pub legal_basis: Option<String>,
    /// When it was opened.
    pub opened_at: Time,
    /// By whose account.
    pub opened_by: Id,
    /// When it was decided.
    pub decided_at: Option<Time>,
    /// By whose account it was written down.
    pub decided_by: Option<Id>,
    /// Changes so far.
    pub version: i64,
    /// The entity-tag for If-Match.
    #[schema(example = "\"1-0a1b2c3d4e5f\"")]
    pub etag: String,
}

impl PolicyIssue {
    /// The issue as shown, with its entity-tag.
    ///
    /// # Errors
    /// Internal only.
    pub fn view(self, petitions: Cluster) -> Result<PolicyIssueView> {
        let mut view = PolicyIssueView {
            id: self.id,
            title: self.title,
            cause: self.cause,
            state: if self.decided_at.is_some() { PolicyIssueState::Decided } else { PolicyIssueState::Open },
            petitions,
            decision: self.decision,
            legal_basis: self.legal_basis,
            opened_at: self.opened_at,
            opened_by: self.opened_by,
            decided_at: self.decided_at,
            decided_by: self.decided_by,
            version: self.version,
            etag: String::new(),
        };
        view.etag = tag_of(view.version, &view)?;
        Ok(view)
    }
}

/// A policy issue to be opened.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "2008年前退休人员住房补贴差额", "cause": "房改时按当时职级核定面积，晋级后的差额一直没有补发。"}))]
pub struct OpenPolicyIssue {
    /// A UUIDv7 made by the client; left out, the office makes one.
    #[serde(default)]
    pub id: Option<Id>,
    /// A line that names it.
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub title: String,
    /// What the petitions have in common.
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub cause: String,
}

/// The decision on a policy issue.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision": "晋级后的面积差额按现行标准分两年补发，符合条件的逐人核定。", "legal_basis": "《关于进一步深化城镇住房制度改革的通知》"}))]
pub struct DecidePolicyIssue {
    /// What was decided.
    #[schema(min_length = 1, max_length = 20000, pattern = "\\S")]
    pub decision: String,
    /// What it rests on.
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub legal_basis: String,
}

/// Joining a policy issue.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"policy_issue_id": "01a203e1-a23b-702d-a8b5-f2e83ac232d0", "note": "同属晋级后面积差额"}))]
pub struct JoinPolicyIssue {
    /// The policy issue.
    pub policy_issue_id: Id,
    /// Why it belongs there.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub note: Option<String>,
}

/// Leaving a policy issue.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "核对后成因不同"}))]
pub struct LeavePolicyIssue {
    /// Why it does not belong there.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub reason: Option<String>,
}
