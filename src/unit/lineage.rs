//! Units and what stands above them: the question behind every relation, answered without asking again.

use super::model::{UnitKind, UnitRef};
use crate::platform::db::types::Id;
use std::collections::HashMap;

/// Some units, each with its line upwards.
#[derive(Debug, Clone, Default)]
pub struct Lineage(HashMap<Id, Vec<Above>>);

#[derive(Debug, Clone)]
struct Above {
    id: Id,
    name: String,
    kind: UnitKind,
    external: bool,
}

impl Lineage {
    /// From rows of (unit, unit above, its name, its kind, whether it is outside), each unit itself first and then upwards.
    pub(super) fn new(rows: Vec<(Id, Id, String, UnitKind, bool)>) -> Self {
        let mut lines: HashMap<Id, Vec<Above>> = HashMap::new();
        for (unit, id, name, kind, external) in rows {
            lines.entry(unit).or_default().push(Above { id, name, kind, external });
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

    /// The unit's kind.
    pub fn kind(&self, unit: Id) -> Option<UnitKind> {
        self.own(unit).map(|own| own.kind)
    }

    /// The unit by id and name.
    pub fn shown(&self, unit: Id) -> UnitRef {
        UnitRef { id: unit, name: self.own(unit).map(|own| own.name.clone()).unwrap_or_default() }
    }

    fn own(&self, unit: Id) -> Option<&Above> {
        self.0.get(&unit).and_then(|line| line.first())
    }
}
