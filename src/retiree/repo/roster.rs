//! SQL of many profiles at once: a part of a roster in a few statements.

use super::{spelling, update};
use crate::audit::Head;
use crate::on_both;
use crate::platform::db::Conn;
use crate::platform::db::schema::{retiree, retiree_phone, retiree_relative, retiree_unit};
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::retiree::model::{PhoneRow, RelativeRow, Retiree, UnitRow, Whole};
use crate::retiree::roster::Birth;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};
use std::collections::HashMap;

/// Rows of six values of one statement.
const BELONGINGS: usize = 1000;
/// Pairs of name and birth date of one statement.
const PAIRS: usize = 50;

/// Those who have one of these identity numbers, by its hash.
pub fn by_identities(c: &mut Conn, hashes: Vec<Vec<u8>>) -> Result<HashMap<Vec<u8>, Retiree>> {
    if hashes.is_empty() {
        return Ok(HashMap::new());
    }
    let theirs = retiree::table.filter(retiree::identity_hash.eq_any(hashes)).filter(retiree::merged_into.is_null());
    let rows: Vec<Retiree> = theirs.load(c)?;
    Ok(rows.into_iter().filter_map(|row| Some((row.identity_hash.clone()?, row))).collect())
}

/// Whether somebody has one of these identity numbers, by its hash.
pub fn any_identity(c: &mut Conn, hashes: Vec<Vec<u8>>) -> Result<bool> {
    if hashes.is_empty() {
        return Ok(false);
    }
    let theirs = retiree::table.filter(retiree::identity_hash.eq_any(hashes)).filter(retiree::merged_into.is_null());
    Ok(theirs.select(retiree::id).first::<Id>(c).optional()?.is_some())
}

/// The version and the place of the last event of those that go on.
pub fn states(c: &mut Conn, ids: Vec<Id>) -> Result<HashMap<Id, (i64, i64)>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let going_on = retiree::table.filter(retiree::id.eq_any(ids)).filter(retiree::merged_into.is_null());
    let rows: Vec<(Id, i64, i64)> = going_on.select((retiree::id, retiree::version, retiree::event_n)).load(c)?;
    Ok(rows.into_iter().map(|(id, version, event_n)| (id, (version, event_n))).collect())
}

/// One step to an index for each pair: two lists would try each day with each name. Whether a profile was merged is asked of the rows:
/// asked here, it makes SQLite walk the whole of a partial index.
macro_rules! of_births {
    ($some:expr, $columns:expr) => {{
        let mut any = retiree::table.select($columns).into_boxed();
        let mut pairs: Option<Pairs<'_, _>> = None;
        for (day, name) in $some {
            let pair = retiree::birth_date.eq(*day).and(retiree::name_folded.eq(name.as_str()).nullable());
            pairs = Some(match pairs {
                None => Box::new(pair),
                Some(others) => Box::new(others.or(pair)),
            });
        }
        if let Some(pairs) = pairs {
            any = any.filter(pairs);
        }
        any
    }};
}

type Pairs<'a, DB> = Box<dyn BoxableExpression<retiree::table, DB, SqlType = Nullable<Bool>> + 'a>;

/// Those of these names and birth dates.
pub fn by_births(c: &mut Conn, births: &[Birth]) -> Result<HashMap<Birth, Vec<Retiree>>> {
    let mut found: HashMap<Birth, Vec<Retiree>> = HashMap::new();
    for some in births.chunks(PAIRS) {
        let rows: Vec<Retiree> = on_both!(c, |c| of_births!(some, retiree::all_columns).order(retiree::id).load(c))?;
        for row in rows.into_iter().filter(|row| row.merged_into.is_none()) {
            if let Some(day) = row.birth_date {
                found.entry((day, row.name_folded.clone())).or_default().push(row);
            }
        }
    }
    Ok(found)
}

/// Whether those of these names and birth dates have an identity number on file.
pub fn numbered_by_births(c: &mut Conn, births: &[Birth]) -> Result<HashMap<Birth, Vec<bool>>> {
    let mut found: HashMap<Birth, Vec<bool>> = HashMap::new();
    for some in births.chunks(PAIRS) {
        let columns = (retiree::birth_date.assume_not_null(), retiree::name_folded, retiree::identity_hash.is_not_null());
        let columns = (columns, retiree::merged_into.is_null());
        let rows: Vec<((NaiveDate, String, bool), bool)> = on_both!(c, |c| of_births!(some, columns).load(c))?;
        for ((day, name, numbered), _) in rows.into_iter().filter(|(_, goes_on)| *goes_on) {
            found.entry((day, name)).or_default().push(numbered);
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
        on_both!(c, |c| diesel::insert_into(retiree::table).values(rows).execute(c)).map_err(Error::lost_race)?;
        spelling::insert(c, &some.iter().map(|whole| (whole.row.id, whole.row.name.as_str())).collect::<Vec<_>>())?;
        let phones = some.iter().flat_map(|whole| &whole.phones).collect();
        let units = some.iter().flat_map(|whole| &whole.units).collect();
        insert_belongings(c, phones, units, some.iter().flat_map(|whole| &whole.relatives).collect())?;
    }
    Ok(())
}

/// Writes changed profiles over those they were, each with the head of its chain; of what belongs to them what differs.
pub fn replace_all(c: &mut Conn, changes: &[(&Whole, &Whole, Head)]) -> Result<()> {
    for (_, after, head) in changes {
        update(c, &after.row, head)?;
    }
    for some in changes.chunks(500) {
        let renamed = some.iter().filter(|(before, after, _)| before.row.name != after.row.name);
        spelling::replace(c, &renamed.map(|(_, after, _)| (after.row.id, after.row.name.as_str())).collect::<Vec<_>>())?;
        macro_rules! rewritten {
            ($table:ident, $rows:ident) => {{
                let differing = || some.iter().filter(|(before, after, _)| before.$rows != after.$rows);
                let ids: Vec<Id> = differing().map(|(_, after, _)| after.row.id).collect();
                if !ids.is_empty() {
                    diesel::delete($table::table.filter($table::retiree_id.eq_any(ids))).execute(c)?;
                }
                differing().flat_map(|(_, after, _)| &after.$rows).collect()
            }};
        }
        let (phones, units) = (rewritten!(retiree_phone, phones), rewritten!(retiree_unit, units));
        let relatives = rewritten!(retiree_relative, relatives);
        insert_belongings(c, phones, units, relatives)?;
    }
    Ok(())
}

fn insert_belongings(c: &mut Conn, phones: Vec<&PhoneRow>, units: Vec<&UnitRow>, relatives: Vec<&RelativeRow>) -> Result<()> {
    // twenty units of 500 people are more than one statement holds
    on_both!(c, |c| {
        for some in phones.chunks(BELONGINGS) {
            diesel::insert_into(retiree_phone::table).values(some.to_vec()).execute(c)?;
        }
        for some in units.chunks(BELONGINGS) {
            diesel::insert_into(retiree_unit::table).values(some.to_vec()).execute(c)?;
        }
        for some in relatives.chunks(BELONGINGS) {
            diesel::insert_into(retiree_relative::table).values(some.to_vec()).execute(c)?;
        }
    });
    Ok(())
}
