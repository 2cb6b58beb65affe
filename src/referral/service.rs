//! Referring and assigning.

use super::model::{Mode, ReferPetition, Referral, ReferralState};
use super::repo;
use crate::auth::Context;
use crate::codes;
use crate::deadline::ClockKind;
use crate::notice::{NoticeKind, Told};
use crate::petition::clocks::NewClock;
use crate::petition::facts::OpenReferral;
use crate::petition::{self, Act, Case, Kind, Stage, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body};
use crate::unit::{self, Unit, UnitKind};
use serde_json::json;

/// Refers a petition to a unit, which becomes its lead.
///
/// # Errors
/// As [`service::perform`]; Invalid when the unit can't have it.
pub fn refer(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<ReferPetition>) -> Result<Answer> {
    let chosen = |mode| if mode == Mode::Assign { Act::Assign } else { Act::Refer };
    let choose = |_: &Case, input: &ReferPetition| Ok(chosen(input.mode));
    service::perform_chosen(c, cx, id, &[Act::Refer, Act::Assign], body, choose, |c, cx, case, input| {
        let (act, assigned) = (chosen(input.mode), input.mode == Mode::Assign);
        let unit = receiving_unit(c, cx, case, input)?;
        let row = Referral {
            id: cx.draw.id(),
            petition_id: id,
            mode: input.mode,
            from_unit: cx.actor.unit_id,
            unit_id: unit.id,
            report_due: input.report_due,
            note: input.note.clone(),
            state: ReferralState::Open,
            referred_at: Time(cx.now()),
            referred_by: cx.actor.id(),
            ended_at: None,
        };
        repo::insert(c, &row)?;
        let draft = case.draft(&cx.actor, act, if assigned { "assigned" } else { "referred" });
        case.row.facts.referral = Some(OpenReferral { id: row.id, assigned, objected: None, reported: false });
        case.row.facts.hand_overs += 1;
        case.row.sending_unit = row.from_unit;
        case.lead(c, unit.id)?;
        case.advance(Stage::Referred);
        case.fulfil(c, cx, act.row().name)?;
        for kind in [ClockKind::UnitNotice, ClockKind::Objection] {
            case.start_clock(c, cx, NewClock { kind, from: row.referred_at.0, unit: row.unit_id, until: None })?;
        }
        if assigned {
            let until = row.report_due;
            case.start_clock(c, cx, NewClock { kind: ClockKind::AssignedReport, from: row.referred_at.0, unit: row.unit_id, until })?;
        }
        let draft =
            draft.with("referral_id", row.id).with("from_unit", row.from_unit).with("mode", row.mode).with("report_due", row.report_due);
        case.event(draft.sealed(json!({"note": row.note})));
        if !case.row.facts.undeliverable() {
            case.issue_notice(c, cx, NoticeKind::Transfer, unit.id, Told::default())?;
        }
        if assigned {
            // what has to be reported on is not simple
            case.end_simplified(cx, None);
        }
        Ok(Some(format!("referrals/{}", row.id)))
    })
}

/// Refuses a referral that is none of a petition the caller may know of.
///
/// # Errors
/// [`Error::NotFound`].
pub(super) fn under(c: &mut Conn, cx: &Context, petition: Id, referral: Id) -> Result<()> {
    petition::repo::require_visible(c, &cx.actor, petition)?;
    repo::one(c, petition, referral)?.map(drop).ok_or(Error::NotFound)
}

/// The unit named, or the successor of one that is dissolved, if it may have the petition.
fn receiving_unit(c: &mut Conn, cx: &Context, case: &Case, input: &ReferPetition) -> Result<Unit> {
    let mut faults = Vec::new();
    faults.extend(
        match (input.mode, input.report_due) {
            (Mode::Assign, None) => Some(codes::REPORT_DUE_REQUIRED),
            (Mode::Assign, Some(day)) if day <= cx.today() => Some(codes::REPORT_DUE_PAST),
            (Mode::Refer, Some(_)) => Some(codes::REPORT_DUE_UNEXPECTED),
            (Mode::Assign | Mode::Refer, _) => None,
        }
        .map(|code| Fault::new("/report_due", code)),
    );
    let unit = unit::repo::current(c, input.unit_id)?;
    let refused = match &unit {
        None => Some(codes::UNKNOWN_UNIT),
        Some(unit) if unit.dissolved_on.is_some() => Some(codes::UNIT_DISSOLVED),
        Some(unit) if unit.external => Some(codes::REFER_OUTSIDE),
        Some(unit) if unit.id == cx.actor.unit_id => Some(codes::REFER_TO_SELF),
        Some(unit) if case.bars_unit(c, unit.id)? => case.why_barred(c, unit.id)?,
        Some(unit) if case.row.kind == Kind::Accusation && unit.kind != UnitKind::Discipline => Some(codes::NOT_DISCIPLINE_UNIT),
        Some(_) => None,
    };
    faults.extend(refused.map(|code| Fault::new("/unit_id", code)));
    // who was right that it is not theirs is told why it comes again
    if input.note.is_none() && unit.as_ref().is_some_and(|unit| case.row.facts.not_theirs.contains(&unit.id)) {
        faults.push(Fault::new("/note", codes::NOTE_REQUIRED));
    }
    match unit {
        Some(unit) if faults.is_empty() => Ok(unit),
        _ => Err(Error::Invalid(faults)),
    }
}
