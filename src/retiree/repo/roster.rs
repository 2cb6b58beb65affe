//! SQL of many profiles at once: a part of a roster in a few statements.

use crate::on_both;
use crate::platform::db::Conn;
use crate::platform::db::schema::{retiree, retiree_phone, retiree_relative, retiree_unit};
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::retiree::model::{PhoneRow, RelativeRow, Retiree, UnitRow, Whole};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// Those who have one of these identity numbers, by its hash.
pub fn by_identities(c: &mut Conn, hashes: Vec<Vec<u8>>) -> Result<HashMap<Vec<u8>, Retiree>> {
    if hashes.is_empty() {
        return Ok(HashMap::new());
    }
    let theirs = retiree::table.filter(retiree::identity_hash.eq_any(hashes)).filter(retiree::merged_into.is_null());
    let rows: Vec<Retiree> = theirs.load(c)?;
    Ok(rows.into_iter().filter_map(|row| Some((row.identity_hash.clone()?, row))).collect())
}

/// Those of these names and birth dates.
pub fn by_births(c: &mut Conn, born: &BTreeSet<(NaiveDate, String)>) -> Result<HashMap<(NaiveDate, String), Vec<Retiree>>> {
    let mut found: HashMap<(NaiveDate, String), Vec<Retiree>> = HashMap::new();
    if born.is_empty() {
        return Ok(found);
    }
    let (days, names): (BTreeSet<NaiveDate>, BTreeSet<&String>) = born.iter().map(|(day, name)| (*day, name)).unzip();
    let alike = retiree::table
        .filter(retiree::birth_date.eq_any(days))
        .filter(retiree::name_folded.eq_any(names))
        .filter(retiree::merged_into.is_null())
        .order(retiree::id);
    let rows: Vec<Retiree> = alike.load(c)?;
    for row in rows {
        if let Some(day) = row.birth_date {
            found.entry((day, row.name_folded.clone())).or_default().push(row);
        }
    }
    Ok(found)
}

/// Rows with all that belongs to them.
pub fn wholes(c: &mut Conn, rows: Vec<Retiree>) -> Result<HashMap<Id, Whole>> {
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let whole = |row: Retiree| (row.id, Whole { row, phones: Vec::new(), units: Vec::new(), relatives: Vec::new() });
    let mut wholes: HashMap<Id, Whole> = rows.into_iter().map(whole).collect();
    let phones = retiree_phone::table.filter(retiree_phone::retiree_id.eq_any(&ids)).order((retiree_phone::retiree_id, retiree_phone::n));
    for row in phones.load::<PhoneRow>(c)? {
        wholes.entry(row.retiree_id).and_modify(|whole| whole.phones.push(row));
    }
    let units = retiree_unit::table.filter(retiree_unit::retiree_id.eq_any(&ids)).order((retiree_unit::retiree_id, retiree_unit::n));
    for row in units.load::<UnitRow>(c)? {
        wholes.entry(row.retiree_id).and_modify(|whole| whole.units.push(row));
    }
    let relatives = retiree_relative::table
        .filter(retiree_relative::retiree_id.eq_any(&ids))
        .order((retiree_relative::retiree_id, retiree_relative::n));
    for row in relatives.load::<RelativeRow>(c)? {
        wholes.entry(row.retiree_id).and_modify(|whole| whole.relatives.push(row));
    }
    Ok(wholes)
}

/// Stores new retirees; [`Error::Again`](crate::platform::error::Error::Again) when somebody else entered one of them meanwhile.
pub fn insert_all(c: &mut Conn, wholes: &[&Whole]) -> Result<()> {
    // values bound in one statement: 27 columns, and both engines end at 32,766
    for some in wholes.chunks(500) {
        let rows: Vec<&Retiree> = some.iter().map(|whole| &whole.row).collect();
        let phones: Vec<&PhoneRow> = some.iter().flat_map(|whole| &whole.phones).collect();
        let units: Vec<&UnitRow> = some.iter().flat_map(|whole| &whole.units).collect();
        let relatives: Vec<&RelativeRow> = some.iter().flat_map(|whole| &whole.relatives).collect();
        on_both!(c, |c| {
            diesel::insert_into(retiree::table).values(rows).execute(c).map_err(Error::lost_race)?;
            if !phones.is_empty() {
                diesel::insert_into(retiree_phone::table).values(phones).execute(c)?;
            }
            if !units.is_empty() {
                diesel::insert_into(retiree_unit::table).values(units).execute(c)?;
            }
            if !relatives.is_empty() {
                diesel::insert_into(retiree_relative::table).values(relatives).execute(c)?;
            }
        });
    }
    Ok(())
}
