//! What of a registration asks the database nothing: ciphers, hashes, spellings, the sealed words. Made before the transaction,
//! for all wait for the one writer.

use super::RegisterPetition;
use crate::audit::{Sealed, seal};
use crate::auth::Context;
use crate::petition::model::Party;
use crate::petition::{number, party};
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use serde_json::json;

/// A registration as far as it can be made without the database.
pub struct Prepared {
    pub(super) id: Id,
    pub(super) matter_id: Id,
    pub(super) parties: Vec<Party>,
    pub(super) words: Sealed,
    pub(super) query_code: String,
    pub(super) query_code_mac: Vec<u8>,
}

/// Draws the ids and the query code, encrypts what is personal.
///
/// # Errors
/// Internal only: what is wrong with `new` shows when it is recorded.
pub fn prepare(cx: &mut Context, new: &RegisterPetition) -> Result<Prepared> {
    let id = new.id.unwrap_or_else(|| cx.draw.id());
    let parties = (1..).zip(&new.parties).map(|(n, p)| party::row(cx, id, n, p)).collect::<Result<_>>()?;
    let words = json!({
        "title": new.title, "statement": new.statement, "purpose": new.purpose, "matter_place": new.matter_place,
        "subject": new.subject, "parties": new.parties.iter().map(party::sealed).collect::<Vec<_>>(),
        "external_numbers": new.external_numbers, "backdating_reason": new.backdating_reason,
    });
    let query_code = number::query_code(cx.draw.secret());
    let query_code_mac = cx.keys.code_mac(id.0.as_bytes(), &query_code)?;
    Ok(Prepared { id, matter_id: cx.draw.id(), parties, words: seal(cx, &words)?, query_code, query_code_mac })
}
