//! What is looked for, taken from the petitions and profiles there are, and what looking comes down to.

use crate::on_both;
use crate::platform::db::Conn;
use crate::platform::db::schema::{party, petition, petition_content, retiree};
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use crate::search::terms;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Petitions in which it is counted how often two characters stand together.
const COUNTED: usize = 400;

/// Pairs of characters by how many of the petitions hold them.
pub struct Pairs {
    /// In the most, but in no more than half.
    pub half: String,
    /// In the fewest.
    pub rare: String,
}

/// The pairs of some petitions' words; none when these have no such pairs.
pub fn pairs(c: &mut Conn, ids: &[Id]) -> Result<Option<Pairs>> {
    let some: Vec<Id> = ids.iter().step_by((ids.len() / COUNTED).max(1)).copied().take(COUNTED).collect();
    let texts = petition_content::table
        .filter(petition_content::petition_id.eq_any(&some))
        .select((petition_content::title, petition_content::statement));
    let texts: Vec<(String, String)> = on_both!(c, |c| texts.load(c))?;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (title, statement) in &texts {
        let mut all = BTreeSet::new();
        terms::of_text(title, &mut all);
        terms::of_text(statement, &mut all);
        for pair in all.into_iter().filter(|term| term.chars().count() == 2 && term.chars().all(terms::is_cut)) {
            *seen.entry(pair).or_default() += 1;
        }
    }
    let half = seen.iter().filter(|(_, n)| **n * 2 <= texts.len()).max_by_key(|(_, n)| **n).map(|(pair, _)| pair.clone());
    let rare = seen.iter().min_by_key(|(_, n)| **n).map(|(pair, _)| pair.clone());
    Ok(half.zip(rare).map(|(half, rare)| Pairs { half, rare }))
}

/// Somebody with a petition, as a receptionist takes them down before looking who has come earlier.
#[derive(Debug, Clone, Queryable)]
pub struct Visitor {
    /// The name.
    pub name: String,
    /// It as it is compared.
    pub folded: String,
    /// Born on.
    pub born: Option<NaiveDate>,
    /// What they come for.
    pub title: String,
    /// What they say.
    pub statement: String,
}

/// The first of each of some petitions.
pub fn visitors(c: &mut Conn, ids: &[Id], most: usize) -> Result<Vec<Visitor>> {
    let some: Vec<Id> = ids.iter().step_by((ids.len() / most).max(1)).copied().take(most).collect();
    let query = party::table
        .inner_join(petition_content::table.on(petition_content::petition_id.eq(party::petition_id)))
        .filter(party::petition_id.eq_any(&some))
        .filter(party::n.eq(1))
        .filter(party::name_folded.ne(""));
    let columns = (party::name, party::name_folded, party::birth_date, petition_content::title, petition_content::statement);
    Ok(on_both!(c, |c| query.select(columns).load(c))?)
}

/// The last fifty petitions of somebody of this name.
pub fn of_name(c: &mut Conn, folded: &str) -> Result<()> {
    let query = party::table
        .inner_join(petition::table.on(petition::id.eq(party::petition_id)))
        .filter(party::name_folded.eq(folded))
        .order(party::id.desc())
        .limit(50)
        .select((petition::id, petition::number));
    on_both!(c, |c| query.load::<(Id, String)>(c))?;
    Ok(())
}

/// Names of some retirees with their initials, and how many retirees there are.
pub fn retirees(c: &mut Conn, most: i64) -> Result<(Vec<(String, String)>, i64)> {
    let names = retiree::table.order(retiree::id).limit(most).select((retiree::name_folded, retiree::name_initials));
    Ok((on_both!(c, |c| names.load(c))?, retiree::table.count().get_result(c)?))
}

/// Fifty retirees whose initials begin so.
pub fn by_initials(c: &mut Conn, initials: &str) -> Result<()> {
    let behind = format!("{initials}\u{7f}");
    let query = retiree::table
        .filter(retiree::name_initials.ge(initials))
        .filter(retiree::name_initials.lt(behind))
        .order((retiree::name_initials, retiree::id))
        .limit(51)
        .select((retiree::id, retiree::name, retiree::birth_date));
    on_both!(c, |c| query.load::<(Id, String, Option<NaiveDate>)>(c))?;
    Ok(())
}
