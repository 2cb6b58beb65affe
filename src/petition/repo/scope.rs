//! Who may see which petition: the one predicate of every query.
//!
//! A caller sees what one of the arms reaches; a restricted petition (every accusation is one) only by an arm of its
//! allow-list, and never a caller barred from it: the subject, the subject's unit and its subtree, the recused.
//! What a dissolved unit had is reached by the unit that carries on its work (Art. 24), which is barred where that was.
//!
//! It is written once; the macro compiles it for each row source it is asked of, for diesel types a boxed condition by its source.

use crate::auth::{Actor, Role, Roles};
pub use crate::platform::db::condition::held;
use crate::platform::db::schema::{
    assistance, clock, evaluation, leader_case, petition, petition_bar, petition_content, petition_fact, petition_grant,
    policy_issue_petition, supervision, unit_closure,
};
use crate::platform::db::types::Id;
use crate::platform::db::{Conn, condition};
use crate::platform::error::Result;
use crate::unit::{self, UnitKind};
use diesel::dsl::{InnerJoinQuerySource, exists, not};
use diesel::prelude::*;

/// A condition on rows of `S`.
pub type Condition<S = petition::table> = condition::Condition<S>;
/// Petitions with their words.
pub type WithContent = InnerJoinQuerySource<petition::table, petition_content::table>;
/// Petitions with what statistics need of them.
pub type WithFact = InnerJoinQuerySource<petition::table, petition_fact::table>;
/// Those with an evaluation.
pub type WithEvaluation = InnerJoinQuerySource<WithFact, evaluation::table>;
/// Those with a clock.
pub type WithClock = InnerJoinQuerySource<WithFact, clock::table>;
/// Petitions with the leaders' cases of them.
pub type WithLeaderCase = InnerJoinQuerySource<petition::table, leader_case::table>;
/// Petitions that belong to a policy issue, with that.
pub type WithPolicyIssue = InnerJoinQuerySource<petition::table, policy_issue_petition::table>;
/// Petitions, each with a clock.
pub type Clocked = InnerJoinQuerySource<petition::table, clock::table>;

/// Staff who work in their own unit's cases.
const STAFF: Roles = Roles::of(&[Role::Receptionist, Role::Officer, Role::UnitHead, Role::Supervisor]);
/// Those of them who handle cases, restricted ones included.
const HANDLING: Roles = Roles::of(&[Role::Officer, Role::UnitHead, Role::Supervisor]);

/// Who asks, and the units whose cases are theirs: their own and the dissolved ones it carries on.
pub struct Caller<'a> {
    actor: &'a Actor,
    // known beforehand, so that each is an equality of its own and its list the start of an index range
    units: Vec<Id>,
    // it answers to the commission that sent it, not to the units above: only an accusation of itself bars it
    discipline: bool,
}

impl<'a> Caller<'a> {
    /// The caller with their units.
    ///
    /// # Errors
    /// Database only.
    pub fn of(c: &mut Conn, actor: &'a Actor) -> Result<Self> {
        let carried = unit::repo::carried(c, actor.unit_id)?;
        let discipline = carried.contains(&(actor.unit_id, UnitKind::Discipline));
        Ok(Self { actor, units: carried.into_iter().map(|(id, _)| id).collect(), discipline })
    }

    /// Their unit and the dissolved ones whose work it carries on.
    pub fn units(&self) -> &[Id] {
        &self.units
    }

    /// Whether they reach so much that no index of its own narrows it: all there is, or what is in any way a subtree's.
    pub fn is_wide(&self) -> bool {
        self.actor.roles.has(Role::Leader) || self.actor.roles.has(Role::Supervisor)
    }
}

/// Whether an arm is on the allow-list of restricted petitions: those stay in what it reaches, or are kept out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Reached, unless the caller is barred.
    In,
    /// Not reached.
    Out,
}

/// What a caller reaches before restrictions and bars.
pub struct Reach<S> {
    // so much that no index of its own narrows it
    wide: Option<Condition<S>>,
    narrow: Vec<(Kept, Condition<S>)>,
}

