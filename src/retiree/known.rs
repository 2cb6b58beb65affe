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
        let row = &self.row;
        Circumstances {
            birth_date: row.birth_date,
            disability: row.disability,
            in_hospital: row.in_hospital,
            living_situation: row.living_situation,
        }
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

/// The profiles that are there and that the caller reaches, all of a petition in one query; a merged one is not there.
///
/// # Errors
/// Database only.
pub fn known(c: &mut Conn, cx: &Context, ids: &[Id]) -> Result<HashMap<Id, Known>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let reach = Reach::of(c, &cx.actor, cx.today())?;
    let rows = repo::with_phone(c, &reach, ids)?.into_iter().filter(|(row, _)| row.merged_into.is_none());
    Ok(rows.map(|(row, phone)| (row.id, Known { row, phone, numbers: reach.numbers })).collect())
}
