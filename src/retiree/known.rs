//! What a petition takes from the profiles of its people.

use super::model::{LivingSituation, PhoneRow, Retiree};
use super::repo::reach::Reach;
use super::{repo, sealing};
use crate::auth::Context;
use crate::person::Sex;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use chrono::NaiveDate;
use std::collections::HashMap;

/// What of somebody's life puts their petition before others (domain: 优先).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Circumstances {
    /// When they were born.
    pub birth_date: Option<NaiveDate>,
    /// Whether they have a disability.
    pub disability: bool,
    /// Whether they lie in a hospital now.
    pub in_hospital: bool,
    /// With whom they live.
    pub living_situation: Option<LivingSituation>,
}

impl Circumstances {
    fn of(row: &Retiree) -> Self {
        Self {
            birth_date: row.birth_date,
            disability: row.disability,
            in_hospital: row.in_hospital,
            living_situation: row.living_situation,
        }
    }
}

/// A profile as far as a petition takes from it.
#[derive(Debug, Clone)]
pub struct Known {
    row: Retiree,
    phone: Option<PhoneRow>,
    /// Whether who asks may see numbers; to others there are none.
    numbers: bool,
}

impl Known {
    /// Their sex.
    pub fn sex(&self) -> Option<Sex> {
        self.row.sex
    }

    /// When they were born.
    pub fn birth_date(&self) -> Option<NaiveDate> {
        self.row.birth_date
    }

    /// What puts their petition before others.
    pub fn circumstances(&self) -> Circumstances {
        Circumstances::of(&self.row)
    }

    /// The profile.
    pub fn id(&self) -> Id {
        self.row.id
    }

    /// Number of their identity card or passport.
    ///
    /// # Errors
    /// Internal only.
    pub fn identity_number(&self, cx: &Context) -> Result<Option<String>> {
        let sealed = self.row.identity_number.as_ref().filter(|_| self.numbers);
        sealed.map(|sealed| cx.unseal(self.row.id, "identity_number", sealed)).transpose()
    }

    /// Where a letter reaches them.
    ///
    /// # Errors
    /// Internal only.
    pub fn address(&self, cx: &Context) -> Result<Option<String>> {
        let sealed = self.row.address.as_ref().filter(|_| self.numbers);
        sealed.map(|sealed| cx.unseal(self.row.id, "address", sealed)).transpose()
    }

    /// The telephone number to try first.
    ///
    /// # Errors
    /// Internal only.
    pub fn phone(&self, cx: &Context) -> Result<Option<String>> {
        let open = |phone: &PhoneRow| cx.unseal(phone.retiree_id, &sealing::phone_field(phone.n), &phone.number);
        self.phone.as_ref().filter(|_| self.numbers).map(open).transpose()
    }
}

/// The profiles that are there and that the caller reaches, all of a petition in one query. For a merged one stands the profile that
/// goes on for it, found by both ids: a device may have been offline when they were merged.
///
/// # Errors
/// Database only.
pub fn known(c: &mut Conn, cx: &Context, ids: &[Id]) -> Result<HashMap<Id, Known>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let reach = Reach::of(c, &cx.actor, cx.today())?;
    let mut found = HashMap::new();
    let mut merged = HashMap::new();
    let of = |row, phone| Known { row, phone, numbers: reach.numbers };
    for (row, phone) in repo::with_phone(c, &reach, ids)? {
        match row.merged_into {
            None => drop(found.insert(row.id, of(row, phone))),
            Some(_) => drop(merged.insert(row.id, repo::survivor(c, row)?.id)),
        }
    }
    let goes_on: Vec<Id> = merged.values().copied().collect();
    if !goes_on.is_empty() {
        let rows: HashMap<Id, _> = repo::with_phone(c, &reach, &goes_on)?.into_iter().map(|(row, phone)| (row.id, (row, phone))).collect();
        let known = merged.into_iter().flat_map(|named| <[Id; 2]>::from(named).map(|id| (id, named.1)));
        let known: Vec<_> = known.filter_map(|(id, into)| Some((id, rows.get(&into)?.clone()))).collect();
        found.extend(known.into_iter().map(|(id, (row, phone))| (id, of(row, phone))));
    }
    Ok(found)
}

/// What of the lives of these puts their petition before others, whoever asks; of a merged profile, that of the one that goes on.
///
/// # Errors
/// Database only.
pub fn circumstances(c: &mut Conn, ids: &[Id]) -> Result<Vec<Circumstances>> {
    let mut all = Vec::new();
    for row in repo::several(c, ids)? {
        all.push(Circumstances::of(&repo::survivor(c, row)?));
    }
    Ok(all)
}

/// These profiles and all that were merged with them, each with the one that goes on.
///
/// # Errors
/// Database only.
pub fn one_person(c: &mut Conn, ids: &[Id]) -> Result<HashMap<Id, Id>> {
    if ids.is_empty() { Ok(HashMap::new()) } else { repo::one_person(c, ids) }
}
