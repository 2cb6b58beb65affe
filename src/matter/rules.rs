//! Pure: how like two petitions are. Precision comes before recall: only a person in common makes a candidate, and only a person and a
//! matter in common make a likely one.

use super::model::Likeness;
use crate::platform::db::types::Id;
use chrono::{Datelike, NaiveDate};
use std::collections::HashMap;

/// From here on it is probably the same person with the same matter.
pub const LIKELY: u8 = 60;
/// Candidates shown at most.
pub const MOST: usize = 20;
/// Characters of a text that are compared: what is said first says what it is about.
const COMPARED: usize = 600;

/// A person, as far as they are compared; numbers by their keyed hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Somebody {
    /// Of the identity number.
    pub identity: Option<Vec<u8>>,
    /// Of the telephone number.
    pub phone: Option<Vec<u8>>,
    /// Their profile.
    pub retiree: Option<Id>,
    /// Lower case, without spaces; empty where there is none.
    pub name: String,
    /// When they were born.
    pub born: Option<NaiveDate>,
}

/// What speaks for two being one person, and how much.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sameness {
    /// 0 where nothing does.
    pub weight: i32,
    /// What does.
    pub by: Vec<Likeness>,
}

/// Whether two are one person. Numbers decide; a name alone does only at the same unit. A telephone is often a household's: with
/// another name it says little. Two identity numbers that differ are two people.
pub fn same_person(one: &Somebody, other: &Somebody, same_unit: bool) -> Sameness {
    let same = |a: &Option<Vec<u8>>, b: &Option<Vec<u8>>| a.is_some() && a == b;
    let identity = same(&one.identity, &other.identity);
    let retiree = one.retiree.is_some() && one.retiree == other.retiree;
    let phone = same(&one.phone, &other.phone);
    let named = !one.name.is_empty() && !other.name.is_empty();
    let name = named && one.name == other.name;
    let both_known = one.identity.is_some() && other.identity.is_some() && !identity;
    let years = one.born.zip(other.born).map(|(a, b)| a.year() == b.year());
    // two people of one household at best
    if !identity && !retiree && (both_known || years == Some(false)) {
        let household = phone && named && !name;
        return if household { Sameness { weight: 20, by: vec![Likeness::SamePhone] } } else { Sameness::default() };
    }
    let mut all = Sameness::default();
    let mut speaks = |holds: bool, weight: i32, by: Likeness| {
        if holds {
            // the strongest counts, each further one confirms it
            all.weight = if all.weight == 0 { weight } else { (all.weight.max(weight) + 5).min(55) };
            all.by.push(by);
        }
    };
    speaks(identity, 50, Likeness::SameIdentity);
    speaks(retiree, 50, Likeness::SameRetiree);
    speaks(
        phone,
        match (named, name) {
            (true, true) => 45,
            (true, false) => 20,
            (false, _) => 35,
        },
        Likeness::SamePhone,
    );
    speaks(name && years == Some(true), 42, Likeness::SameNameAndBirth);
    speaks(name && years.is_none() && same_unit, 25, Likeness::SameNameAndUnit);
    all
}

/// A text as it is compared: pairs of neighbouring characters, without spaces and punctuation.
#[derive(Debug, Clone, Default)]
pub struct Compared(HashMap<(char, char), u32>);

impl Compared {
    /// Of a text.
    pub fn of(text: &str) -> Self {
        let letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(COMPARED).collect();
        let mut pairs = HashMap::new();
        for pair in letters.windows(2) {
            if let [a, b] = pair {
                *pairs.entry((*a, *b)).or_insert(0) += 1;
            }
        }
        Self(pairs)
    }

    fn len(&self) -> u32 {
        self.0.values().sum()
    }

    /// How alike two texts are, in percent (Dice); none where one of them is too short to tell.
    pub fn alike(&self, other: &Self) -> Option<u32> {
        let (mine, theirs) = (self.len(), other.len());
        if mine < 3 || theirs < 3 {
            return None;
        }
        let both: u32 = self.0.iter().map(|(pair, n)| other.0.get(pair).map_or(0, |m| *m.min(n))).sum();
        Some(200 * both / (mine + theirs))
    }
}

/// How like the matters are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SameMatter {
    /// Percent of titles, where both are known.
    pub titles: Option<u32>,
    /// Percent of statements, where both are known.
    pub statements: Option<u32>,
    /// The same category, or not; none where it is not known.
    pub category: Option<bool>,
}

impl SameMatter {
    /// What is said counts twice: titles of one category are alike anyway.
    fn texts(&self) -> Option<u32> {
        match (self.titles, self.statements) {
            (Some(titles), Some(statements)) => Some((titles + 2 * statements) / 3),
            (titles, statements) => titles.or(statements),
        }
    }

    fn weight(&self) -> i32 {
        let texts = match self.texts() {
            None => 0,
            Some(50..) => 40,
            Some(35..) => 30,
            Some(25..) => 15,
            Some(_) => -15,
        };
        let category = match self.category {
            None => 0,
            Some(true) => 15,
            Some(false) => -10,
        };
        texts + category
    }
}

/// A petition with the people and the words it shares with the one in question.
pub fn score(person: &Sameness, co_signer: bool, matter: &SameMatter) -> (u8, Vec<Likeness>) {
    let mut reasons = person.by.clone();
    if co_signer {
        reasons.push(Likeness::CoSigner);
    }
    if matter.texts().is_some_and(|percent| percent >= 25) {
        reasons.push(Likeness::SimilarText);
    }
    if matter.category == Some(true) {
        reasons.push(Likeness::SameCategory);
    }
    let sum = person.weight + matter.weight() - if co_signer { 5 } else { 0 };
    (u8::try_from(sum.clamp(1, 100)).unwrap_or(1), reasons)
}
