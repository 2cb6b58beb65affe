//! Opening a hearing, and ending it.

use super::model::{EndHearing, Hearing, HearingState, OpenHearing};
use super::repo;
use crate::auth::Context;
use crate::codes;
use crate::notice::{NoticeKind, texts};
use crate::petition::{self, Act, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::web::{Answer, Body};
use serde_json::json;

/// Opens a hearing and tells the petitioner; a re-review stands still from today.
///
/// # Errors
/// As [`service::perform`]; Invalid for a day of the hearing that is past.
pub fn open(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<OpenHearing>) -> Result<Answer> {
    service::perform(c, cx, id, Act::OpenHearing, body, |c, cx, case, input| {
        if input.held_at.is_some_and(|at| cx.day(at) < cx.today()) {
            return Err(Error::fault("/held_at", codes::HELD_PAST));
        }
        let row = Hearing {
            id: cx.draw.id(),
            petition_id: id,
            review_id: case.row.facts.review,
            unit_id: case.acting_unit(&cx.actor),
            topic: input.topic.clone(),
            place: input.place.clone(),
            held_at: input.held_at.map(Time::claimed),
            opened_at: Time(cx.now()),
            opened_by: cx.actor.id(),
            state: HearingState::Open,
            conclusion: None,
            ended_at: None,
            ended_by: None,
        };
        repo::insert(c, &row)?;
        let held_on = input.held_at.map(|at| at.with_timezone(&cx.zone).naive_local());
        let words = texts::hearing(&case.row.number, &row.topic, held_on, row.place.as_deref());
        let notice = case.tell(c, cx, NoticeKind::Hearing, input.notice.as_ref(), Some(words))?;
        let draft = case.draft(&cx.actor, Act::OpenHearing, "hearing_opened");
        case.hearing_opens(c, cx, row.id)?;
        case.handled_by(&cx.actor);
        let draft = draft.with("hearing_id", row.id).with("review_id", row.review_id).with("held_at", row.held_at);
        case.event(draft.with("notice_id", notice).sealed(json!({"topic": row.topic, "place": row.place})));
        // what has to be heard is not simple
        case.end_simplified(cx, None);
        Ok(Some(format!("hearings/{}", row.id)))
    })
}

/// Ends a hearing; a re-review goes on after the day it ended.
///
/// # Errors
/// [`Error::NotFound`] for an unknown hearing; as [`service::perform`]; Invalid for an end before the beginning, or ahead.
pub fn end(c: &mut Conn, cx: &mut Context, id: Id, hearing: Id, body: &Body<EndHearing>) -> Result<Answer> {
    petition::repo::require_visible(c, &cx.actor, id)?;
    let held = repo::one(c, id, hearing)?.ok_or(Error::NotFound)?;
    service::perform(c, cx, id, Act::EndHearing, body, |c, cx, case, input| {
        if case.row.facts.hearing != Some(hearing) {
            return Err(case.refusal(&cx.actor, codes::NO_HEARING_OPEN));
        }
        let faults = service::claimed_faults(cx, None, "/ended_at", input.ended_at);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let ended_at = Time::claimed(input.ended_at.unwrap_or(cx.now()));
        if ended_at < held.opened_at {
            return Err(Error::fault("/ended_at", codes::ENDS_BEFORE_START));
        }
        let row = Hearing {
            state: HearingState::Ended,
            conclusion: Some(input.conclusion.clone()),
            ended_at: Some(ended_at),
            ended_by: Some(cx.actor.id()),
            ..held
        };
        repo::end(c, &row)?;
        let mut draft = case.draft(&cx.actor, Act::EndHearing, "hearing_ended");
        draft.claimed_at = input.ended_at.map(|_| ended_at.0);
        case.hearing_ends(c, cx, cx.day(ended_at.0))?;
        case.handled_by(&cx.actor);
        case.event(draft.with("hearing_id", row.id).with("ended_at", ended_at).sealed(json!({"conclusion": row.conclusion})));
        Ok(None)
    })
}
