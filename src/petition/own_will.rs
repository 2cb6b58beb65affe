//! The petitioner's own will where somebody else files for them (本人意愿): how, when and by whom it was made sure of.

use super::acts::Act;
use super::model::{ConfirmedHow, Party};
use super::people;
use super::registration::TOLERANCE;
use super::service::perform;
use super::{repo, rules};
use crate::auth::Context;
use crate::codes;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// That the petitioner wants what somebody files for them; whoever sends it made sure of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"confirmed_at": "2026-03-02T02:10:00Z", "how": "video", "note": "视频中老人点头，并口述了要求。"}))]
pub struct ConfirmOwnWill {
    /// When the petitioner said so.
    pub confirmed_at: DateTime<Utc>,
    /// How.
    pub how: ConfirmedHow,
    /// A word more.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500, pattern = "\\S")]
    pub note: Option<String>,
}

/// How the petitioner's own will was made sure of.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnWill {
    /// When the petitioner said so.
    pub confirmed_at: Time,
    /// How.
    pub how: ConfirmedHow,
    /// The account that made sure of it.
    pub by: Id,
    /// A word more.
    pub note: Option<String>,
}

impl OwnWill {
    /// As kept of a person who files for another.
    pub(super) fn of(party: &Party) -> Option<Self> {
        let (confirmed_at, how, by) = (party.own_will_confirmed_at?, party.own_will_how?, party.own_will_by?);
        Some(Self { confirmed_at, how, by, note: party.own_will_note.clone() })
    }

    /// Writes it down with them.
    pub(super) fn keep(self, party: &mut Party) {
        party.own_will_confirmed_at = Some(self.confirmed_at);
        party.own_will_how = Some(self.how);
        party.own_will_by = Some(self.by);
        party.own_will_note = self.note;
    }

    /// As the caller says it.
    pub(super) fn said(cx: &Context, new: &ConfirmOwnWill) -> Self {
        Self { confirmed_at: Time::claimed(new.confirmed_at), how: new.how, by: cx.actor.id(), note: new.note.clone() }
    }
}

/// Why it can't have been then.
pub(super) fn fault(cx: &Context, new: &ConfirmOwnWill, pointer: impl Into<String>) -> Option<Fault> {
    let code = match new.confirmed_at {
        at if at > cx.now() + TOLERANCE => codes::IN_FUTURE,
        at if rules::too_early(cx.day(at)) => codes::TOO_EARLY,
        _ => return None,
    };
    Some(Fault::new(pointer, code))
}

/// Records that the petitioner wants what somebody files for them; what was recorded before stays in the trail.
///
/// # Errors
/// [`Error::NotFound`] for an unknown person; Conflict for one who takes no part any more or files for themself; as [`perform`].
pub fn confirm_own_will(c: &mut Conn, cx: &mut Context, id: Id, party: Id, body: &Body<ConfirmOwnWill>) -> Result<Answer> {
    perform(c, cx, id, Act::ConfirmOwnWill, body, |c, cx, case, input| {
        let place = people::find(case, party)?;
        let for_another = case.parties.get(place).is_some_and(|p| p.role.needs_authority());
        if !for_another {
            return Err(case.refusal(&cx.actor, codes::FILES_FOR_THEMSELF));
        }
        if let Some(fault) = fault(cx, input, "/confirmed_at") {
            return Err(Error::Invalid(vec![fault]));
        }
        let row = case.parties.get_mut(place).ok_or(Error::NotFound)?;
        let before = OwnWill::of(row);
        OwnWill::said(cx, input).keep(row);
        let row = row.clone();
        repo::update_party(c, &row)?;
        let mut draft = case.draft(&cx.actor, Act::ConfirmOwnWill, "own_will_confirmed").with("party_id", row.id).with("how", input.how);
        draft.claimed_at = Some(input.confirmed_at);
        case.event(draft.sealed(json!({"note": input.note, "before": before})));
        Ok(None)
    })
}
