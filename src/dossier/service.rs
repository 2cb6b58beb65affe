//! Gathering a case and its trail.

use super::matter;
use super::model::{ActorView, Dossier, EventView, Include};
use crate::account;
use crate::audit::model::{Event, EventSealed};
use crate::audit::{self, chain};
use crate::auth::{Context, Paging};
use crate::petition::{Case, party, repo as petitions, view};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::web::etag::tag_of;
use crate::platform::web::{Answer, Page};
use crate::{closure, evaluation, handling, notice, referral};
use data_encoding::HEXLOWER;
use serde_json::Value;
use std::collections::HashMap;

/// Rows fetched along of one kind.
const ALONG: i64 = 200;

/// A petition with what was asked for along with it.
///
/// # Errors
/// NotFound.
pub fn dossier(c: &mut Conn, cx: &Context, id: Id, include: &[Include]) -> Result<Answer> {
    let case = Case::load(c, cx, id)?;
    let version = case.row.version;
    let petition = view::shown(c, cx, &case)?;
    let plain_tag = petition.etag.clone();
    let mut d = Dossier {
        petition,
        referrals: None,
        acceptance: None,
        notices: None,
        opinions: None,
        deliveries: None,
        evaluations: None,
        notes: None,
        closure: None,
        matter: None,
    };
    for part in include {
        match part {
            Include::Referrals => d.referrals = Some(shown(referral::repo::of_petition(c, id, Id::NIL, ALONG)?)),
            Include::Acceptance => d.acceptance = Some(handling::repo::acceptance(c, id)?.map(Into::into)),
            Include::Notices => d.notices = Some(shown(notice::repo::of_petition(c, id, Id::NIL, ALONG)?)),
            Include::Opinions => d.opinions = Some(shown(handling::repo::opinions(c, id, Id::NIL, ALONG)?)),
            Include::Deliveries => d.deliveries = Some(shown(handling::repo::deliveries(c, id, Id::NIL, ALONG)?)),
            Include::Evaluations => d.evaluations = Some(shown(evaluation::repo::of_petition(c, id, Id::NIL, ALONG)?)),
            Include::Notes => d.notes = Some(shown(petitions::notes(c, id, Id::NIL, ALONG)?)),
            Include::Matter => d.matter = Some(matter::of(c, cx, &case)?),
            Include::Closure => d.closure = Some(closure::repo::last(c, id)?.map(Into::into)),
        }
    }
    let tag = if include.is_empty() {
        plain_tag
    } else {
        d.petition.etag = String::new();
        tag_of(version, &d)?
    };
    d.petition.etag.clone_from(&tag);
    Ok(Answer::ok(&d)?.etag(tag))
}

fn shown<R, V: From<R>>(rows: Vec<R>) -> Vec<V> {
    rows.into_iter().map(V::from).collect()
}

/// A page of a petition's trail, oldest first, with the names of those who acted.
///
/// # Errors
/// NotFound.
pub fn events(c: &mut Conn, cx: &Context, id: Id, paging: &Paging<i64>) -> Result<Page<EventView>> {
    let with_numbers = Case::load(c, cx, id)?.shows_numbers(&cx.actor);
    let rows = audit::repo::of_subject(c, id, paging.after.unwrap_or(0), paging.rows())?;
    let actors: Vec<Id> = rows.iter().filter_map(|(event, _)| event.actor_id).collect();
    let names = account::repo::names(c, &actors)?;
    paging.page(cx, rows, |(event, _)| event.subject_n, |(event, sealed)| event_view(cx, event, sealed, &names, with_numbers))
}

/// One event of a petition's trail.
///
/// # Errors
/// NotFound.
pub fn event(c: &mut Conn, cx: &Context, id: Id, event: Id) -> Result<EventView> {
    let with_numbers = Case::load(c, cx, id)?.shows_numbers(&cx.actor);
    let (row, sealed) = audit::repo::one_of_subject(c, id, event)?.ok_or(Error::NotFound)?;
    let names = account::repo::names(c, row.actor_id.as_slice())?;
    event_view(cx, row, sealed, &names, with_numbers)
}

fn event_view(
    cx: &Context,
    event: Event,
    sealed: Option<EventSealed>,
    names: &HashMap<Id, String>,
    with_numbers: bool,
) -> Result<EventView> {
    let mut body: Value = serde_json::from_str(&event.body).map_err(|e| Error::Internal(Box::new(e)))?;
    let mut changes = body.get_mut("data").map(Value::take).unwrap_or_default();
    let mut masked = Vec::new();
    if event.sealed_hash.is_some()
        && let Some(members) = changes.as_object_mut()
    {
        let mut content = sealed.map(|s| chain::unseal(cx, &s)).transpose()?.unwrap_or_default();
        if !with_numbers {
            party::mask_sealed(&mut content, "/changes/sealed", &mut masked);
        }
        members.insert("sealed".to_owned(), content);
    }
    let name = event.actor_id.and_then(|actor| names.get(&actor).cloned());
    Ok(EventView {
        id: event.id,
        n: event.subject_n,
        at: event.at,
        claimed_at: event.claimed_at,
        actor: ActorView { id: event.actor_id, name, role: event.actor_role },
        on_behalf_of: event.on_behalf_of,
        act: event.act,
        changes,
        masked,
        body: event.body,
        prev_hash: HEXLOWER.encode(&event.prev_hash),
        hash: HEXLOWER.encode(&event.hash),
    })
}
