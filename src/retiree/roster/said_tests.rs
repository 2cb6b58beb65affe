use super::*;
use crate::retiree::model::RetireeCategory;
use serde_json::json;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> NaiveDate {
    day("2026-03-01")
}

fn id(n: u128) -> Id {
    Id(uuid::Uuid::from_u128(n))
}

fn profile() -> Profile {
    serde_json::from_value(json!({"name": "甲", "category": "lixiu"})).unwrap()
}

fn entry() -> Entry {
    let change = RetireeChange { name: Some("甲".to_owned()), category: Some(RetireeCategory::Lixiu), ..RetireeChange::default() };
    Entry { change, ..Entry::default() }
}

fn unit(role: UnitRole, unit: u128, from: Option<&str>, to: Option<&str>) -> UnitOfRetiree {
    UnitOfRetiree { role, unit_id: id(unit), from: from.map(day), to: to.map(day) }
}

fn units_after(on_file: &[UnitOfRetiree], entry: &Entry) -> Vec<UnitOfRetiree> {
    with_said(&Profile { units: on_file.to_vec(), ..profile() }, entry, today()).unwrap().units
}

#[test]
fn a_default_takes_nobody_from_their_unit() {
    let default = Entry { responsible_for_new: Some(id(9)), ..entry() };
    let old = [unit(UnitRole::Responsible, 1, Some("2001-01-01"), None)];
    assert_eq!(units_after(&old, &default), old);
    assert_eq!(units_after(&[], &default), [unit(UnitRole::Responsible, 9, None, None)]);
    let ended = [unit(UnitRole::Responsible, 1, None, Some("2025-12-31"))];
    assert_eq!(units_after(&ended, &default), [ended[0].clone(), unit(UnitRole::Responsible, 9, Some("2026-03-01"), None)]);
}

#[test]
fn a_move_ends_one_unit_and_begins_another() {
    let to = |unit| Entry { units: vec![(UnitRole::Responsible, unit)], ..entry() };
    let old = [unit(UnitRole::Responsible, 1, Some("2001-01-01"), None), unit(UnitRole::Managing, 2, None, None)];
    let closed = unit(UnitRole::Responsible, 1, Some("2001-01-01"), Some("2026-02-28"));
    let moved = units_after(&old, &to(Some(id(3))));
    assert_eq!(moved, [closed.clone(), old[1].clone(), unit(UnitRole::Responsible, 3, Some("2026-03-01"), None)]);
    assert_eq!(units_after(&moved, &to(Some(id(3)))), moved, "again changes nothing");
    let again = units_after(&moved, &to(Some(id(4))));
    assert_eq!(again, [closed.clone(), old[1].clone(), unit(UnitRole::Responsible, 4, Some("2026-03-01"), None)], "a mistake of today");
    assert_eq!(units_after(&old, &to(None)), [closed, old[1].clone()]);
}

#[test]
fn of_several_units_none_is_ended_by_naming_one_more() {
    let old = [unit(UnitRole::Functional, 1, None, None), unit(UnitRole::Functional, 2, None, None)];
    let named = Entry { units: vec![(UnitRole::Functional, Some(id(3)))], ..entry() };
    assert_eq!(units_after(&old, &named).iter().filter(|unit| unit.to.is_none()).count(), 3);
    let full: Vec<UnitOfRetiree> = (0..20).map(|n| unit(UnitRole::Functional, n, None, Some("2020-01-01"))).collect();
    let faults =
        with_said(&Profile { units: full, ..profile() }, &Entry { units: vec![(UnitRole::Functional, Some(id(99)))], ..entry() }, today());
    assert_eq!(faults.unwrap_err()[0].pointer, "/functional_unit");
}

#[test]
fn the_dead_stay_dead() {
    let dead = Profile { status: RetireeStatus::Deceased, ..profile() };
    assert_eq!(with_said(&dead, &entry(), today()).unwrap().status, RetireeStatus::Deceased);
    let says = |status| {
        let mut entry = entry();
        entry.change.status = Some(status);
        with_said(&dead, &entry, today())
    };
    assert_eq!(says(RetireeStatus::Alive).unwrap_err()[0].code.name, "roster_says_alive");
    assert!(says(RetireeStatus::Incapacitated).is_err() && says(RetireeStatus::Deceased).is_ok());
}

#[test]
fn numbers_and_relatives_are_added_emptied_or_too_many() {
    let phone = |number: &str, label: Option<&str>| Phone { number: number.to_owned(), label: label.map(str::to_owned) };
    let on_file = Profile { phones: vec![phone("111", Some("家")), phone("222", None)], ..profile() };
    let after = |said: &[&str], emptied: &[Emptied]| {
        let mut entry = Entry { emptied: emptied.to_vec(), ..entry() };
        entry.change.phones = (!said.is_empty()).then(|| said.iter().map(|number| phone(number, None)).collect());
        with_said(&on_file, &entry, today()).map(|next| next.phones.into_iter().map(|phone| phone.number).collect::<Vec<_>>())
    };
    assert_eq!(after(&[], &[]).unwrap(), ["111", "222"]);
    assert_eq!(after(&["333"], &[]).unwrap(), ["333", "111", "222"]);
    assert_eq!(after(&["222"], &[]).unwrap(), ["111", "222"]);
    assert_eq!(after(&[], &[Emptied::Phones]).unwrap(), Vec::<String>::new());
    assert_eq!(after(&["333"], &[Emptied::Phones]).unwrap(), ["333"]);
    assert_eq!(after(&[], &[Emptied::OtherPhones]).unwrap(), ["111"]);
    assert_eq!(after(&["222"], &[Emptied::OtherPhones]).unwrap(), ["222"]);
    assert_eq!(
        after(&["3", "4", "5", "6"].map(|n| ["77", n].concat()).each_ref().map(String::as_str), &[]).unwrap_err()[0].pointer,
        "/phone"
    );

    let relative = |name: &str, phone: Option<&str>| Relative {
        name: name.to_owned(),
        relation: "女儿".to_owned(),
        phone: phone.map(str::to_owned),
        may_act: phone.is_some(),
    };
    let ten: Vec<Relative> = (0..10).map(|n| relative(&n.to_string(), Some("12345"))).collect();
    let after = |said: Vec<Relative>, emptied: &[Emptied]| {
        let mut entry = Entry { emptied: emptied.to_vec(), ..entry() };
        entry.change.relatives = Some(said);
        with_said(&Profile { relatives: ten.clone(), ..profile() }, &entry, today()).map(|next| next.relatives)
    };
    assert_eq!(after(vec![relative("x", None)], &[]).unwrap_err()[0].pointer, "/relative_name");
    assert_eq!(after(vec![relative("3", None)], &[]).unwrap(), ten);
    assert_eq!(after(vec![relative("3", None)], &[Emptied::RelativePhone]).unwrap()[3].phone, None);
    assert_eq!(after(vec![relative("x", None)], &[Emptied::Relatives]).unwrap().len(), 1);
}
