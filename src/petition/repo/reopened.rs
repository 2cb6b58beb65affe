//! SQL of what a closing ended and a reopening takes up again.

use crate::petition::facts::BeforeClosing;
use crate::platform::db::Conn;
use crate::platform::db::schema::{assistance, extension, hearing, objection, referral, review};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use diesel::prelude::*;

/// The rows of it stand as before.
pub(in crate::petition) fn take_up(c: &mut Conn, before: &BeforeClosing) -> Result<()> {
    let (nobody, never): (Option<Id>, Option<Time>) = (None, None);
    if let Some(open) = &before.referral {
        let ended = referral::table.filter(referral::id.eq(open.id)).filter(referral::state.eq("ended"));
        diesel::update(ended).set((referral::state.eq("open"), referral::ended_at.eq(never))).execute(c)?;
        let dropped = objection::table.filter(objection::referral_id.eq(open.id)).filter(objection::decision.eq("dropped"));
        diesel::update(dropped).set((objection::decision.eq(None::<String>), objection::decided_at.eq(never))).execute(c)?;
    }
    if let Some(asked) = &before.extension {
        let waits = (extension::state.eq("requested"), extension::decided_at.eq(never));
        diesel::update(extension::table.find(asked.id)).set(waits).execute(c)?;
    }
    if !before.assistance.is_empty() {
        let asked: Vec<Id> = before.assistance.iter().map(|asked| asked.id).collect();
        let open = (assistance::state.eq("open"), assistance::closed_at.eq(never));
        diesel::update(assistance::table.filter(assistance::id.eq_any(asked))).set(open).execute(c)?;
    }
    if let Some(held) = before.hearing {
        diesel::update(hearing::table.find(held)).set((hearing::state.eq("open"), hearing::ended_at.eq(never))).execute(c)?;
    }
    if let Some(waits) = before.review {
        let open = (review::state.eq("open"), review::decided_at.eq(never), review::decided_by.eq(nobody));
        diesel::update(review::table.find(waits)).set(open).execute(c)?;
    }
    Ok(())
}
