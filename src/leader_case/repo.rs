//! SQL of instructions and leaders' cases.

use super::model::{Charged, Instruction, LeaderCase, LeaderCasesPage};
use crate::auth::Actor;
use crate::petition::repo::scope::{Caller, Scoped, WithLeaderCase, held};
use crate::platform::db::schema::{instruction, leader_case, petition, petition_content};
use crate::platform::db::types::Id;
use crate::platform::db::{Conn, MultiBackend};
use crate::platform::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

/// Stores an instruction.
pub(super) fn insert_instruction(c: &mut Conn, row: &Instruction) -> Result<()> {
    diesel::insert_into(instruction::table).values(row).execute(c)?;
    Ok(())
}

/// Instructions on a petition after one, oldest first.
///
/// # Errors
/// Database only.
pub fn instructions(c: &mut Conn, petition: Id, after: Id, limit: i64) -> Result<Vec<Instruction>> {
    let of = instruction::table.filter(instruction::petition_id.eq(petition)).filter(instruction::id.gt(after));
    Ok(of.order(instruction::id).limit(limit).load(c)?)
}

/// One instruction on a petition.
///
/// # Errors
/// Database only.
pub fn one_instruction(c: &mut Conn, petition: Id, id: Id) -> Result<Option<Instruction>> {
    Ok(instruction::table.filter(instruction::petition_id.eq(petition)).filter(instruction::id.eq(id)).first(c).optional()?)
}

/// Stores that a leader has taken charge.
pub(super) fn insert(c: &mut Conn, row: &LeaderCase) -> Result<()> {
    diesel::insert_into(leader_case::table).values(row).execute(c)?;
    Ok(())
}

/// Stores how a leader's charge goes on, or ended.
pub(super) fn update(c: &mut Conn, row: &LeaderCase) -> Result<()> {
    let columns = (
        leader_case::next_look.eq(row.next_look),
        leader_case::note.eq(&row.note),
        leader_case::result.eq(&row.result),
        leader_case::released_at.eq(row.released_at),
        leader_case::released_by.eq(row.released_by),
    );
    diesel::update(leader_case::table.find(row.id)).set(columns).execute(c)?;
    Ok(())
}

/// A leader's case.
pub(super) fn find(c: &mut Conn, id: Id) -> Result<Option<LeaderCase>> {
    Ok(leader_case::table.find(id).first(c).optional()?)
}

/// The last leader's case of a petition.
///
/// # Errors
/// Database only.
pub fn last(c: &mut Conn, petition: Id) -> Result<Option<LeaderCase>> {
    let of = leader_case::table.filter(leader_case::petition_id.eq(petition));
    Ok(of.order(leader_case::id.desc()).first(c).optional()?)
}

/// The cases leaders have charge of that the caller may see, what is to be looked at first before others.
pub(super) fn charged(
    c: &mut Conn,
    actor: &Actor,
    asked: &LeaderCasesPage,
    after: Option<(NaiveDate, Id)>,
    limit: i64,
) -> Result<Vec<Charged>> {
    let caller = Caller::of(c, actor)?;
    let mut open = petition::table
        .inner_join(leader_case::table)
        .into_boxed::<MultiBackend>()
        .filter(held(WithLeaderCase::visible(&caller)))
        .filter(leader_case::released_at.is_null());
    if let Some(leader) = asked.leader {
        open = open.filter(leader_case::leader_id.eq(leader));
    }
    if let Some(day) = asked.next_look_by {
        open = open.filter(leader_case::next_look.le(day));
    }
    if let Some((day, id)) = after {
        open = open.filter(leader_case::next_look.gt(day).or(leader_case::next_look.eq(day).and(leader_case::id.gt(id))));
    }
    let columns = (
        leader_case::id,
        leader_case::leader_id,
        leader_case::next_look,
        leader_case::taken_at,
        petition::id,
        petition::number,
        petition::kind,
        petition::stage,
    );
    Ok(open.select(columns).order((leader_case::next_look, leader_case::id)).limit(limit).load(c)?)
}

/// The lines that name the matters of petitions.
pub(super) fn titles(c: &mut Conn, petitions: Vec<Id>) -> Result<HashMap<Id, String>> {
    let titles = petition_content::table.filter(petition_content::petition_id.eq_any(petitions));
    Ok(titles.select((petition_content::petition_id, petition_content::title)).load(c)?.into_iter().collect())
}
