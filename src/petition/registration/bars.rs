//! Who is barred from the beginning, and which unit registers what is said against those above the desk.

use crate::auth::Context;
use crate::petition::model::{Bar, Kind};
use crate::petition::registration::RegisterPetition;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use crate::unit::{self, UnitKind};

/// The subject's side: the unit complained of, the person, and on an accusation the person's unit.
pub(super) fn bars(c: &mut Conn, cx: &mut Context, id: Id, new: &RegisterPetition) -> Result<Vec<Bar>> {
    match &new.subject {
        Some(subject) => subject_bars(c, cx, id, new.kind, subject.unit_id, subject.staff_id),
        None => Ok(Vec::new()),
    }
}

/// The bars that follow from a subject. On an accusation the person's unit is barred with them. Whatever is not an accusation
/// must be acted on by somebody: the office's own root is then not barred, for nobody would be left.
pub(in crate::petition) fn subject_bars(
    c: &mut Conn,
    cx: &mut Context,
    id: Id,
    kind: Kind,
    unit: Option<Id>,
    staff: Option<Id>,
) -> Result<Vec<Bar>> {
    let accused = kind == Kind::Accusation;
    let their_unit = match staff {
        Some(staff) if accused => crate::account::repo::find(c, staff)?.map(|a| a.unit_id),
        _ => None,
    };
    let unit = match unit {
        Some(unit) if !accused && unit::repo::lineage(c, &[unit])?.is_root_inside(unit) => None,
        unit => unit,
    };
    let mut bar = |unit_id, account_id| Bar {
        id: cx.draw.id(),
        petition_id: id,
        reason: "subject".to_owned(),
        unit_id,
        account_id,
        note: None,
        recused_at: None,
        recused_by: None,
    };
    Ok(unit.map(|unit| bar(Some(unit), None)).into_iter().chain(staff.map(|staff| bar(their_unit, Some(staff)))).collect())
}

/// The unit that registers. An accusation against it, or against one above it without whom nobody could refer it, goes to the
/// nearest unit above inside the office that is not accused, else to the discipline unit.
pub(in crate::petition) fn registering_unit(c: &mut Conn, own: Id, bars: &[Bar], kind: Kind) -> Result<Id> {
    if kind != Kind::Accusation || bars.is_empty() {
        return Ok(own);
    }
    let barred: Vec<Id> = bars.iter().filter_map(|bar| bar.unit_id).collect();
    let lineage = unit::repo::lineage(c, &[&barred[..], &[own]].concat())?;
    let inside: Vec<Id> = lineage.line_inside(own).collect();
    let accused = |unit: &Id| barred.iter().any(|barred| lineage.carries(*unit, *barred));
    match inside.iter().rposition(accused) {
        None => Ok(own),
        Some(top) => match inside.get(top + 1) {
            Some(clear) => Ok(*clear),
            None => Ok(unit::repo::first_of_kind(c, UnitKind::Discipline)?.unwrap_or(own)),
        },
    }
}
