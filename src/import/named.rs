//! Units and staff by what they are called in the rows of a roster.

use super::model::Staged;
use super::repo;
use crate::codes;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Fault, Result};
use crate::retiree::RetireeChange;
use crate::retiree::roster::Entry;
use std::collections::{BTreeSet, HashMap};

/// Who is meant by a code or a name; several share a name.
pub(super) struct Named {
    units: HashMap<String, Vec<Id>>,
    staff: HashMap<String, Vec<Id>>,
}

impl Named {
    /// Looks up all that some rows call by name.
    pub fn of(c: &mut Conn, rows: &[Staged]) -> Result<Self> {
        let units: BTreeSet<String> = rows.iter().flat_map(|row| row.units.iter().filter_map(|(_, unit)| unit.clone())).collect();
        let staff: BTreeSet<String> = rows.iter().filter_map(|row| row.liaison.clone()).collect();
        let units = if units.is_empty() { Vec::new() } else { repo::units(c, &units.into_iter().collect::<Vec<_>>())? };
        let staff = if staff.is_empty() { Vec::new() } else { repo::staff(c, &staff.into_iter().collect::<Vec<_>>())? };
        Ok(Self { units: by_code_or_name(units), staff: by_code_or_name(staff) })
    }

    /// What a row says, with ids for names; or what can't be found.
    pub fn entry(&self, row: &Staged, responsible_for_new: Option<Id>) -> Result<std::result::Result<Entry, Vec<Fault>>> {
        let mut change: RetireeChange = serde_json::from_value(row.change.clone()).map_err(|e| Error::Internal(Box::new(e)))?;
        let (mut faults, mut units) = (Vec::new(), Vec::new());
        for (role, called) in &row.units {
            let column = format!("/{}_unit", role.as_str());
            let found = called.as_ref().map(|called| self.units.get(called).map_or(&[][..], Vec::as_slice));
            match found {
                None => units.push((*role, None)),
                Some([one]) => units.push((*role, Some(*one))),
                Some([]) => faults.push(Fault::new(column, codes::UNIT_NOT_FOUND)),
                Some(_) => faults.push(Fault::new(column, codes::UNIT_AMBIGUOUS)),
            }
        }
        match row.liaison.as_ref().map(|called| self.staff.get(called).map_or(&[][..], Vec::as_slice)) {
            None => {}
            Some([one]) => change.liaison_officer = Some(Some(*one)),
            Some(_) => faults.push(Fault::new("/liaison_officer", codes::LIAISON_NOT_FOUND)),
        }
        Ok(if faults.is_empty() { Ok(Entry { change, units, responsible_for_new, emptied: row.emptied.clone() }) } else { Err(faults) })
    }
}

/// By id, code and name: a code or user name is one thing's alone.
fn by_code_or_name(rows: Vec<(Id, String, String)>) -> HashMap<String, Vec<Id>> {
    let mut found: HashMap<String, Vec<Id>> = rows.iter().map(|(id, code, _)| (code.clone(), vec![*id])).collect();
    let codes: BTreeSet<String> = found.keys().cloned().collect();
    for (id, _, name) in rows {
        if !codes.contains(&name) {
            found.entry(name).or_default().push(id);
        }
    }
    found
}
