//! Finding people and petitions for comparison: by the indexes of `party`, and of what they lead to only what the caller may see.

use super::rules::Somebody;
use crate::on_both;
use crate::petition::model::{Party, PartyRole};
use crate::petition::repo::rows::{self, Listed};
use crate::petition::repo::scope::{self, Caller, held};
use crate::platform::db::schema::{party, petition, petition_content};
use crate::platform::db::types::Id;
use crate::platform::db::{Conn, MultiBackend};
use crate::platform::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};
use std::collections::HashMap;

/// People read by their numbers, and by their names.
const PEOPLE: i64 = 200;
/// Petitions that are compared, the newest first.
const COMPARED: i64 = 100;

/// A person of a petition as far as they are compared.
#[derive(Debug, Clone, Queryable)]
pub struct Known {
    /// Of this petition.
    pub petition: Id,
    /// How they stand to it.
    pub role: PartyRole,
    name: String,
    retiree: Option<Id>,
    born: Option<NaiveDate>,
    identity: Option<Vec<u8>>,
    phone: Option<Vec<u8>>,
}

impl Known {
    /// To be compared, with the profile that goes on for theirs.
    pub fn somebody(self, goes_on: &HashMap<Id, Id>) -> Somebody {
        let retiree = self.retiree.map(|id| goes_on.get(&id).copied().unwrap_or(id));
        Somebody { identity: self.identity, phone: self.phone, retiree, name: self.name, born: self.born }
    }
}

impl From<&Party> for Somebody {
    fn from(party: &Party) -> Self {
        Self {
            identity: party.identity_hash.clone(),
            phone: party.phone_hash.clone(),
            retiree: party.retiree_id,
            name: party.name_folded.clone(),
            born: party.birth_date,
        }
    }
}

type Likeness = Box<dyn BoxableExpression<party::table, MultiBackend, SqlType = Nullable<Bool>>>;

/// People with a number of one of these or one of their profiles, and those with a name, each the last that were entered.
///
/// # Errors
/// Database only.
pub fn people(c: &mut Conn, like: &[Somebody], retirees: Vec<Id>) -> Result<Vec<Known>> {
    let identities: Vec<Vec<u8>> = like.iter().filter_map(|one| one.identity.clone()).collect();
    let phones: Vec<Vec<u8>> = like.iter().filter_map(|one| one.phone.clone()).collect();
    let names: Vec<String> = like.iter().map(|one| one.name.clone()).filter(|name| !name.is_empty()).collect();
    // each its own index range
    let mut any: Vec<Likeness> = Vec::new();
    if !identities.is_empty() {
        any.push(Box::new(party::identity_hash.eq_any(identities)));
    }
    if !phones.is_empty() {
        any.push(Box::new(party::phone_hash.eq_any(phones)));
    }
    if !retirees.is_empty() {
        any.push(Box::new(party::retiree_id.eq_any(retirees)));
    }
    let by_numbers = any.into_iter().reduce(|all, one| -> Likeness { Box::new(all.or(one)) });
    let by_name = (!names.is_empty()).then(|| -> Likeness { Box::new(party::name_folded.eq_any(names).nullable()) });
    let mut found = Vec::new();
    for range in by_numbers.into_iter().chain(by_name) {
        let columns = (
            party::petition_id,
            party::role,
            party::name_folded,
            party::retiree_id,
            party::birth_date,
            party::identity_hash,
            party::phone_hash,
        );
        let people = party::table.into_boxed::<MultiBackend>().filter(range).order(party::id.desc()).limit(PEOPLE);
        found.extend(people.select(columns).load::<Known>(c)?);
    }
    Ok(found)
}

/// What the caller may see of these petitions and of those that share a matter with them, with their statements.
///
/// # Errors
/// Database only.
pub fn petitions(c: &mut Conn, caller: &Caller<'_>, ids: &[Id]) -> Result<Vec<(Listed, String)>> {
    let found = diesel::alias!(petition as found);
    let matters = found.filter(found.field(petition::id).eq_any(ids.to_vec())).select(found.field(petition::matter_id));
    let seen = petition::table.filter(petition::matter_id.eq_any(matters)).filter(held(scope::visible(caller)));
    let places: Vec<i64> = seen.select(petition::n).order(petition::n.desc()).limit(COMPARED).load(c)?;
    let of_them = petition::table.inner_join(petition_content::table).filter(petition::n.eq_any(places));
    let of_them = of_them.order(petition::n.desc()).select((rows::listed(), petition_content::statement));
    Ok(on_both!(c, |c| of_them.load::<(Listed, String)>(c))?)
}
