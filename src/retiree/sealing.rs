//! From a profile to its rows and back: numbers and addresses are encrypted on the way, and found by keyed hash.

use super::model::{PhoneRow, RelativeRow, Retiree, UnitRow, Whole};
use super::profile::{Phone, Profile, Relative, UnitOfRetiree};
use super::repo;
use crate::auth::Context;
use crate::person::{Spelled, area_of, compared_identity, compared_phone, identity, same_phone};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use std::collections::BTreeSet;

/// The rows of a profile; version and chain are those of `before`, where there is one.
pub(super) fn sealed(cx: &mut Context, id: Id, profile: &Profile, before: Option<&Retiree>) -> Result<Whole> {
    let seal = |cx: &mut Context, field: &str, value: Option<&str>| value.map(|text| cx.seal(id, field, text.as_bytes())).transpose();
    let Spelled { folded, pinyin, initials } = Spelled::of(&profile.name);
    let number = profile.identity_number.as_deref();
    let said = number.and_then(identity::read);
    let row = Retiree {
        id,
        name: profile.name.trim().to_owned(),
        name_folded: folded,
        name_pinyin: pinyin,
        name_initials: initials,
        category: profile.category,
        status: profile.status,
        sex: profile.sex.or(said.map(|said| said.sex)),
        birth_date: profile.birth_date.or(said.map(|said| said.born)),
        identity_number: seal(cx, "identity_number", number)?,
        identity_hash: number.map(|text| identity_hash(cx, text)).transpose()?,
        address: seal(cx, "address", profile.address.as_deref())?,
        rank_band: profile.rank_band.clone(),
        residence_region: profile.residence_region.clone(),
        living_situation: profile.living_situation,
        mobility: profile.mobility,
        hearing_impaired: profile.hearing_impaired,
        vision_impaired: profile.vision_impaired,
        disability: profile.disability,
        in_hospital: profile.in_hospital,
        preferred_contact: profile.preferred_contact,
        liaison_officer: profile.liaison_officer,
        party_branch: profile.party_branch.as_deref().map(|branch| branch.trim().to_owned()),
        merged_into: None,
        version: before.map_or(1, |row| row.version),
        event_n: before.map_or(0, |row| row.event_n),
        event_hash: before.map(|row| row.event_hash.clone()).unwrap_or_default(),
    };
    let (mut phones, mut relatives) = (Vec::new(), Vec::new());
    for (n, phone) in (0..).zip(&profile.phones) {
        phones.push(PhoneRow {
            retiree_id: id,
            n,
            number: cx.seal(id, &phone_field(n), phone.number.as_bytes())?,
            phone_hash: phone_hash(cx, &phone.number)?,
            label: phone.label.clone(),
        });
    }
    for (n, relative) in (0..).zip(&profile.relatives) {
        relatives.push(RelativeRow {
            retiree_id: id,
            n,
            name: relative.name.clone(),
            relation: relative.relation.clone(),
            phone: seal(cx, &relative_field(n), relative.phone.as_deref())?,
            may_act: relative.may_act,
        });
    }
    let unit = |(n, unit): (i32, &UnitOfRetiree)| UnitRow {
        retiree_id: id,
        n,
        role: unit.role,
        unit_id: unit.unit_id,
        valid_from: unit.from,
        valid_to: unit.to,
    };
    Ok(Whole { row, phones, units: (0..).zip(&profile.units).map(unit).collect(), relatives })
}

/// The profile of rows, numbers in the open.
pub(super) fn opened(cx: &Context, whole: &Whole) -> Result<Profile> {
    let row = &whole.row;
    let open = |field: &str, sealed: &Option<Vec<u8>>| sealed.as_ref().map(|sealed| cx.unseal(row.id, field, sealed)).transpose();
    let phone =
        |phone: &PhoneRow| Ok(Phone { number: cx.unseal(row.id, &phone_field(phone.n), &phone.number)?, label: phone.label.clone() });
    let relative = |relative: &RelativeRow| {
        Ok(Relative {
            name: relative.name.clone(),
            relation: relative.relation.clone(),
            phone: open(&relative_field(relative.n), &relative.phone)?,
            may_act: relative.may_act,
        })
    };
    let unit = |unit: &UnitRow| UnitOfRetiree { role: unit.role, unit_id: unit.unit_id, from: unit.valid_from, to: unit.valid_to };
    Ok(Profile {
        id: None,
        double_of_none: false,
        name: row.name.clone(),
        category: row.category,
        status: row.status,
        hearing_impaired: row.hearing_impaired,
        vision_impaired: row.vision_impaired,
        disability: row.disability,
        in_hospital: row.in_hospital,
        identity_number: open("identity_number", &row.identity_number)?,
        birth_date: row.birth_date,
        sex: row.sex,
        address: open("address", &row.address)?,
        rank_band: row.rank_band.clone(),
        residence_region: row.residence_region.clone(),
        living_situation: row.living_situation,
        mobility: row.mobility,
        preferred_contact: row.preferred_contact,
        liaison_officer: row.liaison_officer,
        party_branch: row.party_branch.clone(),
        phones: whole.phones.iter().map(phone).collect::<Result<_>>()?,
        units: whole.units.iter().map(unit).collect(),
        relatives: whole.relatives.iter().map(relative).collect::<Result<_>>()?,
    })
}

/// The field a telephone number is bound to.
pub(super) fn phone_field(n: i32) -> String {
    format!("phones/{n}")
}

fn relative_field(n: i32) -> String {
    format!("relatives/{n}/phone")
}

/// What finds an identity number.
pub(super) fn identity_hash(cx: &Context, number: &str) -> Result<Vec<u8>> {
    cx.keys.lookup("identity_number", &compared_identity(number))
}

/// What finds a telephone number.
pub(super) fn phone_hash(cx: &Context, number: &str) -> Result<Vec<u8>> {
    cx.keys.lookup("phone", &compared_phone(number))
}

/// Those whose telephone number is looked up like this one, which has an area code, and is of another area.
pub(super) fn of_other_areas(c: &mut Conn, cx: &Context, number: &str) -> Result<Vec<Id>> {
    if area_of(number).is_none() {
        return Ok(Vec::new());
    }
    let (mut same, mut others) = (BTreeSet::new(), BTreeSet::new());
    for phone in repo::phones(c, phone_hash(cx, number)?)? {
        let theirs = cx.unseal(phone.retiree_id, &phone_field(phone.n), &phone.number)?;
        let of_it = if same_phone(number, &theirs) { &mut same } else { &mut others };
        of_it.insert(phone.retiree_id);
    }
    Ok(others.difference(&same).copied().collect())
}
