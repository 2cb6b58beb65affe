//! Doubles: a person is on file once. A number that is taken is refused; a likeness is shown, and a person decides.

use super::model::{Retiree, Whole};
use super::profile::Profile;
use super::repo;
use super::repo::reach::Reach;
use super::sealing;
use crate::auth::Context;
use crate::codes;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Alike, Error, Refusal, Result};

/// Profiles listed at most: more than that is no help in comparing.
const SHOWN: i64 = 20;

/// Refuses what is on file already or seems to be; of a change only what it brings is asked about.
///
/// # Errors
/// Conflict, naming the profiles that the caller reaches.
pub(super) fn refuse(c: &mut Conn, cx: &Context, reach: &Reach, next: &Whole, before: Option<&Whole>, profile: &Profile) -> Result<()> {
    let row = &next.row;
    if let Some(hash) = row.identity_hash.as_ref().filter(|hash| before.is_none_or(|b| b.row.identity_hash.as_ref() != Some(*hash))) {
        refuse_number(c, reach, hash, row.id)?;
    }
    if profile.double_of_none {
        return Ok(());
    }
    let mut found: Vec<Alike> = Vec::new();
    let renamed = before.is_none_or(|b| b.row.name_folded != row.name_folded || b.row.birth_date != row.birth_date);
    if let Some(born) = row.birth_date.filter(|_| renamed) {
        let alike = repo::by_name(c, reach, &row.name_folded, born, SHOWN)?;
        add(&mut found, alike, row.id, &["name", "birth_date"]);
    }
    let known = |hash: &[u8]| before.is_some_and(|b| b.phones.iter().any(|phone| phone.phone_hash == hash));
    for (phone, said) in next.phones.iter().zip(&profile.phones).filter(|(phone, _)| !known(&phone.phone_hash)) {
        let elsewhere = sealing::of_other_areas(c, cx, &said.number)?;
        let alike = repo::by_phone(c, reach, &phone.phone_hash, &elsewhere, SHOWN)?;
        add(&mut found, alike, row.id, &["phone"]);
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(Error::Conflict(Refusal { alike: found, ..Refusal::new(codes::POSSIBLE_DOUBLE) }))
}

/// Refuses a number that another profile has; which one is told to those who reach it.
///
/// # Errors
/// Conflict.
pub(super) fn refuse_number(c: &mut Conn, reach: &Reach, hash: &[u8], own: Id) -> Result<()> {
    let Some(known) = repo::by_identity(c, hash)?.filter(|known| known.id != own) else { return Ok(()) };
    let mut alike = Vec::new();
    add(&mut alike, repo::find(c, reach, known.id)?.into_iter().collect(), own, &["identity_number"]);
    Err(Error::Conflict(Refusal { alike, ..Refusal::new(codes::RETIREE_KNOWN) }))
}

fn add(found: &mut Vec<Alike>, rows: Vec<Retiree>, own: Id, reasons: &[&'static str]) {
    for row in rows.into_iter().filter(|row| row.id != own) {
        match found.iter_mut().find(|alike| alike.id == row.id) {
            Some(alike) => {
                alike.reasons.extend(reasons.iter().filter(|reason| !alike.reasons.contains(reason)).copied().collect::<Vec<_>>())
            }
            None => found.push(Alike { id: row.id, name: row.name, reasons: reasons.to_vec() }),
        }
    }
}
