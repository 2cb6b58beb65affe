//! People of a petition: as they are written down, kept and shown.

use super::model::{Party, PartyRole, PartyStatus, Sex};
use super::own_will::{self, ConfirmOwnWill, OwnWill};
use super::rules;
use crate::auth::Context;
use crate::codes;
use crate::person::{Spelled, compared_identity, compared_phone, identity, number};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Fault, Result};
use crate::retiree::{self, Known};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use utoipa::ToSchema;

/// Digits a telephone number has at least that tells somebody from others.
const DIGITS: usize = 5;

/// Representatives a collective visit may name (Art. 20).
const REPRESENTATIVES: usize = 5;

/// A person who files, or for whom is filed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "petitioner", "name": "张建国", "sex": "male", "birth_date": "1943-05-12", "phone": "13800000001", "address": "城东区和平路12号3栋201室"}))]
pub struct NewParty {
    /// How they stand to the petition.
    pub role: PartyRole,
    /// Their name as it is written in their papers.
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub name: String,
    /// The retiree's profile, when the office keeps one.
    #[serde(default)]
    pub retiree_id: Option<Id>,
    /// Number of their identity card or passport; spaces and dashes in it are left out. Kept encrypted.
    #[serde(default, deserialize_with = "number::identity")]
    #[schema(min_length = 6, max_length = 40, pattern = "^[ 　－–—-]*([0-9A-Za-z０-９Ａ-Ｚａ-ｚ][ 　－–—-]*){6,20}$")]
    pub identity_number: Option<String>,
    /// Sex as recorded.
    #[serde(default)]
    pub sex: Option<Sex>,
    /// Date of birth.
    #[serde(default)]
    pub birth_date: Option<NaiveDate>,
    /// A telephone number they answer; kept encrypted.
    #[serde(default, deserialize_with = "number::optional_phone")]
    #[schema(min_length = 3, max_length = 30, pattern = "^[0-9０-９+＋()（） 　－–—-]*[0-9０-９][0-9０-９+＋()（） 　－–—-]*$")]
    pub phone: Option<String>,
    /// Where a letter reaches them; kept encrypted.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300, pattern = "\\S")]
    pub address: Option<String>,
    /// How a filer stands to the petitioner ("女儿").
    #[serde(default)]
    #[schema(min_length = 1, max_length = 50, pattern = "\\S")]
    pub relation: Option<String>,
    /// By what right a proxy or guardian acts ("授权委托书").
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300, pattern = "\\S")]
    pub authority: Option<String>,
    /// The last day of that right.
    #[serde(default)]
    pub authority_expires_on: Option<NaiveDate>,
    /// Of a proxy or guardian: that the petitioner wants it.
    #[serde(default)]
    pub own_will: Option<ConfirmOwnWill>,
}

/// What of a person only those who work on the petition may see.
const NUMBERS: [&str; 3] = ["identity_number", "phone", "address"];

/// A person as shown. Numbers are null, and named in `masked`, for callers who only look on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartyView {
    /// Its id.
    pub id: Id,
    /// How they stand to the petition.
    pub role: PartyRole,
    /// Their name.
    pub name: String,
    /// The retiree's profile.
    pub retiree_id: Option<Id>,
    /// Identity card or passport number.
    pub identity_number: Option<String>,
    /// Sex as recorded.
    pub sex: Option<Sex>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// How a filer stands to the petitioner.
    pub relation: Option<String>,
    /// By what right a proxy or guardian acts.
    pub authority: Option<String>,
    /// The last day of that right.
    pub authority_expires_on: Option<NaiveDate>,
    /// Of a proxy or guardian: that the petitioner wants it; null until somebody made sure.
    pub own_will: Option<OwnWill>,
    /// Whether they still take part.
    pub status: PartyStatus,
}

