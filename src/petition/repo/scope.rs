//! Who may see which petition: the one predicate of every query.
//!
//! A caller sees what one of the [`arms`] reaches; a restricted petition (every accusation is one) only by an arm of its
//! allow-list, and never a caller barred from it: the subject, the subject's unit and its subtree, the recused.

use crate::auth::{Actor, Role, Roles};
use crate::platform::db::MultiBackend;
use crate::platform::db::schema::{assistance, petition, petition_bar, petition_grant, unit_closure};
use crate::platform::db::types::Id;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};

/// A condition on a petition's row.
pub type Condition = Box<dyn BoxableExpression<petition::table, MultiBackend, SqlType = Nullable<Bool>>>;

/// Staff who work in their own unit's cases.
const STAFF: Roles = Roles::of(&[Role::Receptionist, Role::Officer, Role::UnitHead, Role::Supervisor]);
/// Those of them who handle cases, restricted ones included.
const HANDLING: Roles = Roles::of(&[Role::Officer, Role::UnitHead, Role::Supervisor]);

/// The ways a caller can reach a petition, each a range of an index of its own. Lists read them apart and merge.
pub fn arms(actor: &Actor) -> Vec<Condition> {
    let (me, unit) = (actor.id(), actor.unit_id);
    let mut arms: Vec<Condition> = Vec::new();
    if actor.roles.has(Role::Leader) {
        return vec![reached(actor, Box::new(petition::n.gt(0).nullable()))];
    }
    if actor.roles.has(Role::Supervisor) {
        arms.push(reached(actor, supervised(unit)));
    }
    if actor.roles.meets(STAFF) {
        arms.push(unrestricted(Box::new(petition::registered_unit.eq(unit).nullable())));
        arms.push(reached(actor, Box::new(petition::registered_by.eq(me).nullable())));
        arms.push(reached(actor, Box::new(petition::id.eq_any(petition_grant::table.filter(petition_grant::account_id.eq(me)).select(petition_grant::petition_id)).nullable())));
    }
    if actor.roles.meets(HANDLING) {
        arms.push(reached(actor, Box::new(petition::lead_unit.eq(unit))));
        arms.push(reached(actor, Box::new(petition::review_unit.eq(unit))));
        arms.push(reached(actor, Box::new(petition::id.eq_any(assistance::table.filter(assistance::unit_id.eq(unit)).select(assistance::petition_id)).nullable())));
    } else if actor.roles.has(Role::Receptionist) {
        arms.push(unrestricted(Box::new(petition::lead_unit.eq(unit))));
    }
    arms
}

/// Everything the caller may see, as one condition.
pub fn visible(actor: &Actor) -> Condition {
    arms(actor).into_iter().reduce(|all, arm| Box::new(all.or(arm))).unwrap_or_else(|| Box::new(petition::n.lt(0).nullable()))
}

/// A supervisor's reach: the subtree holds the registering unit (while nobody leads, or it is not restricted), the lead or the sender.
fn supervised(root: Id) -> Condition {
    let below = || unit_closure::table.filter(unit_closure::ancestor_id.eq(root));
    let subtree = || below().select(unit_closure::descendant_id);
    Box::new(
        petition::sending_unit
            .eq_any(subtree())
            .nullable()
            .or(petition::lead_unit.eq_any(below().select(unit_closure::descendant_id.nullable())))
            .or(petition::registered_unit
                .eq_any(subtree())
                .and(petition::restricted.eq(false).or(petition::lead_unit.is_null()))
                .nullable()),
    )
}

fn unrestricted(condition: Condition) -> Condition {
    Box::new(petition::restricted.eq(false).nullable().and(condition))
}

/// The condition, less restricted petitions the caller is barred from.
fn reached(actor: &Actor, condition: Condition) -> Condition {
    let units_above = unit_closure::table
        .filter(unit_closure::descendant_id.eq(actor.unit_id))
        .select(unit_closure::ancestor_id.nullable());
    let bars = petition_bar::table
        .filter(petition_bar::petition_id.eq(petition::id))
        .filter(petition_bar::account_id.eq(actor.id()).or(petition_bar::unit_id.eq_any(units_above)));
    Box::new(condition.and(petition::restricted.eq(false).or(petition::barred.eq(false)).or(not(exists(bars))).nullable()))
}
