//! The visits that a registration makes necessary: one that is asked for, one to somebody in hospital.

use super::RegisterPetition;
use crate::auth::Context;
use crate::care::{self, Opening, VisitReason, Whom};
use crate::petition::model::{IntakePlace, Party, Petition};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::retiree;

/// Opens them. A confidential petition opens none: the list of visits would tell who complained. Whoever handles it sees that a visit
/// is wanted.
pub(super) fn open(c: &mut Conn, cx: &mut Context, new: &RegisterPetition, petition: &Petition, parties: &[Party]) -> Result<()> {
    let asked = new.wants_visit.unwrap_or(false);
    let in_hospital = new.intake_place == Some(IntakePlace::Hospital);
    if petition.restricted || (!asked && !in_hospital) {
        return Ok(());
    }
    let Some(first) = parties.iter().find(|party| party.role.is_principal()) else { return Ok(()) };
    let known = first.retiree_id.map(|id| retiree::whom(c, cx.today(), id)).transpose()?.flatten();
    let whom = match known {
        Some(whom) => Whom { unit: whom.unit.or(Some(petition.registered_unit)), ..whom },
        None => Whom { retiree: None, name: first.name.clone(), unit: Some(petition.registered_unit), liaison: None },
    };
    let of_it =
        |reason| Opening { petition: Some(petition.id), ..Opening::following(reason, petition.id.to_string(), petition.received_at.0) };
    if asked {
        care::open(c, cx, &whom, of_it(VisitReason::TelephoneRequest))?;
    }
    // of somebody unknown there is nobody to look after them later
    if in_hospital && whom.retiree.is_some() {
        care::open(c, cx, &whom, of_it(VisitReason::Hospital))?;
    }
    Ok(())
}
