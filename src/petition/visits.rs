//! The visits that a petition makes necessary: one that is asked for, one to somebody in hospital, one to somebody who is dissatisfied.
//!
//! A confidential petition opens none: the list of visits would tell who complained.

use super::case::Case;
use super::model::{IntakePlace, Party, Petition};
use super::registration::RegisterPetition;
use crate::auth::Context;
use crate::care::{self, Opening, VisitReason, Whom};
use crate::platform::db::Conn;
use crate::platform::db::types::Time;
use crate::platform::error::Result;
use crate::retiree;

/// Opens those of a registration. Whoever handles a confidential one sees that a visit is wanted.
pub(super) fn registered(c: &mut Conn, cx: &mut Context, new: &RegisterPetition, petition: &Petition, parties: &[Party]) -> Result<()> {
    let asked = new.wants_visit.unwrap_or(false);
    let in_hospital = new.intake_place == Some(IntakePlace::Hospital);
    if petition.restricted || (!asked && !in_hospital) {
        return Ok(());
    }
    let Some(first) = parties.iter().find(|party| party.role.is_principal()) else { return Ok(()) };
    let whom = whom(c, cx, petition, first)?;
    if asked {
        care::open(c, cx, &whom, of_it(VisitReason::TelephoneRequest, petition, petition.received_at))?;
    }
    // of somebody unknown there is nobody to look after them later
    if in_hospital && whom.retiree.is_some() {
        care::open(c, cx, &whom, of_it(VisitReason::Hospital, petition, petition.received_at))?;
    }
    Ok(())
}

impl Case {
    /// Somebody is dissatisfied: they are followed up, once for the petition, which stays as it is.
    ///
    /// # Errors
    /// Database only.
    pub fn follow_up(&self, c: &mut Conn, cx: &mut Context) -> Result<()> {
        let first = self.principals().into_iter().next().filter(|_| !self.row.restricted).cloned();
        let Some(first) = first else { return Ok(()) };
        let whom = whom(c, cx, &self.row, &first)?;
        let now = Time(cx.now());
        care::open(c, cx, &whom, of_it(VisitReason::Dissatisfied, &self.row, now)).map(|_| ())
    }
}

fn whom(c: &mut Conn, cx: &Context, petition: &Petition, first: &Party) -> Result<Whom> {
    let known = first.retiree_id.map(|id| retiree::whom(c, cx.today(), id)).transpose()?.flatten();
    let unit = Some(petition.registered_unit);
    Ok(match known {
        Some(whom) => Whom { unit: whom.unit.or(unit), ..whom },
        None => Whom { retiree: None, name: first.name.clone(), unit, liaison: None },
    })
}

fn of_it(reason: VisitReason, petition: &Petition, from: Time) -> Opening {
    Opening { petition: Some(petition.id), ..Opening::following(reason, petition.id.to_string(), from.0) }
}
