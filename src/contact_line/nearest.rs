//! Which lines hold for a unit: its own, and those of the units above it.

use super::model::{ContactLine, LineKind};
use super::repo;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use crate::unit;
use crate::unit::{Lineage, UnitKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where to ask: the office's own telephone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AskAt {
    /// Who answers.
    #[schema(example = "县老干部局值班室")]
    pub name: String,
    /// The number, as it is dialled.
    #[schema(example = "000-0000 0101")]
    pub phone: String,
    /// Where to go.
    #[schema(example = "和平路1号1楼")]
    pub address: Option<String>,
    /// Hours, or a name to ask for.
    #[schema(example = "工作日8:30至17:30")]
    pub note: Option<String>,
}

/// The lines that hold for some units: of each unit's own before those above it, and nearer ones before farther ones.
///
/// # Errors
/// Database only.
pub fn of(c: &mut Conn, lineage: &Lineage, units: &[Id]) -> Result<Vec<ContactLine>> {
    let near = nearest_first(lineage, units);
    let mut lines = repo::in_use_of(c, &near, None)?;
    lines.sort_by_key(|line| near.iter().position(|unit| *unit == line.unit_id));
    Ok(lines)
}

/// Where to ask about what a unit registered: its office line, or the nearest above it; none when nobody entered any.
///
/// # Errors
/// Database only.
pub fn ask_at(c: &mut Conn, unit: Id) -> Result<Option<AskAt>> {
    let lineage = unit::repo::lineage(c, &[unit])?;
    let near = nearest_first(&lineage, &[unit]);
    let lines = repo::in_use_of(c, &near, Some(LineKind::Office))?;
    let nearest = lines.into_iter().min_by_key(|line| near.iter().position(|unit| *unit == line.unit_id));
    Ok(nearest.map(|ContactLine { name, phone, address, note, .. }| AskAt { name, phone, address, note }))
}

/// Where anybody may ask, whatever about: at the reception, or above it.
///
/// # Errors
/// Database only.
pub fn front_desk(c: &mut Conn) -> Result<Option<AskAt>> {
    match unit::repo::first_of_kind(c, UnitKind::Reception)? {
        Some(reception) => ask_at(c, reception),
        None => Ok(None),
    }
}

/// Units, or who carries on their work, with those above them inside the office, step by step, each once.
fn nearest_first(lineage: &Lineage, units: &[Id]) -> Vec<Id> {
    let lines: Vec<Vec<Id>> =
        units.iter().map(|unit| lineage.line_inside(*unit).skip_while(|id| *id != lineage.current(*unit)).collect()).collect();
    let steps = lines.iter().map(Vec::len).max().unwrap_or(0);
    let mut near = Vec::new();
    for unit in (0..steps).flat_map(|step| lines.iter().filter_map(move |line| line.get(step))) {
        if !near.contains(unit) {
            near.push(*unit);
        }
    }
    near
}