/// A row source that petitions can be scoped in.
pub trait Scoped: Sized {
    /// The ways a caller can reach a petition, each a range of an index of its own: lists read them apart and merge. None for whom
    /// one way reaches so much that no index narrows it.
    fn arms(caller: &Caller<'_>) -> Option<Vec<Condition<Self>>>;

    /// Everything the caller may see, as one condition.
    fn visible(caller: &Caller<'_>) -> Condition<Self>;

    /// What their role, unit and acts let a caller reach.
    fn reach(caller: &Caller<'_>) -> Reach<Self>;

    /// Of what a condition reaches, what the caller is not kept from.
    fn allowed(caller: &Caller<'_>, kept: Kept, condition: Condition<Self>) -> Condition<Self>;
}

macro_rules! scoped {
    ($source:ty) => {
        impl Scoped for $source {
            fn arms(caller: &Caller<'_>) -> Option<Vec<Condition<Self>>> {
                let Reach { wide, narrow } = Self::reach(caller);
                let arms = narrow.into_iter().map(|(kept, arm)| Self::allowed(caller, kept, arm));
                wide.is_none().then(|| arms.collect())
            }

            fn visible(caller: &Caller<'_>) -> Condition<Self> {
                let Reach { wide, narrow } = Self::reach(caller);
                let of = |all: &mut Option<Condition<Self>>, arm: Condition<Self>| {
                    *all = Some(match all.take() {
                        Some(before) => Box::new(before.or(arm)),
                        None => arm,
                    });
                };
                let (mut with, mut without) = (wide, None);
                narrow.into_iter().for_each(|(kept, arm)| of(if kept == Kept::In { &mut with } else { &mut without }, arm));
                // asked once for all arms, not by each: who is barred is the longest part of it
                let any = [(Kept::In, with), (Kept::Out, without)];
                let any = any.into_iter().filter_map(|(kept, arms)| arms.map(|arms| Self::allowed(caller, kept, arms)));
                let any = any.reduce(|all, arm| -> Condition<Self> { Box::new(all.or(arm)) });
                any.unwrap_or_else(|| Box::new(petition::n.lt(0).nullable()))
            }

            fn allowed(caller: &Caller<'_>, kept: Kept, condition: Condition<Self>) -> Condition<Self> {
                let (me, unit) = (caller.actor.id(), caller.actor.unit_id);
                if kept == Kept::Out {
                    return Box::new(petition::restricted.eq(false).nullable().and(condition));
                }
                let reach = if caller.discipline { 0 } else { i32::MAX };
                let above = unit_closure::table
                    .filter(unit_closure::descendant_id.eq(unit))
                    .filter(unit_closure::depth.le(reach))
                    .select(unit_closure::ancestor_id.nullable());
                let carried = || {
                    let same_place = unit_closure::table.filter(unit_closure::ancestor_id.eq(unit)).filter(unit_closure::depth.eq(0));
                    same_place.select(unit_closure::descendant_id.nullable())
                };
                let of_unit = petition_bar::unit_id.eq_any(above).or(petition_bar::unit_id.eq_any(carried()));
                let bars = petition_bar::table.filter(petition_bar::petition_id.eq(petition::id)).filter(
                    petition_bar::account_id
                        .eq(me)
                        .or(petition_bar::account_id.is_null().nullable().and(of_unit))
                        .or(petition_bar::account_id.is_not_null().nullable().and(petition_bar::unit_id.eq_any(carried()))),
                );
                let open = petition::restricted.eq(false).or(petition::barred.eq(false)).or(not(exists(bars)));
                Box::new(condition.and(open.nullable()))
            }

            fn reach(caller: &Caller<'_>) -> Reach<Self> {
                let actor = caller.actor;
                let (me, unit) = (actor.id(), actor.unit_id);
                if actor.roles.has(Role::Leader) {
                    return Reach { wide: Some(Box::new(petition::n.gt(0).nullable())), narrow: Vec::new() };
                }
                let mut wide: Option<Condition<Self>> = None;
                if actor.roles.has(Role::Supervisor) {
                    let below = || unit_closure::table.filter(unit_closure::ancestor_id.eq(unit));
                    let subtree = || below().select(unit_closure::descendant_id);
                    let sends = petition::sending_unit.eq_any(subtree()).nullable();
                    let leads = petition::lead_unit.eq_any(below().select(unit_closure::descendant_id.nullable()));
                    // once somebody else leads, having registered it is no reason to see a restricted one
                    let registers = petition::registered_unit
                        .eq_any(subtree())
                        .and(petition::restricted.eq(false).or(petition::lead_unit.is_null()))
                        .nullable();
                    wide = Some(Box::new(sends.or(leads).or(registers)));
                }
                let mut narrow: Vec<(Kept, Condition<Self>)> = Vec::new();
                if actor.roles.meets(STAFF) {
                    let granted = petition_grant::table.filter(petition_grant::account_id.eq(me)).select(petition_grant::petition_id);
                    narrow.push((Kept::In, Box::new(petition::registered_by.eq(me).nullable())));
                    narrow.push((Kept::In, Box::new(petition::id.eq_any(granted).nullable())));
                    for unit in caller.units.iter().copied() {
                        narrow.push((Kept::Out, Box::new(petition::registered_unit.eq(unit).nullable())));
                        if actor.roles.meets(HANDLING) {
                            let asked = assistance::table.filter(assistance::unit_id.eq(unit)).filter(assistance::state.eq("open"));
                            let assists = asked.select(assistance::petition_id);
                            // an accusation of those above goes straight to the discipline unit, which nobody could refer it to
                            if caller.discipline {
                                narrow.push((Kept::In, Box::new(petition::registered_unit.eq(unit).nullable())));
                            }
                            narrow.push((Kept::In, Box::new(petition::lead_unit.eq(unit))));
                            narrow.push((Kept::In, Box::new(petition::review_unit.eq(unit))));
                            narrow.push((Kept::In, Box::new(petition::id.eq_any(assists).nullable())));
                            // whoever has to answer for it still knows of it, also when somebody else leads by now
                            let supervised = supervision::table.filter(supervision::unit_id.eq(unit)).filter(supervision::state.eq("open"));
                            narrow.push((Kept::In, Box::new(petition::id.eq_any(supervised.select(supervision::petition_id)).nullable())));
                        } else if actor.roles.has(Role::Receptionist) {
                            narrow.push((Kept::Out, Box::new(petition::lead_unit.eq(unit))));
                        }
                    }
                }
                Reach { wide, narrow }
            }
        }
    };
}

scoped!(petition::table);
scoped!(WithContent);
scoped!(WithFact);
scoped!(WithEvaluation);
scoped!(WithClock);
scoped!(WithLeaderCase);
scoped!(WithPolicyIssue);
scoped!(Clocked);

/// Everything the caller may see, as a condition on petitions.
pub fn visible(caller: &Caller<'_>) -> Condition {
    petition::table::visible(caller)
}

/// The ways a caller can reach a petition, as [`Scoped::arms`] says.
pub fn arms(caller: &Caller<'_>) -> Option<Vec<Condition>> {
    petition::table::arms(caller)
}
