//! Those who come: made up, with names of the sexagenary cycle, so that nobody takes them for real.

use super::chance::Chance;
use super::texts::{Filling, PeopleWords, Standing};
use crate::auth::Actor;
use crate::person::Sex;
use crate::person::identity::check_character;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::retiree::model::{LivingSituation, RetireeCategory};
use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value, json};

/// Digits of an identity number that no region of the country has.
const NOWHERE: &str = "990100";

/// Somebody retired, or left behind by somebody who was.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub name: String,
    pub standing: Standing,
    sex: Sex,
    born: NaiveDate,
    retired: i32,
    employer: String,
    street: String,
    address: Option<String>,
    phone: Option<String>,
    identity_number: Option<String>,
    pub relative: Relative,
    /// Their profile, once the office keeps one.
    pub retiree: Option<Id>,
    hospital: String,
    city: String,
}

/// Who helps them.
#[derive(Debug, Clone)]
pub(super) struct Relative {
    pub relation: String,
    pub name: String,
    sex: Sex,
    phone: String,
}

/// All who ever came, and those still to come.
pub(super) struct Crowd<'a> {
    words: &'a PeopleWords,
    made: usize,
    people: Vec<Person>,
}

impl<'a> Crowd<'a> {
    pub fn new(words: &'a PeopleWords) -> Self {
        Self { words, made: 0, people: Vec::new() }
    }

    /// Somebody who was here before.
    pub fn person(&self, n: usize) -> Result<&Person> {
        self.people.get(n).ok_or(Error::NotFound)
    }

    /// The same, to take note of something.
    pub fn person_mut(&mut self, n: usize) -> Result<&mut Person> {
        self.people.get_mut(n).ok_or(Error::NotFound)
    }

    /// Somebody new, of one of these standings.
    pub fn newcomer(&mut self, among: &[Standing], min_age: Option<i64>, today: NaiveDate, chance: &mut Chance) -> Result<usize> {
        use Standing::{EnterpriseRetiree, Lixiu, RetiredCadre, Survivor};
        let anybody = [RetiredCadre, RetiredCadre, RetiredCadre, EnterpriseRetiree, EnterpriseRetiree];
        let standing = *chance.pick(if among.is_empty() { &anybody } else { among })?;
        let female = chance.share(match standing {
            Lixiu => 0.15,
            Survivor => 0.85,
            _ => 0.42,
        });
        let (youngest, oldest) = match standing {
            Lixiu => (91, 98),
            RetiredCadre => (62, 91),
            EnterpriseRetiree => (57, 87),
            Survivor => (66, 89),
        };
        let age = chance.between(min_age.unwrap_or(youngest).max(youngest), oldest);
        let born = self.birthday(today, age, chance);
        // the age of retirement of their time; a survivor's is that of the one who died
        let ends_work = if female && standing != Survivor { if standing == EnterpriseRetiree { 50 } else { 55 } } else { 60 };
        let retired = (born.year() + ends_work).min(today.year() - 2);
        let employer = chance.pick(self.words.employers.get(&standing).map_or(&[][..], Vec::as_slice))?.clone();
        let street = chance.pick(&self.words.streets)?.clone();
        let address = format!("样例县{street}{}号", chance.between(1, 96));
        let sex = if female { Sex::Female } else { Sex::Male };
        let name = self.name(None)?;
        let phone = self.phone();
        let (relation, relative_sex) = chance.pick(&self.words.relations)?.clone();
        let relative = Relative { relation, name: self.name(name.chars().next())?, sex: relative_sex, phone: self.phone() };
        self.people.push(Person {
            name,
            standing,
            sex,
            born,
            retired,
            employer,
            street,
            address: chance.share(0.94).then_some(address),
            phone: Some(phone),
            identity_number: chance.share(0.55).then(|| identity_number(born, sex, self.people.len())),
            relative,
            retiree: None,
            hospital: chance.pick(&self.words.hospitals)?.clone(),
            city: chance.pick(&self.words.cities)?.clone(),
        });
        Ok(self.people.len() - 1)
    }

    fn birthday(&self, today: NaiveDate, age: i64, chance: &mut Chance) -> NaiveDate {
        let days = u64::try_from(age * 365 + age / 4 + chance.between(1, 364)).unwrap_or(0);
        today - chrono::Days::new(days)
    }

    /// A name nobody else has; of a family where its surname is given.
    fn name(&mut self, surname: Option<char>) -> Result<String> {
        let words = self.words;
        let n = self.made;
        self.made += 1;
        let of = |list: &'a [String]| list.get(n % list.len().max(1)).map(String::as_str).ok_or(Error::NotFound);
        let surname = match surname {
            Some(surname) => surname.to_string(),
            None => of(&words.surnames)?.to_owned(),
        };
        Ok(format!("{surname}{}{}", of(&words.stems)?, of(&words.branches)?))
    }

    /// A number of the kind samples have: 138 and zeros.
    fn phone(&self) -> String {
        format!("138{:08}", 100 + self.made)
    }
}

