//! Registering, and the notice of receipt.

use super::receipt::ReissueQueryCode;
use crate::auth::Context;
use crate::deadline::ClockKind;
use crate::notice::{self, About, NewNotice, NoticeKind};
use crate::petition::clocks::NewClock;
use crate::petition::registration::{self, Prepared, RegisterPetition};
use crate::petition::{Act, Case, service, view};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use crate::platform::web::{Answer, Body};

/// Registers a petition and answers it with its query code, which is told only here.
///
/// # Errors
/// As [`registration::record`].
pub fn register(c: &mut Conn, cx: &mut Context, new: &RegisterPetition, prepared: &Prepared) -> Result<Answer> {
    let (case, code) = registration::record(c, cx, new, prepared)?;
    let mut view = view::shown(c, cx, &case)?;
    view.query_code = Some(code);
    let place = view::place(view.id);
    Ok(Answer { location: Some(place), ..view::answer_of(&view, 201)? })
}

/// Gives a new query code to somebody who lost theirs, and answers the petition with it.
///
/// # Errors
/// As [`service::perform`].
pub fn reissue_query_code(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<ReissueQueryCode>) -> Result<Answer> {
    let mut code = None;
    service::perform(c, cx, id, Act::ReissueQueryCode, body, |c, cx, case, input| {
        code = Some(case.reissue_query_code(c, cx, &input.reason)?);
        Ok(None)
    })?;
    let case = Case::load(c, cx, id)?;
    let mut view = view::shown(c, cx, &case)?;
    view.query_code = code;
    view::answer_of(&view, 200)
}

/// Gives the notice that the petition has arrived.
///
/// # Errors
/// As [`service::perform`].
pub fn give_notice(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<NewNotice>) -> Result<Answer> {
    service::perform(c, cx, id, Act::GiveNotice, body, |c, cx, case, input| {
        case.row.facts.notice_given = true;
        let about = About { petition: id, number: &case.row.number, unit: cx.actor.unit_id };
        let row = notice::issue(c, cx, about, NoticeKind::Receipt, Some(input))?;
        let draft = case.draft(&cx.actor, Act::GiveNotice, "notice_given");
        case.fulfil(c, cx, "give_notice")?;
        let (unit, from) = (case.row.sending_unit, row.issued_at.0);
        case.start_clock(c, cx, NewClock { kind: ClockKind::Disposition, from, unit, until: None })?;
        case.event(draft.with("notice_id", row.id).with("method", input.method));
        Ok(Some(format!("notices/{}", row.id)))
    })
}
