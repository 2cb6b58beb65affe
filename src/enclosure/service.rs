//! Enclosing a file.

use super::model::{About, Attachment, Enclosed, NewAttachment};
use super::{repo, rules};
use crate::attachment::repo as contents;
use crate::audit::access::{self, Access, AccessKind, AccessOutcome};
use crate::auth::Context;
use crate::codes;
use crate::petition::{Act, Case, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body, codes as web};
use chrono::Duration;
use data_encoding::HEXLOWER;
use serde_json::json;

/// Refuses who may not enclose a file with a petition, before one is received.
///
/// # Errors
/// NotFound, Forbidden.
pub fn admit(c: &mut Conn, cx: &mut Context, id: Id) -> Result<()> {
    Case::load(c, cx, id)?.permit(&cx.actor, &[Act::AddAttachment])
}

/// How long an account that enclosed much of late has to wait before the next file is received.
///
/// # Errors
/// Database only.
pub fn pace(c: &mut Conn, cx: &Context) -> Result<Option<Duration>> {
    let added = repo::added_since(c, cx.actor.id(), Time(cx.now() - rules::PACE))?;
    let sizes: Vec<i64> = added.iter().map(|(_, size)| *size).collect();
    let oldest = added.last().filter(|_| rules::too_fast(&sizes));
    Ok(oldest.map(|(at, _)| at.0 + rules::PACE - cx.now()))
}

/// A file of a petition that the caller may open: who does not see the numbers of its people opens what was answered alone.
///
/// # Errors
/// NotFound, Forbidden.
pub fn opened(c: &mut Conn, cx: &mut Context, id: Id, part: Id) -> Result<Enclosed> {
    let case = Case::load(c, cx, id)?;
    let found = repo::attachment(c, id, part)?.ok_or(Error::NotFound)?;
    if rules::is_open(found.attachment.about) || case.shows_numbers(&cx.actor) {
        Ok(found)
    } else {
        Err(Error::Forbidden(codes::PAPERS_NOT_SHOWN))
    }
}

/// The same, written down: what is opened is a personal paper.
///
/// # Errors
/// As [`opened`].
pub fn open_on_record(c: &mut Conn, cx: &mut Context, id: Id, part: Id, which: &str, address: &str) -> Result<()> {
    let found = opened(c, cx, id, part)?;
    let entry = Access {
        id: cx.draw.id(),
        at: Time(cx.now()),
        kind: AccessKind::Attachment,
        outcome: AccessOutcome::Granted,
        account_id: Some(cx.actor.id()),
        subject_id: Some(id),
        address: address.to_owned(),
        request_id: cx.request_id.to_string(),
        detail: Some(format!("attachment={} {which}", found.attachment.id)),
    };
    access::record(c, &entry)
}

/// Encloses a file. The same file under the same name for the same purpose is there already: its sender lost the first answer.
///
/// # Errors
/// As [`service::perform`]; Invalid for what is not of this petition, Conflict for an id that is taken.
pub fn add(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<NewAttachment>) -> Result<Answer> {
    service::perform(c, cx, id, Act::AddAttachment, body, |c, cx, case, input| {
        match (input.about, input.about_id) {
            (About::Petition | About::Answer, None) => {}
            (About::Petition | About::Answer, Some(_)) => return Err(Error::fault("/about_id", codes::ABOUT_NOT_EXPECTED)),
            (_, None) => return Err(Error::fault("/about_id", web::REQUIRED)),
            (about, Some(of)) if repo::belongs(c, id, about, of)? => {}
            _ => return Err(Error::Invalid(vec![Fault::new("/about_id", codes::ABOUT_UNKNOWN)])),
        }
        let same = |row: &Attachment| row.name == input.name && (row.about, row.about_id) == (input.about, input.about_id);
        let known = repo::alike(c, id, &input.content.sha256)?.into_iter().find(same);
        if let Some(known) = known.filter(|known| input.id.is_none_or(|id| id == known.id)) {
            return Ok(Some(format!("attachments/{}", known.id)));
        }
        if let Some(made) = input.id
            && repo::is_taken(c, made)?
        {
            return Err(Error::conflict(web::ID_TAKEN));
        }
        if let Some(refusal) = rules::too_much(&repo::sizes(c, id)?, input.content.size) {
            return Err(Error::Conflict(refusal));
        }
        contents::take_over(c, &input.content)?;
        let row = Attachment {
            id: input.id.unwrap_or_else(|| cx.draw.id()),
            petition_id: id,
            about: input.about,
            about_id: input.about_id,
            name: input.name.clone(),
            sha256: input.content.sha256.clone(),
            added_at: Time(cx.now()),
            added_by: cx.actor.id(),
        };
        repo::insert(c, &row)?;
        let mut draft = case.draft(&cx.actor, Act::AddAttachment, "attachment_added").with("attachment_id", row.id);
        if let Some(of) = row.about_id {
            draft = draft.with("about", row.about).with("about_id", of);
        }
        case.event(
            draft
                .with("sha256", HEXLOWER.encode(&row.sha256))
                .with("size", input.content.size)
                .with("media_type", input.content.media_type)
                .sealed(json!({"name": row.name})),
        );
        Ok(Some(format!("attachments/{}", row.id)))
    })
}