/// Faults of the people of one petition, `already` counting representatives it has; pointers begin at `at` + index.
pub(super) fn faults(cx: &Context, parties: &[NewParty], already: usize, at: impl Fn(usize) -> String) -> Vec<Fault> {
    let today = cx.today();
    let mut faults = Vec::new();
    let mut representatives = already;
    for (i, party) in parties.iter().enumerate() {
        let place = |member: &str| format!("{}/{member}", at(i));
        if party.role == PartyRole::Representative {
            representatives += 1;
            if representatives > REPRESENTATIVES {
                faults.push(Fault::new(at(i), codes::TOO_MANY_REPRESENTATIVES));
            }
        }
        let expired = party.authority_expires_on.is_some_and(|last| last < today);
        if party.role.needs_authority() && (party.authority.is_none() || expired) {
            faults.push(Fault::new(place("authority"), codes::AUTHORITY_REQUIRED));
        }
        if party.birth_date.is_some_and(|born| born > today) {
            faults.push(Fault::new(place("birth_date"), codes::IN_FUTURE));
        }
        if party.birth_date.is_some_and(rules::too_early) {
            faults.push(Fault::new(place("birth_date"), codes::TOO_EARLY));
        }
        if let Some(own_will) = &party.own_will {
            if !party.role.needs_authority() {
                faults.push(Fault::new(place("own_will"), codes::FILES_FOR_THEMSELF));
            }
            faults.extend(own_will::fault(cx, own_will, place("own_will/confirmed_at")));
        }
        if let Some(number) = &party.identity_number {
            faults.extend(identity::faults(number, party.birth_date, party.sex, today, place));
        }
    }
    faults
}

/// The row of a person, numbers and address encrypted and findable by keyed hash.
pub(super) fn row(cx: &mut Context, petition: Id, n: i32, new: &NewParty) -> Result<Party> {
    let id = cx.draw.id();
    let seal = |cx: &mut Context, field: &str, value: &Option<String>| match value {
        Some(text) => cx.seal(id, field, text.as_bytes()).map(Some),
        None => Ok(None),
    };
    let hash = |cx: &Context, field: &str, value: Option<String>| match value {
        Some(text) => cx.keys.lookup(field, &text).map(Some),
        None => Ok(None),
    };
    let Spelled { folded, pinyin, initials } = Spelled::of(&new.name);
    let mut row = Party {
        id,
        petition_id: petition,
        n,
        role: new.role,
        name: new.name.clone(),
        name_folded: folded,
        name_pinyin: pinyin,
        name_initials: initials,
        retiree_id: new.retiree_id,
        sex: new.sex,
        birth_date: new.birth_date,
        identity_number: seal(cx, "identity_number", &new.identity_number)?,
        identity_hash: hash(cx, "identity_number", new.identity_number.as_deref().map(compared_identity))?,
        phone: seal(cx, "phone", &new.phone)?,
        // 110 is everybody's number
        phone_hash: hash(cx, "phone", new.phone.as_deref().map(compared_phone).filter(|digits| digits.len() >= DIGITS))?,
        address: seal(cx, "address", &new.address)?,
        relation: new.relation.clone(),
        authority: new.authority.clone(),
        authority_expires_on: new.authority_expires_on,
        status: PartyStatus::Active,
        ended_at: None,
        ended_reason: None,
        own_will_confirmed_at: None,
        own_will_how: None,
        own_will_by: None,
        own_will_note: None,
    };
    if let Some(own_will) = &new.own_will {
        OwnWill::said(cx, own_will).keep(&mut row);
    }
    Ok(row)
}

