//! Merging profiles of one person, and undoing it. Petitions keep the profile they were registered with; reading follows. Visits that are
//! owed go over to the profile that goes on, and come back when the merge is undone.

use super::model::{Retiree, RetireeStatus};
use super::repo::reach::Reach;
use super::view::RetireeView;
use super::{doubles, looked_after, repo, service};
use crate::audit::{Head, SubjectKind, append};
use crate::auth::Context;
use crate::care::{self, changes::Parted};
use crate::codes;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

/// The profile that goes on, and why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MergeRetiree, example = json!({"into": "01a017b9-aec0-7001-901a-2117ec990fc5", "reason": "同一身份证号码，登记时重复建档"}))]
pub struct Merge {
    /// The profile that goes on.
    pub into: Id,
    /// Why the two are one person.
    #[schema(min_length = 1, max_length = 500, pattern = "\\S", example = "同一身份证号码，登记时重复建档")]
    pub reason: String,
}

/// Why a merge is undone.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UnmergeRetiree, example = json!({"reason": "同名不同人"}))]
pub struct Unmerge {
    /// Why the two are not one person.
    #[schema(min_length = 1, max_length = 500, pattern = "\\S", example = "同名不同人")]
    pub reason: String,
}

/// Merges a profile, at the version the caller has seen, into another; answers the one that goes on.
///
/// # Errors
/// NotFound, VersionRequired, Stale; Invalid for a profile to go on that is not there; Conflict when one of the two was merged already.
pub fn merge(c: &mut Conn, cx: &mut Context, id: Id, merge: impl FnOnce() -> Result<Merge>) -> Result<RetireeView> {
    let reach = Reach::of(c, &cx.actor, cx.today())?;
    let row = repo::find(c, &reach, id)?.ok_or(Error::NotFound)?;
    if row.merged_into.is_some() {
        return Err(Error::conflict(codes::RETIREE_MERGED));
    }
    let seen = service::shown(c, cx, &reach, row.clone())?;
    cx.expect_version(row.version, &seen.etag)?;
    let merge = merge()?;
    if merge.into == id {
        return Err(Error::fault("/into", codes::SAME_RETIREE));
    }
    let into = repo::find(c, &reach, merge.into)?.ok_or_else(|| Error::fault("/into", codes::UNKNOWN_RETIREE))?;
    if into.merged_into.is_some() {
        return Err(Error::conflict(codes::RETIREE_MERGED));
    }
    // two opposite merges would make a circle
    repo::hold(c, &into)?;
    let next = Retiree { merged_into: Some(into.id), ..row };
    store(c, cx, &next, "retiree_merged", into.id, &merge.reason)?;
    let whom = looked_after::whom_of(c, cx.today(), &into)?;
    care::changes::merged(c, cx, id, (&whom, into.birth_date))?;
    service::shown(c, cx, &reach, into)
}

/// Undoes a merge; answers the profile that stands by itself again.
///
/// # Errors
/// NotFound; Conflict when it is not merged, or its identity number has another profile by now.
pub fn unmerge(c: &mut Conn, cx: &mut Context, id: Id, unmerge: impl FnOnce() -> Result<Unmerge>) -> Result<RetireeView> {
    let reach = Reach::of(c, &cx.actor, cx.today())?;
    let row = repo::find(c, &reach, id)?.ok_or(Error::NotFound)?;
    let unmerge = unmerge()?;
    let from = row.merged_into.ok_or_else(|| Error::conflict(codes::RETIREE_NOT_MERGED))?;
    if let Some(hash) = &row.identity_hash {
        doubles::refuse_number(c, &reach, hash, id)?;
    }
    let next = Retiree { merged_into: None, ..row };
    let next = store(c, cx, &next, "retiree_unmerged", from, &unmerge.reason)?;
    give_back(c, cx, &next, from)?;
    service::shown(c, cx, &reach, next)
}

/// Visits that are owed part again.
fn give_back(c: &mut Conn, cx: &mut Context, row: &Retiree, from: Id) -> Result<()> {
    let gone_on = repo::find_unscoped(c, from)?.ok_or_else(|| Error::internal(format!("retiree {from} is gone")))?;
    let stays = repo::survivor(c, gone_on)?;
    let (whom, other) = (looked_after::whom_of(c, cx.today(), row)?, looked_after::whom_of(c, cx.today(), &stays)?);
    let mut profiles = repo::merged_into(c, row.id)?;
    profiles.push(row.id);
    let still = repo::merged_into(c, stays.id)?;
    let lives = |row: &Retiree| row.status != RetireeStatus::Deceased;
    let parted = Parted {
        back: (&whom, row.birth_date),
        lives: lives(row),
        profiles: &profiles,
        stays: (&other, stays.birth_date),
        stays_alive: lives(&stays),
        still: &still,
    };
    care::changes::parted(c, cx, parted)
}

fn store(c: &mut Conn, cx: &mut Context, next: &Retiree, act: &'static str, other: Id, reason: &str) -> Result<Retiree> {
    let draft = service::draft(cx, act).with("into", other).sealed(json!({ "reason": reason }));
    let head = append(c, cx, SubjectKind::Retiree, next.id, &Head { n: next.event_n, hash: next.event_hash.clone() }, draft)?;
    repo::update(c, next, &head)
}
