//! Hashing and appending. An event's hash covers its whole body, and the body names the hash before it.

use super::model::{Draft, Event, EventPending, EventSealed, Head, Sealed, SubjectKind, Words};
use super::repo;
use crate::auth::Context;
use crate::auth::context::place;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::key::Keyring;
use chrono::SecondsFormat;
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The format of bodies written by this version.
pub const FORMAT: i16 = 1;
/// The field name sealed contents are bound to.
const FIELD: &str = "event_sealed";

/// An event with its hash, not recorded yet: its subject's row can be stored first, with the head it will have.
pub struct Composed {
    event: Event,
    sealed: Option<EventSealed>,
}

impl Composed {
    /// Where the chain ends with this event.
    pub fn head(&self) -> Head {
        Head { n: self.event.subject_n, hash: self.event.hash.clone() }
    }

    /// The id it will have.
    pub fn id(&self) -> Id {
        self.event.id
    }

    /// Records it.
    ///
    /// # Errors
    /// Database only.
    pub fn record(self, c: &mut Conn) -> Result<()> {
        let pending = EventPending { event_id: self.event.id };
        repo::insert(c, &self.event, self.sealed, pending)
    }
}

/// Records events of different subjects in a few statements; the caller moves the heads, as with [`append`].
///
/// # Errors
/// Database only.
pub fn record_each(c: &mut Conn, events: &[&Composed]) -> Result<()> {
    let rows: Vec<&Event> = events.iter().map(|composed| &composed.event).collect();
    let sealed: Vec<&EventSealed> = events.iter().filter_map(|composed| composed.sealed.as_ref()).collect();
    let pending: Vec<EventPending> = rows.iter().map(|row| EventPending { event_id: row.id }).collect();
    repo::insert_all(c, &rows, &sealed, &pending)
}

/// Appends an event to its subject's chain and says where the chain now ends; the caller moves the head on the subject's row
/// by the same conditional update that changes it.
///
/// # Errors
/// Database or internal only.
pub fn append(c: &mut Conn, cx: &mut Context, kind: SubjectKind, subject: Id, head: &Head, draft: Draft) -> Result<Head> {
    let composed = compose(cx, kind, subject, head, draft)?;
    let next = composed.head();
    composed.record(c)?;
    Ok(next)
}

/// Makes the event that follows `head`.
///
/// # Errors
/// Internal only.
pub fn compose(cx: &mut Context, kind: SubjectKind, subject: Id, head: &Head, draft: Draft) -> Result<Composed> {
    let at = draft.at.unwrap_or(cx.now());
    let actor_id = if draft.by_system { None } else { cx.actor.account_id };
    let sealed = match draft.sealed {
        Words::None => None,
        Words::Open(content) => Some(seal(cx, &content)?),
        Words::Sealed(sealed) => Some(sealed),
    };
    let id = sealed.as_ref().map_or_else(|| cx.draw.id(), |sealed| sealed.row.event_id);
    let sealed_hash = sealed.as_ref().map(|sealed| sealed.hash.to_vec());
    let mut event = Event {
        id,
        subject_kind: kind,
        subject_id: subject,
        subject_n: head.n + 1,
        format: FORMAT,
        act: draft.act.to_owned(),
        at: Time(at),
        claimed_at: draft.claimed_at.map(Time),
        actor_id,
        actor_role: draft.role.to_owned(),
        on_behalf_of: draft.on_behalf_of,
        request_id: cx.request_id.to_string(),
        client: cx.client.as_deref().map(str::to_owned),
        body: String::new(),
        sealed_hash,
        prev_hash: head.hash.clone(),
        hash: Vec::new(),
    };
    let mut data = draft.data;
    if let Some(trace) = &cx.traceparent {
        data.insert("traceparent".to_owned(), Value::from(trace.as_ref()));
    }
    event.body = body(&event, Value::Object(data))?;
    event.hash = Sha256::digest(event.body.as_bytes()).to_vec();
    Ok(Composed { event, sealed: sealed.map(|sealed| sealed.row) })
}

/// The exact text that is hashed: RFC 8785, every column and the details.
pub(super) fn body(event: &Event, data: Value) -> Result<String> {
    let time = |at: &Time| at.0.to_rfc3339_opts(SecondsFormat::Micros, true);
    let body = json!({
        "format": event.format,
        "id": event.id,
        "subject_kind": event.subject_kind,
        "subject_id": event.subject_id,
        "n": event.subject_n,
        "prev_hash": HEXLOWER.encode(&event.prev_hash),
        "act": event.act,
        "at": time(&event.at),
        "claimed_at": event.claimed_at.as_ref().map(time),
        "actor_id": event.actor_id,
        "actor_role": event.actor_role,
        "on_behalf_of": event.on_behalf_of,
        "request_id": event.request_id,
        "client": event.client,
        "sealed_hash": event.sealed_hash.as_ref().map(|h| HEXLOWER.encode(h)),
        "data": data,
    });
    serde_json_canonicalizer::to_string(&body).map_err(|e| Error::Internal(Box::new(e)))
}

/// Seals what may be erased, under the id that its event will have.
///
/// # Errors
/// Internal only.
pub fn seal(cx: &mut Context, content: &Value) -> Result<Sealed> {
    let event_id = cx.draw.id();
    let plain = serde_json_canonicalizer::to_string(content).map_err(|e| Error::Internal(Box::new(e)))?;
    let (salt, nonce) = (cx.draw.nonce(), cx.draw.nonce());
    seal_text(&cx.keys, event_id, &plain, salt, nonce)
}

/// Seals the content of an event, as canonical text (RFC 8785); salt and nonce are never used twice.
///
/// # Errors
/// Internal only.
pub fn seal_text(keys: &Keyring, event_id: Id, plain: &str, salt: [u8; 16], nonce: [u8; 24]) -> Result<Sealed> {
    let hash = commitment(&salt, plain.as_bytes());
    let content = keys.seal(place(event_id, FIELD).as_bytes(), plain.as_bytes(), nonce)?;
    Ok(Sealed { row: EventSealed { event_id, salt: salt.to_vec(), content }, hash })
}

/// Opens the sealed content of an event as the text that was sealed.
///
/// # Errors
/// When it does not open with its key.
pub fn unseal_text(keys: &Keyring, sealed: &EventSealed) -> Result<String> {
    let plain = keys.unseal(place(sealed.event_id, FIELD).as_bytes(), &sealed.content)?;
    String::from_utf8(plain).map_err(|e| Error::Internal(Box::new(e)))
}

/// What an event holds of its sealed content.
pub(super) fn commitment(salt: &[u8], plain: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(plain).finalize().into()
}

/// Opens the sealed content of an event.
///
/// # Errors
/// When it does not open with its key.
pub fn unseal(cx: &Context, sealed: &EventSealed) -> Result<Value> {
    serde_json::from_str(&unseal_text(&cx.keys, sealed)?).map_err(|e| Error::Internal(Box::new(e)))
}

/// As [`unseal`], for the verifier, which has keys but no caller.
pub(super) fn sealed_place(event: Id) -> String {
    place(event, FIELD)
}