/// The profiles that people of a petition name, in one query; what names none the caller knows of is a fault.
///
/// # Errors
/// Database only.
pub(super) fn profiles(
    c: &mut Conn,
    cx: &Context,
    parties: &[NewParty],
    faults: &mut Vec<Fault>,
    at: impl Fn(usize) -> String,
) -> Result<HashMap<Id, Known>> {
    let named: BTreeSet<Id> = parties.iter().filter_map(|party| party.retiree_id).collect();
    let known = retiree::known(c, cx, &named.into_iter().collect::<Vec<_>>())?;
    let unknown = parties.iter().enumerate().filter(|(_, party)| party.retiree_id.is_some_and(|id| !known.contains_key(&id)));
    faults.extend(unknown.map(|(i, _)| Fault::new(format!("{}/retiree_id", at(i)), codes::UNKNOWN_RETIREE)));
    Ok(known)
}

/// Takes from somebody's profile what they left out.
///
/// # Errors
/// Internal only.
pub(super) fn fill(cx: &mut Context, party: &mut Party, profile: &Known) -> Result<()> {
    party.retiree_id = Some(profile.id());
    party.sex = party.sex.or(profile.sex());
    party.birth_date = party.birth_date.or(profile.birth_date());
    if party.identity_number.is_none()
        && let Some(number) = profile.identity_number(cx)?
    {
        party.identity_number = Some(cx.seal(party.id, "identity_number", number.as_bytes())?);
        party.identity_hash = Some(cx.keys.lookup("identity_number", &compared_identity(&number))?);
    }
    if party.phone.is_none()
        && let Some(phone) = profile.phone(cx)?
    {
        party.phone = Some(cx.seal(party.id, "phone", phone.as_bytes())?);
        party.phone_hash = Some(cx.keys.lookup("phone", &compared_phone(&phone))?);
    }
    if party.address.is_none()
        && let Some(address) = profile.address(cx)?
    {
        party.address = Some(cx.seal(party.id, "address", address.as_bytes())?);
    }
    Ok(())
}

/// Whether an answer can reach somebody by what they left.
pub(super) fn reaches(party: &Party) -> bool {
    party.status == PartyStatus::Active && (party.address.is_some() || party.phone.is_some())
}

/// A person as a caller sees them.
pub(super) fn shown(cx: &Context, party: &Party, with_numbers: bool) -> Result<PartyView> {
    let open = |field: &str, sealed: &Option<Vec<u8>>| match sealed {
        Some(sealed) if with_numbers => cx.unseal(party.id, field, sealed).map(Some),
        _ => Ok(None),
    };
    Ok(PartyView {
        id: party.id,
        role: party.role,
        name: party.name.clone(),
        retiree_id: party.retiree_id,
        identity_number: open("identity_number", &party.identity_number)?,
        sex: party.sex,
        birth_date: party.birth_date,
        phone: open("phone", &party.phone)?,
        address: open("address", &party.address)?,
        relation: party.relation.clone(),
        authority: party.authority.clone(),
        authority_expires_on: party.authority_expires_on,
        own_will: OwnWill::of(party),
        status: party.status,
    })
}

/// Pointers of what [`shown`] left out, for the person at `place`.
pub(super) fn masked(party: &Party, place: &str) -> Vec<String> {
    let sealed = [&party.identity_number, &party.phone, &party.address];
    NUMBERS.into_iter().zip(sealed).filter(|(_, sealed)| sealed.is_some()).map(|(member, _)| format!("{place}/{member}")).collect()
}

/// Takes the numbers out of what an event sealed, for callers who only look on; says where they were.
pub fn mask_sealed(content: &mut Value, place: &str, masked: &mut Vec<String>) {
    match content {
        Value::Object(members) => {
            for (name, value) in members {
                let place = format!("{place}/{name}");
                if NUMBERS.contains(&name.as_str()) && !value.is_null() {
                    *value = Value::Null;
                    masked.push(place);
                } else {
                    mask_sealed(value, &place, masked);
                }
            }
        }
        Value::Array(items) => items.iter_mut().enumerate().for_each(|(i, item)| mask_sealed(item, &format!("{place}/{i}"), masked)),
        _ => {}
    }
}

/// What an event seals of a person.
pub(super) fn sealed(new: &NewParty) -> Value {
    json!(new)
}
