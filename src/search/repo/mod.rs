//! SQL of the search: the petitions themselves; the index is in [`index`].

pub mod index;

use super::model::{Document, Filed, Texts};
use super::terms;
use crate::on_both;
use crate::petition::repo::scope::{self, Caller, held};
use crate::platform::db::Conn;
use crate::platform::db::schema::{assistance, external_number, opinion, party, petition, petition_content, petition_grant};
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// Of these petitions those the caller may see, newest first.
///
/// # Errors
/// Database only.
pub fn seen(c: &mut Conn, caller: &Caller<'_>, places: &[i64]) -> Result<Vec<i64>> {
    let query = petition::table.filter(petition::n.eq_any(places.to_vec())).filter(held(scope::visible(caller)));
    Ok(query.order(petition::n.desc()).select(petition::n).load(c)?)
}

/// Petitions with this number, or this one of another office, below a place, newest first.
///
/// # Errors
/// Database only.
pub fn by_number(c: &mut Conn, number: Option<&str>, external: &str, below: i64, most: i64) -> Result<Vec<i64>> {
    let mut places: Vec<i64> = Vec::new();
    if let Some(number) = number {
        let own = petition::table.filter(petition::number.eq(number)).filter(petition::n.lt(below)).select(petition::n);
        places.extend(on_both!(c, |c| own.load::<i64>(c))?);
    }
    let other = external_number::table
        .inner_join(petition::table.on(petition::id.eq(external_number::petition_id)))
        .filter(external_number::number.eq(external))
        .filter(petition::n.lt(below))
        .order(petition::n.desc())
        .select(petition::n)
        .limit(most);
    places.extend(on_both!(c, |c| other.load::<i64>(c))?);
    places.sort_unstable_by(|a, b| b.cmp(a));
    places.dedup();
    Ok(places)
}

/// Petitions in which somebody of this name takes part, below a place, newest first.
///
/// # Errors
/// Database only.
pub fn by_name(c: &mut Conn, name: &str, below: i64, most: i64) -> Result<Vec<i64>> {
    let query = party::table
        .inner_join(petition::table.on(petition::id.eq(party::petition_id)))
        .filter(party::name_folded.eq(name))
        .filter(petition::n.lt(below))
        .order(petition::n.desc())
        .select(petition::n)
        .distinct()
        .limit(most);
    Ok(on_both!(c, |c| query.load(c))?)
}

/// The searchable texts of petitions, by their places.
///
/// # Errors
/// Database only.
pub fn texts(c: &mut Conn, places: &[i64]) -> Result<HashMap<i64, Texts>> {
    let query = petition::table.filter(petition::n.eq_any(places.to_vec())).select(filed());
    let rows: Vec<Filed> = on_both!(c, |c| query.load(c))?;
    let mut texts = of(c, &rows)?;
    Ok(rows.iter().filter_map(|row| Some((row.n, texts.remove(&row.id)?))).collect())
}

#[diesel::dsl::auto_type]
fn filed() -> _ {
    (
        petition::n,
        petition::id,
        petition::number,
        petition::registered_unit,
        petition::registered_by,
        petition::lead_unit,
        petition::review_unit,
    )
}

fn of(c: &mut Conn, rows: &[Filed]) -> Result<HashMap<Id, Texts>> {
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let mut texts: HashMap<Id, Texts> = HashMap::with_capacity(rows.len());
    for row in rows {
        texts.insert(row.id, Texts { number: row.number.clone(), ..Texts::default() });
    }
    let words = petition_content::table.filter(petition_content::petition_id.eq_any(&ids)).select((
        petition_content::petition_id,
        petition_content::title,
        petition_content::statement,
    ));
    for (id, title, statement) in on_both!(c, |c| words.load::<(Id, String, String)>(c))? {
        if let Some(of) = texts.get_mut(&id) {
            (of.title, of.statement) = (title, statement);
        }
    }
    let names = party::table.filter(party::petition_id.eq_any(&ids)).order((party::petition_id, party::n));
    let names = names.select((party::petition_id, party::name));
    for (id, name) in on_both!(c, |c| names.load::<(Id, String)>(c))? {
        if let Some(of) = texts.get_mut(&id) {
            of.names.push(name);
        }
    }
    let numbers = external_number::table
        .filter(external_number::petition_id.eq_any(&ids))
        .order((external_number::petition_id, external_number::issuer, external_number::number))
        .select((external_number::petition_id, external_number::number));
    for (id, number) in on_both!(c, |c| numbers.load::<(Id, String)>(c))? {
        if let Some(of) = texts.get_mut(&id) {
            of.external.push(number);
        }
    }
    // the one given last stands
    let opinions = opinion::table
        .filter(opinion::petition_id.eq_any(&ids))
        .order((opinion::issued_at, opinion::round, opinion::opinion_version))
        .select((opinion::petition_id, opinion::words));
    for (id, words) in on_both!(c, |c| opinions.load::<(Id, String)>(c))? {
        if let Some(of) = texts.get_mut(&id) {
            of.opinion = Some(words);
        }
    }
    Ok(texts)
}

/// The next petitions below a place as documents, newest first.
///
/// # Errors
/// Database only.
pub fn documents_below(c: &mut Conn, below: i64, most: i64) -> Result<Vec<Document>> {
    let query = petition::table.filter(petition::n.lt(below)).order(petition::n.desc()).limit(most).select(filed());
    let rows: Vec<Filed> = on_both!(c, |c| query.load(c))?;
    documents(c, &rows)
}

/// These petitions as documents.
///
/// # Errors
/// Database only.
pub fn documents_of(c: &mut Conn, ids: &[Id]) -> Result<Vec<Document>> {
    let query = petition::table.filter(petition::id.eq_any(ids)).order(petition::n.desc()).select(filed());
    let rows: Vec<Filed> = on_both!(c, |c| query.load(c))?;
    documents(c, &rows)
}

fn documents(c: &mut Conn, rows: &[Filed]) -> Result<Vec<Document>> {
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let texts = of(c, rows)?;
    let mut reach: HashMap<Id, Vec<Id>> = HashMap::new();
    let assisting = assistance::table.filter(assistance::petition_id.eq_any(&ids)).select((assistance::petition_id, assistance::unit_id));
    let granted = petition_grant::table.filter(petition_grant::petition_id.eq_any(&ids));
    let granted = granted.select((petition_grant::petition_id, petition_grant::account_id));
    for (id, who) in on_both!(c, |c| assisting.load::<(Id, Id)>(c))?.into_iter().chain(on_both!(c, |c| granted.load::<(Id, Id)>(c))?) {
        reach.entry(id).or_default().push(who);
    }
    let document = |row: &Filed| {
        let mut all = BTreeSet::new();
        for (_, text) in texts.get(&row.id).iter().flat_map(|texts| texts.fields()) {
            terms::of_text(text, &mut all);
        }
        let units = [Some(row.registered_unit), Some(row.registered_by), row.lead_unit, row.review_unit];
        let others = reach.get(&row.id).into_iter().flatten().copied();
        all.extend(units.into_iter().flatten().chain(others).map(of_reach));
        Document { n: row.n, terms: all.into_iter().collect() }
    };
    Ok(rows.iter().map(document).collect())
}

/// The term of a unit or an account that a petition may be reached by; no word can be it.
pub fn of_reach(id: Id) -> String {
    format!("@{}", id.0.simple())
}