impl Person {
    /// Whole years on a day.
    pub fn age(&self, today: NaiveDate) -> i32 {
        crate::petition::rules::age(self.born, today)
    }

    /// What texts say of them.
    pub fn fill(&self, filling: &mut Filling, today: NaiveDate) {
        filling.set("name", &self.name);
        filling.set("age", self.age(today));
        filling.set("born", self.born.year());
        filling.set("retired", self.retired);
        filling.set("employer", &self.employer);
        filling.set("street", &self.street);
        filling.set("branch", format!("{}退休党支部", self.employer));
        filling.set("hospital", &self.hospital);
        filling.set("city", &self.city);
        filling.set("relation", &self.relative.relation);
        filling.set("relative", &self.relative.name);
    }

    /// The year they stopped working.
    pub fn retired(&self) -> i32 {
        self.retired
    }

    /// Takes note that the office keeps a profile of them, the `n`-th who came, and says what is in it.
    pub fn kept(&mut self, id: Id, n: usize, liaison: &Actor) -> Map<String, Value> {
        self.retiree = Some(id);
        let (category, cadre) = match self.standing {
            Standing::Lixiu => (RetireeCategory::Lixiu, true),
            Standing::RetiredCadre => (RetireeCategory::RetiredCadre, true),
            Standing::EnterpriseRetiree => (RetireeCategory::EnterpriseRetiree, false),
            Standing::Survivor => (RetireeCategory::Survivor, false),
        };
        // no draw of chance: who is kept on file changes nothing about what people do
        let living = LivingSituation::ALL[[0, 0, 1, 2, 0, 2, 1, 0, 3, 2][n % 10]];
        let mut profile = Map::new();
        let mut put = |name: &str, value: Value| profile.insert(name.to_owned(), value);
        put("id", json!(id));
        put("name", json!(self.name));
        put("category", json!(category));
        put("sex", json!(self.sex));
        put("birth_date", json!(self.born));
        put("living_situation", json!(living));
        put("disability", json!(n % 11 == 3));
        put("hearing_impaired", json!(n % 5 == 2));
        put("phones", json!(self.phone.iter().map(|number| json!({"number": number})).collect::<Vec<_>>()));
        put("residence_region", json!(format!("样例县{}", self.street)));
        put("liaison_officer", json!(liaison.account_id));
        put("units", json!([{"role": "managing", "unit_id": liaison.unit_id}]));
        let Relative { relation, name, phone, .. } = &self.relative;
        put("relatives", json!([{"name": name, "relation": relation, "phone": phone, "may_act": n.is_multiple_of(3)}]));
        for (name, value) in [("identity_number", &self.identity_number), ("address", &self.address)] {
            if let Some(value) = value {
                put(name, json!(value));
            }
        }
        if cadre {
            put("party_branch", json!(format!("{}退休党支部", self.employer)));
        }
        profile
    }

    /// As a party; without numbers and address where they left none.
    pub fn party(&self, role: &str, leaves_numbers: bool) -> Value {
        let mut party = Map::new();
        party.insert("role".to_owned(), json!(role));
        party.insert("name".to_owned(), json!(self.name));
        party.insert("sex".to_owned(), json!(self.sex));
        party.insert("birth_date".to_owned(), json!(self.born));
        if leaves_numbers {
            for (name, value) in [("identity_number", &self.identity_number), ("phone", &self.phone), ("address", &self.address)] {
                if let Some(value) = value {
                    party.insert(name.to_owned(), json!(value));
                }
            }
        }
        Value::Object(party)
    }
}

impl Relative {
    /// As a proxy.
    pub fn proxy(&self, authority: &str) -> Value {
        json!({
            "role": "proxy", "name": self.name, "sex": self.sex, "phone": self.phone, "relation": self.relation, "authority": authority
        })
    }
}

/// An identity number of nowhere: its check character is right (GB 11643), its region does not exist.
fn identity_number(born: NaiveDate, sex: Sex, n: usize) -> String {
    let odd = usize::from(sex == Sex::Male);
    let payload = format!("{NOWHERE}{}{:03}", born.format("%Y%m%d"), n * 2 % 998 + odd);
    let check = check_character(&payload);
    payload.chars().chain(check).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::demo::texts::Texts;
    use std::collections::BTreeSet;

    #[test]
    fn an_identity_number_has_its_check_character_and_no_region() {
        let born = NaiveDate::from_ymd_opt(1949, 12, 31).unwrap();
        let number = identity_number(born, Sex::Male, 7);
        assert!(number.len() == 18 && number.starts_with("99"), "{number}");
    }

    #[test]
    fn nobody_has_the_name_of_another() {
        let (texts, today) = (Texts::read().unwrap(), NaiveDate::from_ymd_opt(2026, 3, 2).unwrap());
        let (mut crowd, mut chance) = (Crowd::new(&texts.people), Chance::of(today, 0));
        for _ in 0..400 {
            crowd.newcomer(&[], None, today, &mut chance).unwrap();
        }
        let names: BTreeSet<&str> = crowd.people.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names.len(), 400);
        assert!(crowd.people.iter().all(|p| (57..=91).contains(&p.age(today))));
    }
}
