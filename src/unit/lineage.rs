//! Units and what stands above them: the question behind every relation, answered without asking again.

use super::model::{UnitKind, UnitRef};
use super::rules::CARRIED;
use crate::platform::db::types::Id;
use std::collections::HashMap;

/// Some units, each with its line upwards.
#[derive(Debug, Clone, Default)]
pub struct Lineage(HashMap<Id, Vec<Above>>);

#[derive(Debug, Clone)]
struct Above {
    depth: i32,
    id: Id,
    name: String,
    kind: UnitKind,
    external: bool,
}

/// A unit, the steps up to one above it, that one's id, its name, its kind, whether it is outside.
pub(super) type Row = (Id, i32, Id, String, UnitKind, bool);

impl Lineage {
    /// From rows in order upwards; on one step the dissolved before the unit that carries them on.
    pub(super) fn new(rows: Vec<Row>) -> Self {
        let mut lines: HashMap<Id, Vec<Above>> = HashMap::new();
        for (unit, depth, id, name, kind, external) in rows {
            lines.entry(unit).or_default().push(Above { depth, id, name, kind, external });
        }
        Self(lines)
    }

    /// Adds the units of another.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether `unit` is `below` or stands above it. False for a unit that was not asked for.
    pub fn holds(&self, unit: Id, below: Id) -> bool {
        self.line(below).any(|id| id == unit)
    }

    /// Whether `unit` is `recorded` or carries on its work since that was dissolved (Art. 24). False for a unit that was not
    /// asked for.
    pub fn carries(&self, unit: Id, recorded: Id) -> bool {
        self.same_place(recorded).any(|above| above.id == unit)
    }

    /// The unit that does the work of one today: itself, or the last of its successors.
    pub fn current(&self, unit: Id) -> Id {
        self.same_place(unit).last().map_or(unit, |above| above.id)
    }

    /// The unit itself and what stands above it, nearest first.
    pub fn line(&self, unit: Id) -> impl Iterator<Item = Id> {
        self.0.get(&unit).into_iter().flatten().map(|above| above.id)
    }

    /// As [`Lineage::line`], as far as it is inside the office.
    pub fn line_inside(&self, unit: Id) -> impl Iterator<Item = Id> {
        self.0.get(&unit).into_iter().flatten().filter(|above| !above.external).map(|above| above.id)
    }

    /// Whether the unit is the office's own root: inside, with nothing inside above it.
    pub fn is_root_inside(&self, unit: Id) -> bool {
        self.line_inside(unit).eq([unit])
    }

    /// Whether the unit is outside the office.
    pub fn is_external(&self, unit: Id) -> bool {
        self.own(unit).is_some_and(|own| own.external)
    }

    /// The unit's kind.
    pub fn kind(&self, unit: Id) -> Option<UnitKind> {
        self.own(unit).map(|own| own.kind)
    }

    /// The unit by id and name.
    pub fn shown(&self, unit: Id) -> UnitRef {
        UnitRef { id: unit, name: self.own(unit).map(|own| own.name.clone()).unwrap_or_default() }
    }

    fn own(&self, unit: Id) -> Option<&Above> {
        self.same_place(unit).find(|above| above.id == unit)
    }

    fn same_place(&self, unit: Id) -> impl Iterator<Item = &Above> {
        self.0.get(&unit).into_iter().flatten().filter(|above| above.depth == CARRIED)
    }
}
