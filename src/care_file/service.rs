//! Reading and writing care files.

use super::model::{CareFileRow, CareFileView, CareFileWritten, CareNotes, CarePurpose, MergedCareFile, WriteCareFile};
use super::repo;
use crate::audit::Draft;
use crate::audit::access::{self, Access, AccessKind, AccessOutcome};
use crate::auth::{Context, Permission, Role};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::web::etag::entity_tag;
use crate::retiree::{self, model::Retiree};

/// The field the content is bound to, by version.
fn field(n: i32) -> String {
    format!("care_file/{n}")
}

/// A retiree whose file the caller may know: they look after them, or supervise those who do.
fn looked_after(c: &mut Conn, cx: &Context, id: Id) -> Result<Retiree> {
    let (_, row) = retiree::service::reached(c, cx, id)?;
    let theirs = row.liaison_officer == Some(cx.actor.id());
    if theirs || cx.actor.roles.has(Role::Supervisor) { Ok(row) } else { Err(Error::NotFound) }
}

/// Reads a file, which is written down with its purpose.
///
/// # Errors
/// NotFound for whom the caller does not look after, and a version there is none of.
pub fn read(c: &mut Conn, cx: &mut Context, id: Id, purpose: CarePurpose, version: Option<i32>, address: &str) -> Result<CareFileView> {
    let retiree = looked_after(c, cx, id)?;
    let row = match version {
        Some(n) => Some(repo::version(c, retiree.id, n)?.ok_or(Error::NotFound)?),
        None => repo::newest(c, retiree.id)?,
    };
    // an earlier version is asked for to be compared: that is this file's alone
    let merged = if version.is_none() {
        let (profiles, _) = retiree::service::of_one_person(c, cx, retiree.id)?;
        repo::newest_of(c, &profiles.into_iter().filter(|of| *of != retiree.id).collect::<Vec<_>>())?
    } else {
        Vec::new()
    };
    note(c, cx, retiree.id, row.as_ref().map_or(0, |row| row.n), purpose, address)?;
    for other in &merged {
        note(c, cx, other.retiree_id, other.n, purpose, address)?;
    }
    let merged = merged.iter().map(|row| other(cx, row)).collect::<Result<_>>()?;
    Ok(CareFileView { merged, ..shown(cx, retiree.id, row.as_ref())? })
}

/// Writes down that a file was read.
fn note(c: &mut Conn, cx: &mut Context, retiree: Id, n: i32, purpose: CarePurpose, address: &str) -> Result<()> {
    let entry = Access {
        id: cx.draw.id(),
        at: Time(cx.now()),
        kind: AccessKind::CareFile,
        outcome: AccessOutcome::Granted,
        account_id: Some(cx.actor.id()),
        subject_id: Some(retiree),
        address: address.to_owned(),
        request_id: cx.request_id.to_string(),
        detail: Some(format!("purpose={} version={n}", purpose.as_str())),
    };
    access::record(c, &entry)
}

fn other(cx: &Context, row: &CareFileRow) -> Result<MergedCareFile> {
    let CareNotes { family, health, thoughts } = notes(cx, row)?;
    let (version, written_at, written_by) = (row.n, row.written_at, row.written_by);
    Ok(MergedCareFile { retiree_id: row.retiree_id, family, health, thoughts, version, written_at, written_by })
}

fn notes(cx: &Context, row: &CareFileRow) -> Result<CareNotes> {
    let text = cx.unseal(row.retiree_id, &field(row.n), &row.content)?;
    serde_json::from_str(&text).map_err(|e| Error::Internal(Box::new(e)))
}

fn shown(cx: &Context, retiree: Id, row: Option<&CareFileRow>) -> Result<CareFileView> {
    let CareNotes { family, health, thoughts } = row.map(|row| notes(cx, row)).transpose()?.unwrap_or_default();
    let version = row.map_or(0, |row| row.n);
    Ok(CareFileView {
        retiree_id: retiree,
        family,
        health,
        thoughts,
        version,
        purpose: row.map(|row| row.purpose),
        written_at: row.map(|row| row.written_at),
        written_by: row.map(|row| row.written_by),
        merged: Vec::new(),
        etag: tag(retiree, version),
    })
}

/// A version never changes, so that the version is all there is to tell.
fn tag(retiree: Id, version: i32) -> String {
    entity_tag(i64::from(version), format!("{retiree}/{version}").as_bytes())
}

/// Writes a new version over the one the caller has seen; earlier ones are kept. What is left out is no longer known.
///
/// # Errors
/// NotFound for whom the caller does not look after; VersionRequired, Stale.
pub fn write<'a>(c: &mut Conn, cx: &mut Context, id: Id, input: impl FnOnce() -> Result<&'a WriteCareFile>) -> Result<CareFileWritten> {
    let retiree = looked_after(c, cx, id)?;
    let before = repo::newest(c, retiree.id)?.map_or(0, |row| row.n);
    cx.expect_version(i64::from(before), &tag(retiree.id, before))?;
    let WriteCareFile { purpose, family, health, thoughts } = input()?.clone();
    let n = before + 1;
    let content = serde_json::to_vec(&CareNotes { family, health, thoughts }).map_err(|e| Error::Internal(Box::new(e)))?;
    let row = CareFileRow {
        retiree_id: retiree.id,
        n,
        content: cx.seal(retiree.id, &field(n), &content)?,
        purpose,
        written_at: Time(cx.now()),
        written_by: cx.actor.id(),
    };
    repo::insert(c, &row)?;
    // the trail knows that, when and for what; never a word of it
    let role = cx.actor.role_among(Permission::KeepCareFiles.roles());
    let draft = Draft::new("care_file_written", role).with("care_file_version", n).with("purpose", purpose);
    retiree::service::tell(c, cx, &retiree, draft)?;
    Ok(CareFileWritten { retiree_id: retiree.id, version: n, written_at: row.written_at, etag: tag(retiree.id, n) })
}
