//! Which profiles a caller reaches, and whether with numbers: the one predicate of every query on retirees.
//!
//! Denied is what is not said here. The desk meets everybody who comes: receptionists reach all, with numbers; so do supervisors of the
//! office's own top unit. Leaders reach all, without numbers. Everybody else reaches who belongs today to their unit or one below it
//! (what a dissolved unit had belongs to the unit that carries on), and whom they are liaison officer of: officers and supervisors with
//! numbers, heads without. Auditors and administrators reach nobody.

use crate::auth::{Actor, Permission, Role};
use crate::platform::db::schema::{retiree, retiree_unit, unit_closure};
use crate::platform::db::types::Id;
use crate::platform::db::{Conn, condition};
use crate::platform::error::Result;
use crate::unit;
use chrono::NaiveDate;
use diesel::prelude::*;

/// A condition on retirees.
pub type Condition = condition::Condition<retiree::table>;

/// How far a caller reaches.
#[derive(Debug, Clone, Copy)]
pub struct Reach {
    /// All there are; otherwise those of the unit and those looked after.
    pub all: bool,
    /// With numbers and addresses.
    pub numbers: bool,
    unit: Id,
    account: Id,
    today: NaiveDate,
}

impl Reach {
    /// Of a caller, on a day.
    ///
    /// # Errors
    /// Database only.
    pub fn of(c: &mut Conn, actor: &Actor, today: NaiveDate) -> Result<Self> {
        let top = actor.roles.has(Role::Supervisor) && unit::repo::lineage(c, &[actor.unit_id])?.is_root_inside(actor.unit_id);
        let desk = top || actor.roles.has(Role::Receptionist) || actor.account_id.is_none();
        let leads = actor.roles.has(Role::Leader);
        let keeps = actor.roles.meets(Permission::KeepRetirees.roles());
        // one reach a caller: who leads and keeps a unit's profiles as well sees all, and numbers of none
        Ok(Self { all: desk || leads, numbers: desk || (keeps && !leads), unit: actor.unit_id, account: actor.id(), today })
    }

    /// Who is reached.
    pub fn condition(&self) -> Condition {
        if self.all {
            // true of every row, and no index has it: it must not choose the way
            return Box::new(retiree::version.gt(0).nullable());
        }
        let theirs = retiree::liaison_officer.eq(self.account);
        Box::new(theirs.or(retiree::id.eq_any(of_units_below(self.unit, self.today)).nullable()))
    }
}

/// Those who belong on a day to a unit or one below it.
#[diesel::dsl::auto_type]
pub(in crate::retiree) fn of_units_below(unit: Id, today: NaiveDate) -> _ {
    let below = unit_closure::table.filter(unit_closure::ancestor_id.eq(unit)).select(unit_closure::descendant_id);
    let begun = retiree_unit::valid_from.is_null().nullable().or(retiree_unit::valid_from.le(today));
    let lasts = retiree_unit::valid_to.is_null().nullable().or(retiree_unit::valid_to.ge(today));
    retiree_unit::table.filter(retiree_unit::unit_id.eq_any(below)).filter(begun).filter(lasts).select(retiree_unit::retiree_id)
}
