//! Registering, and the notice of receipt.

use super::receipt::ReissueQueryCode;
use crate::auth::Context;
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
