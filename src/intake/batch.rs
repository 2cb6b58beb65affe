//! Registering many at once: what a phone took down offline. Each item has a savepoint of its own; one that is wrong does not stop the rest.

use super::service;
use crate::auth::Context;
use crate::petition::registration::{self, Prepared, RegisterPetition, faults_beside};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::idempotency::{CallKey, Once};
use crate::platform::web::{Answer, Body, Problem, ProblemDocument, RequestMeta, Shapes};
use diesel::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Bytes a batch may have.
pub const LIMIT: usize = 8 * 1024 * 1024;

/// Petitions to register.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [{
    "id": "0198c0de-7b1e-7c1a-9d0c-2f6a1f3f8f10", "channel": "home_visit", "intake_place": "home", "kind": "claim", "category": "allowance.heating",
    "title": "两年取暖补贴未发", "statement": "老人口述：前年和去年的取暖补贴都没有到账。", "captured_at": "2026-03-01T02:30:00Z",
    "parties": [{"role": "petitioner", "name": "李秀兰", "phone": "13800000002"}]
}]}))]
pub struct RegisterBatch {
    /// At most 500, each a `RegisterPetition`, best with a client-made `id`. They are judged one by one: a fault in one is that one's.
    #[schema(value_type = Vec<Value>, min_items = 1, max_items = 500)]
    pub items: Vec<Value>,
}

/// What became of each item, in the order sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BatchResult {
    /// One result an item.
    pub items: Vec<BatchItem>,
}

/// What became of one item.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BatchItem {
    /// Its place among the items sent, from 0.
    #[schema(minimum = 0, maximum = 499)]
    pub index: u32,
    /// The id the client made, wherever it could be read; else that of the petition.
    pub id: Option<Id>,
    /// The petition's number, once there is one.
    #[schema(example = "XF-20260302-H000124-T")]
    pub number: Option<String>,
    /// The status it would have had alone.
    #[schema(example = 201)]
    pub status: u16,
    /// Whether it was registered before and this is the first answer again.
    pub replayed: bool,
    /// The petition.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::petition::PetitionView>)]
    pub petition: Option<Value>,
    /// What was wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemDocument>,
}

/// Items stored in one transaction: a whole batch in one would hold up every desk.
const AT_ONCE: usize = 10;

/// An item as it was read: its words are its own even when its neighbour's can't be understood.
pub struct Item {
    index: u32,
    /// As the client made it, even where nothing else can be understood.
    id: Option<Id>,
    /// As if it had been sent alone: a phone may do either after a lost answer.
    body: Body<RegisterPetition>,
    prepared: Option<Prepared>,
}

/// The items of a body, in parts; what is wrong within an item is that item's own matter.
///
/// # Errors
/// Invalid when it is no batch.
pub fn parts(body: &Body<RegisterBatch, LIMIT>, shapes: &Shapes) -> Result<Vec<Vec<Item>>> {
    let within_items = |faults: &[Fault]| faults.iter().all(|f| f.pointer.starts_with("/items/"));
    let values = match body.shaped() {
        Ok(batch) => &batch.items,
        Err(Error::Invalid(faults)) if within_items(&faults) => {
            body.value().get("items").and_then(Value::as_array).ok_or(Error::Invalid(faults))?
        }
        Err(e) => return Err(e),
    };
    let mut parts: Vec<Vec<Item>> = Vec::new();
    for (index, value) in (0..).zip(values) {
        let item = read(index, value, shapes)?;
        match parts.last_mut() {
            Some(part) if part.len() < AT_ONCE => part.push(item),
            _ => parts.push(vec![item]),
        }
    }
    Ok(parts)
}

fn read(index: u32, value: &Value, shapes: &Shapes) -> Result<Item> {
    let id = value.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok()).map(Id);
    Ok(Item { index, id, body: Body::from_value(value.clone(), shapes)?, prepared: None })
}

/// Makes of an item what needs no database.
///
/// # Errors
/// Internal only.
pub fn prepare(cx: &mut Context, item: &mut Item) -> Result<()> {
    item.prepared = item.body.shaped().ok().map(|new| registration::prepare(cx, new)).transpose()?;
    Ok(())
}

/// Registers an item, or says what is wrong with it.
///
/// # Errors
/// Only what stops the whole batch: a machine that can't store.
pub fn register(c: &mut Conn, cx: &mut Context, item: &Item, key: Option<CallKey>, meta: &RequestMeta) -> Result<BatchItem> {
    let blank = BatchItem { index: item.index, id: item.id, number: None, status: 0, replayed: false, petition: None, problem: None };
    match register_one(c, cx, item, key) {
        Ok((answer, replayed)) => {
            let petition: Option<Value> = answer.body.as_deref().and_then(|body| serde_json::from_str(body).ok());
            let said = |member: &str| petition.as_ref()?.get(member)?.as_str().map(str::to_owned);
            let id = item.id.or_else(|| said("id")?.parse().ok().map(Id));
            Ok(BatchItem { id, number: said("number"), status: answer.status, replayed, petition, ..blank })
        }
        Err(e @ (Error::Busy | Error::Again | Error::Internal(_))) => Err(e),
        Err(e) => {
            let problem = Problem::from(e);
            Ok(BatchItem { status: problem.status().as_u16(), problem: Some(problem.document(meta)), ..blank })
        }
    }
}

fn register_one(c: &mut Conn, cx: &mut Context, item: &Item, key: Option<CallKey>) -> Result<(Answer, bool)> {
    let new = item.body.shaped_or_judged(|rough| faults_beside(c, cx, rough))?;
    let prepared = item.prepared.as_ref().ok_or_else(|| Error::internal("an item of a batch was not prepared"))?;
    let keys = key.into_iter().chain(new.id.map(|id| CallKey::made(&id.0))).collect();
    let once = Once { caller: cx.actor.id(), keys, fingerprint: item.body.fingerprint() };
    c.transaction(|c| {
        let keyring = std::sync::Arc::clone(&cx.keys);
        let mut nonces = cx.draw.branch();
        once.run(c, &keyring, &mut nonces, |c, _| service::register(c, cx, new, prepared))
    })
}
